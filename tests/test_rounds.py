"""Rounds: a year's plan, windows and exceptions, and the closing after which nothing is written (R15)."""

from __future__ import annotations

import datetime as dt
import threading
import time
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app.access import CENTRE
from appbuilder_app.codes import ROUND_STEPS, RoundSystem, SubmissionState, WindowAction
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    AlreadyThere,
    ClosesInThePast,
    EarlierRoundOpen,
    NotAnException,
    NothingWidened,
    NotPermitted,
    NotYours,
    PlaceUnknown,
    ReasonMissing,
    RoundAlreadyClosed,
    RoundClosed,
    RoundNotBegun,
    RoundTooEarly,
    RoundUnknown,
    RuleViolation,
    SourceMissing,
    WindowUpsideDown,
)
from appbuilder_app.models import Change, CollectionRound, Student, Submission, Window
from appbuilder_app.thaidate import BANGKOK
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import rounds, submissions
from appbuilder_app.workflows.timetable import timetable_of
from tests.app_fixtures import FOREIGN, SCHOOL, SCOPES, SIBLING
from tests.round_fixtures import DAY, Round

EDIT, CONFIRM, CERTIFY = WindowAction.EDIT, WindowAction.CONFIRM, WindowAction.CERTIFY
LETTER = "ที่ ศธ ๐๔๐๐๖/ว๑๘๒๔"


def bangkok_time(*parts: int) -> dt.datetime:
    """A moment on a Thai clock."""
    return dt.datetime(*parts, tzinfo=BANGKOK)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


def present() -> CollectionRound:
    """The round that is open."""
    found = rounds.current_round()
    assert found is not None
    return found


# ── A year ───────────────────────────────────────────────────────────────────────────────────────────────


def test_central_creates_a_years_three_rounds_with_their_windows_and_source(played: Round) -> None:
    created = played.does("cee", rounds.create_year, 2570, LETTER)

    assert [one.snapshot_date for one in created] == [
        dt.date(2027, 6, 10),
        dt.date(2027, 11, 10),
        dt.date(2028, 4, 30),
    ]
    with played.world.acting("cee"):
        times = timetable_of(created[0])
        confirm, edit = times.window(CONFIRM, SCOPES[SCHOOL]), times.window(EDIT, SCOPES[SCHOOL])
        assert confirm.opens_at == bangkok_time(2027, 6, 10, 8, 30)
        assert confirm.closes_at == bangkok_time(2027, 6, 10, 16, 30)
        assert edit.opens_at == bangkok_time(2027, 5, 16, 8, 30)
        for one in created:
            windows = rounds.windows_of(one)
            assert {window.action for window in windows} == set(ROUND_STEPS)
            assert {window.source for window in windows} == {LETTER}


def test_every_school_gets_its_submission_and_the_history_one_line(played: Round) -> None:
    first, *_ = played.does("cee", rounds.create_year, 2570, LETTER)

    with played.world.acting("cee"):
        schools = db.session.scalars(sa.select(Submission.school_code).filter_by(round_id=first.id)).all()
        assert sorted(schools) == sorted([SCHOOL, SIBLING, FOREIGN])
        opened = sa.select(Change).filter_by(dataset="collection_round", action="open", row_key=str(first.id))
        assert db.session.scalars(opened).one().after == {"submissions": 3}
        assert rounds.open_submissions(first) == 0


def test_a_year_is_created_once_and_whole_or_not_at_all(played: Round) -> None:
    played.is_refused("cee", AlreadyThere, rounds.create_year, 2569, LETTER)

    with played.world.acting("cee"):
        assert [(one.academic_year, one.number) for one in rounds.all_rounds()] == [(2569, 2)]


def test_a_year_names_the_letter_that_sets_it(played: Round) -> None:
    played.is_refused("cee", SourceMissing, rounds.create_year, 2570, " ")


def test_only_who_manages_rounds_creates_them(played: Round) -> None:
    for name in ("alice", "dao", "dan"):
        played.is_refused(name, NotPermitted, rounds.create_year, 2570, LETTER)


def test_no_round_is_added_before_a_closed_one(played: Round) -> None:
    played.close()

    played.is_refused("cee", RoundTooEarly, rounds.create_year, 2568, LETTER)


def test_a_round_that_does_not_exist_is_not_found(played: Round) -> None:
    played.is_refused("cee", RoundUnknown, rounds.round_of, 2569, 9)


# ── Windows ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_window_that_ends_before_it_begins_is_refused(played: Round) -> None:
    now = lock.now()
    played.is_refused(
        "cee",
        WindowUpsideDown,
        lambda: rounds.set_window(present(), EDIT, CENTRE, now, now - DAY, source=LETTER),
    )


def test_a_window_is_for_a_place_that_exists(played: Round) -> None:
    now = lock.now()
    for scope in ("C/9999", "C/1601/16020123"):
        played.is_refused(
            "cee",
            PlaceUnknown,
            lambda scope=scope: rounds.set_window(present(), EDIT, scope, now, now + DAY, source=LETTER),
        )


def test_the_newer_window_decides_and_the_older_stays_readable(played: Round) -> None:
    played.opens(EDIT, -DAY, 5 * DAY)
    played.opens(EDIT, -DAY, 3 * DAY)

    with played.world.acting("cee"):
        assert len([one for one in rounds.windows_of(present()) if one.action is EDIT]) == 3
        left = timetable_of(present()).closes_at(EDIT, SCOPES[SCHOOL])
        assert left is not None
        assert abs(left - (lock.now() + 3 * DAY)) < DAY


@given(data=st.data())
def test_the_timetable_answers_as_the_lock_does(data: st.DataObject) -> None:
    scopes = ["C", "C/1602", SCOPES[SCHOOL], "C/1601", SCOPES[FOREIGN]]
    engine = sa.create_engine("sqlite://")
    table = Window.__table__
    start = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    chosen = data.draw(
        st.lists(st.tuples(st.sampled_from(WindowAction), st.sampled_from(scopes)), max_size=8)
    )
    with engine.begin() as connection, set_based(SetWork.MIGRATION):
        table.create(connection)
        for place, (action, scope) in enumerate(chosen):
            row = {"round_id": 1, "action": action, "scope": scope, "granted_at": start + place * DAY}
            connection.execute(
                sa.insert(table), row | {"opens_at": start, "closes_at": start + (place + 1) * DAY}
            )
        rows = connection.execute(sa.select(table).order_by(table.c.granted_at, table.c.id)).all()
        from appbuilder_app.workflows.timetable import Timetable

        times = Timetable("รอบ", {(row.action, row.scope): row for row in rows})
        for action in WindowAction:
            for scope in scopes:
                asked = lock.window_of(connection, 1, action, scope)
                told = times.window(action, scope)
                assert (asked and asked.id) == (told and told.id)
    engine.dispose()


# ── Exceptions ───────────────────────────────────────────────────────────────────────────────────────────


def grant(scope: str, actions: list[WindowAction], more: dt.timedelta, reason: str = "น้ำท่วม") -> list[Window]:
    """Time until so long from now."""
    return rounds.grant_exception(present(), scope, actions, lock.now() + more, reason)


def test_an_exception_opens_one_school_again_and_no_other(played: Round) -> None:
    played.is_over(EDIT, CONFIRM)
    played.does("cee", grant, SCOPES[SCHOOL], [EDIT, CONFIRM], DAY)

    played.changes_a_pupil(weight_kg=40)
    played.is_confirmed()
    with pytest.raises(RuleViolation, match="หมดเวลา"):
        played.changes_a_pupil("bob", SIBLING, weight_kg=40)


def test_an_exception_for_a_district_reaches_its_schools_and_no_others(played: Round) -> None:
    played.is_over(CONFIRM)
    played.does("cee", grant, "C/1602", [CONFIRM], DAY)

    played.is_confirmed(SIBLING, "bob")
    with pytest.raises(RuleViolation, match="หมดเวลา"):
        played.is_confirmed(FOREIGN, "charlie")


def test_a_districts_longer_time_overtakes_a_schools_shorter_exception(played: Round) -> None:
    played.does("cee", grant, SCOPES[SCHOOL], [EDIT], 2 * DAY)
    played.does("cee", grant, SCOPES[SIBLING], [EDIT], 9 * DAY)

    added = played.does("cee", grant, "C/1602", [EDIT], 5 * DAY)

    assert [window.scope for window in added] == ["C/1602", SCOPES[SCHOOL]]
    with played.world.acting("cee"):
        times = timetable_of(present())
        left = {code: times.closes_at(EDIT, SCOPES[code]) for code in (SCHOOL, SIBLING)}
        days = {code: round((closes - lock.now()) / DAY) for code, closes in left.items() if closes}
        assert days == {SCHOOL: 5, SIBLING: 9}


def test_an_exception_never_takes_time_away(played: Round) -> None:
    played.is_refused("cee", NothingWidened, grant, SCOPES[SCHOOL], [EDIT], DAY / 2)


def test_an_exception_is_in_the_future_for_one_place_and_says_why(played: Round) -> None:
    played.is_refused("cee", ClosesInThePast, grant, SCOPES[SCHOOL], [EDIT], -DAY)
    played.is_refused("cee", NotAnException, grant, CENTRE, [EDIT], 3 * DAY)
    played.is_refused("cee", ReasonMissing, grant, SCOPES[SCHOOL], [EDIT], 3 * DAY, " ")
    for name in ("alice", "dan"):
        played.is_refused(name, NotPermitted, grant, SCOPES[SCHOOL], [EDIT], 3 * DAY)


def test_the_history_tells_who_gave_time_and_why(played: Round) -> None:
    played.does("cee", grant, SCOPES[SCHOOL], [EDIT], 3 * DAY)

    with played.world.acting("alice"):
        told = db.session.scalars(sa.select(Change).filter_by(dataset="window")).all()
        assert [(change.actor, change.reason) for change in told] == [("Cee ทดสอบ", "น้ำท่วม")]


# ── Closing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_closing_says_how_far_the_schools_had_come(played: Round) -> None:
    played.is_acknowledged()
    played.is_confirmed(SIBLING, "bob")

    closing = played.close()

    assert closing.counts == {
        SubmissionState.OPEN: 1,
        SubmissionState.CONFIRMED: 1,
        SubmissionState.CERTIFIED: 0,
        SubmissionState.ACKNOWLEDGED: 1,
    }
    assert (closing.unfinished, closing.round.closed_by) == (2, "Cee ทดสอบ")


def test_after_closing_no_verb_and_no_writer_gets_through(played: Round) -> None:
    played.is_confirmed()
    played.close()

    for name in ("alice", "dan", "adam"):
        with pytest.raises(RoundClosed):
            played.changes_a_pupil(name, weight_kg=40)
    played.is_refused("alice", RoundClosed, submissions.confirm, SCHOOL)
    played.is_refused("dao", RoundClosed, submissions.certify, SCHOOL)
    played.is_refused("dan", RoundClosed, submissions.acknowledge, [SCHOOL])
    played.is_refused("dan", RoundClosed, submissions.return_submission, SCHOOL, "สายไป")


def test_a_closed_round_takes_no_more_windows(played: Round) -> None:
    played.close()
    now = lock.now()

    def late() -> None:
        rounds.set_window(rounds.round_of(2569, 2), EDIT, CENTRE, now, now + DAY, source=LETTER)

    played.is_refused("cee", RoundClosed, late)


def test_a_round_is_closed_once(played: Round) -> None:
    played.close()

    sentence = played.is_refused(
        "adam", RoundAlreadyClosed, lambda: rounds.close_round(rounds.round_of(2569, 2))
    )
    assert "Cee ทดสอบ" in sentence


def test_rounds_are_closed_in_their_order(played: Round) -> None:
    played.does("cee", rounds.create_year, 2570, LETTER)

    played.is_refused("cee", EarlierRoundOpen, lambda: rounds.close_round(rounds.round_of(2570, 1)))


def test_a_round_whose_time_has_not_come_is_not_closed(played: Round) -> None:
    played.close()
    played.does("cee", rounds.create_year, 2570, LETTER)

    sentence = played.is_refused("cee", RoundNotBegun, lambda: rounds.close_round(rounds.round_of(2570, 1)))
    assert "16 พฤษภาคม 2570" in sentence or "16 พ.ค. 2570" in sentence


def test_another_systems_round_is_closed_for_itself(played: Round) -> None:
    def both() -> None:
        made = rounds.create_round(2569, 3, dt.date(2026, 10, 31), LETTER, RoundSystem.ASSET)
        rounds.close_round(made)

    played.does("cee", both)
    played.changes_a_pupil(weight_kg=40)


def test_only_central_closes(played: Round) -> None:
    for name in ("alice", "dao", "dan"):
        played.is_refused(name, NotPermitted, lambda: rounds.close_round(present()))


def test_a_district_role_with_the_right_still_cannot_close_the_country(played: Round) -> None:
    from dataclasses import replace

    from appbuilder_app import access

    with played.world.acting("dan") as dan:
        mighty = replace(dan, rights=dan.rights | {("close", "round"), ("manage", "round")})
        with access.acting_as(mighty, through="test"):
            with pytest.raises(NotYours):
                rounds.close_round(present())
            with pytest.raises(NotYours):
                rounds.create_year(2571, LETTER)


def test_the_time_of_closing_lies_after_the_last_write(played: Round) -> None:
    """A write under way when central closes is waited for, so that it is not later than the closing."""
    needs_several_writers(played)
    key = played.world.pupil()
    closed: list[rounds.Closing] = []
    closing = threading.Thread(target=lambda: closed.append(played.close()))
    with played.world.acting("alice"):
        db.session.get_one(Student, key).weight_kg = Decimal(47)
        db.session.flush()
        closing.start()
        time.sleep(0.4)
        assert closing.is_alive(), "the closing did not wait"
        last_write = lock.now()
        db.session.commit()
    closing.join(20)

    assert closed[0].round.closed_at is not None
    assert closed[0].round.closed_at > last_write


def needs_several_writers(played: Round) -> None:
    """Skips on SQLite."""
    if played.world.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")


def test_nothing_lands_after_the_close_whoever_writes(played: Round) -> None:
    needs_several_writers(played)
    keys = {"alice": played.world.pupil(SCHOOL), "bob": played.world.pupil(SIBLING)}
    ended = threading.Event()

    def write(name: str) -> None:
        weight = 30
        while not ended.is_set():
            weight = 30 + (weight + 1) % 50
            try:
                with played.world.acting(name):
                    db.session.get_one(Student, keys[name]).weight_kg = weight  # type: ignore[assignment]  # kg
                    db.session.flush()
                    time.sleep(0.02)
                    db.session.commit()
            except RoundClosed:
                return

    writers = [threading.Thread(target=write, args=(name,)) for name in keys]
    for writer in writers:
        writer.start()
    time.sleep(0.5)
    closing = played.close()
    with played.world.acting("cee"):
        at_close = weights(keys)
    time.sleep(0.3)
    ended.set()
    for writer in writers:
        writer.join(20)

    with played.world.acting("cee"):
        assert weights(keys) == at_close
        moments = db.session.scalars(sa.select(Change.at).filter_by(dataset="student")).all()
        assert max(moments) <= closing.round.closed_at


def weights(keys: dict[str, int]) -> list[Any]:
    """What the register says now."""
    return list(db.session.scalars(sa.select(Student.weight_kg).where(Student.id.in_(keys.values()))))
