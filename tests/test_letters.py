"""Rosters and letters of a round: what they say, who may have them, and that bound files are whole and tagged."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from appbuilder_app import binding, files, identity
from appbuilder_app.declaration import db
from appbuilder_app.models import Account, Change, Job
from appbuilder_app.thaidate import thai_digits
from appbuilder_app.workflows import accounts, certificate_files, certificates, submissions
from tests.app_fixtures import SCHOOL, World, national_id
from tests.command_fixtures import Command, answer
from tests.print_fixtures import PdfReader
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> None:
    """An own file store for the test."""
    files.configure(tmp_path.as_uri())


def said(run_poppler: PdfReader, pdf: bytes) -> str:
    """All text of a file, without spaces."""
    return "".join(run_poppler("pdftotext", pdf, "-raw").split())


# ── Binding ──────────────────────────────────────────────────────────────────────────────────────────────


def part(number: int) -> str:
    """A part of one page with a table."""
    rows = "".join(f"<tr><td>น้ำที่ {number}.{row}" for row in range(12))
    return (
        f"<html lang=th><title>ชุด</title><body><h1>ผู้ที่ {number}</h1><table><tr><th>ชื่อ</th></tr>{rows}</table>"
    )


def test_parts_laid_out_side_by_side_are_the_same_file_and_read_in_order(run_poppler: PdfReader) -> None:
    parts = [part(number) for number in range(binding.WORTH_A_PROCESS)]
    pdf = binding.typeset_parts(parts, processes=2)

    assert pdf == binding.typeset_parts(parts, processes=1)
    told = run_poppler("pdfinfo", pdf, "-struct-text")
    spoken = re.findall(r'^ *"(.*)"$', told, re.MULTILINE)
    cells = [f"น้ำที่ {number}.{row}" for number in range(len(parts)) for row in range(12)]
    assert [text for text in spoken if text.startswith("น้ำ")] == cells
    heads = re.findall(r"TH <([^>]+)>", told)
    assert len({*heads}) == len(heads) == len(parts), "each table's head has a name of its own"
    assert {*re.findall(r"/Headers \[\(([^)]+)\)\]", told)} == {*heads}
    info = run_poppler("pdfinfo", pdf)
    assert re.search(r"Tagged: +yes", info)
    assert re.search(rf"Pages: +{len(parts)}\n", info)


# ── Rosters of classes ───────────────────────────────────────────────────────────────────────────────────


def test_a_roster_is_a_draft_until_confirmed_and_then_what_was_confirmed(
    played: Round, screens: Screens, run_poppler: PdfReader
) -> None:
    address = f"/paper/roster/{SCHOOL}.pdf?grade=09&room=1"
    before = screens.of("alice").get(address)
    assert before.headers["Content-Disposition"].startswith("inline")
    assert "ร่างยังไม่ยืนยัน" in said(run_poppler, before.data)
    played.is_confirmed()
    after = said(run_poppler, screens.of("alice").get(address).data)

    assert "ร่าง" not in after
    assert "รหัสตรวจสอบข้อมูลที่ยืนยัน" in after
    assert "รวม4คนชาย2คนหญิง2คน" in after
    assert "ชื่อ101" in after
    with played.world.acting("alice"):
        trace = db.session.scalars(sa.select(Change).filter_by(action="roster")).all()
        assert trace[-1].after["rows"] == 4  # type: ignore[index]  # as written


def test_numbers_are_whole_only_for_who_sees_them(
    played: Round, screens: Screens, run_poppler: PdfReader
) -> None:
    from dataclasses import replace

    from appbuilder_app import access
    from appbuilder_app.workflows import class_rosters, rounds

    whole = said(run_poppler, screens.of("alice").get(f"/paper/roster/{SCHOOL}.pdf").data)
    assert national_id(101) in whole
    with played.world.acting("alice") as viewer:
        fewer = (viewer.rights - {("see", "student:identity")}) | {("mask", "student:identity")}
        assert fewer != viewer.rights
        with access.acting_as(replace(viewer, rights=frozenset(fewer)), through="screen"):
            present = rounds.current_round()
            assert present is not None
            paper = class_rosters.paper_of(SCHOOL, present)
            numbers = [row.national_id for one in paper.classes for row in one.rows]
    assert national_id(101) not in numbers
    assert identity.mask_identity(national_id(101)) in numbers


def test_rosters_are_found_from_the_school_and_not_by_others(screens: Screens) -> None:
    assert f"/paper/roster/{SCHOOL}" in screens.page("alice", f"/submission/{SCHOOL}")
    page = screens.page("dan", f"/paper/roster/{SCHOOL}")
    assert "ป.6/1" in page
    for name in ("bob", "charlie", "eve"):
        for ending in ("", ".pdf"):
            assert screens.of(name).get(f"/paper/roster/{SCHOOL}{ending}").status_code == 404
    assert screens.of("alice").get(f"/paper/roster/{SCHOOL}.pdf?grade=05").status_code == 404


# ── Letters ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_covering_letter_names_the_certificate_and_who_signed(
    played: Round, screens: Screens, run_poppler: PdfReader
) -> None:
    address = f"/paper/letter/covering/{SCHOOL}.pdf"
    assert screens.of("dao").get(address).status_code == 404
    number = played.is_certified()
    text = said(run_poppler, screens.of("dao").get(address).data)

    assert thai_digits(number) in text
    assert "ขอแสดงความนับถือ" in text
    assert "ผู้อำนวยการโรงเรียน" in text
    assert "เรียนผู้อำนวยการ" in text
    assert screens.of("charlie").get(address).status_code == 404
    assert f"/paper/letter/covering/{SCHOOL}.pdf" in screens.page("dao", f"/submission/{SCHOOL}")


def test_what_the_area_returned_comes_with_a_letter_and_the_reason(
    played: Round, screens: Screens, run_poppler: PdfReader
) -> None:
    address = f"/paper/letter/returning/{SCHOOL}.pdf"
    played.is_confirmed()
    played.does("alice", submissions.return_submission, SCHOOL, "ถอนเองไม่ใช่หนังสือ")
    assert screens.of("alice").get(address).status_code == 404, "the school's own withdrawing is no letter"
    number = played.is_certified()
    played.does("dan", submissions.return_submission, SCHOOL, "จำนวนนักเรียนชั้น ป.6 ไม่ตรง")
    text = said(run_poppler, screens.of("alice").get(address).data)

    assert "เนื่องจากจำนวนนักเรียนชั้นป.๖ไม่ตรง" in text
    assert thai_digits(number) in text
    assert "ผู้ส่งกลับDanทดสอบ" in text
    assert address in screens.page("alice", f"/submission/{SCHOOL}")
    for name in ("bob", "eve"):
        assert screens.of(name).get(address).status_code == 404


def test_the_areas_list_is_numbered_kept_and_issued_anew_only_when_more_is_acknowledged(
    played: Round, screens: Screens, run_poppler: PdfReader
) -> None:
    def issued() -> str:
        answer = screens.of("dan").post("/paper/acknowledgement")
        assert answer.status_code == 302
        return str(answer.headers["Location"])

    assert "/watch" in issued(), "nothing is acknowledged yet"
    played.is_acknowledged()
    first = issued()
    pdf = screens.of("dan").get(first).data
    text = said(run_poppler, pdf)
    assert "รท๑๖๐๒/๐๐๐๑/๒๕๖๙" in text
    assert SCHOOL in text
    assert "จำนวน๑โรงเรียนจากทั้งหมด๒โรงเรียน" in text
    assert issued() == first
    assert screens.of("dan").get(first).data == pdf
    assert first.rsplit("/", 1)[1].split("?")[0] in screens.page("dan", "/watch/")
    assert screens.of("eve").get(first).status_code == 404
    assert screens.of("alice").get(first).status_code == 404
    assert screens.of("alice").post("/paper/acknowledgement").status_code in (302, 403)


def test_all_certificates_of_an_area_are_one_file_of_who_ordered_it(played: Round, screens: Screens) -> None:
    number = played.is_certified()
    assert screens.of("dan").post("/paper/certificates?area=1601").status_code == 404
    played.world.app.config["JOBS_AT_ONCE"] = True
    assert screens.of("dan").post("/paper/certificates").status_code == 302
    with played.world.acting("dan"):
        job = db.session.scalars(sa.select(Job).filter_by(kind=certificate_files.KIND)).one()
        key = job.id
        with zipfile.ZipFile(io.BytesIO(files.get(job.stored_as or ""))) as archive:
            assert archive.namelist() == [f"{SCHOOL}-{number}.pdf"]
            one = certificates.certificate_numbered(number)
            assert archive.read(archive.namelist()[0]) == certificates.pdf_of(one)
    assert screens.of("dan").get(f"/jobs/{key}/file").status_code == 200
    assert screens.of("eve").get(f"/jobs/{key}/file").status_code == 404


def test_a_closed_rounds_statistics_are_a_document(
    played: Round, screens: Screens, run_poppler: PdfReader
) -> None:
    played.is_certified()
    played.close()
    answer = screens.of("dan").get("/statistics/summary.pdf")
    text = said(run_poppler, answer.data)

    assert "สรุปสถิติจากข้อมูลที่รับรองแล้ว" in text
    assert "รวมทั้งสิ้น1224" in text
    assert screens.of("dan").get("/statistics/summary.pdf?area=1601").status_code == 404


# ── The slip of a new account ────────────────────────────────────────────────────────────────────────────


def test_the_slip_bears_the_first_password_and_nothing_keeps_it(
    world: World, screens: Screens, run_poppler: PdfReader, tmp_path: Path
) -> None:
    with world.acting("dan"):
        account = db.session.scalars(sa.select(Account).filter_by(username="alice")).one()
        key, password = account.id, accounts.give_password(account)
        db.session.commit()
    address = f"/accounts/{key}/slip.pdf"
    answer = screens.of("dan").post(address, data={"password": password})

    assert answer.headers["Cache-Control"] == "no-store"
    assert password in said(run_poppler, answer.data)
    assert not [file for file in tmp_path.rglob("*.pdf") if file.name != "printed.pdf"]
    assert screens.of("dan").post(address, data={"password": "wrong"}).status_code == 409
    assert screens.of("eve").post(address, data={"password": password}).status_code == 404


def test_commands_write_rosters_and_letters(played: Round, flask: Command, tmp_path: Path) -> None:
    played.is_certified()
    for words in (("roster", SCHOOL, "--grade", "09"), ("letter", "covering", SCHOOL)):
        file = tmp_path / f"{words[0]}.pdf"
        answer(flask("document", *words, "--output", file, "--as", "alice", "--json"))
        assert file.read_bytes().startswith(b"%PDF-")
