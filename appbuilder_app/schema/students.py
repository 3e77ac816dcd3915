"""Students."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from .. import kinds, rules
from ..access import Privacy
from ..bilingual import Sentence
from ..codes import (
    Blood,
    Disability,
    Disadvantage,
    Grade,
    IdentityType,
    Journey,
    Living,
    Religion,
    RoundSystem,
    Scout,
    Sex,
    StudentStatus,
    Title,
)
from ..declaration import Dataset, Group, Menus, field, name_key_of
from ..errors import SatFinalExam
from . import entering
from .family import Family
from .identities import NumberChange
from .places import School, SchoolRecord

_TRANSFER = Sentence("เปลี่ยนโรงเรียนที่นี่ไม่ได้ ให้ใช้เมนู “ย้ายเข้า” หรือ “ย้ายออก”")
_NUMBER = Sentence(
    "แก้เลขที่นี่ไม่ได้ หากเลขผิด ให้ยื่น “ขอแก้ไขเลขประจำตัวประชาชน” หากได้เลขใหม่แทนรหัส G ให้ยื่น “แทนรหัส G ด้วยเลขจริง” พร้อมหลักฐาน"
)
_RENAMING = Sentence("แก้ชื่อที่นี่ไม่ได้ ให้ใช้ “แก้ไขชื่อ-สกุล” ที่หน้านักเรียน พร้อมหลักฐาน")
_CORRECTION = Sentence("แก้เพศและวันเกิดที่นี่ไม่ได้ ให้ใช้ “แก้ไขเพศ วันเกิด” ที่หน้านักเรียน พร้อมเหตุผลและหลักฐาน")
_CLASS = Sentence("เปลี่ยนชั้นและห้องที่นี่ไม่ได้ ให้ใช้ “จัดชั้นและห้อง” หรือไฟล์นักเรียนของโรงเรียน")
_STUDENT_NUMBER = Sentence("แก้เลขที่นี่ไม่ได้ ให้ใช้ “แก้เลขประจำตัวนักเรียน” ที่หน้านักเรียน หรือไฟล์นักเรียนของโรงเรียน")
_EXAM = Sentence("บันทึกการเข้าสอบปลายภาคที่เมนูของรอบสิ้นปีการศึกษา")
_STATUS = Sentence("สถานภาพเปลี่ยนด้วยการย้ายเข้า ย้ายออก ออกกลางคัน หรือจำหน่ายเท่านั้น")


class Student(Family, SchoolRecord):
    """A child of a school, as of now: enrolled, or with ``status`` telling how they left the school.

    A round's figures are frozen from the enrolled ones at confirming. Who and where they are (``by_verb``) changes
    by verbs alone: their identity number by ``workflows/identities.py``, the rest by ``workflows/movements``.
    """

    __tablename__ = "student"
    __dataset__ = Dataset(
        "นักเรียน",
        "Students",
        menu=Menus.PEOPLE,
        key=("national_id",),
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
            Group("address", "ที่อยู่ตามทะเบียนบ้าน", "Registered address"),
            Group("home", "ที่อยู่ปัจจุบัน", "Present address"),
            Group("family", "ครอบครัว", "Family"),
            Group("journey", "การเดินทาง", "Journey"),
            Group("welfare", "ความช่วยเหลือ", "Welfare"),
            Group("activity", "กิจกรรม", "Activities"),
        ),
        title=("first_name", "last_name"),
        round=RoundSystem.DMC,
        rules=(rules.title_suits_sex, rules.birth_date_is_of_a_pupil, rules.measured_by_today),
        found_before=NumberChange.students_who_had,
        refused_new=entering.refused,
        asked_of_new=entering.ASKED,
        icon="user",
    )
    __table_args__ = (
        # Also by its beginning, which an index in the database's own order does not find.
        sa.Index("ix_student_national_id", "national_id", postgresql_ops={"national_id": "text_pattern_ops"}),
        sa.Index("ix_student_same_child", "name_key", "birth_date"),
    )

    school_code: Mapped[str] = field(
        "โรงเรียน", sa.ForeignKey("school.code"), en="School", group="class", filtered=True, by_verb=_TRANSFER
    )
    national_id: Mapped[str] = field(
        "เลขประจำตัวประชาชน",
        sa.String(13),
        en="National ID",
        kind=kinds.Identity(),
        group="identity",
        masked=True,
        privacy=Privacy.IDENTITY,
        searched=True,
        hint="เลข 13 หลัก หรือรหัส G",
        hint_en="13 digits or a G-code",
        by_verb=_NUMBER,
    )
    identity_type: Mapped[IdentityType] = field(
        "ประเภทเลขประจำตัว",
        en="Kind of ID",
        group="identity",
        default=IdentityType.NATIONAL,
        by_verb=_NUMBER,
    )
    title: Mapped[Title] = field("คำนำหน้าชื่อ", en="Title", group="identity", by_verb=_RENAMING, by_file=True)
    first_name: Mapped[str] = field(
        "ชื่อ",
        sa.String(80),
        en="First name",
        group="identity",
        searched=True,
        thai_sorted=True,
        by_verb=_RENAMING,
    )
    last_name: Mapped[str] = field(
        "นามสกุล",
        sa.String(80),
        en="Last name",
        group="identity",
        searched=True,
        thai_sorted=True,
        by_verb=_RENAMING,
    )
    middle_name: Mapped[str | None] = field(
        "ชื่อกลาง", sa.String(80), en="Middle name", group="identity", by_verb=_RENAMING
    )
    english_first_name: Mapped[str | None] = field(
        "ชื่อภาษาอังกฤษ", sa.String(80), en="English first name", group="identity"
    )
    english_middle_name: Mapped[str | None] = field(
        "ชื่อกลางภาษาอังกฤษ", sa.String(80), en="English middle name", group="identity"
    )
    english_last_name: Mapped[str | None] = field(
        "นามสกุลภาษาอังกฤษ", sa.String(80), en="English last name", group="identity"
    )
    sex: Mapped[Sex] = field("เพศ", en="Sex", group="identity", filtered=True, by_verb=_CORRECTION)
    birth_date: Mapped[dt.date] = field(
        "วันเกิด",
        en="Date of birth",
        group="identity",
        hint="วว/ดด/พ.ศ.",
        hint_en="dd/mm/Buddhist year",
        by_verb=_CORRECTION,
    )
    birth_province: Mapped[str | None] = field(
        "จังหวัดที่เกิด", sa.String(80), en="Province of birth", group="identity"
    )
    ethnicity: Mapped[str | None] = field("เชื้อชาติ", sa.String(60), en="Ethnicity", group="identity")
    nationality: Mapped[str | None] = field("สัญชาติ", sa.String(60), en="Nationality", group="identity")
    religion: Mapped[Religion | None] = field("ศาสนา", en="Religion", group="identity")
    grade: Mapped[Grade] = field("ชั้น", en="Grade", group="class", filtered=True, by_verb=_CLASS, by_file=True)
    room: Mapped[int] = field(
        "ห้อง", en="Room", group="class", filtered=True, minimum=1, maximum=99, by_verb=_CLASS, by_file=True
    )
    student_number: Mapped[str] = field(
        "เลขประจำตัวนักเรียน",
        sa.String(20),
        en="Student number",
        group="class",
        searched=True,
        by_verb=_STUDENT_NUMBER,
        by_file=True,
    )
    status: Mapped[StudentStatus] = field(
        "สถานภาพ",
        en="Status",
        group="class",
        filtered=True,
        editable=False,
        default=StudentStatus.ENROLLED,
        server_default=StudentStatus.ENROLLED.value,
        by_verb=_STATUS,
    )
    sat_final_exam: Mapped[bool | None] = field(
        "เข้าสอบปลายภาคเรียนที่ 2",
        en="Sat the final exam",
        group="class",
        hint="เฉพาะรอบสิ้นปี: รับเข้าได้เฉพาะผู้ที่เข้าสอบปลายภาคของปีนี้ รอบอื่นเว้นว่าง",
        hint_en="End-of-year round only: it takes in who sat this year's final exam; otherwise leave empty",
        by_verb=_EXAM,
    )
    admission_date: Mapped[dt.date | None] = field(
        "วันที่เข้าเรียน", en="Date of admission", group="class", hint="วว/ดด/พ.ศ.", hint_en="dd/mm/Buddhist year"
    )
    previous_school: Mapped[str | None] = field(
        "โรงเรียนเดิม", sa.String(160), en="Previous school", group="class"
    )
    previous_school_district: Mapped[str | None] = field(
        "อำเภอของโรงเรียนเดิม", sa.String(80), en="District of the previous school", group="class"
    )
    previous_school_province: Mapped[str | None] = field(
        "จังหวัดของโรงเรียนเดิม", sa.String(80), en="Province of the previous school", group="class"
    )
    weight_kg: Mapped[Decimal | None] = field(
        "น้ำหนัก", sa.Numeric(5, 1), en="Weight", group="health", unit="กก.", minimum=5, maximum=250
    )
    height_cm: Mapped[Decimal | None] = field(
        "ส่วนสูง", sa.Numeric(5, 1), en="Height", group="health", unit="ซม.", minimum=50, maximum=230
    )
    measured_on: Mapped[dt.date | None] = field(
        "วันที่ชั่งน้ำหนักและวัดส่วนสูง",
        en="Date of measuring",
        group="health",
        hint="วว/ดด/พ.ศ.",
        hint_en="dd/mm/Buddhist year",
    )
    blood: Mapped[Blood | None] = field("กลุ่มเลือด", en="Blood group", group="health")
    house_code: Mapped[str | None] = field(
        "รหัสประจำบ้าน", sa.String(11), en="House code", kind=kinds.Digits(11), group="address", masked=True,
        privacy=Privacy.IDENTITY,
    )  # fmt: skip
    house_no: Mapped[str | None] = field("บ้านเลขที่", sa.String(40), en="House number", group="address")
    village_no: Mapped[str | None] = field("หมู่", sa.String(10), en="Village number", group="address")
    street: Mapped[str | None] = field("ถนน/ซอย", sa.String(120), en="Street", group="address")
    subdistrict: Mapped[str | None] = field("ตำบล", sa.String(80), en="Subdistrict", group="address")
    district: Mapped[str | None] = field("อำเภอ", sa.String(80), en="District", group="address")
    province: Mapped[str | None] = field("จังหวัด", sa.String(80), en="Province", group="address")
    postcode: Mapped[str | None] = field(
        "รหัสไปรษณีย์", sa.String(5), en="Postcode", kind=kinds.Digits(5), group="address"
    )
    phone: Mapped[str | None] = field("โทรศัพท์", sa.String(40), en="Phone", group="address")
    home_house_no: Mapped[str | None] = field(
        "บ้านเลขที่ (ที่อยู่ปัจจุบัน)", sa.String(40), en="Present house number", group="home"
    )
    home_village_no: Mapped[str | None] = field(
        "หมู่ (ที่อยู่ปัจจุบัน)", sa.String(10), en="Present village number", group="home"
    )
    home_street: Mapped[str | None] = field(
        "ถนน/ซอย (ที่อยู่ปัจจุบัน)", sa.String(120), en="Present street", group="home"
    )
    home_subdistrict: Mapped[str | None] = field(
        "ตำบล (ที่อยู่ปัจจุบัน)", sa.String(80), en="Present subdistrict", group="home"
    )
    home_district: Mapped[str | None] = field(
        "อำเภอ (ที่อยู่ปัจจุบัน)", sa.String(80), en="Present district", group="home"
    )
    home_province: Mapped[str | None] = field(
        "จังหวัด (ที่อยู่ปัจจุบัน)", sa.String(80), en="Present province", group="home"
    )
    home_postcode: Mapped[str | None] = field(
        "รหัสไปรษณีย์ (ที่อยู่ปัจจุบัน)", sa.String(5), en="Present postcode", group="home", kind=kinds.Digits(5)
    )
    home_phone: Mapped[str | None] = field(
        "โทรศัพท์ (ที่อยู่ปัจจุบัน)", sa.String(40), en="Present phone", group="home"
    )
    journey: Mapped[Journey | None] = field(
        "วิธีเดินทางมาโรงเรียน", en="Way to school", group="journey", filtered=True
    )
    journey_minutes: Mapped[int | None] = field(
        "เวลาเดินทาง", en="Time on the way", group="journey", unit="นาที", minimum=0, maximum=600
    )
    journey_paved_m: Mapped[int | None] = field(
        "ระยะทางถนนลาดยาง",
        en="Distance on paved road",
        group="journey",
        unit="เมตร",
        minimum=0,
        maximum=500_000,
    )
    journey_gravel_m: Mapped[int | None] = field(
        "ระยะทางถนนลูกรัง", en="Distance on gravel", group="journey", unit="เมตร", minimum=0, maximum=500_000
    )
    journey_water_m: Mapped[int | None] = field(
        "ระยะทางทางน้ำ", en="Distance by water", group="journey", unit="เมตร", minimum=0, maximum=500_000
    )
    disadvantage: Mapped[Disadvantage] = field(
        "ความด้อยโอกาส", en="Disadvantage", group="welfare", filtered=True, default=Disadvantage.NONE
    )
    disability: Mapped[Disability] = field(
        "ความพิการ",
        en="Disability",
        group="welfare",
        privacy=Privacy.HEALTH,
        filtered=True,
        default=Disability.NONE,
    )
    lacks_books: Mapped[bool | None] = field("ขาดแคลนแบบเรียน", en="Lacks textbooks", group="welfare")
    lacks_food: Mapped[bool | None] = field("ขาดแคลนอาหารกลางวัน", en="Lacks lunch", group="welfare")
    lacks_stationery: Mapped[bool | None] = field("ขาดแคลนเครื่องเขียน", en="Lacks stationery", group="welfare")
    lacks_uniform: Mapped[bool | None] = field("ขาดแคลนเครื่องแบบ", en="Lacks uniform", group="welfare")
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

    photo: Mapped[str | None] = field(
        "ภาพถ่ายนักเรียน",
        sa.String(40),
        en="Photo",
        kind=kinds.Photo(),
        group="identity",
        privacy=Privacy.IDENTITY,
    )

    # By the database itself, so that no path can forget it. Deferred: only the search for duplicates reads it.
    name_key: Mapped[str] = mapped_column(sa.Text, name_key_of("first_name", "last_name"), deferred=True)

    school: Mapped[School] = relationship(lazy="raise")

    @hybrid_property
    def is_enrolled(self) -> bool:
        """True for who counts as the school's: everything that counts or lists its pupils asks this."""
        return self.status is StudentStatus.ENROLLED

    @is_enrolled.inplace.expression
    @classmethod
    def _is_enrolled_sql(cls) -> sa.ColumnElement[bool]:
        return cls.status == StudentStatus.ENROLLED

    guards_every_write = False

    def guard(self, connection: sa.Connection) -> None:
        """R45: who sat this year's final exam stays until the year is turned; deleting is leaving, too."""
        session = object_session(self)
        if session is not None and self in session.deleted:
            # Asked of the database: what the object remembers may be old, or gone.
            table = Student.__table__
            if connection.scalar(
                sa.select(table.c.sat_final_exam).where(table.c.id == sa.inspect(self).identity[0])
            ):
                raise SatFinalExam(name=str(self))

    def __repr__(self) -> str:
        return f"{self.title.th}{self.first_name} {self.last_name}"
