"""HTML to PDF: WeasyPrint with the print templates' own fonts, offline, whose Thai text can be searched.

Knows nothing of models, requests or what is printed. Everything a page needs (fonts, stylesheets, pictures)
lies under ``print_templates/``; nothing else is ever read, from a disk or a network.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import weasyprint.pdf.stream
from fontTools import agl
from fontTools.ttLib import TTFont
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.pdf.fonts import Font
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from .thaidate import thai_date, thai_datetime, thai_digits

PRINT_TEMPLATES: Final = Path(__file__).resolve().parent.parent / "print_templates"
FONT_FAMILY: Final = "Thabian Sarabun"

# Pango's font map must not be used by two threads at once. One lock costs nothing: laying out is Python,
# so threads would take turns anyway; who needs more pages a second starts more processes.
_press_lock = threading.Lock()


class OutsidePrintTemplates(ValueError):
    """A template asked for something that does not lie under ``print_templates/``."""


class PrintFiles(URLFetcher):
    """Opens files under ``print_templates/`` and refuses every other address, so that nothing printed can
    make the server read its own files or call another machine.
    """

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """The opened file; raises OutsidePrintTemplates."""
        address = urlsplit(url)
        path = Path(unquote(address.path)).resolve()
        if address.scheme != "file" or address.netloc or not path.is_relative_to(PRINT_TEMPLATES):
            raise OutsidePrintTemplates(url)
        return super().fetch(path.as_uri(), headers)


class TellingFont(Font):
    """WeasyPrint's embedded font, which takes from our fonts' glyph names what each glyph means.

    WeasyPrint guesses it from the first syllable it meets, and in Thai guesses wrong: the picture is right,
    but words such as ที่, ผู้ and น้ำ cannot be found or copied (docs/decisions/004-thai-text-layer.md).
    """

    def __init__(self, pango_font: Any, description: Any, font_size: float) -> None:
        super().__init__(pango_font, description, font_size)
        if self.family == FONT_FAMILY:
            self.to_unicode = GlyphTexts(texts_of_glyphs(self.file_content))


class GlyphTexts(dict[int, str]):
    """Glyph → text of the glyphs a document uses; known texts win over the guesses that are put in.

    It holds used glyphs only, because WeasyPrint embeds the glyphs it finds here.
    """

    def __init__(self, known: dict[int, str]) -> None:
        super().__init__()
        self._known = known

    def __setitem__(self, glyph: int, guess: str) -> None:
        super().__setitem__(glyph, self._known.get(glyph, guess))


@lru_cache(maxsize=8)
def texts_of_glyphs(font_file: bytes) -> dict[int, str]:
    """What each glyph of a font means by its name: ``uni0E48.small`` is mai ek. Others are left out."""
    names = TTFont(BytesIO(font_file), lazy=True).getGlyphOrder()
    return {glyph: text for glyph, name in enumerate(names) if (text := agl.toUnicode(name))}


# WeasyPrint makes its fonts here and offers no other way in; tests/test_typesetting.py fails without it.
weasyprint.pdf.stream.Font = TellingFont


def typeset(html: str, stylesheet: str = "official.css") -> bytes:
    """The PDF of an HTML document, laid out by a stylesheet of ``print_templates/``.

    The same HTML gives the same bytes: times come from the document's own ``dcterms.created`` alone.
    Safe from any thread; the first call of a process loads the fonts and takes about 0.3 s.
    """
    with _press_lock:
        return _printed(_laid_out(html, stylesheet))


def typeset_one_page(versions: Iterable[str], stylesheet: str = "official.css") -> bytes:
    """The PDF of the first version that fits one page; of the last one when none does.

    ``versions`` is the same document as HTML, set tighter and tighter. Too long a text is never a reason
    to refuse: the last version then has more pages.
    """
    with _press_lock:
        for html in versions:
            document = _laid_out(html, stylesheet)
            if len(document.pages) == 1:
                break
        return _printed(document)


def filled(template: str, **content: object) -> str:
    """A template of ``print_templates/`` as HTML; every text in it is escaped, a missing one is an error."""
    return _templates().get_template(template).render(**content)


def _laid_out(html: str, stylesheet: str) -> Document:
    source = HTML(string=html, base_url=f"{PRINT_TEMPLATES.as_uri()}/", url_fetcher=PrintFiles())
    return source.render(stylesheets=[_stylesheet(stylesheet)], font_config=_fonts())


def _printed(document: Document) -> bytes:
    pdf: bytes = document.write_pdf()
    return pdf


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _stylesheet(name: str) -> CSS:
    return CSS(filename=PRINT_TEMPLATES / name, font_config=_fonts(), url_fetcher=PrintFiles())


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PRINT_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(thai_date=thai_date, thai_datetime=thai_datetime, thai_digits=thai_digits)
    return environment


def _after_fork() -> None:
    """A forked worker keeps its parent's fonts, which saves it the loading, but must not delete their folder
    when it ends; and the lock may have been held by a thread that the fork did not copy.
    """
    global _press_lock  # noqa: PLW0603 - the one way to replace a lock that nobody can release
    _press_lock = threading.Lock()
    if _fonts.cache_info().currsize:
        _fonts()._folder = None


os.register_at_fork(after_in_child=_after_fork)
