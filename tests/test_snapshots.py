"""Snapshots for people: files, proofs of one child alone, what has changed since, and who may have what."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from appbuilder_app import files, proving
from appbuilder_app.codes import Disability
from appbuilder_app.declaration import db
from appbuilder_app.errors import NotPermitted, NotYours
from appbuilder_app.models import Change, Roster, Student
from appbuilder_app.workflows import certificates, rounds, snapshots, submissions
from appbuilder_app.workflows.snapshots import NothingFrozen, RecordNotFrozen
from tests.app_fixtures import SCHOOL, national_id, pupil
from tests.command_fixtures import Command, answer
from tests.print_fixtures import PdfReader
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> None:
    """An own file store for the test."""
    files.configure(tmp_path.as_uri())


def standing() -> Roster:
    """The snapshot that stands."""
    present = rounds.current_round()
    assert present is not None
    return snapshots.standing(SCHOOL, present)


def recertified(played: Round) -> str:
    """The district has sent the data back, three children are other than before, and the school is certified again."""
    played.is_certified()
    played.does("dan", submissions.return_submission, SCHOOL, "นับใหม่")
    played.changes_a_pupil(weight_kg=Decimal("40.5"), disability=Disability.SIGHT, room=2)
    gone = played.world.pupil(SCHOOL, 3)

    def others() -> None:
        db.session.add(pupil(SCHOOL, 901, first_name="เพิ่มใหม่"))
        db.session.delete(db.session.get_one(Student, gone))

    played.does("alice", others)
    return played.is_certified()


# ── Files and proofs ─────────────────────────────────────────────────────────────────────────────────────


def test_one_child_is_proved_to_be_on_the_certificate_without_the_others(played: Round) -> None:
    number = played.is_certified()
    with played.world.acting("alice"):
        proof = snapshots.proof_of(standing(), national_id(102))
        pdf = certificates.pdf_of(certificates.certificate_numbered(number))

    found = proving.verified(proof, proving.root_in_pdf(pdf))

    assert [record["national_id"] for record in found.records] == [national_id(102)]
    assert found.head["school"]["code"] == SCHOOL
    assert not any(national_id(other).encode() in proof for other in (100, 101, 103))


def test_the_whole_snapshot_is_verified_offline_by_the_root_on_the_certificate(played: Round) -> None:
    number = played.is_certified()
    with played.world.acting("dan"):
        data = snapshots.file_of(standing())
        sheet = certificates.sheet_of(certificates.certificate_numbered(number))

    assert len(proving.verified(data, sheet.roster_hash).records) == 4


def test_the_counts_are_proved_without_any_child(played: Round) -> None:
    played.is_confirmed()
    with played.world.acting("alice"):
        found = proving.verified(snapshots.proof_of_counts(standing()))

    assert found.records == []
    assert found.counts is not None
    grades = found.counts["grades"]
    assert sum(row["male"] + row["female"] for row in grades) == 4


def test_who_takes_records_leaves_a_trace(played: Round) -> None:
    played.is_confirmed()
    played.does("alice", lambda: snapshots.proof_of(standing(), national_id(102)))
    with played.world.acting("alice"):
        trace = db.session.scalars(sa.select(Change).filter_by(action="snapshot")).one()

    assert trace.actor_id is not None
    assert trace.after is not None
    assert "xxxxx" in trace.after["subject"], "the trace does not repeat the number"


def test_what_is_not_in_the_snapshot_is_not_proved(played: Round) -> None:
    played.is_refused("alice", NothingFrozen, standing)
    played.is_confirmed()
    played.is_refused("alice", RecordNotFrozen, lambda: snapshots.proof_of(standing(), national_id(200)))


def test_a_neighbour_gets_nothing(played: Round, screens: Screens) -> None:
    played.is_confirmed()
    with played.world.acting("alice"):
        key = standing().id
    for name in ("bob", "charlie", "eve"):
        played.is_refused(name, NotYours, snapshots.snapshot, key)
        for page in ("", "/changes", "/file", "/proof"):
            assert screens.of(name).get(f"/snapshot/{key}{page}").status_code == 404


def test_records_leave_only_for_who_sees_all_their_fields(played: Round, screens: Screens) -> None:
    played.is_confirmed()
    with played.world.acting("alice"):
        roster, viewer = standing(), played.world.viewer("alice")
        key = roster.id
        fewer = viewer.rights - {("see", "student:health")}
        from dataclasses import replace

        from appbuilder_app import access

        with access.acting_as(replace(viewer, rights=fewer), through="command"):
            for take in (
                lambda: snapshots.file_of(roster),
                lambda: snapshots.proof_of(roster, national_id(101)),
                lambda: snapshots.search(roster, "ชื่อ"),
            ):
                with pytest.raises(NotPermitted):
                    take()
            assert proving.verified(snapshots.proof_of_counts(roster)).records == []
    assert national_id(101) not in screens.page("alice", f"/snapshot/{key}?q=ชื่อ101")


def test_a_damaged_snapshot_is_told_and_nothing_else_is_asked(played: Round) -> None:
    played.is_confirmed()
    with played.world.acting("alice"):
        roster = standing()
        assert snapshots.damage_in(roster) is None
        with db.session.no_autoflush:
            roster.counts = {**roster.counts, "totals": {**roster.counts["totals"], "poor": 3}}
            assert "ถูกแก้ไข" in str(snapshots.damage_in(roster))
            roster.content = b"x"
            assert "ไม่ตรงกับรหัสตรวจสอบ" in str(snapshots.damage_in(roster))
        db.session.rollback()


# ── Doors ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_screen_finds_a_child_and_hands_out_the_proof_that_the_public_page_accepts(
    played: Round, screens: Screens
) -> None:
    number = played.is_certified()
    with played.world.acting("dan"):
        roster = standing()
        key, code = roster.id, certificates.certificate_numbered(number).code
    child = played.world.pupil(SCHOOL, 1)
    page = screens.page("dan", f"/snapshot/{key}?q=ชื่อ101")
    assert f"record=student:{child}" in page
    assert roster.root in page

    proof = screens.of("dan").get(f"/snapshot/{key}/proof?record=student:{child}").data
    stranger = played.world.client()
    for data, told in ((proof, "หลักฐานถูกต้อง"), (proof.replace(b"101", b"102"), "ไฟล์ไม่ตรง")):
        sent = stranger.post(f"/verify/{code}", data={"file": (io.BytesIO(data), "proof.json")})
        assert told in sent.text


def test_a_program_takes_a_proof_with_its_token(played: Round) -> None:
    played.is_confirmed()
    with played.world.acting("alice"):
        root = standing().root
    address, client = f"/api/v1/snapshot/{SCHOOL}/dmc/2569/2", played.world.app.test_client()
    got = {
        words: client.get(f"{address}{words}", headers=played.world.token("alice"))
        for words in ("", "/proof", f"/proof?record={national_id(101)}", f"/proof?record={national_id(200)}")
    }

    assert [answered.status_code for answered in got.values()] == [200, 200, 200, 404]
    found = [len(proving.verified(answered.data, root).records) for answered in [*got.values()][:3]]
    assert found == [4, 0, 1]
    assert client.get(address, headers=played.world.token("bob")).status_code == 404
    assert client.get(address).status_code == 401


def test_commands_export_prove_and_verify(played: Round, flask: Command, tmp_path: Path) -> None:
    played.is_confirmed()
    whole, proof = tmp_path / "whole.jsonl", tmp_path / "proof.json"
    root = answer(flask("snapshot", "export", SCHOOL, "-o", whole, "--as", "alice", "--json"))["root"]
    flask("snapshot", "prove", SCHOOL, national_id(101), "-o", proof, "--as", "alice")

    for file, records in ((whole, "4 จาก 4"), (proof, "1 จาก 4")):
        told = flask("snapshot", "verify", file, "--root", root)
        assert told.exit_code == 0, told.stderr
        assert records in told.stdout
    assert flask("snapshot", "verify", proof, "--root", "0" * 64).exit_code == 1
    assert flask("snapshot", "verify", proof).exit_code == 2
    refused = flask(
        "snapshot", "prove", SCHOOL, national_id(200), "-o", tmp_path / "no.json", "--as", "alice"
    )
    assert refused.exit_code == 1
    assert not (tmp_path / "no.json").exists()


# ── What has changed since ───────────────────────────────────────────────────────────────────────────────


def test_school_and_district_see_what_changed_since_the_certificate(played: Round, screens: Screens) -> None:
    played.is_certified()
    with played.world.acting("alice"):
        key = standing().id
    assert "ไม่มีอะไรเปลี่ยน" in screens.page("dan", f"/snapshot/{key}/changes")
    played.does("dan", submissions.return_submission, SCHOOL, "นับใหม่")
    played.changes_a_pupil(weight_kg=Decimal("40.5"))

    for name in ("alice", "dao", "dan", "cee"):
        page = screens.page(name, f"/snapshot/{key}/changes")
        assert "40.5" in page
        assert "น้ำหนัก" in page
        assert national_id(100) not in page
    assert f"/snapshot/{key}/changes" in screens.page("alice", f"/submission/{SCHOOL}")


def test_a_second_certificate_bears_an_annex_of_what_changed(played: Round, run_poppler: PdfReader) -> None:
    number = recertified(played)
    with played.world.acting("dao"):
        certificate = certificates.certificate_numbered(number)
        sheet = certificates.sheet_of(certificate)
        pdf = certificates.pdf_of(certificate)
    annex = sheet.annex
    assert annex is not None
    assert (annex.number, annex.reason) == ("1602-2569-0001", "นับใหม่")
    assert (annex.added, annex.removed, annex.changed) == (1, 1, 1)
    told = {line.field: (line.before, line.after) for line in annex.of("changed")}
    assert told["ห้อง"] == ("1", "2")
    assert told["น้ำหนัก"] == told["ความพิการ"] == ("", ""), "a paper goes through many hands"
    assert Disability.SIGHT.th not in json.dumps(certificate.content, ensure_ascii=False)
    pages = run_poppler("pdftotext", pdf).split("\f")[:-1]
    assert len(pages) == 2
    text = "".join(pages[1].split())
    for words in ("บัญชีแนบท้าย", "1602-2569-0001", "เพิ่มใหม่ทดสอบ", "น้ำหนัก", "ไม่พิมพ์ค่า", "นับใหม่"):
        assert "".join(words.split()) in text
    assert national_id(100) not in text


def test_a_first_certificate_has_no_annex_and_one_page(played: Round, run_poppler: PdfReader) -> None:
    number = played.is_certified()
    with played.world.acting("dao"):
        certificate = certificates.certificate_numbered(number)
        assert certificates.sheet_of(certificate).annex is None
        assert run_poppler("pdftotext", certificates.pdf_of(certificate)).count("\f") == 1


def test_certified_again_without_a_change_the_annex_says_so(played: Round, run_poppler: PdfReader) -> None:
    played.is_certified()
    played.does("dan", submissions.return_submission, SCHOOL, "เซ็นผิดคน")
    number = played.is_certified()
    with played.world.acting("dao"):
        pdf = certificates.pdf_of(certificates.certificate_numbered(number))

    assert "ไม่มีข้อมูลใดเปลี่ยนแปลง" in "".join(run_poppler("pdftotext", pdf).split("\f")[1].split())
