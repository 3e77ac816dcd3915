"""What schools say to the findings of their checklist that are queries."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from ..codes import Check, RoundSystem, SubmissionState
from ..declaration import Dataset, Menus, field
from ..errors import RoundClosed, SubmissionLocked
from .places import SchoolRecord
from .rounds import CollectionRound, round_label
from .submissions import Submission

LONGEST = 500
_ROUND, _SUBMISSION = CollectionRound.__table__, Submission.__table__


class Explanation(SchoolRecord):
    """Why a finding of a round's checklist is right as it is: the school's words, by whom and when.

    ``subject`` names what the rule points at within the school: ``student:12``, ``grade:04``, a dataset, or ``school``
    for the school as a whole. ``label`` is what people called it then, so that the row is read when a student is long
    gone; ``finding`` is what the rule said. Written by ``workflows/explanations.py`` alone, and never deleted.
    """

    __tablename__ = "explanation"
    __dataset__ = Dataset(
        "คำชี้แจงข้อมูล",
        "Explanations",
        menu=Menus.ROUNDS,
        key=("system", "academic_year", "round_number", "rule", "subject"),
        listed=("school_code", "round_number", "rule", "label", "text", "given_by", "given_at"),
        order=("scope", "academic_year", "round_number", "id"),
        sorted=("given_at",),
        title=("label",),
        managed=True,
        rights={
            "administrator": "read export",
            "school_officer": "read write export",
            "district_officer": "read write export",
        },
        icon="clipboard-list",
    )

    system: Mapped[RoundSystem] = field("ระบบ", en="System", filtered=True)
    academic_year: Mapped[int] = field("ปีการศึกษา", en="Academic year", filtered=True)
    round_number: Mapped[int] = field("รอบที่", en="Round", filtered=True)
    rule: Mapped[Check] = field("ข้อตรวจสอบ", en="Check", filtered=True)
    rule_version: Mapped[int] = field("รุ่นของข้อตรวจสอบ", en="Version of the check")
    subject: Mapped[str] = field("รหัสของเรื่อง", sa.String(60), en="Subject", nullable=False)
    label: Mapped[str] = field("เรื่อง", sa.String(200), en="About", searched=True)
    finding: Mapped[str | None] = field("ที่พบ", sa.String(300), en="Found")
    text: Mapped[str] = field("คำชี้แจง", sa.String(LONGEST), en="Explanation", searched=True)
    given_by: Mapped[str] = field("ผู้ชี้แจง", sa.String(160), en="Given by")
    given_at: Mapped[dt.datetime] = field("ชี้แจงเมื่อ", en="Given at")

    def guard(self, connection: sa.Connection) -> None:
        """Until the school confirms: what was explained then is what the district and the next round read."""
        asked = sa.select(_ROUND).filter_by(
            system=self.system, academic_year=self.academic_year, number=self.round_number
        )
        # FOR SHARE: closing and confirming take FOR UPDATE, so no word lands after them.
        one = connection.execute(asked.with_for_update(read=True)).one()
        label = round_label(one.number, one.academic_year, one.system)
        if one.closed_at is not None:
            raise RoundClosed(round=label)
        its = sa.select(_SUBMISSION.c.state).filter_by(round_id=one.id, school_code=self.school_code)
        state = connection.scalar(its.with_for_update(read=True))
        if state not in (None, SubmissionState.OPEN):
            raise SubmissionLocked(round=label, state=state.th)

    def __repr__(self) -> str:
        return self.label
