"""Imports point one way, and Flask is met only at the doors: read from the code itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.texts import parsed

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "appbuilder_app"

# Each layer may import from itself and from those before it; a module that is not named stands at the doors.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("bilingual", "proving"),
    ("collector", "errors", "identity", "thaidate", "thainames", "thaitext", "codes"),
    ("access", "kinds"),
    ("rules", "walls", "files", "sqlite", "connections", "bulk"),
    ("declaration",),
    ("schema", "models"),
    ("dataset",),
    ("workflows",),
)
ABOVE = len(LAYERS)
# Pieces of dataset/ that are its own screens stand where screens stand: they may ask for the request.
WITHOUT_FLASK = tuple(name for layer in LAYERS if layer != ("dataset",) for name in layer)
# Words of a page that the engine's own screens say, and what prints and signs; they know nothing of the layers above.
LEAVES = {"language", "table", "typesetting", "binding", "scanning", "signatures", "reference"}


def modules() -> list[Path]:
    """Every module of the application."""
    return sorted(PACKAGE.rglob("*.py"))


def layer_of(name: str) -> int:
    """The number of the layer in which a top-level module or package stands."""
    return next((number for number, layer in enumerate(LAYERS) if name in layer), ABOVE)


def top_of(file: Path) -> str:
    """``dataset`` for appbuilder_app/dataset/lock.py, ``cli`` for appbuilder_app/cli.py."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(file: Path) -> Iterator[str]:
    """Full names of what a module imports, relative ones resolved; what only type checkers see is left out."""
    here = ("appbuilder_app", *file.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(parsed(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: len(here) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def ours(file: Path) -> Iterator[str]:
    """Top-level modules of the application that a module imports."""
    for name in imported(file):
        parts = name.split(".")
        if parts[0] == "appbuilder_app" and len(parts) > 1:
            yield parts[1]


def test_a_module_imports_only_from_its_own_layer_and_below() -> None:
    known = {entry.stem for entry in PACKAGE.iterdir()} - LEAVES
    wrong = {
        f"{file.relative_to(PACKAGE)} imports {name}"
        for file in modules()
        if (own := layer_of(top_of(file))) != ABOVE
        for name in ours(file)
        if name in known and layer_of(name) > own
    }
    assert wrong == set()


@pytest.mark.parametrize("name", WITHOUT_FLASK)
def test_rules_and_verbs_know_no_request(name: str) -> None:
    place = PACKAGE / name
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    asked = {
        f"{file.relative_to(PACKAGE)}: {one}"
        for file in files
        for one in imported(file)
        if one in {"flask.request", "flask.session", "flask.g", "flask_login.current_user"}
    }
    assert asked == set()


def test_forms_stand_below_the_screens() -> None:
    for file in sorted((ROOT / "forms").glob("*.py")):
        tree = parsed(file.read_text(encoding="utf-8"))
        named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not any(module.startswith("appbuilder_app.screens") for module in named), file


def test_the_card_reader_needs_nothing_of_the_register() -> None:
    # It runs on schools' PCs, where neither the register nor its libraries are.
    for file in sorted((ROOT / "cards").rglob("*.py")):
        named = set()
        for node in ast.walk(parsed(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                named.add((node.module or "").partition(".")[0])
        assert named <= {"smartcard", *sys.stdlib_module_names}, file


def test_every_document_is_sealed_because_only_one_module_prints() -> None:
    """Who typesets by himself issues without the seal. The sheet of a certificate is typeset for ``printing`` alone."""
    press = {"typeset", "typeset_one_page", "typeset_parts"}
    used = {
        str(file.relative_to(PACKAGE))
        for file in modules()
        for node in ast.walk(parsed(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").endswith(("typesetting", "binding"))
        and press & {alias.name for alias in node.names}
    }
    assert used == {"workflows/printing.py", "workflows/certificate_sheet.py"}
