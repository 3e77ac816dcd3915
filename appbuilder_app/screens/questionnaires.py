"""Questionnaires in screens: what is to be answered, the form, how far everybody is, files and other years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import flash, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from wtforms import Form

from .. import access
from ..access import Action, Level
from ..bilingual import Sentence
from ..codes import Answerer
from ..dataset import export, forms, history, lock, validation
from ..dataset.export import XLSX_MIME
from ..dataset.questions import fields_of_questions, questions_of, sections_of, shown
from ..dataset.screens import Button, LockNotice, differences
from ..declaration import Field, db
from ..errors import InvalidRow, NoSuchQuestionnaire, RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import AnswerSheet, Change, Questionnaire
from ..thaidate import thai_datetime
from ..workflows import questionnaire_files as files
from ..workflows import questionnaires as verbs
from .verbs import refusal_when

PAGE = 50
_STATES = {"sent": "ok", "draft": "warn", "nothing": "mute"}
_CHANGES_SHOWN = 20


@dataclass(frozen=True)
class Part:
    """A section of a sheet: its questions, and for each of the years what was answered."""

    title: str
    rows: list[tuple[str, list[str]]]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Question and answer of the newest year alone."""
        return [(label, answers[0]) for label, answers in self.rows]


class SurveyView(BaseView):
    """Answering, and watching who has answered."""

    route_base = "/questionnaires"
    class_permission_name = "answer_sheet"
    default_view = "browse"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """What the viewer's own place is asked, and what the places below are."""
        return self.render_template(
            "thabian/questionnaires/list.html",
            asked=verbs.asked_of_me(),
            watched=[(one, verbs.not_open(one)) for one in verbs.watched_by_me()],
            own=access.viewer().scope.rpartition("/")[2],
            may_answer=access.viewer().may(Action.WRITE, "answer_sheet"),
        )

    @expose("/<int:key>/")
    @has_access
    @permission_name("read")
    def progress(self, key: int) -> Any:
        """How far the viewer's places are: counts, and the places by page, narrowed by state and words."""
        one = verbs.published(key)
        if one not in verbs.watched_by_me():
            return redirect(url_for("SurveyView.browse"))
        return self._progress_page(one)

    def _progress_page(self, one: Questionnaire, refusal: RuleViolation | None = None) -> Any:
        asked = {name: request.args.get(name, "").strip()[:60] for name in ("state", "q", "after")}
        state = asked["state"] if asked["state"] in verbs.STATES else ""
        found = verbs.places_with_sheets(
            one, state=state, words=asked["q"], after=asked["after"], most=PAGE + 1
        )
        kept = {"state": state, "q": asked["q"]}
        page = self.render_template(
            "thabian/questionnaires/progress.html",
            one=one,
            counts=verbs.progress(one),
            rows=found[:PAGE],
            next_url=_next(one, kept, found) if len(found) > PAGE else None,
            first_url=_address(one, kept) if asked["after"] else None,
            state=state,
            words=asked["q"],
            closed=verbs.not_open(one),
            may_fill=_may_fill(one),
            may_export=access.viewer().may(Action.EXPORT, "answer_sheet"),
            looks=_STATES,
            refusal=refusal,
        )
        return page, refusal.status if refusal else 200

    # ── One sheet ────────────────────────────────────────────────────────────────────────────────────────

    @expose("/<int:key>/<place>")
    @has_access
    @permission_name("read")
    def sheet(self, key: int, place: str) -> str:
        """What a place has answered, this year beside the years before, and the history."""
        one = verbs.published(key)
        found = _place(one, place)
        return self.render_template(
            "thabian/questionnaires/sheet.html",
            one=one,
            place=found,
            sheet=verbs.sheet_of(one, found.code),
            years=(years := _years(one)),
            columns=[(_("คำถาม"), False), *((str(year), False) for year in years)],
            parts=_parts(one, found.code, years),
            closed=verbs.not_open(one),
            may_fill=_may_fill(one),
            history=_history(one, found.code),
            crumbs=_crumbs(one),
        )

    @expose("/<int:key>/<place>/answer", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def answer(self, key: int, place: str) -> Any:
        """The form. A draft may be incomplete; what is wrong stands beside its question, and nothing typed is lost."""
        one = verbs.published(key)
        found = _place(one, place)
        posted = request.method == "POST"
        fields = fields_of_questions(questions_of(one))
        sheet = verbs.sheet_of(one, found.code)
        form = forms.form_of_fields(
            fields, data=request.form if posted else None, stored=sheet.answers if sheet is not None else {}
        )
        if not posted:
            return self._form_page(one, found, form, sheet)
        send = request.form.get("then") == "send"
        raw = {name: form[forms.asked(name)].data for name in fields if form[forms.asked(name)].raw_data}
        version = request.form.get("version", "")
        refusal = refusal_when(lambda: verbs.answer(one, found.code, raw, send=send, version=version))
        if refusal is not None:
            return self._form_page(one, found, form, verbs.sheet_of(one, found.code), refusal)
        flash(_("ส่งคำตอบแล้ว") if send else _("บันทึกร่างแล้ว ยังไม่ได้ส่ง"), "success")
        return redirect(url_for("SurveyView.sheet", key=one.id, place=found.code))

    def _form_page(
        self,
        one: Questionnaire,
        place: Any,
        form: Form,
        sheet: AnswerSheet | None,
        refusal: RuleViolation | None = None,
    ) -> Any:
        page = self.render_template(
            "thabian/questionnaires/answer.html",
            one=one,
            place=place,
            form=form,
            groups=_groups(one),
            # Not "version": the page around it calls that of the static files so.
            sheet_version=sheet.version if sheet is not None else "",
            problems=_problems(refusal),
            lock=_notice(one),
            crumbs=_crumbs(one),
            sheet_url=url_for("SurveyView.sheet", key=one.id, place=place.code),
        )
        return page, refusal.status if refusal else 200

    # ── Files ────────────────────────────────────────────────────────────────────────────────────────────

    @expose("/<int:key>/answers.xlsx")
    @has_access
    @permission_name("export")
    def workbook(self, key: int) -> Any:
        """A workbook with a row for each of the viewer's places, to be filled in and uploaded."""
        one = verbs.published(key)
        made: list[Any] = []
        if refusal := refusal_when(lambda: made.append(files.workbook(one))):
            return self._progress_page(one, refusal)
        _record(one, "answers")
        return _download(made[0], f"{one.code}-{one.academic_year}")

    @expose("/<int:key>/years.xlsx")
    @has_access
    @permission_name("export")
    def years(self, key: int) -> Any:
        """The answers of the viewer's places in all years, a column for each question and year."""
        one = verbs.published(key)
        body = export.write_xlsx(files.year_heads(one), files.year_rows(one))
        _record(one, "years")
        return _download(body, f"{one.code}-years")

    @expose("/<int:key>/upload", methods=["GET", "POST"])
    @has_access
    @permission_name("import")
    def upload(self, key: int) -> Any:
        """A filled-in workbook: all its rows are saved, or none, and each error is told at its row and column."""
        one = verbs.published(key)
        if request.method == "GET":
            return self._upload_page(one)
        file = request.files.get("file")
        if file is None or not file.filename:
            return self._upload_page(one, errors=[_("กรุณาเลือกไฟล์")])
        name, data, saved = file.filename, file.read(), []
        send = request.form.get("then") == "send"
        refusal = refusal_when(lambda: saved.append(files.upload(one, name, data, send=send)))
        if refusal is not None:
            return self._upload_page(one, refusal)
        told = _("บันทึกจากไฟล์แล้ว %(n)s แห่ง เหมือนเดิม %(k)s แห่ง", n=saved[0].changed, k=saved[0].same)
        flash(told, "success")
        return redirect(url_for("SurveyView.progress", key=one.id))

    def _upload_page(
        self, one: Questionnaire, refusal: RuleViolation | None = None, errors: Sequence[str] = ()
    ) -> Any:
        page = self.render_template(
            "thabian/questionnaires/upload.html",
            one=one,
            refusal=refusal,
            lines=getattr(refusal, "lines", []),
            errors=errors,
            lock=_notice(one),
            crumbs=_crumbs(one),
            most=files.MOST_ROWS,
        )
        return page, refusal.status if refusal else 422 if errors else 200


class SurveyDesignView(BaseView):
    """What the centre does with a questionnaire beside its generated pages."""

    route_base = "/questionnaires/design"
    class_permission_name = "questionnaire"

    @expose("/<int:key>")
    @has_access
    @permission_name("write")
    def preview(self, key: int) -> str:
        """The form as those see it who will answer."""
        one = _any(key)
        form = forms.form_of_fields(fields_of_questions(questions_of(one)))
        return self.render_template(
            "thabian/questionnaires/preview.html",
            one=one,
            form=form,
            groups=_groups(one),
            before=verbs.year_before(one),
            record_url=f"/data/questionnaire/{one.id}",
        )

    @expose("/<int:key>/<any(publish, withdraw, copy):verb>", methods=["POST"])
    @has_access
    @permission_name("write")
    def change(self, key: int, verb: str) -> Any:
        """Publish, take back, or take the questions of the year before over."""
        one = _any(key)
        refusal = refusal_when(lambda: _CHANGES[verb](one))
        if refusal is not None:
            flash(said(str(refusal)), "danger")
        return redirect(f"/data/questionnaire/{key}")


def _copy(one: Questionnaire) -> None:
    source = verbs.year_before(one)
    if source is None:
        raise NoSuchQuestionnaire
    flash(_("คัดลอกคำถามแล้ว %(n)s ข้อ", n=verbs.copy_questions(source, one)), "success")


_CHANGES = {
    "publish": lambda one: verbs.publish(one, True),
    "withdraw": lambda one: verbs.publish(one, False),
    "copy": _copy,
}


def design_buttons(_view: Any, row: Any) -> list[Button]:
    """The designer's entry on the record page of a questionnaire."""
    viewer = access.viewer()
    buttons = [
        Button(_("คำถาม"), f"/data/question/?{urlencode({'questionnaire_id': row.id})}", "list-checks")
    ]
    if viewer.may(Action.WRITE, "questionnaire"):
        buttons.append(
            Button(_("ดูแบบ เผยแพร่ คัดลอก"), url_for("SurveyDesignView.preview", key=row.id), "eye", True)
        )
    if row.published and viewer.may(Action.READ, "answer_sheet"):
        buttons.append(Button(_("ติดตามการตอบ"), url_for("SurveyView.progress", key=row.id), "eye"))
    return buttons


def asked_now() -> list[Any]:
    """What the viewer's own place is asked and can answer now, and has not sent; for the home page."""
    if not access.viewer().may(Action.READ, "answer_sheet"):
        return []
    return [
        one
        for one in verbs.asked_of_me()
        if one.refusal is None and (one.sheet is None or one.sheet.state.value == "draft")
    ]


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────


def _any(key: int) -> Questionnaire:
    found = db.session.get(Questionnaire, key)
    if found is None:
        raise NoSuchQuestionnaire
    return found


def _place(one: Questionnaire, place: str) -> Any:
    return verbs.place_asked(one, place)


def _may_fill(one: Questionnaire) -> bool:
    """Whether the viewer may write sheets of this questionnaire now: the same as the guard of the write says."""
    return verbs.not_open(one) is None and access.viewer().may(Action.WRITE, "answer_sheet")


def _notice(one: Questionnaire) -> LockNotice | None:
    why = verbs.not_open(one)
    if why is None:
        return None
    times = Sentence(
        "{why} รับคำตอบ {opens} ถึง {closes}",
        why=why, opens=thai_datetime(one.opens_at), closes=thai_datetime(one.closes_at),
    )  # fmt: skip
    return LockNotice(said(times), _("หากจำเป็นต้องแก้ไข ให้ติดต่อส่วนกลาง"))


def _crumbs(one: Questionnaire) -> list[tuple[str, str | None]]:
    first = (_("แบบสอบถาม"), url_for("SurveyView.browse"))
    if access.viewer().level is Level.SCHOOL:
        return [first, (one.name, None)]
    own = access.viewer().level is Level.DISTRICT and one.answerer is Answerer.AREA
    return [first, (one.name, None if own else url_for("SurveyView.progress", key=one.id))]


def _groups(one: Questionnaire) -> list[tuple[str, list[str]]]:
    return [(title, [forms.asked(code) for code in codes]) for title, codes in sections_of(questions_of(one))]


def _problems(refusal: RuleViolation | None) -> list[tuple[str | None, str]]:
    if refusal is None:
        return []
    if not isinstance(refusal, InvalidRow):
        return [(None, said(str(refusal)))]
    return [
        (forms.asked(one.field) if one.field else None, said(validation.beside_its_label(one.message)))
        for one in refusal.problems
    ]


def _years(one: Questionnaire) -> list[int]:
    """This questionnaire's year and those before it, the newest first."""
    return [each.academic_year for each in verbs.years_of(one) if each.academic_year <= one.academic_year]


def _parts(one: Questionnaire, place: str, years: Sequence[int]) -> list[Part]:
    questions = questions_of(one)
    fields, answers = fields_of_questions(questions), verbs.answers_by_year(one, place)
    return [
        Part(
            title,
            [
                (
                    forms.label_of(fields[code]),
                    [_answered(fields[code], answers.get(year, {}).get(code)) for year in years],
                )
                for code in codes
            ],
        )
        for title, codes in sections_of(questions)
    ]


def _answered(field: Field, stored: Any) -> str:
    text = said(shown(field, stored))
    return f"{text} {said(field.unit)}" if text and field.unit else text


def _history(one: Questionnaire, place: str) -> list[Any]:
    sheet = verbs.sheet_of(one, place)
    if sheet is None or not access.viewer().may(Action.READ, "change"):
        return []
    wanted = sa.select(Change.at, Change.actor, Change.path, Change.action, Change.before, Change.after)
    mine = wanted.where(Change.dataset == "answer_sheet", Change.row_key == str(sheet.id))
    found = db.session.execute(mine.order_by(Change.id.desc()).limit(_CHANGES_SHOWN))
    return [
        (thai_datetime(at), actor, history.through(path), history.done(action), _told(sheet, before, after))
        for at, actor, path, action, before, after in found
    ]


def _told(sheet: AnswerSheet, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """What the page does not say already: the answers, and whether they were sent."""
    was, now = (
        {name: values[name] for name in ("state", "answers") if name in values}
        for values in (before or {}, after or {})
    )
    return differences(AnswerSheet, was, now, str(sheet.id))


def _address(one: Questionnaire, kept: dict[str, str], after: str = "") -> str:
    asked = urlencode({name: value for name, value in {**kept, "after": after}.items() if value})
    return url_for("SurveyView.progress", key=one.id) + (f"?{asked}" if asked else "")


def _next(one: Questionnaire, kept: dict[str, str], found: Sequence[Any]) -> str:
    return _address(one, kept, after=found[PAGE - 1][0].code)


def _record(one: Questionnaire, what: str) -> None:
    history.record_reading(
        db.session.connection(),
        "answer_sheet",
        "export.xlsx",
        {"questionnaire": f"{one.code} {one.academic_year}", "what": what},
    )
    db.session.commit()


def _download(body: Any, name: str) -> Any:
    stamped = f"{name}-{lock.now():%Y%m%d-%H%M}.xlsx"
    return send_file(body, mimetype=XLSX_MIME, as_attachment=True, download_name=stamped)
