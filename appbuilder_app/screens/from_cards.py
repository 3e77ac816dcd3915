"""What a card said, on the screen: compared with a student or their family, a new student, a transfer, a photo."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, abort, flash, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.cards import ConsentForm, SeatForm

from .. import access
from ..access import Action, Level
from ..codes import Grade, StudentStatus
from ..dataset import forms, refusals
from ..dataset.screens import Button, DatasetView
from ..declaration import dataset_of, db, fields_of
from ..doors import problems_of
from ..errors import InvalidRow, NotPermitted, NotYours, RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import Student
from ..workflows import cards, from_cards
from ..workflows.from_cards import Consent
from ..workflows.movements import Place
from ..workflows.requests import Evidence
from .cards import lane_of
from .movements import own_school
from .verbs import refusal_when


class CardUseView(BaseView):
    """From the server's own copy of a card to wherever it belongs."""

    route_base = "/cards"
    class_permission_name = cards.SUBJECT

    @expose("/<int:reading_id>")
    @has_access
    @permission_name("write")
    def show(self, reading_id: int) -> Any:
        """A relative, or a student who is here: what differs. Of another school: the transfer. Unknown: a new one."""
        reading, card = cards.own_reading(reading_id)
        if (lane := session.pop("card_lane", None)) and not lane_of(request.args):
            return redirect(url_for("CardUseView.show", reading_id=reading_id, **lane))
        if reading.purpose.is_relative:
            return self._compare(reading_id)
        student = from_cards.student_of(card)
        if student is not None and student.is_enrolled:
            return self._compare(reading_id)
        known = student is not None or from_cards.child_elsewhere(card) is not None
        way = "CardUseView.transfer" if known else "CardUseView.add"
        return redirect(url_for(way, reading_id=reading_id, **lane_of(request.args)))

    @expose("/<int:reading_id>/photo")
    @has_access
    @permission_name("write")
    def photo(self, reading_id: int) -> Response:
        """The card's picture, for who is about to use it."""
        _reading, card = cards.own_reading(reading_id)
        if not from_cards.may_take_photo(card):
            abort(404)
        return Response(card.photo, mimetype="image/jpeg", headers={"Cache-Control": "no-store"})

    # ── A student who is here, or their family ───────────────────────────────────────────────────────────

    @expose("/<int:reading_id>/take", methods=["POST"])
    @has_access
    @permission_name("write")
    def take(self, reading_id: int) -> Any:
        """Write the ticked fields into the student."""
        student = self._student_of(reading_id)
        form = ConsentForm(request.form)
        chosen = [*request.form.getlist("take"), *(["photo"] if form.photo.data else [])]
        taken: list[str] = []

        def take() -> None:
            version = request.form.get("version", "")
            taken.extend(from_cards.take(reading_id, student, chosen, _consent(form), version))

        if refusal := refusal_when(take):
            return self._compare(reading_id, form, refusal), refusal.status
        flash(_("บันทึกข้อมูลจากบัตร %(count)s ช่องแล้ว", count=len(taken)), "success")
        if lane := lane_of(request.args):
            return redirect(url_for("CardView.read", **lane))
        return redirect(f"/data/student/{student.id}")

    def _student_of(self, reading_id: int) -> Student:
        reading, card = cards.own_reading(reading_id)
        relative = reading.purpose.is_relative
        student = from_cards.relative_student(reading) if relative else from_cards.student_of(card)
        if student is None:
            raise NotYours
        return student

    def _compare(self, reading_id: int, form: Any = None, refusal: RuleViolation | None = None) -> str:
        student = self._student_of(reading_id)
        reading, card = cards.own_reading(reading_id)
        differences = []
        try:
            differences = from_cards.differences(card, student, reading.purpose)
        except from_cards.StudentsOwnCard as own:
            refusal = own
        problems = [message for _f, message in problems_of(refusal)] if refusal else []
        return self.render_template(
            "thabian/cards/compare.html",
            reading=reading,
            student=student,
            differences=differences,
            doubts=list(from_cards.doubts(card, reading.purpose)),
            usable=not isinstance(refusal, from_cards.StudentsOwnCard),
            photo=not reading.purpose.is_relative and from_cards.may_take_photo(card),
            form=form or ConsentForm(),
            wording=from_cards.WORDINGS[from_cards.WORDING],
            problems=problems,
            lane=lane_of(request.args),
        )

    # ── A new student ────────────────────────────────────────────────────────────────────────────────────

    @expose("/<int:reading_id>/add", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def add(self, reading_id: int) -> Any:
        """The form for a new student, filled from the server's copy of the card; the class is typed."""
        access.viewer().require(Action.WRITE, "student")
        reading, card = cards.own_reading(reading_id)
        given = _given_by_scope()
        posted = request.form if request.method == "POST" else None
        form = forms.form_of(Student, adding=True, data=posted, leave_out=[*given, "photo"])
        photo = ConsentForm(posted)
        if posted is None:
            _fill(form, card)
        elif (student := self._save(form, photo, given, reading_id)) is not None:
            flash(_("บันทึก “%(what)s” แล้ว", what=str(student)), "success")
            return redirect(url_for("CardView.read", **_next(student)))
        return self._form(form, photo, reading, card)

    @staticmethod
    def _save(form: Any, photo: ConsentForm, given: dict[str, Any], reading_id: int) -> Student | None:
        values = form.read()
        if form.problems:
            return None
        sat = True if request.form.get("sat_final_exam") else None
        consent = _consent(photo) if photo.photo.data else None
        try:
            with refusals.as_refusals():
                student = from_cards.add(reading_id, values | given, sat_final_exam=sat, photo=consent)
                db.session.commit()
        except (NotPermitted, NotYours):
            raise
        except RuleViolation as refusal:
            db.session.rollback()
            form.refused_with = refusal.status
            whole = [InvalidRow.whole(refusal)]
            form.problems = refusal.problems if isinstance(refusal, InvalidRow) else whole
            form.show(form.problems)
            return None
        return student

    def _form(self, form: Any, photo: ConsentForm, reading: Any, card: Any) -> Any:
        problems = [(p.field, form.beside_its_label(p)) for p in getattr(form, "problems", [])]
        lane = lane_of(request.args)
        page = self.render_template(
            "thabian/cards/add.html",
            d={"label": said(dataset_of(Student).th), "url": "/data/student/"},
            form=form,
            groups=forms.groups_of(Student, [n for n in fields_of(Student) if n not in form]),
            record=None,
            record_title="",
            problems=problems,
            submit_url=url_for("CardUseView.add", reading_id=reading.id, **lane),
            cancel_url=url_for("CardView.read", **lane),
            lock=None,
            add_another=False,
            crumbs=[(_("อ่านบัตรประชาชน"), url_for("CardView.read", **lane))],
            hints=dict.fromkeys(from_cards.values_of(card), _("อ่านจากบัตร")),
            reading=reading,
            told=from_cards.said_of(card),
            photo=from_cards.may_take_photo(card),
            consent=photo,
            wording=from_cards.WORDINGS[from_cards.WORDING],
        )
        return page, form.refused_with if problems else 200

    # ── A child of another school, or of none ────────────────────────────────────────────────────────────

    @expose("/<int:reading_id>/transfer", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def transfer(self, reading_id: int) -> Any:
        """R21: take the child in, or ask the school that has them; whose number it is, the server's copy says."""
        reading, card = cards.own_reading(reading_id)
        child = from_cards.child_elsewhere(card)
        if child is None:
            return redirect(url_for("CardUseView.show", reading_id=reading_id, **lane_of(request.args)))
        lane = lane_of(request.args)
        form = SeatForm(request.form if request.method == "POST" else None, data=_seat(lane, child.grade))
        refusal: RuleViolation | None = None
        if request.method == "POST" and form.validate():
            came: list[Any] = []

            def take() -> None:
                reason = form.reason.data or ""
                came.append(from_cards.transfer_in(reading_id, _place_of(form), reason, _evidence_of(form)))

            refusal = refusal_when(take)
            if refusal is None:
                return self._came(reading_id, came[0], _next_after(form, lane))
            reading, card = cards.own_reading(reading_id)
        page = self.render_template(
            "thabian/cards/transfer.html",
            reading=reading,
            child=child,
            enrolled=child.status is StudentStatus.ENROLLED,
            unlike=from_cards.unlike(card, child),
            seat=form,
            own=own_school(),
            refusal=refusal,
            lane=lane,
        )
        return page, refusal.status if refusal else 422 if form.errors else 200

    @staticmethod
    def _came(reading_id: int, coming: Any, lane: dict[str, Any]) -> Any:
        if coming.is_taken:
            flash(_("รับนักเรียนเข้าเรียนแล้ว ตรวจช่องที่ต่างจากบัตรต่อได้เลย"), "success")
            return redirect(url_for("CardUseView.show", reading_id=reading_id, **lane))
        flash(_("ส่งคำขอแล้ว โรงเรียนเดิมได้รับแจ้งและคัดค้านได้ภายในกำหนด ติดตามผลได้ที่หน้าคำขอ"), "success")
        if lane:
            return redirect(url_for("CardView.read", **lane))
        return redirect(url_for("RequestView.show", request_id=coming.request_id))

    # ── Where a student's data come from ─────────────────────────────────────────────────────────────────

    @expose("/students/<int:student_id>")
    @has_access
    @permission_name("read")
    def sources(self, student_id: int) -> str:
        """Which fields of a student were read from a card and when, and who let the card's photo be used."""
        access.viewer().require(Action.READ, "student")
        student = db.session.get(Student, student_id)
        if student is None or not access.viewer().looks_after(student.scope):
            raise NotYours
        fields = fields_of(Student)
        found = [(said(fields[name].th), at) for name, at in from_cards.sources_of(student).items()]
        return self.render_template(
            "thabian/cards/sources.html",
            student=student,
            sources=found,
            consents=from_cards.consents_of(student),
            wording=from_cards.wording,
            may_withdraw=access.viewer().may(Action.WRITE, cards.SUBJECT),
        )

    @expose("/consents/<int:consent_id>/withdraw", methods=["POST"])
    @has_access
    @permission_name("write")
    def withdraw(self, consent_id: int) -> Any:
        """Somebody takes their consent back; the photo goes."""
        student = from_cards.withdraw(consent_id)
        db.session.commit()
        flash(_("บันทึกการถอนความยินยอมและลบภาพแล้ว"), "success")
        if student is None:
            return redirect(url_for("CardView.browse"))
        return redirect(url_for("CardUseView.sources", student_id=student.id))


def _consent(form: ConsentForm) -> Consent:
    return Consent(bool(form.consent.data), form.given_as.data or "", form.given_by.data or "")


def _fill(form: Any, card: Any) -> None:
    lane = lane_of(request.args)
    if "number" in lane:
        lane["student_number"] = lane.pop("number")
    for name, value in [*from_cards.values_of(card).items(), *lane.items()]:
        if name in form:
            form[name].data = value if isinstance(value, str) else fields_of(Student)[name].kind.edit(value)


def _seat(lane: dict[str, Any], present: str) -> dict[str, Any]:
    """What the form starts from: the lane's class, else the child's present one."""
    room = lane.get("room", "")
    return {
        "grade": lane.get("grade") or next((one.value for one in Grade if one.th == present), ""),
        "room": int(room) if room.isdecimal() else 1,
        "student_number": lane.get("number", ""),
        "reason": _("ย้ายเข้าเรียน อ่านจากบัตรประจำตัวประชาชน"),
    }


def _place_of(form: SeatForm) -> Place:
    return Place(
        school_code=own_school() or "",
        grade=Grade(form.grade.data),
        room=form.room.data or 0,
        student_number=(form.student_number.data or "").strip(),
        happened_on=form.happened_on.day or dt.date.max,
        sat_final_exam=True if form.sat_final_exam.data else None,
    )


def _evidence_of(form: SeatForm) -> list[Evidence]:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return []
    return [Evidence(str(form.file.label.text), upload.filename, upload.read())]


def _next(student: Student) -> dict[str, Any]:
    """The lane after a student: the same class and room, and the number that follows."""
    lane = {"grade": str(student.grade.value), "room": str(student.room)}
    return lane | _number_after(student.student_number)


def _next_after(form: SeatForm, lane: dict[str, Any]) -> dict[str, str]:
    return lane and {**lane, **_number_after(str(form.student_number.data or ""))}


def _number_after(number: str) -> dict[str, Any]:
    return (
        {"number": str(int(number) + 1).zfill(len(number))} if number.isascii() and number.isdecimal() else {}
    )


def _given_by_scope() -> dict[str, Any]:
    viewer = access.viewer()
    return {"school_code": viewer.school_code} if viewer.level is Level.SCHOOL else {}


def card_row_buttons(_view: DatasetView, row: Student) -> list[Button]:
    """From a student's record to what of it was read from a card, and to the cards of the family."""
    viewer = access.viewer()
    if not viewer.may(Action.READ, cards.SUBJECT) or not viewer.looks_after(row.scope):
        return []
    buttons = [Button(_("ที่มาของข้อมูล"), url_for("CardUseView.sources", student_id=row.id), "info")]
    if viewer.may(Action.WRITE, cards.SUBJECT) and viewer.may(Action.WRITE, "student"):
        way = url_for("CardView.read", purpose="guardian", student=row.id)
        buttons.append(Button(_("อ่านบัตรบิดามารดาหรือผู้ปกครอง"), way, "users"))
    return buttons
