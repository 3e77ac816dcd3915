"""Finding a child by ID in the whole country: ``python -m bench.movements [--students N]``.

The statement of the verb as the database times it, beside the bare look-up of the same number in the same run,
for numbers drawn from all over the table; the look-up by a number that was replaced (every tenth student has had one);
and the whole verb by either, with its rights, walls and trace in the history.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench.world import World, world
from scripts import services

DRAWN = 300
ONE_OF = 10
"""One of so many students has had another number before."""
_BARE = "SELECT id, school_code, first_name, last_name, birth_date FROM student WHERE national_id = '{}'"


_DRAWN = """
SELECT national_id FROM student s WHERE id IN (SELECT generate_series(%s::int, %s, %s))
   AND 1 = (SELECT count(*) FROM student t WHERE t.national_id = s.national_id)
"""


def drawn(connection: sa.Connection) -> list[str]:
    """Numbers from all over the table."""
    last = connection.exec_driver_sql("SELECT max(id) FROM student").scalar_one()
    step = max(1, last // DRAWN)
    found = connection.exec_driver_sql(_DRAWN, (step, last, step))
    return list(found.scalars())


def put_in_changes(made: World) -> None:
    """Former numbers: ``0`` and twelve digits, of one of ten students."""
    from appbuilder_app.declaration import db
    from appbuilder_app.walls import SetWork, set_based

    with made.app(services.owner_url(made.url)).app_context(), set_based(SetWork.BENCHMARK):
        connection = db.session.connection()
        connection.exec_driver_sql(_CHANGES)
        connection.exec_driver_sql("ANALYZE number_change")
        print("the student table and its indexes:", connection.exec_driver_sql(_SIZE).scalar_one())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


_FORMER = "'0' || lpad(id::text, 12, '0')"
_CHANGES = f"""
INSERT INTO number_change (student_id, school_code, scope, old_number, new_number, ground, changed_at, changed_by)
SELECT id, school_code, scope, {_FORMER}, national_id, 'correction', now(), 'bench'
  FROM student WHERE mod(id, {ONE_OF}) = 0
"""
_SIZE = (
    "SELECT pg_size_pretty(pg_table_size('student')) || ' + ' || pg_size_pretty(pg_indexes_size('student'))"
)


def former(connection: sa.Connection) -> list[str]:
    """Numbers that were replaced, from all over the table."""
    last = connection.exec_driver_sql("SELECT max(id) FROM number_change").scalar_one()
    step = max(1, last // DRAWN)
    found = connection.exec_driver_sql(
        "SELECT old_number FROM number_change WHERE id IN (SELECT generate_series(%s::int, %s, %s))",
        (step, last, step),
    )
    return list(found.scalars())


def explained(connection: sa.Connection, statement: str) -> tuple[float, set[str]]:
    """Milliseconds of planning and executing as the database counts them, and how the table was read."""
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}").scalar_one()
    top = (plan if isinstance(plan, list) else json.loads(plan))[0]
    return top["Planning Time"] + top["Execution Time"], {
        node["Node Type"] for node in _nodes(top["Plan"]) if "Relation Name" in node
    }


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def tell(name: str, times: Sequence[float]) -> None:
    """A line of the result, in milliseconds."""
    high = quantiles(times, n=20)[-1]
    print(f"{name:<44} median {median(times):6.2f}  95 % {high:6.2f}  most {max(times):6.2f} ms")


def measure(app: Flask) -> None:
    """Print the figures."""
    from appbuilder_app import access
    from appbuilder_app.declaration import db
    from appbuilder_app.models import Account, Student
    from appbuilder_app.security import viewer_of
    from appbuilder_app.walls import SetWork, set_based
    from appbuilder_app.workflows import movements

    with app.app_context():
        account = db.session.scalar(sa.select(Account).filter_by(username="officer1"))
        assert account is not None, "the demo has an officer"
        viewer = viewer_of(account)
        with set_based(SetWork.BENCHMARK):
            connection = db.session.connection()
            numbers = drawn(connection)
            rows = connection.exec_driver_sql("SELECT reltuples FROM pg_class WHERE relname = 'student'")
            print(f"about {rows.scalar_one():,.0f} students, {len(numbers)} numbers drawn")
            table = Student.__table__
            query = sa.select(table).order_by(table.c.id)
            for name, statement in (
                ("bare look-up, in the database", _BARE),
                ("the verb's statement, in the database", _text(query, connection)),
            ):
                found = [explained(connection, statement.format(number)) for number in numbers]
                tell(name, [time for time, _ in found])
                print(f"{'':<44} by {', '.join(sorted({one for _, ways in found for one in ways}))}")
            replaced = former(connection)
            found = [explained(connection, _BY_FORMER.format(number)) for number in replaced]
            tell("by a former number, in the database", [time for time, _ in found])
            print(f"{'':<44} by {', '.join(sorted({one for _, ways in found for one in ways}))}")
        with access.acting_as(viewer, through="command"):
            tell(
                "the whole verb, with its trace",
                [_timed(partial(movements.find, number)) for number in numbers],
            )
            tell(
                "the whole verb by a former number",
                [_timed(partial(movements.find, number)) for number in replaced],
            )
        db.session.rollback()


_BY_FORMER = """
SELECT s.id, s.school_code FROM (SELECT DISTINCT student_id FROM number_change WHERE old_number = '{}') AS c
  JOIN student s ON s.id = c.student_id
"""


def _text(query: sa.Select[Any], connection: sa.Connection) -> str:
    marked = query.where(sa.literal_column("national_id") == sa.literal_column("'{}'"))
    return str(marked.compile(connection, compile_kwargs={"literal_binds": True})).replace("%%", "%")


def _timed(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return 1000 * (perf_counter() - started)


def main(arguments: list[str] | None = None) -> None:
    """Load, measure, print."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--students", type=int, default=200_000, help="in the database; published: 6600000")
    options = given.parse_args(arguments)
    with world(options.students) as made:
        put_in_changes(made)
        measure(made.app())


if __name__ == "__main__":
    main()
