"""Confirming a large school: ``python -m bench.confirming [students] [--sqlite]``; what the snapshot costs of it.

Each run confirms for real and is rolled back, so that the next finds the same school.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlalchemy as sa

from appbuilder_app import access, identity
from appbuilder_app.codes import Check
from appbuilder_app.declaration import db
from appbuilder_app.models import Account, CollectionRound, Roster, School, Student, Submission
from appbuilder_app.security import viewer_of
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import checklist, explanations, rosters, rounds, submissions
from bench.world import World, load
from scripts import services

RUNS: Final = 15


def main(students: int, *, on_sqlite: bool) -> int:
    """A demo's school that is confirmed but not certified, grown to so many students, confirmed again and again."""
    with _world(on_sqlite=on_sqlite) as world, world.app().app_context():
        code = _confirmed_school()
        _as("district", lambda: submissions.return_submission(code, "วัดความเร็ว"))
        _grow(code, students)
        _as(f"o{code}", lambda: _explain(code))
        print(f"{'SQLite' if on_sqlite else 'PostgreSQL'}, one school of {students:,} students, {RUNS} runs")
        _told("confirm, whole", f"o{code}", lambda: submissions.confirm(code))
        _told("  of it the checklist", f"o{code}", lambda: checklist.checklist(code))
        _told("  of it the freezing", f"o{code}", lambda: _freeze(code))
        _as(f"o{code}", lambda: submissions.confirm(code))
        query = sa.select(sa.func.length(Roster.content)).where(Roster.school_code == code)
        with access.acting_as(_viewer("district"), through="command"):
            size = db.session.scalar(query.order_by(Roster.id.desc()).limit(1))
        print(f"kept: {size:,} bytes")
        db.session.remove()
        db.engine.dispose()
    return 0


@contextmanager
def _world(*, on_sqlite: bool) -> Iterator[World]:
    with TemporaryDirectory(prefix="thabian-bench-") as folder:
        if on_sqlite:
            made = World(f"sqlite:///{folder}/bench.db", Path(folder))
            load(made, 1, 1)
            yield made
            return
        with services.postgresql() as server:
            made = World(server.fresh(), Path(folder))
            load(made, 1, 1)
            yield made


def _present() -> CollectionRound:
    found = rounds.current_round()
    assert found is not None
    return found


def _viewer(username: str) -> access.Viewer:
    return viewer_of(db.session.scalars(sa.select(Account).filter_by(username=username)).one())


def _as(username: str, verb: Callable[[], Any], *, keep: bool = True) -> Any:
    with access.acting_as(_viewer(username), through="command"):
        done = verb()
        if keep:
            db.session.commit()
        else:
            db.session.rollback()
        return done


def _confirmed_school() -> str:
    with access.acting_as(_viewer("district"), through="command"):
        query = sa.select(Submission.school_code).where(
            Submission.confirmed_at.is_not(None), Submission.certified_at.is_(None),
            Submission.round_id == _present().id,
        )  # fmt: skip
        return str(db.session.scalars(query.limit(1)).one())


def _grow(code: str, students: int) -> None:
    """Copies of the school's students under other numbers, born on other days, in further rooms."""
    table = Student.__table__
    with set_based(SetWork.BENCHMARK):
        rows = [
            dict(row)
            for row in db.session.connection()
            .execute(sa.select(table).where(table.c.school_code == code, table.c.status == "in"))
            .mappings()
        ]
        copies = []
        for at in range(students - len(rows)):
            one = dict(rows[at % len(rows)])
            first = f"1{90_000_000_000 + at:011d}"
            one["national_id"] = first + str(identity.check_digit(first))
            one["student_number"] = f"9{at:05}"
            one["first_name"] = f"{one['first_name']}{chr(0x0E01 + at % 40)}{chr(0x0E01 + at // 40 % 40)}"
            one["room"] = 10 + at // len(rows)
            one.pop("id")
            one.pop("name_key")
            copies.append(one)
        db.session.connection().execute(sa.insert(table), copies)
    db.session.commit()


def _explain(code: str) -> None:
    for item in checklist.checklist(code).unexplained:
        explanations.explain(code, Check(item.id), "วัดความเร็ว", None)


def _freeze(code: str) -> None:
    submission = submissions.submission_of(code)
    with access.performing(access.Action.CONFIRM, "submission"):
        rosters.freeze(submission, db.session.get_one(School, code), _present())


def _told(label: str, username: str, verb: Callable[[], Any]) -> None:
    taken, own = [], []
    for _ in range(RUNS):
        db.session.remove()
        begun, worked = time.perf_counter(), time.process_time()
        with access.acting_as(_viewer(username), through="command"):
            verb()
            db.session.flush()
            taken.append(time.perf_counter() - begun)
            own.append(time.process_time() - worked)
            db.session.rollback()
    ours = f"{median(own) * 1000:.0f} ms of this process"
    print(f"{label:24} {median(taken) * 1000:7.0f} ms  (best {min(taken) * 1000:.0f}; {ours})", flush=True)


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--sqlite"]
    sys.exit(main(int(words[0]) if words else 1_500, on_sqlite="--sqlite" in sys.argv))
