"""Statistics of closed rounds, out of the certified snapshots alone, for the country and its areas."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_appbuilder import BaseView, expose, has_access, permission_name

from .. import access
from ..dataset import export
from ..declaration import db
from ..models import Area, CollectionRound
from ..workflows import snapshots, statistics, statistics_sheet, tallies
from .submissions import paper_response


class StatisticsView(BaseView):
    """Figures of a closed round within the viewer's scope."""

    route_base = "/statistics"
    class_permission_name = "submission"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> Any:
        """The figures of the round asked for, else of the latest that is closed."""
        closed = statistics.closed_rounds()
        one = _chosen(closed)
        if one is None:
            return self.render_template("thabian/statistics/none.html")
        area = _area()
        found = statistics.of_round(one, area)
        return self.render_template(
            "thabian/statistics/show.html",
            found=found,
            round=one,
            rounds=closed,
            area=db.session.get(Area, area or access.viewer().scope.rpartition("/")[2]),
            asked_area=area,
            tables=statistics.tables_of(found),
            grades=_grades(found),
            totals=[(statistics.label_of_total(name), n) for name, n in _totals(found)],
            may_open=access.viewer().level is access.Level.CENTRAL and not area,
        )

    @expose("/file.<any(xlsx, csv):kind>")
    @has_access
    @permission_name("read")
    def file(self, kind: str) -> Response:
        """The same figures as a file, one number a line; the same bytes whenever it is asked for."""
        one = _chosen(statistics.closed_rounds())
        if one is None:
            raise snapshots.RecordNotFrozen
        found = statistics.of_round(one, _area())
        headers = {"Content-Disposition": f'attachment; filename="{found.file_name}.{kind}"'}
        data = found.xlsx if kind == "xlsx" else found.csv
        return Response(data, content_type=export.MEDIA[kind], headers=headers)

    @expose("/summary.pdf")
    @has_access
    @permission_name("read")
    def summary(self) -> Response:
        """The same figures as a document, to look at and to print."""
        one = _chosen(statistics.closed_rounds())
        if one is None:
            raise snapshots.RecordNotFrozen
        found = statistics.of_round(one, _area())
        data = statistics_sheet.pdf_of(found, one, _area())
        return paper_response(data, "application/pdf", f"{found.file_name}.pdf")


def _chosen(closed: Any) -> CollectionRound | None:
    asked = request.args.get("round", type=int)
    return next((one for one in closed if asked is None or one.id == asked), None)


def _area() -> str | None:
    return request.args.get("area", "").strip()[:8] or None


def _grades(found: statistics.Statistics) -> list[tuple[Any, list[int]]]:
    return [(tallies.grade_label(grade), row) for grade, row in sorted(found.total.grades.items())]


def _totals(found: statistics.Statistics) -> list[tuple[str, int]]:
    return [*found.total.totals.items()]
