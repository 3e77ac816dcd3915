"""The demo as ``setup --demo`` makes it, built once for each database and copied for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.app_fixtures import World, an_app, dispose


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder in which the demo was made."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo_template(databases: Any, demo_folder: Path) -> str:
    """A database on which ``setup --demo`` has run."""

    def build(url: str) -> None:
        app = an_app(url, demo_folder)
        said = app.test_cli_runner().invoke(args=["setup", "--demo"])
        assert said.exit_code == 0, said.output
        (demo_folder / "said.txt").write_text(said.output)
        dispose(app)

    return str(databases.template("demo", build))


@pytest.fixture
def demo(databases: Any, demo_template: str, make_app: Callable[..., Flask]) -> Iterator[World]:
    """The demo on a database of its own; the test runs on SQLite and on PostgreSQL."""
    url = databases.fresh(demo_template)
    app = make_app(url)
    yield World(app)
    dispose(app)
    databases.drop(url)
