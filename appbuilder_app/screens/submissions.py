"""A school's round: the page, its four verbs, its certificates and their signed scans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from flask import Response, current_app, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from werkzeug.datastructures import CombinedMultiDict

from forms.inputs import ProblemsShown
from forms.submissions import AcknowledgeForm, CertifyForm, KeyForm, ReturnForm, ScanForm, StatementForm

from .. import access
from ..access import Action, Level
from ..codes import Proof, RoundSystem
from ..dataset.screens import Button, DatasetView
from ..declaration import dataset_of, db
from ..doors import problems_of
from ..errors import NotPermitted, NotYours, OrderMissing, RuleViolation, WrongProof
from ..language import gettext as _
from ..language import said
from ..models import Certificate
from ..scanning import MOST_PAGES
from ..workflows import (
    certificates,
    collected,
    director_signing,
    reauthentication,
    rounds,
    signed_scans,
    submissions,
)
from ..workflows.certificates import LARGEST_SCAN_MIB
from ..workflows.director_signing import LARGEST_KEY_FILE
from .rounds import in_address, system_asked_for
from .school_round import SchoolRound, school_round
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
            return redirect(url_for("WatchView.browse", system=in_address(system_asked_for())))
        return redirect(_url(viewer.school_code, system=system_asked_for()))

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
        form = StatementForm(request.form)

        def confirm() -> None:
            with reauthentication.proved(form.proof.data):
                submissions.confirm(school_code, system_asked_for())

        return self._do(school_code, confirm, told, form)

    @expose("/<school_code>/certify", methods=["POST"])
    @has_access
    @permission_name("certify")
    def certify(self, school_code: str) -> Any:
        """R13: the director certifies; the certificate is issued."""
        told = _("รับรองข้อมูลแล้ว และออกใบรับรองแล้ว กรุณาพิมพ์ ลงนาม แล้วแนบไฟล์สแกนไว้ที่หน้านี้")
        form = CertifyForm(request.form)

        def certify() -> None:
            with reauthentication.proved(form.proof.data):
                submissions.certify(school_code, system_asked_for(), form.authority)

        return self._do(school_code, certify, told, form)

    @expose("/<school_code>/acknowledge", methods=["POST"])
    @has_access
    @permission_name("acknowledge")
    def acknowledge(self, school_code: str) -> Any:
        """R14: the district takes note of one school."""
        form = AcknowledgeForm(request.form)
        told = _("รับทราบข้อมูลของโรงเรียนแล้ว")
        return self._do(school_code, lambda: _acknowledge(school_code, form.authority), told, form)

    @expose("/<school_code>/return", methods=["POST"])
    @has_access
    @permission_name("revoke")
    def send_back(self, school_code: str) -> Any:
        """R35: back to the school, with the reason; its data unlock and the certificate is void."""
        form = ReturnForm(request.form)
        told = _("ส่งกลับแล้ว โรงเรียนแก้ไขข้อมูลได้อีกครั้ง และต้องยืนยันและรับรองใหม่")
        return self._do(
            school_code,
            lambda: submissions.return_submission(school_code, form.reason.data or "", system_asked_for()),
            told,
            form,
        )

    def _do(self, school_code: str, verb: Callable[[], object], told: str, form: Any = None) -> Any:
        if form is not None and not form.validate():
            return self._page(school_code, form=form, status=422)
        refusal = refusal_when(verb)
        if isinstance(refusal, WrongProof | OrderMissing):
            form.show(problems_of(refusal))
            return self._page(school_code, form=form, status=refusal.status)
        if refusal is not None:
            return self._page(school_code, refusal, form, refusal.status)
        flash(told, "success")
        return redirect(_url(school_code, system=system_asked_for()))

    def _page(
        self, school_code: str, refusal: RuleViolation | None = None, form: Any = None, status: int = 200
    ) -> Any:
        system = system_asked_for()
        page = school_round(school_code, request.args.get("round", type=int), system)
        if page is None:
            none = {"system": system, "systems": RoundSystem, "school_code": school_code}
            return self.render_template("thabian/submissions/none.html", **none), status
        shown = self.render_template(
            "thabian/submissions/show.html",
            page=page,
            refusal=refusal,
            statement=form if isinstance(form, ProblemsShown) else _statement(page),
            by_code=reauthentication.asked_of_viewer() is Proof.CODE,
            returning=form if isinstance(form, ReturnForm) else ReturnForm(),
            rounds=rounds.all_rounds(page.round.system),
            system=page.round.system,
            systems=RoundSystem,
            may_edit=access.viewer().may(Action.WRITE, "student"),
            may_print_rosters=access.viewer().may(Action.EXPORT, "student"),
            datasets=_links(page),
            may_attach=signed_scans.may_attach(),
            largest_scan=LARGEST_SCAN_MIB * 1024 * 1024,
            signing=_signing(page),
        )
        return shown, status


_FORM_OF: Final = {Action.CERTIFY: CertifyForm, Action.ACKNOWLEDGE: AcknowledgeForm}


def _statement(page: SchoolRound) -> ProblemsShown:
    """The form of the next signature."""
    action = page.step.action if page.step is not None else Action.CONFIRM
    return _FORM_OF.get(action, StatementForm)()


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
        return paper_response(certificates.pdf_of(one), "application/pdf", certificates.filename_of(one))

    @expose("/<int:certificate_id>/signed.pdf")
    @has_access
    @permission_name("read")
    def signed(self, certificate_id: int) -> Response:
        """The certificate as the director has signed it electronically."""
        one = _certificate(certificate_id)
        signature = director_signing.signature_of(one)
        if signature is None:
            raise NotYours
        return paper_response(
            director_signing.signed_pdf(signature), "application/pdf", f"{one.number}-signed.pdf"
        )

    @expose("/<int:certificate_id>/sign", methods=["POST"])
    @has_access
    @permission_name("certify")
    def sign(self, certificate_id: int) -> Any:
        """The director signs with his own key, which is used for this once and kept nowhere."""
        one = _certificate(certificate_id)
        form = KeyForm(CombinedMultiDict((request.files, request.form)))
        refusal = refusal_when(lambda: _sign(one, form)) if form.validate() else None
        told = said(str(refusal)) if refusal is not None else " ".join(form.told)
        flash(told or _("ลงนามอิเล็กทรอนิกส์แล้ว ดาวน์โหลดฉบับที่ลงนามได้ที่ใบรับรอง"), "error" if told else "success")
        return redirect(f"{_url(one.school_code, one.round_id)}#paper")

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
        return paper_response(certificates.scan_data(scan), scan.media_type, f"{one.number}-signed.{ending}")

    @expose("/scans", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def scans(self) -> Any:
        """A pile of signed pages, mixed and whichever way round: each is filed by the code on it."""
        if not signed_scans.may_attach():
            raise NotPermitted(what=Action.CONFIRM.th)
        sent = [file for file in request.files.getlist("scans") if file.filename]
        report, told, status = None, "", 200
        if request.method == "POST":
            report, told, status = _file_pile(sent)
        page = self.render_template(
            "thabian/submissions/scans.html",
            report=report,
            told=told,
            awaited=report.awaited if report else signed_scans.awaited(),
            most=MOST_PAGES,
            largest=current_app.config["MAX_CONTENT_LENGTH"],
        )
        return page, status

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
    code = viewer.school_code if at_school else request.args.get("school_code", "")[:8]
    return _to_checklist(code) if code else []


def row_checklist_button(_view: DatasetView, row: Any) -> list[Button]:
    """From a student's record to the school's checklist."""
    return _to_checklist(row.school_code)


def _to_checklist(school_code: str) -> list[Button]:
    if not access.viewer().may(Action.READ, "submission"):
        return []
    return [Button(_("รายการตรวจสอบ"), f"{_url(school_code)}#checklist", "list-checks")]


def _url(school_code: str, round_id: int | None = None, system: RoundSystem = RoundSystem.DMC) -> str:
    named = in_address(system)
    return url_for("SubmissionView.show", school_code=school_code, round=round_id, system=named)


def _links(page: SchoolRound) -> list[tuple[str, str]]:
    """Where the datasets of another system than the learners' are worked on, for who may read them."""
    models = collected.datasets_of(page.round.system) if page.things else []
    viewer = access.viewer()
    code = None if viewer.level is Level.SCHOOL else page.school.code
    return [
        (dataset_of(model).th, url_for(f"{model.__name__}View.browse", school_code=code))
        for model in models
        if viewer.may(Action.READ, model.__tablename__)
    ]


def _acknowledge(school_code: str, authority: submissions.Authority) -> None:
    refusal = submissions.acknowledge([school_code], system_asked_for(), authority)[0].refusal
    if refusal is not None:
        raise refusal


def _file_pile(sent: list[Any]) -> tuple[signed_scans.Report | None, str, int]:
    """What became of the pile, or why nothing did."""
    if not sent:
        return None, _("กรุณาเลือกไฟล์ก่อน"), 422
    # Numbered: two photographs of a telephone may have one name.
    uploads = [(f"{at}. {file.filename[:60]}", file.read()) for at, file in enumerate(sent, start=1)]
    reports: list[signed_scans.Report] = []
    refusal = refusal_when(lambda: reports.append(signed_scans.file_scans(uploads)))
    if refusal is not None:
        return None, said(str(refusal)), refusal.status
    return reports[0], "", 200


def _sign(one: Certificate, form: KeyForm) -> None:
    if form.in_token.data:
        director_signing.sign_with_token(one, form.passphrase.data or "")
    else:
        data = form.key.data.read(LARGEST_KEY_FILE + 1)
        director_signing.sign_with_file(one, data, form.passphrase.data or "")


def _certificate(certificate_id: int) -> Certificate:
    found = db.session.scalar(sa.select(Certificate).where(Certificate.id == certificate_id))
    if found is None:
        raise NotYours
    return found


def _signing(page: SchoolRound) -> dict[str, Any] | None:
    """What the form for signing electronically needs; None for who cannot sign this certificate now."""
    paper = page.standing_paper
    if paper is None or director_signing.refusal_of(paper.certificate) is not None:
        return None
    return {
        "form": KeyForm(),
        "tokens": director_signing.offers_tokens(),
        "largest": director_signing.LARGEST_KEY_FILE,
    }


def paper_response(data: bytes, media_type: str, name: str) -> Response:
    """A document in the browser, to look at before it is printed; ``?download=1`` to keep."""
    kept = "attachment" if request.args.get("download") else "inline"
    headers = {
        "Content-Disposition": f'{kept}; filename="{name}"',
        "Content-Security-Policy": _PAPER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }
    return Response(data, mimetype=media_type, headers=headers)
