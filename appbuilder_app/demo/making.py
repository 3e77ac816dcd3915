"""Makes the demo: places, people, rounds, accounts, a past, faults, and schools on their way."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..dataset import history, lock
from ..declaration import db
from ..models import CollectionRound
from ..setup import acting, one_at_a_time
from ..thaidate import bangkok
from ..workflows import rounds
from . import accounts, calendar, chain, flaws, load, past, sample_file
from .load import Learners, Loaded, Size, Tell
from .schools import SEED, School

NAME = "ชุดข้อมูลตัวอย่าง"


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
    days = calendar.calendar(bangkok(lock.now()).date())
    learners = load.of_year(days.current.academic_year, seed, incomplete=0.0)
    load.load_schools([schools])
    accounts.make(schools, seed)
    current = calendar.create_open(days.current)
    planned = [calendar.create(place) for place in days.planned]
    for opened in (current, *planned):
        rounds.open_submissions(opened)
    load.load_learners([schools], past.before(learners, seed), tell=lambda _: None)
    for place in days.closed:
        past.freeze(place, schools)
    past.move(schools, learners, seed)
    flaws.put_in(schools, days.current.academic_year)
    chain.advance(schools[2 : 2 + flaws.CLEAN], "district")
    _remember(current, schools)
    return sample_file.write(folder, schools[0], learners, days.current, lock.now())


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
