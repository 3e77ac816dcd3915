"""The session cookie and the counts of requests, which cost as little as they can."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from appbuilder_app import counting, sessions
from tests.app_fixtures import World

pytestmark = pytest.mark.any_database


def test_a_cookie_is_signed_anew_when_it_has_become_older(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a minute the cookie stays; afterwards its time goes on, so that who works is not logged out."""
    client = world.client("alice")
    client.get("/")
    assert "Set-Cookie" not in client.get("/").headers
    monkeypatch.setattr(sessions, "RENEWED_EVERY", timedelta(0))
    assert "Set-Cookie" in client.get("/").headers


def test_a_changed_session_is_kept_at_once(world: World) -> None:
    """The language chosen a second after the last page is not lost."""
    client = world.client("alice")
    client.get("/")
    assert "Set-Cookie" in client.get("/lang/en").headers
    assert "Students" in client.get("/data/student/").text


def test_counting_begins_no_thread_and_forgets() -> None:
    """A count ends with its time; the library's own begins a thread for almost every request."""
    counts = counting.ProcessStorage("process://")
    time.sleep(0.05)  # the library's first thread, which is its last
    before = threading.active_count()
    assert [counts.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert threading.active_count() == before
    assert counts.incr("b", 0.01) == 1
    time.sleep(0.02)
    assert counts.incr("b", 60) == 1
    assert counts.get("a") == 3
