"""Duplicates in screens: the cases, one side by side, deciding and undoing; other agencies' lists; the search."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from werkzeug.datastructures import CombinedMultiDict

from forms.duplicates import AgencyListForm, EvidenceForm, SayForm, VerdictForm

from .. import access
from ..access import Action
from ..bilingual import Label
from ..codes import Agency, Grade, RecordState, RequestState, RequestStepKind, Sex
from ..dataset import attachments
from ..dataset.file_door import file_response
from ..errors import RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import DuplicateRecord
from ..thaidate import thai_date
from ..workflows import duplicates, requests
from .verbs import refusal_when

LABELS = {
    "name": Label("ชื่อ-สกุล", "Name"),
    "national_id": Label("เลขประจำตัว", "ID"),
    "birth_date": Label("วันเกิด", "Date of birth"),
    "sex": Label("เพศ", "Sex"),
    "grade": Label("ชั้น", "Grade"),
    "student_number": Label("เลขประจำตัวนักเรียน", "Student number"),
    "father": Label("บิดา", "Father"),
    "mother": Label("มารดา", "Mother"),
}
LOOKS = {
    RecordState.OPEN: "waiting",
    RecordState.KEPT: "ok",
    RecordState.STRUCK: "bad",
    RecordState.APART: "info",
}
OF_STATE = {RequestState.APPROVED: "ok", RequestState.REFUSED: "info"}
TABS = ("open", "late", "settled")


class DuplicateView(BaseView):
    """Cases of duplicates."""

    route_base = "/duplicates"
    class_permission_name = requests.SUBJECT
    default_view = "browse"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """The cases that concern the viewer, by how far they are."""
        lines = duplicates.cases()
        by_tab = {
            "open": [one for one in lines if not one.party.state.is_settled],
            "late": [one for one in lines if one.is_overdue],
            "settled": [one for one in lines if one.party.state.is_settled],
        }
        tab = request.args.get("show", "open")
        tab = tab if tab in TABS else "open"
        return self.render_template(
            "thabian/duplicates/list.html",
            lines=by_tab[tab],
            tab=tab,
            counts={name: len(some) for name, some in by_tab.items()},
            looks=OF_STATE,
            may_search=_may_search(),
        )

    @expose("/<int:key>")
    @has_access
    @permission_name("read")
    def show(self, key: int) -> Any:
        """One case, its records side by side."""
        answer = self._page(key)
        refusal_when(lambda: requests.take_note(key))
        return answer

    @expose("/<int:key>/decide", methods=["POST"])
    @has_access
    @permission_name("decide")
    def decide(self, key: int) -> Any:
        """For one record, or that they are different children."""
        form = VerdictForm(request.form)
        if not form.validate():
            return self._page(key, verdict=form, status=422)
        keep = form.keep.data or ""
        place = int(keep) if keep.isdecimal() and len(keep) < 4 else None
        reason = form.reason.data or ""
        refusal = refusal_when(lambda: duplicates.decide(key, place, reason))
        return self._answer(key, refusal, _("บันทึกคำวินิจฉัยแล้ว ทุกฝ่ายได้รับแจ้ง"), verdict=form)

    @expose("/<int:key>/undo", methods=["POST"])
    @has_access
    @permission_name("decide")
    def undo(self, key: int) -> Any:
        """Take the decision back."""
        refusal = refusal_when(lambda: duplicates.undo(key, request.form.get("reason", "")))
        return self._answer(key, refusal, _("ยกเลิกคำวินิจฉัยแล้ว เรื่องกลับมารอพิจารณา"))

    @expose("/<int:key>/say", methods=["POST"])
    @has_access
    @permission_name("write")
    def say(self, key: int) -> Any:
        """Something for who decides."""
        form = SayForm(request.form)
        if not form.validate():
            return self._page(key, say=form, status=422)
        refusal = refusal_when(lambda: requests.comment(key, form.text.data or ""))
        return self._answer(key, refusal, _("ส่งข้อความแล้ว"), say=form)

    @expose("/<int:key>/evidence", methods=["POST"])
    @has_access
    @permission_name("write")
    def attach(self, key: int) -> Any:
        """A document."""
        form = EvidenceForm(CombinedMultiDict((request.files, request.form)))
        if not form.validate():
            return self._page(key, evidence=form, status=422)
        file = form.file.data
        brought = requests.Evidence(form.name.data or "", file.filename, file.read())
        refusal = refusal_when(lambda: requests.attach(key, brought))
        return self._answer(key, refusal, _("แนบหลักฐานแล้ว"), evidence=form)

    @expose("/<int:key>/evidence/<int:step>")
    @has_access
    @permission_name("read")
    def file(self, key: int, step: int) -> Response:
        """A document, for who has a copy of its step."""
        stored = requests.file_of(key, step)
        return file_response(stored, attachments.content(stored), f"evidence-{key}-{step}")

    def _answer(self, key: int, refusal: RuleViolation | None, done: str, **forms: Any) -> Any:
        if refusal is not None:
            return self._page(key, refusal=refusal, status=refusal.status, **forms)
        flash(done, "success")
        return redirect(url_for("DuplicateView.show", key=key))

    def _page(
        self,
        key: int,
        *,
        verdict: VerdictForm | None = None,
        say: SayForm | None = None,
        evidence: EvidenceForm | None = None,
        refusal: RuleViolation | None = None,
        status: int = 200,
    ) -> Any:
        case = duplicates.case(key)
        can = case.seen.can
        shown = self.render_template(
            "thabian/duplicates/show.html",
            case=case,
            party=case.seen.party,
            records=[(one, facts_of(one), LOOKS[one.state], _whose(one)) for one in case.records],
            steps=[(one, _who(one)) for one in case.seen.steps],
            may_decide=can[RequestStepKind.REFUSED] is None,
            may_say=can[RequestStepKind.COMMENTED] is None,
            verdict=verdict or VerdictForm(),
            say=say or SayForm(),
            evidence=evidence or EvidenceForm(),
            refusal=refusal,
            looks=OF_STATE,
        )
        return shown, status


def facts_of(record: DuplicateRecord) -> list[tuple[str, str]]:
    """A record's facts as they are shown: label and text."""
    shown = record.shown
    texts = {
        **shown,
        "birth_date": thai_date(dt.date.fromisoformat(shown["birth_date"])),
        "sex": said(Sex(shown["sex"]).th) if shown.get("sex") else "",
        "grade": _class(shown),
    }
    return [(said(label), str(texts[name])) for name, label in LABELS.items() if texts.get(name)]


def _class(shown: dict[str, Any]) -> str:
    if not shown.get("grade"):
        return str(shown.get("grade_text", ""))
    grade = str(said(Grade(shown["grade"]).short))
    return f"{grade}/{shown['room']}" if shown.get("room") else grade


def _whose(record: DuplicateRecord) -> str:
    """Where the record stands, as far as this side may know it."""
    if record.shown.get("place"):
        return str(record.shown["place"])
    if record.shown.get("outside"):
        return _("รายชื่อของสังกัดอื่น (%(agency)s)", agency=record.shown["outside"])
    return _("อีกโรงเรียนหนึ่งในเขตเดียวกัน") if record.shown.get("near") else _("โรงเรียนในเขตพื้นที่อื่น")


def _who(step: Any) -> str:
    who, where = said(step.who), said(step.where)
    return f"{who} ({where})" if step.actor != step.place else who


def _may_search() -> bool:
    return access.viewer().may(Action.MANAGE, duplicates.SUBJECT)


class DuplicateSearchView(BaseView):
    """The search, and the lists it compares with."""

    route_base = "/duplicates"
    class_permission_name = duplicates.SUBJECT

    @expose("/search", methods=["POST"])
    @has_access
    @permission_name("manage")
    def search(self) -> Any:
        """Order a search in the background."""
        refusal = refusal_when(duplicates.order)
        if refusal is not None:
            flash(str(refusal), "danger")
        else:
            flash(_("สั่งค้นหาแล้ว เมื่อเสร็จจะแจ้งที่งานเบื้องหลัง"), "success")
        return redirect(url_for("DuplicateView.browse"))

    @expose("/lists", methods=["GET", "POST"])
    @has_access
    @permission_name("manage")
    def lists(self) -> Any:
        """Other agencies' lists of this round, and taking in another one."""
        if request.method == "GET":
            return self._lists(AgencyListForm())
        form = AgencyListForm(CombinedMultiDict((request.files, request.form)))
        if not form.validate():
            return self._lists(form, status=422)
        file = form.file.data
        agency, name, data = Agency(form.agency.data), file.filename, file.read()
        refusal = refusal_when(lambda: duplicates.keep_list(agency, name, data))
        if refusal is not None:
            return self._lists(form, refusal, refusal.status)
        flash(_("เก็บรายชื่อแล้ว กด “ค้นหานักเรียนซ้ำซ้อน” เพื่อเปรียบเทียบ"), "success")
        return redirect(url_for("DuplicateSearchView.lists"))

    @expose("/lists/<int:key>/remove", methods=["POST"])
    @has_access
    @permission_name("manage")
    def remove(self, key: int) -> Any:
        """Take a list away."""
        refusal = refusal_when(lambda: duplicates.remove_list(key))
        if refusal is not None:
            flash(str(refusal), "danger")
        return redirect(url_for("DuplicateSearchView.lists"))

    def _lists(self, form: AgencyListForm, refusal: RuleViolation | None = None, status: int = 200) -> Any:
        own = access.viewer().scope
        shown = self.render_template(
            "thabian/duplicates/lists.html",
            kept=[(one, one.scope == own) for one in duplicates.lists()],
            form=form,
            refusal=refusal,
        )
        return shown, status
