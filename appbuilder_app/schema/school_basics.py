"""What a school reports of itself each year (EMIS): grades opened, land and utilities, service area."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .. import rules
from ..codes import Grade, LandOwner, PowerSource, RoundSystem, WaterSource
from ..declaration import Dataset, Group, Menus, field
from .places import SchoolRecord


class SchoolGrade(SchoolRecord):
    """A grade that the school opens, and in how many rooms."""

    __tablename__ = "school_grade"
    __dataset__ = Dataset(
        "ชั้นและห้องเรียน",
        "Grades and rooms",
        menu=Menus.PLACES,
        key=("grade",),
        title=("grade",),
        round=RoundSystem.EMIS,
        summed=("rooms",),
        icon="layers",
    )

    grade: Mapped[Grade] = field("ชั้นที่เปิดสอน", en="Grade", filtered=True)
    rooms: Mapped[int] = field("จำนวนห้องเรียน", en="Rooms", minimum=0, maximum=99, unit="ห้อง")
    special_rooms: Mapped[int | None] = field(
        "ในจำนวนนี้เป็นห้องเรียนพิเศษ",
        en="Of these, rooms of special programmes",
        minimum=0,
        maximum=99,
        unit="ห้อง",
    )
    note: Mapped[str | None] = field("หมายเหตุ", sa.String(200), en="Note")


class SchoolSite(SchoolRecord):
    """The school's land and what reaches it: one row a school."""

    __tablename__ = "school_site"
    __dataset__ = Dataset(
        "ที่ดินและสาธารณูปโภค",
        "Land and utilities",
        menu=Menus.PLACES,
        groups=(
            Group("land", "ที่ดิน", "Land"),
            Group("utilities", "สาธารณูปโภค", "Utilities"),
            Group("way", "ระยะทาง", "Distances"),
        ),
        round=RoundSystem.EMIS,
        rules=(rules.treasury_number_of_treasury_land,),
        icon="map",
    )

    land_owner: Mapped[LandOwner] = field("ประเภทที่ดิน", en="Land", group="land", filtered=True)
    treasury_number: Mapped[str | None] = field(
        "เลขทะเบียนที่ราชพัสดุ", sa.String(40), en="Treasury land number", group="land"
    )
    title_deed: Mapped[str | None] = field("เอกสารสิทธิ์", sa.String(80), en="Title deed", group="land")
    rai: Mapped[int] = field("เนื้อที่ (ไร่)", en="Area (rai)", group="land", minimum=0, maximum=99_999)
    ngan: Mapped[int] = field("เนื้อที่ (งาน)", en="Area (ngan)", group="land", minimum=0, maximum=3)
    square_wa: Mapped[Decimal] = field(
        "เนื้อที่ (ตารางวา)",
        sa.Numeric(5, 2),
        en="Area (square wa)",
        group="land",
        minimum=0,
        maximum=Decimal("99.99"),
    )
    power: Mapped[PowerSource] = field("ไฟฟ้า", en="Electricity", group="utilities", filtered=True)
    water: Mapped[WaterSource] = field("น้ำใช้", en="Water", group="utilities", filtered=True)
    drinking_water: Mapped[WaterSource | None] = field("น้ำดื่ม", en="Drinking water", group="utilities")
    has_internet: Mapped[bool] = field("มีอินเทอร์เน็ตใช้", en="Internet", group="utilities", filtered=True)
    has_telephone: Mapped[bool | None] = field("มีโทรศัพท์พื้นฐาน", en="Telephone line", group="utilities")
    km_to_area_office: Mapped[Decimal | None] = field(
        "ถึงสำนักงานเขตพื้นที่", sa.Numeric(6, 1), en="To the area office", group="way", unit="กม.", minimum=0,
        maximum=999,
    )  # fmt: skip
    km_to_district_office: Mapped[Decimal | None] = field(
        "ถึงที่ว่าการอำเภอ", sa.Numeric(6, 1), en="To the district office", group="way", unit="กม.", minimum=0,
        maximum=999,
    )  # fmt: skip


class ServiceVillage(SchoolRecord):
    """A village of the school's service area, whose children it must admit."""

    __tablename__ = "service_village"
    __dataset__ = Dataset(
        "เขตพื้นที่บริการ", "Service area", menu=Menus.PLACES, key=("subdistrict", "village_no"), title=("name",),
        round=RoundSystem.EMIS, summed=("households", "school_age"), icon="map",
    )  # fmt: skip

    subdistrict: Mapped[str] = field("ตำบล", sa.String(80), en="Subdistrict", searched=True)
    village_no: Mapped[int] = field("หมู่ที่", en="Village number", minimum=0, maximum=99)
    name: Mapped[str] = field("ชื่อหมู่บ้านหรือชุมชน", sa.String(80), en="Village", searched=True)
    households: Mapped[int | None] = field("จำนวนครัวเรือน", en="Households", minimum=0)
    school_age: Mapped[int | None] = field("ประชากรวัยเรียน", en="Children of school age", minimum=0, unit="คน")
