"""A dataset that exists in tests only: every kind of field, an own round, a pointer to a private row.

Declaring it adds a table to the one schema of the process, so nothing that compares the schema with a
database may run beside it. `test_new_dataset.py` therefore runs the attacks once more in a process of its own
that loads this module first (`pytest -p tests.invented`); its table and rows are made from it alone.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from appbuilder_app import kinds
from appbuilder_app.codes import Blood, Living, RoundSystem
from appbuilder_app.declaration import Dataset, Menus, field
from appbuilder_app.models import School, SchoolRecord, Student


class Locker(SchoolRecord):
    """A locker of a school, kept by one of its pupils."""

    __tablename__ = "locker"
    __dataset__ = Dataset(
        "ตู้เก็บของ",
        "Lockers",
        menu=Menus.PLACES,
        key=("number",),
        listed=("school_code", "number", "mark", "keeper_id", "opened_on", "is_metal"),
        round=RoundSystem.ASSET,
        rights={"school_director": "read", "district_officer": "read write export"},
    )

    number: Mapped[int] = field("ลำดับที่", en="Number", minimum=1, filtered=True)
    mark: Mapped[str] = field("เครื่องหมาย", sa.String(80), en="Mark", searched=True, thai_sorted=True)
    keeper_card: Mapped[str | None] = field(
        "เลขประจำตัวผู้ดูแล", sa.String(13), en="Keeper's ID", kind=kinds.Identity(), masked=True, searched=True
    )
    keeper_id: Mapped[int | None] = field("ผู้ดูแล", sa.ForeignKey("student.id"), en="Keeper", filtered=True)
    sealed: Mapped[str | None] = field("เลขผนึก", sa.String(20), en="Seal", editable=False)
    note: Mapped[str | None] = field("หมายเหตุ", sa.Text(), en="Note")
    colour: Mapped[Living | None] = field("สี", en="Colour", filtered=True)
    lock: Mapped[Blood] = field("กุญแจ", en="Lock", default=Blood.A)
    weight: Mapped[Decimal | None] = field("น้ำหนัก", sa.Numeric(8, 2), en="Weight", unit="กก.", minimum=0)
    is_metal: Mapped[bool] = field("เป็นโลหะ", en="Metal", default=False, filtered=True)
    opened_on: Mapped[dt.date | None] = field("เปิดใช้เมื่อ", en="Opened on")
    checked_at: Mapped[dt.datetime | None] = field("ตรวจเมื่อ", en="Checked at")
    bought_year: Mapped[int | None] = field("ปีที่ซื้อ (พ.ศ.)", en="Year bought", kind=kinds.BuddhistYear())

    keeper: Mapped[Student | None] = relationship(lazy="raise")
    school: Mapped[School] = relationship(lazy="raise")
