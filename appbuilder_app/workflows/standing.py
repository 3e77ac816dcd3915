"""What to do next, by whom and until when: the sentences of each role's home page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .. import access
from ..access import CENTRE, Action, Level
from ..bilingual import Sentence
from ..codes import SubmissionState, WindowAction
from ..dataset import lock
from ..errors import RuleViolation
from ..models import CollectionRound, School, Submission
from . import checklist, rounds, submissions, watching
from .submissions import ACKNOWLEDGE, CERTIFY, CONFIRM, SUBJECT, Step
from .timetable import Timetable, timetable_of


@dataclass(frozen=True)
class Task:
    """One thing to do or to wait for.

    ``action`` is what the viewer may do; None when somebody else has to act. ``refusal`` tells why it cannot
    be done at this moment. ``count`` is the number of schools, or of findings on the checklist.
    """

    sentence: str
    action: Action | None = None
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    count: int = 0
    refusal: RuleViolation | None = None

    @property
    def is_possible(self) -> bool:
        """True when the viewer can do it now."""
        return self.action is not None and self.refusal is None


def what_next() -> list[Task]:
    """The viewer's tasks of the present round, the most pressing first."""
    viewer, present = access.viewer(), rounds.current_round()
    if present is None:
        return [_no_round()]
    of_level = {Level.SCHOOL: _of_school, Level.DISTRICT: _of_district, Level.CENTRAL: _of_centre}
    return of_level[viewer.level](present)


def left_until(moment: dt.datetime | None) -> str:
    """``เหลืออีก 3 วัน 4 ชั่วโมง``; ``หมดเวลาแล้ว`` when it is past; empty when no time is set."""
    if moment is None:
        return ""
    minutes = int((moment - lock.now()).total_seconds() // 60)
    if minutes < 0:
        return Sentence("หมดเวลาแล้ว")
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return Sentence("เหลืออีก {days} วัน {hours} ชั่วโมง", days=days, hours=hours)
    if hours:
        return Sentence("เหลืออีก {hours} ชั่วโมง {minutes} นาที", hours=hours, minutes=rest)
    return Sentence("เหลืออีก {minutes} นาที", minutes=rest)


def _no_round() -> Task:
    if access.viewer().may(Action.MANAGE, "round"):
        return Task(Sentence("ยังไม่มีรอบที่เปิดอยู่ เพิ่มรอบของปีการศึกษา"), Action.MANAGE)
    return Task(Sentence("ยังไม่มีรอบที่เปิดอยู่ ส่วนกลางจะเป็นผู้เปิดรอบ"))


# ── A school ─────────────────────────────────────────────────────────────────────────────────────────────

_DO = {
    CONFIRM: Sentence("ตรวจรายชื่อและจำนวนนักเรียนให้ถูกต้อง แล้วยืนยันข้อมูล"),
    CERTIFY: Sentence("ตรวจจำนวนนักเรียนเทียบกับรอบก่อน แล้วรับรองข้อมูล"),
}


def _of_school(present: CollectionRound) -> list[Task]:
    submission = submissions.submission_of(access.viewer().school_code, present)
    school = checklist.school_looked_after(submission.school_code)
    step = submissions.next_step(submission.state)
    if step is None:
        return [Task(Sentence("เขตพื้นที่รับทราบข้อมูลแล้ว ไม่ต้องทำอะไรอีกในรอบนี้"))]
    return [_school_task(step, submission, school, timetable_of(present))]


def _school_task(step: Step, submission: Submission, school: School, timetable: Timetable) -> Task:
    window = timetable.window(step.window, submission.scope)
    opens, closes = (window.opens_at, window.closes_at) if window else (None, None)
    if not access.viewer().may(step.action, SUBJECT):
        return Task(_waiting_for(submission.state, step), None, opens, closes)
    refusal = submissions.refusal_of(step, submission, school, timetable)
    waiting = len(checklist.checklist(school.code).open) if step is CONFIRM else 0
    if waiting:
        sentence = Sentence("แก้หรือชี้แจง {count} เรื่องในรายการตรวจสอบ แล้วยืนยันข้อมูล", count=waiting)
        return Task(sentence, step.action, opens, closes, waiting, refusal)
    return Task(_DO[step], step.action, opens, closes, 0, refusal)


def _waiting_for(state: SubmissionState, step: Step) -> Sentence:
    return Sentence("รอ{actor}{action}", actor=watching.actor_of(state), action=step.action.th)


# ── A district ───────────────────────────────────────────────────────────────────────────────────────────


def _of_district(present: CollectionRound) -> list[Task]:
    watch = watching.district(present)
    timetable = timetable_of(present)
    tasks = [
        _waiting(ACKNOWLEDGE, "ตรวจและรับทราบ {count} โรงเรียนที่รับรองแล้ว", watch.counts, timetable),
        _waiting(CERTIFY, "ติดตาม {count} โรงเรียนที่ยืนยันแล้วแต่ผู้อำนวยการยังไม่รับรอง", watch.counts, timetable),
        _waiting(CONFIRM, "ติดตาม {count} โรงเรียนที่ยังไม่ยืนยัน", watch.counts, timetable),
    ]
    return [task for task in tasks if task.count] or [Task(Sentence("ทุกโรงเรียนในเขตเสร็จแล้วสำหรับรอบนี้"))]


def _waiting(step: Step, sentence: str, counts: dict[SubmissionState, int], timetable: Timetable) -> Task:
    viewer, count = access.viewer(), counts[step.before]
    window = timetable.window(step.window, viewer.scope)
    mine = viewer.may(step.action, SUBJECT)
    return Task(
        Sentence(sentence, count=f"{count:,}"),
        step.action if mine else None,
        window.opens_at if window else None,
        window.closes_at if window else None,
        count,
        timetable.refusal(step.window, viewer.scope) if mine else None,
    )


# ── The centre ───────────────────────────────────────────────────────────────────────────────────────────


def _of_centre(present: CollectionRound) -> list[Task]:
    counts, timetable = rounds.counts_by_state(present), timetable_of(present)
    tasks = [
        _waiting(CONFIRM, "{count} โรงเรียนยังไม่ยืนยัน", counts, timetable),
        _waiting(CERTIFY, "{count} โรงเรียนรอผู้อำนวยการรับรอง", counts, timetable),
        _waiting(ACKNOWLEDGE, "{count} โรงเรียนรอเขตพื้นที่รับทราบ", counts, timetable),
    ]
    return [*(task for task in tasks if task.count), *_closing(present, timetable)]


def _closing(present: CollectionRound, timetable: Timetable) -> list[Task]:
    """Closing is offered once nobody has time left to act (R15)."""
    last = timetable.closes_at(WindowAction.ACKNOWLEDGE, CENTRE)
    if not access.viewer().may(Action.CLOSE, "round") or last is None or last > lock.now():
        return []
    return [Task(Sentence("หมดเวลารับทราบแล้ว ปิด{round}", round=present.label), Action.CLOSE)]
