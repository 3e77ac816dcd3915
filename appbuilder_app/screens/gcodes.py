"""G-codes in screens: who may ask, the form and its papers, the area's checking and decision, and the reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask import Response, flash, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from .. import access
from ..access import CENTRE, Action, Level
from ..bilingual import Label
from ..codes import GDocument, RequestState, RequestStepKind
from ..dataset import attachments, forms, validation
from ..dataset.export import XLSX_MIME
from ..dataset.file_door import chosen_file, file_response
from ..declaration import db, fields_of
from ..errors import InvalidRow, NotYours, RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import Area, GCodeApplication, School
from ..workflows import gcode_reports, gcode_sheets, gcode_users, gcodes, requests
from .verbs import refusal_when

GROUPS = {
    "child": Label("ตัวเด็ก", "The child"),
    "class": Label("ชั้นเรียน", "Class"),
    "home": Label("ที่อยู่ปัจจุบัน", "Present address"),
    "family": Label("ครอบครัว", "Family"),
    "evidence": Label("หลักฐาน", "Evidence"),
}
LOOKS = {
    None: "mute",
    RequestState.OPEN: "waiting",
    RequestState.OBJECTED: "warn",
    RequestState.RETURNED: "returned",
    RequestState.APPROVED: "ok",
    RequestState.REFUSED: "bad",
    RequestState.WITHDRAWN: "void",
}


class _About(NamedTuple):
    """What the page of a form says of what is written: its name and its list."""

    label: str
    url: str


_DRAFT = Label("ร่าง ยังไม่ส่ง", "Draft, not sent")


class GCodeView(BaseView):
    """Applications, their papers and decisions; registered teachers; what was issued."""

    route_base = "/gcodes"
    class_permission_name = requests.SUBJECT

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """Applications within the viewer's scope, with how far each is."""
        found = gcodes.applications()
        asked = request.args.get("state", "")
        counts = {state: sum(one is state for _a, one in found) for state in (None, *RequestState)}
        shown = [pair for pair in found if not asked or (pair[1].value if pair[1] else "draft") == asked]
        viewer = access.viewer()
        return self.render_template(
            "thabian/gcodes/list.html",
            rows=[(one, state, self._name(state), LOOKS[state]) for one, state in shown],
            counts=[
                (self._name(state), state.value if state else "draft", n) for state, n in counts.items() if n
            ],
            all=len(found),
            asked=asked,
            schools=_names(one.school_code for one, _state in shown),
            may_ask=viewer.level is Level.SCHOOL and viewer.may(Action.WRITE, requests.SUBJECT),
            registered=_is_registered(),
        )

    @staticmethod
    def _name(state: RequestState | None) -> str:
        return said(state.th if state else _DRAFT)

    # ── The form ─────────────────────────────────────────────────────────────────────────────────────────

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def add(self) -> Any:
        """A new application."""
        gcode_users.require_registered()
        return self._form(None)

    @expose("/<int:key>/edit", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def edit(self, key: int) -> Any:
        """Mend a draft, or what was sent back."""
        return self._form(gcodes.application_with(key))

    def _form(self, application: GCodeApplication | None) -> Any:
        fields = fields_of(GCodeApplication)
        posted = request.form if request.method == "POST" else None
        stored = {name: getattr(application, name) for name in fields} if application else None
        form = forms.form_of_fields(fields, data=posted, stored=stored)
        problems: list[Any] = []
        if posted is not None:
            values, problems = validation.read_row(
                GCodeApplication, {n: form[forms.asked(n)].data for n in fields if forms.asked(n) in posted}
            )
            saved: list[GCodeApplication] = []
            if not problems:
                version = posted.get("version", type=int)
                refusal = refusal_when(
                    lambda: saved.append(
                        gcodes.write(values, application.id if application else None, version)
                    )
                )
                if refusal is None:
                    flash(_("บันทึกแบบคำขอแล้ว ขั้นต่อไปคือแนบเอกสาร"), "success")
                    return redirect(url_for("GCodeView.show", key=saved[0].id))
                problems = (
                    refusal.problems if isinstance(refusal, InvalidRow) else [InvalidRow.whole(refusal)]
                )
        shown = [
            (forms.asked(p.field) if p.field else None, forms.RowForm.beside_its_label(p)) for p in problems
        ]
        url = url_for("GCodeView.show", key=application.id) if application else url_for("GCodeView.browse")
        page = self.render_template(
            "thabian/dataset/form.html",
            d=_About(_("คำขอรหัส G"), url_for("GCodeView.browse")),
            form=form,
            groups=[
                (said(label), [forms.asked(n) for n, f in fields.items() if f.group == key])
                for key, label in GROUPS.items()
            ],
            record=application,
            record_title=str(application) if application else "",
            problems=shown,
            submit_url=request.path,
            cancel_url=url,
            lock=None,
            add_another=False,
        )
        return page, 422 if problems else 200

    @expose("/<int:key>")
    @has_access
    @permission_name("read")
    def show(self, key: int) -> Any:
        """An application with its papers, what was done, and what the viewer can do next."""
        return self._page(key)

    def _page(self, key: int, refusal: RuleViolation | None = None) -> Any:
        application = gcodes.application_with(key)
        seen = requests.seen(application.request_id) if application.request_id else None
        state = gcodes.state_of(application)
        can = {} if seen is None else {step: no is None for step, no in seen.can.items()}
        # Who stands above the school could withdraw for it; here they refuse or send back.
        can[RequestStepKind.WITHDRAWN] = (
            can.get(RequestStepKind.WITHDRAWN, False) and access.viewer().scope == application.scope
        )
        with_school = state in (None, RequestState.RETURNED) and _is_registered()
        checks = bool(can.get(RequestStepKind.APPROVED)) and state is RequestState.OPEN
        there, needed = gcodes.papers_of(application), gcodes.needed(application)
        page = self.render_template(
            "thabian/gcodes/show.html",
            application=application,
            school=db.session.get_one(School, application.school_code),
            state=state,
            state_name=self._name(state),
            look=LOOKS[state],
            groups=[*_shown(application)],
            papers=[(one, one in needed, there.get(one)) for one in dict.fromkeys([*needed, *there])],
            papers_good=sum(1 for one in needed if one in there and there[one].accepted),
            papers_there=sum(1 for one in needed if one in there),
            papers_needed=len(needed),
            is_picture=attachments.is_picture,
            seen=seen,
            can={step.value: allowed for step, allowed in can.items()},
            may_edit=with_school and access.viewer().looks_after(application.scope),
            may_check=checks,
            same=gcodes.same_children(application) if checks else 0,
            refusal=refusal,
            may_enter=application.number is not None
            and application.student_id is None
            and access.viewer().may(Action.WRITE, requests.SUBJECT),
        )
        return page, refusal.status if refusal is not None else 200

    @expose("/<int:key>/form.pdf")
    @has_access
    @permission_name("read")
    def form_pdf(self, key: int) -> Response:
        """The form filled in, to be signed and to take photo and fingerprints."""
        application = gcodes.application_with(key)
        data = gcode_sheets.form_pages(application, [*_shown(application)])
        return Response(
            data,
            mimetype="application/pdf",
            headers={"Content-Disposition": f'inline; filename="g-form-{key}.pdf"'},
        )

    # ── The papers ───────────────────────────────────────────────────────────────────────────────────────

    @expose("/<int:key>/papers/<document>", methods=["GET"])
    @has_access
    @permission_name("read")
    def paper(self, key: int, document: str) -> Response:
        """One document."""
        stored = gcodes.paper_file(key, _document(document))
        small = request.args.get("size") == "thumbnail"
        return file_response(stored, attachments.content(stored, thumbnail=small), f"g-{key}-{document}")

    @expose("/<int:key>/papers/<document>", methods=["POST"])
    @has_access
    @permission_name("write")
    def put(self, key: int, document: str) -> Any:
        """Bring a document."""

        def verb() -> None:
            gcodes.put_paper(key, _document(document), *chosen_file())

        return self._do(key, verb, _("แนบเอกสารแล้ว"), "papers")

    @expose("/<int:key>/papers/<document>/check", methods=["POST"])
    @has_access
    @permission_name("decide")
    def check(self, key: int, document: str) -> Any:
        """The area's finding of one document."""
        accepted = request.form.get("accepted") == "1"
        note = request.form.get("reason", "")
        told = _("ตรวจเอกสารผ่านแล้ว") if accepted else _("บันทึกว่าเอกสารต้องแก้แล้ว")
        return self._do(
            key, lambda: gcodes.check_paper(key, _document(document), accepted, note), told, "papers"
        )

    # ── Steps ────────────────────────────────────────────────────────────────────────────────────────────

    @expose("/<int:key>/send", methods=["POST"])
    @has_access
    @permission_name("write")
    def send(self, key: int) -> Any:
        """Hand it in."""
        told = _("ส่งคำขอแล้ว เขตพื้นที่จะตรวจเอกสารและพิจารณา")
        return self._do(key, lambda: gcodes.send(key, request.form.get("reason", "")), told)

    @expose("/<int:key>/<any(approve, send_back, refuse, withdraw):step>", methods=["POST"])
    @has_access
    @permission_name("read")
    def take(self, key: int, step: str) -> Any:
        """Approve, send back, refuse, withdraw; who may, the request itself says."""
        number = gcodes.application_with(key).request_id or 0
        verbs: dict[str, tuple[Callable[[int, str], None], str]] = {
            "approve": (requests.approve, _("อนุมัติและออกรหัส G แล้ว")),
            "send_back": (requests.send_back, _("ส่งกลับให้โรงเรียนแก้ไขแล้ว")),
            "refuse": (requests.refuse, _("บันทึกว่าไม่อนุมัติแล้ว และแจ้งโรงเรียนแล้ว")),
            "withdraw": (requests.withdraw, _("ถอนคำขอแล้ว")),
        }
        verb, told = verbs[step]
        return self._do(key, lambda: verb(number, request.form.get("reason", "")), told)

    @expose("/<int:key>/enter", methods=["POST"])
    @has_access
    @permission_name("write")
    def enter(self, key: int) -> Any:
        """Enter a child whose code came while the school's data were locked."""
        return self._do(key, lambda: gcodes.enter(key), _("เพิ่มเข้าทะเบียนนักเรียนแล้ว"))

    def _do(self, key: int, verb: Callable[[], object], told: str, place: str = "") -> Any:
        refusal = refusal_when(verb)
        if refusal is not None:
            return self._page(key, refusal)
        flash(told, "success")
        return redirect(url_for("GCodeView.show", key=key, _anchor=place or None))

    # ── Registered teachers ──────────────────────────────────────────────────────────────────────────────

    @expose("/users", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def users(self) -> Any:
        """Who is registered and who asks to be; on POST the acting teacher asks."""
        refusal = None
        if request.method == "POST":
            phone, why = request.form.get("phone", ""), request.form.get("why", "")
            refusal = refusal_when(lambda: gcode_users.register(phone, why))
            if refusal is None:
                flash(_("ยื่นคำขอลงทะเบียนแล้ว เขตพื้นที่จะตรวจสอบและรับรอง"), "success")
                return redirect(url_for("GCodeView.users"))
        found = gcode_users.registrations()
        viewer = access.viewer()
        page = self.render_template(
            "thabian/gcodes/users.html",
            registrations=found,
            waiting=gcode_users.waiting(),
            labels=(gcode_users.POSITION, gcode_users.PHONE),
            schools=_names(one.school_code for one in found),
            may_ask=viewer.level is Level.SCHOOL and not _is_registered(),
            may_decide=viewer.may(Action.DECIDE, requests.SUBJECT) and viewer.level is Level.DISTRICT,
            refusal=refusal,
            typed=request.form,
        )
        return page, refusal.status if refusal is not None else 200

    @expose("/users/<int:number>/<any(approve, refuse, end):step>", methods=["POST"])
    @has_access
    @permission_name("decide")
    def decide_user(self, number: int, step: str) -> Any:
        """The area registers a teacher, refuses, or ends a registration."""
        why = request.form.get("reason", "")
        verbs: dict[str, tuple[Callable[[int, str], None], str]] = {
            "approve": (requests.approve, _("รับรองผู้ลงทะเบียนแล้ว")),
            "refuse": (requests.refuse, _("บันทึกว่าไม่รับรองแล้ว และแจ้งผู้ยื่นแล้ว")),
            "end": (gcode_users.end, _("สิ้นสุดการลงทะเบียนแล้ว")),
        }
        verb, told = verbs[step]
        refusal = refusal_when(lambda: verb(number, why))
        flash(
            said(str(refusal)) if refusal is not None else told, "error" if refusal is not None else "success"
        )
        return redirect(url_for("GCodeView.users"))

    # ── Reports ──────────────────────────────────────────────────────────────────────────────────────────

    @expose("/report")
    @has_access
    @permission_name("read")
    def report(self) -> str:
        """What was issued, by school (by area for the centre) and by nationality, with bars (R57)."""
        found = _report()
        viewer = access.viewer()
        areas = []
        if viewer.scope == CENTRE:
            areas = db.session.query(Area.code, Area.short_name).order_by(Area.code).all()
        return self.render_template(
            "thabian/gcodes/report.html",
            report=found,
            years=gcode_reports.years(),
            areas=areas,
            area=request.args.get("area", "") if areas else "",
        )

    @expose("/report.<any(xlsx, pdf):kind>")
    @has_access
    @permission_name("read")
    def report_file(self, kind: str) -> Response:
        """The report as a workbook or to be printed."""
        found = _report()
        name = f"g-codes-{found.scope.replace('/', '-')}-{found.year or 'all'}.{kind}"
        if kind == "xlsx":
            return send_file(
                gcode_reports.workbook(found), mimetype=XLSX_MIME, as_attachment=True, download_name=name
            )
        headers = {"Content-Disposition": f'inline; filename="{name}"'}
        return Response(gcode_reports.pages(found), mimetype="application/pdf", headers=headers)


def _report() -> gcode_reports.Report:
    year = request.args.get("year", type=int)
    return gcode_reports.report(
        request.args.get("area", "")[:8], year if year in gcode_reports.years() else None
    )


def _shown(application: GCodeApplication) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Groups of the form with what was filled in, in the language of the page."""
    fields = fields_of(GCodeApplication)
    for key, label in GROUPS.items():
        facts = [
            (forms.label_of(f), said(f.kind.show(getattr(application, n))))
            for n, f in fields.items()
            if f.group == key and getattr(application, n) not in (None, "")
        ]
        if facts:
            yield said(label), facts


def _document(code: str) -> GDocument:
    """The document that an address names; NotYours (404) for one that there is not."""
    try:
        return GDocument(code)
    except ValueError:
        raise NotYours from None


def _names(codes: Iterator[str]) -> dict[str, str]:
    wanted = set(codes)
    found = db.session.query(School.code, School.name).filter(School.code.in_(wanted))
    return {row[0]: row[1] for row in found}


def _is_registered() -> bool:
    try:
        gcode_users.require_registered()
    except gcode_users.NotRegistered:
        return False
    return True
