"""The API keeps to its description: schemathesis tries every operation with what fits it and what does not.

Nothing is answered with an error of ours, and nothing that the description does not name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from appbuilder_app.dataset import openapi
from tests.attack_fixtures import Attacked

pytestmark = pytest.mark.any_database("postgresql")

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PERSONA = "dan"
EXAMPLES = 2


@pytest.fixture(autouse=True)
def as_it_was(attacked: Attacked) -> Iterator[None]:
    """What was written is taken out again."""
    yield
    attacked.put_back(attacked.changes())


def test_every_operation_answers_as_it_is_described(attacked: Attacked) -> None:
    headers = attacked.world.token(PERSONA)
    schema = schemathesis.openapi.from_wsgi(openapi.ADDRESS, attacked.world.app, headers=headers)
    seen: dict[str, Counter[int]] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        seen[operation.label] = _answers(operation, headers, _keys(attacked))
    assert len(seen) > 10
    # A description of refusals alone would be kept, too.
    assert {200, 400, 422} <= {status for statuses in seen.values() for status in statuses}


def _keys(attacked: Attacked) -> dict[str, list[Any]]:
    """Keys of rows that are there: a made-up one is hardly ever met."""
    keys: dict[str, list[Any]] = {}
    for table, key in attacked.initial:
        keys.setdefault(table, []).append(key)
    return keys


def _answers(operation: Any, headers: dict[str, str], keys: dict[str, list[Any]]) -> Counter[int]:
    """Which statuses the operation answered with; a check that fails raises."""
    statuses: Counter[int] = Counter()
    dataset = operation.path.split("/")[3]
    for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=[*HealthCheck], derandomize=True,
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def conforms(case: Any, data: st.DataObject) -> None:
            if "key" in case.path_parameters and dataset in keys and data.draw(st.booleans()):
                case.path_parameters["key"] = data.draw(st.sampled_from(keys[dataset]))
            answer = case.call(headers=headers)
            statuses[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

        conforms()
    return statuses
