"""What the civil register was asked about a child of a request, and what it answered."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..codes import CivilAnswer
from ..declaration import Base, BigId, Private


class CivilInquiry(Private, Base):
    """One question of a batch, of who decides the request (R58). ``batch`` is the number of its first question.

    Written by ``workflows/civil.py`` alone; of several questions about a request the newest answer counts.
    """

    __tablename__ = "civil_inquiry"
    __table_args__ = (
        sa.Index("ix_civil_inquiry_scope", "scope", "batch"),
        sa.Index("ix_civil_inquiry_request", "request_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("request.id"), nullable=False)
    batch: Mapped[int | None] = mapped_column(BigId)
    asked_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    asked_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    answer: Mapped[CivilAnswer | None] = mapped_column()
    number: Mapped[str | None] = mapped_column(sa.String(13))
    note: Mapped[str | None] = mapped_column(sa.String(300))
    answered_at: Mapped[dt.datetime | None] = mapped_column()
    answered_by: Mapped[str | None] = mapped_column(sa.String(160))

    def owner_scope(self, connection: sa.Connection) -> str:
        return self.scope
