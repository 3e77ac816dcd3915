"""What documentation promises is there: every command is described, every link and picture exists."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from appbuilder_app.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")
LARGEST_PICTURE = 150_000


def described() -> dict[str, str]:
    """The headings of commands.md by the command that they describe."""
    text = (ROOT / "docs/operators/commands.md").read_text()
    usages = re.findall(r"^### `(.+)`$", text, flags=re.MULTILINE)
    return {re.split(r" (?=[A-Z\[-])", usage)[0]: usage for usage in usages}


def existing() -> dict[str, click.Command]:
    """Every command of ours, those of a group as "group command"."""
    found: dict[str, click.Command] = {}
    for command in COMMANDS:
        if isinstance(command, click.Group):
            found |= {f"{command.name} {name}": one for name, one in command.commands.items()}
        else:
            found[str(command.name)] = command
    return found


def test_every_command_is_described_and_no_other():
    assert described().keys() == existing().keys()


@pytest.mark.parametrize("name", existing())
def test_a_command_is_described_with_all_that_it_takes(name):
    usage = described()[name]
    for parameter in existing()[name].params:
        if isinstance(parameter, click.Option):
            if parameter.name != "as_json":  # every command that acts for somebody has it
                assert parameter.opts[0] in usage
        else:
            assert str(parameter.name).upper().removesuffix("S") in usage


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    targets = [target for target, _part in LINK.findall(document.read_text()) if "://" not in target]
    assert not [target for target in targets if not (document.parent / target).exists()]


def test_pictures_are_small_and_used():
    pictures = sorted((ROOT / "docs/pictures").glob("*.png"))
    assert pictures
    texts = "".join(document.read_text() for document in DOCUMENTS)
    for picture in pictures:
        assert picture.stat().st_size <= LARGEST_PICTURE
        assert picture.name in texts, f"{picture.name} is shown nowhere"


def test_every_rule_that_is_built_names_code_and_a_test_that_exist():
    built = (ROOT / "docs/rules.md").read_text().split("## Not built yet")[0]
    named = set(re.findall(r"`([^`]+)`", built))
    tests = "\n".join(file.read_text() for file in (ROOT / "tests").glob("test_*.py"))
    missing = [
        name
        for name in named
        if not (
            f"def {name}(" in tests or (ROOT / "appbuilder_app" / name).exists() or (ROOT / name).exists()
        )
    ]
    assert not missing


def test_every_rule_of_student_life_and_identity_stands_in_the_table():
    table = "\n".join(re.findall(r"^\| ([^|]*) \|", (ROOT / "docs/rules.md").read_text(), re.MULTILINE))
    told = {int(number) for number in re.findall(r"R([0-9]+)", table)}
    for first, last in re.findall(r"R([0-9]+)–R([0-9]+)", table):
        told |= set(range(int(first), int(last) + 1))
    assert {*range(19, 53), 57, 58} - told == set()
