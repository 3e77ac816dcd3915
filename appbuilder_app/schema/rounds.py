"""Collection rounds and their windows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .. import rules
from ..bilingual import Sentence
from ..codes import RoundSystem, WindowAction
from ..declaration import Base, Versioned
from ..walls import SetWork, set_based
from .growth import GrowthReference
from .settings import Setting


def round_label(number: int, academic_year: int, system: RoundSystem = RoundSystem.DMC) -> Sentence:
    """``รอบที่ 2 ปีการศึกษา 2569``; with the system in brackets where it is not the learners' (DMC)."""
    facts = {"number": number, "year": academic_year}
    if system is RoundSystem.DMC:
        return Sentence("รอบที่ {number} ปีการศึกษา {year}", **facts)
    return Sentence("รอบที่ {number} ปีการศึกษา {year} ({system})", system=system.short, **facts)


def _judged_by(context: Any) -> dict[str, int]:
    """All that is in force when a round is made: rules, settings, and for learners the growth reference."""
    made = context.get_current_parameters()
    with set_based(SetWork.LOCK):
        settings = Setting.values(context.connection)
        judged = rules.in_force(made["system"], number=made["number"], settings=settings)
        edition = GrowthReference.newest(context.connection) if made["system"] is RoundSystem.DMC else None
    return judged if edition is None else judged | {rules.REFERENCE: edition}


class CollectionRound(Versioned, Base):
    """A collection round: the state of a system's data as of its snapshot date (R3). Closed for good by R15."""

    __tablename__ = "collection_round"
    __table_args__ = (sa.UniqueConstraint("system", "academic_year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    system: Mapped[RoundSystem] = mapped_column(nullable=False)
    academic_year: Mapped[int] = mapped_column(nullable=False)
    number: Mapped[int] = mapped_column(nullable=False)
    snapshot_date: Mapped[dt.date] = mapped_column(nullable=False)
    source: Mapped[str] = mapped_column(sa.String(200), nullable=False, server_default="")
    judged_by: Mapped[dict[str, Any]] = mapped_column(nullable=False, default=_judged_by)
    """The rules of the checklist with their versions, the settings and the growth reference (``rules/judging.py``):

    fixed when the round is made."""
    closed_at: Mapped[dt.datetime | None] = mapped_column()
    closed_by: Mapped[str | None] = mapped_column(sa.String(160))

    def setting(self, code: str) -> int:
        """A setting's value that the round has fixed (``rules/settings.py``)."""
        return rules.given(self.judged_by, code)

    @property
    def label(self) -> Sentence:
        """``รอบที่ 2 ปีการศึกษา 2569``, with the system where it is not the learners'."""
        return round_label(self.number, self.academic_year, self.system)

    @hybrid_property
    def is_closed(self) -> bool:
        """True once central has closed the round: nothing of it can be written again."""
        return self.closed_at is not None

    @is_closed.inplace.expression
    @classmethod
    def _is_closed_sql(cls) -> sa.ColumnElement[bool]:
        return cls.closed_at.is_not(None)

    def __repr__(self) -> str:
        return self.label


class Window(Base):
    """When an action is open, for the whole country, a district or a school.

    The narrowest scope that has a window for the action decides; of two of one scope, the newer. So a
    national window, a district's days of grace (R35) and one school's exception are the same thing.
    """

    __tablename__ = "window"
    __table_args__ = (
        sa.CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
        sa.Index("ix_window_round", "round_id", "action", "scope"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    action: Mapped[WindowAction] = mapped_column(nullable=False)
    scope: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    opens_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    closes_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    reason: Mapped[str] = mapped_column(sa.String(300), nullable=False, server_default="")
    source: Mapped[str] = mapped_column(sa.String(200), nullable=False, server_default="")
    granted_by: Mapped[str] = mapped_column(sa.String(160), nullable=False, server_default="")
    granted_at: Mapped[dt.datetime] = mapped_column(nullable=False)

    round: Mapped[CollectionRound] = relationship(lazy="raise")
