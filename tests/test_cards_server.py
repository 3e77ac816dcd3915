"""The server's side of card reading: pairing, numbers, seals, and from the card into a student."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import logging
import zipfile
from dataclasses import asdict
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.models import CardReading, Change, Student
from appbuilder_app.workflows import cards, from_cards
from cards import errors, layout, person
from cards.reader import Reading
from cards.sealing import key_of_text, sealed
from tests.app_fixtures import SCHOOL, national_id
from tests.virtual_card import PERSON, a_number, a_photo

pytestmark = pytest.mark.any_database("postgresql")


def card_of(photo: bytes | None = None, **changed: str) -> person.Card:
    """The made-up person's card."""
    texts = PERSON | {getattr(layout, name.upper()): text for name, text in changed.items()}
    return person.decoded({place: text.encode("cp874") for place, text in texts.items()}, photo)


class PC:
    """A paired PC: its name, its key, and what it sends."""

    def __init__(self, world, officer: str = "alice") -> None:
        self.world = world
        self.client = world.client(officer)
        made = self.client.post("/cards/devices", data={"name": "เครื่องห้องธุรการ"}).get_data(as_text=True)
        self.code = made.split('<dd class="code">')[1].split("<")[0]
        told = world.client().post("/cards/agent/pair", json={"code": self.code, "name": "pc"}).get_json()
        self.device, self.key = told["device"], key_of_text(told["key"])

    def nonce(self, client=None) -> str:
        """What the server gives out on a click."""
        return (client or self.client).post("/cards/nonce", json={}).get_json()["nonce"]

    def seal(self, nonce: str, outcome: Any = None, at: dt.datetime | None = None) -> dict[str, str]:
        """A read of the card, or of what is given, under the PC's key."""
        outcome = Reading(card_of(), "เครื่องอ่าน 1", 0.1) if outcome is None else outcome
        if isinstance(outcome, person.Card):
            outcome = Reading(outcome, "เครื่องอ่าน 1", 0.1)
        at = at or dt.datetime.now(dt.UTC)
        return asdict(sealed(outcome, device=self.device, nonce=nonce, key=self.key, at=at))

    def sends(self, body: object, client=None) -> tuple[int, dict[str, str]]:
        """Through the officer's page."""
        answer = (client or self.client).post("/cards/reports", json=body)
        return answer.status_code, answer.get_json()

    def pushes(self, body: object) -> tuple[int, dict[str, str]]:
        """By itself."""
        answer = self.world.client().post("/cards/agent/push", json=body)
        return answer.status_code, answer.get_json()

    def reads(self, outcome: object = None) -> str:
        """The path of a read that went well."""
        status, told = self.sends(self.seal(self.nonce(), outcome))
        assert status == 200, told
        return told["path"]


@pytest.fixture
def pc(world) -> PC:
    """A PC that Alice has paired for her school."""
    return PC(world)


CLASS = {"grade": "04", "room": "1", "student_number": "90001"}


def form_of(page: str) -> dict[str, str]:
    """What the fields of a page hold."""
    import re

    held = dict(re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(
            r'<option[^>]*selected[^>]*value="([^"]*)"|<option[^>]*value="([^"]*)"[^>]*selected', options
        )
        held[name] = (chosen[1] or chosen[2]) if chosen else ""
    return held


# ── Pairing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_is_traded_once_and_in_time(world, pc, monkeypatch) -> None:
    stranger = world.client()
    refused = stranger.post("/cards/agent/pair", json={"code": pc.code})
    assert (refused.status_code, refused.get_json()["kind"]) == (403, "CodeRefused")
    odds: tuple[Any, ...] = ({"code": ""}, {"code": None}, [], {})
    for odd in odds:
        assert stranger.post("/cards/agent/pair", json=odd).status_code == 403

    with world.acting("alice"):
        _device, code = cards.make_device("อีกเครื่อง")
        db.session.commit()
    now = lock.now()
    monkeypatch.setattr(lock, "now", lambda: now + dt.timedelta(minutes=11))
    assert stranger.post("/cards/agent/pair", json={"code": code}).status_code == 403


def test_only_officers_of_the_place_pair_and_revoke(world, pc) -> None:
    for name in ("dao", "cee"):
        assert world.client(name).post("/cards/devices", data={"name": "pc2"}).status_code in {302, 403}
    assert "เครื่องห้องธุรการ" in world.client("dan").get("/cards/").get_data(as_text=True)
    assert "/devices/1/revoke" not in world.client("bob").get("/cards/").get_data(as_text=True)
    assert world.client("bob").post("/cards/devices/1/revoke").status_code == 404
    assert pc.client.post("/cards/devices", data={"name": "x"}).status_code == 422

    nonce = pc.nonce()
    assert pc.client.post("/cards/devices/1/revoke").status_code == 302
    assert pc.sends(pc.seal(nonce))[0] == 403


# ── Seals and numbers ────────────────────────────────────────────────────────────────────────────────────


def test_a_read_counts_once_for_its_own_person(world, pc) -> None:
    body = pc.seal(pc.nonce())
    assert pc.sends(body)[0] == 200
    assert pc.sends(body)[1]["kind"] == "ReadTooOld"
    assert pc.pushes(body)[0] == 409

    # A number that was given to somebody else, or to nobody.
    assert pc.sends(pc.seal(pc.nonce(world.client("bob"))))[0] == 409
    assert pc.sends(pc.seal("x" * 32))[0] == 409


def test_what_is_altered_or_late_is_refused(world, pc, monkeypatch, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    good = pc.seal(pc.nonce())
    edited = good["text"].replace(a_number(), national_id(77))
    assert edited != good["text"]
    assert pc.sends({**good, "text": edited})[1]["kind"] == "DeviceRefused"
    assert pc.sends({**good, "mac": "0" * 64})[0] == 403
    odds: tuple[Any, ...] = (None, [], "x", {"text": 1, "mac": "0" * 64}, {"text": "{", "mac": "0" * 64})
    for odd in odds:
        assert pc.sends(odd)[0] == 422
    assert pc.sends(pc.seal(pc.nonce(), at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)))[1]["kind"] == "ClockWrong"

    now = lock.now()
    monkeypatch.setattr(lock, "now", lambda: now + dt.timedelta(minutes=3))
    assert pc.sends(good)[1]["kind"] == "ReadTooOld"
    # Refused and noted, and never with what stood on the card.
    assert "สมมุติ" not in caplog.text
    assert a_number() not in caplog.text


def test_failed_reads_are_accounted_for_and_the_number_still_serves(pc) -> None:
    nonce = pc.nonce()
    status, told = pc.sends(pc.seal(nonce, errors.NoCard()))
    assert (status, told["kind"]) == (422, "CardNotRead")
    assert told["message"] == errors.NoCard.message
    assert "{" not in pc.pushes(pc.seal(nonce, errors.ReadTooSlow(seconds=12)))[1]["message"]
    page = pc.client.get("/cards/").get_data(as_text=True)
    assert errors.NoCard.message in page
    assert pc.sends(pc.seal(nonce))[0] == 200


def test_the_card_is_forgotten(world, pc, monkeypatch) -> None:
    path = pc.reads()
    assert world.client("bob").get(path).status_code == 404
    assert world.client("dan").get(path).status_code in {302, 403, 404}
    now = lock.now()
    monkeypatch.setattr(lock, "now", lambda: now + dt.timedelta(minutes=31))
    assert pc.client.get(path).status_code == 409
    pc.nonce()
    with world.acting("alice"):
        assert [reading.card for reading in db.session.scalars(sa.select(CardReading))] == [None, None]


# ── Into a student ───────────────────────────────────────────────────────────────────────────────────────


def test_a_new_student_from_a_card_knows_which_fields_came_from_it(world, pc) -> None:
    path = pc.reads()
    answer = pc.client.get(path)
    assert answer.location == f"{path}/add"
    form = form_of(pc.client.get(f"{path}/add").get_data(as_text=True))
    assert (form["national_id"].replace("-", ""), form["first_name"], form["sex"]) == (
        a_number(),
        "สมมุติ",
        "M",
    )
    assert (form["birth_date"], form["subdistrict"], form["street"]) == (
        "10/05/2559", "หนองแขม", "ตรอกวัด ถนนพหลโยธิน",
    )  # fmt: skip

    assert pc.client.post(f"{path}/add", data=form).status_code == 422
    saved = pc.client.post(f"{path}/add", data=form | CLASS | {"street": "พิมพ์เอง"})
    assert saved.status_code == 302, saved.get_data(as_text=True)
    assert saved.location == "/cards/read?grade=04&room=1&number=90002"
    with world.acting("alice"):
        student = db.session.scalars(sa.select(Student).filter_by(national_id=a_number())).one()
        assert student.school_code == SCHOOL
        sources = from_cards.sources_of(student)
        assert {"national_id", "first_name", "birth_date", "province"} <= set(sources)
        assert "street" not in sources
        student.ethnicity = "มอญ"
        student.province = "ลำพูน"
        db.session.commit()
        assert "province" not in from_cards.sources_of(student)
        assert "first_name" in from_cards.sources_of(student)
        reading = db.session.scalars(sa.select(CardReading)).one()
        assert (reading.card, reading.student_id) == (None, student.id)
        changes = db.session.scalars(sa.select(Change).filter_by(dataset="card_reading")).all()
        assert changes == []
        key = student.id
    assert "อ่านจากบัตร" in pc.client.get(f"/cards/students/{key}").get_data(as_text=True)
    assert world.client("bob").get(f"/cards/students/{key}").status_code == 404
    assert pc.client.get(path).status_code == 404


def test_a_student_who_is_here_is_compared_field_by_field(world, pc) -> None:
    pupil = world.pupil()
    with world.acting("alice"):
        student = db.session.get_one(Student, pupil)
        number, old_last_name, key = student.national_id, student.last_name, student.id
    path = pc.reads(card_of(a_photo(), national_id=number))
    page = pc.client.get(path).get_data(as_text=True)
    assert 'value="first_name"' in page
    assert old_last_name in page
    taken = pc.client.post(f"{path}/take", data={"take": ["first_name"], "version": "1"})
    assert taken.location == f"/data/student/{key}"
    with world.acting("alice"):
        student = db.session.get_one(Student, key)
        assert (student.first_name, student.last_name) == ("สมมุติ", old_last_name)
        assert set(from_cards.sources_of(student)) == {"first_name"}

    # Somebody has saved the student since the page was opened: what was chosen may not be meant any more.
    path = pc.reads(card_of(national_id=number, thai_name="ด.ช.#อีกชื่อ##อีกสกุล"))
    stale = pc.client.post(f"{path}/take", data={"take": ["first_name"], "version": "1"})
    assert (stale.status_code, "มีผู้อื่นแก้ไขรายการนี้ไปแล้ว" in stale.get_data(as_text=True)) == (409, True)


def test_the_program_can_be_downloaded_and_runs(pc, tmp_path) -> None:
    import subprocess
    import sys

    packed = pc.client.get("/cards/smartcard-agent.pyz").data
    assert "cards/pcsc.py" in zipfile.ZipFile(io.BytesIO(packed)).namelist()
    file = tmp_path / "smartcard-agent.pyz"
    file.write_bytes(packed)
    command = [sys.executable, "-I", str(file), "--folder", str(tmp_path), "run"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "ยังไม่ได้จับคู่" in done.stderr) == (1, True), done.stderr


def test_the_seal_holds_what_it_says(pc) -> None:
    body = pc.seal("n" * 32)
    assert json.loads(body["text"])["nonce"] == "n" * 32
    assert len(pc.key) == 32
    with pytest.raises(ValueError, match="not a key"):
        key_of_text(base64.b64encode(b"short").decode())
