"""Paper signed in ink comes back: scanned pages, in whatever order and way round, are filed by the code on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from .. import access
from ..access import Action
from ..declaration import db
from ..errors import NotPermitted
from ..models import Certificate, DirectorSignature, SignedScan
from . import certificates

if TYPE_CHECKING:
    from ..scanning import Page, Upload


@dataclass(frozen=True)
class Incomplete:
    """A document of which pages are missing, so that nothing of it was filed."""

    number: str
    missing: list[int]
    of: int


@dataclass(frozen=True)
class Report:
    """What became of the pages that were sent; ``awaited`` are documents that wait for ink after this, too."""

    filed: list[str] = field(default_factory=list)
    incomplete: list[Incomplete] = field(default_factory=list)
    void: list[tuple[Page, str]] = field(default_factory=list)
    foreign: list[Page] = field(default_factory=list)
    unreadable: list[Page] = field(default_factory=list)
    repeated: list[Page] = field(default_factory=list)
    awaited: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """True when every page that was sent has found its place."""
        return not (self.incomplete or self.void or self.foreign or self.unreadable)


def file_scans(uploads: Sequence[Upload]) -> Report:
    """File each page under the certificate whose code it bears; what cannot be filed is told, the rest is done.

    NotAScan for a file that is neither PDF, JPEG nor PNG, TooManyPages, NotPermitted: then nothing is filed.
    """
    from .. import scanning

    if not may_attach():
        raise NotPermitted(what=Action.CONFIRM.th)
    report = Report()
    pages = scanning.pages_of(uploads)
    report.unreadable.extend(page for page in pages if not page.is_read)
    known = _certificates({page.code for page in pages if page.is_read})
    for code, found in _by_code(pages).items():
        certificate = known.get(code)
        if certificate is None:
            report.foreign.extend(found)
        elif certificate.is_void:
            report.void.extend((page, certificate.number) for page in found)
        else:
            _file(certificate, found, uploads, report)
    report.awaited.extend(awaited())
    return report


def may_attach() -> bool:
    """True for who signs for a school, in either of its two roles."""
    viewer = access.viewer()
    return viewer.may(Action.CERTIFY, "submission") or viewer.may(Action.CONFIRM, "submission")


def awaited() -> list[str]:
    """Numbers of the viewer's certificates that hold but were signed neither in ink nor electronically."""
    signed = sa.select(DirectorSignature.certificate_id).union(sa.select(SignedScan.certificate_id))
    query = sa.select(Certificate.number).where(
        Certificate.voided_at.is_(None), Certificate.id.not_in(signed)
    )
    return list(db.session.scalars(query.order_by(Certificate.number)))


def _certificates(codes: Iterable[str]) -> dict[str, Certificate]:
    """The viewer's own among them, by their codes; the walls leave out others."""
    found = db.session.scalars(sa.select(Certificate).where(Certificate.code.in_(sorted(codes))))
    return {one.code: one for one in found}


def _by_code(pages: Sequence[Page]) -> dict[str, list[Page]]:
    gathered: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        if page.is_read:
            gathered[page.code].append(page)
    return gathered


def _file(certificate: Certificate, found: list[Page], uploads: Sequence[Upload], report: Report) -> None:
    from .. import scanning

    last = {page.number: page for page in found}
    report.repeated.extend(page for page in found if last[page.number] is not page)
    of = max(page.of for page in found)
    if missing := [number for number in range(1, of + 1) if number not in last]:
        report.incomplete.append(Incomplete(certificate.number, missing, of))
        return
    paper = scanning.upright(uploads, [last[number] for number in range(1, of + 1)])
    certificates.attach_scan(certificate, paper, f"{certificate.number}.pdf")
    report.filed.append(certificate.number)
