"""The API keeps to its description: schemathesis tries every operation with what fits it and what does not.

Nothing is answered with an error of ours, and nothing that the description does not name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.core.result import Ok

from appbuilder_app.dataset import openapi
from tests.attack_fixtures import Attacked
from tests.contract_fixtures import answers

pytestmark = pytest.mark.any_database("postgresql")

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
        seen[operation.label] = answers(operation, headers, _keys(attacked), EXAMPLES)
    assert len(seen) > 10
    # A description of refusals alone would be kept, too.
    assert {200, 400, 422} <= {status for statuses in seen.values() for status in statuses}


def _keys(attacked: Attacked) -> dict[str, list[Any]]:
    """Keys of rows that are there: a made-up one is hardly ever met."""
    keys: dict[str, list[Any]] = {}
    for table, key in attacked.initial:
        keys.setdefault(table, []).append(key)
    return keys
