"""Makes the demo: places, people, rounds, accounts, a past, faults, and schools on their way."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..dataset import history, lock
from ..declaration import db
from ..models import CollectionRound
from ..setup import acting, one_at_a_time
from ..workflows import nutrition, rounds
from . import (
    accounts,
    calendar,
    chain,
    flaws,
    growth,
    life,
    load,
    past,
    readers,
    sample_file,
    surveys,
    things,
    year_end,
)
from .load import Learners, Loaded, Size, Tell
from .schools import SEED, School

NAME = "ชุดข้อมูลตัวอย่าง"
_ON_THEIR_WAY = 5
"""So many schools have done something in the rounds of the other systems."""


class Made(NamedTuple):
    """What a call has added, and the student file to try the import with (None when the demo was there)."""

    loaded: Loaded
    sample: Path | None


def make(size: Size, folder: Path, tell: Tell, seed: int = SEED) -> Made:
    """Add the demo, or to an earlier demo the areas that it lacks, and commit.

    NotForTheDemo (409) in a database with other accounts or schools. Repeating it changes nothing.
    """
    one_at_a_time()
    first_time = not accounts.are_there()
    if first_time:
        accounts.refuse_other_data()
    with acting(NAME):
        areas = load.absent(load.planned(size, seed))
        sample = _begin(areas[0], folder, seed) if first_time and areas else None
        loaded = _more(areas[1:] if first_time else areas, seed, tell)
        if first_time:
            loaded = _with_first(loaded, areas[0])
        db.session.commit()
    return Made(loaded, sample)


def _begin(schools: list[School], folder: Path, seed: int) -> Path:
    """The demo's own district: with a past, with faults, and with a round under way."""
    days = calendar.calendar(lock.today())
    learners = load.of_year(days.current.academic_year, seed, incomplete=0.0)
    load.load_schools([schools])
    accounts.make(schools, seed)
    nutrition.import_reference(growth.reference(), growth.EDITION, growth.SOURCE, synthetic=True)
    current = calendar.create_open(days.current)
    planned = [calendar.create(place) for place in days.planned]
    others = [one for of_system in calendar.of_things(lock.today()) for one in _rounds(of_system)]
    for opened in (current, *planned, *others):
        rounds.open_submissions(opened)
    things.load(schools, seed)
    load.load_learners([schools], past.before(learners, seed), tell=lambda _: None)
    # Where the last round is that of the year's end, it is itself frozen below.
    ended = year_end.begin(days.current.academic_year) if days.closed[0].number == 1 else None
    for place in days.closed:
        past.freeze(place, schools)
    past.move(schools, learners, seed)
    flaws.put_in(schools, days.current.academic_year)
    if ended is not None:
        # Of some schools only: a set-up is waited for.
        year_end.tell(ended, schools[: 2 + flaws.CLEAN], learners, seed)
    chain.advance(schools[2 : 2 + flaws.CLEAN], "district")
    chain.advance_others(schools[2 : 2 + _ON_THEIR_WAY], "district")
    chain.advance_first(schools[0].code, "officer1", "director1")
    readers.load(schools)
    life.tell([*schools[:2], schools[2 + flaws.CLEAN]], days.current.number)
    surveys.publish(schools, days.current.academic_year, seed)
    _remember(current, schools)
    return sample_file.write(folder, schools[0], learners, days.current, lock.now())


def _rounds(of_system: calendar.Calendar) -> list[CollectionRound]:
    """Another system's rounds: one open for everything, the others planned."""
    return [calendar.create_open(of_system.current), *map(calendar.create, of_system.planned)]


def _remember(current: CollectionRound, schools: list[School]) -> None:
    what = {"round": current.label, "schools": len(schools)}
    history.record_reading(db.session.connection(), "student", "demo", what)


def _more(areas: list[list[School]], seed: int, tell: Tell) -> Loaded:
    """Further areas, for their size alone: schools with learners, whose round has not begun."""
    if not areas:
        return Loaded(0, 0, 0, 0.0)
    current = rounds.current_round()
    assert current is not None, "the first area's demo has opened one"  # noqa: S101 - cannot be otherwise
    load.load_schools(areas)
    rounds.open_submissions(current)
    return load.load_learners(areas, _learners(current, seed), tell)


def _learners(current: CollectionRound, seed: int) -> Learners:
    return load.of_year(current.academic_year, seed)


def _with_first(more: Loaded, first: list[School]) -> Loaded:
    return more._replace(
        areas=more.areas + 1,
        schools=more.schools + len(first),
        learners=more.learners + sum(school.students for school in first),
    )
