"""Movements of students: what was done with their place in a school, and what was there before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..codes import MovementKind
from ..declaration import Base, BigId
from .places import SchoolOwned


class Movement(SchoolOwned, Base):
    """One movement as the school concerned records it; of a transfer both schools have one.

    ``before`` and ``after`` hold the student's fields that changed, as JSON; undoing gives back ``before``.
    Written by ``workflows/movements`` alone.
    """

    __tablename__ = "movement"
    __table_args__ = (
        sa.Index("ix_movement_scope", "scope", "round_id", "kind"),
        sa.Index("ix_movement_student", "student_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    student_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("student.id"), nullable=False)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    kind: Mapped[MovementKind] = mapped_column(nullable=False)
    happened_on: Mapped[dt.date] = mapped_column(nullable=False)
    ground: Mapped[str | None] = mapped_column(sa.String(16))
    note: Mapped[str] = mapped_column(sa.String(500), nullable=False)
    other_school: Mapped[str | None] = mapped_column(sa.ForeignKey("school.code"))
    evidence: Mapped[str | None] = mapped_column(sa.String(40))
    request_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("request.id"))
    before: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    after: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    done_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    done_by_id: Mapped[int | None] = mapped_column()
    done_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    undone_at: Mapped[dt.datetime | None] = mapped_column()
    undone_by: Mapped[str | None] = mapped_column(sa.String(160))
