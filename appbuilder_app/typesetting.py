"""HTML to PDF: WeasyPrint with the print templates' own fonts, offline, whose Thai text can be searched.

Every file is PDF/A-3a and PDF/UA-1: it looks the same decades from now, and a screen reader reads it in order.

Knows nothing of models, requests or what is printed. Everything a page needs (fonts, stylesheets, pictures)
lies under ``print_templates/``; nothing else is ever read, from a disk or a network.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pydyf
import segno
import weasyprint.pdf
import weasyprint.pdf.stream
from fontTools import agl
from fontTools.ttLib import TTFont
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.css import ColorProfile
from weasyprint.document import Document
from weasyprint.pdf.fonts import Font
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from . import collector
from .thaidate import thai_date, thai_datetime, thai_digits

PRINT_TEMPLATES: Final = Path(__file__).resolve().parent.parent / "print_templates"
FONT_FAMILY: Final = "Thabian Sarabun"

_VARIANT: Final = "pdf/a-3a"

# PDF/A asks that a name it does not know, such as that of PDF/UA, is described in the file itself.
_PDF_UA: Final = (Path(__file__).resolve().parent.parent / "print_templates" / "pdfua.xmp").read_bytes()

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
    with _press_lock, collector.resting():
        return _printed(_laid_out(html, stylesheet))


def typeset_one_page(
    versions: Iterable[str], stylesheet: str = "certificate.css", whole: Callable[[int], str] | None = None
) -> bytes:
    """The PDF of the first version that fits one page; of the last one when none does.

    ``versions`` is the same document as HTML, set tighter and tighter. Too long a text is never a reason
    to refuse: the last version then has more pages. ``whole`` gives the document with further pages (an
    annex) in the way, counted from 0, in which its first page alone fits.
    """
    with _press_lock, collector.resting():
        for at, html in enumerate(versions):  # noqa: B007 - asked for after the loop
            document = _laid_out(html, stylesheet)
            if len(document.pages) == 1:
                break
        if whole is not None:
            document = _laid_out(whole(at), stylesheet)
        return _printed(document)


def typeset_objects(html: str, stylesheet: str = "official.css") -> pydyf.PDF:
    """As ``typeset``, before it is written: for who binds several into one file."""
    kept: list[pydyf.PDF] = []

    def keep(document: Document, pdf: pydyf.PDF) -> None:
        _draw_page_codes(document, pdf)
        pdf.write = _writes_nothing
        kept.append(pdf)

    with _press_lock, collector.resting():
        _printed(_laid_out(html, stylesheet), keep)
    return kept[0]


def _writes_nothing(*_where: object, **_how: object) -> None:
    """In place of a file's writing, which would cost a tenth of the whole and be thrown away."""


def filled(template: str, **content: object) -> str:
    """A template of ``print_templates/`` as HTML; every text in it is escaped, a missing one is an error."""
    return _templates().get_template(template).render(**content)


def _laid_out(html: str, stylesheet: str) -> Document:
    source = HTML(string=html, base_url=f"{PRINT_TEMPLATES.as_uri()}/", url_fetcher=PrintFiles())
    profiles = {_OURS: _colours()}
    return source.render(
        stylesheets=[_stylesheet(stylesheet)],
        font_config=_fonts(),
        color_profiles=profiles,
        pdf_variant=_VARIANT,
        output_intent=_OURS,
    )


def _printed(document: Document, finisher: Callable[[Document, pydyf.PDF], None] | None = None) -> bytes:
    document.metadata.generate_rdf_metadata = _with_pdf_ua(document.metadata.generate_rdf_metadata)
    document.metadata.lang = document.metadata.lang or "th"
    pdf: bytes = document.write_pdf(
        pdf_variant=_VARIANT, output_intent=_OURS, finisher=finisher or _draw_page_codes
    )
    return pdf


def _with_pdf_ua(described: Callable[..., bytes]) -> Callable[..., bytes]:
    """The file's description as PDF/A, saying that it is PDF/UA as well; WeasyPrint says one of them only."""

    def both(*variant: object) -> bytes:
        return described(*variant).replace(b"</rdf:RDF>", _PDF_UA + b"</rdf:RDF>")

    return both


# ── The square code of each page ─────────────────────────────────────────────────────────────────────────


def page_address(address: str, page: int, pages: int) -> str:
    """What the square code of a page says: the document's address and, where there are more pages, which one."""
    return address if pages == 1 else f"{address}?page={page}.{pages}"


def _draw_page_codes(document: Document, pdf: pydyf.PDF) -> None:
    """Into each box with ``data-code="https://…"`` goes a square code of its page's own, for scans to be sorted.

    Only here is it known how many pages there are. It is drawn as decoration: the address stands beside it as text.
    """
    for number, page in enumerate(document.pages, start=1):
        for box in page._page_box.descendants(placeholders=True):
            address = box.element.get("data-code") if box.element is not None else None
            if address and box.element_tag == box.element.tag:
                said = page_address(address, number, len(document.pages))
                _content_of(pdf, number).stream.append(_drawn(said, box))
                break


def _content_of(pdf: pydyf.PDF, page: int) -> pydyf.Stream:
    reference = pdf.objects[int(pdf.page_references[page - 1].split()[0])]["Contents"]
    return pdf.objects[int(reference.split()[0])]


def _drawn(text: str, box: Any) -> str:
    """Black runs of squares over the box. A quarter may be lost to a stamp or a fold (level Q)."""
    rows = segno.make(text, error="q", micro=False).matrix
    side = 0.75 * box.width / len(rows)  # 0.75 points are a pixel of CSS
    left, top = 0.75 * box.content_box_x(), 0.75 * box.content_box_y()
    runs = "".join(_runs(rows))
    return f"/Artifact BMC q 0 0 0 rg {side:.5f} 0 0 {side:.5f} {left:.3f} {top:.3f} cm\n{runs}f Q EMC"


def _runs(rows: Sequence[Sequence[int]]) -> Iterator[str]:
    for line, row in enumerate(rows):
        start = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                yield f"{start} {line} {length} 1 re\n"
            start += length


# ── What is loaded once ──────────────────────────────────────────────────────────────────────────────────

_OURS: Final = "ours"


class KeptProfile(ColorProfile):
    """The colour profile, read once. WeasyPrint would open the file for each document and leave it open."""

    def __init__(self) -> None:
        with (files(weasyprint.pdf) / "sRGB2014.icc").open("rb") as profile:
            super().__init__(profile, "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))
        self._content = super().content

    @property
    def content(self) -> bytes:
        """The profile as it goes into the file."""
        return self._content


@cache
def _colours() -> KeptProfile:
    return KeptProfile()


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
