"""The plans of a year's rounds for each system: what letters of past years set, for central to adjust."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, NamedTuple

from .. import thaidate
from ..bilingual import Label
from ..codes import RoundSystem, WindowAction

MORNING, AFTERNOON = dt.time(8, 30), dt.time(16, 30)


class Day(NamedTuple):
    """A day of an academic year's plan: month, day, and 1 when it lies in the next calendar year."""

    month: int
    day: int
    next_year: int = 0

    def of(self, academic_year: int) -> dt.date:
        """The day in the Common Era, for a Buddhist Era academic year."""
        return dt.date(thaidate.to_ce(academic_year) + self.next_year, self.month, self.day)


class WindowPlan(NamedTuple):
    """An action's first and last day; it opens at 08.30 and closes at 16.30 Bangkok time."""

    action: WindowAction
    first: Day
    last: Day

    def span(self, academic_year: int) -> tuple[dt.datetime, dt.datetime]:
        """When it opens and closes in a Buddhist Era academic year."""
        return (
            dt.datetime.combine(self.first.of(academic_year), MORNING, thaidate.BANGKOK),
            dt.datetime.combine(self.last.of(academic_year), AFTERNOON, thaidate.BANGKOK),
        )


class RoundPlan(NamedTuple):
    """A round as letters of past years set it; a start for central to adjust, never a rule."""

    number: int
    name: str
    snapshot: Day
    windows: tuple[WindowPlan, ...]
    source: str


_EDIT, _CONFIRM, _CERTIFY = WindowAction.EDIT, WindowAction.CONFIRM, WindowAction.CERTIFY
_ACKNOWLEDGE = WindowAction.ACKNOWLEDGE

_DMC = (
    RoundPlan(
        1,
        Label("ภาคเรียนที่ 1", "Term 1"),
        Day(6, 10),
        (
            WindowPlan(_EDIT, Day(5, 16), Day(6, 10)),
            WindowPlan(_CONFIRM, Day(6, 10), Day(6, 10)),
            WindowPlan(_CERTIFY, Day(6, 10), Day(6, 10)),
            WindowPlan(_ACKNOWLEDGE, Day(6, 11), Day(6, 11)),
        ),
        "ปฏิทิน พ.ศ. 2567",
    ),
    RoundPlan(
        2,
        Label("ภาคเรียนที่ 2", "Term 2"),
        Day(11, 10),
        (
            WindowPlan(_EDIT, Day(7, 15), Day(11, 10)),
            WindowPlan(_CONFIRM, Day(11, 1), Day(11, 10)),
            WindowPlan(_CERTIFY, Day(11, 1), Day(11, 10)),
            # The calendars name no day for round 2; one day after the last certifying, as in round 1.
            WindowPlan(_ACKNOWLEDGE, Day(11, 1), Day(11, 11)),
        ),
        "คู่มือปฏิบัติงาน และปฏิทิน พ.ศ. 2562",
    ),
    RoundPlan(
        3,
        Label("สิ้นปีการศึกษา", "End of year"),
        Day(4, 30, 1),
        (
            WindowPlan(_EDIT, Day(3, 1, 1), Day(4, 30, 1)),
            WindowPlan(_CONFIRM, Day(4, 20, 1), Day(4, 30, 1)),
            WindowPlan(_CERTIFY, Day(4, 20, 1), Day(4, 30, 1)),
            WindowPlan(_ACKNOWLEDGE, Day(4, 20, 1), Day(5, 15, 1)),
        ),
        "หนังสือเขตพื้นที่ 16 มีนาคม พ.ศ. 2563",
    ),
)


def _whole_window(first: Day, last: Day, answered: Day) -> tuple[WindowPlan, ...]:
    """Other systems' letters set one window for recording and signing; the district answers a day longer."""
    return (
        WindowPlan(_EDIT, first, last),
        WindowPlan(_CONFIRM, first, last),
        WindowPlan(_CERTIFY, first, last),
        # No letter names a day for the district: one day after the last certifying, as in DMC.
        WindowPlan(_ACKNOWLEDGE, first, answered),
    )


_JUNE, _OCTOBER = Label("มิถุนายน", "June"), Label("ตุลาคม", "October")

_ASSET = (
    RoundPlan(
        1,
        _OCTOBER,
        Day(10, 30),
        _whole_window(Day(10, 1), Day(10, 30), Day(10, 31)),
        "แนวปฏิบัติ พ.ศ. 2566",
    ),
)

_MOBEC = (
    RoundPlan(
        1, _JUNE, Day(6, 30), _whole_window(Day(6, 1), Day(6, 30), Day(7, 1)), "ปฏิทินคู่มือปฏิบัติงาน พ.ศ. 2562"
    ),
    RoundPlan(
        2,
        _OCTOBER,
        Day(10, 30),
        _whole_window(Day(10, 1), Day(10, 30), Day(10, 31)),
        "ปฏิทินคู่มือปฏิบัติงาน พ.ศ. 2562",
    ),
)

_EMIS = (
    RoundPlan(1, _JUNE, Day(6, 30), _whole_window(Day(6, 1), Day(6, 30), Day(7, 1)), "ปฏิทินเขตพื้นที่ พ.ศ. 2562"),
    RoundPlan(
        2, _OCTOBER, Day(10, 31), _whole_window(Day(10, 1), Day(10, 31), Day(11, 1)), "ปฏิทินเขตพื้นที่ พ.ศ. 2562"
    ),
)

PLANS: Final[Mapping[RoundSystem, tuple[RoundPlan, ...]]] = {
    RoundSystem.DMC: _DMC,
    RoundSystem.ASSET: _ASSET,
    RoundSystem.MOBEC: _MOBEC,
    RoundSystem.EMIS: _EMIS,
}

MOST_ROUNDS: Final = max(map(len, PLANS.values()))


def name_of(number: int, system: RoundSystem = RoundSystem.DMC) -> str:
    """``ภาคเรียนที่ 1`` of a round's number; empty for a number that no plan knows."""
    return next((plan.name for plan in PLANS[system] if plan.number == number), "")
