"""List pages against Django's admin and sqladmin on the same rows: ``python -m bench.lists [--students N]``.

One school's list and the whole country's, first page and last, each server in turn with 2 workers of 4 threads and 8
clients; the form for a new learner and its look-up of a school; then the search by last name, which must not get
slower with the table.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
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
from bench.world import LIBRARIES, WORKERS, World, world

SCHOOL_SCOPE = "C/1602/16020123"
OURS = "/data/student/"
ADMIN = "django_admin/student/"
PUPIL = "django_admin/pupil/"
BY_SCHOOL = f"{ADMIN}?school__code__exact={SCHOOL_SCOPE[-8:]}"


@dataclass(frozen=True)
class Scale:
    """What is compared: by whom and where here, and by which of the others' sites, users and addresses."""

    name: str
    user: str
    ours: str
    django: tuple[tuple[str, str, str], ...]
    sqladmin: str = ""
    bare: str = ""


def scales(rows: int) -> tuple[Scale, ...]:
    """The comparisons on a table of so many learners."""
    last = -(-rows // 25)
    typed = urllib.parse.quote("วัด")
    sites = ("plain", "tuned", "bespoke")
    return (
        Scale(
            "one school",
            "officer1",
            OURS,
            (("plain", "central", BY_SCHOOL), ("tuned", "central", BY_SCHOOL), ("bespoke", "school", ADMIN)),
            bare=SCHOOL_SCOPE,
        ),
        Scale(
            "the country, first page",
            "central",
            OURS,
            tuple((site, "central", ADMIN) for site in sites),
            "/admin/student/list",
            "C",
        ),
        Scale(
            "the country, last page",
            "central",
            f"{OURS}?before={_mark_after_all()}",
            tuple((site, "central", f"{ADMIN}?p={last}") for site in sites[1:]),
            f"/admin/student/list?page={last}",
        ),
        Scale("form for a new learner", "officer1", f"{OURS}add", (("forms", "central", f"{PUPIL}add/"),)),
        Scale(
            "look-up of a school",
            "central",
            f"/data/school/lookup?q={typed}",
            (
                (
                    "forms",
                    "central",
                    f"autocomplete/?term={typed}&app_label=django_admin&model_name=pupil&field_name=school",
                ),
            ),
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


def compare(made: World, app: Flask, seconds: float, chosen: str = "") -> None:
    """Measure and print each comparison; the servers of one take turns, in which the others rest."""
    made.run("-m", "bench.django_admin", "prepare")
    with engine_of(app).connect() as connection:
        rows = _ask(connection, "SELECT count(*) FROM student").scalar_one()
    uvicorn = (sys.executable, "-m", "uvicorn", "--port", "PORT", "--log-level", "error")
    with (
        made.gunicorn("django.core.wsgi:get_wsgi_application()") as django,
        made.gunicorn("bench.bare_page:application") as bare,
        made.serving(*uvicorn, "--workers", str(WORKERS), "bench.sqladmin_site:application") as sqladmin,
        made.ours() as ours,
    ):
        for scale in scales(rows):
            if chosen and chosen not in scale.name:
                continue
            results: dict[str, Result] = {}
            for site, user, path in scale.django:
                page = Page(django.port, f"/{site}/{path}", django_cookie(django.port, site, user))
                count = int(made.run("-m", "bench.django_admin", "statements", user, page.path))
                speed = measure(page, django.processor_seconds, seconds=seconds)
                results[f"Django admin, {site}"] = Result(speed, count)
            if scale.sqladmin:
                page = Page(sqladmin.port, scale.sqladmin)
                results["sqladmin"] = Result(measure(page, sqladmin.processor_seconds, seconds=seconds), None)
            if scale.bare:
                page = Page(bare.port, f"/?scope={scale.bare}")
                speed = measure(page, bare.processor_seconds, seconds=seconds)
                results["bare Flask + Core"] = Result(speed, 1)
            page = Page(ours.port, scale.ours, our_cookie(ours.port, scale.user))
            speed = measure(page, ours.processor_seconds, seconds=seconds)
            results["Thabian"] = Result(speed, len(our_statements(app, scale.user, scale.ours)))
            tell(scale.name, results)


def tell(scale: str, by_server: dict[str, Result]) -> None:
    """Print the figures and the ratios."""
    print(f"\n{scale}")
    ours = by_server["Thabian"].speed
    for server, result in by_server.items():
        theirs = result.speed
        counted = "" if result.statements is None else f"  {result.statements} statements"
        quicker, leaner = ours.per_second / theirs.per_second, theirs.processor / ours.processor
        beside = f"  (Thabian: {quicker:.1f} x the speed, 1/{leaner:.1f} the processor)"
        print(f"  {server:22} {theirs}{counted}{'' if theirs is ours else beside}", flush=True)


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
    given.add_argument("--only", default="", help="comparisons whose name has this word")
    options = given.parse_args(arguments)
    if not LIBRARIES.exists():
        raise SystemExit("Django is not installed to compare with; `make bench` installs it")
    with world(options.students, kept=True) as made:
        app = made.app()
        compare(made, app, options.seconds, options.only)
        print("\nwhat must not grow with the table")
        plans(app)


if __name__ == "__main__":
    main()
