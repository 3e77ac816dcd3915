"""The turn of a year beside bare SQL of the same result: ``python -m bench.promotion [students]``.

Two databases with the same rows, in the same run. Ours: the areas one by one, each claimed, judged, told in the
history, counted and committed. Bare: two statements for the country, one that moves and graduates (PostgreSQL told
to skip every trigger) and one that writes the same history; the times of both are named apart.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import sqlalchemy as sa

from appbuilder_app import access
from appbuilder_app.access import Action
from appbuilder_app.codes import GRADUATING, RoundSystem
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.models import CollectionRound
from appbuilder_app.security import viewer_of
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import promotion
from bench.world import World, load
from scripts import services

STUDENTS, YEAR = 1_000_000, 2500
_NO_TRIGGERS = "SET session_replication_role = replica"
FINAL = ", ".join(f"'{grade.value}'" for grade in GRADUATING)

# Of a hundred one failed and repeats, one did not sit the exam; of a year in which no other round is.
RESULTS = f"""
INSERT INTO year_result (round_id, academic_year, school_code, scope, student_id, grade, sat, criterion, after_fail,
                         absence, destination, version)
SELECT %(round)s, {YEAR}, school_code, scope, id, grade, id %% 100 <> 1,
       CASE WHEN id %% 100 = 2 THEN 'time' END, CASE WHEN id %% 100 = 2 THEN 'repeat' END,
       CASE WHEN id %% 100 = 1 THEN 'pending' END,
       CASE WHEN id %% 100 NOT IN (1, 2) AND grade IN ({FINAL}) THEN '102' END, 1 FROM student
"""
BARE_JUDGED = f"""
  FROM student s JOIN school c ON c.code = s.school_code JOIN year_result r ON r.student_id = s.id
 WHERE r.round_id = %(round)s AND r.grade = s.grade AND r.sat AND s.status = 'in'
   AND (r.after_fail = 'repeat' OR r.criterion IS NULL AND (s.grade IN ({FINAL}) OR s.grade = '03'
        OR lpad((s.grade::int + 1)::text, 2, '0') <= c.highest_grade))
"""
LEAVES = f"(s.grade IN ({FINAL}) OR lpad((s.grade::int + 1)::text, 2, '0') > c.highest_grade)"
BARE_HISTORY = f"""
INSERT INTO change (at, actor_id, actor, path, dataset, row_key, scope, action, before, after)
SELECT now(), NULL, 'bench', 'command', 'student', s.id::text, s.scope,
       CASE WHEN r.after_fail = 'repeat' THEN 'repeat' WHEN {LEAVES} THEN 'graduate' ELSE 'promote' END,
       CASE WHEN r.after_fail = 'repeat' THEN NULL WHEN {LEAVES} THEN json_build_object('status', 'in')
            ELSE json_build_object('grade', s.grade) END,
       CASE WHEN r.after_fail = 'repeat' THEN json_build_object('grade', s.grade)
            WHEN {LEAVES} THEN json_build_object('status', 'graduated')
            ELSE json_build_object('grade', lpad((s.grade::int + 1)::text, 2, '0')) END {BARE_JUDGED}
"""
BARE_MOVE = f"""
UPDATE student t SET version = t.version + 1,
       grade = CASE WHEN j.leaves THEN t.grade ELSE lpad((t.grade::int + 1)::text, 2, '0') END,
       status = CASE WHEN j.leaves THEN 'graduated' ELSE t.status END
  FROM (SELECT s.id, {LEAVES} AS leaves {BARE_JUDGED} AND r.criterion IS NULL) j WHERE j.id = t.id
"""
OUTCOME = "SELECT grade, status, count(*), sum(version) FROM student GROUP BY 1, 2 ORDER BY 1, 2"


def main(students: int) -> int:
    """Load, copy, turn the year both ways, compare what came of it."""
    with services.postgresql() as server, TemporaryDirectory(prefix="thabian-bench-") as folder:
        ours = World(server.fresh(), Path(folder))
        load(ours, students, 245)
        round_id = _end_the_year(ours)
        name = ours.url.rpartition("/")[2]
        with _superuser(server, name) as connection:
            connection.execute(_NO_TRIGGERS)
            connection.execute(RESULTS, {"round": round_id})
            connection.execute("VACUUM ANALYZE")
        bare = server.fresh(name).rpartition("/")[2]

        with _superuser(server, bare) as connection:
            connection.execute(_NO_TRIGGERS)
            connection.execute("BEGIN")
            moved, told = _bare(connection, round_id)
            wanted = connection.execute(OUTCOME).fetchall()
        taken, areas = _ours(ours, round_id)
        with _superuser(server, name) as connection:
            found = connection.execute(OUTCOME).fetchall()
        same = found == wanted
        whole = moved + told
        print(f"bare SQL: {whole:.1f} s (moving {moved:.1f}, history {told:.1f})")
        print(
            f"ours: {taken:.1f} s for {areas} areas, {students / taken:,.0f} students/s; {taken / whole:.2f} × bare"
        )
        print("same grades, status and versions" if same else f"NOT THE SAME: {set(found) ^ set(wanted)}")
        return 0 if same else 1


def _bare(connection: psycopg.Connection[Any], round_id: int) -> tuple[float, float]:
    times = []
    for statement in (BARE_HISTORY, BARE_MOVE):
        begun = time.perf_counter()
        connection.execute(statement, {"round": round_id})
        times.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    connection.execute("COMMIT")
    return times[1] + time.perf_counter() - begun, times[0]


def _ours(made: World, round_id: int) -> tuple[float, int]:
    with made.app().app_context(), access.acting_as(_central(), through="command"):
        one = db.session.get_one(CollectionRound, round_id)
        begun = time.perf_counter()
        areas = sum(done is not None for _, done in promotion.run(one))
        taken = time.perf_counter() - begun
        db.session.remove()
        db.engine.dispose()
    return taken, areas


def _end_the_year(made: World) -> int:
    """An end-of-year round that is closed."""
    with made.app().app_context(), access.acting_as(_central(), through="command"):
        with access.performing(Action.MANAGE, "round"), set_based(SetWork.BENCHMARK):
            one = CollectionRound(
                system=RoundSystem.DMC, academic_year=YEAR, number=3, snapshot_date=dt.date(1958, 4, 30),
                closed_at=lock.now(), closed_by="bench",
            )  # fmt: skip
            db.session.add(one)
            db.session.commit()
        round_id = one.id
        db.session.remove()
        db.engine.dispose()
    return round_id


def _central() -> access.Viewer:
    from appbuilder_app.models import Account

    account = db.session.scalar(sa.select(Account).filter_by(username="central"))
    assert account is not None, "the demo has one"
    return viewer_of(account)


def _superuser(server: services.PostgreSQL, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host="127.0.0.1", port=server.port, user="postgres", dbname=database, autocommit=True
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else STUDENTS))
