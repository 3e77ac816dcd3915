"""Requests for another number: what a school asks, who decides, the cut-off, and that of two one wins."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from appbuilder_app.codes import IdentityType, NumberGround, WindowAction
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    AskedAlready,
    EvidenceMissing,
    NotPermitted,
    NotYours,
    OwnRequest,
    RequestSettled,
    RuleViolation,
    SubmissionLocked,
    WindowOver,
)
from appbuilder_app.models import Student
from appbuilder_app.workflows import identities, number_requests, requests
from appbuilder_app.workflows.requests import Evidence
from scripts.services import PostgreSQL
from tests.app_fixtures import SCHOOL, SIBLING, World, national_id, pupil
from tests.gcode_fixtures import PDF
from tests.round_fixtures import Round

G, NEW = "G691600000007", national_id(900)
CARD = (Evidence("สำเนาบัตร", "a.pdf", PDF),)


def g_child(world: World) -> int:
    with world.acting("alice"):
        child = pupil(SCHOOL, 7, national_id=G, identity_type=IdentityType.OTHER)
        db.session.add(child)
        db.session.commit()
        return child.id


def asked(world: World, child: int, new: str = NEW, persona: str = "alice", **changed: Any) -> int:
    with world.acting(persona):
        facts = {"reason": "ได้บัตรแล้ว", "evidence": CARD} | changed
        verb = (
            number_requests.ask_succession
            if identities.student_by_number(number_of(child)).national_id.startswith("G")
            else number_requests.ask_correction
        )
        request_id = verb(child, new, **facts)
        db.session.commit()
        return request_id


def number_of(child: int) -> str:
    return db.session.get_one(Student, child).national_id


def approved(world: World, request_id: int, persona: str) -> None:
    with world.acting(persona):
        requests.approve(request_id)
        db.session.commit()


# ── A real ID for a G-code ───────────────────────────────────────────────────────────────────────────────


def test_the_area_reviews_a_succession_and_both_numbers_stay_linked(world: World) -> None:
    child = g_child(world)
    request_id = asked(world, child)
    with world.acting("alice"), pytest.raises(RuleViolation):
        requests.approve(request_id)
    approved(world, request_id, "dan")
    with world.acting("alice"):
        for number in (G, NEW):
            assert identities.student_by_number(number).id == child
        former, present = identities.numbers_of(db.session.get_one(Student, child))
        assert (former.number, former.ground, present.number) == (G, NumberGround.SUCCESSION, NEW)


def test_a_succession_needs_its_document_and_a_g_code(world: World) -> None:
    child, other = g_child(world), world.pupil()
    with world.acting("alice"):
        with pytest.raises(EvidenceMissing):
            number_requests.ask_succession(child, NEW, "ได้บัตรแล้ว", ())
        with pytest.raises(number_requests.NotAGCode):
            number_requests.ask_succession(other, NEW, "ได้บัตรแล้ว", CARD)
        with pytest.raises(number_requests.IsAGCode):
            number_requests.ask_correction(child, NEW, "ผิด", CARD)


# ── Correction ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_centre_corrects_a_number_and_both_are_kept(world: World) -> None:
    child = world.pupil()
    request_id = asked(world, child, contact="ครูอลิซ 081-000-0000")
    with world.acting("dan"), pytest.raises(RuleViolation):
        requests.approve(request_id)
    approved(world, request_id, "cee")
    with world.acting("alice"):
        student = identities.student_by_number(national_id(100))
        assert (student.id, student.national_id) == (child, NEW)
    with world.acting("dan"):
        shown = requests.seen(request_id).party.shown
        assert (shown["เลขใหม่"], shown["ผู้ติดต่อ"]) == (
            "-".join((NEW[0], NEW[1:5], NEW[5:10], NEW[10:12], NEW[12])),
            "ครูอลิซ 081-000-0000",
        )


def test_corrections_have_a_cut_off_of_their_own(world: World) -> None:
    child, played = world.pupil(), Round(world)
    played.is_over(WindowAction.ID_CORRECTION)
    with world.acting("alice"), pytest.raises(WindowOver):
        number_requests.ask_correction(child, NEW, "ผิด", CARD)
    played.opens(WindowAction.ID_CORRECTION, dt.timedelta(days=-1), dt.timedelta(days=1))
    asked(world, child)


def test_without_a_document_nothing_is_corrected(world: World) -> None:
    child = world.pupil()
    request_id = asked(world, child, evidence=())
    with world.acting("cee"), pytest.raises(number_requests.ProofMissing):
        requests.approve(request_id)
    with world.acting("alice"):
        requests.attach(request_id, CARD[0])
        db.session.commit()
    approved(world, request_id, "cee")


@pytest.mark.parametrize("school", [SCHOOL, SIBLING, "16010001"])
def test_a_number_that_is_there_already_is_refused_when_asked(world: World, school: str) -> None:
    child = world.pupil()
    taken = {SCHOOL: national_id(101), SIBLING: national_id(200)}.get(school, national_id(300))
    with world.acting("alice"), pytest.raises(identities.NumberTaken) as refused:
        number_requests.ask_correction(child, taken, "ผิด", CARD)
    assert "ซ้ำซ้อน" in str(refused.value)


def test_a_number_that_came_meanwhile_is_refused_when_decided(world: World) -> None:
    request_id = asked(world, world.pupil())
    with world.acting("charlie"):
        db.session.add(pupil("16010001", 9, national_id=NEW))
        db.session.commit()
    with world.acting("cee"), pytest.raises(identities.NumberTaken):
        requests.approve(request_id)


def test_of_one_student_there_is_one_question_at_a_time_and_nobody_decides_their_own(world: World) -> None:
    child = world.pupil()
    request_id = asked(world, child, persona="cee")  # the mail of before, entered by the centre
    with world.acting("alice"), pytest.raises(AskedAlready):
        number_requests.ask_correction(child, NEW, "ผิด", CARD)
    with world.acting("cee"), pytest.raises(OwnRequest):
        requests.approve(request_id)


def test_a_locked_school_is_corrected_after_its_return(world: World) -> None:
    request_id = asked(world, world.pupil())
    Round(world).is_confirmed()
    with world.acting("cee"), pytest.raises(SubmissionLocked):
        requests.approve(request_id)


def test_strangers_cannot_ask_for_a_student(world: World) -> None:
    child = world.pupil()
    for persona in ("bob", "charlie", "eve"):
        with world.acting(persona), pytest.raises(NotYours):
            number_requests.ask_correction(child, NEW, "ผิด", CARD)
    with world.acting("adam"), pytest.raises(NotPermitted):
        number_requests.ask_correction(child, NEW, "ผิด", CARD)


def test_of_two_children_who_ask_for_one_number_at_once_one_gets_it(world: World, databases: object) -> None:
    if not isinstance(databases, PostgreSQL):
        pytest.skip("SQLite has one writer at a time")
    ids = [asked(world, world.pupil()), asked(world, world.pupil(SIBLING), persona="bob")]
    begin = threading.Barrier(2)

    def decide(request_id: int) -> Exception | None:
        with world.acting("cee"):
            begin.wait(60)
            try:
                requests.approve(request_id)
                db.session.commit()
            except RuleViolation as refusal:
                db.session.rollback()
                return refusal
        return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = [*pool.map(decide, ids)]
    assert sum(one is None for one in outcomes) == 1
    assert isinstance(next(one for one in outcomes if one is not None), identities.NumberTaken)


def test_two_officers_who_approve_one_request_change_the_number_once(world: World, databases: object) -> None:
    if not isinstance(databases, PostgreSQL):
        pytest.skip("SQLite has one writer at a time")
    child = g_child(world)
    request_id = asked(world, child)
    begin = threading.Barrier(3)

    def decide(_turn: int) -> Exception | None:
        with world.acting("dan"):
            begin.wait(60)
            try:
                requests.approve(request_id)
                db.session.commit()
            except RuleViolation as refusal:
                db.session.rollback()
                return refusal
        return None

    with ThreadPoolExecutor(3) as pool:
        outcomes = [*pool.map(decide, range(3))]
    assert sum(one is None for one in outcomes) == 1
    assert sum(isinstance(one, RequestSettled) for one in outcomes) == 2
    with world.acting("dan"):
        assert len(identities.numbers_of(db.session.get_one(Student, child))) == 2
