"""The main job from the command line: real processes of `flask --app run`, as a script would start them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scripts import look, services
from scripts.services import SQLite
from tests.app_fixtures import PASSWORD, PUPILS_PER_SCHOOL, SCHOOL
from tests.student_file_fixtures import SPECIMEN, line

# One story, told in order: its parts need the same process.
pytestmark = pytest.mark.xdist_group("chain")

FLASK = look.ROOT / ".venv/bin/flask"
Told = subprocess.CompletedProcess[str]
Command = Callable[..., Told]


@pytest.fixture
def command(databases: Any, world_template: str, tmp_path: Path) -> Iterator[Command]:
    """Runs a command on a small world of its own, in a process that knows nothing but its environment."""
    if isinstance(databases, SQLite):
        pytest.skip("ten processes are ten starts; tests/test_cli.py tells it on both databases in one")
    url = databases.fresh(world_template)
    outside = {name: value for name, value in os.environ.items() if not name.startswith("THABIAN_")}
    environment = outside | {
        "THABIAN_INSTANCE": str(tmp_path),
        **services.environment(url),
        "SIGNING_PASSWORD": PASSWORD,
    }

    def run(*words: object) -> Told:
        started = [str(word) for word in (FLASK, "--app", "run", *words)]
        return subprocess.run(
            started, cwd=look.ROOT, env=environment, capture_output=True, text=True, check=False
        )

    yield run
    databases.drop(url)


def answer(told: Told) -> Any:
    """The JSON of a command that was not refused; nothing stands on standard error."""
    assert (told.returncode, told.stderr) == (0, "")
    return json.loads(told.stdout)


def refusal(told: Told) -> str:
    """The sentence of a refusal: alone on standard error, with a status that a script sees."""
    assert (told.returncode, told.stdout) == (1, "")
    return told.stderr.strip()


def school_file(folder: Path) -> Path:
    """The national system's file with the pupils whom the school has, one of them in another room."""
    book = openpyxl.load_workbook(SPECIMEN)
    for number in range(100, 100 + PUPILS_PER_SCHOOL):
        book.active.append(line(number, ห้อง="2" if number == 101 else "1"))
    # The specimen's one pupil without weight or height would stop the confirming.
    for weight, height in book.active.iter_rows(min_row=3, min_col=13, max_col=14):
        weight.value, height.value = 33, 141
    book.save(file := folder / "2569-2-student.xlsx")
    return file


def test_a_round_runs_from_the_file_to_its_closing(command: Command, tmp_path: Path) -> None:
    file, pdf = school_file(tmp_path), tmp_path / "certificate.pdf"
    pupils = 176 + PUPILS_PER_SCHOOL

    imported = answer(command("import", SCHOOL, file, "--commit", "--as", "alice", "--json"))
    assert imported["state"] == "committed"
    assert (imported["counts"]["new"], imported["counts"]["changed"]) == (176, 1)

    checked = command("checklist", SCHOOL, "--as", "alice")
    assert checked.returncode == 0
    assert f"นักเรียน {pupils} คน" in checked.stdout
    assert "ไม่มีเรื่องที่ต้องแก้หรือชี้แจงก่อนยืนยัน" in checked.stdout

    assert "รับรองไม่ได้" in refusal(command("certify", SCHOOL, "--as", "dao"))
    confirmed = answer(command("confirm", SCHOOL, "--as", "alice", "--json"))
    assert (confirmed["state"], confirmed["rows"]) == ("confirmed", pupils)
    assert "ถูกล็อกแล้ว" in refusal(command("import", SCHOOL, file, "--commit", "--as", "alice"))

    certified = answer(command("certify", SCHOOL, "--pdf", pdf, "--as", "dao", "--json"))
    printed = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert certified["number"] in printed
    assert str(pupils) in printed

    acknowledged = answer(command("acknowledge", SCHOOL, "--as", "dan", "--json"))
    assert acknowledged == [{"school_code": SCHOOL, "done": True, "refused": None}]
    closed = answer(command("rounds", "close", 2569, 2, "--as", "cee", "--json"))
    assert closed["counts"] == {"open": 2, "confirmed": 0, "certified": 0, "ackd": 1}
    assert "รอบ" in refusal(command("return", SCHOOL, "--reason", "นับใหม่", "--as", "dan"))
