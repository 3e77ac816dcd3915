"""A REST page of 25 learners beside Django REST Framework: ``python -m bench.rest [--students N] [--seconds S]``.

All fields of a learner, as JSON, for a program with a key (there: a token), and for somebody logged in, who see the
country. Each server has 2 workers of 4 threads
and 8 clients; they take turns, and the medians of the turns are compared. Its answers are compared, too: the same
learners with the same fields.
"""

from __future__ import annotations

import argparse
import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bench.http_load import Page, Speed, measure
from bench.lists import django_cookie, our_cookie
from bench.world import LIBRARIES, World, world

OURS = "/api/v1/student/"
THEIRS = {"numbered": "/rest/numbered/", "by mark": "/rest/by-mark/"}
HOW = ("key", "session")
UNLIMITED = {"THABIAN_API_PER_MINUTE": "1000000"}


@contextmanager
def pages(made: World, how: str) -> Iterator[dict[str, tuple[Page, Callable[[], float]]]]:
    """The pages that are compared, and how much processor time the server of each has used."""
    token = made.run("-m", "bench.django_admin", "prepare").strip()
    with (
        our_key(made) as key,
        made.gunicorn("django.core.wsgi:get_wsgi_application()") as django,
        made.ours(**UNLIMITED) as ours,
    ):
        if how == "key":
            there, here = {"authorization": f"Token {token}"}, {"authorization": f"Bearer {key}"}
        else:
            there = {"cookie": django_cookie(django.port, "plain", "central")}
            here = {"cookie": our_cookie(ours.port, "central")}
        found: dict[str, tuple[Page, Callable[[], float]]] = {
            f"Django REST Framework, {name}": (Page(django.port, path, **there), django.processor_seconds)
            for name, path in THEIRS.items()
        }
        yield found | {"Thabian": (Page(ours.port, OURS, **here), ours.processor_seconds)}


@contextmanager
def our_key(made: World) -> Iterator[str]:
    """The secret of an API key of the centre's account that reads learners unmasked; revoked afterwards."""
    from appbuilder_app import access
    from appbuilder_app.declaration import db
    from appbuilder_app.models import Account
    from appbuilder_app.security import viewer_of
    from appbuilder_app.workflows import keys

    with made.app().app_context():
        owner = db.session.scalars(sa.select(Account).filter_by(username="central")).one()
        with access.acting_as(viewer_of(owner), through="command"):
            key, secret = keys.make_key("bench", ["read:student", "export:student"])
            db.session.commit()
            yield secret
            keys.revoke(key.id)
            db.session.commit()
        db.session.remove()
        db.engine.dispose()


def answer(page: Page) -> list[dict[str, object]]:
    """The rows of a page."""
    headers = {"Cookie": page.cookie, "Authorization": page.authorization}
    asked = urllib.request.Request(
        f"http://127.0.0.1:{page.port}{page.path}",
        headers={name: sent for name, sent in headers.items() if sent},
    )
    with urllib.request.urlopen(asked) as found:
        body = json.load(found)
    return list(body["result"] if "result" in body else body["results"])


def compare(made: World, how: str, seconds: float, turns: int) -> dict[str, list[Speed]]:
    """The speeds of each page, in turns."""
    with pages(made, how) as found:
        fields = {name: set(answer(page)[0]) for name, (page, _) in found.items()}
        for name, there in fields.items():
            lacking = fields["Thabian"] - there - {"key", "version", "school_code"}
            assert not lacking, f"{name} does not send {lacking}"
        sent = {name: [row["national_id"] for row in answer(page)] for name, (page, _) in found.items()}
        assert len({tuple(numbers) for numbers in sent.values()}) == 1, "the same learners"
        speeds: dict[str, list[Speed]] = {name: [] for name in found}
        for _turn in range(turns):
            for name, (page, used) in found.items():
                speeds[name].append(measure(page, used, seconds=seconds))
    return speeds


def tell(speeds: dict[str, list[Speed]]) -> None:
    """Print the middle of the turns, and how much faster ours is."""
    middle = {
        name: sorted(taken, key=lambda one: one.per_second)[len(taken) // 2] for name, taken in speeds.items()
    }
    ours = middle["Thabian"]
    for name, speed in middle.items():
        quicker, leaner = ours.per_second / speed.per_second, speed.processor / ours.processor
        print(f"  {name:34} {speed}  (Thabian: {quicker:.1f} x the speed, 1/{leaner:.1f} the processor)")


def main(arguments: list[str] | None = None) -> None:
    """Load, measure, print."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--students", type=int, default=100_000, help="in the database; published: 1000000")
    given.add_argument("--seconds", type=float, default=5.0, help="for each page and turn")
    given.add_argument("--turns", type=int, default=3)
    given.add_argument("--how", choices=(*HOW, "both"), default="both", help="how the sender is known")
    options = given.parse_args(arguments)
    if not LIBRARIES.exists():
        raise SystemExit("Django is not installed to compare with; `make bench` installs it")
    with world(options.students, kept=True) as made:
        for how in HOW if options.how == "both" else (options.how,):
            print(f"\nREST page of 25, all fields, the sender known by a {how}")
            tell(compare(made, how, options.seconds, options.turns))


if __name__ == "__main__":
    main()
