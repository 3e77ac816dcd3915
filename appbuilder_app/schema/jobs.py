"""Background jobs: the row is the truth, whatever a queue or a worker remembers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..bilingual import unpacked
from ..codes import JobState
from ..declaration import Base, BigId, Private


class Job(Private, Base):
    """Work that a person has ordered: what, for whom, how far it is, and what came of it.

    Texts are kept so that they can be told in Thai and in English; ``title_said`` and the like give them.
    ``claim`` is the token of the worker that does it now: who does not hold it writes nothing.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.Index("ix_job_owner", "owner_id", "id"),
        sa.Index("ix_job_scope", "scope", "id"),
        sa.Index("ix_job_state", "state", "heartbeat_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    title: Mapped[Any] = mapped_column(sa.JSON, nullable=False)
    owner_id: Mapped[int] = mapped_column(nullable=False)
    owner: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    locale: Mapped[str] = mapped_column(sa.String(5), nullable=False)
    action: Mapped[str | None] = mapped_column(sa.String(16))
    subject: Mapped[str | None] = mapped_column(sa.String(40))
    arguments: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    state: Mapped[JobState] = mapped_column(nullable=False)
    created_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    rung_at: Mapped[dt.datetime | None] = mapped_column()
    claim: Mapped[str | None] = mapped_column(sa.String(32))
    attempts: Mapped[int] = mapped_column(nullable=False, server_default="0")
    claimed_at: Mapped[dt.datetime | None] = mapped_column()
    heartbeat_at: Mapped[dt.datetime | None] = mapped_column()
    finished_at: Mapped[dt.datetime | None] = mapped_column()
    cancel_asked: Mapped[bool] = mapped_column(nullable=False, server_default=sa.false())
    done: Mapped[int] = mapped_column(nullable=False, server_default="0")
    total: Mapped[int | None] = mapped_column()
    progress: Mapped[Any | None] = mapped_column(sa.JSON)
    mark: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    error: Mapped[Any | None] = mapped_column(sa.JSON)
    result: Mapped[Any | None] = mapped_column(sa.JSON)
    result_url: Mapped[str | None] = mapped_column(sa.String(200))
    stored_as: Mapped[str | None] = mapped_column(sa.String(120))
    file_name: Mapped[str | None] = mapped_column(sa.String(200))
    media_type: Mapped[str | None] = mapped_column(sa.String(80))
    size: Mapped[int | None] = mapped_column(sa.BigInteger)

    @property
    def title_said(self) -> Any:
        """What the job is, as its owner called it."""
        return unpacked(self.title)

    @property
    def progress_said(self) -> Any:
        """What it is doing now, or None."""
        return unpacked(self.progress)

    @property
    def error_said(self) -> Any:
        """Why it failed and what to do, or None."""
        return unpacked(self.error)

    @property
    def result_said(self) -> Any:
        """What came of it, or None."""
        return unpacked(self.result)

    @property
    def is_settled(self) -> bool:
        """True once nothing more will happen by itself."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}
