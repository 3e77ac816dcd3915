"""Finds the Thai texts that a screen may show in English, and keeps the English catalogue in step with them.

python -m scripts.texts    take in new texts, drop those that are gone, say how many lack English
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "appbuilder_app/translations/en/LC_MESSAGES/messages.po"
HEADER = """# English of the screens. msgid is the Thai text as it stands in code and templates.
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

"""
# What takes a text, or a template and its facts; the second line builds sentences out of its arguments.
CALLS = {
    "_", "gettext", "lazy_gettext", "said", "Sentence", "NotReadable", "Problem",
    "Rule", "_waiting", "_bound",
}  # fmt: skip
KEYWORDS = {"unit"}
THAI = re.compile("[\u0e00-\u0e7f]")


def parsed(source: str | bytes) -> ast.Module:
    """The tree of a Python file. CPython 3.11 gives up when another thread parses in the same moment (gh-106905)."""
    try:
        return ast.parse(source)
    except SystemError:
        return ast.parse(source)


def thai_texts(
    file: IO[bytes], _keywords: Any, _comment_tags: Any, **_options: Any
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Texts of a Python file for Babel (see babel.cfg): arguments of CALLS, refusals' ``message``, units."""
    for node in ast.walk(parsed(file.read())):
        for text in texts_of(node):
            yield text.lineno, None, str(text.value), []


def texts_of(node: ast.AST) -> Iterator[ast.Constant]:
    """The Thai constants that this node shows to people."""
    if isinstance(node, ast.Call):
        shown = node.args if _name(node.func) in CALLS else []
        named = [word.value for word in node.keywords if _name(node.func) in CALLS or word.arg in KEYWORDS]
        for argument in (*shown, *named):
            yield from _constants(argument)
    elif isinstance(node, ast.ClassDef):
        for line in node.body:
            if isinstance(line, ast.Assign | ast.AnnAssign) and line.value is not None and _is_message(line):
                yield from _constants(line.value)


def _is_message(line: ast.Assign | ast.AnnAssign) -> bool:
    return _name(line.targets[0] if isinstance(line, ast.Assign) else line.target) == "message"


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _constants(node: ast.expr) -> Iterator[ast.Constant]:
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and THAI.search(node.value):
        yield node


def found() -> list[str]:
    """Every text of code and templates, each once, in the order of files and lines."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    rows = extract_from_dir(ROOT, methods, options, strip_comment_tags=True)
    return list(dict.fromkeys(str(row[2]) for row in rows))


def english() -> dict[str, str]:
    """The catalogue: English by Thai text; empty where it lacks."""
    with CATALOGUE.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def update() -> int:
    """Bring the catalogue into step with the code; how many texts lack English."""
    known = english()
    catalogue = Catalog(charset="utf-8")
    for text in found():
        catalogue.add(text, known.get(text, ""))
    body = BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True)
    CATALOGUE.write_bytes(HEADER.encode() + body.getvalue())
    return sum(1 for message in catalogue if message.id and not message.string)


if __name__ == "__main__":
    print(f"Texts without English: {update()}")
