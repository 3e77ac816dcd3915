"""List pages against Django's admin on the same rows: ``python -m bench.lists [--students N] [--seconds S]``.

One school's list and the whole country's, each server in turn with 2 workers of 4 threads and 8 clients; then
the search by last name and the last page, which must not get slower with the table.
"""

from __future__ import annotations

import argparse
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from statistics import median
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from bench.http_load import Page, Speed, measure
from bench.world import LIBRARIES, World, world

SCHOOL_SCOPE = "C/1602/16020123"
OURS = "/data/student/"
ADMIN = "django_admin/student/"
BY_SCHOOL = f"{ADMIN}?school__code__exact={SCHOOL_SCOPE[-8:]}"


@dataclass(frozen=True)
class Scale:
    """What is listed: by whom here, and by which of Django's sites, users and addresses."""

    name: str
    scope: str
    ours: str
    django: tuple[tuple[str, str, str], ...]


SCALES = (
    Scale(
        "one school",
        SCHOOL_SCOPE,
        "officer1",
        (("plain", "central", BY_SCHOOL), ("tuned", "central", BY_SCHOOL), ("bespoke", "school", ADMIN)),
    ),
    Scale(
        "the country",
        "C",
        "central",
        (("plain", "central", ADMIN), ("tuned", "central", ADMIN), ("bespoke", "central", ADMIN)),
    ),
)


@dataclass(frozen=True)
class Result:
    """A page's speed and how many statements it took (None where they were not counted)."""

    speed: Speed
    statements: int | None


# ── Logging in ───────────────────────────────────────────────────────────────────────────────────────────


def session_cookie(port: int, path: str, field: str, **form: str) -> str:
    """Log in by the page's own form, as a browser does; the cookies to send from then on."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{port}{path}"
    with browser.open(address) as answer:
        found = re.search(rf'name="{field}"[^>]*value="([^"]+)"', answer.read().decode())
    assert found is not None, "the login page has a token"
    request = urllib.request.Request(
        address, urllib.parse.urlencode(form | {field: found[1]}).encode(), {"Referer": address}
    )
    browser.open(request).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def our_cookie(port: int, user: str) -> str:
    """A session of one of the demo's accounts."""
    from appbuilder_app.demo.accounts import PASSWORD

    return session_cookie(port, "/login/", "csrf_token", username=user, password=PASSWORD)


def django_cookie(port: int, site: str, user: str) -> str:
    """A session in Django's admin."""
    form = {"username": user, "password": "bench", "next": f"/{site}/"}
    return session_cookie(port, f"/{site}/login/", "csrfmiddlewaretoken", **form)


# ── Counting statements ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed inside, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def client_of(app: Flask, user: str) -> FlaskClient:
    """A browser of one of the demo's accounts, in this process."""
    from appbuilder_app.demo.accounts import PASSWORD

    client = app.test_client()
    answer = client.post("/login/", data={"username": user, "password": PASSWORD})
    assert answer.status_code == 302, answer.status
    return client


def engine_of(app: Flask) -> sa.Engine:
    """The application's engine."""
    from appbuilder_app.declaration import db

    with app.app_context():
        return db.engine


def our_statements(app: Flask, user: str, path: str) -> list[tuple[str, Any]]:
    """What our page asks of the database, the request's own recognition included."""
    client = client_of(app, user)
    client.get(path)
    with statements(engine_of(app)) as seen:
        assert client.get(path).status_code == 200
    return seen


# ── The comparison ───────────────────────────────────────────────────────────────────────────────────────


def compare(made: World, app: Flask, seconds: float) -> dict[str, dict[str, Result]]:
    """Speed of each page on each server, by what is listed and by server."""
    made.run("-m", "bench.django_admin", "prepare")
    results: dict[str, dict[str, Result]] = {scale.name: {} for scale in SCALES}
    with made.gunicorn("django.core.wsgi:get_wsgi_application()") as server:
        for scale in SCALES:
            for site, user, path in scale.django:
                page = Page(server.port, f"/{site}/{path}", django_cookie(server.port, site, user))
                count = int(made.run("-m", "bench.django_admin", "statements", user, page.path))
                speed = measure(page, server.processor_seconds, seconds=seconds)
                results[scale.name][f"Django admin, {site}"] = Result(speed, count)
    with made.gunicorn("bench.bare_page:application") as server:
        for scale in SCALES:
            page = Page(server.port, f"/?scope={scale.scope}")
            speed = measure(page, server.processor_seconds, seconds=seconds)
            results[scale.name]["bare Flask + Core"] = Result(speed, 1)
    with made.ours() as server:
        for scale in SCALES:
            page = Page(server.port, OURS, our_cookie(server.port, scale.ours))
            speed = measure(page, server.processor_seconds, seconds=seconds)
            results[scale.name]["Thabian"] = Result(speed, len(our_statements(app, scale.ours, OURS)))
    return results


def tell(results: dict[str, dict[str, Result]]) -> None:
    """Print the figures and the ratios."""
    for scale, by_server in results.items():
        print(f"\n{scale}, 25 rows a page")
        ours = by_server["Thabian"].speed
        for server, result in by_server.items():
            print(f"  {server:20} {result.speed}  {result.statements} statements", end="")
            theirs = result.speed
            quicker, leaner = ours.per_second / theirs.per_second, theirs.processor / ours.processor
            print(
                ""
                if theirs is ours
                else f"  (Thabian: {quicker:.1f} x the speed, 1/{leaner:.1f} the processor)"
            )


# ── What must not grow with the table ────────────────────────────────────────────────────────────────────


def plans(app: Flask) -> None:
    """Print how the search by last name and the last page are executed, and how long they take."""
    searched = f"{OURS}?q={urllib.parse.quote(_a_last_name(app))}"
    for what, user, path in (
        ("search by last name, country", "central", searched),
        ("search by last name, school", "officer1", searched),
        ("first page of the country", "central", OURS),
        ("last page of the country", "central", f"{OURS}?before={_mark_after_all()}"),
    ):
        print(f"  {what:28} {_timed(app, user, path) * 1000:6.1f} ms; {_scanned(app, user, path)}")


def _scanned(app: Flask, user: str, path: str) -> str:
    scans = [table for statement in our_statements(app, user, path) for table in _scans(app, *statement)]
    return f"sequential scans: {', '.join(scans) or 'none'}"


def _timed(app: Flask, user: str, path: str) -> float:
    client = client_of(app, user)
    times = []
    for _ in range(12):
        started = perf_counter()
        assert client.get(path).status_code == 200, path
        times.append(perf_counter() - started)
    return median(times[2:])


def _a_last_name(app: Flask) -> str:
    with engine_of(app).connect() as connection:
        return str(
            _ask(connection, "SELECT last_name FROM student ORDER BY id OFFSET 1000 LIMIT 1").scalar_one()
        )


def _mark_after_all() -> str:
    """The mark of a place behind the last learner: the page before it is the country's last."""
    from appbuilder_app.dataset.listing import mark_of

    return mark_of(["C/99/99999999", "18", 99, 2**53])


def _scans(app: Flask, statement: str, parameters: Any) -> list[str]:
    """Tables of size that a statement would read through from end to end."""
    if not statement.lstrip().upper().startswith("SELECT"):
        return []
    with engine_of(app).connect() as connection:
        plan = _ask(connection, f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    nodes = _nodes((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"])
    return [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan" and _is_large(node)]


def _is_large(node: dict[str, Any]) -> bool:
    return node["Relation Name"] in {"student", "school", "submission"}


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _ask(connection: sa.Connection, statement: str, parameters: Any = None) -> Any:
    from appbuilder_app.walls import SetWork, set_based

    with set_based(SetWork.BENCHMARK):
        return connection.exec_driver_sql(statement, parameters)


def main(arguments: list[str] | None = None) -> None:
    """Load, measure, print."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--students", type=int, default=200_000, help="in the database; published: 1000000")
    given.add_argument("--seconds", type=float, default=8.0, help="for each page and server")
    options = given.parse_args(arguments)
    if not LIBRARIES.exists():
        raise SystemExit("Django is not installed to compare with; `make bench` installs it")
    with world(options.students) as made:
        app = made.app()
        tell(compare(made, app, options.seconds))
        print("\nwhat must not grow with the table")
        plans(app)


if __name__ == "__main__":
    main()
