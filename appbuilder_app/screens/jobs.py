"""Background jobs on the screen: how far they are, what came of them, once more, or no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from .. import access, files
from ..access import Action
from ..codes import JobState
from ..dataset.exporting import exporting_of
from ..declaration import dataset_named, dataset_of, datasets, db
from ..errors import JobUnknown
from ..language import gettext as _
from ..language import said
from ..models import Job
from ..workflows import exports, jobs
from .verbs import refusal_when

LOOKS = {
    JobState.WAITING: "waiting",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "mute",
}
COUNTED = 100_000


@dataclass(frozen=True)
class Line:
    """A job as a line of the screen."""

    job: Job
    look: str
    held_up: bool
    mine: bool

    @property
    def file_url(self) -> str | None:
        """Where its owner fetches the file."""
        has_file = self.mine and self.job.state is JobState.DONE and self.job.stored_as
        return url_for("JobView.file", job_id=self.job.id) if has_file else None


class JobView(BaseView):
    """Jobs of one's own and, for who manages jobs, of everybody."""

    route_base = "/jobs"
    class_permission_name = "job"
    default_view = "browse"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """The latest jobs, newest first."""
        viewer = access.viewer()
        manages = viewer.may(Action.MANAGE, "job")
        everybody = manages and "all" in request.args
        shown = jobs.whole_country() if everybody else jobs.mine()
        return self.render_template(
            "thabian/jobs/list.html",
            lines=[_line(one) for one in shown],
            manages=manages,
            everybody=everybody,
        )

    @expose("/<int:job_id>/progress")
    @has_access
    @permission_name("read")
    def progress(self, job_id: int) -> Any:
        """How far a job is, for the bar; ``next`` once there is something new to look at."""
        one = jobs.job_with(job_id)
        text = said(one.progress_said) if one.progress_said else said(one.state.th)
        found: dict[str, Any] = {"value": one.done, "max": one.total, "text": text}
        began = one.state is JobState.RUNNING and request.args.get("state") == JobState.WAITING.value
        if one.is_settled or began:
            found["next"] = url_for("JobView.browse", all=request.args.get("all"))
        return jsonify(found)

    @expose("/<int:job_id>/cancel", methods=["POST"])
    @has_access
    @permission_name("read")
    def cancel(self, job_id: int) -> Any:
        """Give it up."""
        return self._done(lambda: jobs.cancel(job_id), _("ยกเลิกงานแล้ว สิ่งที่ทำเสร็จไปก่อนหน้านี้ยังอยู่"))

    @expose("/<int:job_id>/retry", methods=["POST"])
    @has_access
    @permission_name("read")
    def retry(self, job_id: int) -> Any:
        """Once more, from where it stopped."""
        return self._done(lambda: jobs.retry(job_id), _("รับงานไว้แล้ว จะทำต่อจากที่ค้างไว้"))

    def _done(self, verb: Any, told: str) -> Any:
        refusal = refusal_when(verb)
        flash(*((told, "success") if refusal is None else (said(str(refusal)), "warning")))
        return redirect(url_for("JobView.browse"))

    @expose("/<int:job_id>/file")
    @has_access
    @permission_name("read")
    def file(self, job_id: int) -> Any:
        """The file that it made, to its owner alone."""
        one = jobs.result_of(job_id)
        stream = files.opened(str(one.stored_as))
        return send_file(stream, mimetype=one.media_type, as_attachment=True, download_name=one.file_name)

    @expose("/export/<dataset>.<any(xlsx, csv):kind>", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def export(self, dataset: str, kind: str) -> Any:
        """A list that is too long to wait for: says how long, and orders the file."""
        if dataset not in {model.__tablename__ for model in datasets()}:
            raise JobUnknown
        access.viewer().require(Action.EXPORT, dataset)
        exporting = exporting_of(dataset_named(dataset), request.args)
        if request.method == "POST":
            exports.order(dataset, kind, list(request.args.items(multi=True)))
            db.session.commit()
            flash(_("รับงานไว้แล้ว ทำงานอื่นต่อได้ เมื่อเสร็จจะดาวน์โหลดได้ที่หน้านี้"), "success")
            return redirect(url_for("JobView.browse"))
        return self.render_template(
            "thabian/jobs/export.html",
            what=dataset_of(dataset_named(dataset)),
            kind={"xlsx": "Excel", "csv": "CSV"}[kind],
            rows=exporting.count(COUNTED),
            capped=COUNTED,
            columns=exporting.heads,
            back=f"/data/{dataset}/?{request.query_string.decode()}",
        )


def _line(one: Job) -> Line:
    return Line(one, LOOKS[one.state], jobs.is_held_up(one), one.owner_id == access.viewer().id)
