"""The deadline hour, scaled: schools confirm and certify while their areas watch, most of them in the last minutes.

    python -m bench deadline                             # 300 schools in 120 s
    python -m bench deadline --schools 590 --seconds 240

Two web workers and one job worker on PostgreSQL (durable) and Redis. Each school's officer and director log in, look,
sign with their passwords and look again; area officers watch and acknowledge. Arrivals grow towards the end; some
come too late. Told are times of each kind of request by the clients' clocks, and whether the database holds every
act that was accepted, and no other. The clients run on the same processors as the servers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.world import ROOT, World
from scripts import services

PASSWORD = "ก่อน-16.30-น."
AREAS, PUPILS = 4, 40
LATE = 0.06
"""The share of schools that come after the end."""
NATION = 29_500


@dataclass
class Told:
    """What the clients saw: times in seconds by kind of request, answers, and the acts that were accepted."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    accepted: set[tuple[str, str]] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: int, seconds: float) -> None:
        """One request was answered."""
        with self.lock:
            self.times[kind].append(seconds)
            self.answers[kind, status] += 1


class Browser:
    """A person's browser: a connection, a cookie, the form's token."""

    def __init__(self, port: int, told: Told, place: int) -> None:
        # Each place has an address of its own, as schools have: attempts to log in are counted by address.
        source = (f"127.1.{place // 250}.{1 + place % 250}", 0)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=source)
        self.told, self.cookie, self.token, self.text = told, "", "", ""

    def ask(self, kind: str, path: str, form: dict[str, str] | None = None) -> int:
        """Ask for a page, or send a form with the token of the last page; the answer's status."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None
        if form is not None:
            body = urlencode({**form, "csrf_token": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.connection.getresponse()
        self.text = text = answer.read().decode(errors="replace")
        self.told.note(kind, answer.status, time.perf_counter() - begun)
        if sent := answer.headers.get("Set-Cookie"):
            self.cookie = sent.split(";", 1)[0]
        if found := re.search(r'name="csrf_token" value="([^"]+)"', text):
            self.token = found.group(1)
        return answer.status

    def log_in(self, name: str) -> None:
        """Through the door, as everybody."""
        if (shown := self.ask("login page", "/login/")) != 200:
            raise RuntimeError(f"no login page: {shown} {_sentence(self.text)}")
        status = self.ask("log in", "/login/", {"username": name, "password": PASSWORD})
        if status != 302:
            raise RuntimeError(f"{name} cannot log in: {status} {_sentence(self.text)}")

    def close(self) -> None:
        """Let go of the connection; the next question opens another."""
        self.connection.close()


def _sentence(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"(?s)<(script|style|head|nav).*?</\\1>|<[^>]+>", " ", page).split())[:300]


# ── The world ────────────────────────────────────────────────────────────────────────────────────────────


def build(world: World, schools: int) -> list[tuple[str, str]]:
    """Areas, schools with complete pupils, their people, and the round; (area, school) of each school."""
    from appbuilder_app import access, setup
    from appbuilder_app.access import Viewer
    from appbuilder_app.declaration import db
    from appbuilder_app.models import Account, Area, CollectionRound, School, Student, Submission, Window
    from appbuilder_app.workflows import accounts, roles

    # By the application's own role: the owner would give the tables to nobody but itself.
    with world.app().app_context():
        setup.migrate()
        db.engine.dispose()
    with world.app(services.owner_url(world.url)).app_context():
        roles.sync_roles()
        db.session.commit()
        places = [(f"{9001 + at % AREAS}", f"{90000001 + at}") for at in range(schools)]
        hashed = accounts.hashed(PASSWORD)
        given = {
            name: accounts.roles_named([name])
            for name in ("school_officer", "school_director", "district_officer")
        }
        people = [(f"area{9001 + n}", "district_officer", f"C/{9001 + n}", "เจ้าหน้าที่") for n in range(AREAS)]
        for area, code in places:
            people.append((f"o{code}", "school_officer", f"C/{area}/{code}", "ครู"))
            people.append((f"d{code}", "school_director", f"C/{area}/{code}", "ผู้อำนวยการโรงเรียน"))
        for name, role, scope, position in people:
            one = Account(
                username=name, first_name=name, last_name="ทดสอบ", email=f"{name}@bench.invalid", active=True,
                password=hashed, scope=scope, position=position, session_epoch=1,
            )  # fmt: skip
            one.roles = given[role]
            db.session.add(one)
        db.session.commit()
        everything = Viewer(None, "bench", "ผู้สร้าง", "", "C", roles.known_rights())
        with access.acting_as(everything, through="shell"):
            _put_places(Area, School, places)
            _open_round(CollectionRound, Window, Submission, places)
            _put_pupils(Student, places)
        db.engine.dispose()
    return places


def _put_places(area_type: type, school_type: type, places: list[tuple[str, str]]) -> None:
    from appbuilder_app.codes import AreaKind, Grade
    from appbuilder_app.declaration import db

    for n in range(AREAS):
        named = f"เขตทดสอบ {n + 1}"
        db.session.add(
            area_type(code=f"{9001 + n}", name=named, short_name=named, kind=AreaKind.PESA, provinces="ลพบุรี")
        )
    db.session.flush()
    for area, code in places:
        grades = {"lowest_grade": Grade("09"), "highest_grade": Grade("09")}
        db.session.add(school_type(code=code, name=f"บ้านทดสอบ {code[-4:]}", area_code=area, **grades))
    db.session.commit()


def _open_round(
    round_type: type, window_type: type, submission_type: type, places: list[tuple[str, str]]
) -> None:
    from appbuilder_app import access
    from appbuilder_app.codes import RoundSystem, WindowAction
    from appbuilder_app.dataset import lock
    from appbuilder_app.declaration import db

    now, day = lock.now(), dt.timedelta(days=1)
    with access.performing(access.Action.MANAGE, "round"):
        opened = round_type(
            system=RoundSystem.DMC, academic_year=2569, number=2, snapshot_date=dt.date(2026, 11, 10)
        )
        db.session.add(opened)
        db.session.flush()
        for action in WindowAction:
            spans = {"opens_at": now - day, "closes_at": now + day, "granted_at": now}
            db.session.add(window_type(round_id=opened.id, action=action, scope="C", **spans))
        for _area, code in places:
            db.session.add(submission_type(round_id=opened.id, school_code=code))
        db.session.commit()


def _put_pupils(student_type: type, places: list[tuple[str, str]]) -> None:
    from appbuilder_app import identity
    from appbuilder_app.codes import Grade, Sex, Title
    from appbuilder_app.declaration import db

    number = 0
    for _area, code in places:
        for at in range(PUPILS):
            number += 1
            boy = at % 2 == 0
            first = f"1{number:011d}"
            db.session.add(
                student_type(
                    school_code=code,
                    national_id=first + str(identity.check_digit(first)),
                    student_number=f"{at:05d}",
                    title=Title("001" if boy else "002"),
                    sex=Sex("M" if boy else "F"),
                    first_name=f"ชื่อ{number}",
                    last_name=f"สกุล{number}",
                    birth_date=dt.date(2014, 8, 1 + at % 28),
                    grade=Grade("09"),
                    room=1,
                    weight_kg=33,
                    height_cm=141,
                    nationality="ไทย",
                    ethnicity="ไทย",
                )
            )
        db.session.commit()


def end_at(world: World, moment: dt.datetime) -> None:
    """Confirming and certifying end at this moment."""
    from appbuilder_app.codes import WindowAction

    engine = sa.create_engine(services.owner_url(world.url))
    with engine.begin() as connection:
        ended = sa.text('UPDATE "window" SET closes_at = :moment WHERE action IN (:confirm, :certify)')
        facts = {"confirm": WindowAction.CONFIRM.value, "certify": WindowAction.CERTIFY.value}
        connection.execute(ended, {"moment": moment, **facts})
    engine.dispose()


# ── The hour ─────────────────────────────────────────────────────────────────────────────────────────────


def arrivals(schools: int, seconds: float, chance: random.Random) -> list[float]:
    """When each school's officer comes: more and more towards the end, and a few after it."""
    inside = [seconds * chance.triangular(0.0, 0.97, 0.9) for _ in range(schools)]
    for at in range(int(schools * LATE)):
        inside[at] = seconds * chance.uniform(1.01, 1.08)
    return inside


def school_signs(port: int, told: Told, code: str, wait: Callable[[float], None], begin: float) -> None:
    """The officer confirms, and a little later the director certifies."""
    for person, verb, pause in (("o", "confirm", 0.0), ("d", "certify", 1.5)):
        wait(begin + pause)
        browser = Browser(port, told, int(code) - 90000001)
        try:
            browser.log_in(f"{person}{code}")
            browser.ask("home", "/")
            browser.ask("round page", f"/submission/{code}")
            form = {"stated": "1", "proof": PASSWORD, "capacity": "own", "order": ""}
            status = browser.ask(verb, f"/submission/{code}/{verb}", form)
            with told.lock:
                (told.accepted if status == 302 else told.refused).add((code, verb))
            browser.ask("round page", f"/submission/{code}")
            if status != 302:
                return
        finally:
            browser.close()


def area_watches(port: int, told: Told, area: str, until: float) -> None:
    """An area officer looks every few seconds and acknowledges who has been certified."""
    browser = Browser(port, told, 50_000 + int(area) - 9000)
    browser.log_in(f"area{area}")
    while time.monotonic() < until:
        browser.ask("watch", "/watch/?state=certified")
        with told.lock:
            done = {code for code, verb in told.accepted if verb == "acknowledge"}
            certified = {code for code, verb in told.accepted if verb == "certify" and _area_of(code) == area}
        waiting = sorted(certified - done)
        if waiting:
            body = [("id", code) for code in waiting]
            status = _acknowledge(browser, body)
            if status == 200:
                with told.lock:
                    told.accepted |= {(code, "acknowledge") for code in waiting}
        # The server closes what is idle for two seconds; a browser opens its connection anew.
        browser.close()
        time.sleep(3)


def _area_of(code: str) -> str:
    return f"{9001 + (int(code) - 90000001) % AREAS}"


def _acknowledge(browser: Browser, ids: list[tuple[str, str]]) -> int:
    headers = {"Cookie": browser.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode([*ids, ("csrf_token", browser.token)])
    begun = time.perf_counter()
    browser.connection.request("POST", "/watch/acknowledge", body, headers)
    answer = browser.connection.getresponse()
    answer.read()
    browser.told.note("acknowledge", answer.status, time.perf_counter() - begun)
    return answer.status


def play(world: World, port: int, places: list[tuple[str, str]], seconds: float, clients: int) -> Told:
    """The whole hour; what was seen."""
    told = Told()
    begun = time.monotonic()
    end_at(world, dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds))

    def wait(moment: float) -> None:
        time.sleep(max(0.0, begun + moment - time.monotonic()))

    def one(code: str, begin: float) -> None:
        try:
            school_signs(port, told, code, wait, begin)
        except Exception as failure:  # noqa: BLE001 - told at the end; the others go on
            with told.lock:
                told.failures.append(f"{code}: {failure!r}")

    comes = sorted(zip(arrivals(len(places), seconds, random.Random(1630)), places, strict=True))
    with ThreadPoolExecutor(clients) as crowd, ThreadPoolExecutor(AREAS) as areas:
        watching = [
            areas.submit(area_watches, port, told, f"{9001 + n}", begun + seconds * 1.15)
            for n in range(AREAS)
        ]
        for begin, (_area, code) in comes:
            wait(begin - 0.05)
            crowd.submit(one, code, begin)
        crowd.shutdown(wait=True)
        for one_area in watching:
            one_area.result()
    return told


# ── What came of it ──────────────────────────────────────────────────────────────────────────────────────


def kept(world: World) -> set[tuple[str, str]]:
    """The acts that the database holds; a certificate without its act, or an act without its certificate, is told."""
    engine = sa.create_engine(services.owner_url(world.url))
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT s.school_code, s.confirmed_at, s.certified_at, s.acknowledged_at, count(c.id) AS papers"
                " FROM submission s LEFT JOIN certificate c ON c.submission_id = s.id GROUP BY s.id"
            )
        ).all()
        numbers = connection.scalar(sa.text("SELECT count(*) - count(DISTINCT number) FROM certificate"))
    engine.dispose()
    if numbers or any((row.certified_at is not None) != (row.papers == 1) for row in rows):
        raise RuntimeError("certificates and acts do not agree")
    acts = (("confirm", "confirmed_at"), ("certify", "certified_at"), ("acknowledge", "acknowledged_at"))
    return {(row.school_code, verb) for row in rows for verb, column in acts if getattr(row, column)}


def tell(told: Told, seconds: float, schools: int, world: World) -> int:
    """Print times, errors, and whether database and clients agree; 0 when they do and nothing failed."""
    requests = sum(map(len, told.times.values()))
    print(f"{requests:,} requests, {requests / seconds:.1f} a second over the hour's {seconds:.0f} s")
    for kind, times in sorted(told.times.items()):
        cuts = quantiles(times, n=100) if len(times) > 1 else [times[0]] * 99
        statuses = ", ".join(f"{status}: {n}" for (k, status), n in sorted(told.answers.items()) if k == kind)
        print(
            f"  {kind:<12} {len(times):6,}  p50 {median(times) * 1000:6.0f}  p95 {cuts[94] * 1000:6.0f}"
            f"  p99 {cuts[98] * 1000:6.0f} ms   {statuses}"
        )
    errors = sum(n for (_kind, status), n in told.answers.items() if status >= 500) + len(told.failures)
    there = kept(world)
    lost, unasked = told.accepted - there, there - told.accepted
    print(
        f"errors {errors}; accepted {len(told.accepted):,}, refused as late or out of turn {len(told.refused):,}"
    )
    print(f"lost {len(lost)}, in the database without having been accepted {len(unasked)}")
    share = schools * 3600 / seconds / NATION
    print(f"as many schools an hour as {share:.1%} of the country's {NATION:,}")
    for failure in told.failures[:5]:
        print("  ", failure)
    return int(bool(errors or lost or unasked))


@contextmanager
def working(world: World) -> Iterator[subprocess.Popen[bytes]]:
    """One job worker, as ``flask worker`` runs it."""
    words = [sys.executable, "-m", "flask", "--app", "run", "worker"]
    with (world.folder / "worker.log").open("ab") as log:
        worker = subprocess.Popen(words, env=world.environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            yield worker
        finally:
            worker.terminate()
            worker.wait(30)


def wait_for_papers(world: World, number: int) -> float:
    """Seconds until the job worker has made all certificates, at most three minutes."""
    begun = time.monotonic()
    engine = sa.create_engine(services.owner_url(world.url))
    query = sa.text("SELECT count(*) FROM job WHERE kind = 'certificate.print' AND state = 'done'")
    while time.monotonic() - begun < 180:
        with engine.connect() as connection:
            if (connection.scalar(query) or 0) >= number:
                break
        time.sleep(0.5)
    else:
        raise RuntimeError("the papers were not made in time")
    engine.dispose()
    return time.monotonic() - begun


def main() -> int:
    """Build the world, play the hour, tell."""
    words = argparse.ArgumentParser(prog="bench deadline")
    words.add_argument("--schools", type=int, default=300)
    words.add_argument("--seconds", type=float, default=120.0)
    words.add_argument("--clients", type=int, default=32)
    asked = words.parse_args()
    with (
        services.postgresql(durable=True) as server,
        services.redis() as redis,
        TemporaryDirectory(prefix="thabian-bench-") as folder,
    ):
        world = World(server.fresh(), Path(folder))
        world.environment["THABIAN_REDIS_URL"] = redis
        places = build(world, asked.schools)
        print(f"{asked.schools} schools of {PUPILS} students; {asked.clients} clients at most", flush=True)
        with working(world), world.ours() as web:
            before = web.processor_seconds()
            told = play(world, web.port, places, asked.seconds, asked.clients)
            used = web.processor_seconds() - before
            certified = sum(verb == "certify" for _code, verb in told.accepted)
            print(f"web and database used {used:.0f} s of processor in {asked.seconds * 1.15:.0f} s")
            print(f"papers: all {certified} made {wait_for_papers(world, certified):.0f} s after the end")
        return tell(told, asked.seconds, asked.schools, world)


if __name__ == "__main__":
    sys.exit(main())
