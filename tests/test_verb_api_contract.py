"""The verbs over the API keep to their description: schemathesis tries each with what fits it and what does not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import schemathesis
from schemathesis.core.result import Ok

from appbuilder_app.codes import Grade
from appbuilder_app.dataset import openapi
from appbuilder_app.screens import verb_openapi
from appbuilder_app.workflows import movements
from tests.app_fixtures import SCHOOL, national_id
from tests.contract_fixtures import answers
from tests.round_fixtures import Round
from tests.test_movements import DROPOUT, OURS, PROOF, key_of, last_movement

pytestmark = pytest.mark.any_database("postgresql")

PERSONA = "dan"
EXAMPLES = 1
_VERBS = set(verb_openapi.paths())


def test_every_verb_answers_as_it_is_described(played: Round) -> None:
    world = played.world
    headers = world.token(PERSONA)
    keys = keys_of(played)
    schema = schemathesis.openapi.from_wsgi(openapi.ADDRESS, world.app, headers=headers)
    seen: dict[str, Counter[int]] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.path in _VERBS:
            seen[operation.label] = answers(operation, headers, keys, EXAMPLES)
    assert len(seen) == len(_VERBS)
    statuses = {status for one in seen.values() for status in one}
    assert {200, 400, 404, 409, 422} <= statuses, seen


def keys_of(played: Round) -> dict[str, list[Any]]:
    """Keys of rows that are there: a made-up one is hardly ever met."""
    world = played.world
    student = key_of(world, OURS)
    played.does("alice", movements.change_class, [key_of(world, national_id(101))], Grade.P6, 3, "")
    request = played.does("alice", movements.ask_to_leave, student, DROPOUT, PROOF)
    return {
        "student": [student, key_of(world, national_id(102))],
        "movement": [last_movement(world)],
        "request": [request],
        "duplicate": [request],
        "g_code": [1],
        "school": [SCHOOL],
        "g_user": [1],
        "agency_list": [1],
        "civil_inquiry": [1],
        "setting": ["bmi.low"],
    }
