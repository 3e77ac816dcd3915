"""What attacks share: one world for a whole module, and an oracle that knows nothing of the engine's walls.

The oracle judges from the declared rights, from the personas' scopes and from the rows themselves, which it reads
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
from werkzeug.routing import Rule

from appbuilder_app import access, sqlite
from appbuilder_app.dataset.policies import VERB_SETTING
from appbuilder_app.declaration import Base, Private, dataset_of, datasets, fields_of, rights_of_role
from appbuilder_app.kinds import Kind
from appbuilder_app.models import SchoolRecord, Student, db
from appbuilder_app.walls import SetWork, set_based
from scripts.services import owner_url
from tests.app_fixtures import PERSONAS, SCOPES, World, an_app, dispose

__all__ = ["db"]  # imported from the schema, so that it is declared before tests are made from it

Row = Mapping[str, Any]

_ALWAYS = ("student", "school", "area", "locker")


def _is_representative(model: type[Base]) -> bool:
    plain = [one for one in datasets() if issubclass(one, SchoolRecord) and one is not Student]
    return model.__tablename__ in _ALWAYS or model in [one for one in plain if text_fields(one)][:1]


def text_fields(model: type[Base]) -> list[str]:
    """Fields beside the key that take any text."""
    return [
        name
        for name, one in fields_of(model).items()
        if type(one.kind) is Kind
        and one.editable
        and one.by_verb is None
        and name not in dataset_of(model).key
    ]


# All datasets pass the same doors, which are made of the same code. A few, of every nature, are attacked in
# every way; each further one in a few ways, to see that its declaration has put it behind those doors.
REPRESENTATIVE = [model for model in datasets() if _is_representative(model)]
FURTHER = [model for model in datasets() if model not in REPRESENTATIVE]
_OF_FURTHER = tuple(f"{door}/{model.__tablename__}/" for model in FURTHER for door in ("/data", "/api/v1"))


def rules_to_attack(app: Flask) -> list[Rule]:
    """Every address of the application, but those of datasets only for the representative ones."""
    return [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(_OF_FURTHER)]


Rows = dict[tuple[str, Any], dict[str, Any]]


def rights_of(persona: str) -> frozenset[access.Right]:
    """Rights of a persona's role, as `access.py` and the datasets' declarations say."""
    return rights_of_role(PERSONAS[persona][0])


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
    _read: Rows = field(default_factory=dict)
    _read_at: int | None = None

    @cached_property
    def initial(self) -> Rows:
        """The rows as they were made: every attack that changes them puts them back."""
        return self.rows()

    def rows(self, *models_: type[Base]) -> Rows:
        """All rows of the datasets, by table and primary key, past every wall."""
        found: Rows = {}
        with self.oracle.connect() as connection:
            for model in models_ or tuple(datasets()):
                # Columns that the database computes could not be put back, and follow from the others.
                kept = [column for column in model.__table__.c if column.computed is None]
                for row in connection.execute(sa.select(*kept)).mappings():
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
        before, after = self.initial, self._now()
        return {
            key: (before.get(key), after.get(key))
            for key in before.keys() | after.keys()
            if before.get(key) != after.get(key)
        }

    def _now(self) -> Rows:
        """All rows as they are; read again only when somebody has committed since."""
        mark = self._clock.scalar(self._time)
        if mark != self._read_at:
            self._read, self._read_at = self.rows(), mark
        return self._read

    def close(self) -> None:
        """Close the oracle's connections, so that the database can be dropped."""
        if "_clock" in self.__dict__:
            self._clock.close()
        self.oracle.dispose()

    @cached_property
    def _clock(self) -> sa.Connection:
        return self.oracle.connect().execution_options(isolation_level="AUTOCOMMIT")

    @cached_property
    def _time(self) -> sa.TextClause:
        """A number that another connection's commit changes."""
        if self.oracle.dialect.name == "postgresql":
            return sa.text("SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)")
        return sa.text("PRAGMA data_version")

    @contextmanager
    def past_every_wall(self) -> Iterator[sa.Connection]:
        """The oracle's connection, to which the triggers allow what verbs may do."""
        with set_based(SetWork.BENCHMARK), self.oracle.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL {VERB_SETTING} = 'on'")
            yield connection

    def put_back(self, changed: Mapping[tuple[str, Any], tuple[Row | None, Row | None]]) -> None:
        """Undo what a permitted write did, so that the next attack meets the same world."""
        tables = {model.__tablename__: model.__table__ for model in datasets()}
        with self.past_every_wall() as connection:
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
    return an_app(url, tmp_path_factory.mktemp("app"), PROPAGATE_EXCEPTIONS=False, **changed)


def _an_oracle(url: str) -> sa.Engine:
    engine = sa.create_engine(owner_url(url))
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", sqlite.know_thai)
    return engine


@contextmanager
def an_attacked_world(
    databases: Any, template: str, folder: pytest.TempPathFactory, **changed: Any
) -> Iterator[Attacked]:
    """A world on a database of its own, with some settings ``changed``, and its oracle; gone afterwards."""
    url = databases.fresh(template)
    app = new_app(url, folder, **changed)
    attacked = Attacked(World(app), _an_oracle(url))
    try:
        yield attacked
    finally:
        attacked.close()
        dispose(app)
        databases.drop(url)


@pytest.fixture(scope="session")
def full_template(databases: Any, world_template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small world with rows of every dataset, and an open round of every system; built once for the run."""

    def build(url: str) -> None:
        from tests import sample_rows

        app = new_app(url, tmp_path_factory)
        with app.app_context():
            sample_rows.fill()
        dispose(app)

    return str(databases.template("full", build, world_template))


@pytest.fixture(scope="module")
def attacked(
    databases: Any,
    full_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Attacked]:
    """One small world for all attacks of a module; each attack must leave it as it was."""
    with an_attacked_world(databases, full_template, tmp_path_factory) as one:
        yield one


@pytest.fixture
def ravaged(
    databases: Any,
    full_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Attacked]:
    """A small world for one test, which may leave nothing of it."""
    with an_attacked_world(databases, full_template, tmp_path_factory) as one:
        yield one
