"""Loads every *_fixtures.py beside it, and lets a run choose its databases."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from appbuilder_app import collector

pytest_plugins = [f"tests.{file.stem}" for file in sorted(Path(__file__).parent.glob("*_fixtures.py"))]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database sqlite` is the quick run while writing; without it, tests of the database run on both."""
    parser.addoption("--database", choices=("sqlite", "postgresql", "both"), default="both")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a module's tests on one database to one worker, so that the world they share is made once."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            module = item.nodeid.partition("::")[0]
            database = item.callspec.params.get("databases", "") if hasattr(item, "callspec") else ""
            item.add_marker(pytest.mark.xdist_group(f"{module} {database}"))


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """What is declared and collected stays to the end: looking through it for garbage is a tenth of a run."""
    with collector.resting():
        collected = yield
        gc.freeze()
    return collected
