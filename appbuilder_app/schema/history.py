"""The history: one row a change, and the seals that chain them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..declaration import Base, BigId, Private


class Change(Private, Base):
    """One change of one row: who, when, before, after, through which path and why. Nobody can edit it."""

    __tablename__ = "change"
    __table_args__ = (
        sa.Index("ix_change_row", "dataset", "row_key", "id"),
        sa.Index("ix_change_scope", "scope", "id"),
        # Whose files can go, after a while.
        sa.Index(
            "ix_change_deleted",
            "at",
            postgresql_where=sa.text("action = 'delete'"),
            sqlite_where=sa.text("action = 'delete'"),
        ),
        # What one import has written, for its undo; other changes have no batch and are not in the index.
        sa.Index(
            "ix_change_batch",
            "batch_id",
            postgresql_where=sa.text("batch_id IS NOT NULL"),
            sqlite_where=sa.text("batch_id IS NOT NULL"),
        ),
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


class HistorySeal(Base):
    """A block of the history, sealed: its rows' hashes, chained to the block before. Never changed.

    ``leaves`` has 16 bytes a row, its ``id`` and the first half of its hash, so that a row that was changed,
    taken out or slipped in can be named.
    """

    __tablename__ = "history_seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_id: Mapped[int] = mapped_column(BigId, nullable=False)
    last_id: Mapped[int] = mapped_column(BigId, nullable=False)
    rows: Mapped[int] = mapped_column(nullable=False)
    leaves: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False, deferred=True)
    previous: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    sealed_at: Mapped[dt.datetime] = mapped_column(nullable=False)
