"""The end of the year on screen: a school's classes, a class list of ticks for each step, the admission plan.

And, for the centre, the turn of the year: its report by area, who was left over, the button that does what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from .. import access, rules
from ..access import CENTRE, Action, Level
from ..codes import Absence, AfterFail, CodeList, Destination, FailCriterion, Grade
from ..dataset import export, history
from ..declaration import db
from ..errors import InvalidRow, NotYours, Problem, RuleViolation
from ..language import gettext as _
from ..models import CollectionRound
from ..thaidate import arabic_digits, parse_thai_date, slash_date
from ..workflows import promotion, result_files, results, rounds
from ..workflows.checklist import school_looked_after
from ..workflows.results import ClassRoom, Place, Planned, Stay
from .verbs import refusal_when

_STEPS = (1, 2, 3)
Code = TypeVar("Code", bound=CodeList)


class YearEndView(BaseView):
    """Results of the final exam, class by class."""

    route_base = "/year-end"
    class_permission_name = results.SUBJECT

    @expose("/")
    @has_access
    @permission_name("read")
    def mine(self) -> Any:
        """A school's own classes; others come from the page of a school."""
        viewer = access.viewer()
        if viewer.level is not Level.SCHOOL:
            return redirect(url_for("WatchView.browse"))
        return redirect(url_for("YearEndView.show", school_code=viewer.school_code))

    @expose("/<school_code>")
    @has_access
    @permission_name("read")
    def show(self, school_code: str) -> Any:
        """All classes with how far they are, the exam's day, and the admission plan."""
        return self._page(school_code)

    @expose("/<school_code>/everybody", methods=["POST"])
    @has_access
    @permission_name("write")
    def everybody(self, school_code: str) -> Any:
        """All of whom nothing is recorded yet sat the exam and passed; exceptions are recorded class by class."""
        return self._do(school_code, lambda: results.pass_everybody(school_code))

    @expose("/<school_code>/exam-date", methods=["POST"])
    @has_access
    @permission_name("write")
    def exam_date(self, school_code: str) -> Any:
        """R38: the last day of the final exam."""
        return self._do(
            school_code, lambda: results.set_exam_date(school_code, _day(request.form.get("day", "")))
        )

    @expose("/<school_code>/plan", methods=["POST"])
    @has_access
    @permission_name("write")
    def plan(self, school_code: str) -> Any:
        """R37: how many are to be taken into each grade."""
        return self._do(school_code, lambda: results.plan_admission(school_code, _plan()))

    @expose("/<school_code>/workbook")
    @has_access
    @permission_name("export")
    def workbook(self, school_code: str) -> Any:
        """All students with what is recorded so far, to fill in."""
        school, one = school_looked_after(school_code), _year_end()
        if one is None:
            raise NotYours
        made = result_files.workbook(school.code, one)
        asked = {"school_code": school.code, "academic_year": one.academic_year}
        history.record_reading(db.session.connection(), results.SUBJECT, "export.xlsx", asked)
        db.session.commit()
        name = f"year-end-{school.code}-{one.academic_year}.xlsx"
        return send_file(made, export.MEDIA["xlsx"], as_attachment=True, download_name=name)

    @expose("/<school_code>/workbook", methods=["POST"])
    @has_access
    @permission_name("write")
    def upload(self, school_code: str) -> Any:
        """Record a filled-in workbook: every row or none."""
        sent = request.files.get("file")
        name, data = (sent.filename or "", sent.read()) if sent is not None else ("", b"")
        return self._do(school_code, lambda: result_files.upload(school_code, name, data))

    @expose("/<school_code>/<grade>/<int:room>")
    @has_access
    @permission_name("read")
    def classroom(self, school_code: str, grade: str, room: int) -> Any:
        """One class: who did not sit, who failed; then what follows; then where graduates go."""
        return self._class(Place(school_code, _grade(grade), room))

    @expose("/<school_code>/<grade>/<int:room>", methods=["POST"])
    @has_access
    @permission_name("write")
    def record(self, school_code: str, grade: str, room: int) -> Any:
        """Write one step of the class; on to the next one that it needs."""
        place = Place(school_code, _grade(grade), room, request.form.get("mark", ""))
        step, changed = _step(), 0

        def write() -> None:
            nonlocal changed
            changed = _WRITERS[step](place)

        refusal = refusal_when(write)
        if refusal is not None:
            return self._class(place, refusal)
        flash(
            _("บันทึก%(grade)s/%(room)sแล้ว เปลี่ยน %(n)s คน", grade=place.grade.short, room=room, n=changed),
            "success",
        )
        return redirect(_after(place))

    def _class(self, place: Place, refusal: RuleViolation | None = None) -> Any:
        school = school_looked_after(place.school_code)
        one = _year_end()
        if one is None:
            return redirect(url_for("YearEndView.show", school_code=school.code))
        found = results.class_of(school.code, one, place.grade, place.room)
        shown = self.render_template(
            "thabian/results/class.html",
            school=school,
            round=one,
            found=found,
            step=_step() if "step" in request.values else step_needed(found),
            posted=request.form if refusal is not None else None,
            refusal=refusal,
            closed=results.refusal_of(school),
            criteria=FailCriterion,
            after_fail=[
                a for a in AfterFail if a is not AfterFail.WAITS or found.grade.level in results.OF_SECONDARY
            ],
            absences=Absence,
            destinations=Destination.after(found.grade),
        )
        return shown, refusal.status if refusal is not None else 200

    def _page(self, school_code: str, refusal: RuleViolation | None = None) -> Any:
        school = school_looked_after(school_code)
        one = _year_end()
        closed = results.refusal_of(school)
        classes = results.classes_of(school.code, one) if one is not None else []
        exam = results.exam_date_of(school, one) if one is not None else None
        shown = self.render_template(
            "thabian/results/school.html",
            school=school,
            round=one,
            classes=classes,
            exam_date=exam,
            exam_typed=slash_date(exam) if exam is not None else "",
            plan=results.plan_of(school.code, one) if one is not None else {},
            refusal=refusal,
            closed=closed,
            unrecorded=sum(found.unrecorded for found in classes),
        )
        return shown, refusal.status if refusal is not None else 200

    def _do(self, school_code: str, verb: Callable[[], object]) -> Any:
        refusal = refusal_when(verb)
        if refusal is not None:
            return self._page(school_code, refusal)
        flash(_("บันทึกแล้ว"), "success")
        return redirect(url_for("YearEndView.show", school_code=school_code))


class PromotionView(BaseView):
    """The turn of the year."""

    route_base = "/rounds"
    class_permission_name = "round"

    @expose("/<int:round_id>/promotion")
    @has_access
    @permission_name("read")
    def show(self, round_id: int) -> str:
        """What became of the viewer's students, by area, and who was left over and why."""
        one = _ended(round_id)
        viewer = access.viewer()
        return self.render_template(
            "thabian/results/promotion.html",
            round=one,
            report=promotion.report(one),
            left=promotion.left_over(one) if viewer.may(Action.READ, "student") else [],
            next_round=_first_of_next_year(one),
            may_do=viewer.looks_after(CENTRE) and viewer.may(Action.CLOSE, "round"),
        )

    @expose("/<int:round_id>/promotion", methods=["POST"])
    @has_access
    @permission_name("close")
    def do(self, round_id: int) -> Any:
        """Order the turn of the year (again): what is done stays done."""
        one = _ended(round_id)
        refusal = refusal_when(lambda: promotion.order(one))
        if refusal is not None:
            flash(str(refusal), "danger")
        else:
            flash(_("สั่งเลื่อนชั้นแล้ว ดูความคืบหน้าได้ที่งานเบื้องหลัง"), "success")
        return redirect(url_for("PromotionView.show", round_id=one.id))


# ── What is asked for ────────────────────────────────────────────────────────────────────────────────────


def step_needed(found: ClassRoom) -> int:
    """The step that a class needs next; the first when it needs none."""
    if found.unrecorded:
        return 1
    if found.undecided:
        return 2
    return 3 if found.without_destination else 1


def _after(place: Place) -> str:
    one = _year_end()
    found = results.class_of(place.school_code, one, place.grade, place.room) if one is not None else None
    if found is None or found.is_done:
        return url_for("YearEndView.show", school_code=place.school_code)
    where = {"school_code": place.school_code, "grade": place.grade.value, "room": place.room}
    return url_for("YearEndView.classroom", **where, step=step_needed(found))


def _year_end() -> CollectionRound | None:
    """The open end-of-year round, or the last one that was closed."""
    current = rounds.current_round()
    if current is not None and current.number == rules.END_OF_YEAR:
        return current
    return promotion.last_turn()


def _ended(round_id: int) -> CollectionRound:
    one = db.session.get(CollectionRound, round_id)
    if one is None or not promotion.ends_the_year(one):
        raise NotYours
    return one


def _first_of_next_year(one: CollectionRound) -> CollectionRound | None:
    following = (found for found in rounds.all_rounds() if found.academic_year == one.academic_year + 1)
    return min(following, key=lambda found: found.number, default=None)


def _grade(code: str) -> Grade:
    try:
        return Grade(code)
    except ValueError:
        raise NotYours from None


def _step() -> int:
    asked = request.values.get("step", "")
    return int(asked) if asked in {str(step) for step in _STEPS} else 1


def _day(typed: str) -> Any:
    try:
        return parse_thai_date(typed)
    except ValueError as wrong:
        raise InvalidRow([Problem(None, str(wrong))]) from wrong


def _chosen(codes: type[Code], prefix: str) -> dict[int, Code | None]:
    """What was chosen for each student, by the fields ``prefix-<student>``; nothing chosen is None."""
    found: dict[int, Code | None] = {}
    for name, value in request.form.items():
        key = name.removeprefix(f"{prefix}-")
        if key != name and key.isascii() and key.isdigit():
            found[int(key)] = _code(codes, value) if value else None
    return found


def _code(codes: type[Code], value: str) -> Code:
    return codes.parse(value)


def _record_exam(place: Place) -> int:
    absent = {int(key) for key in request.form.getlist("absent") if key.isascii() and key.isdigit()}
    failed = {key: by for key, by in _chosen(FailCriterion, "failed").items() if by is not None}
    return results.record_exam(place, absent, failed)


def _decide(place: Place) -> int:
    stays = {
        key: Stay(absence, request.form.get(f"note-{key}", ""))
        for key, absence in _chosen(Absence, "absence").items()
    }
    return results.decide(place, _chosen(AfterFail, "after"), stays)


def _destinations(place: Place) -> int:
    everybody = request.form.get("everybody", "")
    default = _code(Destination, everybody) if everybody else None
    chosen = _chosen(Destination, "destination")
    return results.record_destinations(place, {key: goes or default for key, goes in chosen.items()})


_WRITERS = {1: _record_exam, 2: _decide, 3: _destinations}


def _plan() -> dict[Grade, Planned | None]:
    found: dict[Grade, Planned | None] = {}
    for name in request.form:
        code = name.removeprefix("rooms-")
        if code == name:
            continue
        rooms, seats = _number(name), _number(f"seats-{code}")
        found[_grade(code)] = None if rooms is None and seats is None else Planned(rooms or 0, seats or 0)
    return found


def _number(name: str) -> int | None:
    typed = arabic_digits(request.form.get(name, "")).strip().replace(",", "")
    if not typed:
        return None
    # What is no small number becomes one that the verb refuses with its sentence.
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1
