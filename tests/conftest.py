"""Loads every *_fixtures.py beside it, and lets a run choose its databases."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = [f"tests.{file.stem}" for file in sorted(Path(__file__).parent.glob("*_fixtures.py"))]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database sqlite` is the quick run while writing; without it, tests of the database run on both."""
    parser.addoption("--database", choices=("sqlite", "postgresql", "both"), default="both")
