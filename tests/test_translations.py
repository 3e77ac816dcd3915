"""English is complete: each text has it, filled with the same facts, and pages show it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from werkzeug.datastructures import MultiDict

from scripts import texts

pytestmark = pytest.mark.any_database("postgresql")

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "appbuilder_app/templates").rglob("*.html"))
# What is written for people at a terminal or on paper stays Thai.
# Dates and codes carry their English beside them; the API describes itself in Thai.
THAI_ONLY = {
    "cli.py", "command_line.py", "round_commands.py", "history_commands.py", "number_commands.py", "setup_commands.py",
    "duplicate_commands.py", "document_commands.py", "snapshot_commands.py", "verb_commands.py", "proving.py",
    "demo", "reference",
    "certificates.py", "certificate_sheet.py", "letters.py", "thaidate.py", "words.py", "codes", "api.py",
}  # fmt: skip
PERCENT, BRACE = re.compile(r"%\((\w+)\)s"), re.compile(r"\{(\w*)[^}]*\}")


def placeholders(text: str) -> set[str]:
    """Names of the facts that a text is filled with."""
    return {*PERCENT.findall(text), *BRACE.findall(text)}


def test_every_text_has_its_english_and_nothing_else_is_in_the_catalogue():
    catalogue = texts.english()
    missing = [text for text in texts.found() if not catalogue.get(text)]
    assert not missing, f"make translations, then write the English of: {missing}"
    assert not catalogue.keys() - set(texts.found()), "make translations drops what is gone"


def test_english_is_filled_with_the_same_facts():
    pairs = texts.english().items()
    assert not [(thai, english) for thai, english in pairs if placeholders(english) != placeholders(thai)]
    # A per cent sign alone is read as the beginning of a fact, and the whole page fails.
    assert not [english for _thai, english in pairs if "%" in PERCENT.sub("", english)]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_a_template_writes_no_thai_that_cannot_become_english(file):
    tree = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(file.read_text())
    translated = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "_"
        for constant in call.args
    }
    bare: list[object] = [data.data.strip() for data in tree.find_all(nodes.TemplateData)]
    bare += [const.value for const in tree.find_all(nodes.Const) if id(const) not in translated]
    assert not [text for text in bare if isinstance(text, str) and texts.THAI.search(text)]


def _web_files() -> list[Path]:
    files = [*(ROOT / "appbuilder_app").rglob("*.py"), *(ROOT / "forms").rglob("*.py")]
    return sorted(file for file in files if not THAI_ONLY & {file.name, *file.parts})


@pytest.mark.parametrize("file", _web_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_thai_sentence_is_glued_together_where_english_could_not_follow(file):
    glued = [
        f"line {node.lineno}"
        for node in ast.walk(texts.parsed(file.read_text()))
        if isinstance(node, ast.JoinedStr)
        and any(isinstance(part, ast.Constant) and texts.THAI.search(str(part.value)) for part in node.values)
    ]
    assert not glued


def test_the_login_page_is_english_when_asked_for(world):
    client = world.client()
    client.get("/lang/en")
    page = client.get("/login/").get_data(as_text=True)
    shown = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL).replace("ไทย", "")
    assert "Log in" in shown
    assert not texts.THAI.search(shown)


def test_a_list_shows_labels_and_codes_in_english(world):
    client = world.client("alice")
    client.get("/lang/en")
    page = client.get("/data/student/").get_data(as_text=True)
    for word in ("Students", "National ID", "Primary 6", "Male", "Female", "1 Aug 2557"):
        assert word in page
    assert "ประถมศึกษา" not in page


def test_a_refusal_of_the_api_is_english_when_asked_for(world):
    headers = world.token("alice")
    answer = world.client().post("/api/v1/student/?_l_=en", json={"room": 0}, headers=headers)
    assert answer.status_code == 422
    problem = {"field": "room", "pointer": "#/room", "message": "Room: must not be less than 1"}
    assert problem in answer.get_json()["errors"]
    thai = world.client().post("/api/v1/student/", json={"room": 0}, headers=headers)
    assert problem | {"message": "ห้อง: ต้องไม่น้อยกว่า 1"} in thai.get_json()["errors"]


def test_who_is_refused_in_english_leaves_thai_in_the_history(world):
    client = world.client("alice")
    client.get("/lang/en")
    pupil = world.pupil()
    page = client.post(f"/data/student/{pupil}/edit", data={"journey_minutes": "x"})
    assert "“x” is not a number" in page.get_data(as_text=True)


def test_messages_of_libraries_are_thai_too(world):
    """What WTForms says by itself: too long, not in the list."""
    told = world.client("alice").post(
        "/submission/16020123/return", data={"reason": "ก" * 600, "csrf_token": ""}
    )
    page = told.get_data(as_text=True)
    assert "ยาวเกินไป (ไม่เกิน 500 ตัวอักษร)" in page
    assert "Field cannot be longer" not in page
    with world.app.test_request_context("/?_l_=th"):
        from forms.rounds import ExceptionForm

        form = ExceptionForm(MultiDict({"actions": "nothing"}))
        form.validate()
        assert form.actions.errors == ["“nothing” ไม่อยู่ในรายการ กรุณาเลือกใหม่"]


def test_a_page_speaks_one_language_wherever_alice_goes(world):
    """English words on a Thai page would be messages of a library that nobody translated."""
    client = world.client("alice")
    for address in (
        "/",
        "/data/student/",
        "/data/student/add",
        "/submission/",
        "/import/",
        "/rounds/",
        "/nowhere",
    ):
        page = client.get(address, follow_redirects=True).get_data(as_text=True)
        shown = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
        words = set(re.findall(r"(?<![x0-9-])[A-Za-z]{3,}", shown)) - KNOWN_LATIN
        assert not words, f"{address}: {words}"


# Names of files and formats, of the other language, the blood groups, and her own.
KNOWN_LATIN = {
    "API",
    "Alice",
    "English",
    "Excel",
    "CSV",
    "xlsx",
    "csv",
    "PDF",
    "JPG",
    "PNG",
    "ARh",
    "BRh",
    "ORh",
    "ABRh",
}
