"""Certificates: what they say, how they are printed and made void, and the scans signed in ink."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from appbuilder_app import files
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    CertificateVoid,
    FileMissing,
    NotAScan,
    NotPermitted,
    NotYours,
    ScanTooLarge,
)
from appbuilder_app.models import Certificate, SignedScan
from appbuilder_app.workflows import certificates, rosters, submissions
from tests.app_fixtures import SCHOOL
from tests.print_fixtures import PdfReader
from tests.round_fixtures import Round

pytestmark = pytest.mark.any_database("postgresql")

PDF, JPEG, PNG = b"%PDF-1.7 signed", b"\xff\xd8\xff\xe0 signed", b"\x89PNG\r\n\x1a\n signed"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """An own file store for the test."""
    files.configure(tmp_path.as_uri())
    return tmp_path


def certified(played: Round) -> Certificate:
    """The certificate that Dao has just signed for."""
    number = played.is_certified()
    with played.world.acting("dao"):
        return certificates.certificate_numbered(number)


def pdf(played: Round, certificate: Certificate, name: str = "dao") -> bytes:
    """What the persona downloads."""
    with played.world.acting(name):
        return certificates.pdf_of(db.session.get_one(Certificate, certificate.id))


def attaches(certificate: Certificate, data: bytes) -> SignedScan:
    """The present person attaches a scan."""
    return certificates.attach_scan(db.session.get_one(Certificate, certificate.id), data, "สแกน.pdf")


def test_the_certificate_says_what_was_frozen(played: Round) -> None:
    certificate = certified(played)

    with played.world.acting("dao"):
        sheet = certificates.sheet_of(db.session.get_one(Certificate, certificate.id))
        submission = submissions.submission_of(SCHOOL)
        assert isinstance(sheet, certificates.CertificateSheet)
        assert sheet.number == "1602-2569-0001"
        assert (sheet.school_name, sheet.area_name) == ("บ้านหนองตัวอย่าง", "สพป.ลพบุรี เขต 2")
        assert (sheet.round_number, sheet.round_name, sheet.version) == (2, "ภาคเรียนที่ 2", 1)
        assert (sheet.total.male, sheet.total.female, sheet.total.rooms) == (2, 2, 1)
        assert (sheet.confirmed.name, sheet.confirmed.position) == ("Alice ทดสอบ", "ครู")
        assert (sheet.certified.name, sheet.certified.position) == ("Dao ทดสอบ", "ผู้อำนวยการโรงเรียน")
        assert sheet.confirmed.at == submission.confirmed_at
        assert sheet.roster_hash == db.session.get_one(rosters.Roster, submission.roster_id).root


@pytest.mark.usefixtures("store")
def test_the_page_bears_the_databases_figures(played: Round, run_poppler: PdfReader) -> None:
    text = run_poppler("pdftotext", pdf(played, certified(played)), "-layout")

    assert "1602-2569-0001" in text
    assert "บ้านหนองตัวอย่าง" in text.replace(" ", "")


def test_a_certificate_is_typeset_once_and_then_read_from_the_store(played: Round, store: Path) -> None:
    certificate = certified(played)
    first = pdf(played, certificate)
    (kept,) = (store / "certificates").glob("1602-2569-0001-*.pdf")

    assert kept.read_bytes() == first
    kept.write_bytes(b"%PDF kept")
    assert pdf(played, certificate) == b"%PDF kept"


@pytest.mark.usefixtures("store")
def test_acknowledgement_and_annulment_are_files_of_their_own(played: Round, run_poppler: PdfReader) -> None:
    certificate = certified(played)
    plain = pdf(played, certificate)
    played.does("dan", submissions.acknowledge, [SCHOOL])
    acknowledged = pdf(played, certificate)
    played.does("dan", submissions.return_submission, SCHOOL, "จำนวนห้องไม่ตรง")
    void = pdf(played, certificate)

    assert len({plain, acknowledged, void}) == 3
    assert "Danทดสอบ" in run_poppler("pdftotext", acknowledged).replace(" ", "")
    assert "ยกเลิก" in run_poppler("pdftotext", void)


def test_neighbours_do_not_find_the_certificate(played: Round) -> None:
    number = certified(played).number

    for name in ("bob", "charlie", "eve"):
        played.is_refused(name, NotYours, certificates.certificate_numbered, number)
    with played.world.acting("dan"):
        assert certificates.certificate_numbered(number).school_code == SCHOOL


@pytest.mark.parametrize(
    ("data", "media_type", "ending"),
    [(PDF, "application/pdf", ".pdf"), (JPEG, "image/jpeg", ".jpg"), (PNG, "image/png", ".png")],
)
def test_a_scan_is_known_by_its_bytes_and_kept_under_a_name_of_our_own(
    played: Round, store: Path, data: bytes, media_type: str, ending: str
) -> None:
    scan = played.does("dao", attaches, certified(played), data)

    assert (scan.media_type, scan.size) == (media_type, len(data))
    assert scan.stored_as.endswith(ending)
    assert "สแกน" not in scan.stored_as
    assert (store / scan.stored_as).read_bytes() == data


@pytest.mark.usefixtures("store")
def test_what_is_no_scan_is_refused_whatever_its_name(played: Round) -> None:
    certificate = certified(played)

    for data in (b"", b"<html>", b"MZ\x90", b"%!PS"):
        played.is_refused("dao", NotAScan, attaches, certificate, data)
    played.is_refused("dao", ScanTooLarge, attaches, certificate, PDF + bytes(10 * 1024 * 1024))


@pytest.mark.usefixtures("store")
def test_the_school_attaches_and_nobody_else(played: Round) -> None:
    certificate = certified(played)

    played.does("alice", attaches, certificate, PDF)
    for name in ("dan", "cee", "adam"):
        played.is_refused(name, NotPermitted, attaches, certificate, PDF)


@pytest.mark.usefixtures("store")
def test_a_scan_may_come_after_the_round_is_closed_but_not_to_a_void_certificate(played: Round) -> None:
    certificate = certified(played)
    played.close()

    played.does("dao", attaches, certificate, PDF)


@pytest.mark.usefixtures("store")
def test_a_void_certificate_takes_no_scan(played: Round) -> None:
    certificate = certified(played)
    played.does("dan", submissions.return_submission, SCHOOL, "ผิด")

    played.is_refused("dao", CertificateVoid, attaches, certificate, PDF)


@pytest.mark.usefixtures("store")
def test_the_newest_scan_counts_and_the_older_are_kept(played: Round) -> None:
    certificate = certified(played)
    played.does("dao", attaches, certificate, PDF)
    played.does("dao", attaches, certificate, PNG)

    with played.world.acting("dan"):
        scan = certificates.scan_of(db.session.get_one(Certificate, certificate.id))
        assert scan is not None
        assert certificates.scan_data(scan) == PNG
        assert db.session.scalar(sa.select(sa.func.count(SignedScan.id))) == 2


# ── The file store ───────────────────────────────────────────────────────────────────────────────────────


def test_files_are_put_replaced_read_and_forgotten(store: Path) -> None:
    files.put("a/b.txt", b"one")
    files.put("a/b.txt", b"two")

    assert files.get("a/b.txt") == b"two"
    assert [file.name for file in (store / "a").iterdir()] == ["b.txt"]
    files.delete("a/b.txt")
    files.delete("a/b.txt")
    assert not files.exists("a/b.txt")
    with pytest.raises(FileMissing):
        files.get("a/b.txt")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("name", ["", "/etc/passwd", "../outside", "a/../../outside", "a\\..\\b"])
def test_no_name_climbs_out_of_the_store(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        files.put(name, b"x")


def test_any_store_that_fsspec_knows_will_do() -> None:
    files.configure("memory://thabian")
    files.put("scans/x.pdf", PDF)

    assert files.get("scans/x.pdf") == PDF
    assert files.exists("scans/x.pdf")
