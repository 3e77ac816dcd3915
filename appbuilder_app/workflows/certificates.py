"""Certificates: issued with a running number and frozen content, printed, made void, and signed in ink."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from .. import access, files
from ..access import Action
from ..codes import Capacity, RoundSystem, SubmissionState
from ..dataset import lock
from ..declaration import db
from ..errors import CertificateVoid, NotAScan, NotYours, ScanOfAnother, ScanTooLarge, TooManyPages
from ..models import (
    Area,
    Certificate,
    CollectionRound,
    Roster,
    School,
    SignedScan,
    Submission,
)
from . import annexes, collected, headcounts, numbering, round_plans, verification
from .certificate_sheet import (
    Annulment,
    CertificateSheet,
    DataRow,
    DataSheet,
    GradeRow,
    Sheet,
    Signature,
    sheet_from,
)
from .printing import printed

LARGEST_SCAN_MIB: Final = 10

# For whom a deputy acts, as it stands under the signature.
HEAD_OF_SCHOOL: Final = "ผู้อำนวยการโรงเรียน"
HEAD_OF_AREA: Final = "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"

# First bytes, media type, ending. Names and declared types are what the sender says; bytes are what it is.
_SCANS: Final = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)


# ── Issuing ──────────────────────────────────────────────────────────────────────────────────────────────


def issue(submission: Submission, school: School, collection_round: CollectionRound) -> Certificate:
    """The certificate of a submission that has just been certified (R8, R13). Called by ``certify`` alone."""
    return issue_dated(submission, school, collection_round, lock.now())


def issue_dated(
    submission: Submission, school: School, collection_round: CollectionRound, at: dt.datetime
) -> Certificate:
    """A certificate that bears the date ``at``: for past rounds that are taken over from elsewhere."""
    roster = db.session.get_one(Roster, submission.roster_id)
    number = next_number(f"{school.area_code}-{collection_round.academic_year}")
    code = verification.new_code()
    earlier = certificates_of(submission)
    sheet = replace(
        _sheet(submission, school, collection_round, roster, number, version=1 + len(earlier)),
        issued_at=at,
        verify_url=verification.address_of(code),
        annex=annexes.annex_since(earlier[0], roster) if earlier else None,
    )
    certificate = Certificate(
        submission_id=submission.id,
        round_id=submission.round_id,
        school_code=submission.school_code,
        roster_id=roster.id,
        number=number,
        code=code,
        issued_at=at,
        content=json.loads(sheet.to_json()),
    )
    db.session.add(certificate)
    db.session.flush()
    return certificate


def next_number(series: str) -> str:
    """The next number of a series, ``1602-2569-0001``. No gaps: it is given back when the work rolls back.

    The series' row stays locked until the transaction ends, so who certifies next in the district waits.
    """
    return f"{series}-{numbering.next_in(series):04}"


def _sheet(
    submission: Submission,
    school: School,
    collection_round: CollectionRound,
    roster: Roster,
    number: str,
    version: int,
) -> Sheet:
    common: dict[str, Any] = {
        "number": number,
        "version": version,
        "issued_at": lock.now(),
        "school_name": school.name,
        "school_code": school.code,
        "school_code_10": school.moe_code,
        "area_name": db.session.get_one(Area, school.area_code).name,
        "academic_year": collection_round.academic_year,
        "round_number": collection_round.number,
        "round_name": round_plans.name_of(collection_round.number, collection_round.system),
        "snapshot_date": collection_round.snapshot_date,
        "confirmed": _signature(submission, "confirmed"),
        "certified": _signature(submission, "certified", f"{HEAD_OF_SCHOOL}{school.name}"),
        "roster_hash": roster.root,
    }
    if collection_round.system is RoundSystem.DMC:
        return CertificateSheet(**common, **_of_students(roster))
    counted = collected.frozen_counts(roster, collection_round.system)
    rows = tuple(DataRow(one.label, one.number, one.sums) for one in counted)
    return DataSheet(**common, system=collection_round.system.th, rows=rows)


def _of_students(roster: Roster) -> dict[str, Any]:
    counts = headcounts.frozen(roster)
    totals = counts.totals
    return {
        "grades": tuple(
            GradeRow(row.grade.value, row.grade.th, row.male, row.female, row.rooms) for row in counts.grades
        ),
        "disadvantaged": totals.disadvantaged,
        "disabled": totals.disabled,
        "boarding": totals.boarding,
        "g_code": totals.g_code,
        "pending_discharge": totals.pending,
        "uncounted": totals.uncounted,
    }


def _signature(submission: Submission, act: str, head: str = "") -> Signature:
    """``head`` is for whom a deputy acts: the head of the school or of the area."""
    name, position, at = (getattr(submission, f"{act}_{part}") for part in ("by", "position", "at"))
    capacity = getattr(submission, f"{act}_capacity", None) or Capacity.OWN
    if capacity is Capacity.OWN:
        return Signature(name or "", position or "", at)
    order = getattr(submission, f"{act}_order") or ""
    return Signature(name or "", position or "", at, acting=f"{capacity.th} {head}", order=order)


# ── Finding and annulling ────────────────────────────────────────────────────────────────────────────────


def certificates_of(submission: Submission) -> Sequence[Certificate]:
    """All certificates of a submission, void ones included, the newest first."""
    query = sa.select(Certificate).where(Certificate.submission_id == submission.id)
    return db.session.scalars(query.order_by(Certificate.id.desc())).all()


def standing_certificate(submission: Submission) -> Certificate | None:
    """The certificate that has force, if one has."""
    return next((one for one in certificates_of(submission) if not one.is_void), None)


def certificate_numbered(number: str) -> Certificate:
    """The viewer's certificate of this number; NotYours (404) otherwise."""
    access.viewer().require(Action.READ, "submission")
    found = db.session.scalars(sa.select(Certificate).where(Certificate.number == number)).one_or_none()
    if found is None:
        raise NotYours
    return found


def annul(submission: Submission, reason: str) -> None:
    """A return takes the certificate's force; it is kept, with who, when and why (called by the return)."""
    standing = standing_certificate(submission)
    if standing is not None:
        standing.voided_at, standing.voided_by = lock.now(), access.viewer().name
        standing.void_reason = reason
        db.session.flush()


# ── Printing ─────────────────────────────────────────────────────────────────────────────────────────────


def sheet_of(certificate: Certificate) -> Sheet:
    """What the certificate says today: as frozen, with the acknowledgement or annulment that came later."""
    sheet = sheet_from(certificate.content)
    if certificate.voided_at is not None:
        return replace(sheet, annulled=Annulment(certificate.void_reason or "", certificate.voided_at))
    submission = db.session.get_one(Submission, certificate.submission_id)
    if submission.state is SubmissionState.ACKNOWLEDGED:
        return replace(sheet, acknowledged=_signature(submission, "acknowledged", HEAD_OF_AREA))
    return sheet


def pdf_of(certificate: Certificate) -> bytes:
    """The certificate as PDF: from the file store once it has been made, typeset otherwise.

    A void one bears its void mark, an acknowledged one the acknowledgement: each is a file of its own.
    """
    return printed(sheet_of(certificate))


def filename_of(certificate: Certificate) -> str:
    """The name under which a browser saves the PDF."""
    return f"{certificate.number}{'-void' if certificate.is_void else ''}.pdf"


# ── The signed scan ──────────────────────────────────────────────────────────────────────────────────────


def attach_scan(certificate: Certificate, data: bytes, filename: str) -> SignedScan:
    """Keep the scan of the certificate signed in ink, also after the round is closed: paper arrives late.

    NotAScan unless the bytes are PDF, JPEG or PNG; ScanTooLarge above 10 MiB; CertificateVoid for a void one;
    ScanOfAnother when the code on the paper is that of another document.
    ``filename`` is only for the refusal: files are kept under names of our own.
    """
    with access.performing(_right_to_attach(), "submission") as viewer:
        if certificate.is_void:
            raise CertificateVoid(number=certificate.number)
        media_type, ending = _sniffed(data, filename)
        _require_its_own(certificate, data, filename)
        scan = SignedScan(
            certificate_id=certificate.id,
            school_code=certificate.school_code,
            stored_as=f"scans/{uuid.uuid4().hex}.{ending}",
            media_type=media_type,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            uploaded_at=lock.now(),
            uploaded_by=viewer.name,
        )
        db.session.add(scan)
        db.session.flush()
        # After the flush, which may refuse; a file whose row is rolled back later is never shown to anybody.
        files.put(scan.stored_as, data)
        return scan


def scan_of(certificate: Certificate) -> SignedScan | None:
    """The newest scan of a certificate."""
    query = sa.select(SignedScan).where(SignedScan.certificate_id == certificate.id)
    return db.session.scalar(query.order_by(SignedScan.id.desc()).limit(1))


def scan_data(scan: SignedScan) -> bytes:
    """The scan's bytes; FileMissing (404) when the store has lost them."""
    return files.get(scan.stored_as)


def _right_to_attach() -> Action:
    """Who signs for the school, in either of its two roles, may attach what was signed."""
    return Action.CERTIFY if access.viewer().may(Action.CERTIFY, "submission") else Action.CONFIRM


def _require_its_own(certificate: Certificate, data: bytes, filename: str) -> None:
    """What bears no code that can be read is taken on trust: paper is folded, stamped and badly copied."""
    from ..scanning import pages_of

    try:
        codes = {page.code for page in pages_of([(filename, data)]) if page.is_read}
    except (NotAScan, TooManyPages):
        return
    if codes and certificate.code not in codes:
        raise ScanOfAnother(file=filename[:80], number=certificate.number)


def _sniffed(data: bytes, filename: str) -> tuple[str, str]:
    if len(data) > LARGEST_SCAN_MIB * 1024 * 1024:
        raise ScanTooLarge(file=filename[:80], limit=LARGEST_SCAN_MIB)
    for beginning, media_type, ending in _SCANS:
        if data.startswith(beginning):
            return media_type, ending
    raise NotAScan(file=filename[:80])
