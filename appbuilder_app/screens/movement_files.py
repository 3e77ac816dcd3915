"""Workbooks of movements on the screen: the template, what a file would do row by row, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Response, flash, make_response, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from .. import access
from ..access import Action
from ..codes import JobState
from ..dataset import history
from ..dataset.export import MEDIA
from ..dataset.file_door import chosen_file
from ..declaration import db
from ..errors import RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import ImportBatch, ImportLine, Student
from ..workflows import imports, jobs, movement_files
from ..workflows.imports import STATES, Outcome
from .file_page import FilePage, file_page
from .verbs import refusal_when

_AGAIN_AFTER: Final = "2"
_SHOWN: Final = {
    "preview": (Outcome.WRONG, Outcome.NEW, Outcome.SAME),
    "committed": (Outcome.HELD, Outcome.WRONG),
}
"""The outcomes whose lines are kept, the pressing first."""


class MovementFileView(BaseView):
    """Movements from a workbook: previewed, then all or the good ones done."""

    route_base = "/movements/files"
    class_permission_name = "movement"
    default_view = "browse"

    @expose("/")
    @has_access
    @permission_name("move")
    def browse(self) -> Any:
        """The template, where a file is dropped, and the files of before."""
        return self._overview()

    @expose("/template.xlsx")
    @has_access
    @permission_name("move")
    def template(self) -> Response:
        """The template, with ``?filled`` the viewer's students in it, which is recorded as an export."""
        filled = "filled" in request.args
        made = movement_files.workbook(filled=filled)
        if filled:
            history.record_reading(
                db.session.connection(), Student.__tablename__, "export.xlsx", {"for": "movements"}
            )
            db.session.commit()
        name = f"{_('การเคลื่อนย้ายนักเรียน')}.xlsx"
        return send_file(made, MEDIA["xlsx"], as_attachment=True, download_name=name)

    @expose("/", methods=["POST"])
    @has_access
    @permission_name("move")
    def upload(self) -> Any:
        """Keep the file and have it judged; nothing is done yet."""
        made: list[ImportBatch] = []
        refusal = refusal_when(lambda: made.append(_received()))
        if refusal is not None:
            return self._overview(refusal)
        return redirect(url_for("MovementFileView.show", batch_id=made[0].id))

    @expose("/<int:batch_id>")
    @has_access
    @permission_name("move")
    def show(self, batch_id: int) -> Any:
        """What each row would do, or what became of it."""
        return self._page(batch_id)

    @expose("/<int:batch_id>/commit", methods=["POST"])
    @has_access
    @permission_name("move")
    def commit(self, batch_id: int) -> Any:
        """Have the rows done: with ``whole`` all of them or none."""
        whole = {"whole": True} if request.form.get("whole") else {}
        return self._do(batch_id, lambda: movement_files.order("commit", batch_id, **whole))

    @expose("/<int:batch_id>/cancel", methods=["POST"])
    @has_access
    @permission_name("move")
    def cancel(self, batch_id: int) -> Any:
        """Throw the file away."""
        if refusal := refusal_when(lambda: movement_files.cancel(batch_id)):
            return self._page(batch_id, refusal)
        flash(_("ยกเลิกแล้ว ไม่มีข้อมูลใดถูกบันทึก"), "success")
        return redirect(url_for("MovementFileView.browse"))

    @expose("/<int:batch_id>/stop", methods=["POST"])
    @has_access
    @permission_name("move")
    def stop(self, batch_id: int) -> Any:
        """Give up what is being done with the file."""
        batch = movement_files.batch_with(batch_id)
        return self._do(batch_id, lambda: jobs.cancel(batch.job_id or 0))

    @expose("/<int:batch_id>/marked.xlsx")
    @has_access
    @permission_name("move")
    def marked(self, batch_id: int) -> Response:
        """The same workbook back, each error in its cell."""
        batch = movement_files.batch_with(batch_id)
        name = _("แก้ไข-%(file)s.xlsx", file=batch.filename.rsplit(".", 1)[0])
        return send_file(movement_files.marked(batch), MEDIA["xlsx"], as_attachment=True, download_name=name)

    def _do(self, batch_id: int, verb: Callable[[], object]) -> Any:
        if refusal := refusal_when(verb):
            return self._page(batch_id, refusal)
        return redirect(url_for("MovementFileView.show", batch_id=batch_id))

    def _overview(self, refusal: RuleViolation | None = None) -> Any:
        page = self.render_template(
            "thabian/movements/files.html",
            refusal=refusal,
            recent=movement_files.recent(),
            states=STATES,
            may_export=access.viewer().may(Action.EXPORT, Student.__tablename__),
            most=movement_files.MOST_ROWS,
        )
        return page, refusal.status if refusal else 200

    def _page(self, batch_id: int, refusal: RuleViolation | None = None) -> Any:
        batch = movement_files.batch_with(batch_id)
        job = imports.job_of(batch)
        working = job is not None and not job.is_settled
        tabs = [] if working else [(one, batch.counts.get(one, 0)) for one in _SHOWN.get(batch.state, ())]
        chosen = _chosen(tabs)
        failure = (
            said(str(refusal))
            if refusal
            else batch.counts.get("failure")
            if batch.state == "failed"
            else None
        )
        if failure is None and job is not None and job.state is JobState.FAILED:
            failure = said(job.error_said)
        page = self.render_template(
            "thabian/movements/file.html",
            batch=batch,
            counts=batch.counts,
            state=STATES[batch.state],
            job=job,
            working=working,
            failure=failure,
            tabs=tabs,
            chosen=chosen,
            words={Outcome.NEW: _("จะบันทึก"), Outcome.SAME: _("ข้าม")},
            page=_lines(batch, chosen) if chosen else None,
            told=_told,
        )
        answer = make_response(page, refusal.status if refusal else 200)
        if working:
            answer.headers["Refresh"] = _AGAIN_AFTER
        return answer


def _lines(batch: ImportBatch, chosen: Outcome) -> FilePage[ImportLine]:
    return file_page(
        batch.counts.get(chosen, 0),
        movement_files.PAGE,
        lambda number: movement_files.lines_of(batch, chosen, number),
        lambda number: url_for("MovementFileView.show", batch_id=batch.id, tab=chosen.value, page=number),
    )


def _received() -> ImportBatch:
    batch = movement_files.receive(*chosen_file())
    movement_files.order("judge", batch.id)
    return batch


def _chosen(tabs: list[tuple[Outcome, int]]) -> Outcome | None:
    asked = request.args.get("tab", "")
    wanted = [one for one, _count in tabs if one.value == asked]
    return next(iter([*wanted, *(one for one, count in tabs if count)]), None)


def _told(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a row says, in words; the number masked."""
    columns = {one.name: one for one in movement_files.columns()}
    return [
        (said(columns[name].th), said(columns[name].kind.mask(columns[name].kind.read(value))))
        for name, value in values.items()
        if name in columns
    ]
