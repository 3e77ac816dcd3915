"""Equipment of schools, both ways: counts by catalogue line (M-OBEC), and the register of items."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .. import kinds, rules
from ..codes import Acquisition, Disposal, ItemState, RoundSystem
from ..declaration import Computed, Dataset, Group, Menus, field
from .places import SchoolRecord


class EquipmentCount(SchoolRecord):
    """How many things of a catalogue line a school has: what M-OBEC collects."""

    __tablename__ = "equipment_count"
    __dataset__ = Dataset(
        "จำนวนครุภัณฑ์",
        "Equipment counts",
        menu=Menus.ASSETS,
        key=("line_code",),
        round=RoundSystem.MOBEC,
        computed=(Computed("รวม", "Total", rules.all_of_line),),
        summed=("usable", "to_repair", "to_dispose"),
        icon="list-checks",
    )

    line_code: Mapped[str] = field("รายการ", sa.ForeignKey("equipment_line.code"), en="Line", filtered=True)
    usable: Mapped[int] = field("ใช้ได้", en="Usable", minimum=0, maximum=99_999, default=0)
    to_repair: Mapped[int] = field("รอซ่อม", en="Awaiting repair", minimum=0, maximum=99_999, default=0)
    to_dispose: Mapped[int] = field("รอจำหน่าย", en="Awaiting disposal", minimum=0, maximum=99_999, default=0)


class EquipmentItem(SchoolRecord):
    """One thing in a school's register of property. The register runs all year: no round locks it."""

    __tablename__ = "equipment_item"
    __dataset__ = Dataset(
        "ทะเบียนครุภัณฑ์",
        "Equipment register",
        menu=Menus.ASSETS,
        key=("number",),
        listed=(
            "school_code",
            "number",
            "description",
            "line_code",
            "acquired_on",
            "unit_price",
            "state",
            "location",
        ),
        title=("description",),
        groups=(
            Group("item", "ครุภัณฑ์", "Item"),
            Group("money", "การได้มาและราคา", "Acquisition and price"),
            Group("state", "สภาพและที่ตั้ง", "State and place"),
            Group("disposal", "การจำหน่าย", "Disposal"),
        ),
        rules=(rules.disposal_is_told_whole, rules.acquired_in_the_past),
        computed=(
            Computed(
                "ค่าเสื่อมราคาสะสม",
                "Accumulated depreciation",
                rules.depreciation,
                kinds.Money(),
                group="money",
                unit="บาท",
            ),
            Computed(
                "มูลค่าสุทธิตามบัญชี", "Book value", rules.book_value, kinds.Money(), group="money", unit="บาท"
            ),
        ),
        icon="layers",
    )

    number: Mapped[str] = field(
        "หมายเลขครุภัณฑ์",
        sa.String(40),
        en="Item number",
        searched=True,
        hint="เช่น 7440-001-0001/60 ไม่ซ้ำในโรงเรียน",
        hint_en="Unique in the school",
    )
    description: Mapped[str] = field(
        "รายละเอียด", sa.String(200), en="Description", searched=True, thai_sorted=True
    )
    serial: Mapped[str | None] = field("หมายเลขเครื่อง", sa.String(60), en="Serial number", searched=True)
    line_code: Mapped[str] = field(
        "รายการในบัญชี", sa.ForeignKey("equipment_line.code"), en="Line", filtered=True
    )
    acquired_on: Mapped[dt.date] = field("วันที่ได้มา", en="Acquired on", group="money")
    acquisition: Mapped[Acquisition] = field(
        "วิธีการได้มา", en="How it was acquired", group="money", filtered=True
    )
    document: Mapped[str | None] = field("เลขที่เอกสาร", sa.String(60), en="Document number", group="money")
    unit_price: Mapped[Decimal] = field(
        "ราคาต่อหน่วย",
        sa.Numeric(12, 2),
        en="Unit price",
        group="money",
        kind=kinds.Money(),
        unit="บาท",
        minimum=0,
    )
    useful_years: Mapped[int | None] = field(
        "อายุการใช้งาน", en="Useful life", group="money", unit="ปี", minimum=1, maximum=50
    )
    location: Mapped[str | None] = field("ที่ตั้ง", sa.String(120), en="Place", group="state")
    state: Mapped[ItemState] = field(
        "สภาพ", en="State", group="state", filtered=True, default=ItemState.USABLE
    )
    disposal: Mapped[Disposal | None] = field("วิธีการจำหน่าย", en="How it was disposed of", group="disposal")
    disposed_on: Mapped[dt.date | None] = field("วันที่จำหน่าย", en="Disposed of on", group="disposal")

    def __repr__(self) -> str:
        return self.description
