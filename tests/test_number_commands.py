"""G-codes and identity numbers by command: the same verbs, and what they refuse, for scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from appbuilder_app.declaration import fields_of
from appbuilder_app.models import GCodeApplication
from tests.app_fixtures import World, national_id
from tests.gcode_fixtures import PDF, give_provinces, photo, the_form

pytestmark = pytest.mark.any_database("postgresql")

Run = Callable[..., Result]


def commands_of(world: World) -> Run:
    """Runs ``flask --app run`` with these words and ``--json``."""

    def run(*words: object) -> Result:
        runner = world.app.test_cli_runner()
        return runner.invoke(args=[*(str(word) for word in words), "--json"], catch_exceptions=False)

    return run


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_code_is_asked_for_checked_and_reported_by_command(world: World, tmp_path: Path) -> None:
    give_provinces(world)
    flask = commands_of(world)
    fields, values = fields_of(GCodeApplication), the_form(parents_without_papers="บิดามารดาไม่มี")
    form, picture, paper = tmp_path / "form.json", tmp_path / "a.jpg", tmp_path / "b.pdf"
    form.write_text(json.dumps({name: str(fields[name].kind.edit(value)) for name, value in values.items()}))
    picture.write_bytes(photo())
    paper.write_bytes(PDF)
    papers = ["--paper", "photo", picture, "--paper", "form", paper, "--paper", "birth", paper]
    assert flask("gcodes", "request", form, *papers, "--as", "alice").exit_code == 1
    asked = answer(flask("gcodes", "register", "--phone", "0810000000", "--reason", "ครู", "--as", "alice"))
    answer(flask("numbers", "approve", asked["request"], "--as", "dan"))
    sent = answer(flask("gcodes", "request", form, *papers, "--as", "alice"))
    for document in ("photo", "form", "birth"):
        assert answer(flask("gcodes", "check", sent["application"], document, "--as", "dan"))["accepted"]
    answer(flask("numbers", "approve", sent["request"], "--as", "dan"))
    [one] = answer(flask("gcodes", "list", "--as", "alice"))
    found = answer(flask("numbers", "find", one["number"], "--as", "dan"))
    assert [each["number"] for each in found["numbers"]] == [one["number"]]
    assert flask("numbers", "find", one["number"], "--as", "eve").exit_code == 1
    xlsx, pdf = tmp_path / "r.xlsx", tmp_path / "r.pdf"
    report = answer(flask("gcodes", "report", "--xlsx", xlsx, "--pdf", pdf, "--as", "dan"))
    assert [line["name"] for line in report["nationalities"]] == ["เมียนมา"]
    assert xlsx.read_bytes().startswith(b"PK")
    assert pdf.read_bytes().startswith(b"%PDF")


def test_a_correction_is_asked_for_and_approved_by_command(world: World, tmp_path: Path) -> None:
    flask, paper = commands_of(world), tmp_path / "card.pdf"
    paper.write_bytes(PDF)
    words = ["--reason", "พิมพ์ผิด", "--evidence", paper, "--as", "alice"]
    asked = answer(flask("numbers", "ask", national_id(100), national_id(900), *words))
    refused = flask("numbers", "approve", asked["request"], "--as", "dan")
    assert refused.exit_code == 1
    assert answer(flask("numbers", "approve", asked["request"], "--as", "cee"))["approved"] == [
        asked["request"]
    ]
    found = answer(flask("numbers", "find", national_id(100), "--as", "alice"))
    assert [each["number"] for each in found["numbers"]] == [national_id(100), national_id(900)]


def test_the_mailed_form_is_taken_in_by_command(world: World, tmp_path: Path) -> None:
    file = tmp_path / "form.csv"
    file.write_text(
        f"ชื่อ,เหตุผล,เลขเดิม,เลขที่ถูกต้อง\nชื่อ100,ผิด,{national_id(100)},{national_id(900)}\n,,{national_id(999)},{national_id(901)}\n"
    )
    rows = answer(commands_of(world)("numbers", "take-in", file, "--as", "alice"))
    assert [row["request"] is not None for row in rows] == [True, False]
