"""All certificates of an area's round as one file, made beside the requests: a job with its progress."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from .. import access
from ..access import Action
from ..bilingual import Sentence
from ..declaration import db
from ..errors import RuleViolation
from ..models import Certificate, CollectionRound, Job, School
from . import certificates, watching
from .jobs import Context, Result, job, start

KIND: Final = "certificate.bundle"
# Every file of a bundle bears one time, so that the same certificates are the same bundle.
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


class NothingCertified(RuleViolation):
    """There is no certificate to put into the file."""

    status = 409
    message = "ยังไม่มีใบรับรองที่ใช้ได้ในเขตนี้ รวมไฟล์ได้เมื่อมีโรงเรียนที่ผู้อำนวยการรับรองแล้ว"


def order(one: CollectionRound, area_code: str | None = None) -> Job:
    """Have all standing certificates of the area put into one ZIP; NotYours for another's area."""
    access.viewer().require(Action.READ, "submission")
    watch = watching.district(one, area_code)
    if not _numbers(one.id, watch.area_code):
        raise NothingCertified
    title = Sentence("ใบรับรองของ{area} {round}", area=watch.area, round=one.label)
    needs = (Action.READ, "submission")
    return start(KIND, title, needs=needs, round_id=one.id, area_code=watch.area_code)


@job(KIND)
def bundle(context: Context, round_id: int, area_code: str) -> Result:
    """The certificates by school, each the very file that the school itself prints."""
    one = db.session.get_one(CollectionRound, round_id)
    watching.district(one, area_code)  # the owner may have another area by now
    found = _numbers(round_id, area_code)
    if not found:
        raise NothingCertified
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificates.zip"
        # Stored, not compressed: the pages of a PDF are compressed already.
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for done, key in enumerate(found):
                context.progress(done, len(found))
                certificate = db.session.get_one(Certificate, key)
                name = f"{certificate.school_code}-{certificates.filename_of(certificate)}"
                archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), certificates.pdf_of(certificate))
        name = f"certificates-{one.system.value}-{one.academic_year}-{one.number}-{area_code}.zip"
        return context.keep(path, name, "application/zip", Sentence("ใบรับรอง {n} ฉบับ", n=len(found)))


def _numbers(round_id: int, area_code: str) -> list[int]:
    """The standing certificates of an area, by school."""
    query = (
        sa.select(Certificate.id)
        .join(School, School.code == Certificate.school_code)
        .where(
            Certificate.round_id == round_id, Certificate.voided_at.is_(None), School.area_code == area_code
        )
        .order_by(Certificate.school_code)
    )
    return list(db.session.scalars(query))
