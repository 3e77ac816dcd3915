"""Two officers at one reader, or one school, at once. On SQLite only one writes at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from appbuilder_app.codes import ReaderState, ReaderStep
from appbuilder_app.declaration import db
from appbuilder_app.errors import RuleViolation
from appbuilder_app.models import ReaderHolding
from appbuilder_app.workflows import readers
from tests.app_fixtures import SCHOOL, SIBLING, World
from tests.reader_fixtures import issued, state_of

ONLY_ON = "postgresql"


def _at_once(world: World, *verbs: Callable[[], Any]) -> list[str]:
    """Each verb by Dan in a thread of its own; what became of each, sorted."""
    begin, outcomes = threading.Barrier(len(verbs)), []

    def act(verb: Callable[[], Any]) -> None:
        with world.acting("dan"):
            begin.wait(10)
            try:
                verb()
                db.session.commit()
                outcomes.append("done")
            except RuleViolation as refusal:
                db.session.rollback()
                outcomes.append(type(refusal).__name__)

    threads = [threading.Thread(target=act, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def test_two_officers_allot_by_one_suggestion_and_one_is_told(world: World, stock: list[int]) -> None:
    pairs = [(SCHOOL, stock[0]), (SIBLING, stock[1])]
    swapped = [(SCHOOL, stock[1]), (SIBLING, stock[2])]
    assert _at_once(world, lambda: readers.allot(pairs), lambda: readers.allot(swapped)) == [
        "SuggestionOld", "done",
    ]  # fmt: skip
    # And one reader goes to one school.
    left = next(one for one in stock if state_of(world, one)[0] is ReaderState.STOCK)
    assert _at_once(
        world,
        lambda: readers.allot([(SCHOOL, left)], further=True),
        lambda: readers.allot([(SIBLING, left)], further=True),
    ) == ["ReaderNotSo", "done"]
    with world.acting("dan"):
        held = sa.select(ReaderHolding.reader_id).where(ReaderHolding.ended_at.is_(None))
        assert sorted(db.session.scalars(held)) == sorted(stock)


def test_taken_back_and_moved_on_at_once_it_is_in_one_place(world: World, stock: list[int]) -> None:
    issued(world, stock[0])
    outcomes = _at_once(
        world,
        lambda: readers.take(stock[0], ReaderStep.REALLOT, "โอน", SIBLING),
        lambda: readers.take(stock[0], ReaderStep.REPORT_FAULT, "แจ้งแทน"),
        lambda: readers.take(stock[0], ReaderStep.REPORT_LOSS, "แจ้งแทน"),
    )
    assert outcomes.count("done") == 1 or state_of(world, stock[0])[0] is ReaderState.LOST
    with world.acting("dan"):
        reader = readers.reader_with(stock[0])
        holding = readers.open_holding(reader)
        assert holding is not None
        assert holding.school_code == reader.holder_code
