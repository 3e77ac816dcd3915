"""The forms of rounds: a year's plan, the windows of one round, an exception, and the closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FormField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length

from appbuilder_app.codes import ROUND_STEPS, RoundSystem, WindowAction
from appbuilder_app.thaidate import bangkok
from appbuilder_app.workflows.accounts import places_of
from appbuilder_app.workflows.round_plans import AFTERNOON, MOST_ROUNDS, PLANS, RoundPlan

from .inputs import ClockField, DayField, Form, LookupField, Needed, moment_of

ACTIONS = ROUND_STEPS


class Span(NamedTuple):
    """What a window's four fields mean: the action, and from when to when."""

    action: WindowAction
    opens_at: dt.datetime
    closes_at: dt.datetime


class WindowForm(Form):
    """From which day and time to which."""

    opens_day = DayField(_("เริ่มวันที่"), [Needed()])
    opens_time = ClockField(_("เวลาเริ่ม"), [Needed()])
    closes_day = DayField(_("ถึงวันที่"), [Needed()])
    closes_time = ClockField(_("เวลาสิ้นสุด"), [Needed()])

    @property
    def opens_at(self) -> dt.datetime | None:
        """When it opens; None while it cannot be read."""
        return moment_of(self.opens_day, self.opens_time)

    @property
    def closes_at(self) -> dt.datetime | None:
        """When it closes; None while it cannot be read."""
        return moment_of(self.closes_day, self.closes_time)

    def validate_closes_time(self, _field: ClockField) -> None:
        """A window that closes before it opens helps nobody."""
        opens, closes = self.opens_at, self.closes_at
        if opens is not None and closes is not None and opens >= closes:
            raise ValidationError(gettext("ต้องหลังเวลาเริ่ม"))

    @property
    def sentences(self) -> list[str]:
        """What is wrong with it, each thing once."""
        return list(dict.fromkeys(str(error) for field in self for error in field.errors))


class WindowsForm(Form):
    """The national windows of one round, and the letter that sets them."""

    edit = FormField(WindowForm, WindowAction.EDIT.th)
    confirm = FormField(WindowForm, WindowAction.CONFIRM.th)
    certify = FormField(WindowForm, WindowAction.CERTIFY.th)
    ack = FormField(WindowForm, WindowAction.ACKNOWLEDGE.th)
    source = StringField(
        _("หนังสือที่กำหนด"),
        [Needed(), Length(max=200)],
        description=_("เช่น ที่ ศธ ๐๔๐๐๖/ว๑๘๒๔ ลงวันที่ ๒๕ พฤษภาคม ๒๕๖๗"),
    )

    @property
    def windows(self) -> list[tuple[WindowAction, WindowForm]]:
        """Each action with its form."""
        return [(action, self[action.value].form) for action in ACTIONS]

    def spans(self) -> Iterator[Span]:
        """What was typed; only after ``validate`` has passed."""
        yield from _spans(self.windows)

    def source_shown(self) -> str:
        """The letter, without spaces around."""
        return str(self.source.data or "").strip()


class PlannedRoundForm(Form):
    """One round of a year's plan: whether to make it, the day its figures are of, and its windows."""

    wanted = BooleanField(_("สร้างรอบนี้"))
    snapshot = DayField(_("ข้อมูล ณ วันที่"), [Needed()])
    edit = FormField(WindowForm, WindowAction.EDIT.th)
    confirm = FormField(WindowForm, WindowAction.CONFIRM.th)
    certify = FormField(WindowForm, WindowAction.CERTIFY.th)
    ack = FormField(WindowForm, WindowAction.ACKNOWLEDGE.th)

    @property
    def windows(self) -> list[tuple[WindowAction, WindowForm]]:
        """Each action with its form."""
        return [(action, self[action.value].form) for action in ACTIONS]

    def spans(self) -> Iterator[Span]:
        """What was typed; only after ``validate`` has passed."""
        yield from _spans(self.windows)

    def validate(self, extra_validators: Any = None) -> bool:
        """A round that is not wanted may stay as it is."""
        return not self.wanted.data or super().validate(extra_validators)


class YearForm(Form):
    """A whole year's rounds, filled in with the days of past letters for people to correct."""

    source = StringField(
        _("หนังสือที่กำหนด"),
        [Needed(), Length(max=200)],
        description=_("เช่น ที่ ศธ ๐๔๐๐๖/ว๑๘๒๔ ลงวันที่ ๒๕ พฤษภาคม ๒๕๖๗"),
    )
    round1 = FormField(PlannedRoundForm)
    round2 = FormField(PlannedRoundForm)
    round3 = FormField(PlannedRoundForm)

    def __init__(self, formdata: Any, system: RoundSystem, **data: Any) -> None:
        super().__init__(formdata, **data)
        self.system = system
        for number in range(len(PLANS[system]) + 1, MOST_ROUNDS + 1):
            del self[f"round{number}"]

    @property
    def rounds(self) -> list[tuple[RoundPlan, PlannedRoundForm]]:
        """Each plan with its form."""
        return [(plan, self[f"round{plan.number}"].form) for plan in PLANS[self.system]]

    @property
    def wanted(self) -> list[tuple[RoundPlan, PlannedRoundForm]]:
        """Those that shall be made."""
        return [(plan, form) for plan, form in self.rounds if form.wanted.data]


class ExceptionForm(Form):
    """More time for one district or one school."""

    area_code = LookupField(_("เขตพื้นที่"), dataset="area", description=_("ทั้งเขต เว้นว่างถ้าผ่อนผันโรงเรียนเดียว"))
    school_code = LookupField(_("โรงเรียน"), dataset="school", description=_("โรงเรียนเดียว เว้นว่างถ้าผ่อนผันทั้งเขต"))
    actions = SelectMultipleField(
        _("ให้เวลาเพิ่มสำหรับ"), choices=[(action.value, action.th) for action in ACTIONS], validate_choice=True
    )
    closes_day = DayField(_("ขยายถึงวันที่"), [Needed()])
    closes_time = ClockField(_("เวลา"), [Needed()], default=AFTERNOON)
    reason = TextAreaField(
        _("เหตุผล"), [Needed(), Length(max=300)], description=_("โรงเรียนและเขตพื้นที่จะเห็นเหตุผลนี้")
    )
    source = StringField(_("หนังสืออ้างอิง (ถ้ามี)"), [Length(max=200)])

    def __init__(self, formdata: Any = None, **data: Any) -> None:
        super().__init__(formdata, **data)
        for field, scope in ((self.area_code, "C/{0}"), (self.school_code, "C/-/{0}")):
            path = scope.format((field.data or "").strip())
            field.lookup_text = places_of([path]).get(path, "") if field.data else ""

    @property
    def place(self) -> str:
        """Code of the school, else of the area; empty while none is chosen."""
        return (self.school_code.data or self.area_code.data or "").strip()

    @property
    def closes_at(self) -> dt.datetime | None:
        """Until when."""
        return moment_of(self.closes_day, self.closes_time)

    def validate_school_code(self, _field: LookupField) -> None:
        """One place, not none."""
        if not self.place:
            raise ValidationError(gettext("เลือกเขตพื้นที่หรือโรงเรียนที่ขอผ่อนผัน"))

    def validate_actions(self, field: SelectMultipleField) -> None:
        """At least one action."""
        if not field.data:
            raise ValidationError(gettext("เลือกอย่างน้อยหนึ่งรายการ"))


class ClosingForm(Form):
    """Closing cannot be undone, so the round's name is typed."""

    typed = StringField(_("พิมพ์ชื่อรอบ"), [Needed()], render_kw={"autocomplete": "off"})

    def __init__(self, formdata: Any, label: str) -> None:
        super().__init__(formdata)
        self.label = label

    def validate_typed(self, field: StringField) -> None:
        """Exactly the name, apart from spaces."""
        if "".join((field.data or "").split()) != "".join(self.label.split()):
            raise ValidationError(gettext("ยังไม่ตรงกับชื่อรอบ กรุณาพิมพ์ “%(label)s”", label=self.label))


def _spans(windows: list[tuple[WindowAction, WindowForm]]) -> Iterator[Span]:
    for action, form in windows:
        opens, closes = form.opens_at, form.closes_at
        assert opens is not None, "validate has passed"  # noqa: S101 - a mistake of ours
        assert closes is not None, "validate has passed"  # noqa: S101 - a mistake of ours
        yield Span(action, opens, closes)


def defaults_of_year(academic_year: int, system: RoundSystem) -> dict[str, Any]:
    """What a year's form shows first: the days of past letters in this year, 08.30 to 16.30."""
    return {f"round{plan.number}": _defaults_of(plan, academic_year) for plan in PLANS[system]}


def _defaults_of(plan: RoundPlan, year: int) -> dict[str, Any]:
    windows = {window.action.value: _four(*window.span(year)) for window in plan.windows}
    return {"wanted": True, "snapshot": plan.snapshot.of(year), **windows}


def shown_windows(windows: dict[WindowAction, Any]) -> dict[str, Any]:
    """The present windows as a form shows them, by the action's code."""
    return {action.value: _four(w.opens_at, w.closes_at) for action, w in windows.items() if w is not None}


def _four(opens_at: dt.datetime, closes_at: dt.datetime) -> dict[str, Any]:
    opens, closes = bangkok(opens_at), bangkok(closes_at)
    return {
        "opens_day": opens.date(),
        "opens_time": opens.time(),
        "closes_day": closes.date(),
        "closes_time": closes.time(),
    }
