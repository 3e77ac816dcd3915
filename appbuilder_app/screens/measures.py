"""Weights and heights: the classes of a school, the grid of a class, its workbook, and the summary of nutrition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import IO, Any

import sqlalchemy as sa
from flask import Response, flash, jsonify, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from .. import access
from ..access import Action, Level
from ..codes import Grade, GrowthIndex, RoundSystem
from ..dataset import export, history, lock
from ..dataset.columns import importable
from ..dataset.screen_parts import standing_now
from ..dataset.screens import Button, DatasetView
from ..dataset.template import TableTemplate
from ..declaration import db, fields_of
from ..errors import NotADate, NotYours, RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import Area, School, Student
from ..rules import Status
from ..thaidate import parse_thai_date, slash_date
from ..workflows import measuring, nutrition
from ..workflows.checklist import school_looked_after
from ..workflows.measuring import CELLS, Cell, Recorded
from .verbs import refusal_when

_FILE = ("school_code", "national_id", "student_number", "first_name", "last_name", *nutrition.MEASURES)


class MeasureView(BaseView):
    """Weights, heights and nutrition."""

    route_base = "/measures"
    class_permission_name = "student"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> Any:
        """A school's classes and summary; above it the summary of an area, and its schools."""
        viewer = access.viewer()
        school, area = _asked_for()
        if viewer.level is Level.SCHOOL and school is None:
            raise NotYours
        scope = school.scope if school else area.scope if area else None
        return self.render_template(
            "thabian/measures/summary.html",
            school=school,
            area=area,
            areas=_areas() if scope is None else [],
            rooms=measuring.rooms_of(school.code) if school else [],
            schools=_schools(area) if area and not school else [],
            lines=nutrition.summary(scope) if scope else [],
            scales=nutrition.SCALES,
            names=_scale_names(),
            reference=nutrition.in_force(),
            viewer_exports=viewer.may(Action.EXPORT, "student"),
        )

    @expose("/summary.xlsx")
    @has_access
    @permission_name("export")
    def summary_file(self) -> Response:
        """The summary as a workbook."""
        access.viewer().require(Action.EXPORT, "student")
        school, area = _asked_for()
        place = school or area
        if place is None:
            raise NotYours
        heads, rows = nutrition.table(nutrition.summary(place.scope))
        told = [[said(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
        file = export.write_xlsx([said(head) for head in heads], told, _("ภาวะโภชนาการ"))
        name = f"{place.code}-{_('ภาวะโภชนาการ')}.xlsx"
        return _workbook(file, name)

    # ── A class ──────────────────────────────────────────────────────────────────────────────────────────

    @expose("/<school_code>/<grade>/<int:room>")
    @has_access
    @permission_name("read")
    def grid(self, school_code: str, grade: str, room: int) -> Any:
        """The class, a line a pupil."""
        return self._grid(school_code, _grade(grade), room)

    @expose("/<school_code>/<grade>/<int:room>", methods=["POST"])
    @has_access
    @permission_name("write")
    def record(self, school_code: str, grade: str, room: int) -> Any:
        """R23: what the form holds, for browsers without script."""
        asked = _grade(grade)
        _school, pupils = measuring.pupils_of(school_code, asked, room)
        typed = [
            Cell(
                pupil.id,
                {
                    name: request.form[f"{name}-{pupil.id}"]
                    for name in CELLS
                    if f"{name}-{pupil.id}" in request.form
                },
                {name: request.form.get(f"seen-{name}-{pupil.id}", "") for name in CELLS},
            )
            for pupil in pupils
        ]
        told: list[Recorded] = []

        def record() -> None:
            on = _day(request.form.get("on", ""))
            if request.form.get("undated"):
                measuring.date_the_undated(school_code, asked, room, on)
            told.extend(measuring.record(school_code, typed, on))

        refusal = refusal_when(record)
        wrong = {one.student_id: one.problems for one in told if one.problems}
        if refusal is not None or wrong:
            status = refusal.status if refusal is not None else 422
            return self._grid(school_code, asked, room, refusal, wrong), status
        flash(_("บันทึกแล้ว"), "success")
        return redirect(url_for("MeasureView.grid", school_code=school_code, grade=grade, room=room))

    @expose("/<school_code>/save", methods=["POST"])
    @has_access
    @permission_name("write")
    def save(self, school_code: str) -> Any:
        """The same while somebody types: some cells, and what became of each."""
        told: list[Recorded] = []

        def record() -> None:
            sent = request.get_json()
            told.extend(measuring.record(school_code, map(_cell, sent["cells"]), _day(sent["on"])))

        try:
            refusal = refusal_when(record)
        except (TypeError, KeyError, ValueError, AttributeError):
            return jsonify(error=_("คำขอไม่ถูกต้อง กรุณาโหลดหน้าใหม่")), 422
        if refusal is not None:
            return jsonify(error=said(str(refusal))), refusal.status
        return jsonify(rows=[_json(one) for one in told])

    @expose("/<school_code>/<grade>/<int:room>.xlsx")
    @has_access
    @permission_name("export")
    def workbook(self, school_code: str, grade: str, room: int) -> Response:
        """The class as a workbook to fill in; the students' import reads it back. Recorded as an export."""
        viewer = access.viewer()
        viewer.require(Action.EXPORT, "student")
        school, pupils = measuring.pupils_of(school_code, _grade(grade), room)
        may = importable(Student, viewer)
        fields = [may[name] for name in _FILE if name in may]
        advice = [
            _(
                "น้ำหนักและส่วนสูง %(room)s %(school)s",
                room=f"{said(pupils[0].grade.short)}/{room}",
                school=school.name,
            ),
            _("1. กรอกเฉพาะน้ำหนัก ส่วนสูง และวันที่ชั่งวัด ช่องว่างไม่ลบค่าที่บันทึกไว้แล้ว"),
            _("2. อัปโหลดที่เมนู นักเรียน ปุ่ม นำเข้า ระบบแสดงผลให้ตรวจก่อนบันทึก"),
        ]
        made = TableTemplate(_("น้ำหนักส่วนสูง"), fields, ("school_code", "national_id"), advice, viewer)
        file = made.write([[getattr(pupil, one.name) for one in fields] for pupil in pupils])
        history.record_reading(
            db.session.connection(), "student", "export.xlsx", {"grade": grade, "room": str(room)}
        )
        db.session.commit()
        name = f"{school.code}-{pupils[0].grade.short.replace('.', '')}-{room}.xlsx"
        return _workbook(file, name)

    def _grid(
        self,
        school_code: str,
        grade: Grade,
        room: int,
        refusal: RuleViolation | None = None,
        wrong: Mapping[int, Mapping[str, str]] | None = None,
    ) -> Any:
        school, pupils = measuring.pupils_of(school_code, grade, room)
        by = nutrition.reference()
        closed = standing_now(RoundSystem.DMC, school.scope).refusal
        rooms = measuring.rooms_of(school_code)
        names = [one.name for one in rooms]
        at = names.index(f"{grade.short}/{room}")
        return self.render_template(
            "thabian/measures/grid.html",
            school=school,
            room=rooms[at],
            before=rooms[at - 1] if at else None,
            after=rooms[at + 1] if at + 1 < len(rooms) else None,
            pupils=[(pupil, nutrition.status_of(pupil, by)) for pupil in pupils],
            undated=sum(
                pupil.measured_on is None and bool(pupil.weight_kg or pupil.height_cm) for pupil in pupils
            ),
            fields=[fields_of(Student)[name] for name in CELLS],
            shown=measuring.shown,
            typed=request.form,
            today=slash_date(lock.today()),
            reference=nutrition.in_force(),
            refusal=refusal,
            wrong=wrong or {},
            closed=closed,
            may_write=access.viewer().may(Action.WRITE, "student") and closed is None,
            may_export=access.viewer().may(Action.EXPORT, "student"),
        )


def _workbook(file: IO[bytes], name: str) -> Response:
    with file:
        answer = make_response(file.read())
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.mimetype = export.XLSX_MIME
    return answer


def measures_button(_view: DatasetView) -> list[Button]:
    """From a school's roster to the grids, for who sees weights."""
    if not all(fields_of(Student)[name].name in importable(Student, access.viewer()) for name in CELLS):
        return []
    code = "" if access.viewer().level is Level.SCHOOL else request.args.get("school_code", "")[:8]
    return [Button(_("น้ำหนักส่วนสูง"), url_for("MeasureView.browse", school_code=code or None), "table")]


def _asked_for() -> tuple[School | None, Area | None]:
    """The school or area of the address, within what the viewer looks after; their own where there is no choice."""
    viewer = access.viewer()
    parts = viewer.scope.split("/")
    code = parts[2] if viewer.level is Level.SCHOOL else request.args.get("school_code", "")[:8]
    school = school_looked_after(code) if code else None
    named = parts[1] if len(parts) > 1 else school.area_code if school else request.args.get("area", "")[:8]
    area = db.session.get(Area, named) if named else None
    if area is not None and school is None and not viewer.looks_after(area.scope):
        raise NotYours
    return school, area


def _areas() -> Any:
    return db.session.scalars(sa.select(Area).order_by(Area.code)).all()


def _schools(area: Area) -> Any:
    return db.session.scalars(sa.select(School).filter_by(area_code=area.code).order_by(School.name)).all()


def _scale_names() -> list[str]:
    return [index.th for index in GrowthIndex]


def _grade(text: str) -> Grade:
    found = next((grade for grade in Grade if grade.value == text), None)
    if found is None:
        raise NotYours
    return found


def _day(text: str) -> dt.date:
    try:
        return parse_thai_date(text)
    except ValueError as wrong:
        raise wrong if isinstance(wrong, RuleViolation) else NotADate(text=text, reason="") from None


def _cell(sent: Mapping[str, Any]) -> Cell:
    """A pupil's cells as the script sends them: texts only."""
    typed, seen = ({n: str(v) for n, v in dict(sent[key]).items() if n in CELLS} for key in ("typed", "seen"))
    return Cell(int(sent["id"]), typed, seen)


def _json(one: Recorded) -> dict[str, Any]:
    return {
        "id": one.student_id,
        "values": dict(one.values),
        "status": status_words(one.status),
        "on": slash_date(one.measured_on) if one.measured_on else "",
        "problems": {name: said(text) for name, text in one.problems.items()},
    }


def status_words(status: Status) -> list[str]:
    """The three judgements in words; empty where there is none."""
    return ["" if level is None else said(level.short) for level in status]
