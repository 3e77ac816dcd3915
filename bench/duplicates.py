"""Finding duplicates: ``python -m bench.duplicates [--students N]``.

Among a million students, with some thousands of duplicates put in: the whole country beside the bare SQL of the same
result, in turn, and one school against all. Also before the database has gathered figures of the tables, as after a
first load: there a join planned by guess takes hours.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from math import comb
from statistics import median
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from bench.lists import statements
from bench.world import world
from scripts import services

SCHOOL_SCOPE = "C/1602/16020123"
PUT_IN = 3_000
"""Students who get a second record in another school: as many with the same ID, as many with another one."""

SAME_ID = """
SELECT a.national_id, a.id, b.id FROM student a JOIN student b ON b.national_id = a.national_id AND a.id < b.id
 WHERE a.status = 'in' AND b.status = 'in'
"""
LIKELY = """
SELECT a.id, b.id FROM student a
  JOIN student b ON b.name_key = a.name_key AND b.birth_date = a.birth_date AND a.id < b.id
 WHERE a.national_id <> b.national_id AND a.name_key <> '' AND a.status = 'in' AND b.status = 'in'
   AND (a.father_first_name IS NULL OR b.father_first_name IS NULL
        OR thabian_name_key(a.father_first_name, '') = thabian_name_key(b.father_first_name, ''))
   AND (a.mother_first_name IS NULL OR b.mother_first_name IS NULL
        OR thabian_name_key(a.mother_first_name, '') = thabian_name_key(b.mother_first_name, ''))
"""
AGENCY = """
SELECT s.id, g.id FROM agency_student g JOIN agency_list l ON l.id = g.list_id
  JOIN student s ON s.national_id = g.national_id AND s.scope >= g.scope AND s.scope < g.scope || '0'
 WHERE l.round_id = :round AND s.status = 'in'
"""
AGENCY_LIKELY = """
SELECT s.id, g.id FROM agency_student g JOIN agency_list l ON l.id = g.list_id
  JOIN student s ON s.name_key = g.name_key AND s.birth_date = g.birth_date
   AND s.scope >= g.scope AND s.scope < g.scope || '0'
 WHERE l.round_id = :round AND s.status = 'in' AND g.name_key <> ''
   AND (g.national_id IS NULL OR g.national_id <> s.national_id)
"""


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    begun = perf_counter()
    answer = work()
    return perf_counter() - begun, answer


def put_in(connection: sa.Connection) -> None:
    """Second records: of the first students with their own ID, of the next ones with a new ID."""
    from appbuilder_app.declaration import fields_of
    from appbuilder_app.models import Student

    names = ", ".join(
        f'"{name}"' for name in fields_of(Student) if name not in {"national_id", "school_code"}
    )
    for offset, number in ((0, "s.national_id"), (PUT_IN, "'G69' || lpad(s.id::text, 10, '0')")):
        connection.exec_driver_sql(
            f"INSERT INTO student (scope, school_code, national_id, {names})"
            f" SELECT o.scope, o.code, {number}, {names} FROM"
            f" (SELECT * FROM student ORDER BY id OFFSET {offset} LIMIT {PUT_IN}) s,"
            " LATERAL (SELECT code, scope FROM school WHERE code <> s.school_code ORDER BY code DESC LIMIT 1) o"
        )


def _show_plans(work: Callable[[], Any]) -> None:
    """Each statement that it sends, with PostgreSQL's account of how it carried it out."""
    from appbuilder_app.declaration import db

    with statements(db.engine) as seen:
        work()
    for statement, parameters in seen:
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", parameters)
        print("\n".join(f"    {line[:150]}" for (line,) in plan))


def run(students: int, repeats: int, plans: bool) -> None:
    """Load, put in, measure, print."""
    from appbuilder_app import setup
    from appbuilder_app.declaration import db
    from appbuilder_app.walls import SetWork, set_based
    from appbuilder_app.workflows import duplicates, rounds

    with world(students) as made:
        with made.app(services.owner_url(made.url)).app_context(), set_based(SetWork.BENCHMARK):
            connection = db.session.connection()
            connection.exec_driver_sql("ALTER TABLE student DISABLE TRIGGER USER")
            put_in(connection)
            connection.exec_driver_sql("ALTER TABLE student ENABLE TRIGGER USER")
            db.session.commit()
            db.engine.dispose()
        with made.app().app_context(), setup.acting("bench"), set_based(SetWork.BENCHMARK):
            present = rounds.current_round()
            connection = db.session.connection()

            def ours() -> list[Any]:
                return duplicates.found_in("C", present)

            def bare() -> int:
                given = {"round": present.id if present else 0}
                connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
                rows = [connection.execute(sa.text(one), given).all() for one in
                        (SAME_ID, LIKELY, AGENCY, AGENCY_LIKELY)]  # fmt: skip
                connection.exec_driver_sql("SET LOCAL enable_nestloop TO DEFAULT")
                return sum(map(len, rows))

            def school() -> list[Any]:
                return duplicates.found_in(SCHOOL_SCOPE, present)

            print("the whole country, our search and the bare SQL in turn:")
            times = [(timed(ours), timed(bare)) for _ in range(repeats)]
            mine, plain = (median(pair[side][0] for pair in times) for side in (0, 1))
            found, pairs = times[0][0][1], times[0][1][1]
            told = sum(comb(len(one.students) + len(one.listed), 2) for one in found)
            print(f"  found {len(found):,}, which are {told:,} pairs; bare SQL {pairs:,}")
            print(f"  ours {mine:.2f} s, bare {plain:.2f} s: {mine / plain:.2f} times")
            alone = [timed(school) for _ in range(20)]
            print(f"one school against all: {median(t for t, _ in alone) * 1e3:.1f} ms"
                  f" ({len(alone[0][1])} found)")  # fmt: skip
            if plans:
                _show_plans(school)
            db.session.rollback()
            db.session.remove()
            db.engine.dispose()


def main() -> None:
    """Arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--plans", action="store_true", help="show how the school's statements are carried out"
    )
    given = parser.parse_args()
    run(given.students, given.repeats, given.plans)


if __name__ == "__main__":
    main()
