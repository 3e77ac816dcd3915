"""Buildings of schools (B-OBEC, OBEC-Asset)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .. import kinds, rules
from ..codes import BuildingCategory, BuildingCondition, MoneySource, RoundSystem, UseStatus
from ..declaration import BigId, Computed, Dataset, Group, Menus, field
from .places import SchoolRecord


class Building(SchoolRecord):
    """A building or structure of a school: one card of OBEC-Asset. What is taken down stays, with its permit."""

    __tablename__ = "building"
    __dataset__ = Dataset(
        "สิ่งก่อสร้าง",
        "Buildings",
        menu=Menus.ASSETS,
        key=("category", "sequence"),
        round=RoundSystem.ASSET,
        listed=(
            "school_code",
            "category",
            "sequence",
            "name",
            "plan_code",
            "actual_rooms",
            "condition",
            "use_status",
        ),
        title=("name",),
        groups=(
            Group("building", "สิ่งก่อสร้าง", "Building"),
            Group("rooms", "ห้อง", "Rooms"),
            Group("money", "การก่อสร้างและงบประมาณ", "Construction and budget"),
            Group("use", "สภาพและการใช้งาน", "Condition and use"),
        ),
        rules=(
            rules.other_plan_is_described,
            rules.demolition_has_its_permit,
            rules.special_rooms_are_among_the_rooms,
            rules.built_year_has_come,
        ),
        computed=(Computed("อายุการใช้งาน", "Age", rules.age_of_building, group="money", unit="ปี"),),
        summed=("actual_rooms", "special_rooms"),
        icon="school",
    )

    category: Mapped[BuildingCategory] = field("ประเภท", en="Category", filtered=True)
    sequence: Mapped[int] = field("ลำดับที่", en="Sequence", minimum=1, maximum=999)
    name: Mapped[str] = field(
        "ชื่อสิ่งก่อสร้าง",
        sa.String(120),
        en="Name",
        searched=True,
        hint="เช่น อาคารเรียน 1",
        hint_en="As the school calls it",
    )
    plan_code: Mapped[str] = field(
        "แบบสิ่งก่อสร้าง", sa.ForeignKey("building_plan.code"), en="Plan", filtered=True
    )
    plan_other: Mapped[str | None] = field(
        "แบบอื่น (สร้างเอง)",
        sa.String(120),
        en="Other plan",
        hint="เมื่อไม่มีแบบในรายการ",
        hint_en="When no plan of the list fits",
    )
    extends_id: Mapped[int | None] = field(
        "เป็นส่วนต่อเติมของ",
        BigId,
        sa.ForeignKey("building.id"),
        en="Extension of",
        hint="เว้นว่างถ้าเป็นสิ่งก่อสร้างหลัก",
    )
    planned_rooms: Mapped[int | None] = field(
        "ห้องตามแบบ", en="Rooms by plan", group="rooms", minimum=0, maximum=200
    )
    actual_rooms: Mapped[int | None] = field(
        "ห้องจริง", en="Actual rooms", group="rooms", minimum=0, maximum=200
    )
    special_rooms: Mapped[int | None] = field(
        "ห้องพิเศษ", en="Special rooms", group="rooms", minimum=0, maximum=200
    )
    built_year: Mapped[int | None] = field(
        "สร้างเมื่อปี พ.ศ.", en="Built in", group="money", kind=kinds.BuddhistYear()
    )
    budget: Mapped[Decimal | None] = field(
        "งบประมาณ", sa.Numeric(14, 2), en="Budget", group="money", kind=kinds.Money(), unit="บาท", minimum=0
    )
    money_source: Mapped[MoneySource | None] = field(
        "แหล่งที่มาของงบประมาณ", en="Source of the budget", group="money", filtered=True
    )
    condition: Mapped[BuildingCondition] = field("สภาพปัจจุบัน", en="Condition", group="use", filtered=True)
    use_status: Mapped[UseStatus] = field(
        "สถานะการใช้งาน", en="Use", group="use", filtered=True, default=UseStatus.IN_USE
    )
    permit_number: Mapped[str | None] = field(
        "เลขที่หนังสืออนุญาตรื้อถอน", sa.String(60), en="Demolition permit", group="use"
    )
    permit_date: Mapped[dt.date | None] = field("วันที่อนุญาตรื้อถอน", en="Date of the permit", group="use")
    photo_front: Mapped[str | None] = field(
        "ภาพด้านหน้า", sa.String(40), en="Photo of the front", kind=kinds.Photo()
    )
    photo_back: Mapped[str | None] = field(
        "ภาพด้านหลัง", sa.String(40), en="Photo of the back", kind=kinds.Photo()
    )
    photo_left: Mapped[str | None] = field(
        "ภาพด้านซ้าย", sa.String(40), en="Photo of the left side", kind=kinds.Photo()
    )
    photo_right: Mapped[str | None] = field(
        "ภาพด้านขวา", sa.String(40), en="Photo of the right side", kind=kinds.Photo()
    )
    plan_drawing: Mapped[str | None] = field(
        "แบบแปลน", sa.String(40), en="Plan drawing", kind=kinds.StoredFile()
    )

    def __repr__(self) -> str:
        return self.name
