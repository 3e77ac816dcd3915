"""Rounds: their windows for everybody to read; central makes them, sets times, grants exceptions, closes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.rounds import (
    ClosingForm,
    ExceptionForm,
    Span,
    WindowsForm,
    YearForm,
    defaults_of_year,
    shown_windows,
)

from .. import access, rules
from ..access import CENTRE, Action
from ..codes import ROUND_STEPS, RoundSystem, WindowAction
from ..dataset import lock
from ..declaration import db
from ..errors import NotYours, RuleViolation
from ..language import gettext as _
from ..models import CollectionRound, Window
from ..thaidate import academic_year, arabic_digits
from ..workflows import nutrition, promotion, round_plans, rounds
from ..workflows.accounts import places_of
from ..workflows.timetable import timetables_of
from .verbs import refusal_when


@dataclass(frozen=True)
class ShownRound:
    """A round as the pages show it: ``windows`` are those that decide for the viewer's scope."""

    round: CollectionRound
    name: str
    is_present: bool
    windows: list[tuple[WindowAction, Window | None]]
    exceptions: list[Window]

    @property
    def state(self) -> str:
        """``closed``, ``open`` for the round that today's data belong to, or ``waiting``."""
        return "closed" if self.round.is_closed else "open" if self.is_present else "waiting"


class RoundView(BaseView):
    """Rounds and their windows."""

    route_base = "/rounds"
    class_permission_name = "round"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """All rounds, the newest first, with the times that hold for the viewer."""
        system = system_asked_for()
        return self.render_template(
            "thabian/rounds/list.html",
            rounds=shown_rounds(rounds.all_rounds(system)),
            system=system,
            systems=RoundSystem,
            may=_what_may_be_done(),
        )

    @expose("/<int:round_id>")
    @has_access
    @permission_name("read")
    def show(self, round_id: int) -> str:
        """One round: its times, who got exceptions and why, how far the schools are."""
        one = _round(round_id)
        shown = shown_rounds([one])[0]
        return self.render_template(
            "thabian/rounds/show.html",
            shown=shown,
            every=_windows_seen(rounds.windows_of(one)),
            places=places_of([window.scope for window in shown.exceptions]),
            ends_the_year=promotion.ends_the_year(one),
            fixed=[
                (declared, one.judged_by[code])
                for code, declared in rules.SETTINGS.items()
                if code in one.judged_by
            ],
            reference=nutrition.in_force(one) if one.system is RoundSystem.DMC else None,
            counts=rounds.counts_by_state(one) if access.viewer().may(Action.READ, "submission") else None,
            may=_what_may_be_done(),
        )

    # ── A year ───────────────────────────────────────────────────────────────────────────────────────────

    @expose("/new", methods=["GET", "POST"])
    @has_access
    @permission_name("manage")
    def new(self) -> Any:
        """A system's rounds of a year with the days of past letters, to be corrected before they are saved."""
        system = system_asked_for()
        year = _year_asked_for(system)
        form = YearForm(_posted(), system, data=defaults_of_year(year, system))
        refusal = None
        if request.method == "POST" and form.validate():
            refusal = refusal_when(lambda: _create(year, form))
            if refusal is None:
                flash(_("สร้างรอบของปีการศึกษา %(year)s แล้ว", year=year), "success")
                return redirect(url_for("RoundView.browse", system=in_address(system)))
        return self._form("year", form, refusal, year=year, system=system, systems=RoundSystem)

    # ── Times ────────────────────────────────────────────────────────────────────────────────────────────

    @expose("/<int:round_id>/windows", methods=["GET", "POST"])
    @has_access
    @permission_name("manage")
    def windows(self, round_id: int) -> Any:
        """The national windows of a round; what was changed is set anew, what was before stays readable."""
        one = _round(round_id)
        present = timetables_of([one])[one.id]
        deciding = {action: present.window(action, CENTRE) for action in ROUND_STEPS}
        form = WindowsForm(_posted(), data=shown_windows(deciding))
        refusal = None
        if request.method == "POST" and form.validate():
            changed = [span for span in form.spans() if _differs(span, deciding[span.action])]
            refusal = refusal_when(lambda: _set_windows(one, changed, form.source_shown()))
            if refusal is None:
                told = _("บันทึกช่วงเวลาที่เปลี่ยน %(n)s รายการแล้ว", n=len(changed))
                flash(told if changed else _("ไม่มีช่วงเวลาที่เปลี่ยน"), "success" if changed else "info")
                return redirect(url_for("RoundView.show", round_id=one.id))
        return self._form("windows", form, refusal, round=one)

    @expose("/<int:round_id>/exception", methods=["GET", "POST"])
    @has_access
    @permission_name("grant")
    def exception(self, round_id: int) -> Any:
        """More time for one district or one school, with the reason."""
        one = _round(round_id)
        form = ExceptionForm(_posted(), **_asked_exception())
        refusal = None
        if request.method == "POST" and form.validate():
            refusal = refusal_when(lambda: _grant(one, form))
            if refusal is None:
                flash(_("ผ่อนผันเวลาแล้ว ผู้ได้รับผ่อนผันทำรายการได้ทันที"), "success")
                return redirect(url_for("RoundView.show", round_id=one.id))
        return self._form("exception", form, refusal, round=one)

    # ── Closing ──────────────────────────────────────────────────────────────────────────────────────────

    @expose("/<int:round_id>/close", methods=["GET", "POST"])
    @has_access
    @permission_name("close")
    def close(self, round_id: int) -> Any:
        """R15: close for good, after typing the round's name; shows whom the closing leaves behind."""
        one = _round(round_id)
        form = ClosingForm(_posted(), one.label)
        refusal = None
        if request.method == "POST" and form.validate():
            refusal = refusal_when(lambda: promotion.close_round(one))
            if refusal is None:
                flash(_("ปิด%(round)sแล้ว ข้อมูลของรอบนี้แก้ไขไม่ได้อีก", round=one.label), "success")
                turns = promotion.ends_the_year(one)
                return redirect(url_for("PromotionView.show" if turns else "RoundView.show", round_id=one.id))
        return self._form("close", form, refusal, round=one, counts=rounds.counts_by_state(one))

    def _form(self, page: str, form: Any, refusal: RuleViolation | None, **shown: Any) -> Any:
        wrong = refusal.status if refusal is not None else 422 if form.errors else 200
        return self.render_template(f"thabian/rounds/{page}.html", form=form, refusal=refusal, **shown), wrong


# ── What is shown ────────────────────────────────────────────────────────────────────────────────────────


def shown_rounds(found: Sequence[CollectionRound]) -> list[ShownRound]:
    """Rounds with the windows that decide for the viewer and the exceptions in the viewer's sight."""
    present = {one.id for one in rounds.current_rounds().values()}
    viewer, timetables = access.viewer(), timetables_of(found)
    return [
        ShownRound(
            one,
            round_plans.name_of(one.number, one.system),
            one.id in present,
            [(action, timetables[one.id].window(action, viewer.scope)) for action in ROUND_STEPS],
            [w for w in timetables[one.id].deciding.values() if w.scope != CENTRE and _concerns(w.scope)],
        )
        for one in found
    ]


def _concerns(scope: str) -> bool:
    viewer = access.viewer()
    return access.covers(viewer.scope, scope) or access.covers(scope, viewer.scope)


def _windows_seen(windows: Iterable[Window]) -> list[Window]:
    return sorted(
        (w for w in windows if _concerns(w.scope)), key=lambda w: (w.granted_at, w.id), reverse=True
    )


def _what_may_be_done() -> set[str]:
    viewer = access.viewer()
    actions = (Action.MANAGE, Action.GRANT, Action.CLOSE)
    return {str(action) for action in actions if viewer.looks_after(CENTRE) and viewer.may(action, "round")}


def _round(round_id: int) -> CollectionRound:
    found = db.session.get(CollectionRound, round_id)
    if found is None:
        raise NotYours
    return found


# ── What is asked for ────────────────────────────────────────────────────────────────────────────────────


def _posted() -> Any:
    return request.form if request.method == "POST" else None


def system_asked_for() -> RoundSystem:
    """The system that the address names, the learners' (DMC) when it names none that is known."""
    asked = request.values.get("system", "")
    return next((system for system in RoundSystem if system.value == asked), RoundSystem.DMC)


def in_address(system: RoundSystem) -> str | None:
    """The system for an address; none for the one that is meant anyway."""
    return None if system is RoundSystem.DMC else str(system.value)


def _first_year_without_rounds(system: RoundSystem) -> int:
    taken = {one.academic_year for one in rounds.all_rounds(system)}
    year = academic_year(lock.today())
    while year in taken:
        year += 1
    return year


def _year_asked_for(system: RoundSystem) -> int:
    typed = arabic_digits(request.values.get("year", "")).strip()
    return int(typed) if typed.isascii() and typed.isdigit() and 2500 <= int(typed[:6]) <= 2700 else (
        _first_year_without_rounds(system)
    )  # fmt: skip


def _asked_exception() -> dict[str, Any]:
    """A link from a school's or district's page names the place already."""
    return {
        "school_code": request.args.get("school", "")[:8],
        "area_code": request.args.get("area", "")[:8],
        "actions": [action.value for action in ROUND_STEPS if action is not WindowAction.ACKNOWLEDGE],
    }


def _differs(span: Span, window: Window | None) -> bool:
    """The form shows minutes: a window set to the second by a command is not changed by being looked at."""
    if window is None:
        return True
    shown = [at.replace(second=0, microsecond=0) for at in (window.opens_at, window.closes_at)]
    return shown != [span.opens_at, span.closes_at]


# ── What is done ─────────────────────────────────────────────────────────────────────────────────────────


def _create(year: int, form: YearForm) -> None:
    source = str(form.source.data or "").strip()
    for plan, planned in form.wanted:
        snapshot = planned.snapshot.day
        assert snapshot is not None, "validate has passed"  # noqa: S101 - a mistake of ours
        made = rounds.create_round(year, plan.number, snapshot, source, form.system)
        _set_windows(made, planned.spans(), source)
        rounds.open_submissions(made)


def _set_windows(one: CollectionRound, spans: Iterable[Span], source: str) -> None:
    for span in spans:
        rounds.set_window(one, span.action, CENTRE, span.opens_at, span.closes_at, source=source)


def _grant(one: CollectionRound, form: ExceptionForm) -> None:
    closes_at = form.closes_at
    assert closes_at is not None, "validate has passed"  # noqa: S101 - a mistake of ours
    rounds.grant_exception(
        one,
        rounds.scope_of_place(form.place),
        [WindowAction(code) for code in form.actions.data or ()],
        closes_at,
        form.reason.data or "",
        form.source.data or "",
    )
