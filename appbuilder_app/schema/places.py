"""Places: education service areas, schools, and what a school owns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .. import kinds, rules
from ..access import CENTRE
from ..codes import AreaKind, Grade, SchoolStatus, SchoolType
from ..declaration import Base, BigId, Dataset, Group, Menus, Private, Scoped, Versioned, field


class School(Scoped, Versioned, Base):
    """A school under OBEC. ``code`` is the 8-digit SMIS code, which never changes."""

    __tablename__ = "school"
    __dataset__ = Dataset(
        "โรงเรียน",
        "Schools",
        menu=Menus.PLACES,
        key=("code",),
        listed=("code", "name", "area_code", "district", "lowest_grade", "highest_grade"),
        order=("area_code", "code"),
        sorted=("code", "name"),
        groups=(
            Group("identity", "ข้อมูลโรงเรียน", "School"),
            Group("grades", "ชั้นที่เปิดสอน", "Grades"),
            Group("place", "ที่ตั้งและการติดต่อ", "Place and contact"),
        ),
        title=("name",),
        shared=True,
        rules=(rules.lowest_grade_not_above_highest,),
        rights={"district_officer": "read write export", "central_officer": "read write export"},
        icon="school",
    )
    __table_args__ = (
        sa.Index("ix_school_scope", "scope"),
        sa.Index("ix_school_area", "area_code", "code"),
        sa.Index("uq_school_moe_code", "moe_code", unique=True),
    )

    code: Mapped[str] = field(
        "รหัสโรงเรียน 8 หลัก", sa.String(8), en="SMIS code", primary_key=True, searched=True, group="identity"
    )
    moe_code: Mapped[str | None] = field("รหัสกระทรวง 10 หลัก", sa.String(10), en="MOE code", group="identity")
    obec_code: Mapped[str | None] = field("รหัส สพฐ. 6 หลัก", sa.String(6), en="OBEC code", group="identity")
    name: Mapped[str] = field(
        "ชื่อโรงเรียน", sa.String(160), en="School name", searched=True, thai_sorted=True, group="identity"
    )
    english_name: Mapped[str | None] = field(
        "ชื่อภาษาอังกฤษ", sa.String(160), en="English name", group="identity"
    )
    area_code: Mapped[str] = field(
        "เขตพื้นที่การศึกษา",
        sa.ForeignKey("area.code"),
        en="Education service area",
        filtered=True,
        group="identity",
    )
    school_type: Mapped[SchoolType | None] = field(
        "ประเภทโรงเรียน", en="Kind of school", filtered=True, group="identity"
    )
    status: Mapped[SchoolStatus] = field(
        "สถานะ",
        en="Status",
        filtered=True,
        group="identity",
        default=SchoolStatus.OPEN,
        server_default="open",
    )
    founded_on: Mapped[dt.date | None] = field(
        "วันก่อตั้ง", en="Founded on", group="identity", hint="วว/ดด/พ.ศ.", hint_en="dd/mm/Buddhist year"
    )
    director_name: Mapped[str | None] = field(
        "ผู้อำนวยการโรงเรียน", sa.String(120), en="Director", group="identity"
    )
    lowest_grade: Mapped[Grade] = field("ชั้นต่ำสุดที่เปิดสอน", en="Lowest grade", group="grades")
    highest_grade: Mapped[Grade] = field("ชั้นสูงสุดที่เปิดสอน", en="Highest grade", group="grades")
    network_group: Mapped[str | None] = field(
        "กลุ่มเครือข่ายพัฒนาคุณภาพ", sa.String(120), en="Network group", group="identity"
    )
    house_no: Mapped[str | None] = field("เลขที่", sa.String(40), en="House number", group="place")
    village_no: Mapped[str | None] = field("หมู่ที่", sa.String(10), en="Village number", group="place")
    village_name: Mapped[str | None] = field("หมู่บ้าน", sa.String(80), en="Village", group="place")
    street: Mapped[str | None] = field("ถนน/ซอย", sa.String(120), en="Street", group="place")
    subdistrict: Mapped[str | None] = field("ตำบล", sa.String(80), en="Subdistrict", group="place")
    district: Mapped[str | None] = field("อำเภอ", sa.String(80), en="District", group="place")
    province: Mapped[str | None] = field("จังหวัด", sa.String(80), en="Province", group="place")
    postcode: Mapped[str | None] = field("รหัสไปรษณีย์", sa.String(5), en="Postcode", group="place")
    phone: Mapped[str | None] = field("โทรศัพท์", sa.String(40), en="Phone", group="place")
    fax: Mapped[str | None] = field("โทรสาร", sa.String(40), en="Fax", group="place")
    email: Mapped[str | None] = field("อีเมล", sa.String(120), en="E-mail", group="place")
    website: Mapped[str | None] = field("เว็บไซต์", sa.String(200), en="Website", group="place")
    local_government: Mapped[str | None] = field(
        "องค์กรปกครองส่วนท้องถิ่น", sa.String(120), en="Local government", group="place"
    )
    # Thailand lies between these degrees; coordinates outside are exchanged or misread.
    latitude: Mapped[Decimal | None] = field(
        "ละติจูด", sa.Numeric(9, 6), en="Latitude", group="place", unit="องศา", minimum=5, maximum=21
    )
    longitude: Mapped[Decimal | None] = field(
        "ลองจิจูด", sa.Numeric(9, 6), en="Longitude", group="place", unit="องศา", minimum=97, maximum=106
    )
    sign_photo: Mapped[str | None] = field(
        "ป้ายโรงเรียน", sa.String(40), en="School sign", kind=kinds.Photo(), group="place"
    )
    site_plan: Mapped[str | None] = field(
        "แผนผังโรงเรียน", sa.String(40), en="Site plan", kind=kinds.StoredFile(), group="place"
    )

    area: Mapped[Area] = relationship(lazy="raise")

    def owner_scope(self, connection: sa.Connection) -> str:
        return f"{CENTRE}/{self.area_code}/{self.code}"

    def __repr__(self) -> str:
        return self.name


class Area(Scoped, Versioned, Base):
    """An education service area (สพป. or สพม.): a district of the register."""

    __tablename__ = "area"
    __dataset__ = Dataset(
        "เขตพื้นที่การศึกษา",
        "Education service areas",
        menu=Menus.PLACES,
        key=("code",),
        listed=("code", "short_name", "name", "kind", "phone"),
        order=("code",),
        sorted=("code", "short_name"),
        title=("short_name",),
        shared=True,
        rights={"central_officer": "read write export"},
        icon="map",
    )

    code: Mapped[str] = field("รหัสเขต", sa.String(8), en="Area code", primary_key=True, searched=True)
    name: Mapped[str] = field("ชื่อเขตพื้นที่", sa.String(160), en="Name", searched=True)
    short_name: Mapped[str] = field("ชื่อย่อ", sa.String(80), en="Short name", searched=True, thai_sorted=True)
    kind: Mapped[AreaKind] = field("ประเภทเขต", en="Kind", filtered=True)
    provinces: Mapped[str] = field("จังหวัด", sa.String(120), en="Provinces", searched=True)
    phone: Mapped[str | None] = field("โทรศัพท์", sa.String(40), en="Phone")
    letter_code: Mapped[str | None] = field(
        "เลขที่หนังสือออก", sa.String(20), en="Letter prefix", hint="เช่น ศธ ๐๔๑๗๖"
    )

    def owner_scope(self, connection: sa.Connection) -> str:
        return f"{CENTRE}/{self.code}"

    def __repr__(self) -> str:
        return self.short_name


class SharedRecord(Scoped, Versioned, Base):
    """Base of what the centre keeps for everybody to read: places, catalogues. Say ``shared=True`` with it."""

    __abstract__ = True

    def owner_scope(self, connection: sa.Connection) -> str:
        return CENTRE


class SchoolOwned(Private):
    """A row of one school; its scope follows from ``school_code``."""

    school_code: Mapped[str]

    def owner_scope(self, connection: sa.Connection) -> str:
        scope = connection.scalar(sa.select(School.__table__.c.scope).filter_by(code=self.school_code))
        return scope or rules.refuse_unknown_school(self.school_code)


class SchoolRecord(SchoolOwned, Versioned, Base):
    """Base of the plain records of a school: numbered rows whose key, order and rights follow by themselves."""

    __abstract__ = True

    # Before the fields of the class itself, which a base's columns otherwise follow.
    id: Mapped[int] = mapped_column(BigId, primary_key=True, sort_order=-2)
    school_code: Mapped[str] = field(
        "โรงเรียน", sa.ForeignKey("school.code"), en="School", filtered=True, sort_order=-1
    )
