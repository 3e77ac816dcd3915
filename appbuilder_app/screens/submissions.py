"""A school's round: the page, its four verbs, its certificates and their signed scans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.submissions import ReturnForm, ScanForm, StatementForm

from .. import access
from ..access import Action, Level
from ..dataset.screens import Button, DatasetView
from ..declaration import db
from ..errors import NotYours, RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import Certificate
from ..workflows import certificates, rounds, submissions
from ..workflows.certificates import LARGEST_SCAN_MIB
from .school_round import school_round
from .verbs import refusal_when

# What a person uploaded is shown, never run: no script, no form, no page around it.
_PAPER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; img-src 'self'; frame-ancestors 'self'"
)


class SubmissionView(BaseView):
    """The page of a school's round and what is done there."""

    route_base = "/submission"
    class_permission_name = "submission"

    @expose("/")
    @has_access
    @permission_name("read")
    def mine(self) -> Any:
        """A school's own page; others watch many schools."""
        viewer = access.viewer()
        if viewer.level is not Level.SCHOOL:
            return redirect(url_for("WatchView.browse"))
        return redirect(_url(viewer.scope.rsplit("/", 1)[1]))

    @expose("/<school_code>")
    @has_access
    @permission_name("read")
    def show(self, school_code: str) -> Any:
        """State, checklist, figures, certificates and history of a school's round."""
        return self._page(school_code)

    @expose("/<school_code>/confirm", methods=["POST"])
    @has_access
    @permission_name("confirm")
    def confirm(self, school_code: str) -> Any:
        """R12: the officer confirms, having stated that the students are there."""
        told = _("ยืนยันข้อมูลแล้ว ข้อมูลของรอบนี้ถูกล็อก ขั้นต่อไปคือผู้อำนวยการโรงเรียนรับรอง")
        return self._do(
            school_code, lambda: submissions.confirm(school_code), told, StatementForm(request.form)
        )

    @expose("/<school_code>/certify", methods=["POST"])
    @has_access
    @permission_name("certify")
    def certify(self, school_code: str) -> Any:
        """R13: the director certifies; the certificate is issued."""
        told = _("รับรองข้อมูลแล้ว และออกใบรับรองแล้ว กรุณาพิมพ์ ลงนาม แล้วแนบไฟล์สแกนไว้ที่หน้านี้")
        return self._do(
            school_code, lambda: submissions.certify(school_code), told, StatementForm(request.form)
        )

    @expose("/<school_code>/acknowledge", methods=["POST"])
    @has_access
    @permission_name("acknowledge")
    def acknowledge(self, school_code: str) -> Any:
        """R14: the district takes note of one school."""
        return self._do(school_code, lambda: _acknowledge(school_code), _("รับทราบข้อมูลของโรงเรียนแล้ว"))

    @expose("/<school_code>/return", methods=["POST"])
    @has_access
    @permission_name("revoke")
    def send_back(self, school_code: str) -> Any:
        """R35: back to the school, with the reason; its data unlock and the certificate is void."""
        form = ReturnForm(request.form)
        told = _("ส่งกลับแล้ว โรงเรียนแก้ไขข้อมูลได้อีกครั้ง และต้องยืนยันและรับรองใหม่")
        return self._do(
            school_code,
            lambda: submissions.return_submission(school_code, form.reason.data or ""),
            told,
            form,
        )

    def _do(self, school_code: str, verb: Callable[[], object], told: str, form: Any = None) -> Any:
        if form is not None and not form.validate():
            return self._page(school_code, form=form, status=422)
        refusal = refusal_when(verb)
        if refusal is not None:
            return self._page(school_code, refusal, form, refusal.status)
        flash(told, "success")
        return redirect(_url(school_code))

    def _page(
        self, school_code: str, refusal: RuleViolation | None = None, form: Any = None, status: int = 200
    ) -> Any:
        page = school_round(school_code, request.args.get("round", type=int))
        if page is None:
            return self.render_template("thabian/submissions/none.html"), status
        shown = self.render_template(
            "thabian/submissions/show.html",
            page=page,
            refusal=refusal,
            statement=form if isinstance(form, StatementForm) else StatementForm(),
            returning=form if isinstance(form, ReturnForm) else ReturnForm(),
            rounds=rounds.all_rounds(),
            may_edit=access.viewer().may(Action.WRITE, "student"),
            may_attach=_may_attach(),
            largest_scan=LARGEST_SCAN_MIB * 1024 * 1024,
        )
        return shown, status


class CertificateView(BaseView):
    """Certificates as PDF, and the scans of those that were signed in ink."""

    route_base = "/certificate"
    class_permission_name = "submission"

    @expose("/<int:certificate_id>.pdf")
    @has_access
    @permission_name("read")
    def pdf(self, certificate_id: int) -> Response:
        """The certificate, to look at and to print; ``?download=1`` to keep."""
        one = _certificate(certificate_id)
        return _paper(certificates.pdf_of(one), "application/pdf", certificates.filename_of(one))

    @expose("/<int:certificate_id>/scan")
    @has_access
    @permission_name("read")
    def scan(self, certificate_id: int) -> Response:
        """The newest scan, to whom the certificate is visible, as what it really is."""
        one = _certificate(certificate_id)
        scan = certificates.scan_of(one)
        if scan is None:
            raise NotYours
        ending = scan.stored_as.rsplit(".", 1)[1]
        return _paper(certificates.scan_data(scan), scan.media_type, f"{one.number}-signed.{ending}")

    @expose("/<int:certificate_id>/scan", methods=["POST"])
    @has_access
    @permission_name("read")
    def attach(self, certificate_id: int) -> Any:
        """Keep a scan beside the certificate, also after the round is closed: paper arrives late."""
        one = _certificate(certificate_id)
        form = ScanForm(request.files)
        refusal = None
        if form.validate():
            file = form.scan.data
            data = file.read(LARGEST_SCAN_MIB * 1024 * 1024 + 1)
            refusal = refusal_when(lambda: certificates.attach_scan(one, data, file.filename))
        told = said(str(refusal)) if refusal is not None else " ".join(map(str, form.scan.errors))
        flash(told or _("แนบไฟล์ใบรับรองที่ลงนามแล้ว"), "error" if told else "success")
        return redirect(_url(one.school_code, one.round_id))


def checklist_button(_view: DatasetView) -> list[Button]:
    """From a school's roster to what still has to be mended in it."""
    viewer = access.viewer()
    at_school = viewer.level is Level.SCHOOL
    code = viewer.scope.rsplit("/", 1)[1] if at_school else request.args.get("school_code", "")[:8]
    return _to_checklist(code) if code else []


def row_checklist_button(_view: DatasetView, row: Any) -> list[Button]:
    """From a student's record to the school's checklist."""
    return _to_checklist(row.school_code)


def _to_checklist(school_code: str) -> list[Button]:
    if not access.viewer().may(Action.READ, "submission"):
        return []
    return [Button(_("รายการตรวจสอบ"), f"{_url(school_code)}#checklist", "list-checks")]


def _url(school_code: str, round_id: int | None = None) -> str:
    return url_for("SubmissionView.show", school_code=school_code, round=round_id)


def _acknowledge(school_code: str) -> None:
    refusal = submissions.acknowledge([school_code])[0].refusal
    if refusal is not None:
        raise refusal


def _certificate(certificate_id: int) -> Certificate:
    found = db.session.scalar(sa.select(Certificate).where(Certificate.id == certificate_id))
    if found is None:
        raise NotYours
    return found


def _may_attach() -> bool:
    viewer = access.viewer()
    return viewer.may(Action.CERTIFY, "submission") or viewer.may(Action.CONFIRM, "submission")


def _paper(data: bytes, media_type: str, name: str) -> Response:
    kept = "attachment" if request.args.get("download") else "inline"
    headers = {
        "Content-Disposition": f'{kept}; filename="{name}"',
        "Content-Security-Policy": _PAPER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }
    return Response(data, mimetype=media_type, headers=headers)
