"""Writers against a round that closes and a school that confirms, on real connections: nothing lands after.

What the closing (or confirming) transaction sees while it holds its lock must be what is there when everybody
has finished. The same scenes without FOR SHARE end in a breach, which shows that they would notice one.
"""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from appbuilder_app import errors, proving
from appbuilder_app.dataset import ddl, refusals
from appbuilder_app.declaration import db
from appbuilder_app.errors import RuleViolation
from appbuilder_app.models import CollectionRound, Roster, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import rounds, submissions
from scripts.services import PostgreSQL
from tests.app_fixtures import SCHOOL, SCOPES, SIBLING, World, national_id, pupil
from tests.script_fixtures import Script

PATIENCE = 120  # seconds; only a machine busy with other things needs more than a few
ALL_ROWS = "SELECT id, school_code, version, weight_kg FROM student ORDER BY id"
OF_SCHOOL = f"SELECT national_id, weight_kg FROM student WHERE school_code = '{SCHOOL}' ORDER BY national_id"


@pytest.fixture(autouse=True)
def on_postgresql(databases: object) -> None:
    """SQLite has one writer at a time: whoever closes there is alone already."""
    if not isinstance(databases, PostgreSQL):
        pytest.skip("SQLite has one writer at a time")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """People working at the same time."""
    with ThreadPoolExecutor(max_workers=10) as pool:
        yield pool


# ── The people ───────────────────────────────────────────────────────────────────────────────────────────

Pause = Callable[[], None]


def write_raw(script: Script, number: int, pause: Pause) -> None:
    """A script adds a pupil, waits, and commits."""
    with script.engine.connect() as connection:
        connection.execute(sa.insert(Student.__table__).values(**_values(number)))
        pause()
        connection.commit()


def _values(number: int) -> dict[str, Any]:
    made = pupil(SCHOOL, number)
    table = Student.__table__
    given = {c.name: getattr(made, c.name) for c in table.c if getattr(made, c.name) is not None}
    defaults = {c.name: c.default.arg for c in table.c if c.default is not None and c.default.is_scalar}
    return defaults | given | {"scope": SCOPES[SCHOOL]}


def write_by_orm(world: World, number: int, pause: Pause) -> None:
    """Alice adds a pupil on a screen that is slow to answer."""
    with world.acting("alice"):
        db.session.add(pupil(SCHOOL, number))
        db.session.flush()
        pause()
        db.session.commit()


Writer = Callable[[int, Pause], None]


@pytest.fixture(params=["raw SQL", "ORM"])
def writer(request: pytest.FixtureRequest, world: World, script: Script) -> Writer:
    """Adds the pupil of a number, and calls pause before it commits."""
    if request.param == "ORM":
        return lambda number, pause: write_by_orm(world, number, pause)
    return lambda number, pause: write_raw(script, number, pause)


def close(world: World, query: str = ALL_ROWS, pause: Pause = lambda: None) -> list[tuple[Any, ...]]:
    """Cee closes the round; what she saw as the last thing before it was done."""
    with world.acting("cee"):
        rounds.close_round(db.session.scalars(sa.select(CollectionRound)).one())
        return _seen_and_committed(query, pause)


def confirm(world: World, query: str = OF_SCHOOL, pause: Pause = lambda: None) -> list[tuple[Any, ...]]:
    """Alice's colleague confirms the school; what was there when it was frozen."""
    with world.acting("alice"):
        submissions.confirm(SCHOOL)
        return _seen_and_committed(query, pause)


def _seen_and_committed(query: str, pause: Pause) -> list[tuple[Any, ...]]:
    with set_based(SetWork.BENCHMARK):
        seen = [tuple(row) for row in db.session.connection().execute(sa.text(query))]
    pause()
    db.session.commit()
    return seen


def until(condition: Callable[[], object]) -> None:
    """Wait until it holds; fail when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def until_reached(event: threading.Event, work: Future[Any]) -> None:
    """Wait until the work has come so far; when it fails before, so do we, with its error."""
    until(lambda: event.is_set() or work.done())
    if not event.is_set():
        work.result()


def somebody_waits(script: Script) -> bool:
    """Whether a connection waits for another's lock."""
    # Not pg_stat_activity: what another role waits for is not the owner's to see there.
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    return bool(script.value(waiting))


def refusal_of(work: Future[Any]) -> RuleViolation | None:
    """How the work ended: refused, by the guard or by the trigger, or not."""
    failed = work.exception(PATIENCE)
    if failed is None or isinstance(failed, RuleViolation):
        return failed
    refusal = refusals.from_database(failed)
    assert refusal is not None, failed
    return refusal


# ── A write begun before ─────────────────────────────────────────────────────────────────────────────────


def test_closing_waits_for_a_write_under_way(
    world: World, script: Script, threads: ThreadPoolExecutor, writer: Writer
) -> None:
    written, go_on = threading.Event(), threading.Event()
    writing = threads.submit(writer, 901, _pausing(written, go_on))
    until_reached(written, writing)
    closing = threads.submit(close, world)
    until(lambda: somebody_waits(script))
    assert not closing.done()
    go_on.set()
    assert refusal_of(writing) is None
    seen = closing.result(PATIENCE)
    assert seen == script.rows(ALL_ROWS)
    assert len(seen) == 13


def test_confirming_waits_for_a_write_under_way(
    world: World, script: Script, threads: ThreadPoolExecutor, writer: Writer
) -> None:
    written, go_on = threading.Event(), threading.Event()
    writing = threads.submit(writer, 901, _pausing(written, go_on))
    until_reached(written, writing)
    confirming = threads.submit(confirm, world)
    until(lambda: somebody_waits(script))
    go_on.set()
    assert refusal_of(writing) is None
    assert confirming.result(PATIENCE) == script.rows(OF_SCHOOL)
    assert national_id(901) in _frozen(world)


def _pausing(reached: threading.Event, go_on: threading.Event) -> Pause:
    def pause() -> None:
        reached.set()
        assert go_on.wait(PATIENCE)

    return pause


def _frozen(world: World) -> set[str]:
    """The national IDs in the school's frozen roster."""
    with world.acting("alice"):
        content = db.session.scalars(sa.select(Roster.content)).one()
    lines = zlib.decompress(content).decode().splitlines()
    return {json.loads(line)["national_id"] for line in lines[proving.ABOUT :]}


# ── A write that comes while it happens ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("act", "refused"),
    [(close, errors.RoundClosed), (confirm, errors.SubmissionLocked)],
    ids=["close", "confirm"],
)
def test_a_write_during_the_act_waits_and_is_refused(
    world: World,
    script: Script,
    threads: ThreadPoolExecutor,
    writer: Writer,
    act: Callable[..., list[tuple[Any, ...]]],
    refused: type[RuleViolation],
) -> None:
    held, go_on = threading.Event(), threading.Event()
    acting = threads.submit(act, world, ALL_ROWS, _pausing(held, go_on))
    until_reached(held, acting)
    writing = threads.submit(writer, 901, lambda: None)
    until(lambda: somebody_waits(script))
    go_on.set()
    assert isinstance(refusal_of(writing), refused)
    assert acting.result(PATIENCE) == script.rows(ALL_ROWS)


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_an_old_snapshot_does_not_see_the_round_open(world: World, script: Script, level: Any) -> None:
    with script.engine.connect().execution_options(isolation_level=level) as connection:
        connection.execute(sa.text("SELECT 1 FROM collection_round")).all()
        close(world)
        with pytest.raises(DBAPIError) as caught:
            connection.execute(sa.insert(Student.__table__).values(**_values(901)))
    assert isinstance(refusals.from_database(caught.value), errors.TryAgain | errors.RoundClosed)


def test_confirming_one_school_leaves_the_others_alone(
    world: World, script: Script, threads: ThreadPoolExecutor
) -> None:
    held, go_on = threading.Event(), threading.Event()
    confirming = threads.submit(confirm, world, OF_SCHOOL, _pausing(held, go_on))
    until_reached(held, confirming)
    sibling = f"UPDATE student SET weight_kg = 40 WHERE school_code = '{SIBLING}'"
    assert threads.submit(script.run, sibling).result(PATIENCE) == 4
    go_on.set()
    confirming.result(PATIENCE)


# ── A crowd ──────────────────────────────────────────────────────────────────────────────────────────────


def raw_crowd(script: Script, worker: int) -> int:
    """Scripts change and add until they are refused; how often they could."""

    def work(turn: int) -> None:
        with script.engine.begin() as connection, refusals.as_refusals():
            connection.execute(sa.text(_HEAVIER))
            connection.execute(sa.insert(Student.__table__).values(**_values(10_000 * worker + turn)))

    return _until_closed(work)


_HEAVIER = f"UPDATE student SET version = version + 1 WHERE school_code = '{SIBLING}'"


def orm_crowd(world: World, worker: int) -> int:
    """Alice and her colleagues add pupils until they are refused; how often they could."""
    return _until_closed(lambda turn: write_by_orm(world, 10_000 * worker + turn, lambda: None))


def _until_closed(work: Callable[[int], None]) -> int:
    for turn in range(9_999):
        try:
            work(turn)
        except errors.RoundClosed:
            return turn
    raise AssertionError("the round never closed")


def test_nothing_of_a_crowd_lands_after_the_close(
    world: World, script: Script, threads: ThreadPoolExecutor
) -> None:
    crowd = [threads.submit(raw_crowd, script, worker) for worker in (1, 2, 3)]
    crowd += [threads.submit(orm_crowd, world, worker) for worker in (4, 5, 6)]
    until(lambda: script.value("SELECT count(*) FROM student") > 60)
    seen = threads.submit(close, world).result(PATIENCE)
    assert sum(one.result(PATIENCE) for one in crowd) == len(seen) - 12
    assert seen == script.rows(ALL_ROWS)


# ── Without FOR SHARE ────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def without_for_share(script: Script, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The guard and the trigger ask their questions, but hold nothing while the write is under way."""
    for made in ddl.objects("postgresql"):
        if made.name.startswith("thabian_"):
            script.run(made.create.replace(" FOR SHARE", ""))
    monkeypatch.setattr(sa.Select, "with_for_update", _without_share(sa.Select.with_for_update))
    yield
    monkeypatch.undo()


def _without_share(original: Callable[..., Any]) -> Callable[..., Any]:
    def with_for_update(query: Any, *, read: bool = False, **options: Any) -> Any:
        return query if read else original(query, **options)

    return with_for_update


@pytest.mark.parametrize("act", [close, confirm])
def test_without_for_share_a_write_lands_afterwards(
    world: World,
    script: Script,
    threads: ThreadPoolExecutor,
    writer: Writer,
    act: Callable[..., list[tuple[Any, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with without_for_share(script, monkeypatch):
        written, go_on = threading.Event(), threading.Event()
        writing = threads.submit(writer, 901, _pausing(written, go_on))
        until_reached(written, writing)
        seen = threads.submit(act, world, ALL_ROWS).result(PATIENCE)
        go_on.set()
        assert refusal_of(writing) is None
    assert len(script.rows(ALL_ROWS)) == len(seen) + 1


def test_the_guard_alone_holds_orm_writes(world: World, script: Script, threads: ThreadPoolExecutor) -> None:
    """The guard does not lean on the trigger: its own FOR SHARE is what closing waits for."""
    for made in ddl.objects("postgresql"):
        if made.name.startswith("student_round_lock"):
            script.run(made.drop)
    written, go_on = threading.Event(), threading.Event()
    writing = threads.submit(write_by_orm, world, 901, _pausing(written, go_on))
    until_reached(written, writing)
    closing = threads.submit(close, world)
    until(lambda: somebody_waits(script))
    go_on.set()
    assert refusal_of(writing) is None
    assert closing.result(PATIENCE) == script.rows(ALL_ROWS)
