"""Identity numbers in screens: a student's numbers over time, asking for another one, and the centre's queue."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from .. import access, identity
from ..access import Action, Level
from ..codes import RequestKind
from ..dataset import attachments
from ..dataset.export import XLSX_MIME
from ..dataset.file_door import chosen_file, file_response
from ..dataset.screens import Button, DatasetView
from ..declaration import db
from ..errors import NotYours, RuleViolation
from ..language import gettext as _
from ..models import School, Student
from ..workflows import correction_files, identities, number_requests, requests
from ..workflows.requests import Evidence
from .verbs import refusal_when


class NumberView(BaseView):
    """Numbers of students, and requests for others."""

    route_base = "/numbers"
    class_permission_name = requests.SUBJECT

    @expose("/find")
    @has_access
    @permission_name("read")
    def find(self) -> Any:
        """To the student who has or had this number."""
        student = identities.student_by_number(request.args.get("number", "")[:40])
        return redirect(url_for("NumberView.of_student", student_id=student.id))

    @expose("/student/<int:student_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def of_student(self, student_id: int) -> Any:
        """All numbers of a student; on POST another one is asked for."""
        student = db.session.get(Student, student_id)
        if student is None or not access.viewer().may(Action.READ, "student"):
            raise NotYours
        school = db.session.get_one(School, student.school_code)
        is_g = identity.is_g_code(student.national_id)
        refusal = None
        if request.method == "POST":
            asked: list[int] = []
            refusal = refusal_when(lambda: asked.append(_ask(student_id, is_g)))
            if refusal is None:
                flash(_("ยื่นคำขอแล้ว เลขที่ %(number)s", number=asked[0]), "success")
                return redirect(url_for("NumberView.of_student", student_id=student_id))
            student = db.session.get_one(Student, student_id)
        kinds = (RequestKind.SUCCESSION, RequestKind.ID_CORRECTION)
        page = self.render_template(
            "thabian/numbers/student.html",
            student=student,
            school=school,
            numbers=[
                (identity.format_identity(one.number), one)
                for one in reversed(identities.numbers_of(student))
            ],
            is_g=is_g,
            open=number_requests.unsettled_of(student.id),
            standing=None if is_g else number_requests.correction_standing(school),
            may_ask=access.viewer().may(Action.WRITE, requests.SUBJECT),
            evidence=number_requests.SUCCESSION_EVIDENCE if is_g else number_requests.CORRECTION_EVIDENCE,
            kind=kinds[0] if is_g else kinds[1],
            refusal=refusal,
            typed=request.form,
        )
        return page, refusal.status if refusal is not None else 200

    @expose("/corrections")
    @has_access
    @permission_name("read")
    def queue(self) -> str:
        """Corrections and successions that wait, the pressing first; the centre decides many at once."""
        return self._queue([])

    def _queue(self, outcomes: list[tuple[str, RuleViolation | None]]) -> str:
        viewer = access.viewer()
        waiting = number_requests.queue()
        own = {one.request_id for one in waiting if one.scope == viewer.scope and one.waiting}
        return self.render_template(
            "thabian/numbers/queue.html",
            waiting=waiting,
            labels=(number_requests.OLD, number_requests.NEW_NUMBER),
            decidable=own if viewer.may(Action.DECIDE, requests.SUBJECT) else set(),
            with_papers=number_requests.with_papers([one.request_id for one in waiting]),
            window=number_requests.national_cut_off() if viewer.level is Level.CENTRAL else None,
            may_ask=viewer.may(Action.WRITE, requests.SUBJECT),
            outcomes=outcomes,
        )

    @expose("/corrections", methods=["POST"])
    @has_access
    @permission_name("decide")
    def decide(self) -> Any:
        """Approve those that were ticked, each by itself."""
        chosen = [int(one) for one in request.form.getlist("id")[:200] if one.isdecimal()]
        titles = {one.request_id: one.title for one in number_requests.queue()}
        found = number_requests.decided_one_by_one(chosen, requests.approve)
        done = sum(refusal is None for _id, refusal in found)
        if done:
            flash(_("อนุมัติแล้ว %(n)s คำขอ", n=done), "success")
        return self._queue([(titles.get(key, str(key)), no) for key, no in found if no is not None])

    @expose("/requests/<int:number>/<any(approve, send_back, refuse, withdraw):step>", methods=["POST"])
    @has_access
    @permission_name("read")
    def take(self, number: int, step: str) -> Any:
        """One step of one request; who may, the request itself says."""
        verb = getattr(requests, step)
        refusal = refusal_when(lambda: verb(number, request.form.get("reason", "")))
        if refusal is not None:
            return self._queue([(str(number), refusal)]), refusal.status
        flash(_("บันทึกผลการพิจารณาแล้ว"), "success")
        return redirect(url_for("NumberView.queue"))

    @expose("/requests/<int:number>/papers", methods=["POST"])
    @has_access
    @permission_name("write")
    def attach(self, number: int) -> Any:
        """A document that follows, for a request that came by file."""

        def verb() -> None:
            requests.attach(number, _upload(number_requests.CORRECTION_EVIDENCE))

        refusal = refusal_when(verb)
        if refusal is not None:
            return self._queue([(str(number), refusal)]), refusal.status
        flash(_("แนบหลักฐานแล้ว"), "success")
        return redirect(url_for("NumberView.queue"))

    @expose("/requests/<int:number>/papers/<int:step_id>")
    @has_access
    @permission_name("read")
    def paper(self, number: int, step_id: int) -> Response:
        """A document of a request, for who has a copy of the step that brought it."""
        stored = requests.file_of(number, step_id)
        return file_response(stored, attachments.content(stored), f"request-{number}-{step_id}")

    @expose("/corrections/import", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def take_in(self) -> Any:
        """The form that used to be mailed: each row becomes a request."""
        rows: list[correction_files.Row] = []
        refusal = None
        if request.method == "POST":

            def verb() -> None:
                filename, data = chosen_file()
                rows.extend(correction_files.take_in(data, filename))

            refusal = refusal_when(verb)
        page = self.render_template(
            "thabian/numbers/import.html",
            rows=rows,
            opened=sum(row.request_id is not None for row in rows),
            refusal=refusal,
            most=correction_files.MOST_ROWS,
        )
        return page, refusal.status if refusal is not None else 200

    @expose("/corrections/form.xlsx")
    @has_access
    @permission_name("write")
    def form(self) -> Response:
        """The empty form."""
        return send_file(
            correction_files.workbook(),
            mimetype=XLSX_MIME,
            as_attachment=True,
            download_name="id-correction-form.xlsx",
        )


def _ask(student_id: int, is_g: bool) -> int:
    new, why = request.form.get("new", "")[:40], request.form.get("why", "")
    papers = [_upload(number_requests.SUCCESSION_EVIDENCE)]
    if is_g:
        return number_requests.ask_succession(student_id, new, why, papers)
    return number_requests.ask_correction(student_id, new, why, papers, request.form.get("contact", ""))


def _upload(name: str) -> Evidence:
    return Evidence(name, *chosen_file())


def numbers_button(_view: DatasetView, row: Any) -> list[Button]:
    """From a student's record to their numbers over time."""
    if not access.viewer().may(Action.READ, requests.SUBJECT):
        return []
    return [Button(_("เลขประจำตัว"), url_for("NumberView.of_student", student_id=row.id), "badge-check")]
