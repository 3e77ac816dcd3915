"""The end of the year: results of the final exam, the admission plan, and what the turn of the year did."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from .. import kinds
from ..access import CENTRE
from ..codes import Absence, AfterFail, Destination, FailCriterion, Grade, RoundSystem, Turn
from ..declaration import Base, BigId, Dataset, Menus, Private, Versioned, field
from .places import SchoolOwned, SchoolRecord


class YearResult(SchoolRecord):
    """What the end of an academic year was for one student of a school (R40–R47). Written by ``workflows/results``.

    ``grade`` is the one in which the exam was sat: after a correction of the student's grade the result no
    longer holds and is recorded anew. Passed is who sat and failed by no criterion.
    """

    __tablename__ = "year_result"
    __dataset__ = Dataset(
        "ผลการเรียนสิ้นปี",
        "Results of the year",
        menu=Menus.PEOPLE,
        key=("academic_year", "student_id"),
        listed=(
            "school_code",
            "academic_year",
            "student_id",
            "grade",
            "sat",
            "criterion",
            "after_fail",
            "absence",
            "destination",
        ),
        sorted=("academic_year", "grade"),
        title=("student_id",),
        round=RoundSystem.DMC,
        managed=True,
        icon="list-checks",
    )
    __table_args__ = (
        sa.CheckConstraint("criterion IS NULL OR sat", name="failed_who_sat"),
        sa.CheckConstraint("after_fail IS NULL OR criterion IS NOT NULL", name="decided_who_failed"),
        sa.CheckConstraint("absence IS NULL OR NOT sat", name="absent_who_did_not_sit"),
        sa.CheckConstraint("destination IS NULL OR (sat AND criterion IS NULL)", name="goes_on_who_passed"),
        sa.Index("ix_year_result_student", "student_id"),
    )

    round_id: Mapped[int] = field(
        "รอบ", sa.ForeignKey("collection_round.id"), en="Round", kind=kinds.Whole(), editable=False
    )
    academic_year: Mapped[int] = field("ปีการศึกษา", en="Academic year", filtered=True)
    student_id: Mapped[int] = field("นักเรียน", sa.ForeignKey("student.id"), en="Student")
    grade: Mapped[Grade] = field("ชั้น", en="Grade", filtered=True)
    sat: Mapped[bool] = field("เข้าสอบปลายภาค", en="Sat the final exam", filtered=True)
    criterion: Mapped[FailCriterion | None] = field("สอบตกเพราะ", en="Failed by", filtered=True)
    after_fail: Mapped[AfterFail | None] = field("ผลของการสอบตก", en="After failing", filtered=True)
    absence: Mapped[Absence | None] = field(
        "ไม่เข้าสอบ ยังคงอยู่เพราะ", en="Did not sit, still there", filtered=True
    )
    note: Mapped[str | None] = field("หมายเหตุ", sa.String(200), en="Note")
    destination: Mapped[Destination | None] = field("ศึกษาต่อหรือทำงาน", en="Goes on to", filtered=True)

    @hybrid_property
    def passed(self) -> bool:
        """True when the student sat the exam and failed by no criterion."""
        return self.sat and self.criterion is None

    @passed.inplace.expression
    @classmethod
    def _passed_sql(cls) -> sa.ColumnElement[bool]:
        return sa.and_(cls.sat, cls.criterion.is_(None))


class AdmissionPlan(SchoolRecord):
    """How many a school means to take into a grade in the year to come (R37). Written by ``workflows/results``."""

    __tablename__ = "admission_plan"
    __dataset__ = Dataset(
        "แผนการรับนักเรียน",
        "Admission plans",
        menu=Menus.PEOPLE,
        key=("academic_year", "grade"),
        round=RoundSystem.DMC,
        managed=True,
        icon="clipboard-list",
    )

    round_id: Mapped[int] = field(
        "รอบ", sa.ForeignKey("collection_round.id"), en="Round", kind=kinds.Whole(), editable=False
    )
    academic_year: Mapped[int] = field("รับเข้าปีการศึกษา", en="Admitted in academic year", filtered=True)
    grade: Mapped[Grade] = field("ชั้น", en="Grade", filtered=True)
    rooms: Mapped[int] = field("จำนวนห้อง", en="Rooms", minimum=0, maximum=99)
    seats: Mapped[int] = field("จำนวนนักเรียนที่จะรับ", en="Students to be taken", minimum=0, maximum=9_999)


class PromotionShare(Private, Versioned, Base):
    """One area's part of the turn of a year: done once, in one transaction, by whoever claims it.

    ``doing`` is true only inside that transaction: by it the lock of the rounds knows the one lawful change of
    grades between two years, and nobody else ever sees it. ``why`` counts who was left over by reason.
    """

    __tablename__ = "promotion_share"
    __table_args__ = (
        sa.UniqueConstraint("closed_round_id", "area_code"),
        sa.Index("ix_promotion_share_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # Not "round_id": rows of a round are never written once it is closed, and this begins with the closing.
    closed_round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("area.code"), nullable=False)
    doing: Mapped[bool] = mapped_column(nullable=False, server_default=sa.false())
    done_at: Mapped[dt.datetime | None] = mapped_column()
    done_by: Mapped[str | None] = mapped_column(sa.String(160))
    promoted: Mapped[int | None] = mapped_column()
    continued: Mapped[int | None] = mapped_column()
    repeated: Mapped[int | None] = mapped_column()
    graduated: Mapped[int | None] = mapped_column()
    left_over: Mapped[int | None] = mapped_column()
    why: Mapped[dict[str, Any] | None] = mapped_column()

    def owner_scope(self, connection: sa.Connection) -> str:
        return f"{CENTRE}/{self.area_code}"


class LeftOver(SchoolOwned, Base):
    """A student whom the turn of a year left where they were, and why."""

    __tablename__ = "left_over"
    __table_args__ = (
        sa.Index("ix_left_over_scope", "scope", "closed_round_id"),
        sa.Index("ix_left_over_student", "student_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    closed_round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    student_id: Mapped[int] = mapped_column(sa.ForeignKey("student.id"), nullable=False)
    grade: Mapped[Grade] = mapped_column(nullable=False)
    reason: Mapped[Turn] = mapped_column(nullable=False)
