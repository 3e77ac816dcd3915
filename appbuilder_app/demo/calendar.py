"""The demo's rounds, placed around today: the last one closed, one open for everything, the next planned."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from .. import thaidate
from ..access import CENTRE
from ..codes import RoundSystem
from ..dataset import lock
from ..declaration import db
from ..models import CollectionRound, Window
from ..thaidate import BANGKOK
from ..walls import SetWork, set_based
from ..workflows import rounds
from ..workflows.round_plans import AFTERNOON, MORNING, PLANS, RoundPlan

DAYS_OPEN: Final = 15
"""So many days from today on everything can be done; then, at 16.30, it closes."""
_DAYS_BEFORE: Final = 10
_DMC: Final = PLANS[RoundSystem.DMC]

SOURCE: Final = "ปฏิทินสมมติของข้อมูลตัวอย่าง"
AGAIN: Final = "ต่อเวลาให้ทดลองใช้ต่อได้"

# The round that is under way when the year has come so far: from this month and day on.
_UNDER_WAY: Final = (((1, 1), 2), ((2, 1), 3), ((5, 16), 1), ((9, 1), 2))


class Place(NamedTuple):
    """A round's place in time."""

    academic_year: int
    number: int
    system: RoundSystem = RoundSystem.DMC

    @property
    def plan(self) -> RoundPlan:
        """What the year's plan says of it."""
        return PLANS[self.system][self.number - 1]


class Calendar(NamedTuple):
    """The rounds that a demo has: ``closed`` and ``planned`` may be several, oldest first."""

    closed: list[Place]
    current: Place
    planned: list[Place]


def calendar(today: dt.date) -> Calendar:
    """The academic year's three rounds, and before the first one the last of the year before."""
    year = thaidate.academic_year(today)
    number = next(n for start, n in reversed(_UNDER_WAY) if (today.month, today.day) >= start)
    closed = [Place(year, earlier) for earlier in range(1, number)] or [Place(year - 1, len(_DMC))]
    planned = [Place(year, later) for later in range(number + 1, len(_DMC) + 1)]
    return Calendar(closed, Place(year, number), planned)


def of_things(today: dt.date) -> list[Calendar]:
    """The year's rounds of each other system: open is the one under way or, late in the year, its last."""
    year = thaidate.academic_year(today)
    return [_of_system(system, year, today) for system in RoundSystem if system is not RoundSystem.DMC]


def _of_system(system: RoundSystem, year: int, today: dt.date) -> Calendar:
    places = [Place(year, plan.number, system) for plan in PLANS[system]]
    over = [place for place in places[:-1] if place.plan.windows[0].last.of(year) < today]
    return Calendar([], places[len(over)], places[len(over) + 1 :])


def create(place: Place) -> CollectionRound:
    """A round with the windows of its plan."""
    made = rounds.create_round(place.academic_year, place.number, _snapshot(place), SOURCE, place.system)
    set_windows(made, place)
    return made


def set_windows(made: CollectionRound, place: Place) -> None:
    """The windows of a round's plan."""
    for window in place.plan.windows:
        opens = _at(window.first.of(place.academic_year), MORNING)
        closes = _at(window.last.of(place.academic_year), AFTERNOON)
        rounds.set_window(made, window.action, CENTRE, opens, closes, source=SOURCE)


def create_open(place: Place) -> CollectionRound:
    """A round in which recording, confirming, certifying and acknowledging are all possible now."""
    made = rounds.create_round(place.academic_year, place.number, _snapshot(place), SOURCE, place.system)
    _open_windows(made, lock.today() - dt.timedelta(days=_DAYS_BEFORE))
    return made


def keep_open() -> bool:
    """Open the demo's rounds once more when their time is over, so that an old demo can still be tried."""
    present = rounds.current_rounds().values()
    over = [current for current in present if current.source == SOURCE and _is_over(current)]
    for current in over:
        _open_windows(current, lock.today(), AGAIN)
    return bool(over)


def close(closed: CollectionRound, place: Place) -> None:
    """Close a round on the day that its plan ends; ``rounds.close_round`` would close it only today."""
    last = max(window.last.of(place.academic_year) for window in place.plan.windows)
    table = CollectionRound.__table__
    values = {"closed_at": _at(last, dt.time(20)), "closed_by": "ส่วนกลาง (ข้อมูลตัวอย่าง)"}
    with set_based(SetWork.DEMO):
        db.session.connection().execute(table.update().where(table.c.id == closed.id).values(values))
    db.session.refresh(closed)


def signing_times(place: Place, position: int) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
    """When a district's position-th school confirmed and certified, and the district answered, back then."""
    confirm, acknowledge = place.plan.windows[1], place.plan.windows[3]
    day = confirm.last.of(place.academic_year)
    confirmed = _at(day, MORNING) + dt.timedelta(minutes=3 * position % 400, seconds=37 * position % 60)
    certified = confirmed + dt.timedelta(minutes=15 + position % 40, seconds=11 * position % 60)
    return confirmed, certified, _at(acknowledge.last.of(place.academic_year), dt.time(10, position % 60))


def _open_windows(opened: CollectionRound, first: dt.date, reason: str = "") -> None:
    plan = Place(opened.academic_year, opened.number, opened.system).plan
    closes = _at(lock.today() + dt.timedelta(days=DAYS_OPEN), AFTERNOON)
    for window in plan.windows:
        opens = min(_at(first, MORNING), lock.now() - dt.timedelta(minutes=1))
        rounds.set_window(opened, window.action, CENTRE, opens, closes, reason=reason, source=SOURCE)


def _is_over(current: CollectionRound) -> bool:
    newest: dict[tuple[str, str], Window] = {}
    for window in reversed(rounds.windows_of(current)):
        newest[window.scope, window.action.value] = window
    return all(window.closes_at <= lock.now() for window in newest.values())


def _snapshot(place: Place) -> dt.date:
    return place.plan.snapshot.of(place.academic_year)


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, BANGKOK)
