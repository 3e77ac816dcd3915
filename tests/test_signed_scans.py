"""Signed paper comes back mixed, upside down and photographed, and is filed by the code on each page."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from PIL import Image

from appbuilder_app import files, scanning
from appbuilder_app.declaration import db
from appbuilder_app.errors import NotAScan, NotPermitted, ScanOfAnother, TooManyPages
from appbuilder_app.models import Certificate, SignedScan
from appbuilder_app.typesetting import typeset
from appbuilder_app.workflows import certificates, signed_scans, submissions
from tests import paper_fixtures as paper
from tests.app_fixtures import SCHOOL, SIBLING
from tests.round_fixtures import Round

pytestmark = pytest.mark.any_database("postgresql")

ADDRESS = "https://register.example/verify/"
CODES = ("ABCDEFGHJKMNPQRS", "TUVWXYZ23456789A", "23456789ABCDEFGH")


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> None:
    """An own file store for the test."""
    files.configure((tmp_path / "files").as_uri())


def document(code: str, pages: int = 1) -> bytes:
    """A document of several pages, each with its own square code at the foot."""
    html = "".join(
        f"<p style='break-before: {'auto' if at == 0 else 'page'}'>หน้า {at + 1}</p>" for at in range(pages)
    )
    return typeset(
        f'<html lang="th">{html}<footer><div class="code" data-code="{ADDRESS}{code}"></div></footer>'
    )


@pytest.fixture(scope="module")
def three_pages() -> bytes:
    """A document of three pages."""
    return document(CODES[0], 3)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_is_read_whichever_way_it_lies(three_pages: bytes, turned: int) -> None:
    sheet = paper.printed(three_pages, 1)
    laid = sheet.rotate(turned, expand=True)
    [page] = scanning.pages_of([("a.png", paper.as_png(paper.scanned(laid, 1.7, 6)))])
    assert (page.code, page.number, page.of, page.turned) == (CODES[0], 2, 3, turned)


@pytest.mark.parametrize("seed", range(4))
def test_a_page_is_read_from_a_photograph(three_pages: bytes, seed: int) -> None:
    sheet = paper.printed(three_pages, 2, 200).rotate(90 * seed, expand=True)
    [page] = scanning.pages_of([("a.jpg", paper.as_jpeg(paper.photographed(sheet, seed)))])
    assert (page.code, page.number, page.turned) == (CODES[0], 3, 90 * seed)


def test_a_stamp_over_a_corner_of_the_code_is_borne(three_pages: bytes) -> None:
    sheet = paper.printed(three_pages, 0, 200)
    wide, high = sheet.size
    stamp = Image.new("RGB", (wide // 60, wide // 60), "#22338f")
    sheet.paste(stamp, (int(wide * (30 + 10) / 210), int(high * (297 - 24 + 17.5 - 8) / 297)))
    [page] = scanning.pages_of([("a.png", paper.as_png(sheet))])
    assert page.code == CODES[0]


def test_a_feeders_pile_is_gathered_in_order_and_upright(three_pages: bytes) -> None:
    sheets = [paper.printed(three_pages, at) for at in (2, 0, 1)]
    pile = paper.as_pdf(sheets[0].rotate(180), sheets[1], sheets[2].rotate(90, expand=True))
    found = scanning.pages_of([("pile.pdf", pile)])
    assert [(page.at, page.number, page.turned) for page in found] == [(1, 3, 180), (2, 1, 0), (3, 2, 90)]
    gathered = scanning.upright([("pile.pdf", pile)], sorted(found, key=lambda page: page.number))
    again = scanning.pages_of([("gathered.pdf", gathered)])
    assert [(page.number, page.turned) for page in again] == [(1, 0), (2, 0), (3, 0)]


def test_photographs_become_pages_of_a_pdf(three_pages: bytes) -> None:
    photo = paper.as_jpeg(paper.photographed(paper.printed(three_pages, 0, 200).rotate(180), 1))
    pages = scanning.pages_of([("a.jpg", photo)])
    with pypdfium2.PdfDocument(scanning.upright([("a.jpg", photo)], pages)) as made:
        assert len(made) == 1
        assert max(made[0].get_size()) == pytest.approx(842, abs=3)
        assert made[0].get_rotation() == 180


@pytest.mark.parametrize(
    "data", [b"", b"MZ\x90", b"%PDF-1.7 junk", b"\xff\xd8\xff\xe0junk", b"\x89PNG\r\n\x1a\njunk"]
)
def test_what_is_no_scan_is_refused(data: bytes) -> None:
    with pytest.raises(NotAScan):
        scanning.pages_of([("a.pdf", data)])


def test_a_picture_that_swells_is_refused() -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    with pytest.raises(NotAScan):
        scanning.pages_of([("bomb.png", bomb.getvalue())])


def test_too_many_pages_are_refused(three_pages: bytes) -> None:
    with pytest.raises(TooManyPages):
        scanning.pages_of([(f"{at}.pdf", three_pages) for at in range(21)])


def test_a_code_of_something_else_is_no_code_of_ours() -> None:
    other = typeset('<html lang="th"><div class="code" data-code="https://shop.example/pay"></div>')
    assert not scanning.pages_of([("a.pdf", other)])[0].is_read


# ── Under their certificates ─────────────────────────────────────────────────────────────────────────────


def certified(played: Round, school: str = SCHOOL) -> tuple[Certificate, bytes]:
    """The school's certificate and its PDF, as printed."""
    number = played.is_certified(school)
    with played.world.acting("dao"):
        one = certificates.certificate_numbered(number)
        return one, certificates.pdf_of(one)


def test_a_mixed_pile_is_filed_and_what_is_left_is_told(played: Round, three_pages: bytes) -> None:
    one, pdf = certified(played)
    mine = paper.printed(pdf)
    pile = paper.as_pdf(
        paper.printed(three_pages, 1), paper.scanned(mine, 181, 8), Image.new("RGB", (600, 800), "white")
    )
    photo = paper.as_jpeg(paper.photographed(paper.printed(pdf, 0, 200), 2))
    with played.world.acting("dao"):
        assert signed_scans.awaited() == [one.number]
    report = played.does("dao", signed_scans.file_scans, [("pile.pdf", pile), ("photo.jpg", photo)])
    assert report.filed == [one.number]
    assert [(page.file, page.at) for page in report.foreign] == [("pile.pdf", 1)]
    assert [(page.file, page.at) for page in report.unreadable] == [("pile.pdf", 3)]
    assert [(page.file, page.at) for page in report.repeated] == [("pile.pdf", 2)]
    assert report.awaited == []
    with played.world.acting("dan"):
        scan = certificates.scan_of(db.session.get_one(Certificate, one.id))
        assert scan is not None
        [page] = scanning.pages_of([("kept.pdf", certificates.scan_data(scan))])
        assert (page.code, page.turned) == (one.code, 0)


def test_pages_that_are_missing_are_told_and_nothing_is_filed(played: Round) -> None:
    one, _pdf = certified(played)
    longer = document(one.code, 3)
    sent = [
        ("a.png", paper.as_png(paper.printed(longer, 2))),
        ("b.png", paper.as_png(paper.printed(longer, 0))),
    ]
    report = played.does("dao", signed_scans.file_scans, sent)
    assert [(left.number, left.missing, left.of) for left in report.incomplete] == [(one.number, [2], 3)]
    assert report.awaited == [one.number]
    whole = [*sent, ("c.png", paper.as_png(paper.printed(longer, 1).rotate(180)))]
    assert played.does("alice", signed_scans.file_scans, whole).filed == [one.number]


def test_void_ones_and_those_of_neighbours_are_not_filed(played: Round) -> None:
    one, pdf = certified(played)
    sent = [("a.pdf", pdf)]
    report = played.does("bob", signed_scans.file_scans, sent)
    assert [page.code for page in report.foreign] == [one.code]
    played.is_refused("dan", NotPermitted, signed_scans.file_scans, sent)
    played.does("dan", submissions.return_submission, SCHOOL, "นับใหม่")
    assert played.does("dao", signed_scans.file_scans, sent).void[0][1] == one.number
    with played.world.acting("adam"):
        assert db.session.scalar(sa.select(sa.func.count(SignedScan.id))) == 0


def test_a_scan_of_another_document_is_not_taken_for_this_one(played: Round, three_pages: bytes) -> None:
    one, pdf = certified(played)

    def attach(data: bytes) -> SignedScan:
        return certificates.attach_scan(db.session.get_one(Certificate, one.id), data, "สแกน.pdf")

    assert one.number in played.is_refused("dao", ScanOfAnother, attach, three_pages)
    played.does("dao", attach, paper.as_png(paper.printed(pdf)))


def test_the_pile_is_sent_from_the_screen(played: Round) -> None:
    one, pdf = certified(played)
    dao = played.world.client("dao")
    assert one.number in dao.get("/certificate/scans").text
    assert "กรุณาเลือกไฟล์ก่อน" in dao.post("/certificate/scans", data={}).text
    blank = paper.as_png(Image.new("RGB", (600, 800), "white"))
    sent = {"scans": [(io.BytesIO(pdf), "x.pdf"), (io.BytesIO(blank), "x.pdf")]}
    page = dao.post("/certificate/scans", data=sent).text
    assert "เก็บแล้ว 1 ฉบับ" in page
    assert "อ่านรหัสไม่ได้" in page
    answer = dao.post("/certificate/scans", data={"scans": [(io.BytesIO(b"MZ"), "x.exe")]})
    assert (answer.status_code, "ไม่ใช่ PDF, JPG หรือ PNG" in answer.text) == (422, True)
    assert played.world.client("dan").get("/certificate/scans").status_code == 403
    assert SIBLING not in page
