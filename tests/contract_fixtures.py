"""What schemathesis tries of one operation of the API, and that it answers as it is described."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def answers(
    operation: Any, headers: dict[str, str], keys: dict[str, list[Any]], examples: int
) -> Counter[int]:
    """With which statuses it answered to so many requests that fit it, and to as many that do not.

    ``keys`` by the name of what it is about: half of the requests name one that is there, since a made-up one is
    hardly ever met. A check that fails raises.
    """
    statuses: Counter[int] = Counter()
    subject = operation.path.split("/")[3]
    for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:

        @settings(
            max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=[*HealthCheck], derandomize=True,
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def conforms(case: Any, data: st.DataObject) -> None:
            if "key" in case.path_parameters and subject in keys and data.draw(st.booleans()):
                case.path_parameters["key"] = data.draw(st.sampled_from(keys[subject]))
            answer = case.call(headers=headers)
            statuses[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

        conforms()
    return statuses
