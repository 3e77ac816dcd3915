"""Verbs over the API: done as on the screen, refused as problems in Thai, by key only within its rights."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from appbuilder_app import setup
from appbuilder_app.codes import DropoutCause, RequestState, StudentStatus
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.models import Change, GrowthReference, Student
from appbuilder_app.screens import verb_openapi
from appbuilder_app.workflows import keys, movements, settings
from appbuilder_app.workflows.verbs import VERBS
from tests.app_fixtures import FOREIGN, SCHOOL, World, national_id, pupil
from tests.growth_fixtures import synthetic_reference
from tests.round_fixtures import Round
from tests.test_movement_files import CLASS, filled
from tests.test_movement_files import row as movement_row
from tests.test_movements import DROPOUT, OURS, PROOF, THEIRS, TODAY, is_round, key_of, place, row_of
from tests.test_requests import PDF, state_of

pytestmark = pytest.mark.any_database("postgresql")

BASE = "/api/v1"
PAPER = {"filename": "a.pdf", "content": base64.b64encode(PDF).decode()}
SEAT = {
    "grade": "09",
    "room": 2,
    "student_number": "777",
    "happened_on": TODAY.isoformat(),
    "reason": "ย้ายบ้าน",
}


class Programs:
    """Programs of the personas, each with a token."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.headers: dict[str, dict[str, str]] = {}

    def posts(self, name: str, address: str, told: Any = None, **options: Any) -> TestResponse:
        """A verb; its parameters as JSON."""
        return self.sends(name, "POST", address, json=told if told is not None else {}, **options)

    def sends(self, name: str, method: str, address: str, **options: Any) -> TestResponse:
        """A request with the persona's token."""
        if name not in self.headers:
            self.headers[name] = self.world.token(name)
        headers = self.headers[name] | options.pop("headers", {})
        return self.world.app.test_client().open(
            f"{BASE}/{address}", method=method, headers=headers, **options
        )


@pytest.fixture
def programs(world: World) -> Programs:
    """The small world's programs."""
    return Programs(world)


def told(answer: TestResponse, status: int = 200) -> Any:
    """The answer's body, which has this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


# ── Movements ────────────────────────────────────────────────────────────────────────────────────────────


def test_r21_a_child_is_looked_up_asked_for_and_comes(programs: Programs) -> None:
    found = told(programs.posts("alice", "student/actions/find", {"national_id": THEIRS}))
    assert (found["name"], found["is_here"]) == ("เด็กชายชื่อ300 ทดสอบ", False)
    assert set(found) == {"name", "sex", "born", "grade", "status", "is_here"}
    asked = told(
        programs.posts(
            "alice", "student/actions/transfer_in", {"national_id": THEIRS, **SEAT, "evidence": [PAPER]}
        )
    )
    number = asked["request"]
    assert [one["key"] for one in told(programs.sends("charlie", "GET", "request/"))["result"]] == [number]
    whole = told(programs.sends("charlie", "GET", f"request/{number}"))
    assert ("approve" in whole["can"], "object" in whole["can"], "refuse" in whole["can"]) == (
        True,
        True,
        False,
    )
    assert whole["shown"]["เข้าชั้น"] == "ป.6/2"
    assert [step["kind"] for step in whole["steps"]] == ["opened"]  # the evidence is not this side's
    told(programs.posts("charlie", f"request/{number}/actions/approve", {"text": "ไปได้"}))
    assert row_of(programs.world, THEIRS).school_code == SCHOOL
    [came] = told(programs.sends("alice", "GET", "movement/"))["result"]
    assert (came["kind"], came["request"]) == ("transfer_in", number)
    told(programs.posts("alice", f"movement/{came['key']}/actions/undo", {"reason": "กลับโรงเรียนเดิม"}))
    assert row_of(programs.world, THEIRS).school_code == FOREIGN


def test_a_student_changes_class_number_and_name_and_leaves_and_the_history_knows_the_door(
    programs: Programs,
) -> None:
    world, key = programs.world, key_of(programs.world, OURS)
    address = f"student/{key}/actions"
    assert told(programs.posts("alice", f"{address}/change_class", {"grade": "ป.6", "room": 3})) == {
        "count": 1
    }
    told(programs.posts("alice", f"{address}/renumber", {"student_number": "90001"}))
    name = {"title": "001", "first_name": "ใหม่", "last_name": "นามใหม่", "reason": "เปลี่ยนชื่อ"}
    refused = told(programs.posts("alice", f"{address}/rename", name), 422)
    assert (refused["type"], "หลักฐาน" in refused["title"]) == ("urn:thabian:EvidenceMissing", True)
    paper = (io.BytesIO(PDF), "ใบเปลี่ยนชื่อ.pdf")
    told(programs.sends("alice", "POST", f"{address}/rename", data=name | {"evidence": paper}))
    told(
        programs.posts(
            "alice", f"{address}/transfer_out", {"happened_on": TODAY.isoformat(), "reason": "ย้าย"}
        )
    )
    row = row_of(world, OURS)
    assert (row.room, row.student_number, row.first_name, row.status) == (
        3,
        "90001",
        "ใหม่",
        StudentStatus.MOVING,
    )
    told(programs.posts("alice", f"{address}/take_back", {"reason": "กดผิด"}))
    with world.acting("alice"):
        assert set(
            db.session.scalars(sa.select(Change.path).filter_by(row_key=str(key), action="update"))
        ) == {"api"}


def test_a_child_is_added_with_the_fields_of_the_register(programs: Programs) -> None:
    new, fields = pupil(SCHOOL, 500), fields_of(Student)
    child = {
        name: fields[name].kind.json(getattr(new, name))
        for name in ("national_id", "student_number", "title", "sex", "first_name", "last_name", "birth_date",
                     "grade", "room")
    }  # fmt: skip
    added = told(programs.posts("alice", "student/actions/add", child | {"happened_on": TODAY.isoformat()}))
    assert key_of(programs.world, national_id(500)) == added["student"]
    again = told(
        programs.posts("alice", "student/actions/add", child | {"happened_on": TODAY.isoformat()}), 409
    )
    assert again["type"] == "urn:thabian:AlreadyThere"
    elsewhere = child | {
        "happened_on": TODAY.isoformat(),
        "school_code": FOREIGN,
        "national_id": national_id(501),
    }
    told(programs.posts("alice", "student/actions/add", elsewhere), 404)
    wrong = told(
        programs.posts("alice", "student/actions/add", {"happened_on": "เมื่อวาน", "status": "in"}), 422
    )
    assert {"first_name", "happened_on", "status"} <= {one["field"] for one in wrong["errors"]}


def test_several_are_seated_together_or_none_is(programs: Programs) -> None:
    ours = [key_of(programs.world, national_id(number)) for number in (100, 101)]
    rows = [{"student": key, "grade": "09", "room": room} for room, key in enumerate(ours, 4)]
    theirs = {"student": key_of(programs.world, THEIRS), "grade": "09", "room": 4}
    told(programs.posts("alice", "student/actions/change_classes", {"rows": [*rows, theirs]}), 404)
    assert row_of(programs.world, OURS).room == 1
    assert told(programs.posts("alice", "student/actions/change_classes", {"rows": rows})) == {"count": 2}
    wrong = told(
        programs.posts("alice", "student/actions/change_classes", {"rows": [{"student": ours[0]}]}), 422
    )
    assert "แถวที่ 1" in wrong["title"]


def test_r22_a_dropout_waits_for_evidence_that_follows(programs: Programs) -> None:
    key = key_of(programs.world, OURS)
    leaving = {"ground": DropoutCause.POVERTY.value, "happened_on": TODAY.isoformat(), "reason": "ไปทำงาน"}
    told(programs.posts("alice", f"student/{key}/actions/dropout", leaving), 422)
    asked = told(
        programs.posts("alice", f"student/{key}/actions/dropout", leaving | {"evidence_follows": True})
    )
    address = f"request/{asked['request']}/actions"
    told(programs.posts("dan", f"{address}/approve"), 409)
    told(programs.posts("alice", f"{address}/resend"), 422)
    told(programs.posts("alice", f"{address}/attach", {"name": "ใบลา", "evidence": [PAPER]}))
    told(programs.posts("alice", f"{address}/resend"))
    told(programs.posts("dan", f"{address}/approve"))
    assert row_of(programs.world, OURS).status is StudentStatus.DROPPED


# ── Requests ─────────────────────────────────────────────────────────────────────────────────────────────


def test_each_side_takes_its_own_steps_and_nobody_elses_request_is_there(
    played: Round, programs: Programs
) -> None:
    number = played.does("alice", movements.transfer_in, THEIRS, place(), "ย้ายบ้าน", PROOF).request_id
    address = f"request/{number}"
    for method, rest in (("GET", ""), ("POST", "/actions/approve"), ("POST", "/actions/comment")):
        answer = programs.sends(
            "bob", method, address + rest, json={"text": "x"} if method == "POST" else None
        )
        assert answer.status_code == 404, rest
    told(programs.posts("charlie", f"{address}/actions/object", {}), 422)
    told(programs.posts("charlie", f"{address}/actions/object", {"reason": "ยังมาเรียน"}))
    assert told(programs.posts("charlie", f"{address}/actions/refuse", {"reason": "x"}), 403)["status"] == 403
    told(programs.posts("cee", f"{address}/actions/send_back", {"reason": "ขาดใบส่งตัว"}))
    told(programs.posts("alice", f"{address}/actions/comment", {"text": "แนบแล้ว"}))
    told(programs.posts("alice", f"{address}/actions/resend", {"text": "แก้แล้ว"}))
    told(programs.posts("cee", f"{address}/actions/refuse", {"reason": "ยังเรียนที่เดิม"}))
    again = told(programs.posts("cee", f"{address}/actions/approve"), 409)
    assert (again["type"], "Cee" in again["title"]) == ("urn:thabian:RequestSettled", True)
    assert state_of(played.world, number)[0] is RequestState.REFUSED
    news = told(programs.sends("alice", "GET", "request/?box=news"))["result"]
    assert [one["state"] for one in news] == ["refused"]
    told(programs.posts("alice", f"{address}/actions/note"))
    assert told(programs.sends("alice", "GET", "request/?box=news"))["result"] == []
    steps = told(programs.sends("alice", "GET", address))["steps"]
    paper = next(step for step in steps if step["has_file"])
    file = programs.sends("alice", "GET", f"{address}/files/{paper['key']}")
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert programs.sends("charlie", "GET", f"{address}/files/{paper['key']}").status_code == 404
    told(programs.sends("alice", "GET", "request/?box=everything"), 400)


# ── The year's end ───────────────────────────────────────────────────────────────────────────────────────


def test_results_and_the_plan_are_recorded_for_a_school(played: Round, programs: Programs) -> None:
    is_round(played.world, 3)
    ours = [key_of(played.world, national_id(number)) for number in (100, 101)]
    address = f"school/{SCHOOL}/actions"
    assert told(programs.posts("alice", f"{address}/pass_everybody"))["count"] == 4
    rows = [
        {"student": ours[0], "sat": False, "absence": "pending"},
        {"student": ours[1], "destination": None},
    ]
    answer = programs.posts("alice", f"{address}/record_results", {"rows": rows})
    assert answer.status_code in {200, 422}, answer.get_data(as_text=True)
    plan = {"rows": [{"grade": "09", "rooms": 1, "seats": 30}]}
    assert told(programs.posts("alice", f"{address}/plan_admission", plan)) == {"count": 1}
    told(programs.posts("bob", f"{address}/pass_everybody"), 404)
    refused = told(
        programs.posts("alice", f"{address}/record_results", {"rows": [{"student": 99, "sat": True}]}), 422
    )
    assert "นักเรียน 99" in refused["title"]


# ── The door ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_that_is_sent_again_with_its_etag_is_not_done_twice(programs: Programs) -> None:
    key = key_of(programs.world, OURS)
    etag = programs.sends("alice", "GET", f"student/{key}").headers["ETag"]
    address, match = f"student/{key}/actions/change_class", {"If-Match": etag}
    told(programs.posts("alice", address, {"grade": "09", "room": 3}, headers=match))
    again = told(programs.posts("alice", address, {"grade": "09", "room": 4}, headers=match), 412)
    assert again["type"] == "urn:thabian:PreconditionFailed"
    assert row_of(programs.world, OURS).room == 3


def test_a_key_does_only_the_verbs_whose_right_it_holds(played: Round, programs: Programs) -> None:
    world, key = played.world, key_of(played.world, OURS)

    def status(right: str, address: str, body: Any) -> int:
        with world.acting("dan", "screen"):
            _made, secret = keys.make_key(f"โปรแกรม {right}", [right])
            db.session.commit()
        client = world.app.test_client()
        return client.post(f"{BASE}/{address}", json=body, headers={"X-API-Key": secret}).status_code

    number = played.does("alice", movements.ask_to_leave, key, DROPOUT, PROOF)
    moved = {"grade": "09", "room": 7}
    assert status("read:student", f"student/{key}/actions/change_class", moved) == 403
    assert status("write:student", f"student/{key}/actions/change_class", moved) == 403
    assert status("move:movement", f"student/{key}/actions/change_class", moved) == 200
    refusal = {"reason": "ยังไม่ถึงเกณฑ์"}
    assert status("write:request", f"request/{number}/actions/refuse", refusal) == 403
    assert status("move:movement", f"request/{number}/actions/refuse", refusal) == 403


def test_what_is_no_verb_or_no_body_is_refused_as_a_problem(programs: Programs) -> None:
    key = key_of(programs.world, OURS)
    world = programs.world
    assert world.app.test_client().post(f"{BASE}/student/{key}/actions/undo").status_code == 401
    for address in (f"student/{key}/actions/vanish", f"student/{key}/actions/add", "student/actions/rename",
                    f"nobody/{key}/actions/undo"):  # fmt: skip
        assert told(programs.posts("alice", address), 404)["status"] == 404
    told(programs.posts("alice", "student/abc/actions/renumber", {"student_number": "1"}), 404)
    told(programs.posts("alice", f"student/{key}/actions/renumber?verb=1", {"student_number": "1"}), 400)
    told(programs.posts("alice", f"student/{key}/actions/renumber", []), 422)
    told(
        programs.sends(
            "alice", "POST", f"student/{key}/actions/renumber", data="{", content_type="application/json"
        ),
        400,
    )
    told(
        programs.sends("alice", "POST", f"student/{key}/actions/renumber", data={"student_number": "1"}), 415
    )
    bad = {
        "ground": "1",
        "happened_on": TODAY.isoformat(),
        "reason": "x",
        "evidence": [{"filename": "a", "content": "!"}],
    }
    assert "base64" in told(programs.posts("alice", f"student/{key}/actions/dropout", bad), 422)["title"]
    junk = bad | {"evidence": [{"filename": "a.exe", "content": base64.b64encode(b"MZ").decode()}]}
    told(programs.posts("alice", f"student/{key}/actions/dropout", junk), 422)
    english = programs.posts(
        "alice", f"student/{key}/actions/renumber", {}, headers={"Accept-Language": "en"}
    )
    assert english.headers["Content-Language"] == "en"
    assert "must" in told(english, 422)["title"].lower() or "fill" in told(english, 422)["title"].lower()


def test_every_verb_is_described_with_its_parameters(world: World) -> None:
    described = told(world.app.test_client().get(f"{BASE}/openapi.json", headers=world.token("alice")))
    for verb in VERBS:
        schema = described["components"]["schemas"][f"{verb_openapi.component_of(verb)}Told"]
        assert {one.name for one in verb.parameters} <= set(schema["properties"]), verb
        assert verb_openapi.address_of(verb) in described["paths"]


# ── What only had a screen ───────────────────────────────────────────────────────────────────────────────


def test_the_centre_sets_a_value_and_others_may_not(programs: Programs) -> None:
    with programs.world.app.app_context(), setup.acting("ติดตั้ง"):
        settings.seed()
        db.session.commit()
    address = "setting/bmi.low/actions/set_value"
    given = {"value": 12, "source": "ว5", "version": 1}
    told(programs.posts("dan", address, given), 403)
    assert told(programs.posts("cee", address, given))["version"] > 1
    assert told(programs.posts("cee", address, given), 409)["type"] == "urn:thabian:StaleVersion"
    told(programs.posts("cee", address, {"value": 99, "source": "ว5"}), 422)
    told(programs.posts("cee", "setting/nothing/actions/set_value", {"value": 1, "source": "ว5"}), 404)
    assert told(programs.sends("cee", "GET", "setting/bmi.low"))["value"] == 12


def test_r30_a_search_is_ordered_and_a_list_kept_and_removed(programs: Programs) -> None:
    told(programs.posts("alice", "duplicate/actions/search"), 403)
    assert told(programs.posts("dan", "duplicate/actions/search"))["job"] > 0
    csv = "เลขประจำตัวประชาชน,ชื่อ,นามสกุล,วันเกิด,ชื่อโรงเรียน\n" + f"{OURS},ก,ข,01/05/2560,โรงเรียนอื่น\n"
    file = {"filename": "a.csv", "content": base64.b64encode(csv.encode()).decode()}
    kept = told(programs.posts("dan", "agency_list/actions/keep_list", {"agency": "สช.", "evidence": [file]}))
    told(programs.posts("alice", f"agency_list/{kept['list']}/actions/remove_list"), 403)
    told(programs.posts("dan", f"agency_list/{kept['list']}/actions/remove_list"))
    told(programs.posts("dan", f"agency_list/{kept['list']}/actions/remove_list"), 404)


def test_r57_a_registration_is_ended_by_its_area_alone(programs: Programs) -> None:
    told(programs.posts("alice", "g_code/actions/register", {"phone": "0810000000", "reason": "ครู"}))
    [asked] = told(programs.sends("dan", "GET", "request/"))["result"]
    told(programs.posts("dan", f"request/{asked['key']}/actions/approve"))
    [one] = told(programs.sends("dan", "GET", "g_user/"))["result"]
    why = {"reason": "ย้ายโรงเรียน"}
    told(programs.posts("alice", f"g_user/{one['key']}/actions/end", why), 403)
    told(programs.posts("eve", f"g_user/{one['key']}/actions/end", why), 404)
    told(programs.posts("dan", f"g_user/{one['key']}/actions/end", why))
    again = told(programs.posts("dan", f"g_user/{one['key']}/actions/end", why), 409)
    assert again["type"] == "urn:thabian:RegistrationEnded"
    assert told(programs.sends("alice", "GET", "g_user/"))["result"][0]["ended_at"]


def test_r58_the_civil_register_is_asked_and_its_answers_are_noted(programs: Programs) -> None:
    paper = PAPER | {"name": "สูติบัตร"}
    student = key_of(programs.world, OURS)
    given = {"new": national_id(900), "reason": "พิมพ์ผิด", "evidence": [paper]}
    request = told(programs.posts("alice", f"student/{student}/actions/ask_correction", given))["request"]
    told(programs.posts("alice", "civil_inquiry/actions/ask"), 403)
    assert told(programs.posts("dan", "civil_inquiry/actions/ask"), 409)["type"] == "urn:thabian:NothingToAsk"
    batch = told(programs.posts("cee", "civil_inquiry/actions/ask"))["batch"]
    address = f"civil_inquiry/batches/{batch}"
    told(programs.sends("alice", "GET", address), 403)
    told(programs.sends("dan", "GET", address), 404)
    [one] = told(programs.sends("cee", "GET", address))["result"]
    assert (one["request"], one["shown"]["เลขที่ขอให้ตรวจ"], one["found"]) == (request, national_id(900), None)
    answer = f"civil_inquiry/{one['key']}/actions/answer"
    told(programs.posts("dan", answer, {"found": "matches"}), 404)
    told(programs.posts("cee", answer, {"found": "matches", "name": "คนอื่น"}), 409)
    told(programs.posts("cee", answer, {"found": "has-number"}), 422)
    assert told(programs.posts("cee", answer, {"found": "matches"})) == {"request": request}
    told(programs.posts("cee", answer, {"found": "matches"}), 404)
    [now] = told(programs.sends("cee", "GET", address))["result"]
    assert now["found"] == "matches"


def test_r45_the_turn_of_the_year_is_the_centres_to_order_and_only_after_closing(programs: Programs) -> None:
    told(programs.posts("dan", "round/actions/promote", {"academic_year": 2569}), 403)
    refused = told(programs.posts("cee", "round/actions/promote", {"academic_year": 2690}), 404)
    assert refused["type"] == "urn:thabian:RoundUnknown"


# ── Whole files, and the end of a round ──────────────────────────────────────────────────────────────────


def as_form(name: str, data: bytes, **told: str) -> dict[str, Any]:
    """A form with one file."""
    return {"data": {**told, "evidence": (io.BytesIO(data), name)}, "content_type": "multipart/form-data"}


def test_a_workbook_of_movements_is_checked_and_then_done_as_a_whole(programs: Programs) -> None:
    world, address = programs.world, "movement/actions/take_in_file"
    good = movement_row(101, CLASS, grade="ป.6", room=4)
    bad = movement_row(102, CLASS, grade="ป.6", room="x")
    data = filled(world, good, bad)
    checked = told(programs.sends("alice", "POST", address, **as_form("ย้าย.xlsx", data)))
    assert (checked["state"], checked["new"], checked["wrong"]) == ("preview", 1, 1)
    assert [one["row"] for one in checked["problems"]] == [4]
    told(programs.sends("alice", "POST", address, **as_form("ย้าย.xlsx", data, commit="true")), 409)
    assert row_of(world, national_id(101)).room == 1
    done = told(
        programs.sends("alice", "POST", address, **as_form("ก.xlsx", filled(world, good), commit="1"))
    )
    assert (done["state"], done["problems"]) == ("committed", [])
    assert row_of(world, national_id(101)).room == 4
    told(programs.sends("dao", "POST", address, **as_form("ก.xlsx", data)), 403)
    told(programs.sends("alice", "POST", address, data={}, content_type="multipart/form-data"), 422)
    unread = told(programs.sends("alice", "POST", address, **as_form("ก.xlsx", b"PK\x03\x04 no workbook")))
    assert (unread["state"], bool(unread["failure"])) == ("failed", True)


def test_the_form_of_corrections_becomes_requests_and_says_which_rows_do_not(programs: Programs) -> None:
    lines = ((national_id(101), national_id(940)), (national_id(999), national_id(941)))
    rows = [("รหัสโรงเรียน", "ชื่อ", "เลขเดิม", "เลขใหม่"), *((SCHOOL, "", *one) for one in lines)]
    text = "\n".join(",".join(one) for one in rows)
    answer = told(
        programs.sends(
            "alice", "POST", "request/actions/take_in_corrections", **as_form("แบบ.csv", text.encode())
        )
    )
    (request,) = answer["requests"]
    assert state_of(programs.world, request)[0] is RequestState.OPEN
    assert [one["row"] for one in answer["problems"]] == [3]
    assert national_id(999) not in str(answer)


def test_a_growth_reference_is_the_centres_to_import(programs: Programs) -> None:
    address, data = "growth_reference/actions/import_reference", synthetic_reference()
    of_it = {"edition": "สมมติ 2569", "source": "ทดสอบ", "synthetic": "true"}
    told(programs.sends("dan", "POST", address, **as_form("a.csv", data, **of_it)), 403)
    made = told(programs.sends("cee", "POST", address, **as_form("a.csv", data, **of_it)))
    with programs.world.acting("cee"):
        kept = db.session.get_one(GrowthReference, made["edition"])
        assert (kept.edition, kept.is_synthetic) == ("สมมติ 2569", True)
    told(programs.sends("cee", "POST", address, **as_form("a.csv", data, **of_it)), 409)


def test_r15_the_centre_closes_a_round_for_good(programs: Programs) -> None:
    of_it = {"academic_year": 2569, "number": 2}
    told(programs.posts("dan", "round/actions/close", of_it), 403)
    assert told(programs.posts("cee", "round/actions/close", of_it))["unfinished"] > 0
    again = told(programs.posts("cee", "round/actions/close", of_it), 409)
    assert again["type"] == "urn:thabian:RoundAlreadyClosed"
