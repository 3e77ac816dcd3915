"""Identity numbers over time: G-codes that were issued, and numbers that were replaced by others."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..codes import Grade, NumberGround
from ..declaration import Base, BigId
from ..walls import SetWork, set_based
from .places import SchoolOwned


class GCode(SchoolOwned, Base):
    """A G-code that was issued: kept for ever as it was issued, so that it is never given again.

    Who holds it today is told by the students; what took its place, by ``NumberChange``.
    """

    __tablename__ = "g_code"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("request_id"),
        sa.Index("ix_g_code_scope", "scope", "issued_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(13), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    first_name: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    last_name: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    nationality: Mapped[str] = mapped_column(sa.String(60), nullable=False)
    grade: Mapped[Grade] = mapped_column(nullable=False)
    issued_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    issued_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    request_id: Mapped[int | None] = mapped_column(BigId)

    def __repr__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class NumberChange(SchoolOwned, Base):
    """A student's number was replaced: both stay linked, and the student is found by either. Never changed.

    The numbers of a student over time are the old numbers of their rows, in order, and then the present one.
    The row stays with the school that held the student then.
    """

    __tablename__ = "number_change"
    __table_args__ = (
        sa.Index("ix_number_change_old", "old_number"),
        sa.Index("ix_number_change_student", "student_id"),
        sa.Index("ix_number_change_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int] = mapped_column(BigId, nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    old_number: Mapped[str] = mapped_column(sa.String(13), nullable=False)
    new_number: Mapped[str] = mapped_column(sa.String(13), nullable=False)
    ground: Mapped[NumberGround] = mapped_column(nullable=False)
    request_id: Mapped[int | None] = mapped_column(BigId)
    changed_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    changed_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    changed_by_id: Mapped[int | None] = mapped_column()

    @classmethod
    def students_who_had(cls, connection: sa.Connection, number: str) -> list[int]:
        """Keys of the students, of any school, whose number this was: their present school finds them by it, too."""
        table = cls.__table__
        with set_based(SetWork.IDENTITY):
            query = sa.select(table.c.student_id).where(table.c.old_number == number).distinct()
            return list(connection.scalars(query))
