"""What attacks share: one world for a whole module, and an oracle that knows nothing of the engine's walls.

The oracle judges from `access.ROLES`, from the personas' scopes and from the rows themselves, which it reads
over a database connection of its own, on which no wall stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from appbuilder_app import access, create_app
from appbuilder_app.declaration import Base, Private, datasets, fields_of
from appbuilder_app.models import db
from tests.app_fixtures import PERSONAS, SCOPES, World, app_settings, dispose

__all__ = ["db"]  # imported from the schema, so that it is declared before tests are made from it

Row = Mapping[str, Any]
Rows = dict[tuple[str, Any], dict[str, Any]]


def rights_of(persona: str) -> frozenset[access.Right]:
    """Rights of a persona's role, as the table of `access.py` says."""
    return next(role.rights for role in access.ROLES if role.name == PERSONAS[persona][0])


def scope_of(persona: str) -> str:
    """The scope path that a persona looks after."""
    return PERSONAS[persona][1]


def covers(persona: str, scope: str) -> bool:
    """Whether rows of this scope are the persona's own; written out here, not asked of the engine."""
    own = scope_of(persona).split("/")
    return scope.split("/")[: len(own)] == own


def sees(persona: str, model: type[Base], row: Row) -> bool:
    """Whether the persona may know that the row exists."""
    return not issubclass(model, Private) or covers(persona, row["scope"])


def key_name(model: type[Base]) -> str:
    """The column of a model's primary key."""
    return str(sa.inspect(model).primary_key[0].key)


@dataclass
class Attacked:
    """A world under attack, and what the oracle needs to judge the outcome."""

    world: World
    oracle: sa.Engine
    clients: dict[tuple[str, str], tuple[FlaskClient, dict[str, str]]] = field(default_factory=dict)
    hidden: dict[tuple[str, type[Base]], set[str]] = field(default_factory=dict)

    @cached_property
    def initial(self) -> Rows:
        """The rows as they were made: every attack that changes them puts them back."""
        return self.rows()

    def rows(self, *models_: type[Base]) -> Rows:
        """All rows of the datasets, by table and primary key, past every wall."""
        found: Rows = {}
        with self.oracle.connect() as connection:
            for model in models_ or tuple(datasets()):
                for row in connection.execute(sa.select(model.__table__)).mappings():
                    found[model.__tablename__, row[key_name(model)]] = dict(row)
        return found

    def of_school(self, model: type[Base], code: str) -> dict[str, Any]:
        """A row of the school itself, or of what the school lies in."""
        table = model.__tablename__
        rows = [r for (t, _), r in self.initial.items() if t == table and SCOPES[code].startswith(r["scope"])]
        return min(rows, key=lambda row: str(row[key_name(model)]))

    def hidden_words(self, persona: str, model: type[Base]) -> set[str]:
        """Texts that stand in rows hidden from the persona and in none that the persona sees."""
        if (persona, model) not in self.hidden:
            mine: set[str] = set()
            others: set[str] = set()
            for row in self.rows(model).values():
                (mine if sees(persona, model, row) else others).update(_words_of(model, row))
            self.hidden[persona, model] = others - mine
        return self.hidden[persona, model]

    def changes(self) -> dict[tuple[str, Any], tuple[Row | None, Row | None]]:
        """Rows of datasets that are not as they were: before and after."""
        before, after = self.initial, self.rows()
        return {
            key: (before.get(key), after.get(key))
            for key in before.keys() | after.keys()
            if before.get(key) != after.get(key)
        }

    def put_back(self, changed: Mapping[tuple[str, Any], tuple[Row | None, Row | None]]) -> None:
        """Undo what a permitted write did, so that the next attack meets the same world."""
        tables = {model.__tablename__: model.__table__ for model in datasets()}
        with self.oracle.begin() as connection:
            for (name, key), (before, after) in changed.items():
                table = tables[name]
                mine = table.primary_key.columns[0] == key
                if before is None:
                    connection.execute(sa.delete(table).where(mine))
                elif after is None:
                    connection.execute(sa.insert(table).values(**before))
                else:
                    connection.execute(sa.update(table).where(mine).values(**before))

    def client(self, persona: str, door: str) -> tuple[FlaskClient, dict[str, str]]:
        """A browser with the persona's cookie, or a program with the persona's token, and its headers."""
        if (persona, door) not in self.clients:
            cookie = door == "cookie"
            browser = self.world.client(persona if cookie else None)
            self.clients[persona, door] = browser, {} if cookie else self.world.token(persona)
        return self.clients[persona, door]

    @contextmanager
    def round_is(self, state: str) -> Iterator[None]:
        """Inside, the governing round is open, confirmed by all schools, or closed; set past every wall."""
        with self.oracle.begin() as connection:
            self._set(connection, state)
        try:
            yield
        finally:
            if state != "open":
                with self.oracle.begin() as connection:
                    self._reopen(connection)

    def _set(self, connection: sa.Connection, state: str) -> None:
        if state == "confirmed":
            connection.execute(sa.text("UPDATE submission SET state = 'confirmed'"))
        if state == "closed":
            connection.execute(sa.text("UPDATE collection_round SET closed_at = '2026-01-01 00:00:00'"))

    def _reopen(self, connection: sa.Connection) -> None:
        rounds = sa.text("ALTER TABLE collection_round DISABLE TRIGGER USER")
        if connection.dialect.name == "postgresql":
            connection.execute(rounds)
        else:
            for name in self._triggers:
                connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        connection.execute(sa.text("UPDATE collection_round SET closed_at = NULL"))
        connection.execute(sa.text("UPDATE submission SET state = 'open'"))
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("ALTER TABLE collection_round ENABLE TRIGGER USER"))
        else:
            for text in self._triggers.values():
                connection.exec_driver_sql(text)

    @cached_property
    def _triggers(self) -> dict[str, str]:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'collection_round'"
        with self.oracle.connect() as connection:
            return {row.name: row.sql for row in connection.execute(sa.text(query))}


def _words_of(model: type[Base], row: Row) -> set[str]:
    """Texts of a row that could only have come from it; codes and places are in every page."""
    found = set()
    for name, declared in fields_of(model).items():
        if (
            isinstance(row[name], str)
            and not model.__table__.columns[name].foreign_keys
            and len(row[name]) > 4
        ):
            found |= {row[name], declared.kind.show(row[name])}
    return found


class _Form(HTMLParser):
    """Gathers what a page's form would send."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Inputs carry their value, a select its chosen option, a textarea what follows."""
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("name") and given.get("type") not in {"submit", "file"}:
            self.fields[given["name"]] = given.get("value", "")
        elif tag in {"select", "textarea"}:
            self.open = given.get("name", "")
            self.fields[self.open] = ""
        elif tag == "option" and self.open and ("selected" in given or not self.fields[self.open]):
            self.fields[self.open] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        """The text of a textarea."""
        if self.open and self.lasttag == "textarea":
            self.fields[self.open] += data

    def handle_endtag(self, tag: str) -> None:
        """A select or textarea is done."""
        if tag in {"select", "textarea"}:
            self.open = ""


def fields_on(page: str) -> dict[str, str]:
    """What a browser would send of the forms on a page that nobody has touched."""
    parser = _Form()
    parser.feed(page)
    return parser.fields


def new_app(url: str, tmp_path_factory: pytest.TempPathFactory, **changed: Any) -> Flask:
    """An application on a database, with pages for its errors instead of exceptions."""
    return create_app(
        app_settings(url, tmp_path_factory.mktemp("app"), PROPAGATE_EXCEPTIONS=False, **changed),
    )


@contextmanager
def an_attacked_world(
    databases: Any, template: str, folder: pytest.TempPathFactory, **changed: Any
) -> Iterator[Attacked]:
    """A world on a database of its own, with some settings ``changed``, and its oracle; gone afterwards."""
    url = databases.fresh(template)
    app, oracle = new_app(url, folder, **changed), sa.create_engine(url)
    try:
        yield Attacked(World(app), oracle)
    finally:
        oracle.dispose()
        dispose(app)
        databases.drop(url)


@pytest.fixture(scope="module")
def attacked(
    databases: Any,
    world_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Attacked]:
    """One small world for all attacks of a module; each attack must leave it as it was."""
    with an_attacked_world(databases, world_template, tmp_path_factory) as one:
        yield one


@pytest.fixture
def ravaged(
    databases: Any,
    world_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Attacked]:
    """A small world for one test, which may leave nothing of it."""
    with an_attacked_world(databases, world_template, tmp_path_factory) as one:
        yield one
