"""Anybody may ask whether a paper is genuine: without an account, without names, and without guessing codes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from appbuilder_app import files
from appbuilder_app.declaration import db
from appbuilder_app.models import Certificate
from appbuilder_app.workflows import certificates, submissions, verification
from appbuilder_app.workflows.certificate_sheet import in_fours
from appbuilder_app.workflows.verification import Standing
from tests.app_fixtures import SCHOOL
from tests.print_fixtures import PdfReader
from tests.round_fixtures import Round

pytestmark = pytest.mark.any_database("postgresql")


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> None:
    """An own file store for the test."""
    files.configure(tmp_path.as_uri())


@pytest.fixture
def stranger(played: Round) -> FlaskClient:
    """Somebody who was shown a paper."""
    return played.world.client()


def certified(played: Round) -> tuple[str, bytes]:
    """A certificate's code, and its PDF as Dao has it."""
    number = played.is_certified()
    with played.world.acting("dao"):
        certificate = certificates.certificate_numbered(number)
        return certificate.code, certificates.pdf_of(certificate)


def sends(stranger: FlaskClient, code: str, data: bytes) -> str:
    """The page after a file was sent for comparison."""
    sent = {"file": (io.BytesIO(data), "ใบรับรอง.pdf")}
    return stranger.post(f"/verify/{code}", data=sent).text


def returned(played: Round) -> None:
    """The district has sent the school's data back."""
    played.does("dan", submissions.return_submission, SCHOOL, "นับใหม่")


def test_a_stranger_is_told_what_stands_on_the_paper_and_no_name(
    played: Round, stranger: FlaskClient
) -> None:
    code, _pdf = certified(played)
    page = stranger.get(f"/verify/{code}")
    assert page.status_code == 200
    for told in ("เอกสารจริง และยังใช้ได้", "1602-2569-0001", "บ้านหนองตัวอย่าง", "ผู้อำนวยการโรงเรียน"):
        assert told in page.text
    for name in ("Alice", "Dao", "ชื่อ100"):
        assert name not in page.text


def test_a_code_is_read_however_it_is_typed(played: Round, stranger: FlaskClient) -> None:
    code, _pdf = certified(played)
    typed = f" {in_fours(code).lower()} "
    answer = stranger.post("/verify/", data={"code": typed})
    assert answer.location == f"/verify/{code}"
    assert stranger.post("/verify/", data={"code": " "}).status_code == 422
    for unknown in (code[:-1], f"{code}2", "2" * 16, "ก" * 16, "0"):
        answer = stranger.get(f"/verify/{unknown}")
        assert answer.status_code == 404
        assert "ไม่พบเอกสารที่มีรหัสนี้" in answer.text


def test_a_paper_that_was_taken_back_is_genuine_and_holds_no_more(
    played: Round, stranger: FlaskClient
) -> None:
    code, _pdf = certified(played)
    returned(played)
    assert "เอกสารจริง แต่ถูกยกเลิกแล้ว" in stranger.get(f"/verify/{code}").text
    again, _pdf = certified(played)
    page = stranger.get(f"/verify/{code}").text
    assert "มีฉบับใหม่แทนแล้ว" in page
    assert "1602-2569-0002" in page
    with played.world.app.app_context():
        verdict = verification.verify(again)
    assert verdict is not None
    assert verdict.standing is Standing.CURRENT


def test_the_districts_note_is_told_until_the_paper_is_taken_back(played: Round) -> None:
    code, _pdf = certified(played)
    played.does("dan", submissions.acknowledge, [SCHOOL])
    with played.world.app.app_context():
        verdict = verification.verify(code)
        assert verdict is not None
        assert verdict.acknowledged_position == "นักวิชาการศึกษา"
    returned(played)
    with played.world.app.app_context():
        verdict = verification.verify(code)
        assert verdict is not None
        assert (verdict.acknowledged_at, verdict.standing) == (None, Standing.REVOKED)


def test_one_altered_byte_makes_another_file(played: Round, stranger: FlaskClient) -> None:
    code, pdf = certified(played)
    assert "ไฟล์ตรงกับที่ระบบออก" in sends(stranger, code, pdf)
    assert "ไฟล์ไม่ตรงกับที่ระบบออก" in sends(stranger, code, pdf.replace(b"%PDF-1.7", b"%PDF-1.6"))
    assert "กรุณาเลือกไฟล์ก่อน" in stranger.post(f"/verify/{code}", data={}).text


def test_what_was_issued_before_the_acknowledgement_is_still_an_issued_file(
    played: Round, stranger: FlaskClient
) -> None:
    code, before = certified(played)
    played.does("dan", submissions.acknowledge, [SCHOOL])
    with played.world.acting("dao"):
        after = certificates.pdf_of(certificates.certificate_numbered("1602-2569-0001"))
    assert before != after
    for pdf in (before, after):
        assert "ไฟล์ตรงกับที่ระบบออก" in sends(stranger, code, pdf)


def test_a_file_is_compared_also_when_nobody_has_opened_it_yet(
    played: Round, stranger: FlaskClient, tmp_path: Path
) -> None:
    code, pdf = certified(played)
    files.configure((tmp_path / "new").as_uri())
    assert "ไฟล์ตรงกับที่ระบบออก" in sends(stranger, code, pdf)


def test_the_page_bears_the_address_and_its_square_code(played: Round, run_poppler: PdfReader) -> None:
    code, pdf = certified(played)
    text = run_poppler("pdftotext", pdf, "-layout")
    assert f"http://127.0.0.1:8080/verify/{code}" in text


def test_codes_are_drawn_anew_for_each_paper(played: Round) -> None:
    first, _pdf = certified(played)
    returned(played)
    second, _pdf = certified(played)
    assert first != second
    for code in (first, second):
        assert len(code) == verification.LENGTH
        assert set(code) <= set(verification.LETTERS)
    with played.world.acting("dao"):
        assert {*db.session.scalars(sa.select(Certificate.code))} == {first, second}


def test_nobody_counts_through_the_codes(guarded_stranger: FlaskClient) -> None:
    answers = [guarded_stranger.get("/verify/2222222222222222").status_code for _ in range(61)]
    assert answers[:60] == [404] * 60
    assert answers[60] == 429


@pytest.fixture
def guarded_stranger(databases, world_template, make_app) -> FlaskClient:
    """A stranger before doors that count, as in production."""
    app = make_app(databases.fresh(world_template), RATELIMIT_ENABLED=True, PROPAGATE_EXCEPTIONS=False)
    return app.test_client()
