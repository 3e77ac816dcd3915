"""A G-code request from the teacher's registration to the child in the register, and all that refuses it."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app import access
from appbuilder_app.access import Action
from appbuilder_app.codes import EvidenceRung, GDocument, Grade, IdentityType, RequestState, Sex, Title
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    AskedAlready,
    InvalidRow,
    NotPermitted,
    NotYours,
    ReasonMissing,
    StaleVersion,
)
from appbuilder_app.models import GCode, GCodeApplication, GCodeUser, Request, Student
from appbuilder_app.workflows import gcode_users, gcodes, requests
from scripts.services import PostgreSQL
from tests.app_fixtures import SCHOOL, World, national_id
from tests.gcode_fixtures import PDF, give_provinces, photo, the_form
from tests.round_fixtures import Round


@pytest.fixture
def ready(world: World) -> World:
    """Schools with provinces, and Alice registered by her area."""
    give_provinces(world)
    register(world)
    return world


def register(world: World) -> int:
    with world.acting("alice"):
        request_id = gcode_users.register("081-000-0000", "ครูประจำชั้น ป.1")
        db.session.commit()
    with world.acting("dan"):
        requests.approve(request_id)
        db.session.commit()
    return request_id


def written(world: World, **changed: Any) -> int:
    """Alice's draft with all papers."""
    with world.acting("alice"):
        application = gcodes.write(the_form(**changed))
        for document in gcodes.needed(application):
            data = photo() if document is GDocument.PHOTO else PDF
            gcodes.put_paper(application.id, document, "a", data)
        db.session.commit()
        return application.id


def sent(world: World, **changed: Any) -> tuple[int, int]:
    """A request that waits for the area: the application's key and the request's."""
    key = written(world, **changed)
    with world.acting("alice"):
        request_id = gcodes.send(key)
        db.session.commit()
    return key, request_id


def check_all(key: int) -> None:
    for document in gcodes.needed(gcodes.application_with(key)):
        gcodes.check_paper(key, document, accepted=True)


def approve(world: World, key: int, request_id: int) -> str:
    with world.acting("dan"):
        check_all(key)
        requests.approve(request_id)
        db.session.commit()
        number = gcodes.application_with(key).number
        assert number is not None
        return number


# ── Who may ask ──────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_registered_hand_in_requests(world: World) -> None:
    with world.acting("alice"), pytest.raises(gcode_users.NotRegistered):
        gcodes.write(the_form())


def test_the_area_registers_the_teacher_and_ends_it(ready: World) -> None:
    with ready.acting("dan"):
        [one] = gcode_users.registrations()
        assert (one.name, one.approved_by, one.phone) == ("Alice ทดสอบ", "Dan ทดสอบ", "081-000-0000")
        with pytest.raises(ReasonMissing):
            gcode_users.end(one.id, " ")
        gcode_users.end(one.id, "ย้ายโรงเรียน")
        db.session.commit()
        with pytest.raises(gcode_users.RegistrationEnded):
            gcode_users.end(one.id, "อีกครั้ง")
    with ready.acting("alice"), pytest.raises(gcode_users.NotRegistered):
        gcodes.write(the_form())


def test_one_registration_an_account_and_only_of_a_school(ready: World) -> None:
    with ready.acting("alice"), pytest.raises(gcode_users.RegisteredAlready):
        gcode_users.register("0810000000", "อีกครั้ง")
    with ready.acting("dan"), pytest.raises(gcode_users.OnlyOfASchool):
        gcode_users.register("0810000000", "เขต")
    with ready.acting("bob"):
        gcode_users.register("0810000000", "ครู")
        with pytest.raises(AskedAlready):
            gcode_users.register("0810000000", "ครู")


def test_another_area_and_the_teacher_cannot_end_a_registration(ready: World) -> None:
    with ready.acting("dan"):
        key = gcode_users.registrations()[0].id
    with ready.acting("eve"), pytest.raises(NotYours):
        gcode_users.end(key, "x")
    with ready.acting("alice"), pytest.raises(NotPermitted):
        gcode_users.end(key, "x")


# ── The form ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "changed",
    [
        {"birth_certificate_number": national_id(700)},
        {"birth_certificate_number": f"{national_id(700)[:1]}-{national_id(700)[1:]}"},
        {"birth_country": "ไทย"},
        {"birth_country": " ประเทศไทย "},
    ],
)
def test_a_child_with_a_number_on_the_birth_certificate_gets_none(
    ready: World, changed: dict[str, str]
) -> None:
    with ready.acting("alice"), pytest.raises(gcodes.HasANumber) as refused:
        gcodes.write(the_form(**changed))
    assert "เลขในสูติบัตร" in str(refused.value)


def test_a_child_born_here_without_any_birth_certificate_may_ask(ready: World) -> None:
    with ready.acting("alice"):
        gcodes.write(the_form(birth_country="ไทย", rung=EvidenceRung.STATEMENT, rung_reason="ไม่ได้แจ้งเกิด"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"nationality": None}, "nationality"),
        ({"guardian_first_name": " "}, "guardian_first_name"),
        ({"rung": EvidenceRung.INTERVIEW}, "rung_reason"),
        ({"title": Title("001"), "sex": Sex("F")}, "title"),
        ({"birth_date": dt.date(2026, 1, 1)}, "birth_date"),
        ({"room": 100}, "room"),
    ],
)
def test_what_is_missing_or_odd_is_told_at_its_field(
    ready: World, changed: dict[str, Any], field: str
) -> None:
    with ready.acting("alice"), pytest.raises(InvalidRow) as refused:
        gcodes.write(the_form(**changed))
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_form_that_somebody_else_saved_meanwhile_is_not_overwritten(ready: World) -> None:
    key = written(ready)
    with ready.acting("alice"):
        version = gcodes.application_with(key).version
        gcodes.write({"room": 2}, key, version)
        db.session.commit()
        with pytest.raises(StaleVersion):
            gcodes.write({"room": 3}, key, version)


@pytest.mark.parametrize(
    ("rung", "document"),
    [
        (EvidenceRung.BIRTH, GDocument.BIRTH),
        (EvidenceRung.CIVIL, GDocument.CIVIL),
        (EvidenceRung.OFFICIAL, GDocument.OFFICIAL),
        (EvidenceRung.STATEMENT, GDocument.STATEMENT),
        (EvidenceRung.INTERVIEW, GDocument.INTERVIEW),
    ],
)
def test_each_rung_asks_for_its_document(rung: EvidenceRung, document: GDocument) -> None:
    plain = [GDocument.PHOTO, GDocument.FORM, document]
    assert gcodes.needed(GCodeApplication(rung=rung, parents_without_papers="บิดามารดาไม่มี")) == plain
    assert gcodes.needed(GCodeApplication(rung=rung)) == [*plain, GDocument.PASSPORT, GDocument.EMPLOYER]


def test_incomplete_papers_are_named_and_nothing_is_sent(ready: World) -> None:
    with ready.acting("alice"):
        application = gcodes.write(the_form())
        gcodes.put_paper(application.id, GDocument.PHOTO, "a.jpg", photo())
        with pytest.raises(gcodes.PapersMissing) as refused:
            gcodes.send(application.id)
    assert "แบบทะเบียนนักเรียนติด G" in str(refused.value)
    assert GDocument.PHOTO.th not in str(refused.value)


def test_a_draft_is_seen_by_the_school_alone(ready: World) -> None:
    key = written(ready)
    for persona in ("bob", "dan", "eve", "adam"):
        with ready.acting(persona):
            assert gcodes.applications() == []
            with pytest.raises(NotYours):
                gcodes.application_with(key)


# ── Deciding ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_area_checks_each_paper_before_it_approves(ready: World) -> None:
    key, request_id = sent(ready)
    with ready.acting("dan"):
        gcodes.check_paper(key, GDocument.PHOTO, accepted=True)
        with pytest.raises(gcodes.PapersUnchecked) as refused:
            requests.approve(request_id)
        assert GDocument.FORM.th in str(refused.value)
        assert GDocument.PHOTO.th not in str(refused.value)
        db.session.rollback()
    with ready.acting("adam"):
        assert db.session.scalars(sa.select(GCode)).all() == []


def test_a_paper_that_is_not_accepted_says_why(ready: World) -> None:
    key, _request = sent(ready)
    with ready.acting("dan"), pytest.raises(InvalidRow):
        gcodes.check_paper(key, GDocument.FORM, accepted=False)


def test_an_approved_child_is_in_the_register_with_the_code(ready: World) -> None:
    key, request_id = sent(ready)
    number = approve(ready, key, request_id)
    with ready.acting("alice"):
        application = gcodes.application_with(key)
        student = db.session.get_one(Student, application.student_id)
        assert (student.national_id, student.identity_type) == (number, IdentityType.OTHER)
        assert (student.first_name, student.grade, student.guardian_first_name) == ("มะ", Grade("04"), "ทูน")
        assert student.photo is not None
        code = db.session.scalars(sa.select(GCode)).one()
        assert (code.number, code.nationality, code.issued_by) == (number, "เมียนมา", "Dan ทดสอบ")


def test_what_was_sent_back_is_mended_and_sent_again(ready: World) -> None:
    key, request_id = sent(ready)
    with ready.acting("alice"), pytest.raises(gcodes.NotWritable):
        gcodes.put_paper(key, GDocument.FORM, "b.pdf", PDF)
    with ready.acting("dan"):
        check_all(key)
        gcodes.check_paper(key, GDocument.FORM, accepted=False, note="ลายนิ้วมือไม่ชัด")
        requests.send_back(request_id, "พิมพ์ลายนิ้วมือใหม่")
        db.session.commit()
    with ready.acting("alice"):
        assert gcodes.papers_of(gcodes.application_with(key))[GDocument.FORM].note == "ลายนิ้วมือไม่ชัด"
        gcodes.put_paper(key, GDocument.FORM, "b.pdf", PDF)
        gcodes.write({"room": 2}, key)
        assert gcodes.send(key, "แก้แล้ว") == request_id
        db.session.commit()
        # A new file has not been looked at yet; the others have.
        assert gcodes.papers_of(gcodes.application_with(key))[GDocument.FORM].accepted is None
    with ready.acting("dan"), pytest.raises(gcodes.PapersUnchecked):
        requests.approve(request_id)
    approve(ready, key, request_id)


def test_while_the_school_is_locked_the_code_is_issued_and_the_child_entered_later(ready: World) -> None:
    key, request_id = sent(ready)
    Round(ready).is_confirmed()
    number = approve(ready, key, request_id)
    with ready.acting("alice"):
        assert gcodes.application_with(key).student_id is None
    with ready.acting("dan"):
        from appbuilder_app.workflows import submissions

        submissions.return_submission(SCHOOL, "ส่งกลับ")
        db.session.commit()
    with ready.acting("alice"):
        assert gcodes.enter(key).national_id == number
        with pytest.raises(gcodes.EnteredAlready):
            gcodes.enter(key)


def test_a_child_without_an_approved_code_is_not_entered(ready: World) -> None:
    key, _request = sent(ready)
    with ready.acting("alice"), pytest.raises(gcodes.NoCodeYet):
        gcodes.enter(key)


def test_the_area_is_told_of_children_of_the_same_name_and_birth_date(ready: World) -> None:
    key, _request = sent(ready, first_name="ชื่อ300", last_name="ทดสอบ", birth_date=dt.date(2014, 8, 1))
    with ready.acting("dan"):
        assert gcodes.same_children(gcodes.application_with(key)) == 1  # in a school that Dan cannot see


def test_neighbours_see_nothing_of_a_request(ready: World) -> None:
    key, request_id = sent(ready)
    for persona in ("bob", "charlie", "eve"):
        with ready.acting(persona):
            for ask in (gcodes.application_with, lambda k: gcodes.paper_file(k, GDocument.PHOTO)):
                with pytest.raises(NotYours):
                    ask(key)
    with ready.acting("eve"):
        with pytest.raises(NotYours):
            requests.approve(request_id)
        with pytest.raises(NotYours):
            gcodes.check_paper(key, GDocument.PHOTO, accepted=True)
    with ready.acting("alice"), pytest.raises(NotPermitted):
        gcodes.check_paper(key, GDocument.PHOTO, accepted=True)


def test_what_was_refused_issues_nothing(ready: World) -> None:
    key, request_id = sent(ready)
    with ready.acting("dan"):
        requests.refuse(request_id, "เด็กมีสูติบัตรไทย")
        db.session.commit()
        assert gcodes.state_of(gcodes.application_with(key)) is RequestState.REFUSED
        with pytest.raises(gcodes.NotToBeChecked):
            gcodes.check_paper(key, GDocument.PHOTO, accepted=True)
    with ready.acting("adam"):
        assert db.session.scalars(sa.select(GCode)).all() == []


def test_rows_of_g_codes_are_written_by_verbs_alone(ready: World) -> None:
    from appbuilder_app.errors import WallBreached

    with ready.acting("dan"):
        db.session.add(
            GCodeUser(
                account_id=1, school_code=SCHOOL, request_id=1, name="x", position="", phone="",
                approved_at=dt.datetime.now(dt.UTC), approved_by="x",
            )
        )  # fmt: skip
        with pytest.raises(WallBreached):
            db.session.flush()
        db.session.rollback()
        assert access.viewer().may(Action.DECIDE, "request")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Request)) == 1


def test_many_approvals_at_once_give_codes_without_gap_or_double(ready: World, databases: object) -> None:
    if not isinstance(databases, PostgreSQL):
        pytest.skip("SQLite has one writer at a time")
    asked = [sent(ready, first_name=f"เด็ก{n}", student_number=f"0090{n}") for n in range(6)]
    with ready.acting("dan"):
        for key, _request in asked:
            check_all(key)
        db.session.commit()
    begin = threading.Barrier(len(asked))

    def decide(turn: int) -> None:
        with ready.acting("dan"):
            begin.wait(60)
            requests.approve(asked[turn][1])
            if turn % 3 == 0:
                db.session.rollback()  # what was begun is given up after the code was taken
            else:
                db.session.commit()

    with ThreadPoolExecutor(len(asked)) as pool:
        list(pool.map(decide, range(len(asked))))
    with ready.acting("dan"):
        numbers = sorted(db.session.scalars(sa.select(GCode.number)))
        assert [int(number[5:]) for number in numbers] == [1, 2, 3, 4]
        states = [gcodes.state_of(gcodes.application_with(key)) for key, _request in asked]
        assert states.count(RequestState.OPEN) == 2
        holders = db.session.scalars(
            sa.select(Student.national_id).where(Student.national_id.startswith("G"))
        )
        assert sorted(holders) == numbers
