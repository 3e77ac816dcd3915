"""Electronic signing: the director signs the certificate that he certified, with his own key (PAdES).

The key comes for the one act, in a file with its pass phrase or in a token at the server with its PIN. Neither is
kept, logged or put into the history; what is recorded is the certificate that goes with it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from flask import current_app

from .. import access, files
from ..access import Action
from ..bilingual import Sentence
from ..dataset import lock
from ..declaration import db
from ..errors import (
    CertificateVoid,
    NotPermitted,
    NotTheCertifier,
    NotYours,
    RuleViolation,
    SignedAlready,
    TokenUnreachable,
)
from ..models import Certificate, DirectorSignature, Submission
from . import certificates, printing

if TYPE_CHECKING:
    from ..signatures.keys import Key
    from ..signatures.signing import Trust

SUBJECT: Final = "submission"
FIELD: Final = "Director"
LARGEST_KEY_FILE: Final = 256 * 1024


def refusal_of(certificate: Certificate) -> RuleViolation | None:
    """Why the viewer cannot sign this certificate electronically, or None (R13)."""
    viewer = access.viewer()
    if not viewer.may(Action.CERTIFY, SUBJECT):
        return NotPermitted(what=Action.CERTIFY.th)
    if not viewer.looks_after(certificate.scope):
        return NotYours()
    if certificate.is_void:
        return CertificateVoid(number=certificate.number)
    if signature_of(certificate) is not None:
        return SignedAlready(number=certificate.number)
    submission = db.session.get_one(Submission, certificate.submission_id)
    if viewer.id is None or viewer.id != submission.certified_by_id:
        return NotTheCertifier(number=certificate.number, name=submission.certified_by or "")
    return None


def signature_of(certificate: Certificate) -> DirectorSignature | None:
    """The certificate's electronic signature, if it bears one."""
    query = sa.select(DirectorSignature).where(DirectorSignature.certificate_id == certificate.id)
    return db.session.scalar(query)


def sign_with_file(certificate: Certificate, key_file: bytes, passphrase: str) -> DirectorSignature:
    """Sign with the key in a PKCS#12 file; refused as ``refusal_of`` says, or for what is wrong with the key."""
    from ..signatures import keys

    with access.performing(Action.CERTIFY, SUBJECT):
        held = _held(certificate)
        return _sign(held, keys.from_file(key_file, passphrase))


def sign_with_token(certificate: Certificate, pin: str) -> DirectorSignature:
    """Sign with the key in the server's token that is named like the school."""
    from ..signatures import keys

    library = str(current_app.config["PKCS11_LIBRARY"])
    with access.performing(Action.CERTIFY, SUBJECT):
        held = _held(certificate)
        if not library:
            raise TokenUnreachable(label=held.school_code)
        with keys.from_token(library, held.school_code, pin) as key:
            return _sign(held, key)


def offers_tokens() -> bool:
    """True where directors' keys may lie in tokens at the server."""
    return bool(current_app.config["PKCS11_LIBRARY"])


def signed_pdf(signature: DirectorSignature) -> bytes:
    """The signed file; FileMissing (404) when the store has lost it."""
    return files.get(signature.stored_as)


def _held(certificate: Certificate) -> Certificate:
    """The certificate, while nobody returns it or signs it a second time."""
    query = sa.select(Submission).where(Submission.id == certificate.submission_id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    db.session.refresh(certificate)
    refusal = refusal_of(certificate)
    if refusal is not None:
        raise refusal
    return certificate


def _sign(certificate: Certificate, key: Key) -> DirectorSignature:
    from ..signatures import signing

    viewer, now, trust = access.viewer(), lock.now(), _trust()
    signed, level = signing.sign(
        certificates.pdf_of(certificate),
        key,
        FIELD,
        str(Sentence("รับรองข้อมูล เลขที่ {number}", number=certificate.number)),
        now,
        str(current_app.config["TSA_URL"]),
        trust,
    )
    row = DirectorSignature(
        certificate_id=certificate.id,
        school_code=certificate.school_code,
        signed_at=now,
        signed_by=viewer.name,
        signed_position=viewer.position,
        key_name=key.name,
        key_serial=key.serial,
        key_issuer=key.issuer,
        key_is_trusted=bool(trust.roots),
        level=level,
        stored_as=printing.further_name(certificate.number, f"signed-{uuid.uuid4().hex[:16]}"),
        size=len(signed),
        sha256=hashlib.sha256(signed).hexdigest(),
    )
    db.session.add(row)
    db.session.flush()
    # After the flush, which may refuse; a file whose row is rolled back later is never shown to anybody.
    files.put(row.stored_as, signed)
    return row


# ── Whose certificates are believed ──────────────────────────────────────────────────────────────────────


def _trust() -> Trust:
    folder = str(current_app.config["SIGNING_TRUST"])
    return _trust_in(folder, bool(current_app.config["SIGNING_REVOCATION"]), *_stamps_of(folder))


def _stamps_of(folder: str) -> Sequence[tuple[str, float]]:
    """The folder's files and when they were changed, so that a new certificate is believed without a restart."""
    if not folder:
        return ()
    return [(file.name, file.stat().st_mtime) for file in sorted(Path(folder).glob("*.pem"))]


@lru_cache(maxsize=4)
def _trust_in(folder: str, online: bool, *present: tuple[str, float]) -> Trust:
    from ..signatures import keys
    from ..signatures.signing import Trust

    found = [one for name, _ in present for one in keys.certificates((Path(folder) / name).read_bytes())]
    roots = [one for one in found if one.self_issued]
    return Trust(tuple(roots), tuple(one for one in found if not one.self_issued), online)
