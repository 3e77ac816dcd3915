"""Short ways to look at screens in tests: a page's text, what a post answers, how many statements it took."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from appbuilder_app.declaration import db
from tests.app_fixtures import World


class Screens:
    """The screens as the personas see them; each persona logs in once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._clients: dict[str, FlaskClient] = {}

    def of(self, name: str) -> FlaskClient:
        """The persona's browser."""
        if name not in self._clients:
            self._clients[name] = self.world.client(name)
        return self._clients[name]

    def page(self, name: str, address: str, status: int = 200) -> str:
        """What the persona reads there, with plain spaces."""
        return read(self.of(name).get(address), status)

    def sent(self, name: str, address: str, /, status: int = 302, **fields: Any) -> str:
        """What the persona reads after sending a form; redirects are followed."""
        answer = self.of(name).post(address, data=fields)
        text = read(answer, status)
        return read(self.of(name).get(answer.headers["Location"]), 200) if status == 302 else text

    def statements(self, name: str, address: str) -> int:
        """How many statements the page takes, after a first look that fills caches."""
        self.page(name, address)
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        with self.world.app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            self.page(name, address)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        return len([one for one in seen if not one.startswith(("PRAGMA", "BEGIN"))])


def read(answer: TestResponse, status: int) -> str:
    """An answer's text, after checking its status."""
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, f"{answer.status_code} instead of {status}: {text[:2000]}"
    return re.sub(r"[ \u00a0]+", " ", text)


@pytest.fixture
def screens(world: World) -> Screens:
    """The screens of the small world."""
    return Screens(world)
