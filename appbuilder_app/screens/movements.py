"""Movements on the screen: taking a child in, what can be done with a student, a class to another room, and undoing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.movements import FindForm

from .. import access
from ..access import Action, Level
from ..codes import Grade, StudentStatus
from ..dataset import lock
from ..dataset.forms import RowForm, form_of_parameters
from ..dataset.screen_parts import Button, find
from ..declaration import db
from ..errors import InvalidRow, NotYours, Problem, RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import Movement, Student
from ..workflows import movements
from ..workflows.requests import Evidence
from ..workflows.verbs import Verb, of_students
from .verbs import problems_in, refusal_when

SHOWN: Final = 50


class MovementView(BaseView):
    """Students in, out, and from one class to another."""

    route_base = "/movements"
    class_permission_name = "movement"
    default_view = "browse"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> Any:
        """The latest movements, and who is enrolled nowhere."""
        return self._overview()

    @expose("/<int:movement_id>/undo", methods=["POST"])
    @has_access
    @permission_name("move")
    def undo(self, movement_id: int) -> Any:
        """R45: take a movement back within its round."""
        reason = request.form.get("reason", "")
        if refusal := refusal_when(lambda: movements.undo(movement_id, reason)):
            return self._overview(refusal)
        flash(_("ยกเลิกรายการแล้ว"), "success")
        return redirect(url_for("MovementView.browse"))

    def _overview(self, refusal: RuleViolation | None = None) -> Any:
        query = sa.select(Movement, Student).outerjoin(Student, Student.id == Movement.student_id)
        latest = db.session.execute(query.order_by(Movement.id.desc()).limit(SHOWN)).all()
        page = self.render_template(
            "thabian/movements/list.html",
            latest=latest,
            nowhere=movements.enrolled_nowhere(),
            refusal=refusal,
            may_move=access.viewer().may(Action.MOVE, "movement"),
            at_school=access.viewer().level is Level.SCHOOL,
        )
        return page, refusal.status if refusal else 200

    # ── In ───────────────────────────────────────────────────────────────────────────────────────────────

    @expose("/in", methods=["GET", "POST"])
    @has_access
    @permission_name("move")
    def look(self) -> Any:
        """Look a child up by their number. Posted, so that the number stands in no address and no log."""
        form = FindForm(request.form if request.method == "POST" else None)
        if request.method == "GET" or not form.validate():
            return self._in(form, status=422 if form.errors else 200)
        child = None

        def look() -> None:
            nonlocal child
            child = movements.find(form.national_id.data or "")

        refusal = refusal_when(look)
        return self._in(
            form, child, refusal, _form(of_students.TRANSFER_IN), refusal.status if refusal else 200
        )

    @expose("/in/take", methods=["POST"])
    @has_access
    @permission_name("move")
    def take(self) -> Any:
        """Take the child, or ask the school that has them."""
        found, form = FindForm(request.form), _form(of_students.TRANSFER_IN, data=request.form)
        coming: list[dict[str, Any]] = []
        refusal = _done(of_students.TRANSFER_IN, None, coming)
        if refusal is not None:
            form.show(problems_in(refusal))
            child = movements.find(found.national_id.data or "")
            return self._in(found, child, refusal, form, refusal.status)
        if coming[0]["request"] is not None:
            flash(_("ส่งคำขอแล้ว โรงเรียนเดิมได้รับแจ้งและคัดค้านได้ภายในกำหนด ติดตามผลได้ที่หน้านี้"), "success")
            return redirect(url_for("RequestView.show", request_id=coming[0]["request"]))
        flash(_("รับนักเรียนเข้าเรียนแล้ว"), "success")
        return redirect(f"/data/student/{coming[0]['student']}")

    def _in(
        self, form: FindForm, child: Any = None, refusal: Any = None, seat: Any = None, status: int = 200
    ) -> Any:
        shown = self.render_template(
            "thabian/movements/in.html",
            form=form,
            child=child,
            refusal=refusal,
            seat=seat,
            own=own_school(),
            here=child is not None
            and child.is_here
            and child.status is StudentStatus.ENROLLED
            and _is_school(),
        )
        return shown, status

    # ── One student ──────────────────────────────────────────────────────────────────────────────────────

    @expose("/student/<int:student_id>")
    @has_access
    @permission_name("move")
    def student(self, student_id: int) -> Any:
        """What can be done with a student of one's own; ``do`` names what somebody came for."""
        return self._student_page(student_id, request.args.get("do", ""))

    @expose("/student/<int:student_id>/<what>", methods=["POST"])
    @has_access
    @permission_name("move")
    def act(self, student_id: int, what: str) -> Any:
        """One of them."""
        if what not in _DEEDS:
            abort(404)
        verb, answer = _DEEDS[what], list[dict[str, Any]]()
        refusal = _done(verb, student_id, answer)
        if refusal is not None:
            form = _form(verb, data=request.form, of=what)
            form.show(problems_in(refusal))
            return self._student_page(student_id, what, form, refusal, refusal.status)
        if "request" in answer[0]:
            flash(_("ส่งคำขอถึงเขตพื้นที่แล้ว นักเรียนยังนับเป็นของโรงเรียนจนกว่าเขตพื้นที่จะอนุญาต"), "success")
            return redirect(url_for("RequestView.show", request_id=answer[0]["request"]))
        flash(_("บันทึกแล้ว"), "success")
        return redirect(f"/data/student/{student_id}")

    def _student_page(
        self, student_id: int, what: str = "", form: Any = None, refusal: Any = None, status: int = 200
    ) -> Any:
        student = find(Student, str(student_id))
        if student is None:
            raise NotYours
        forms = {name: _form(verb, present=_present(student), of=name) for name, verb in _DEEDS.items()}
        shown = self.render_template(
            "thabian/movements/student.html",
            student=student,
            deeds=_DEEDS,
            forms=forms | ({what: form} if form else {}),
            opened=what,
            refusal=refusal,
            enrolled=student.status is StudentStatus.ENROLLED,
        )
        return shown, status

    # ── Classes ──────────────────────────────────────────────────────────────────────────────────────────

    @expose("/class", methods=["GET", "POST"])
    @has_access
    @permission_name("move")
    def classes(self) -> Any:
        """The rooms of a grade side by side: pupils are dragged, or ticked and sent, into others; all or none."""
        refusal, answer = None, list[dict[str, Any]]()
        if request.method == "POST":
            verb = of_students.CHANGE_CLASSES
            refusal = refusal_when(lambda: answer.append(verb.perform(None, _seats())))
            if refusal is None:
                flash(_("ย้าย %(n)s คนแล้ว", n=answer[0]["count"]), "success")
                return redirect(url_for("MovementView.classes", grade=request.args.get("grade")))
        rooms = _rooms()
        grade = _grade_shown(rooms)
        shown = self.render_template(
            "thabian/movements/class.html",
            refusal=refusal,
            problems=[said(one.message) for one in problems_in(refusal)],
            rooms=[one for one in rooms if one.grade is grade],
            grades=list(dict.fromkeys(one.grade for one in rooms)),
            grade=grade,
            pupils=_pupils(grade),
            form=_form(of_students.CHANGE_CLASS, present={"grade": grade} if grade else {}, data=_posted()),
            chosen=set(request.form.getlist("student")),
            moved=request.form.get("rows", ""),
            school_code=own_school(),
        )
        return shown, refusal.status if refusal else 200


def _seats() -> dict[str, Any]:
    """Who is to go where: as they were dragged, else those who are ticked, together."""
    reason = request.form.get("reason") or None
    if rows := request.form.get("rows"):
        return {"rows": rows, "reason": reason}
    ticked = [int(one) for one in request.form.getlist("student") if one.isdecimal() and len(one) <= 18]
    if not ticked:
        raise InvalidRow([Problem(None, _("กรุณาลากหรือติ๊กนักเรียนอย่างน้อยหนึ่งคน"))])
    place = {"grade": request.form.get("grade"), "room": request.form.get("room")}
    return {"rows": [{"student": one, **place} for one in ticked], "reason": reason}


def _posted() -> Any:
    return request.form if request.method == "POST" else None


def _rooms() -> Sequence[Any]:
    """The classes of the viewer's school, with how many are in each."""
    own = own_school()
    if own is None:
        return []
    query = sa.select(Student.grade, Student.room, sa.func.count().label("pupils"))
    mine = (Student.school_code == own, Student.is_enrolled)
    found = db.session.execute(query.where(*mine).group_by(Student.grade, Student.room)).all()
    return sorted(found, key=lambda one: (one.grade, one.room))


def _grade_shown(rooms: Sequence[Any]) -> Grade | None:
    asked = request.args.get("grade", "")
    there = [one.grade for one in rooms]
    return next((one for one in there if one.value == asked), there[0] if there else None)


def _pupils(grade: Grade | None) -> dict[int, list[Student]]:
    """The pupils of a grade by room."""
    if grade is None:
        return {}
    query = sa.select(Student).where(Student.school_code == own_school(), Student.is_enrolled)
    query = query.where(Student.grade == grade).order_by(Student.room, Student.student_number, Student.id)
    return {room: list(pupils) for room, pupils in groupby(db.session.scalars(query), lambda one: one.room)}


def own_school() -> str | None:
    """A school's user acts for their school; others name it."""
    viewer = access.viewer()
    if viewer.level is Level.SCHOOL:
        return viewer.school_code
    return request.values.get("school_code") or None


def _is_school() -> bool:
    return access.viewer().level is Level.SCHOOL


def _form(verb: Verb, *, data: Any = None, present: Mapping[str, Any] | None = None, of: str = "") -> RowForm:
    """The form of a verb, from its declaration; a day is today until somebody says otherwise."""
    fields = [one for one in verb.parameters if one.name not in _NOT_ASKED]
    return form_of_parameters(
        fields,
        data=data,
        present={"happened_on": lock.today()} | dict(present or {}),
        papers=verb.papers,
        of=of,
    )


def _done(verb: Verb, key: int | None, answer: list[dict[str, Any]]) -> RuleViolation | None:
    """Do it with what the form has told, and commit; what refused it."""
    names = {one.name for one in verb.parameters}
    told = {name: text for name, text in request.form.items() if name in names}
    return refusal_when(lambda: answer.append(verb.perform(key, told, _evidence(verb))))


def _evidence(verb: Verb) -> list[Evidence]:
    upload = request.files.get("file")
    if not verb.papers or upload is None or not upload.filename:
        return []
    return [Evidence(verb.papers, upload.filename, upload.read())]


def _present(student: Student) -> dict[str, Any]:
    """What the forms start from."""
    names = ("room", "student_number", "first_name", "middle_name", "last_name", "birth_date")
    facts = {name: getattr(student, name) for name in names}
    return facts | {"grade": student.grade, "title": student.title, "sex": student.sex}


_DEEDS: Final = {
    verb.name: verb
    for verb in (
        of_students.CHANGE_CLASS,
        of_students.RENAME,
        of_students.CORRECT_IDENTITY,
        of_students.RENUMBER,
        of_students.TRANSFER_OUT,
        of_students.DROPOUT,
        of_students.DISCHARGE,
        of_students.TAKE_BACK,
    )
}
"""What the page of a student offers; the last one to who has left."""
_NOT_ASKED: Final = {"national_id", "school_code", of_students.FOLLOWS.name}
"""Known on the page already, or of no use there."""


def movement_button(_view: Any, row: Any) -> list[Button]:
    """From a student's record to what can be done with them."""
    viewer = access.viewer()
    if not viewer.may(Action.MOVE, "movement") or not viewer.looks_after(row.scope):
        return []
    return [Button(_("ย้าย/จำหน่าย/แก้ชื่อ"), url_for("MovementView.student", student_id=row.id), "arrow-right")]


_WAYS: Final[dict[str, Verb]] = {
    "school_code": of_students.TRANSFER_OUT,
    "status": of_students.DROPOUT,
    "grade": of_students.CHANGE_CLASS,
    "room": of_students.CHANGE_CLASS,
    "student_number": of_students.RENUMBER,
    "sex": of_students.CORRECT_IDENTITY,
    "birth_date": of_students.CORRECT_IDENTITY,
    **dict.fromkeys(("title", "first_name", "middle_name", "last_name"), of_students.RENAME),
}


def verb_button(view: Any, row: Any, name: str) -> Button | None:
    """From a field that only a verb changes to that verb; None where there is none for this person."""
    if name not in _WAYS or not movement_button(view, row):
        return None
    verb = _WAYS[name] if row.is_enrolled else of_students.TAKE_BACK
    there = url_for("MovementView.student", student_id=row.id, do=verb.name, _anchor=verb.name)
    return Button(said(verb.th), there, "arrow-right")


def in_buttons(_view: Any) -> list[Button]:
    """From the list of students to taking one in, and to the classes."""
    if not access.viewer().may(Action.MOVE, "movement"):
        return []
    return [
        Button(_("ย้ายเข้า"), url_for("MovementView.look"), "user"),
        Button(_("จัดชั้นและห้อง"), url_for("MovementView.classes"), "users"),
    ]
