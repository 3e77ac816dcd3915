"""Seals and signatures: accepted by poppler and by pyHanko's own validator, and by nobody after one byte changed."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, NumberObject

from appbuilder_app.errors import (
    KeyCannotSign,
    KeyExpired,
    KeyFileWithoutKey,
    KeyMissing,
    KeyNotTrusted,
    KeyRevoked,
    NotAKeyFile,
    RevocationUnknown,
    RuleViolation,
    TimestampUnreachable,
    TokenUnreachable,
    WrongPassPhrase,
)
from appbuilder_app.signatures import checking, keys, outside_loops, signing
from appbuilder_app.signatures.checking import Kind
from appbuilder_app.signatures.keys import Key
from appbuilder_app.signatures.signing import About, Trust
from appbuilder_app.typesetting import typeset
from tests.print_fixtures import PdfReader as Poppler
from tests.signing_fixtures import DAY, PASSPHRASE, Authority, Tokens

ISSUED = dt.datetime(2026, 6, 10, 8, 42, tzinfo=dt.UTC)
ROOT = "3f2a90b177c40e5d" * 4
ABOUT = About("https://register.example/verify/ABCDEFGHJKMNPQRS", "1602-2569-0001", ROOT)
NOBODY = b"nobody's key"


@pytest.fixture(scope="module")
def page() -> bytes:
    """A document as it leaves the press."""
    return typeset('<html lang="th"><title>ใบรับรอง</title><p>ที่ว่าการอำเภอ น้ำ ผู้อำนวยการ</html>')


@pytest.fixture(scope="module")
def seal_key(seal_file: Path) -> Key:
    """The installation's key."""
    return keys.opened(str(seal_file), "")


@pytest.fixture(scope="module")
def sealed(page: bytes, seal_key: Key) -> bytes:
    """The document as it is issued."""
    return signing.seal(page, seal_key, ABOUT, ISSUED)


def trusting(authority: Authority, online: bool = True) -> Trust:
    """Believing the authority alone."""
    return Trust(tuple(keys.certificates(authority.pem)), (), online)


def signed_by(
    authority: Authority,
    pdf: bytes,
    key_file: bytes | None = None,
    stamps: bool = False,
    trust: Trust | None = None,
) -> tuple[bytes, str]:
    """The document signed with the key in a file."""
    key = keys.from_file(key_file or authority.gives(), PASSPHRASE)
    url = f"{authority.url}/tsa" if stamps else ""
    return signing.sign(pdf, key, "Director", "รับรองข้อมูล", dt.datetime.now(dt.UTC), url, trust or Trust())


def poppler_accepts(run: Poppler, pdf: bytes) -> list[str]:
    """Names of those whose marks poppler finds valid; the last of them covers the whole file."""
    told = run("pdfsig", pdf, "-nocert")
    # Of the time stamp of a whole document this poppler says that it does not know the kind.
    known = told.count("Signature #") - told.count("Signature Type: unknown")
    assert told.count("Signature Validation: Signature is Valid.") == known
    assert told.rstrip().rpartition("Signature #")[2].count("Total document signed") == 1
    return re.findall(r"Signature Field Name: (.+)", told)


def own_key(key: Key) -> set[bytes]:
    """The public key alone, as it is handed out."""
    return keys.public_keys(keys.certificate_text(key.certificate))


def is_valid(embedded: Any, context: ValidationContext) -> bool:
    """What pyHanko's own validator says of a signature; a browser's tests leave a loop running in this process."""
    return bool(outside_loops(lambda: validate_pdf_signature(embedded, context)).bottom_line)


# ── The seal ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_seal_is_valid_for_poppler_and_for_pyhanko(
    sealed: bytes, seal_key: Key, run_poppler: Poppler
) -> None:
    assert poppler_accepts(run_poppler, sealed) == ["Seal"]
    context = ValidationContext(trust_roots=[seal_key.certificate], allow_fetching=False)
    assert is_valid(PdfFileReader(io.BytesIO(sealed)).embedded_signatures[0], context)


def test_the_seal_is_checked_with_the_public_key_alone(sealed: bytes, seal_key: Key) -> None:
    found = checking.check(sealed).seal(own_key(seal_key))
    assert found is not None
    assert checking.root_said(found) == ROOT
    assert checking.number_said(found) == "1602-2569-0001"
    assert found.address == ABOUT.address
    assert checking.check(sealed).seal({NOBODY}) is None


def test_a_document_that_is_sealed_again_is_the_same_file(page: bytes, sealed: bytes, seal_key: Key) -> None:
    assert signing.seal(page, seal_key, ABOUT, ISSUED) == sealed
    assert sealed.startswith(page), "what was printed is in it unchanged"


def test_it_works_where_an_event_loop_runs(page: bytes, sealed: bytes, seal_key: Key) -> None:
    async def inside() -> tuple[bytes, bool]:
        return signing.seal(page, seal_key, ABOUT, ISSUED), checking.check(sealed).is_sound

    assert outside_loops(lambda: asyncio.run(inside())) == (sealed, True)


def test_after_one_altered_byte_no_seal_holds(page: bytes, sealed: bytes, seal_key: Key) -> None:
    own = own_key(seal_key)
    for place in (*range(20, len(page), len(page) // 23), len(sealed) - 40):
        altered = bytearray(sealed)
        altered[place] ^= 1
        assert checking.check(bytes(altered)).seal(own) is None, place


@pytest.mark.parametrize("further", [b"\n%", b"%PDF-1.7\n", b"\x00"])
def test_nothing_may_be_hung_on_behind(sealed: bytes, seal_key: Key, further: bytes) -> None:
    assert checking.check(sealed + further).seal(own_key(seal_key)) is None


def test_what_is_changed_by_an_addition_to_the_file_is_noticed(sealed: bytes, seal_key: Key) -> None:
    writer = PdfWriter(io.BytesIO(sealed), incremental=True)
    writer.pages[0][NameObject("/Rotate")] = NumberObject(180)
    turned = io.BytesIO()
    writer.write(turned)
    assert turned.getvalue().startswith(sealed)
    found = checking.check(turned.getvalue())
    assert [(mark.is_right, mark.is_untouched) for mark in found.marks] == [(True, False)]
    assert found.seal(own_key(seal_key)) is None


def test_another_document_with_a_seal_of_ones_own_is_not_ours(
    page: bytes, seal_key: Key, tmp_path: Path
) -> None:
    forger = keys.opened(str(tmp_path / "forged.p12"), "")
    forged = signing.seal(page, forger, ABOUT, ISSUED)
    assert checking.check(forged).is_sound
    assert checking.check(forged).seal(own_key(seal_key)) is None


@pytest.mark.parametrize("junk", [b"", b"%PDF-", b"\x00" * 5000, b"%PDF-1.7\nxref\ntrailer<</Root 1 0 R>>"])
def test_what_is_no_pdf_holds_no_seal(junk: bytes) -> None:
    assert checking.check(junk).marks == ()


def test_a_seal_is_stamped_where_there_is_a_service(
    page: bytes, seal_key: Key, authority: Authority, run_poppler: Poppler
) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
    stamped = signing.seal(page, seal_key, ABOUT, ISSUED, f"{authority.url}/tsa")
    assert poppler_accepts(run_poppler, stamped) == ["Seal"]
    found = checking.check(stamped).seal(own_key(seal_key))
    assert found is not None
    assert found.stamped_at is not None
    assert found.stamped_at > before
    assert authority.asked == ["/tsa"], "asked once, not once more for an estimate"


def test_without_an_answer_nothing_is_sealed(page: bytes, seal_key: Key, authority: Authority) -> None:
    authority.answers = False
    with pytest.raises(TimestampUnreachable):
        signing.seal(page, seal_key, ABOUT, ISSUED, f"{authority.url}/tsa")


def test_it_stays_pdf_a_and_tagged_when_sealed_and_signed(
    authority: Authority, sealed: bytes, run_poppler: Poppler
) -> None:
    signed, _level = signed_by(authority, sealed)
    assert "Tagged:          yes" in run_poppler("pdfinfo", signed)
    assert run_poppler("pdftotext", signed).split() == ["ที่ว่าการอำเภอ", "น้ำ", "ผู้อำนวยการ"]
    reader: Any = PdfReader(io.BytesIO(signed))
    said = reader.trailer["/Root"]["/Metadata"].get_data()
    assert b'pdfaid:part="3"' in said
    assert b'pdfuaid:part="1"' in said
    for widget in reader.pages[0]["/Annots"]:
        field = widget.get_object()
        assert int(field["/F"]) & 4, "PDF/A: printable"
        assert all(float(side) < 0 for side in field["/Rect"]), "PDF/UA: off the page"


# ── The director's signature ─────────────────────────────────────────────────────────────────────────────


def test_a_signature_on_the_seal_is_accepted_and_the_seal_holds(
    authority: Authority, sealed: bytes, seal_key: Key, run_poppler: Poppler
) -> None:
    signed, level = signed_by(authority, sealed)
    assert level == "B-B"
    assert poppler_accepts(run_poppler, signed) == ["Seal", "Director"]
    found = checking.check(signed)
    assert found.seal(own_key(seal_key)) is not None
    assert [mark.name for mark in found.signatures] == ["Dao Director"]
    context = ValidationContext(trust_roots=keys.certificates(authority.pem), allow_fetching=False)
    assert is_valid(PdfFileReader(io.BytesIO(signed)).embedded_signatures[1], context)


@pytest.mark.parametrize(("stamps", "level"), [(False, "B-LT"), (True, "B-LTA")])
def test_what_is_needed_to_validate_it_in_ten_years_is_in_the_file(
    authority: Authority, sealed: bytes, seal_key: Key, stamps: bool, level: str, run_poppler: Poppler
) -> None:
    signed, reached = signed_by(authority, sealed, stamps=stamps, trust=trusting(authority))
    assert reached == level
    assert "/crl" in authority.asked
    assert checking.check(signed).seal(own_key(seal_key)) is not None
    assert poppler_accepts(run_poppler, signed)[:2] == ["Seal", "Director"]
    authority.answers = False
    reader = PdfFileReader(io.BytesIO(signed))
    roots = keys.certificates(authority.pem)
    how: dict[str, Any] = {"trust_roots": roots, "allow_fetching": False, "revocation_mode": "require"}
    kept = DocumentSecurityStore.read_dss(reader).as_validation_context(how)
    assert is_valid(reader.embedded_signatures[1], kept)
    without = ValidationContext(**how, crls=[])
    assert not is_valid(reader.embedded_signatures[1], without)
    assert (checking.check(signed).marks[-1].kind is Kind.TIMESTAMP) is stamps


def test_with_a_service_alone_the_time_is_stamped(authority: Authority, sealed: bytes) -> None:
    signed, level = signed_by(authority, sealed, stamps=True)
    assert level == "B-T"
    assert checking.check(signed).signatures[0].stamped_at is not None


def refused(
    refusal: type[RuleViolation], authority: Authority, pdf: bytes, key_file: bytes, **how: object
) -> str:
    """The Thai sentence with which a key is refused."""
    with pytest.raises(refusal) as caught:
        signed_by(authority, pdf, key_file, **how)  # type: ignore[arg-type]  # passed through
    return str(caught.value)


def test_a_certificate_out_of_its_time_is_refused(authority: Authority, sealed: bytes) -> None:
    told = refused(KeyExpired, authority, sealed, authority.gives(begins=-9 * DAY, ends=-DAY))
    assert "Dao Director" in told
    refused(KeyExpired, authority, sealed, authority.gives(begins=DAY))


def test_a_certificate_for_another_use_is_refused(authority: Authority, sealed: bytes) -> None:
    refused(KeyCannotSign, authority, sealed, authority.gives(signs=False))


def test_a_certificate_of_an_unknown_issuer_is_refused_and_nothing_is_fetched_for_it(
    authority: Authority, sealed: bytes
) -> None:
    stranger = Authority("Somebody")
    try:
        told = refused(KeyNotTrusted, stranger, sealed, stranger.gives(), trust=trusting(authority))
        assert "Somebody" in told
        assert stranger.asked == []
    finally:
        stranger.close()


def test_a_revoked_certificate_is_refused(authority: Authority, sealed: bytes) -> None:
    key_file = authority.gives()
    authority.revoke(key_file)
    refused(KeyRevoked, authority, sealed, key_file, trust=trusting(authority))


def test_it_is_not_signed_while_nobody_says_whether_it_is_revoked(
    authority: Authority, sealed: bytes
) -> None:
    authority.answers = False
    refused(RevocationUnknown, authority, sealed, authority.gives(), trust=trusting(authority))
    _signed, level = signed_by(authority, sealed, trust=trusting(authority, online=False))
    assert level == "B-B"


# ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_pass_phrase_is_told_and_shown_nowhere(
    authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with pytest.raises(WrongPassPhrase) as caught:
        keys.from_file(authority.gives(), "not-the-phrase")
    assert "not-the-phrase" not in f"{caught.value!r} {caught.value.facts} {caplog.text}"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x30\x03\x02\x01\x03", b"\x30\x82" + b"\x00" * 400_000])
def test_what_is_no_key_file_is_told(data: bytes) -> None:
    with pytest.raises((NotAKeyFile, WrongPassPhrase)):
        keys.from_file(data, "x")


def test_a_file_without_a_key_is_told(authority: Authority) -> None:
    how = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    data = pkcs12.serialize_key_and_certificates(b"x", None, None, [authority.certificate], how)
    with pytest.raises(KeyFileWithoutKey):
        keys.from_file(data, PASSPHRASE)


def test_the_installations_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "seal.p12"
    first = keys.opened(str(file), "secret")
    assert keys.opened(str(file), "secret").serial == first.serial
    assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["seal.p12"]
    with pytest.raises(WrongPassPhrase):
        keys.opened(str(file), "another")


# ── Tokens ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_directors_token_signs(
    authority: Authority, tokens: Tokens, sealed: bytes, seal_key: Key, run_poppler: Poppler
) -> None:
    with keys.from_token(tokens.library, tokens.school, tokens.pin) as key:
        assert key.name == "Dao in a token"
        now = dt.datetime.now(dt.UTC)
        signed, level = signing.sign(sealed, key, "Director", "รับรอง", now, "", trusting(authority))
    assert level == "B-LT"
    assert poppler_accepts(run_poppler, signed) == ["Seal", "Director"]
    assert checking.check(signed).seal(own_key(seal_key)) is not None


def test_a_token_seals_and_gives_the_same_file_each_time(page: bytes, tokens: Tokens) -> None:
    key = keys.opened(f"pkcs11:token={quote(tokens.seal)};object=key", tokens.pin, tokens.library)
    files = {signing.seal(page, key, ABOUT, ISSUED) for _ in range(2)}
    signer: Any = key.signer
    signer.pkcs11_session.close()
    assert len(files) == 1
    assert checking.check(files.pop()).seal(own_key(key)) is not None


def test_what_is_wrong_with_a_token_is_told(tokens: Tokens) -> None:
    for label, pin, refusal in (
        (tokens.school, "000000", WrongPassPhrase),
        ("16029999", tokens.pin, TokenUnreachable),
        (tokens.empty, tokens.pin, KeyMissing),
    ):
        with pytest.raises(refusal), keys.from_token(tokens.library, label, pin):
            pass
    with pytest.raises(TokenUnreachable), keys.from_token("/no/such/module.so", tokens.school, tokens.pin):
        pass
