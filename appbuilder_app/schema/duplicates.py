"""Duplicates: the other agencies' lists of children, with which ours are compared, and the records of cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..codes import Agency, DuplicateKind, RecordState
from ..declaration import Base, BigId, Private, name_key_of


class _OfAnOffice(Private):
    """A row of an area or of the centre. Only the verbs of ``workflows/duplicates`` write it, and name whose."""

    def owner_scope(self, connection: sa.Connection) -> str:
        return self.scope


class AgencyList(_OfAnOffice, Base):
    """A list of children that another agency has sent for a round (R33, R36)."""

    __tablename__ = "agency_list"
    __table_args__ = (sa.Index("ix_agency_list_scope", "scope", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    agency: Mapped[Agency] = mapped_column(nullable=False)
    filename: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    children: Mapped[int] = mapped_column(nullable=False)
    uploaded_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    uploaded_by_id: Mapped[int | None] = mapped_column()
    uploaded_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)


class AgencyStudent(_OfAnOffice, Base):
    """One child of an agency's list: as much as is needed to recognise it, and nothing more."""

    __tablename__ = "agency_student"
    __table_args__ = (
        sa.Index("ix_agency_student_list", "list_id", "row_number"),
        sa.Index("ix_agency_student_scope", "scope"),
        sa.Index("ix_agency_student_national_id", "national_id"),
        sa.Index("ix_agency_student_same_child", "name_key", "birth_date"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("agency_list.id"), nullable=False)
    row_number: Mapped[int] = mapped_column(nullable=False)
    national_id: Mapped[str | None] = mapped_column(sa.String(13))
    first_name: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    last_name: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    birth_date: Mapped[dt.date] = mapped_column(nullable=False)
    school_name: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    grade: Mapped[str | None] = mapped_column(sa.String(40))
    name_key: Mapped[str] = mapped_column(sa.Text, name_key_of("first_name", "last_name"), deferred=True)


class DuplicateRecord(_OfAnOffice, Base):
    """One record of a case in the copy of one side: each school and who decides has a copy of each record.

    ``is_own``: the record is of the side itself, and this copy is the one that counting asks. ``student_id`` is
    known only there and to who decides. ``shown`` holds as much as the side needs to recognise the child.
    """

    __tablename__ = "duplicate_record"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "scope", "position"),
        sa.Index("ix_duplicate_record_counted", "scope", "is_own", "state", "student_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("request.id"), nullable=False)
    kind: Mapped[DuplicateKind] = mapped_column(nullable=False)
    position: Mapped[int] = mapped_column(nullable=False)
    is_own: Mapped[bool] = mapped_column(nullable=False)
    student_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("student.id"))
    state: Mapped[RecordState] = mapped_column(nullable=False)
    deadline: Mapped[dt.datetime] = mapped_column(nullable=False)
    shown: Mapped[dict[str, Any]] = mapped_column(nullable=False)

    @classmethod
    def counts_for_nobody(cls, scope: Any, student_id: Any, at: dt.datetime) -> sa.ColumnElement[bool]:
        """For a query on students: the student's case is open past its deadline."""
        return sa.exists(
            sa.select(cls.id).where(
                cls.scope == scope,
                cls.student_id == student_id,
                cls.is_own,
                cls.state == RecordState.OPEN,
                cls.deadline <= at,
            )
        )
