"""The export door of a dataset: what the list shows, as a file."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import IO, Any
from urllib.parse import urlencode

from flask import redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access, permission_name

from .. import access
from ..access import Action
from ..declaration import db
from ..language import gettext as _
from . import export, history, lock
from .exporting import Exporting, exporting_of
from .screen_parts import ScreensOfDataset
from .sight import fields_seen

AT_ONCE = 5_000
"""Rows of a list that is written while its reader waits; a longer one is a job."""
_OF_THE_PAGE = {"after", "before", "size", "first", "with"}


class ExportDoor(ScreensOfDataset):
    """Files of one dataset's list."""

    def _exports(self) -> list[tuple[str, str]]:
        if not access.viewer().may(Action.EXPORT, self.model.__tablename__):
            return []
        shown = [(k, v) for k, v in request.args.items(multi=True) if v and k not in _OF_THE_PAGE]
        everything = [pair for pair in shown if pair[0] != "columns"]
        everything.append(("columns", ",".join(fields_seen(self.model))))
        return [
            ("Excel", f"{self.route_base}/export.xlsx?{urlencode(shown)}"),
            ("CSV", f"{self.route_base}/export.csv?{urlencode(shown)}"),
            (_("Excel ทุกคอลัมน์"), f"{self.route_base}/export.xlsx?{urlencode(everything)}"),
            (_("CSV ทุกคอลัมน์"), f"{self.route_base}/export.csv?{urlencode(everything)}"),
        ]

    @expose("/export.<any(xlsx, csv):kind>")
    @has_access
    @permission_name("export")
    def export(self, kind: str) -> Any:
        """The list as a file: its filters, order and columns. Recorded in the history: it is personal data."""
        exporting = exporting_of(self.model, request.args)
        if exporting.count(AT_ONCE) > AT_ONCE:
            asked: dict[str, Any] = request.args.to_dict(flat=False)
            return redirect(url_for("JobView.export", dataset=self.model.__tablename__, kind=kind, **asked))
        return self._sent(exporting, kind)

    def _sent(self, exporting: Exporting, kind: str) -> Any:
        # Written to a file first: once the answer streams, the request's viewer and session are gone.
        body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=8 * 2**20)  # noqa: SIM115 - send_file closes it
        with ExitStack() as unsent:
            unsent.callback(body.close)
            rows = exporting.write(kind, body)
            unsent.pop_all()
        body.seek(0)
        history.record_export(db.session.connection(), self.model.__tablename__, kind, request.args, rows)
        db.session.commit()
        name = f"{self.model.__tablename__}-{lock.now():%Y%m%d-%H%M}.{kind}"
        return send_file(body, mimetype=export.MEDIA[kind], as_attachment=True, download_name=name)
