"""The attack matrix: every persona, through every generated path, at every row, while a round is open or not.

Made from the declarations: a new dataset is attacked without a new test. What must happen is judged from
the declared rights and the personas' scopes alone; and always, whatever the answer says, no row changed that
should not, and no word of a hidden row stands in the answer. These few datasets meet every attack
(`REPRESENTATIVE`); each further one a few (`test_attack_further.py`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_plus, urlencode

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from appbuilder_app import kinds
from appbuilder_app.declaration import Base, Private, dataset_named, dataset_of, datasets, fields_of
from tests.app_fixtures import FOREIGN, PERSONAS, SCHOOL, SCOPES
from tests.attack_fixtures import (
    REPRESENTATIVE,
    Attacked,
    covers,
    fields_on,
    key_name,
    rights_of,
    scope_of,
    sees,
)
from tests.attack_paths import (
    ADDITIONS,
    CHANGED,
    CHANGES_OF_A_ROW,
    CURIOUS,
    DELETIONS,
    EMPTY_FORMS,
    FORMS_OF_A_ROW,
    GIVING_AWAY,
    LISTS,
    READS_OF_A_ROW,
    ROUND_STATES,
    Attack,
    attacks,
    form_of,
    harmless,
    is_referred_to,
    json_of,
    judged,
    only_where_it_matters,
    outcome,
    owner_field,
    refused_with,
    through,
    unused,
    what_was_added_wrongly,
)

every_dataset = pytest.mark.parametrize("model", REPRESENTATIVE, ids=lambda model: model.__tablename__)
every_persona = pytest.mark.parametrize("persona", PERSONAS)


@pytest.fixture(autouse=True)
def as_it_was(attacked: Attacked) -> Iterator[None]:
    """A test that fails leaves nothing behind for the next."""
    yield
    attacked.put_back(attacked.changes())


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────


@every_dataset
@through(READS_OF_A_ROW)
def test_a_row_is_shown_to_who_may_see_it(attacked: Attacked, model: type[Base], path: str) -> None:
    wrong = []
    for attack in attacks(attacked, model, path):
        expected = 403 if not attack.may("read") else 200 if sees(attack.persona, model, attack.row) else 404
        wrong += judged(attack, READS_OF_A_ROW[path](attack), expected)
    assert wrong == []


@pytest.mark.any_database
@every_dataset
@through(FORMS_OF_A_ROW)
def test_a_form_opens_for_who_may_write_the_row(attacked: Attacked, model: type[Base], path: str) -> None:
    wrong = []
    for attack in attacks(attacked, model, path):
        expected = 403 if not attack.may("write") else 200 if attack.owns() else 404
        wrong += judged(attack, FORMS_OF_A_ROW[path](attack), expected)
    assert wrong == []


@pytest.mark.any_database
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


@every_dataset
@ROUND_STATES
@through(CHANGES_OF_A_ROW)
def test_a_row_is_changed_by_who_may(attacked: Attacked, model: type[Base], path: str, state: str) -> None:
    only_where_it_matters(model, state)
    wrong, done = [], 302 if "View" in path else 200
    with attacked.round_is(state):
        for attack in attacks(attacked, model, path, state):
            refused = refused_with(attack)
            wrong += outcome(
                attack, CHANGES_OF_A_ROW[path], refused or done, set() if refused else {attack.key}
            )
    assert wrong == []


@pytest.mark.any_database
@every_dataset
@ROUND_STATES
@through(DELETIONS)
def test_a_row_is_deleted_by_who_may(attacked: Attacked, model: type[Base], path: str, state: str) -> None:
    only_where_it_matters(model, state)
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
        if "View" in path and attack.may("write") and attack.owns():
            # The form of a school's own user does not ask for the school: nothing is moved. Where only verbs change it
            # nobody's form takes it, and says so.
            if scope_of(attack.persona).count("/") == 2:
                expected = 302
            elif fields_of(model)[str(owner_field(model))].by_verb:
                expected = 422
        answer = outcome(attack, GIVING_AWAY[path], expected, set())
        wrong += [problem for problem in answer if "changed" not in problem] if expected == 302 else answer
        after = attacked.rows(model)[attack.table, attack.key]
        if after["scope"] != attack.row["scope"]:
            wrong.append(f"{attack.persona} gave {attack.row['scope']} away")
    assert wrong == []


@pytest.mark.any_database
@every_dataset
@ROUND_STATES
@through(ADDITIONS)
def test_a_row_is_added_where_its_author_may(
    attacked: Attacked, model: type[Base], path: str, state: str
) -> None:
    only_where_it_matters(model, state)
    wrong = []
    with attacked.round_is(state):
        for attack in attacks(attacked, model, path, state):
            wrong += what_was_added_wrongly(attack, path)
    assert wrong == []


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
        "POST", "add", data=form_of(a, **unused(a), **{name: str(key)})
    ),
    "Api.patch": lambda a, name, key: a.api("PATCH", f"{a.key}", json={name: key}),
    "Api.post": lambda a, name, key: a.api("POST", json=json_of(a) | {name: key}),
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


@pytest.mark.any_database
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
        attack.api("POST", json={**json_of(attack), member: UNDECLARED[member]}),
    ):
        assert answer.status_code == 422, answer.text
        assert answer.json["errors"][0]["field"] == member  # type: ignore[index]  # a problem
    assert attacked.changes() == {}


@pytest.mark.any_database
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


@pytest.mark.any_database
@every_dataset
def test_what_is_declared_as_not_editable_is_not_edited(attacked: Attacked, model: type[Base]) -> None:
    fixed = [name for name, declared in fields_of(model).items() if not declared.editable]
    if not fixed:
        pytest.skip("all its fields may be edited")
    persona = next(
        name for name in ("alice", "dan", "adam") if ("write", model.__tablename__) in rights_of(name)
    )
    attack = Attack(attacked, model, persona, "token", attacked.of_school(model, SCHOOL), FOREIGN)
    for name in fixed:
        assert attack.api("PATCH", f"{attack.key}", json={name: CHANGED}).status_code == 422
        attack.screen("POST", f"{attack.key}/edit", data=form_of(attack, **{name: CHANGED}))
    assert {key: row[1] and row[1][name] for key, row in attacked.changes().items()} in (
        {}, {key: attacked.initial[key][name] for key in attacked.changes()}
    )  # fmt: skip
    attacked.put_back(attacked.changes())


# ── Nothing is left out ──────────────────────────────────────────────────────────────────────────────────


TRIED_ELSEWHERE = {
    "View.columns": "test_saved_views",
    "View.file": "test_files_of_rows",
    "View.revert": "test_versions",
    "View.send_file": "test_files_of_rows",
    "View.together": "test_many",
    "View.view_verb": "test_saved_views",
    "View.views": "test_saved_views",
}
"""Generated doors whose own tests try every kind of person at them."""


@pytest.mark.any_database
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
    assert generated == probed | TRIED_ELSEWHERE.keys()
