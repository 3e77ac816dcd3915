"""A dataset that no other file has heard of: the whole of what somebody writes who adds one.

`test_new_dataset.py` loads it in a process of its own (`pytest -p tests.never_seen`).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from appbuilder_app.access import Privacy
from appbuilder_app.codes import RoundSystem, WaterSource
from appbuilder_app.declaration import Dataset, Menus, field
from appbuilder_app.kinds import Money, Photo
from appbuilder_app.models import SchoolRecord


class GardenPlot(SchoolRecord):
    """A plot of the school's garden."""

    __tablename__ = "garden_plot"
    __dataset__ = Dataset(
        "แปลงเกษตร", "Garden plots", menu=Menus.PLACES, key=("number",), round=RoundSystem.EMIS
    )

    number: Mapped[int] = field("แปลงที่", en="Number", minimum=1, maximum=999)
    crop: Mapped[str] = field("พืชที่ปลูก", sa.String(80), en="Crop", searched=True, thai_sorted=True)
    water: Mapped[WaterSource] = field("แหล่งน้ำ", en="Water", filtered=True)
    sown_on: Mapped[dt.date | None] = field("วันที่ปลูก", en="Sown on")
    harvest_kg: Mapped[Decimal | None] = field("ผลผลิต", sa.Numeric(8, 1), en="Harvest", unit="กก.", minimum=0)
    cost: Mapped[Decimal | None] = field(
        "ต้นทุน", sa.Numeric(10, 2), en="Cost", kind=Money(), privacy=Privacy.MONEY
    )
    photo: Mapped[str | None] = field("ภาพแปลง", sa.String(40), en="Photo", kind=Photo())
