"""Whether a paper is genuine and still holds: for anybody who is shown one, without an account.

A certificate's page bears a code of 16 letters and digits out of 31, drawn at random: 79 bits, which nobody
guesses or counts through, the less as the door is limited. Who has the code has the paper in hand and is told
what stands on it, but no name: of those who signed, their positions and times.
"""

from __future__ import annotations

import datetime as dt
import enum
import secrets
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from flask import current_app

from .. import proving
from ..codes import SubmissionState
from ..declaration import db
from ..models import Certificate, DirectorSignature, Submission
from ..walls import SetWork, set_based
from . import printing
from .certificate_sheet import Sheet, sheet_from

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, no 1, I and L: the code is also typed from paper."""
LENGTH: Final = 16

_SIGNATURE: Final = DirectorSignature.__table__


class Standing(enum.StrEnum):
    """What a genuine certificate is worth today."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Verdict:
    """What a stranger is told of a certificate; ``superseded_by`` is the number of the one that holds now."""

    code: str
    standing: Standing
    sheet: Sheet
    acknowledged_at: dt.datetime | None
    acknowledged_position: str
    voided_at: dt.datetime | None
    superseded_by: str
    signed_at: dt.datetime | None = None
    signed_position: str = ""
    signed_level: str = ""


class FileStanding(enum.StrEnum):
    """What a file is worth that somebody holds for a document."""

    PROOF = "proof"
    """Not the document, but a snapshot or a proof of a record that leads to its root."""
    ISSUED = "issued"
    """Every byte is as it was issued."""
    SEALED = "sealed"
    """Sealed for this document and unchanged since; only marks may have been added, by whomever."""
    ANOTHER = "another"
    """Genuine, but of another document."""
    ALTERED = "altered"
    """Neither: altered, a scan, or never issued here."""


def new_code() -> str:
    """A code that nobody can guess."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """A code as it is kept, however somebody typed it: in small letters, in fours, with spaces."""
    return "".join(letter for letter in typed.upper() if letter in LETTERS)[: LENGTH + 1]


def address_of(code: str) -> str:
    """Where the page with this code is verified."""
    return f"{current_app.config['PUBLIC_URL']}/verify/{code}"


def verify(typed: str) -> Verdict | None:
    """What is known of the certificate with this code; None when no certificate bears it."""
    with set_based(SetWork.VERIFY):
        return _verdict(read_code(typed))


def file_standing(verdict: Verdict, data: bytes) -> FileStanding:
    """Whether these bytes are a file of the certificate: as certified, signed, acknowledged or void.

    One altered byte makes another file. A document that nobody has opened yet is made for the comparison. The seal
    decides where the store no longer holds what was issued.
    """
    if proves(verdict, data):
        return FileStanding.PROOF
    if data in printing.files_of(verdict.sheet.number) or data == printing.printed(verdict.sheet):
        return FileStanding.ISSUED
    code = code_in(data)
    if code is None:
        return FileStanding.ALTERED
    return FileStanding.SEALED if code == verdict.code else FileStanding.ANOTHER


def code_in(data: bytes) -> str | None:
    """The code of the document that a file is, told by its seal; None when it bears none of ours that holds."""
    from ..signatures import checking

    seal = checking.check(data).seal(printing.seal_public_keys())
    return read_code(seal.address.rpartition("/")[2]) or None if seal is not None else None


def proves(verdict: Verdict, data: bytes) -> bool:
    """Whether these bytes are a snapshot, or the proof of a part of one, that leads to this certificate's root."""
    try:
        proving.verified(data, verdict.sheet.roster_hash)
    except proving.Broken:
        return False
    return True


def _verdict(code: str) -> Verdict | None:
    found = _row(sa.select(Certificate.__table__).where(Certificate.__table__.c.code == code))
    if found is None:
        return None
    newer = None if found.voided_at is None else _that_stands(found.submission_id)
    submission = _row(sa.select(Submission.__table__).where(Submission.__table__.c.id == found.submission_id))
    signed = _row(sa.select(_SIGNATURE).where(_SIGNATURE.c.certificate_id == found.id))
    # Of a certificate that was returned, the acknowledgement went with it.
    taken_note = found.voided_at is None and submission.state is SubmissionState.ACKNOWLEDGED
    return Verdict(
        code=code,
        standing=_standing(found, newer),
        sheet=sheet_from(found.content),
        acknowledged_at=submission.acknowledged_at if taken_note else None,
        acknowledged_position=(submission.acknowledged_position or "") if taken_note else "",
        voided_at=found.voided_at,
        superseded_by=newer.number if newer is not None else "",
        signed_at=signed.signed_at if signed else None,
        signed_position=signed.signed_position if signed else "",
        signed_level=signed.level if signed else "",
    )


def _standing(certificate: Any, newer: Any) -> Standing:
    if certificate.voided_at is None:
        return Standing.CURRENT
    return Standing.SUPERSEDED if newer is not None else Standing.REVOKED


def _that_stands(submission_id: int) -> Any:
    table = Certificate.__table__
    standing = sa.select(table).where(table.c.submission_id == submission_id, table.c.voided_at.is_(None))
    return _row(standing)


def _row(query: sa.Select[Any]) -> Any:
    return db.session.execute(query).one_or_none()
