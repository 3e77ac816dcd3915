"""The page on which an area or the centre asks the civil register about the children of its requests."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from ..dataset.export import XLSX_MIME
from ..dataset.file_door import chosen_file
from ..declaration import db
from ..errors import RuleViolation
from ..language import gettext as _
from ..workflows import civil
from .verbs import refusal_when


class CivilView(BaseView):
    """R58: batches of questions, and their answers."""

    route_base = "/civil"
    class_permission_name = "request"
    default_view = "browse"

    @expose("/")
    @has_access
    @permission_name("decide")
    def browse(self) -> Any:
        """What has not been asked yet, and what was."""
        return self._page()

    @expose("/ask", methods=["POST"])
    @has_access
    @permission_name("decide")
    def ask(self) -> Any:
        """Make a batch of all that waits."""
        refusal = refusal_when(civil.ask)
        if refusal is not None:
            return self._page(refusal)
        flash(_("สร้างชุดคำถามแล้ว ดาวน์โหลดไฟล์แล้วส่งให้กรมการปกครอง"), "success")
        return redirect(url_for("CivilView.browse"))

    @expose("/<int:batch>.xlsx")
    @has_access
    @permission_name("decide")
    def workbook(self, batch: int) -> Response:
        """The file of a batch."""
        file = civil.workbook(batch)
        db.session.commit()
        name = f"civil-register-{batch}.xlsx"
        return send_file(file, mimetype=XLSX_MIME, as_attachment=True, download_name=name)

    @expose("/answers", methods=["POST"])
    @has_access
    @permission_name("decide")
    def take_in(self) -> Any:
        """The file that came back."""
        rows: list[civil.Row] = []

        def verb() -> None:
            filename, data = chosen_file()
            rows.extend(civil.take_in(data, filename))

        return self._page(refusal_when(verb), rows)

    def _page(self, refusal: RuleViolation | None = None, rows: list[civil.Row] | None = None) -> Any:
        page = self.render_template(
            "thabian/civil/list.html",
            waiting=civil.waiting(),
            batches=civil.batches(),
            refusal=refusal,
            rows=rows,
            noted=sum(row.request_id is not None for row in rows or ()),
            sent=request.method == "POST",
        )
        return page, refusal.status if refusal is not None else 200
