"""Requests: who sees which copy, who may take which step, and that of two who settle one exactly one does."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.codes import RequestKind, RequestSide, RequestState, RequestStepKind
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    AskedAlready,
    EvidenceMissing,
    NotPermitted,
    NotThisSide,
    NotThisTurn,
    NotYours,
    OwnRequest,
    ReasonMissing,
    RequestSettled,
    RuleViolation,
)
from appbuilder_app.models import Change, Request, RequestParty, RequestStep
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import requests
from appbuilder_app.workflows.requests import Decision, Evidence, Handling, New, Side
from appbuilder_app.workflows.requests.kinds import _HANDLED
from tests.app_fixtures import FOREIGN, SCHOOL, SCOPES, World
from tests.round_fixtures import Round

PDF = b"%PDF-1.4 synthetic"
ASKING, ASKED, AREA = SCOPES[SCHOOL], SCOPES[FOREIGN], "C/1601"
KIND = RequestKind.DUPLICATE


class Carried(list[Decision]):
    """What the approvals of the invented kind did; ``stop`` refuses them."""

    stop: RuleViolation | None = None

    def __call__(self, decision: Decision) -> None:
        if self.stop is not None:
            raise self.stop
        self.append(decision)


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Carried:
    """The kind of these tests: approving it is noted."""
    noted = Carried()
    handling = Handling(noted, evidence="สำเนาสูติบัตร", silence_is_consent=True)
    monkeypatch.setitem(_HANDLED, KIND, handling)
    return noted


@pytest.fixture
def played(world: World, carried: Carried) -> Round:
    """The small world, with the invented kind."""
    return Round(world)


def new(**changed: Any) -> New:
    """Alice's school asks, Charlie's answers, Charlie's area decides."""
    facts: dict[str, Any] = {
        "kind": KIND,
        "title": "ด.ช. ชื่อ100 ทดสอบ",
        "reason": "เด็กมาเรียนที่นี่แล้ว",
        "sides": [
            Side(ASKING, RequestSide.ASKS),
            Side(ASKED, RequestSide.ANSWERS, {"เข้าเรียนเมื่อ": "10 มิ.ย. 2569"}),
            Side(AREA, RequestSide.DECIDES),
        ],
        "topic": "student:1",
        "evidence": [Evidence("สำเนาสูติบัตร", "a.pdf", PDF)],
    }
    return New(**facts | changed)


def opened(played: Round, **changed: Any) -> int:
    """A request of Alice's; its number."""
    number: int = played.does("alice", requests.open_request, new(**changed))
    return number


def state_of(world: World, number: int) -> tuple[RequestState, str | None]:
    """The state of the whole request and who decided it."""
    with world.acting("cee"):
        found = db.session.get_one(Request, number)
        return found.state, found.decided_by


def is_late(world: World, number: int) -> None:
    """The deadline was yesterday."""
    with world.acting("adam"), set_based(SetWork.BENCHMARK):
        late = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        db.session.connection().execute(
            sa.update(Request.__table__).where(Request.__table__.c.id == number).values(deadline=late)
        )
        db.session.commit()


# ── What each side sees ──────────────────────────────────────────────────────────────────────────────────


def test_each_side_sees_its_own_copy_and_nobody_else_any(played: Round) -> None:
    number = opened(played)
    with played.world.acting("charlie"):
        seen = requests.seen(number)
        assert (seen.party.side, seen.party.shown) == (RequestSide.ANSWERS, {"เข้าเรียนเมื่อ": "10 มิ.ย. 2569"})
        assert {one.scope for one in db.session.scalars(sa.select(RequestParty))} == {ASKED}
        assert {one.scope for one in db.session.scalars(sa.select(RequestStep))} == {ASKED}
        assert db.session.scalars(sa.select(Request)).all() == []  # the whole belongs to who asked
    with played.world.acting("bob"):
        assert db.session.scalars(sa.select(RequestParty)).all() == []
        with pytest.raises(NotYours):
            requests.seen(number)
        with pytest.raises(NotYours):
            requests.comment(number, "ขอดู")


def test_evidence_goes_to_who_asks_and_who_decides_only(played: Round) -> None:
    number = opened(played)

    def files(name: str) -> list[int]:
        with played.world.acting(name):
            return [step.id for step in requests.seen(number).steps if step.file]

    assert len(files("alice")) == len(files("eve")) == 1
    assert files("charlie") == []
    step = files("eve")[0]
    with played.world.acting("eve"):
        assert requests.file_of(number, step).endswith(".pdf")
    with played.world.acting("charlie"), pytest.raises(NotYours):
        requests.file_of(number, step)
    played.does("charlie", requests.attach, number, Evidence("ทะเบียนนักเรียน", "b.pdf", PDF))
    assert (len(files("alice")), len(files("charlie")), len(files("eve"))) == (2, 1, 2)


def test_every_step_is_kept_told_and_in_the_history(played: Round) -> None:
    number = opened(played)
    played.does("charlie", requests.object_to, number, "เด็กยังมาเรียนที่นี่ทุกวัน")
    played.does("eve", requests.refuse, number, "ตรวจแล้วยังอยู่โรงเรียนเดิม")
    with played.world.acting("alice"):
        seen = requests.seen(number)
        assert [(step.kind, step.actor.split()[0]) for step in seen.steps] == [
            (RequestStepKind.OPENED, "Alice"),
            (RequestStepKind.ATTACHED, "Alice"),
            (RequestStepKind.OBJECTED, "Charlie"),
            (RequestStepKind.REFUSED, "Eve"),
        ]
        assert (seen.party.unread, seen.party.state) == (True, RequestState.REFUSED)
    with played.world.acting("cee"):
        actions = db.session.scalars(
            sa.select(Change.action).filter_by(dataset="request").order_by(Change.id)
        )
        assert actions.all() == ["opened", "attached", "objected", "refused"]


# ── The inbox ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_inbox_knows_whose_turn_it_is_and_what_was_not_read(played: Round) -> None:
    def turn() -> dict[str, tuple[int, int]]:
        found = {}
        for name in ("alice", "charlie", "eve", "bob"):
            with played.world.acting(name):
                box = requests.inbox()
                found[name] = (len(box.waiting), len(box.news))
        return found

    number = opened(played)
    assert turn() == {"alice": (0, 0), "charlie": (1, 0), "eve": (0, 1), "bob": (0, 0)}
    played.does("charlie", requests.object_to, number, "ยังเรียนอยู่")
    assert turn() == {"alice": (0, 1), "charlie": (0, 0), "eve": (1, 0), "bob": (0, 0)}
    played.does("eve", requests.send_back, number, "ขอเอกสารเพิ่ม")
    assert turn() == {"alice": (1, 0), "charlie": (0, 1), "eve": (0, 0), "bob": (0, 0)}
    played.does("alice", requests.resend, number, "แนบแล้ว")
    played.does("charlie", requests.approve, number)
    assert turn() == {"alice": (0, 1), "charlie": (0, 0), "eve": (0, 1), "bob": (0, 0)}
    played.does("alice", requests.take_note, number)
    with played.world.acting("alice"):
        assert requests.unfinished() == 0
        assert [one.state for one in requests.inbox().mine] == [RequestState.APPROVED]


def test_an_area_sees_what_waits_in_its_schools(played: Round) -> None:
    opened(played)
    with played.world.acting("eve"):
        assert [one.scope for one in requests.inbox().below] == [ASKED]
    with played.world.acting("charlie"):
        assert requests.inbox().below == ()


# ── Who may do what ──────────────────────────────────────────────────────────────────────────────────────


def test_consent_carries_it_out_once(played: Round, carried: Carried) -> None:
    number = opened(played)
    played.does("charlie", requests.approve, number)
    assert [(one.id, one.asked_by) for one in carried] == [(number, ASKING)]
    told = played.is_refused("eve", RequestSettled, requests.approve, number)
    assert "อนุมัติแล้วโดย Charlie" in told
    assert len(carried) == 1


@pytest.mark.parametrize(
    ("who", "verb", "given", "refusal"),
    [
        ("alice", requests.approve, (), NotThisSide),
        ("alice", requests.refuse, ("ไม่",), NotThisSide),
        ("charlie", requests.refuse, ("ไม่",), NotThisSide),
        ("charlie", requests.send_back, ("ไม่",), NotThisSide),
        ("charlie", requests.withdraw, ("ไม่",), NotThisSide),
        ("alice", requests.object_to, ("ไม่",), NotThisSide),
        ("alice", requests.resend, ("แล้ว",), NotThisTurn),
        ("eve", requests.refuse, (" ",), ReasonMissing),
        ("bob", requests.approve, (), NotYours),
        ("dan", requests.approve, (), NotThisSide),
        ("adam", requests.approve, (), NotPermitted),
    ],
)
def test_a_step_is_refused_to_who_stands_elsewhere(
    played: Round, who: str, verb: Callable[..., None], given: tuple[str, ...], refusal: type[RuleViolation]
) -> None:
    number = opened(played)
    played.is_refused(who, refusal, verb, number, *given)
    assert state_of(played.world, number) == (RequestState.OPEN, None)


def test_who_asks_does_not_decide(played: Round) -> None:
    sides = [Side(ASKED, RequestSide.ASKS), Side(AREA, RequestSide.DECIDES)]
    number = played.does("eve", requests.open_request, new(sides=sides))
    played.is_refused("eve", OwnRequest, requests.approve, number)
    played.does("cee", requests.approve, number)


def test_silence_is_consent_only_after_the_deadline_and_without_objection(played: Round) -> None:
    silent, objected = opened(played), opened(played, topic="student:2")
    played.is_refused("alice", NotThisSide, requests.approve, silent)
    played.does("charlie", requests.object_to, objected, "ยังเรียนอยู่")
    for number in (silent, objected):
        is_late(played.world, number)
    played.does("alice", requests.approve, silent)
    played.is_refused("alice", NotThisSide, requests.approve, objected)


def test_what_the_kind_refuses_is_not_approved(played: Round, carried: Carried) -> None:
    number = opened(played)
    carried.stop = RuleViolation()
    played.is_refused("charlie", RuleViolation, requests.approve, number)
    assert state_of(played.world, number) == (RequestState.OPEN, None)
    with played.world.acting("alice"):
        assert RequestStepKind.APPROVED not in {step.kind for step in requests.seen(number).steps}


def test_nobody_asks_for_others_without_a_reason_or_without_evidence(played: Round) -> None:
    played.is_refused("bob", NotYours, requests.open_request, new())
    played.is_refused("alice", ReasonMissing, requests.open_request, new(reason=" "))
    played.is_refused("alice", EvidenceMissing, requests.open_request, new(evidence=()))


def test_one_unsettled_request_about_one_thing(played: Round) -> None:
    number = opened(played)
    sides = [Side(SCOPES["16020124"], RequestSide.ASKS), Side(ASKED, RequestSide.ANSWERS)]
    played.is_refused("bob", AskedAlready, requests.open_request, new(sides=sides))
    played.does("alice", requests.withdraw, number, "เด็กไม่มาแล้ว")
    played.does("bob", requests.open_request, new(sides=sides))


# ── At the same moment ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """People working at the same time."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        yield pool


def at_once(
    world: World,
    threads: ThreadPoolExecutor,
    works: list[tuple[str, Callable[[], Any]]],
    also: type[Exception] = RuleViolation,
) -> list[str]:
    """What became of each persona's work, all begun together on connections of their own."""
    gate = threading.Barrier(len(works))

    def one(name: str, work: Callable[[], Any]) -> str:
        with world.acting(name):
            db.session.rollback()  # on SQLite who has asked anything keeps the others out
            gate.wait(60)
            try:
                work()
                db.session.commit()
            except (RuleViolation, also) as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return "done"

    return [future.result(120) for future in [threads.submit(one, *work) for work in works]]


def test_of_many_who_settle_one_request_exactly_one_does(
    played: Round, carried: Carried, threads: ThreadPoolExecutor
) -> None:
    number = opened(played)
    works: list[tuple[str, Callable[[], Any]]] = [
        ("charlie", lambda: requests.approve(number)),
        ("eve", lambda: requests.refuse(number, "ไม่อนุมัติ")),
        ("cee", lambda: requests.approve(number)),
        ("alice", lambda: requests.withdraw(number, "ถอน")),
    ]
    outcomes = at_once(played.world, threads, works)
    assert sorted(outcomes) == ["RequestSettled"] * 3 + ["done"]
    winner = works[outcomes.index("done")][0]
    assert state_of(played.world, number)[1] == f"{winner.title()} ทดสอบ"
    assert len(carried) == (1 if winner in {"charlie", "cee"} else 0)


def test_of_two_who_ask_for_one_thing_at_once_one_is_told(played: Round, threads: ThreadPoolExecutor) -> None:
    def asking(scope: str) -> Callable[[], Any]:
        sides = [Side(scope, RequestSide.ASKS), Side(ASKED, RequestSide.ANSWERS)]
        return lambda: requests.open_request(new(sides=sides))

    works = [("alice", asking(ASKING)), ("bob", asking(SCOPES["16020124"]))]
    assert sorted(at_once(played.world, threads, works)) == ["AskedAlready", "done"]


# ── Kept for good ────────────────────────────────────────────────────────────────────────────────────────


def test_a_step_is_never_changed(played: Round) -> None:
    number = opened(played)
    table = RequestStep.__table__
    erasing = sa.update(table).where(table.c.request_id == number).values(text="")
    with played.world.acting("cee"), set_based(SetWork.REQUEST):
        connection = db.session.connection()
        with pytest.raises(sa.exc.DBAPIError):
            connection.execute(erasing)
