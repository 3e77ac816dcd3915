"""The import of a student file in screens: upload, preview with each error at its cell, commit or cancel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from werkzeug.datastructures import CombinedMultiDict

from forms.student_file import UploadForm, UploadForSchoolForm

from .. import access
from ..access import Action, Level
from ..codes import RoundSystem
from ..dataset.export import XLSX_MIME
from ..dataset.listing import titles
from ..dataset.screens import Button, DatasetView, LockNotice, differences, standing_now
from ..dataset.sheet import MAX_FILE_BYTES
from ..declaration import db, fields_of
from ..errors import RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import ImportBatch, ImportRow, Student
from ..workflows import student_file
from ..workflows.student_file import Outcome
from ..workflows.student_file.results import PAGE
from .file_page import FilePage, file_page
from .verbs import refusal_when

# What has to be looked at first stands first.
TABS = (Outcome.HELD, Outcome.WRONG, Outcome.NEW, Outcome.CHANGED, Outcome.MISSING, Outcome.SAME)
_SETTLED_WITHOUT_ROWS = {"cancelled", "replaced"}


@dataclass(frozen=True)
class Line:
    """A row of the file, or a pupil whom it does not name, in words."""

    number: int
    name: str
    url: str | None
    identity: str
    room: str
    differences: list[tuple[str, str, str]]
    problems: list[dict[str, Any]]


class StudentFileView(BaseView):
    """A school's student file, from the upload to what became of it."""

    route_base = "/import"
    class_permission_name = "student"
    default_view = "browse"

    @expose("/")
    @has_access
    @permission_name("import")
    def browse(self) -> Any:
        """Where a file is dropped, and the files that were uploaded before."""
        return self._upload_page(_form())

    @expose("/", methods=["POST"])
    @has_access
    @permission_name("import")
    def upload(self) -> Any:
        """Read and judge the file; nothing of it is stored in the register yet."""
        form = _form(CombinedMultiDict([request.files, request.form]))
        if not form.validate():
            return self._upload_page(form, status=422)
        file, school = form.file.data, _school_of(form)
        made: list[ImportBatch] = []
        refusal = refusal_when(lambda: made.append(student_file.preview(school, file.filename, file.read())))
        if refusal is not None:
            return self._upload_page(form, refusal, refusal.status)
        return redirect(url_for("StudentFileView.show", batch_id=made[0].id))

    def _upload_page(self, form: UploadForm, refusal: RuleViolation | None = None, status: int = 200) -> Any:
        recent = student_file.recent()
        page = self.render_template(
            "thabian/import/upload.html",
            form=form,
            refusal=refusal,
            lock=_lock_notice(access.viewer().scope) if access.viewer().level is Level.SCHOOL else None,
            recent=recent,
            schools=titles(db.session, "school", {batch.school_code for batch in recent}),
            states=student_file.STATES,
            largest=min(MAX_FILE_BYTES, current_app.config["MAX_CONTENT_LENGTH"] or MAX_FILE_BYTES),
        )
        return page, status

    @expose("/<int:batch_id>")
    @has_access
    @permission_name("import")
    def show(self, batch_id: int) -> Any:
        """What the file would change, or has changed: an outcome a tab, a hundred rows a page."""
        return self._preview_page(student_file.batch_with(batch_id))

    @expose("/<int:batch_id>/commit", methods=["POST"])
    @has_access
    @permission_name("import")
    def commit(self, batch_id: int) -> Any:
        """Write the good rows with their history, all or none."""
        refusal = refusal_when(lambda: student_file.commit(batch_id))
        if refusal is not None:
            return self._preview_page(student_file.batch_with(batch_id), refusal)
        return redirect(url_for("StudentFileView.show", batch_id=batch_id))

    @expose("/<int:batch_id>/cancel", methods=["POST"])
    @has_access
    @permission_name("import")
    def cancel(self, batch_id: int) -> Any:
        """Throw the preview away."""
        refusal = refusal_when(lambda: student_file.cancel(batch_id))
        if refusal is not None:
            return self._preview_page(student_file.batch_with(batch_id), refusal)
        flash(_("ยกเลิกแล้ว ไม่มีข้อมูลใดถูกบันทึก"), "success")
        return redirect(url_for("StudentFileView.browse"))

    @expose("/<int:batch_id>/correction.xlsx")
    @has_access
    @permission_name("import")
    def correction(self, batch_id: int) -> Any:
        """The wrong rows as a workbook, with what is wrong in a last column."""
        batch = student_file.batch_with(batch_id)
        name = _("แก้ไข-%(file)s.xlsx", file=batch.filename.rsplit(".", 1)[0])
        file = student_file.correction_file(batch)
        return send_file(file, mimetype=XLSX_MIME, as_attachment=True, download_name=name)

    def _preview_page(self, batch: ImportBatch, refusal: RuleViolation | None = None) -> Any:
        tabs = _tabs(batch)
        chosen = _chosen(tabs)
        page = self.render_template(
            "thabian/import/show.html",
            batch=batch,
            school=titles(db.session, "school", {batch.school_code}).get(batch.school_code, ""),
            rows_in_file=sum(batch.counts.get(one, 0) for one in TABS if one is not Outcome.MISSING),
            tabs=tabs,
            chosen=chosen,
            page=_shown(batch, chosen) if chosen else None,
            lock=_lock_notice(batch.scope) if batch.state == "preview" else None,
            refusal=refusal,
        )
        return page, refusal.status if refusal else 200


def import_button(_view: DatasetView) -> list[Button]:
    """The way from the roster to here, while a file could be imported."""
    viewer = access.viewer()
    if not viewer.may(Action.IMPORT, "student") or _lock_notice(viewer.scope) is not None:
        return []
    return [Button(_("นำเข้าไฟล์"), url_for("StudentFileView.browse"), "file-up")]


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────


def _form(given: Any = None) -> UploadForm:
    """Who looks after one school is not asked which."""
    asked = UploadForm if access.viewer().level is Level.SCHOOL else UploadForSchoolForm
    form = asked(given)
    if isinstance(form, UploadForSchoolForm) and (code := form.school.data or request.args.get("school", "")):
        form.school.data = code
        form.school.lookup_text = titles(db.session, "school", {code}).get(code, "")
    return form


def _school_of(form: UploadForm) -> str:
    if isinstance(form, UploadForSchoolForm):
        return str(form.school.data)
    return access.viewer().school_code


def _lock_notice(scope: str) -> LockNotice | None:
    """Why no file can be imported now: the same predicate that refuses it."""
    refusal = standing_now(RoundSystem.DMC, scope).refusal
    return None if refusal is None else LockNotice(str(refusal), _("สอบถามเพิ่มเติมที่เขตพื้นที่การศึกษาของท่าน"))


def _tabs(batch: ImportBatch) -> list[tuple[Outcome, int]]:
    """Every outcome with its count, also when it is none: that nothing is wrong is worth seeing."""
    if batch.state in _SETTLED_WITHOUT_ROWS:
        return []
    counts = [(outcome, batch.counts.get(outcome, 0)) for outcome in TABS]
    return [(outcome, count) for outcome, count in counts if count or outcome is not Outcome.HELD]


def _chosen(tabs: list[tuple[Outcome, int]]) -> Outcome | None:
    """The tab asked for, else the first with something in it."""
    asked = request.args.get("tab", "")
    wanted = [outcome for outcome, _count in tabs if outcome.value == asked]
    filled = [outcome for outcome, count in tabs if count]
    return next(iter([*wanted, *filled]), None)


def _shown(batch: ImportBatch, outcome: Outcome) -> FilePage[Line]:
    def lines(number: int) -> list[Line]:
        rows = student_file.rows_of(batch, outcome, number)
        students = student_file.students_of(rows)
        return [_line(row, students.get(row.student_id or 0)) for row in rows]

    return file_page(
        batch.counts.get(outcome, 0),
        PAGE,
        lines,
        lambda number: url_for("StudentFileView.show", batch_id=batch.id, tab=outcome.value, page=number),
    )


def _line(row: ImportRow, student: Student | None) -> Line:
    before, after = row.values.get("before", {}), row.values.get("after", {})
    person = student or (_new_pupil(row.values) if "first_name" in row.values else None)
    return Line(
        number=row.row_number,
        name=str(person or ""),
        url=url_for("StudentView.show", key=student.id) if student is not None else None,
        identity=fields_of(Student)["national_id"].kind.mask(row.national_id),
        room=f"{said(person.grade.short)}/{person.room}" if person else "",
        differences=differences(Student, before, after) if before else [],
        problems=row.problems.get("problems", []),
    )


def _new_pupil(recorded: Mapping[str, Any]) -> Student:
    """The pupil as committing would make them; never put into the session."""
    declared = fields_of(Student)
    return Student(**{name: declared[name].kind.read(value) for name, value in recorded.items()})
