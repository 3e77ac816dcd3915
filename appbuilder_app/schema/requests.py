"""Requests: what one asks and others answer or decide; each side has its own copy of what it may know."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..access import Level
from ..bilingual import Label, Sentence, unpacked
from ..codes import RequestKind, RequestSide, RequestState, RequestStepKind
from ..declaration import Base, BigId, Private

SETTLED = tuple(state.value for state in RequestState if state.is_settled)
_UNSETTLED = sa.text("state NOT IN ({})".format(", ".join(f"'{state}'" for state in SETTLED)))


REGISTER = Label("ระบบ", "The register")
"""Who has done what nobody has done."""
_NAMES = {name[:]: name for name in (REGISTER, Level.CENTRAL.th)}


def _named(name: str) -> str:
    """A person or a place as it was kept; what is no proper name knows its English."""
    return _NAMES.get(name, name)


class _OfASide(Private):
    """A row of one side. Only the verbs of ``workflows/requests/`` write it, and they name the side."""

    def owner_scope(self, connection: sa.Connection) -> str:
        return self.scope


class Request(_OfASide, Base):
    """A request as a whole: who asked, for what, and what came of it. Locked while a verb works on it.

    Its row belongs to who asks; others know of it by their ``RequestParty``. ``topic`` names what there can be
    one unsettled request about (``student:12``); ``facts`` is what its kind needs to carry it out.
    """

    __tablename__ = "request"
    __table_args__ = (
        sa.Index("ix_request_scope", "scope", "id"),
        sa.Index("ix_request_student", "student_id"),
        # Two schools that ask for one child at the same moment: the database lets one in.
        sa.Index(
            "uq_request_topic", "topic", unique=True, postgresql_where=_UNSETTLED, sqlite_where=_UNSETTLED
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[RequestKind] = mapped_column(nullable=False)
    state: Mapped[RequestState] = mapped_column(nullable=False)
    student_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("student.id"))
    topic: Mapped[str | None] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    opened_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    opened_by_id: Mapped[int | None] = mapped_column()
    opened_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    deadline: Mapped[dt.datetime | None] = mapped_column()
    decided_at: Mapped[dt.datetime | None] = mapped_column()
    decided_by_id: Mapped[int | None] = mapped_column()
    decided_by: Mapped[str | None] = mapped_column(sa.String(160))
    decision: Mapped[str | None] = mapped_column(sa.String(1000))


class RequestParty(_OfASide, Base):
    """One side's copy of a request: what it may know (``shown``), whether it must act, and whether it knows.

    ``waiting``: this side has the next move. ``unread``: something happened that nobody of it has noted yet.
    """

    __tablename__ = "request_party"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "scope"),
        sa.Index("ix_request_party_inbox", "scope", "waiting", "unread"),
        sa.Index("ix_request_party_latest", "scope", "side", "changed_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("request.id"), nullable=False)
    side: Mapped[RequestSide] = mapped_column(nullable=False)
    kind: Mapped[RequestKind] = mapped_column(nullable=False)
    state: Mapped[RequestState] = mapped_column(nullable=False)
    waiting: Mapped[bool] = mapped_column(nullable=False)
    unread: Mapped[bool] = mapped_column(nullable=False)
    title: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    asked_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    shown: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    """Thai label to text, as ``bilingual.packed`` keeps it."""
    opened_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    deadline: Mapped[dt.datetime | None] = mapped_column()
    changed_at: Mapped[dt.datetime] = mapped_column(nullable=False)

    @property
    def told(self) -> dict[str, str]:
        """What this side may know, label to text; both know their English."""
        return {Sentence(label): unpacked(kept) for label, kept in self.shown.items()}

    @property
    def asker(self) -> str:
        """``asked_by``, which knows its English where it is no proper name."""
        return _named(self.asked_by)


class RequestStep(_OfASide, Base):
    """One thing that was done about a request, in the copy of a side that may know of it. Never changed."""

    __tablename__ = "request_step"
    __table_args__ = (sa.Index("ix_request_step_side", "request_id", "scope", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("request.id"), nullable=False)
    kind: Mapped[RequestStepKind] = mapped_column(nullable=False)
    at: Mapped[dt.datetime] = mapped_column(nullable=False)
    actor_id: Mapped[int | None] = mapped_column()
    actor: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    place: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    text: Mapped[str] = mapped_column(sa.String(1000), nullable=False)
    said: Mapped[dict[str, Any] | None] = mapped_column()
    """The text as ``bilingual.packed`` keeps it, where the register itself has said it."""
    file: Mapped[str | None] = mapped_column(sa.String(40))

    @property
    def told(self) -> str:
        """The text, which knows its English where the register has said it."""
        return unpacked(self.said) if self.said else self.text

    @property
    def who(self) -> str:
        """``actor``, which knows its English where it is no person."""
        return _named(self.actor)

    @property
    def where(self) -> str:
        """``place``, which knows its English where it is no proper name."""
        return _named(self.place)
