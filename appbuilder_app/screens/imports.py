"""The import of every dataset in screens: template, upload, preview with each error at its cell, commit, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from flask import Response, current_app, flash, make_response, redirect, request, send_file
from flask_appbuilder import expose, has_access, permission_name

from .. import access
from ..access import Action
from ..codes import JobState
from ..dataset import history, template
from ..dataset.export import XLSX_MIME
from ..dataset.forms import label_of
from ..dataset.listing import Query, titles
from ..dataset.screen_parts import Button, LockNotice, ScreensOfDataset, differences, standing_now, title_of
from ..dataset.sheet import MAX_FILE_BYTES
from ..dataset.sight import fields_seen
from ..declaration import Base, dataset_of, db, fields_of
from ..errors import RuleViolation
from ..kinds import Reference
from ..language import gettext as _
from ..language import said
from ..models import ImportBatch, ImportLine, Job
from ..workflows import imports, jobs
from ..workflows.imports import Outcome
from ..workflows.imports.judging import recorded
from ..workflows.imports.results import PAGE, require_seen
from .file_page import FilePage, file_page
from .verbs import refusal_when

# What has to be looked at first stands first.
TABS: Final = (Outcome.HELD, Outcome.WRONG, Outcome.NEW, Outcome.CHANGED, Outcome.SAME)
_AFTERWARDS: Final = {"committed": (Outcome.HELD, Outcome.WRONG), "preview": TABS}
_MOST_COLUMNS: Final = 8
_AGAIN_AFTER: Final = "2"
"""Seconds until a page that waits for its job looks again."""


@dataclass(frozen=True)
class Line:
    """A row of the file in words."""

    number: int
    title: str
    url: str | None
    cells: list[str]
    differences: list[tuple[str, str, str]]
    problems: Sequence[Mapping[str, Any]]


class ImportScreens(ScreensOfDataset):
    """The import of one dataset; ``import_view_of`` makes the class."""

    default_view = "browse"

    # ── Templates and the upload ─────────────────────────────────────────────────────────────────────────

    @expose("/")
    @has_access
    @permission_name("import")
    def browse(self) -> Any:
        """Templates to fill in, where a file is dropped, and the files that were uploaded before."""
        return self._upload_page()

    @expose("/template.xlsx")
    @has_access
    @permission_name("import")
    def template(self) -> Response:
        """The empty template."""
        return self._workbook(template.write_template(self.model), _("แม่แบบ"))

    @expose("/rows.xlsx")
    @has_access
    @permission_name("import")
    def rows(self) -> Response:
        """The template with the viewer's rows in it, to be edited and uploaded again; recorded as an export."""
        name = self.model.__tablename__
        access.viewer().require(Action.EXPORT, name)
        file = template.write_template(self.model, Query.of(self.model, request.args))
        history.record_reading(db.session.connection(), name, "export.xlsx", dict(request.args))
        db.session.commit()
        return self._workbook(file, _("แก้ไข"))

    @expose("/", methods=["POST"])
    @has_access
    @permission_name("import")
    def upload(self) -> Any:
        """Keep the file and have it judged; nothing of it is stored in the register yet."""
        file = request.files.get("file")
        if file is None or not file.filename:
            return self._upload_page(errors=[_("กรุณาเลือกไฟล์ก่อน")], status=422)
        made: list[ImportBatch] = []
        refusal = refusal_when(lambda: made.append(self._received(file)))
        if refusal is not None:
            return self._upload_page(refusal, status=refusal.status)
        return redirect(self._url_of(made[0].id))

    def _received(self, file: Any) -> ImportBatch:
        batch = imports.receive(self.model.__tablename__, file.filename, file.read())
        imports.order("judge", batch.id)
        return batch

    def _upload_page(
        self, refusal: RuleViolation | None = None, errors: Sequence[str] = (), status: int = 200
    ) -> Any:
        page = self.render_template(
            "thabian/imports/upload.html",
            d=self._declared(),
            base=self.route_base,
            refusal=refusal,
            errors=errors,
            lock=self._locked(access.viewer().scope),
            recent=imports.recent(self.model.__tablename__),
            states=imports.STATES,
            may_export=access.viewer().may(Action.EXPORT, self.model.__tablename__),
            largest=min(MAX_FILE_BYTES, current_app.config["MAX_CONTENT_LENGTH"] or MAX_FILE_BYTES),
        )
        return page, status

    # ── What a file would do, or has done ────────────────────────────────────────────────────────────────

    @expose("/<int:batch_id>")
    @has_access
    @permission_name("import")
    def show(self, batch_id: int) -> Any:
        """What the file would change, or has changed: an outcome a tab, some rows a page."""
        return self._batch_page(self._batch(batch_id))

    @expose("/<int:batch_id>/<any(judge, commit, undo):verb>", methods=["POST"])
    @has_access
    @permission_name("import")
    def order(self, batch_id: int, verb: str) -> Any:
        """Have it judged again, committed (``whole``: all rows or none) or undone."""
        batch = self._batch(batch_id)
        arguments = {"whole": True} if verb == "commit" and request.form.get("whole") else {}
        refusal = refusal_when(lambda: imports.order(verb, batch.id, **arguments))
        if refusal is not None:
            return self._batch_page(self._batch(batch_id), refusal)
        return redirect(self._url_of(batch_id))

    @expose("/<int:batch_id>/cancel", methods=["POST"])
    @has_access
    @permission_name("import")
    def cancel(self, batch_id: int) -> Any:
        """Throw the file away."""
        batch = self._batch(batch_id)
        refusal = refusal_when(lambda: imports.cancel(batch.id))
        if refusal is not None:
            return self._batch_page(self._batch(batch_id), refusal)
        flash(_("ยกเลิกแล้ว ไม่มีข้อมูลใดถูกบันทึก"), "success")
        return redirect(f"{self.route_base}/")

    @expose("/<int:batch_id>/stop", methods=["POST"])
    @has_access
    @permission_name("import")
    def stop(self, batch_id: int) -> Any:
        """Give up what is being done with the file."""
        batch = self._batch(batch_id)
        refusal = refusal_when(lambda: jobs.cancel(batch.job_id or 0))
        if refusal is not None:
            return self._batch_page(self._batch(batch_id), refusal)
        return redirect(self._url_of(batch_id))

    @expose("/<int:batch_id>/marked.xlsx")
    @has_access
    @permission_name("import")
    def marked(self, batch_id: int) -> Response:
        """The same workbook back, each error in its cell."""
        batch = self._batch(batch_id)
        name = _("แก้ไข-%(file)s.xlsx", file=batch.filename.rsplit(".", 1)[0])
        return send_file(imports.marked(batch), mimetype=XLSX_MIME, as_attachment=True, download_name=name)

    @expose("/<int:batch_id>/original")
    @has_access
    @permission_name("import")
    def original(self, batch_id: int) -> Response:
        """The file as it was uploaded."""
        batch = self._batch(batch_id)
        require_seen(batch)
        answer = make_response(imports.original(batch))
        # Never shown by the browser, whatever is in it.
        answer.headers["Content-Type"] = "application/octet-stream"
        answer.headers.set("Content-Disposition", "attachment", filename=f"import-{batch.id}{_ending(batch)}")
        return answer

    def _batch(self, batch_id: int) -> ImportBatch:
        return imports.batch_with(batch_id, self.model.__tablename__)

    def _url_of(self, batch_id: int) -> str:
        return f"{self.route_base}/{batch_id}"

    def _batch_page(self, batch: ImportBatch, refusal: RuleViolation | None = None) -> Any:
        job = imports.job_of(batch)
        working = job is not None and not job.is_settled
        tabs = [] if working else _tabs(batch)
        chosen = _chosen(tabs)
        page = self.render_template(
            "thabian/imports/show.html",
            d=self._declared(),
            base=self._url_of(batch.id),
            batch=batch,
            counts=batch.counts,
            good=batch.counts.get("new", 0) + batch.counts.get("changed", 0),
            state=imports.STATES[batch.state],
            job=job,
            working=working,
            failure=self._failure(batch, job, refusal),
            tabs=tabs,
            chosen=chosen,
            heads=self._heads() if chosen is Outcome.NEW else [],
            page=self._page(batch, chosen) if chosen else None,
            lock=self._locked(batch.scope) if batch.state == "preview" else None,
        )
        answer = make_response(page, refusal.status if refusal else 200)
        if working:
            answer.headers["Refresh"] = _AGAIN_AFTER
        return answer

    @staticmethod
    def _failure(batch: ImportBatch, job: Job | None, refusal: RuleViolation | None) -> str | None:
        """Why what was asked for last was not done."""
        if refusal is not None:
            return said(str(refusal))
        if batch.state == "failed":
            return str(batch.counts.get("failure", ""))
        if job is not None and job.state is JobState.FAILED:
            return said(job.error_said)
        return None

    # ── Lines ────────────────────────────────────────────────────────────────────────────────────────────

    def _heads(self) -> list[tuple[str, bool]]:
        fields = fields_seen(self.model)
        return [(label_of(fields[name]), fields[name].kind.numeric) for name in self._shown_fields()]

    def _shown_fields(self) -> list[str]:
        known = fields_seen(self.model).keys() - self._given_by_scope().keys()
        return [name for name in dataset_of(self.model).listed if name in known][:_MOST_COLUMNS]

    def _page(self, batch: ImportBatch, outcome: Outcome) -> FilePage[Line]:
        return file_page(
            batch.counts.get(outcome, 0),
            PAGE,
            lambda number: self._in_words(imports.lines_of(batch, outcome, number), outcome),
            lambda number: f"{self._url_of(batch.id)}?tab={outcome.value}&page={number}",
        )

    def _in_words(self, lines: Sequence[ImportLine], outcome: Outcome) -> list[Line]:
        stored = self._stored(lines)
        values = [recorded(self.model, _own_values(line)) for line in lines]
        texts = self._texts(values) if outcome is Outcome.NEW else {}
        return [
            self._line(line, own, stored.get(line.row_key), texts)
            for line, own in zip(lines, values, strict=True)
        ]

    def _line(
        self,
        line: ImportLine,
        own: Mapping[str, Any],
        row: Base | None,
        texts: Mapping[str, Mapping[Any, str]],
    ) -> Line:
        before, after = line.values.get("before"), line.values.get("after")
        fields = fields_seen(self.model)
        cells = [
            texts[name].get(own.get(name), "")
            if name in texts
            else said(fields[name].kind.mask(own.get(name)))
            for name in (self._shown_fields() if own else ())
        ]
        return Line(
            number=line.number,
            title=title_of(row) if row is not None else self._title(own),
            url=f"/data/{self.model.__tablename__}/{line.row_key}" if row is not None else None,
            cells=cells,
            differences=differences(self.model, before, after or {}) if isinstance(before, dict) else [],
            problems=[_as_seen(one, fields) for one in line.problems or ()],
        )

    def _title(self, own: Mapping[str, Any]) -> str:
        declared, fields = dataset_of(self.model), fields_seen(self.model)
        told = [
            [
                fields[name].kind.mask(own[name])
                for name in names
                if name in fields and own.get(name) is not None
            ]
            for names in (declared.title, declared.key)
        ]
        return " ".join(told[0] or told[1])

    def _texts(self, values: Sequence[Mapping[str, Any]]) -> dict[str, dict[Any, str]]:
        """Titles of the rows that new lines point to: one statement per referenced dataset."""
        kinds = {name: fields_of(self.model)[name].kind for name in self._shown_fields()}
        return {
            name: titles(db.session, kind.target, {own.get(name) for own in values})
            for name, kind in kinds.items()
            if isinstance(kind, Reference)
        }

    def _stored(self, lines: Sequence[ImportLine]) -> dict[str | None, Base]:
        """The stored rows that lines are about, by their key as text."""
        column = sa.inspect(self.model).primary_key[0]
        keys = [column.type.python_type(line.row_key) for line in lines if line.row_key is not None]
        if not keys:
            return {}
        found = db.session.scalars(sa.select(self.model).where(column.in_(keys)))
        return {str(sa.inspect(row).identity[0]): row for row in found}

    # ── Parts ────────────────────────────────────────────────────────────────────────────────────────────

    def _locked(self, scope: str) -> Any:
        """Why nothing can be imported for this place now; None above a school, where each school is judged."""
        system = dataset_of(self.model).round
        if system is None or scope.count("/") < 2:
            return None
        refusal = standing_now(system, scope).refusal
        return None if refusal is None else LockNotice(str(refusal), _("สอบถามเพิ่มเติมที่เขตพื้นที่การศึกษาของท่าน"))

    def _workbook(self, file: Any, what: str) -> Response:
        name = f"{what}-{label_of(dataset_of(self.model))}.xlsx"
        return send_file(file, mimetype=XLSX_MIME, as_attachment=True, download_name=name)


def import_view_of(dataset: type[Base]) -> type[ImportScreens]:
    """The import screens of a dataset."""
    members = {
        "model": dataset,
        "route_base": f"/data/{dataset.__tablename__}/import",
        "class_permission_name": dataset.__tablename__,
    }
    return type(f"{dataset.__name__}ImportView", (ImportScreens,), members)


def import_buttons(view: ScreensOfDataset) -> list[Button]:
    """The way from a list to its import, for who may."""
    name = view.model.__tablename__
    if dataset_of(view.model).managed or not access.viewer().may(Action.IMPORT, name):
        return []
    return [Button(_("นำเข้า"), f"/data/{name}/import/", "file-up")]


def _as_seen(problem: Mapping[str, Any], fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """A problem without the cell's text, for who does not see the field."""
    name = problem["field"]
    seen = name is None or (name in fields and fields[name].editable)
    return problem if seen else {**problem, "value": ""}


def _own_values(line: ImportLine) -> Mapping[str, Any]:
    """The values that a line records of the row itself."""
    return {} if "after" in line.values and "before" in line.values else line.values


def _ending(batch: ImportBatch) -> str:
    ending = batch.filename.rpartition(".")[2].lower()
    return f".{ending}" if ending in {"xlsx", "csv", "txt"} else ".bin"


def _tabs(batch: ImportBatch) -> list[tuple[Outcome, int]]:
    """The outcomes whose lines are kept, with their counts: that nothing is wrong is worth seeing."""
    counts = [(one, batch.counts.get(one, 0)) for one in _AFTERWARDS.get(batch.state, ())]
    return [(one, count) for one, count in counts if count or one is not Outcome.HELD]


def _chosen(tabs: list[tuple[Outcome, int]]) -> Outcome | None:
    """The tab asked for, else the first with something in it."""
    asked = request.args.get("tab", "")
    wanted = [outcome for outcome, _count in tabs if outcome.value == asked]
    filled = [outcome for outcome, count in tabs if count]
    return next(iter([*wanted, *filled]), None)
