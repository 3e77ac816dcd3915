"""Every further dataset is behind the same doors as those of the attack matrix: a few attacks at each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from appbuilder_app import access, kinds
from appbuilder_app.dataset import validation
from appbuilder_app.declaration import Base, dataset_of, fields_of
from tests import sample_rows
from tests.app_fixtures import FOREIGN, SCHOOL
from tests.attack_fixtures import (
    FURTHER,
    Attacked,
    rights_of,
    sees,
    text_fields,
)
from tests.attack_paths import (
    ADDITIONS,
    CHANGED,
    DELETIONS,
    FORMS_OF_A_ROW,
    LISTS,
    READS_OF_A_ROW,
    Attack,
    Sent,
    form_of,
    is_referred_to,
    judged,
    only_where_it_matters,
    outcome,
    refused_with,
    what_was_added_wrongly,
)

further_datasets = pytest.mark.parametrize("model", FURTHER, ids=lambda model: model.__tablename__)


@pytest.fixture(autouse=True)
def as_it_was(attacked: Attacked) -> Iterator[None]:
    """A test that fails leaves nothing behind for the next."""
    yield
    attacked.put_back(attacked.changes())


def people_of(model: type[Base]) -> tuple[str, ...]:
    """A curious foreigner, a director, the district officer, and somebody who may write the dataset."""
    writer = next(
        (name for name in ("alice", "dan", "adam") if ("write", model.__tablename__) in rights_of(name)),
        "dan",  # what only verbs write, nobody may write
    )
    return ("charlie", "dao", *({"dan", writer} if writer != "dan" else ("dan",)))


def change_of(attack: Attack) -> dict[str, str]:
    """A change of one field that the dataset's rules accept."""
    with attack.attacked.world.app.app_context(), access.acting_as(sample_rows.everything(), through="shell"):
        values = sample_rows.values_of(attack.model, SCHOOL, 7)
    for name, value in values.items():
        if name in dataset_of(attack.model).key or isinstance(
            fields_of(attack.model)[name].kind, kinds.Reference
        ):
            continue
        new = CHANGED if name in text_fields(attack.model) else value
        if new != attack.row[name] and not list(
            validation.problems_of(attack.model, attack.row | {name: new})
        ):
            return {name: fields_of(attack.model)[name].kind.edit(new)}
    raise AssertionError(f"nothing of {attack.table} can be changed")


FURTHER_READS = READS_OF_A_ROW | {path: (lambda a, path=path: LISTS[path](a, "")) for path in LISTS}
FURTHER_CHANGES: dict[str, Sent] = {
    "View.edit": lambda a: a.screen("POST", f"{a.key}/edit", data=form_of(a, **change_of(a))),
    "Api.put (PATCH)": lambda a: a.api("PATCH", f"{a.key}", json=change_of(a)),
}


@pytest.mark.any_database
@further_datasets
@pytest.mark.parametrize("state", ["open", "confirmed"])
def test_a_further_dataset_is_behind_the_same_doors(
    attacked: Attacked, model: type[Base], state: str
) -> None:
    only_where_it_matters(model, state)
    wrong: list[str] = []
    with attacked.round_is(state):
        for persona in people_of(model):
            row = attacked.of_school(model, SCHOOL)
            attack = Attack(attacked, model, persona, "cookie", row, FOREIGN, state)
            wrong += [] if state != "open" else _read_and_opened(attack)
            wrong += _written(attack)
    assert wrong == []


def _read_and_opened(attack: Attack) -> Iterator[str]:
    for path, sent in FURTHER_READS.items():
        right = "export" if "export" in path else "read"
        found = path in LISTS or sees(attack.persona, attack.model, attack.row)
        expected = 403 if not attack.may(right) else 200 if found else 404
        yield from (f"{path}: {problem}" for problem in judged(attack, sent(attack), expected))
    for path, sent in FORMS_OF_A_ROW.items():
        expected = 403 if not attack.may("write") else 200 if attack.owns() else 404
        yield from (f"{path}: {problem}" for problem in judged(attack, sent(attack), expected))


def _written(attack: Attack) -> Iterator[str]:
    refused = refused_with(attack)
    for path, sent in FURTHER_CHANGES.items():
        done = 302 if "View" in path else 200
        found = outcome(attack, sent, refused or done, set() if refused else {attack.key})
        yield from (f"{path}: {problem}" for problem in found)
    for path, sent in DELETIONS.items():
        done = 302 if "View" in path else 204
        gone = refused or (409 if is_referred_to(attack) else None)
        found = outcome(attack, sent, gone or done, set() if gone else {attack.key})
        yield from (f"{path}: {problem}" for problem in found)
    if dataset_of(attack.model).key != ("school_code",):
        yield from (problem for path in ADDITIONS for problem in what_was_added_wrongly(attack, path))
