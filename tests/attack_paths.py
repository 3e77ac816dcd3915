"""The paths to a dataset's rows, who goes them as whom, and the verdict on what came of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from appbuilder_app import kinds, rules
from appbuilder_app.declaration import Base, Private, dataset_named, dataset_of, fields_of
from tests.app_fixtures import FOREIGN, PERSONAS, SCHOOL, SCOPES, SIBLING, national_id
from tests.attack_fixtures import (
    Attacked,
    Row,
    covers,
    key_name,
    rights_of,
    scope_of,
    text_fields,
)

SCHOOLS = (SCHOOL, SIBLING, FOREIGN)
CHANGED = "แก้ไขแล้ว"
CURIOUS = {"alice", "charlie", "dan"}


@dataclass(frozen=True)
class Attack:
    """One persona at one row through one door."""

    attacked: Attacked
    model: type[Base]
    persona: str
    door: str
    row: dict[str, Any]
    elsewhere: str
    state: str = "open"

    @property
    def table(self) -> str:
        """Name of the dataset."""
        return str(self.model.__tablename__)

    @property
    def key(self) -> Any:
        """Primary key of the row."""
        return self.row[key_name(self.model)]

    def may(self, action: str) -> bool:
        """Whether the persona's role holds a right on the dataset; rows of verbs nobody writes by hand."""
        by_hand = action != "write" or not dataset_of(self.model).managed
        return by_hand and (action, self.table) in rights_of(self.persona)

    def owns(self, scope: str | None = None) -> bool:
        """Whether the persona looks after the row, or after a scope."""
        return covers(self.persona, scope or self.row["scope"])

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """The request, as the persona's browser or program sends it."""
        client, headers = self.attacked.client(self.persona, self.door)
        return client.open(path, method=method, headers=headers, buffered=True, **options)

    def screen(self, method: str, rest: str = "", **options: Any) -> TestResponse:
        """A request to the dataset's screens."""
        return self.send(method, f"/data/{self.table}/{rest}", **options)

    def api(self, method: str, rest: str = "", **options: Any) -> TestResponse:
        """A request to the dataset's API."""
        return self.send(method, f"/api/v1/{self.table}/{rest}", **options)


# ── What is sent ─────────────────────────────────────────────────────────────────────────────────────────


def form_of(attack: Attack, **changed: str) -> dict[str, str]:
    """The row's form as a browser would send it, with some fields changed."""
    fields = fields_of(attack.model)
    values = {name: declared.kind.edit(attack.row[name]) for name, declared in fields.items()}
    return values | {"version": str(attack.row.get("version", ""))} | changed


def harmless(model: type[Base]) -> str:
    """A text field that may be changed to any text."""
    return text_fields(model)[0]


def unused(attack: Attack) -> dict[str, str]:
    """Values of the identifying fields that no row of the same owner has."""
    model, table = attack.model, attack.table
    names = [name for name in dataset_of(model).key if name not in {"school_code", "area_code"}]
    rows = [row for (name, _), row in attack.attacked.initial.items() if name == table]
    taken = {tuple(row[name] for name in names) for row in rows if row["scope"] == attack.row["scope"]}
    free = product(*(_possible(attack, name) for name in names))
    values = next(one for one in free if tuple(raw for raw, _text in one) not in taken)
    return {name: text for name, (_raw, text) in zip(names, values, strict=True)}


def _possible(attack: Attack, name: str) -> list[tuple[Any, str]]:
    """Values that an identifying field may take, as stored and as a form sends them."""
    declared = fields_of(attack.model)[name]
    if isinstance(declared.kind, kinds.Code):
        return [(code, str(code.value)) for code in reversed(list(declared.kind.codes))]
    if isinstance(declared.kind, kinds.Reference):
        target = dataset_named(declared.kind.target)
        rows = [row for (table, _), row in attack.attacked.initial.items() if table == target.__tablename__]
        mine = [row for row in rows if not issubclass(target, Private) or _is_for(row, attack)]
        return [(row[key_name(target)], str(row[key_name(target)])) for row in mine]
    return [(None, _unused(attack.model, name))]


def _is_for(row: Row, attack: Attack) -> bool:
    """Whether a row is of the same owner, or of the area above."""
    return f"{attack.row['scope']}/".startswith(f"{row['scope']}/")


def _unused(model: type[Base], name: str) -> str:
    declared = fields_of(model)[name]
    if isinstance(declared.kind, kinds.Identity):
        return national_id(987_654)
    if rules.code_is_a_name in dataset_of(model).rules and name == "code":
        return "nobody_has_this"
    if isinstance(declared.kind, kinds.BuddhistYear):
        return "2599"
    return "98" if declared.kind.numeric else "98765432"[: declared.length or 8]


def owner_field(model: type[Base]) -> str:
    """The field by which a row belongs to somebody; empty when it cannot be given away."""
    return next((name for name in ("school_code", "area_code") if name in fields_of(model)), "")


def owner_of(model: type[Base], school: str) -> str:
    """What the owner field says for rows of a school, or of the area that it lies in."""
    return school if owner_field(model) == "school_code" else SCOPES[school].split("/")[1]


def given_away(attack: Attack) -> dict[str, str]:
    """The change that gives a row to another owner."""
    field = owner_field(attack.model)
    return {field: owner_of(attack.model, attack.elsewhere)} if field else {}


# ── The paths ────────────────────────────────────────────────────────────────────────────────────────────

Sent = Callable[[Attack], TestResponse]

READS_OF_A_ROW: dict[str, Sent] = {
    "View.show": lambda a: a.screen("GET", f"{a.key}"),
    "View.timeline": lambda a: a.screen("GET", f"{a.key}/history"),
    "Api.get": lambda a: a.api("GET", f"{a.key}"),
}
FORMS_OF_A_ROW: dict[str, Sent] = {
    "View.edit": lambda a: a.screen("GET", f"{a.key}/edit"),
    "View.delete": lambda a: a.screen("GET", f"{a.key}/delete"),
}
CHANGES_OF_A_ROW: dict[str, Sent] = {
    "View.edit": lambda a: a.screen("POST", f"{a.key}/edit", data=form_of(a, **{harmless(a.model): CHANGED})),
    "Api.patch": lambda a: a.api("PATCH", f"{a.key}", json={harmless(a.model): CHANGED}),
}
GIVING_AWAY: dict[str, Sent] = {
    "View.edit": lambda a: a.screen("POST", f"{a.key}/edit", data=form_of(a, **given_away(a))),
    "Api.patch": lambda a: a.api("PATCH", f"{a.key}", json=given_away(a)),
}
DELETIONS: dict[str, Sent] = {
    "View.delete": lambda a: a.screen("POST", f"{a.key}/delete"),
    "Api.delete": lambda a: a.api("DELETE", f"{a.key}"),
}
ADDITIONS: dict[str, Sent] = {
    "View.add": lambda a: a.screen("POST", "add", data=form_of(a, **unused(a))),
    "Api.post": lambda a: a.api("POST", json=json_of(a)),
}
LISTS: dict[str, Callable[[Attack, str], TestResponse]] = {
    "View.browse": lambda a, query: a.screen("GET", f"?{query}"),
    "View.lookup": lambda a, query: a.screen("GET", f"lookup?{query}"),
    "View.export (xlsx)": lambda a, query: a.screen("GET", f"export.xlsx?{query}"),
    "View.export (csv)": lambda a, query: a.screen("GET", f"export.csv?{query}"),
    "Api.get_list": lambda a, query: a.api("GET", f"?{query}"),
}
EMPTY_FORMS: dict[str, Sent] = {"View.add": lambda a: a.screen("GET", "add")}


def json_of(attack: Attack) -> dict[str, Any]:
    """A new row like this one, as a program posts it."""
    fields = {name: declared for name, declared in fields_of(attack.model).items() if declared.editable}
    return {name: d.kind.json(attack.row[name]) for name, d in fields.items()} | unused(attack)


def through(paths: Any) -> Any:
    """Once per path of a table above."""
    return pytest.mark.parametrize("path", paths)


def attacks(attacked: Attacked, model: type[Base], path: str, state: str = "open") -> Iterator[Attack]:
    """Every persona at the row of every school; at the API with a token, and some with a cookie, too."""
    for persona, school in product(PERSONAS, SCHOOLS):
        doors = (
            ("cookie",)
            if path.startswith("View")
            else ("token", "cookie")
            if persona in CURIOUS
            else ("token",)
        )
        for door in doors:
            elsewhere = FOREIGN if school != FOREIGN else SCHOOL
            attack = Attack(
                attacked, model, persona, door, attacked.of_school(model, school), elsewhere, state
            )
            if state == "open" or attack.may("write"):  # no lock matters to who may not write at all
                yield attack


def text_of(answer: TestResponse) -> str:
    """All words of an answer, those inside a workbook too."""
    if not answer.data.startswith(b"PK"):
        return answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def judged(attack: Attack, answer: TestResponse, expected: int, sent: str = "") -> list[str]:
    """What is wrong with an answer: its status, or words of hidden rows in it that were not sent."""
    wrong = []
    # The API has no doors for rows that only verbs write.
    closed = dataset_of(attack.model).managed and answer.status_code == 405
    if answer.status_code != expected and not (closed and expected == 403):
        wrong.append(
            f"{attack.persona}/{attack.door} at {attack.row['scope']}: {answer.status_code} for {expected}"
        )
    hidden = attack.attacked.hidden_words(attack.persona, attack.model)
    body = text_of(answer)
    wrong += [
        f"{attack.persona}/{attack.door} was told {word!r}"
        for word in hidden
        if word not in sent and _stands_in(body, word)
    ]
    return wrong


def _stands_in(body: str, word: str) -> bool:
    """Whether a page says the word; its digits in the middle of a token or a digest are chance."""
    return word in body and bool(re.search(rf"(?<![0-9A-Za-z_-]){re.escape(word)}(?![0-9A-Za-z_-])", body))


# ── The verdict ──────────────────────────────────────────────────────────────────────────────────────────


def is_locked(attack: Attack) -> bool:
    """Whether the round keeps the dataset's rows from being written."""
    return attack.state != "open" and dataset_of(attack.model).round is not None


def is_referred_to(attack: Attack) -> bool:
    """Whether another row points to this one, so that it cannot go."""
    with attack.attacked.oracle.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.c:
                if any(key.column.table is attack.model.__table__ for key in column.foreign_keys):
                    query = sa.select(sa.func.count()).select_from(table).where(column == attack.key)
                    if connection.scalar(query):
                        return True
    return False


def refused_with(attack: Attack) -> int | None:
    """The status of who may not write the row; None for who may."""
    if not attack.may("write"):
        return 403
    if not attack.owns():
        return 404
    if is_locked(attack):
        return 409
    return None


def outcome(attack: Attack, sent: Sent, expected: int, changed: set[Any]) -> list[str]:
    """Send, judge the answer, compare the database with what may have changed, and put it back."""
    answer = sent(attack)
    wrong = judged(attack, answer, expected)
    changes = attack.attacked.changes()
    touched = {key for table, key in changes if table == attack.table}
    others = [key for key in changes if key[0] != attack.table]
    if touched != changed or others:
        wrong.append(f"{attack.persona}/{attack.door} at {attack.row['scope']}: changed {touched or others}")
    attack.attacked.put_back(changes)
    return wrong


ROUND_STATES = pytest.mark.parametrize("state", ["open", "confirmed", "closed"])


def only_where_it_matters(model: type[Base], state: str) -> None:
    """Skip a state of the round that does not lock the dataset."""
    if state != "open" and dataset_of(model).round is None:
        pytest.skip("no round locks this dataset")


def what_was_added_wrongly(attack: Attack, path: str) -> list[str]:
    """Add a row through a path, judge the answer and what came into the database, and put it back."""
    answer = ADDITIONS[path](attack)
    changes = attack.attacked.changes()
    attack.attacked.put_back(changes)
    if answer.status_code == 302:
        attack.screen("GET", "add")  # takes up the message of what was saved
    new = [after for was, after in changes.values() if was is None and after is not None]
    where = f"{attack.persona}/{attack.door} at {attack.row['scope']}"
    wrong = [
        f"{where}: put a row into {row['scope']}" for row in new if not covers(attack.persona, row["scope"])
    ]
    wrong += [f"{where}: changed another row" for was, _ in changes.values() if was is not None]
    if bool(new) != (answer.status_code in {201, 302}) or len(new) > 1:
        wrong.append(f"{where}: {answer.status_code} with {len(new)} rows")
    return wrong + _rightly_added(attack, path, answer, bool(new), where)


def _rightly_added(attack: Attack, path: str, answer: TestResponse, added: bool, where: str) -> list[str]:
    refused = refused_with(attack)
    if refused == 404 and path == "View.add" and scope_of(attack.persona).count("/") == 2:
        return []  # the form of a school's own user asks for no school: the row, if any, is the persona's own
    wrong = judged(attack, answer, refused or (302 if "View" in path else 201), str(attack.row))
    return wrong if added == (refused is None) else [*wrong, f"{where}: added {added}"]
