"""The attack matrix: every persona, through every generated path, at every row, while a round is open or not.

Made from the declarations: a new dataset is attacked without a new test. What must happen is judged from
`access.ROLES` and the personas' scopes alone; and always, whatever the answer says, no row changed that
should not, and no word of a hidden row stands in the answer.
"""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import unquote_plus, urlencode

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from appbuilder_app import kinds
from appbuilder_app.declaration import Base, Private, dataset_named, dataset_of, datasets, fields_of
from tests.app_fixtures import FOREIGN, PERSONAS, SCHOOL, SCOPES, SIBLING, national_id
from tests.attack_fixtures import Attacked, covers, fields_on, key_name, rights_of, scope_of, sees

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
        """Whether the persona's role holds a right on the dataset."""
        return (action, self.table) in rights_of(self.persona)

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


@pytest.fixture(autouse=True)
def as_it_was(attacked: Attacked) -> Iterator[None]:
    """A test that fails leaves nothing behind for the next."""
    yield
    attacked.put_back(attacked.changes())


# ── What is sent ─────────────────────────────────────────────────────────────────────────────────────────


def form_of(attack: Attack, **changed: str) -> dict[str, str]:
    """The row's form as a browser would send it, with some fields changed."""
    fields = fields_of(attack.model)
    values = {name: declared.kind.edit(attack.row[name]) for name, declared in fields.items()}
    return values | {"version": str(attack.row.get("version", ""))} | changed


def harmless(model: type[Base]) -> str:
    """A text field that may be changed to any text."""
    fields = fields_of(model)
    return next(
        n
        for n, d in fields.items()
        if type(d.kind) is kinds.Kind and d.editable and n not in dataset_of(model).key
    )


def unused(model: type[Base]) -> dict[str, str]:
    """Values of the identifying fields that no row has."""
    fields = fields_of(model)
    names = [name for name in dataset_of(model).key if not isinstance(fields[name].kind, kinds.Reference)]
    return {name: _unused(model, name) for name in names}


def _unused(model: type[Base], name: str) -> str:
    declared = fields_of(model)[name]
    if isinstance(declared.kind, kinds.Identity):
        return national_id(987_654)
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
    "Api.get": lambda a: a.api("GET", f"{a.key}"),
}
FORMS_OF_A_ROW: dict[str, Sent] = {
    "View.edit": lambda a: a.screen("GET", f"{a.key}/edit"),
    "View.delete": lambda a: a.screen("GET", f"{a.key}/delete"),
}
CHANGES_OF_A_ROW: dict[str, Sent] = {
    "View.edit": lambda a: a.screen("POST", f"{a.key}/edit", data=form_of(a, **{harmless(a.model): CHANGED})),
    "Api.put (PATCH)": lambda a: a.api("PATCH", f"{a.key}", json={harmless(a.model): CHANGED}),
    "Api.put (PUT)": lambda a: a.api("PUT", f"{a.key}", json={harmless(a.model): CHANGED}),
}
GIVING_AWAY: dict[str, Sent] = {
    "View.edit": lambda a: a.screen("POST", f"{a.key}/edit", data=form_of(a, **given_away(a))),
    "Api.put (PATCH)": lambda a: a.api("PATCH", f"{a.key}", json=given_away(a)),
    "Api.put (PUT)": lambda a: a.api("PUT", f"{a.key}", json=given_away(a)),
}
DELETIONS: dict[str, Sent] = {
    "View.delete": lambda a: a.screen("POST", f"{a.key}/delete"),
    "Api.delete": lambda a: a.api("DELETE", f"{a.key}"),
}
ADDITIONS: dict[str, Sent] = {
    "View.add": lambda a: a.screen("POST", "add", data=form_of(a, **unused(a.model))),
    "Api.post": lambda a: a.api("POST", json=_json_of(a)),
}
LISTS: dict[str, Callable[[Attack, str], TestResponse]] = {
    "View.browse": lambda a, query: a.screen("GET", f"?{query}"),
    "View.lookup": lambda a, query: a.screen("GET", f"lookup?{query}"),
    "View.export (xlsx)": lambda a, query: a.screen("GET", f"export.xlsx?{query}"),
    "View.export (csv)": lambda a, query: a.screen("GET", f"export.csv?{query}"),
    "Api.get_list": lambda a, query: a.api("GET", f"?{query}"),
}
EMPTY_FORMS: dict[str, Sent] = {"View.add": lambda a: a.screen("GET", "add")}


def _json_of(attack: Attack) -> dict[str, Any]:
    fields = {name: declared for name, declared in fields_of(attack.model).items() if declared.editable}
    return {name: d.kind.json(attack.row[name]) for name, d in fields.items()} | unused(attack.model)


every_dataset = pytest.mark.parametrize("model", datasets(), ids=lambda model: model.__tablename__)
every_persona = pytest.mark.parametrize("persona", PERSONAS)


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
    if answer.status_code != expected:
        wrong.append(
            f"{attack.persona}/{attack.door} at {attack.row['scope']}: {answer.status_code} for {expected}"
        )
    hidden = attack.attacked.hidden_words(attack.persona, attack.model)
    body = text_of(answer)
    wrong += [
        f"{attack.persona}/{attack.door} was told {word!r}"
        for word in hidden
        if word in body and word not in sent
    ]
    return wrong


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────


@every_dataset
@through(READS_OF_A_ROW)
def test_a_row_is_shown_to_who_may_see_it(attacked: Attacked, model: type[Base], path: str) -> None:
    wrong = []
    for attack in attacks(attacked, model, path):
        expected = 403 if not attack.may("read") else 200 if sees(attack.persona, model, attack.row) else 404
        wrong += judged(attack, READS_OF_A_ROW[path](attack), expected)
    assert wrong == []


@every_dataset
@through(FORMS_OF_A_ROW)
def test_a_form_opens_for_who_may_write_the_row(attacked: Attacked, model: type[Base], path: str) -> None:
    wrong = []
    for attack in attacks(attacked, model, path):
        expected = 403 if not attack.may("write") else 200 if attack.owns() else 404
        wrong += judged(attack, FORMS_OF_A_ROW[path](attack), expected)
    assert wrong == []


@every_dataset
@through(EMPTY_FORMS)
def test_an_empty_form_opens_for_who_may_write(attacked: Attacked, model: type[Base], path: str) -> None:
    wrong = []
    for attack in attacks(attacked, model, path):
        wrong += judged(attack, EMPTY_FORMS[path](attack), 200 if attack.may("write") else 403)
    assert wrong == []


def queries(attack: Attack, path: str) -> Iterator[str]:
    """Questions that try to bring hidden rows into a list: by search, filter, order and page mark."""
    yield ""
    if (
        attack.persona not in CURIOUS
        or attack.door == "token"
        or sees(attack.persona, attack.model, attack.row)
    ):
        return
    fields = fields_of(attack.model)
    yield from (urlencode({"q": attack.row[name]}) for name, declared in fields.items() if declared.searched)
    if path in {"View.browse", "Api.get_list"}:
        yield from _filters(attack)
        yield from _places(attack.model)


def _filters(attack: Attack) -> Iterator[str]:
    for name, declared in fields_of(attack.model).items():
        if declared.filtered and attack.row[name] is not None:
            yield urlencode({name: declared.kind.edit(attack.row[name])})


def _places(model: type[Base]) -> Iterator[str]:
    for name in dataset_of(model).sorted:
        yield from (f"sort={name}", f"sort=-{name}&size=100")
    first = [_first(model, name) for name in dataset_of(model).order]
    mark = base64.urlsafe_b64encode(json.dumps(first).encode()).decode()
    yield from (f"after={mark}", f"before={mark}", "size=100000")


def _first(model: type[Base], name: str) -> Any:
    """A value that stands before all others in a column."""
    column = model.__table__.columns[name].type
    if isinstance(column, sa.Enum):
        return column.enums[0]
    return 0 if column.python_type is int else ""


@every_dataset
@through(LISTS)
def test_a_list_holds_what_its_reader_may_see(attacked: Attacked, model: type[Base], path: str) -> None:
    right = "export" if "export" in path else "read"
    wrong = []
    for attack in attacks(attacked, model, path):
        for query in queries(attack, path):
            answer = LISTS[path](attack, query)
            too_wide = query and attack.may(right) and answer.status_code == 422
            expected = 422 if too_wide else 200 if attack.may(right) else 403
            wrong += [
                f"{query}: {problem}" for problem in judged(attack, answer, expected, unquote_plus(query))
            ]
    assert wrong == []


@every_dataset
@every_persona
def test_a_list_holds_all_that_its_reader_may_see(
    attacked: Attacked, model: type[Base], persona: str
) -> None:
    rows = attacked.rows(model)
    visible = {
        key
        for (table, key), row in rows.items()
        if table == model.__tablename__ and sees(persona, model, row)
    }
    attack = Attack(attacked, model, persona, "token", attacked.of_school(model, SCHOOL), FOREIGN)
    answer = attack.api("GET", "?size=100")
    assert answer.status_code == (200 if attack.may("read") else 403)
    if attack.may("read"):
        assert {row["key"] for row in answer.json["result"]} == visible  # type: ignore[index]  # it is 200
        assert answer.json["count"] == len(visible)  # type: ignore[index]  # it is 200


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────


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


def _only_where_it_matters(model: type[Base], state: str) -> None:
    if state != "open" and dataset_of(model).round is None:
        pytest.skip("no round locks this dataset")


@every_dataset
@ROUND_STATES
@through(CHANGES_OF_A_ROW)
def test_a_row_is_changed_by_who_may(attacked: Attacked, model: type[Base], path: str, state: str) -> None:
    _only_where_it_matters(model, state)
    wrong, done = [], 302 if "View" in path else 200
    with attacked.round_is(state):
        for attack in attacks(attacked, model, path, state):
            refused = refused_with(attack)
            wrong += outcome(
                attack, CHANGES_OF_A_ROW[path], refused or done, set() if refused else {attack.key}
            )
    assert wrong == []


@every_dataset
@ROUND_STATES
@through(DELETIONS)
def test_a_row_is_deleted_by_who_may(attacked: Attacked, model: type[Base], path: str, state: str) -> None:
    _only_where_it_matters(model, state)
    wrong, done = [], 302 if "View" in path else 204
    with attacked.round_is(state):
        for attack in attacks(attacked, model, path, state):
            refused = refused_with(attack) or (409 if is_referred_to(attack) else None)
            wrong += outcome(attack, DELETIONS[path], refused or done, set() if refused else {attack.key})
    assert wrong == []


@every_dataset
@through(GIVING_AWAY)
def test_no_row_is_given_to_a_stranger(attacked: Attacked, model: type[Base], path: str) -> None:
    """Own rows do not leave the persona's scope, foreign ones do not come into it."""
    if not owner_field(model):
        pytest.skip("its owner is its own key")
    wrong = []
    for attack in attacks(attacked, model, path):
        if covers(attack.persona, SCOPES[attack.elsewhere]):
            continue
        expected = 403 if not attack.may("write") else 404
        if (
            "View" in path
            and attack.may("write")
            and attack.owns()
            and scope_of(attack.persona).count("/") == 2
        ):
            expected = 302  # the form of a school's own user does not ask for the school, so nothing is moved
        answer = outcome(attack, GIVING_AWAY[path], expected, set())
        wrong += [problem for problem in answer if "changed" not in problem] if expected == 302 else answer
        after = attacked.rows(model)[attack.table, attack.key]
        if after["scope"] != attack.row["scope"]:
            wrong.append(f"{attack.persona} gave {attack.row['scope']} away")
    assert wrong == []


@every_dataset
@ROUND_STATES
@through(ADDITIONS)
def test_a_row_is_added_where_its_author_may(
    attacked: Attacked, model: type[Base], path: str, state: str
) -> None:
    _only_where_it_matters(model, state)
    wrong = []
    with attacked.round_is(state):
        for attack in attacks(attacked, model, path, state):
            wrong += _added(attack, path)
    assert wrong == []


def _added(attack: Attack, path: str) -> list[str]:
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


# ── Pointers to hidden rows ──────────────────────────────────────────────────────────────────────────────


def private_pointers(model: type[Base]) -> dict[str, type[Base]]:
    """The fields that point to rows which not everybody may see."""
    kinds_of = {name: declared.kind for name, declared in fields_of(model).items()}
    targets = {
        n: dataset_named(kind.target) for n, kind in kinds_of.items() if isinstance(kind, kinds.Reference)
    }
    return {name: target for name, target in targets.items() if issubclass(target, Private)}


POINTING: dict[str, Callable[[Attack, str, Any], TestResponse]] = {
    "View.edit": lambda a, name, key: a.screen("POST", f"{a.key}/edit", data=form_of(a, **{name: str(key)})),
    "View.add": lambda a, name, key: a.screen(
        "POST", "add", data=form_of(a, **unused(a.model), **{name: str(key)})
    ),
    "Api.put": lambda a, name, key: a.api("PATCH", f"{a.key}", json={name: key}),
    "Api.post": lambda a, name, key: a.api("POST", json=_json_of(a) | {name: key}),
}


@every_dataset
@through(POINTING)
def test_no_row_is_made_to_point_to_a_hidden_one(attacked: Attacked, model: type[Base], path: str) -> None:
    """The foreign key alone would take it, and tell by taking it which keys exist."""
    pointers = private_pointers(model)
    if not pointers:
        pytest.skip("points to nothing private")
    attack = Attack(attacked, model, "alice", "cookie", attacked.of_school(model, SCHOOL), FOREIGN)
    for name, target in pointers.items():
        told = set()
        for key in (attacked.of_school(target, FOREIGN)[key_name(target)], 987_654):
            answer = POINTING[path](attack, name, key)
            assert answer.status_code == 422
            told.add(answer.text.replace(str(key), "…") if path.startswith("Api") else "")
        assert len(told) == 1, "the two answers differ"
    assert attacked.changes() == {}


@every_dataset
def test_a_pointer_to_a_hidden_row_survives_an_edit(attacked: Attacked, model: type[Base]) -> None:
    """FAB drew the field blank and saved the blank: a pupil's former school was lost by opening the form."""
    pointers = private_pointers(model)
    if not pointers:
        pytest.skip("points to nothing private")
    table, row = model.__table__, attacked.of_school(model, SCHOOL)
    hidden = {
        name: attacked.of_school(target, FOREIGN)[key_name(target)] for name, target in pointers.items()
    }
    with attacked.oracle.begin() as connection:
        connection.execute(
            sa.update(table).where(table.c[key_name(model)] == row[key_name(model)]).values(hidden)
        )
    attack = Attack(attacked, model, "alice", "cookie", row | hidden, FOREIGN)
    page = attack.screen("GET", f"{attack.key}/edit")
    assert judged(attack, page, 200) == []
    saved = attack.screen(
        "POST", f"{attack.key}/edit", data=fields_on(page.text) | {harmless(model): CHANGED}
    )
    assert saved.status_code == 302, saved.text
    after = attacked.rows(model)[attack.table, attack.key]
    assert {name: after[name] for name in hidden} == hidden
    assert after[harmless(model)] == CHANGED
    assert judged(attack, attack.screen("GET", f"{attack.key}"), 200) == []
    attacked.put_back(attacked.changes())


# ── What nobody declared ─────────────────────────────────────────────────────────────────────────────────

UNDECLARED: dict[str, Any] = {
    "id": 1,
    "key": 1,
    "scope": "C",
    "created_by": {"id": 1, "username": "mallory", "password": "ไม่มีใครรู้"},
    "changed_by_fk": 1,
    "roles": [1],
    "password": "x",
    "session_epoch": 1,
    "is_private": False,
    "metadata": {},
    "school": {"code": SCHOOL, "name": "ของเรา"},
    "owner_scope": "C",
    "__class__": "Account",
    "_sa_instance_state": None,
}


@every_dataset
@pytest.mark.parametrize("member", UNDECLARED)
def test_what_is_not_declared_is_refused_by_the_api(
    attacked: Attacked, model: type[Base], member: str
) -> None:
    """FAB wrote posted relations: an account with a password could be made through `created_by`."""
    persona = next(
        name for name in ("alice", "dan", "adam") if ("write", model.__tablename__) in rights_of(name)
    )
    row = attacked.of_school(model, SCHOOL)
    attack = Attack(attacked, model, persona, "token", row, FOREIGN)
    for answer in (
        attack.api("PATCH", f"{attack.key}", json={member: UNDECLARED[member], harmless(model): CHANGED}),
        attack.api("POST", json={**_json_of(attack), member: UNDECLARED[member]}),
    ):
        assert answer.status_code == 422, answer.text
        assert answer.json["errors"][0]["field"] == member  # type: ignore[index]  # a problem
    assert attacked.changes() == {}


@every_dataset
def test_what_is_not_declared_is_ignored_by_forms(attacked: Attacked, model: type[Base]) -> None:
    persona = next(
        name for name in ("alice", "dan", "adam") if ("write", model.__tablename__) in rights_of(name)
    )
    attack = Attack(attacked, model, persona, "cookie", attacked.of_school(model, SCHOOL), FOREIGN)
    sent = (
        form_of(attack)
        | {name: str(value) for name, value in UNDECLARED.items()}
        | {"scope": SCOPES[FOREIGN]}
    )
    assert attack.screen("POST", f"{attack.key}/edit", data=sent).status_code == 302
    changes = attacked.changes()
    assert {(row or {}).get("scope") for _, row in changes.values()} <= {attack.row["scope"]}
    attacked.put_back(changes)


@every_dataset
def test_what_is_declared_as_not_editable_is_not_edited(attacked: Attacked, model: type[Base]) -> None:
    fixed = [name for name, declared in fields_of(model).items() if not declared.editable]
    if not fixed:
        pytest.skip("all its fields may be edited")
    attack = Attack(attacked, model, "alice", "token", attacked.of_school(model, SCHOOL), FOREIGN)
    for name in fixed:
        assert attack.api("PATCH", f"{attack.key}", json={name: CHANGED}).status_code == 422
        attack.screen("POST", f"{attack.key}/edit", data=form_of(attack, **{name: CHANGED}))
    assert {key: row[1] and row[1][name] for key, row in attacked.changes().items()} in (
        {}, {key: attacked.initial[key][name] for key in attacked.changes()}
    )  # fmt: skip
    attacked.put_back(attacked.changes())


# ── Nothing is left out ──────────────────────────────────────────────────────────────────────────────────


def test_every_generated_route_is_in_the_matrix(attacked: Attacked) -> None:
    tables = (READS_OF_A_ROW, FORMS_OF_A_ROW, CHANGES_OF_A_ROW, DELETIONS, ADDITIONS, LISTS, EMPTY_FORMS)
    probed = {path.split(" ")[0] for table in tables for path in table}
    made = {model.__name__ for model in datasets()}
    routes = [rule.endpoint for rule in attacked.world.app.url_map.iter_rules()]
    generated = {
        f"{kind}.{method}"
        for view, _, method in (endpoint.partition(".") for endpoint in routes)
        for kind in ("View", "Api")
        if view.removesuffix(kind) in made and view.endswith(kind)
    }
    assert generated == probed


@pytest.mark.skipif("locker" in {model.__tablename__ for model in datasets()}, reason="this is that process")
def test_a_dataset_that_was_never_seen_is_attacked_as_well(pytestconfig: pytest.Config) -> None:
    """The same tests in a process of their own, where one more dataset is declared (`tests/invented.py`)."""
    database = "postgresql" if pytestconfig.getoption("--database") == "postgresql" else "sqlite"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.invented", "--database", database]
    command += ["-k", "locker", "tests/test_attack_matrix.py", "tests/test_attack_orm.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=pytestconfig.rootpath, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "passed" in done.stdout
