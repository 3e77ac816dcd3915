"""The whole schema, top to bottom: places, people, rounds, submissions and their documents, files, history."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from . import kinds, rules
from .access import CENTRE
from .bilingual import Sentence
from .codes import (
    AreaKind,
    Blood,
    Disability,
    Disadvantage,
    Grade,
    IdentityType,
    Living,
    Occupation,
    Relation,
    Religion,
    RoundSystem,
    Scout,
    Sex,
    SubmissionState,
    Title,
    WindowAction,
)
from .declaration import Base, BigId, Dataset, Group, Menus, Private, Scoped, User, Versioned, db, field

__all__ = ["db"]


# ── Accounts ─────────────────────────────────────────────────────────────────────────────────────────────


class Account(User):
    """A person who logs in: whose rows they look after, and in what position they sign."""

    __tablename__ = "ab_user"
    __table_args__ = {"extend_existing": True}

    scope: Mapped[str] = mapped_column(sa.String(40), nullable=False, server_default="")
    position: Mapped[str] = mapped_column(sa.String(120), nullable=False, server_default="")
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    session_epoch: Mapped[int] = mapped_column(sa.Integer, nullable=False, server_default="1")
    must_change_password: Mapped[bool] = mapped_column(sa.Boolean, nullable=False, server_default=sa.false())

    def get_id(self) -> str:
        """What a session cookie holds: a raised epoch makes every older cookie worthless."""
        return f"{self.id}.{self.session_epoch or 1}"


# ── Places ───────────────────────────────────────────────────────────────────────────────────────────────


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
    director_name: Mapped[str | None] = field(
        "ผู้อำนวยการโรงเรียน", sa.String(120), en="Director", group="identity"
    )
    lowest_grade: Mapped[Grade] = field("ชั้นต่ำสุดที่เปิดสอน", en="Lowest grade", group="grades")
    highest_grade: Mapped[Grade] = field("ชั้นสูงสุดที่เปิดสอน", en="Highest grade", group="grades")
    house_no: Mapped[str | None] = field("เลขที่", sa.String(40), en="House number", group="place")
    village_no: Mapped[str | None] = field("หมู่ที่", sa.String(10), en="Village number", group="place")
    subdistrict: Mapped[str | None] = field("ตำบล", sa.String(80), en="Subdistrict", group="place")
    district: Mapped[str | None] = field("อำเภอ", sa.String(80), en="District", group="place")
    province: Mapped[str | None] = field("จังหวัด", sa.String(80), en="Province", group="place")
    postcode: Mapped[str | None] = field("รหัสไปรษณีย์", sa.String(5), en="Postcode", group="place")
    phone: Mapped[str | None] = field("โทรศัพท์", sa.String(40), en="Phone", group="place")
    email: Mapped[str | None] = field("อีเมล", sa.String(120), en="E-mail", group="place")

    area: Mapped[Area] = relationship(lazy="raise")

    def owner_scope(self, connection: sa.Connection) -> str:
        return f"{CENTRE}/{self.area_code}/{self.code}"

    def __repr__(self) -> str:
        return self.name


class SchoolOwned(Private):
    """A row of one school; its scope follows from ``school_code``."""

    school_code: Mapped[str]

    def owner_scope(self, connection: sa.Connection) -> str:
        scope = connection.scalar(sa.select(School.__table__.c.scope).filter_by(code=self.school_code))
        return scope or rules.refuse_unknown_school(self.school_code)


# ── Students ─────────────────────────────────────────────────────────────────────────────────────────────


class Student(SchoolOwned, Versioned, Base):
    """A child enrolled in a school, as of now. A round's figures are frozen from these rows at confirming."""

    __tablename__ = "student"
    __dataset__ = Dataset(
        "นักเรียน",
        "Students",
        menu=Menus.PEOPLE,
        key=("school_code", "national_id"),
        listed=(
            "school_code",
            "student_number",
            "national_id",
            "first_name",
            "last_name",
            "grade",
            "room",
            "sex",
            "birth_date",
            "weight_kg",
            "height_cm",
        ),
        order=("scope", "grade", "room", "id"),
        sorted=("grade", "student_number", "first_name", "last_name", "birth_date"),
        groups=(
            Group("identity", "ข้อมูลเบื้องต้น", "Identity"),
            Group("class", "ชั้นเรียน", "Class"),
            Group("health", "สุขภาพ", "Health"),
            Group("address", "ที่อยู่", "Address"),
            Group("family", "ครอบครัว", "Family"),
            Group("welfare", "ความช่วยเหลือ", "Welfare"),
            Group("activity", "กิจกรรม", "Activities"),
        ),
        title=("first_name", "last_name"),
        round=RoundSystem.DMC,
        rules=(rules.title_suits_sex, rules.birth_date_is_of_a_pupil),
        icon="user",
    )
    __table_args__ = (
        sa.UniqueConstraint("school_code", "national_id"),
        sa.Index("ix_student_order", "scope", "grade", "room", "id"),
        # Also by its beginning, which an index in the database's own order does not find.
        sa.Index("ix_student_national_id", "national_id", postgresql_ops={"national_id": "text_pattern_ops"}),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    school_code: Mapped[str] = field(
        "โรงเรียน", sa.ForeignKey("school.code"), en="School", group="class", filtered=True
    )
    national_id: Mapped[str] = field(
        "เลขประจำตัวประชาชน",
        sa.String(13),
        en="National ID",
        kind=kinds.Identity(),
        group="identity",
        masked=True,
        searched=True,
        hint="เลข 13 หลัก หรือรหัส G",
        hint_en="13 digits or a G-code",
    )
    identity_type: Mapped[IdentityType] = field(
        "ประเภทเลขประจำตัว", en="Kind of ID", group="identity", default=IdentityType.NATIONAL
    )
    title: Mapped[Title] = field("คำนำหน้าชื่อ", en="Title", group="identity")
    first_name: Mapped[str] = field(
        "ชื่อ", sa.String(80), en="First name", group="identity", searched=True, thai_sorted=True
    )
    last_name: Mapped[str] = field(
        "นามสกุล", sa.String(80), en="Last name", group="identity", searched=True, thai_sorted=True
    )
    sex: Mapped[Sex] = field("เพศ", en="Sex", group="identity", filtered=True)
    birth_date: Mapped[dt.date] = field(
        "วันเกิด", en="Date of birth", group="identity", hint="วว/ดด/พ.ศ.", hint_en="dd/mm/Buddhist year"
    )
    ethnicity: Mapped[str | None] = field("เชื้อชาติ", sa.String(60), en="Ethnicity", group="identity")
    nationality: Mapped[str | None] = field("สัญชาติ", sa.String(60), en="Nationality", group="identity")
    religion: Mapped[Religion | None] = field("ศาสนา", en="Religion", group="identity")
    grade: Mapped[Grade] = field("ชั้น", en="Grade", group="class", filtered=True)
    room: Mapped[int] = field("ห้อง", en="Room", group="class", filtered=True, minimum=1, maximum=99)
    student_number: Mapped[str] = field(
        "เลขประจำตัวนักเรียน", sa.String(20), en="Student number", group="class", searched=True
    )
    weight_kg: Mapped[Decimal | None] = field(
        "น้ำหนัก", sa.Numeric(5, 1), en="Weight", group="health", unit="กก.", minimum=5, maximum=250
    )
    height_cm: Mapped[Decimal | None] = field(
        "ส่วนสูง", sa.Numeric(5, 1), en="Height", group="health", unit="ซม.", minimum=50, maximum=230
    )
    blood: Mapped[Blood | None] = field("กลุ่มเลือด", en="Blood group", group="health")
    house_no: Mapped[str | None] = field("บ้านเลขที่", sa.String(40), en="House number", group="address")
    village_no: Mapped[str | None] = field("หมู่", sa.String(10), en="Village number", group="address")
    street: Mapped[str | None] = field("ถนน/ซอย", sa.String(120), en="Street", group="address")
    subdistrict: Mapped[str | None] = field("ตำบล", sa.String(80), en="Subdistrict", group="address")
    district: Mapped[str | None] = field("อำเภอ", sa.String(80), en="District", group="address")
    province: Mapped[str | None] = field("จังหวัด", sa.String(80), en="Province", group="address")
    guardian_first_name: Mapped[str | None] = field(
        "ชื่อผู้ปกครอง", sa.String(80), en="Guardian's first name", group="family"
    )
    guardian_last_name: Mapped[str | None] = field(
        "นามสกุลผู้ปกครอง", sa.String(80), en="Guardian's last name", group="family"
    )
    guardian_occupation: Mapped[Occupation | None] = field(
        "อาชีพของผู้ปกครอง", en="Guardian's occupation", group="family"
    )
    guardian_relation: Mapped[Relation | None] = field(
        "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน", en="Guardian's relation", group="family"
    )
    father_first_name: Mapped[str | None] = field(
        "ชื่อบิดา", sa.String(80), en="Father's first name", group="family"
    )
    father_last_name: Mapped[str | None] = field(
        "นามสกุลบิดา", sa.String(80), en="Father's last name", group="family"
    )
    father_occupation: Mapped[Occupation | None] = field(
        "อาชีพของบิดา", en="Father's occupation", group="family"
    )
    mother_first_name: Mapped[str | None] = field(
        "ชื่อมารดา", sa.String(80), en="Mother's first name", group="family"
    )
    mother_last_name: Mapped[str | None] = field(
        "นามสกุลมารดา", sa.String(80), en="Mother's last name", group="family"
    )
    mother_occupation: Mapped[Occupation | None] = field(
        "อาชีพของมารดา", en="Mother's occupation", group="family"
    )
    disadvantage: Mapped[Disadvantage] = field(
        "ความด้อยโอกาส", en="Disadvantage", group="welfare", filtered=True, default=Disadvantage.NONE
    )
    disability: Mapped[Disability] = field(
        "ความพิการ", en="Disability", group="welfare", filtered=True, default=Disability.NONE
    )
    living: Mapped[Living | None] = field("การพักนอน", en="Living with", group="welfare", filtered=True)
    pending_discharge: Mapped[bool] = field(
        "ยังไม่สามารถจำหน่ายได้ (3.1.8)",
        en="Pending discharge (3.1.8)",
        group="welfare",
        default=False,
        server_default=sa.false(),
    )
    scout: Mapped[Scout | None] = field("ลูกเสือ/เนตรนารี", en="Scout", group="activity")
    red_cross_youth: Mapped[bool | None] = field("ยุวกาชาด", en="Red Cross youth", group="activity")
    swims: Mapped[bool | None] = field("ว่ายน้ำเป็น", en="Can swim", group="activity")

    school: Mapped[School] = relationship(lazy="raise")

    def __repr__(self) -> str:
        return f"{self.title.th}{self.first_name} {self.last_name}"


# ── Rounds ───────────────────────────────────────────────────────────────────────────────────────────────


def round_label(number: int, academic_year: int) -> Sentence:
    """``รอบที่ 2 ปีการศึกษา 2569``."""
    return Sentence("รอบที่ {number} ปีการศึกษา {year}", number=number, year=academic_year)


class CollectionRound(Versioned, Base):
    """A collection round: the state of a system's data as of its snapshot date (R3). Closed for good by R15."""

    __tablename__ = "collection_round"
    __table_args__ = (sa.UniqueConstraint("system", "academic_year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    system: Mapped[RoundSystem] = mapped_column(nullable=False)
    academic_year: Mapped[int] = mapped_column(nullable=False)
    number: Mapped[int] = mapped_column(nullable=False)
    snapshot_date: Mapped[dt.date] = mapped_column(nullable=False)
    source: Mapped[str] = mapped_column(sa.String(200), nullable=False, server_default="")
    closed_at: Mapped[dt.datetime | None] = mapped_column()
    closed_by: Mapped[str | None] = mapped_column(sa.String(160))

    @property
    def label(self) -> Sentence:
        """``รอบที่ 2 ปีการศึกษา 2569``."""
        return round_label(self.number, self.academic_year)

    @hybrid_property
    def is_closed(self) -> bool:
        """True once central has closed the round: nothing of it can be written again."""
        return self.closed_at is not None

    @is_closed.inplace.expression
    @classmethod
    def _is_closed_sql(cls) -> sa.ColumnElement[bool]:
        return cls.closed_at.is_not(None)

    def __repr__(self) -> str:
        return self.label


class Window(Base):
    """When an action is open, for the whole country, a district or a school.

    The narrowest scope that has a window for the action decides; of two of one scope, the newer. So a
    national window, a district's days of grace (R35) and one school's exception are the same thing.
    """

    __tablename__ = "window"
    __table_args__ = (
        sa.CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
        sa.Index("ix_window_round", "round_id", "action", "scope"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    action: Mapped[WindowAction] = mapped_column(nullable=False)
    scope: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    opens_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    closes_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    reason: Mapped[str] = mapped_column(sa.String(300), nullable=False, server_default="")
    source: Mapped[str] = mapped_column(sa.String(200), nullable=False, server_default="")
    granted_by: Mapped[str] = mapped_column(sa.String(160), nullable=False, server_default="")
    granted_at: Mapped[dt.datetime] = mapped_column(nullable=False)

    round: Mapped[CollectionRound] = relationship(lazy="raise")


# ── Submissions and their documents ──────────────────────────────────────────────────────────────────────


class Submission(SchoolOwned, Versioned, Base):
    """How far a school is in a round: open → confirmed → certified → acknowledged, and back by return."""

    __tablename__ = "submission"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "school_code"),
        sa.Index("ix_submission_scope", "scope", "round_id"),
        sa.Index("ix_submission_round_state", "round_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    state: Mapped[SubmissionState] = mapped_column(
        nullable=False, default=SubmissionState.OPEN, server_default=SubmissionState.OPEN.value
    )
    students: Mapped[int | None] = mapped_column()
    roster_id: Mapped[int | None] = mapped_column(BigId)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column()
    confirmed_by_id: Mapped[int | None] = mapped_column()
    confirmed_by: Mapped[str | None] = mapped_column(sa.String(160))
    confirmed_position: Mapped[str | None] = mapped_column(sa.String(120))
    certified_at: Mapped[dt.datetime | None] = mapped_column()
    certified_by_id: Mapped[int | None] = mapped_column()
    certified_by: Mapped[str | None] = mapped_column(sa.String(160))
    certified_position: Mapped[str | None] = mapped_column(sa.String(120))
    acknowledged_at: Mapped[dt.datetime | None] = mapped_column()
    acknowledged_by_id: Mapped[int | None] = mapped_column()
    acknowledged_by: Mapped[str | None] = mapped_column(sa.String(160))
    acknowledged_position: Mapped[str | None] = mapped_column(sa.String(120))
    returned_reason: Mapped[str | None] = mapped_column(sa.String(500))
    returned_by: Mapped[str | None] = mapped_column(sa.String(160))
    returned_at: Mapped[dt.datetime | None] = mapped_column()

    school: Mapped[School] = relationship(lazy="raise")
    round: Mapped[CollectionRound] = relationship(lazy="raise")

    @hybrid_property
    def is_locked(self) -> bool:
        """True from confirming on: the school's rows of the round's system cannot be written."""
        return self.state is not SubmissionState.OPEN

    @is_locked.inplace.expression
    @classmethod
    def _is_locked_sql(cls) -> sa.ColumnElement[bool]:
        return cls.state != SubmissionState.OPEN


class Roster(SchoolOwned, Base):
    """A school's students as confirmed: canonical text, compressed, and its SHA-256. Never changed."""

    __tablename__ = "roster"
    __table_args__ = (sa.Index("ix_roster_submission", "submission_id"), sa.Index("ix_roster_scope", "scope"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), nullable=False)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    frozen_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    students: Mapped[int] = mapped_column(nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False, deferred=True)
    totals: Mapped[dict[str, Any]] = mapped_column(nullable=False)


class Headcount(SchoolOwned, Base):
    """Pupils of one grade of a school, frozen at confirming."""

    __tablename__ = "headcount"
    __table_args__ = (sa.Index("ix_headcount_scope", "scope", "round_id"),)

    roster_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("roster.id"), primary_key=True)
    grade: Mapped[Grade] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    male: Mapped[int] = mapped_column(nullable=False)
    female: Mapped[int] = mapped_column(nullable=False)
    rooms: Mapped[int] = mapped_column(nullable=False)


class Certificate(SchoolOwned, Base):
    """A certification document: its number, the frozen content it prints, and whether it still stands."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.Index("ix_certificate_submission", "submission_id"),
        sa.Index("ix_certificate_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), nullable=False)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    roster_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("roster.id"), nullable=False)
    number: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    issued_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    voided_at: Mapped[dt.datetime | None] = mapped_column()
    voided_by: Mapped[str | None] = mapped_column(sa.String(160))
    void_reason: Mapped[str | None] = mapped_column(sa.String(500))

    @property
    def is_void(self) -> bool:
        """True when a return has taken the certificate's force away."""
        return self.voided_at is not None


class SignedScan(SchoolOwned, Base):
    """The scan of a certificate signed in ink. Paper arrives late, so the round's lock does not hold it."""

    __tablename__ = "signed_scan"
    __table_args__ = (
        sa.Index("ix_signed_scan_certificate", "certificate_id"),
        sa.Index("ix_signed_scan_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    stored_as: Mapped[str] = mapped_column(sa.String(120), nullable=False)
    media_type: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    size: Mapped[int] = mapped_column(nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    uploaded_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    uploaded_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)


class DocumentCounter(Base):
    """The last document number given in a series; its row is locked while the next one is taken."""

    __tablename__ = "document_counter"

    series: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    last: Mapped[int] = mapped_column(nullable=False)


# ── Imported files ───────────────────────────────────────────────────────────────────────────────────────


class ImportBatch(SchoolOwned, Base):
    """A file that somebody uploaded, waiting as a preview, or committed, or cancelled."""

    __tablename__ = "import_batch"
    __table_args__ = (sa.Index("ix_import_batch_scope", "scope"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    filename: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    uploaded_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    uploaded_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    state: Mapped[str] = mapped_column(sa.String(12), nullable=False, server_default="preview")
    counts: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    settled_at: Mapped[dt.datetime | None] = mapped_column()
    settled_by: Mapped[str | None] = mapped_column(sa.String(160))


class ImportRow(SchoolOwned, Base):
    """One line of an uploaded file, read and judged; ``outcome`` is new, changed, same, missing or wrong."""

    __tablename__ = "import_row"
    __table_args__ = (
        sa.Index("ix_import_row_batch", "batch_id", "outcome", "row_number"),
        sa.Index("ix_import_row_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batch.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.String(8), nullable=False)
    row_number: Mapped[int] = mapped_column(nullable=False)
    outcome: Mapped[str] = mapped_column(sa.String(8), nullable=False)
    national_id: Mapped[str | None] = mapped_column(sa.String(40))
    student_id: Mapped[int | None] = mapped_column(BigId)
    values: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    problems: Mapped[dict[str, Any]] = mapped_column(nullable=False)


# ── History ──────────────────────────────────────────────────────────────────────────────────────────────


class Change(Private, Base):
    """One change of one row: who, when, before, after, through which path and why. Nobody can edit it."""

    __tablename__ = "change"
    __table_args__ = (
        sa.Index("ix_change_row", "dataset", "row_key", "id"),
        sa.Index("ix_change_scope", "scope", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(nullable=False)
    actor_id: Mapped[int | None] = mapped_column()
    actor: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    path: Mapped[str] = mapped_column(sa.String(12), nullable=False)
    dataset: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    row_key: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    action: Mapped[str] = mapped_column(sa.String(16), nullable=False)
    before: Mapped[dict[str, Any] | None] = mapped_column()
    after: Mapped[dict[str, Any] | None] = mapped_column()
    batch_id: Mapped[int | None] = mapped_column(BigId)
    reason: Mapped[str | None] = mapped_column(sa.String(500))
