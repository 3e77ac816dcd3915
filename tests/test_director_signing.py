"""A director signs the certificate electronically: who may, with what, what is recorded, and what strangers see."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from appbuilder_app import files
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    CertificateVoid,
    KeyExpired,
    KeyNotTrusted,
    NotPermitted,
    NotTheCertifier,
    NotYours,
    SignedAlready,
    TokenUnreachable,
    WrongPassPhrase,
)
from appbuilder_app.models import Certificate, Change, DirectorSignature
from appbuilder_app.signatures import checking
from appbuilder_app.typesetting import typeset
from appbuilder_app.workflows import certificates, director_signing, printing, submissions, verification
from appbuilder_app.workflows.verification import FileStanding
from tests.app_fixtures import SCHOOL
from tests.print_fixtures import PdfReader
from tests.round_fixtures import Round
from tests.signing_fixtures import DAY, PASSPHRASE, Authority, Tokens

pytestmark = pytest.mark.any_database("postgresql")


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> None:
    """An own file store for the test."""
    files.configure((tmp_path / "files").as_uri())


@pytest.fixture
def number(played: Round) -> str:
    """Dao has certified."""
    return played.is_certified()


def signs(number: str, key_file: bytes, passphrase: str = PASSPHRASE) -> DirectorSignature:
    return director_signing.sign_with_file(certificates.certificate_numbered(number), key_file, passphrase)


def test_the_certificate_of_his_key_is_recorded_and_nothing_secret(
    played: Round, number: str, authority: Authority, run_poppler: PdfReader, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    key_file = authority.gives()
    signature = played.does("dao", signs, number, key_file)
    with played.world.acting("dan"):
        assert (signature.key_name, signature.key_issuer) == ("Dao Director", "Test NRCA")
        assert (signature.signed_position, signature.level) == ("ผู้อำนวยการโรงเรียน", "B-B")
        signed = director_signing.signed_pdf(signature)
        query = sa.select(Change).where(Change.dataset == "director_signature")
        change = db.session.scalars(query).one()
        assert change.after is not None
        assert change.after["key_serial"] == signature.key_serial
        assert PASSPHRASE not in f"{change.after} {caplog.text}"
        found = checking.check(signed)
        assert found.seal(printing.seal_public_keys()) is not None
        assert [mark.serial for mark in found.signatures] == [signature.key_serial]
    assert run_poppler("pdfsig", signed, "-nocert").count("Signature is Valid") == 2


def test_only_who_certified_signs_and_once(played: Round, number: str, authority: Authority) -> None:
    key_file = authority.gives()
    played.is_refused("alice", NotPermitted, signs, number, key_file)
    played.is_refused("charlie", NotYours, signs, number, key_file)
    with played.world.acting("adam"):
        certificate = db.session.scalars(sa.select(Certificate)).one()
        played.world.app.extensions["certificate"] = certificate.id
    played.does("dao", signs, number, key_file)
    assert number in played.is_refused("dao", SignedAlready, signs, number, key_file)


def test_a_director_who_came_later_does_not_sign_for_the_one_before(
    played: Round, number: str, authority: Authority
) -> None:
    from appbuilder_app.models import Submission
    from appbuilder_app.walls import SetWork, set_based

    with played.world.acting("adam"), set_based(SetWork.MIGRATION):
        db.session.execute(sa.update(Submission).values(certified_by_id=None))
        db.session.commit()
    assert number in played.is_refused("dao", NotTheCertifier, signs, number, authority.gives())


def test_a_void_certificate_is_not_signed(played: Round, number: str, authority: Authority) -> None:
    played.does("dan", submissions.return_submission, SCHOOL, "นับใหม่")
    played.is_refused("dao", CertificateVoid, signs, number, authority.gives())


def test_what_is_wrong_with_the_key_is_told_and_nothing_is_kept(
    played: Round, number: str, authority: Authority, tmp_path: Path
) -> None:
    played.is_refused("dao", WrongPassPhrase, signs, number, authority.gives(), "ผิด")
    played.is_refused("dao", KeyExpired, signs, number, authority.gives(begins=-9 * DAY, ends=-DAY))
    stranger = Authority("Somebody")
    (tmp_path / "root.pem").write_bytes(authority.pem)
    played.world.app.config["SIGNING_TRUST"] = str(tmp_path)
    played.is_refused("dao", KeyNotTrusted, signs, number, stranger.gives())
    stranger.close()
    with played.world.acting("dao"):
        assert db.session.scalar(sa.select(sa.func.count(DirectorSignature.id))) == 0
        signature = signs(number, authority.gives())
        assert (signature.level, signature.key_is_trusted) == ("B-LT", True)


def test_a_token_of_the_school_signs(
    played: Round, number: str, tokens: Tokens, authority: Authority
) -> None:
    def by_token(pin: str) -> DirectorSignature:
        return director_signing.sign_with_token(certificates.certificate_numbered(number), pin)

    assert SCHOOL in played.is_refused("dao", TokenUnreachable, by_token, tokens.pin)
    played.world.app.config["PKCS11_LIBRARY"] = tokens.library
    played.is_refused("dao", WrongPassPhrase, by_token, "1111")
    assert played.does("dao", by_token, tokens.pin).key_name == "Dao in a token"


def test_a_token_that_seals_and_was_away_is_opened_anew(played: Round, tokens: Tokens) -> None:
    config = played.world.app.config
    config["SEAL_KEY"] = f"pkcs11:token={quote(tokens.seal)};object=key"
    config["SEAL_PASSPHRASE"], config["PKCS11_LIBRARY"] = tokens.pin, tokens.library
    page, at = typeset("<p>ก"), datetime(2026, 6, 10, tzinfo=UTC)
    with played.world.app.app_context():
        before = printing.sealed(page, at)
        signer: Any = printing.seal_key().signer
        signer.pkcs11_session.close()
        assert printing.sealed(page, at) == before
        assert checking.check(before).seal(printing.seal_public_keys()) is not None
        # Logged in is the whole process, and another test of the token could not log in.
        signer = printing.seal_key().signer
        signer.pkcs11_session.close()


# ── On the screen ────────────────────────────────────────────────────────────────────────────────────────


def sends_key(client: FlaskClient, certificate_id: int, data: bytes, passphrase: str) -> str:
    sent = {"key": (io.BytesIO(data), "กุญแจ.p12"), "passphrase": passphrase}
    answer = client.post(f"/certificate/{certificate_id}/sign", data=sent, follow_redirects=True)
    return answer.text


def test_the_director_signs_at_the_certificate_and_takes_the_file(
    played: Round, number: str, authority: Authority
) -> None:
    dao, alice = played.world.client("dao"), played.world.client("alice")
    with played.world.acting("dao"):
        one = certificates.certificate_numbered(number).id
    assert "ลงนามอิเล็กทรอนิกส์แทนการพิมพ์และสแกน" in dao.get(f"/submission/{SCHOOL}").text
    assert "ลงนามอิเล็กทรอนิกส์แทนการพิมพ์และสแกน" not in alice.get(f"/submission/{SCHOOL}").text
    assert dao.get(f"/certificate/{one}/signed.pdf").status_code == 404
    assert "กรุณาเลือกไฟล์ก่อน" in dao.post(f"/certificate/{one}/sign", follow_redirects=True).text
    assert "รหัสผ่านของกุญแจไม่ถูกต้อง" in sends_key(dao, one, authority.gives(), "ผิด")
    assert "ไม่ใช่ไฟล์กุญแจ" in sends_key(dao, one, b"%PDF-1.7", PASSPHRASE)
    page = sends_key(dao, one, authority.gives(), PASSPHRASE)
    assert "Dao Director" in page
    assert PASSPHRASE not in page
    assert checking.check(alice.get(f"/certificate/{one}/signed.pdf").data).is_sound
    assert alice.post(f"/certificate/{one}/sign").status_code == 403


# ── For strangers ────────────────────────────────────────────────────────────────────────────────────────


def of_certificate(played: Round, number: str) -> tuple[str, bytes]:
    with played.world.acting("dao"):
        one = certificates.certificate_numbered(number)
        return one.code, certificates.pdf_of(one)


def standing(played: Round, code: str, data: bytes) -> FileStanding:
    with played.world.app.app_context():
        verdict = verification.verify(code)
        assert verdict is not None
        return verification.file_standing(verdict, data)


def test_a_stranger_is_told_of_the_signature_by_position_and_time(
    played: Round, number: str, authority: Authority
) -> None:
    code, _pdf = of_certificate(played, number)
    signature = played.does("dao", signs, number, authority.gives())
    with played.world.acting("dao"):
        signed = director_signing.signed_pdf(signature)
    page = played.world.client().get(f"/verify/{code}").text
    assert "ลงนามอิเล็กทรอนิกส์" in page
    assert "PAdES B-B" in page
    assert "Dao Director" not in page
    assert standing(played, code, signed) is FileStanding.ISSUED


def test_a_file_tells_by_its_seal_which_document_it_is(played: Round, number: str) -> None:
    code, pdf = of_certificate(played, number)
    stranger = played.world.client()

    def dropped(data: bytes) -> str:
        return str(stranger.post("/verify/", data={"file": (io.BytesIO(data), "x.pdf")}).text)

    assert "ไฟล์ตรงกับที่ระบบออก" in dropped(pdf)
    assert number in dropped(pdf)
    assert "ไม่มีตราของระบบที่ยังสมบูรณ์" in dropped(pdf.replace(b"/Length", b"/Lengtn", 1))
    assert "กรุณาเลือกไฟล์ก่อน" in dropped(b"") or "ไม่มีตรา" in dropped(b"")
    assert standing(played, code, pdf + b"\n") is FileStanding.ALTERED


def test_a_file_of_another_document_and_one_with_a_strangers_signature_are_told_apart(
    played: Round, number: str, authority: Authority
) -> None:
    from appbuilder_app.signatures import keys, signing

    code, pdf = of_certificate(played, number)
    played.does("dan", submissions.return_submission, SCHOOL, "นับใหม่")
    again, newer = of_certificate(played, played.is_certified())
    assert standing(played, code, newer) is FileStanding.ANOTHER
    key = keys.from_file(authority.gives("Mallory"), PASSPHRASE)
    signed, _level = signing.sign(newer, key, "Director", "", datetime.now(UTC))
    assert standing(played, again, signed) is FileStanding.SEALED
    assert standing(played, code, pdf) is FileStanding.ISSUED


# ── Offline ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_document_is_verified_with_the_public_key_alone(
    played: Round, number: str, authority: Authority, tmp_path: Path
) -> None:
    _code, pdf = of_certificate(played, number)
    signature = played.does("dao", signs, number, authority.gives())
    with played.world.acting("dao"):
        signed = director_signing.signed_pdf(signature)
    key = tmp_path / "public.pem"
    key.write_bytes(played.world.client().get("/verify/keys.pem").data)
    file = tmp_path / "certificate.pdf"
    runner = played.world.app.test_cli_runner()

    def verify(data: bytes, *options: str) -> tuple[int, str]:
        file.write_bytes(data)
        told = runner.invoke(args=["document", "verify", str(file), "--key", str(key), *options])
        return told.exit_code, told.output

    assert verify(pdf)[0] == 0
    status, told = verify(signed)
    assert status == 0
    assert number in told
    assert "ลายมือชื่อ ถูกต้อง: Dao Director" in told
    answer = json.loads(verify(signed, "--json")[1])
    assert answer["genuine"] is True
    assert [mark["kind"] for mark in answer["marks"]] == ["seal", "signature"]
    with played.world.acting("dao"):
        assert answer["root"] == certificates.certificate_numbered(number).content["roster_hash"]
    assert verify(pdf[:-1] + b"x")[0] == 1
    key.write_bytes(re.sub(rb"(?s).*", authority.pem, key.read_bytes(), count=1))
    status, told = verify(pdf)
    assert status == 1
    assert "ไม่มีตราของระบบ" in told
    key.write_bytes(b"junk")
    assert verify(pdf)[0] == 2


def test_a_snapshot_is_held_against_the_document(played: Round, number: str, tmp_path: Path) -> None:
    from appbuilder_app.models import Roster
    from appbuilder_app.workflows import snapshots

    _code, pdf = of_certificate(played, number)
    file, frozen = tmp_path / "certificate.pdf", tmp_path / "frozen.json"
    file.write_bytes(pdf)
    with played.world.acting("dao"):
        frozen.write_bytes(snapshots.file_of(db.session.scalars(sa.select(Roster)).one()))
    runner = played.world.app.test_cli_runner()
    asked = ["document", "verify", str(file), "--snapshot", str(frozen)]
    told = runner.invoke(args=asked)
    assert (told.exit_code, "ข้อมูลที่ตรึงไว้ตรงกับเอกสาร" in told.output) == (0, True)
    frozen.write_bytes(frozen.read_bytes().replace("ทดสอบ".encode(), "ทดลอง".encode(), 1))
    assert runner.invoke(args=asked).exit_code == 1
