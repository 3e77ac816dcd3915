"""Documents made beside the acts that issue them: who certifies never waits for a PDF (deadline day)."""

from __future__ import annotations

from flask import current_app

from ..bilingual import Sentence
from ..declaration import db
from ..models import Certificate
from . import certificates
from .jobs import Context, Result, job, start

KIND = "certificate.print"


def order(certificate: Certificate) -> None:
    """Have the certificate made by a worker, once the certifying is committed.

    Only where there are workers: without them whoever opens the certificate first has it made, which is the same
    work in the same process.
    """
    if current_app.config["REDIS_URL"]:
        start(
            KIND, Sentence("จัดทำใบรับรองเลขที่ {number}", number=certificate.number), certificate=certificate.id
        )


@job(KIND)
def print_certificate(context: Context, certificate: int) -> Result:
    """Make the file and keep it; made already, or made void meanwhile, is as good."""
    one = db.session.get_one(Certificate, certificate)
    context.progress(0, 1)
    certificates.pdf_of(one)
    return Result(said=one.number, url=f"/certificate/{one.id}.pdf")
