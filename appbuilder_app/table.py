"""Pieces of lists as HTML, put together at once: a template spends half a page on them piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from flask import Flask
from markupsafe import Markup, escape

from .bilingual import Bilingual

Choices = tuple[tuple[str, str], ...]
"""Values of a code list with their labels, which know their English."""


def install(app: Flask) -> None:
    """Give templates the filter ``behind``."""
    app.add_template_filter(behind)


def behind(
    texts: Sequence[str], openings: Sequence[Markup], linked: int, url: str | None, unnamed: str = ""
) -> Markup:
    """A row's cells, each text escaped behind its column's opening tag.

    The one at ``linked`` leads to ``url``; a link without a text could not be seen, so it says ``unnamed``.
    """
    cells = [f"{opening}{escape(text)}</td>" for opening, text in zip(openings, texts, strict=True)]
    if url:
        link = f'<a class="open" href="{escape(url)}">{escape(texts[linked] or unnamed)}</a>'
        cells[linked] = f"{openings[linked]}{link}</td>"
    return Markup("".join(cells))  # noqa: S704 - every text has been escaped


@lru_cache(maxsize=1024)
def options(choices: Choices, english: bool, chosen: str) -> Markup:
    """The ``<option>``s of a code list in a language; they are the same for everybody, so they are kept."""
    option, selected = Markup('<option value="{}"{}>{}</option>'), Markup(" selected")
    return Markup("").join(
        option.format(value, selected if value == chosen else "", _in_language(label, english))
        for value, label in choices
    )


def _in_language(label: str, english: bool) -> str:
    return label.english(str) if english and isinstance(label, Bilingual) else label[:]
