"""Finds the Thai texts of the code that a screen may show in English; pybabel asks it (see babel.cfg)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import IO, Any

# What takes a text, or a template and its facts; the second line builds sentences out of its arguments.
CALLS = {
    "_", "gettext", "lazy_gettext", "said", "Sentence", "NotReadable", "Problem",
    "Rule", "_waiting", "_bound",
}  # fmt: skip
KEYWORDS = {"unit"}
THAI = re.compile("[\u0e00-\u0e7f]")

Found = tuple[int, str | None, str, list[str]]


def thai_texts(file: IO[bytes], _keywords: Any, _comment_tags: Any, _options: Any) -> Iterator[Found]:
    """Texts given to one of CALLS, the ``message`` of a refusal, and units of fields."""
    for node in ast.walk(ast.parse(file.read())):
        for text in _texts_of(node):
            yield text.lineno, None, text.value, []


def _texts_of(node: ast.AST) -> Iterator[Any]:
    if isinstance(node, ast.Call):
        if _name(node.func) in CALLS:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from _constants(argument)
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS:
                yield from _constants(keyword.value)
    elif isinstance(node, ast.ClassDef):
        for line in node.body:
            if isinstance(line, ast.Assign | ast.AnnAssign) and line.value is not None:
                target = line.targets[0] if isinstance(line, ast.Assign) else line.target
                if _name(target) == "message":
                    yield from _constants(line.value)


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
