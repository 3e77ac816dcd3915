"""G-code requests: what the form says of the child, its papers, and who may hand one in."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .. import kinds
from ..codes import EvidenceRung, GDocument, Grade, Religion, Sex, Title
from ..declaration import Base, BigId, Versioned, field
from .family import Family
from .places import SchoolOwned


class GCodeApplication(Family, SchoolOwned, Versioned, Base):
    """The form of a child without an ID number (R31). A draft until it is sent; then its request says how far it is.

    Columns that a student has too are called alike: an approved child is entered from them. ``number`` is the
    code that was issued, ``student_id`` the child in the register.
    """

    __tablename__ = "g_code_application"
    __table_args__ = (
        sa.UniqueConstraint("request_id"),
        sa.Index("ix_g_code_application_scope", "scope", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    request_id: Mapped[int | None] = mapped_column(BigId)
    number: Mapped[str | None] = mapped_column(sa.String(13))
    student_id: Mapped[int | None] = mapped_column(BigId)
    written_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    written_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)

    title: Mapped[Title] = field("คำนำหน้าชื่อ", en="Title", group="child")
    first_name: Mapped[str] = field("ชื่อ", sa.String(80), en="First name", group="child")
    last_name: Mapped[str] = field(
        "นามสกุล", sa.String(80), en="Last name", group="child", hint="ไม่มีให้ใส่ -", hint_en="- for none"
    )
    english_first_name: Mapped[str | None] = field(
        "ชื่อภาษาอังกฤษ", sa.String(80), en="English first name", group="child"
    )
    english_last_name: Mapped[str | None] = field(
        "นามสกุลภาษาอังกฤษ", sa.String(80), en="English last name", group="child"
    )
    sex: Mapped[Sex] = field("เพศ", en="Sex", group="child")
    birth_date: Mapped[dt.date] = field(
        "วันเกิด", en="Date of birth", group="child", hint="วว/ดด/พ.ศ.", hint_en="dd/mm/Buddhist year"
    )
    nationality: Mapped[str] = field(
        "สัญชาติ",
        sa.String(60),
        en="Nationality",
        group="child",
        hint="ไม่ทราบให้ใส่ ไร้สัญชาติ",
        hint_en="stateless if unknown",
    )
    ethnicity: Mapped[str | None] = field("เชื้อชาติ", sa.String(60), en="Ethnicity", group="child")
    religion: Mapped[Religion | None] = field("ศาสนา", en="Religion", group="child")
    birth_country: Mapped[str] = field("ประเทศที่เกิด", sa.String(60), en="Country of birth", group="child")
    birth_province: Mapped[str | None] = field(
        "จังหวัดหรือเมืองที่เกิด", sa.String(80), en="Province or town of birth", group="child"
    )
    birth_certificate_number: Mapped[str | None] = field(
        "เลข 13 หลักในสูติบัตรไทย",
        sa.String(20),
        en="Number on the Thai birth certificate",
        group="child",
        hint="ถ้ามีเลขนี้ ไม่ต้องขอรหัส G",
        hint_en="with it no G-code is needed",
    )
    grade: Mapped[Grade] = field("ชั้น", en="Grade", group="class")
    room: Mapped[int] = field("ห้อง", en="Room", group="class", minimum=1, maximum=99)
    student_number: Mapped[str] = field("เลขประจำตัวนักเรียน", sa.String(20), en="Student number", group="class")
    admission_date: Mapped[dt.date | None] = field(
        "วันที่เข้าเรียน", en="Date of admission", group="class", hint="วว/ดด/พ.ศ.", hint_en="dd/mm/Buddhist year"
    )
    sat_final_exam: Mapped[bool | None] = field(
        "เข้าสอบปลายภาคเรียนที่ 2",
        en="Sat the final exam",
        group="class",
        hint="เฉพาะรอบสิ้นปี: รับเข้าได้เฉพาะผู้ที่เข้าสอบปลายภาคของปีนี้ รอบอื่นเว้นว่าง",
        hint_en="End-of-year round only: it takes in who sat this year's final exam; otherwise leave empty",
    )
    home_house_no: Mapped[str] = field("บ้านเลขที่", sa.String(40), en="House number", group="home")
    home_village_no: Mapped[str | None] = field("หมู่", sa.String(10), en="Village number", group="home")
    home_street: Mapped[str | None] = field("ถนน/ซอย", sa.String(120), en="Street", group="home")
    home_subdistrict: Mapped[str] = field("ตำบล", sa.String(80), en="Subdistrict", group="home")
    home_district: Mapped[str] = field("อำเภอ", sa.String(80), en="District", group="home")
    home_province: Mapped[str] = field("จังหวัด", sa.String(80), en="Province", group="home")
    home_postcode: Mapped[str | None] = field(
        "รหัสไปรษณีย์", sa.String(5), en="Postcode", group="home", kind=kinds.Digits(5)
    )
    home_phone: Mapped[str | None] = field("โทรศัพท์", sa.String(40), en="Phone", group="home")
    rung: Mapped[EvidenceRung] = field("หลักฐานสูงสุดที่มี", en="Best evidence there is", group="evidence")
    rung_reason: Mapped[str | None] = field(
        "เหตุที่ไม่มีหลักฐานขั้นที่สูงกว่า", sa.String(500), en="Why there is no better evidence", group="evidence"
    )
    parents_without_papers: Mapped[str | None] = field(
        "เหตุที่ไม่มีหนังสือเดินทางของบิดามารดาและทะเบียนบ้านนายจ้าง",
        sa.String(500),
        en="Why there is neither a parent's passport nor the employer's house registration",
        group="evidence",
    )

    def __repr__(self) -> str:
        return f"{self.title.th}{self.first_name} {self.last_name}"


class GCodePaper(SchoolOwned, Base):
    """One document of a G-code request, and what the area has found of it. A new file takes the finding away."""

    __tablename__ = "g_code_paper"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "document"),
        sa.Index("ix_g_code_paper_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    application_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("g_code_application.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    document: Mapped[GDocument] = mapped_column(nullable=False)
    stored: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    sent_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    sent_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    accepted: Mapped[bool | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(sa.String(300))
    checked_at: Mapped[dt.datetime | None] = mapped_column()
    checked_by: Mapped[str | None] = mapped_column(sa.String(160))


class GCodeUser(SchoolOwned, Base):
    """An account that its area has registered to hand in G-code requests (R57), until the area ends it."""

    __tablename__ = "g_code_user"
    __table_args__ = (
        sa.Index("ix_g_code_user_account", "account_id"),
        sa.Index("ix_g_code_user_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_user.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    request_id: Mapped[int] = mapped_column(BigId, nullable=False)
    name: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    position: Mapped[str] = mapped_column(sa.String(120), nullable=False)
    phone: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    approved_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    approved_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    ended_at: Mapped[dt.datetime | None] = mapped_column()
    ended_by: Mapped[str | None] = mapped_column(sa.String(160))
    end_reason: Mapped[str | None] = mapped_column(sa.String(500))
