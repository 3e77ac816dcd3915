"""The command line in tests: what a command says, writes on standard error, and exits with."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from tests.app_fixtures import PASSWORD, World

Command = Callable[..., Result]


@pytest.fixture
def flask(world: World) -> Command:
    """Runs ``flask --app run`` with these words; the result has stdout, stderr and exit_code."""

    def run(*words: object) -> Result:
        runner = world.app.test_cli_runner(env={"SIGNING_PASSWORD": PASSWORD})
        return runner.invoke(args=[str(word) for word in words], catch_exceptions=False)

    return run


def answer(result: Result) -> Any:
    """The JSON that a successful command told."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)
