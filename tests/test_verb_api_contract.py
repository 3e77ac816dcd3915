"""The verbs over the API keep to their description: schemathesis tries each with what fits it and what does not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from appbuilder_app.codes import Grade
from appbuilder_app.dataset import openapi
from appbuilder_app.screens import verb_openapi
from appbuilder_app.workflows import movements
from tests.app_fixtures import SCHOOL, national_id
from tests.round_fixtures import Round
from tests.test_api_contract import CHECKS
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
            seen[operation.label] = answers(operation, headers, keys)
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


def answers(operation: Any, headers: dict[str, str], keys: dict[str, list[Any]]) -> Counter[int]:
    """Which statuses the operation answered with; a check that fails raises."""
    statuses: Counter[int] = Counter()
    subject = operation.path.split("/")[3]
    for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=[*HealthCheck], derandomize=True,
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def conforms(case: Any, data: st.DataObject) -> None:
            if "key" in case.path_parameters and data.draw(st.booleans()):
                case.path_parameters["key"] = data.draw(st.sampled_from(keys[subject]))
            answer = case.call(headers=headers)
            statuses[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

        conforms()
    return statuses
