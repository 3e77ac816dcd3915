"""PDFs: every Thai word can be found, nothing outside is read, and the same text is the same file."""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest
import weasyprint.pdf.stream
from pypdf import PdfReader as Pypdf
from weasyprint.pdf.fonts import Font

from appbuilder_app.typesetting import (
    FONT_FAMILY,
    PRINT_TEMPLATES,
    OutsidePrintTemplates,
    PrintFiles,
    TellingFont,
    typeset,
    typeset_one_page,
)
from tests.print_fixtures import PdfReader

CONSONANTS = [chr(code) for code in range(ord("ก"), ord("ฮ") + 1)]
TONES = ["", "่", "้", "๊", "๋", "์"]
OFFICIAL_WORDS = (Path(__file__).parent / "thai_words.txt").read_text().split()
SYLLABLES = [
    *("".join(parts) for parts in product(CONSONANTS, ["", *"ัิีึื็ุู"], TONES)),
    *("".join(parts) for parts in product(CONSONANTS, TONES[:5], "ำา")),
    *("".join(parts) for parts in product("เแโใไ", CONSONANTS, ["", *"ีื็"], TONES[:5], "น")),
    *("".join(parts) for parts in product(CONSONANTS, TONES[:5], "ะ")),
]


def page_of(words: list[str]) -> str:
    """The words with spaces between, none broken over two lines."""
    spans = " ".join(f"<span>{word}</span>" for word in words)
    return f'<html lang="th"><style>span {{ white-space: nowrap }}</style><body><p>{spans}</p></html>'


@pytest.mark.parametrize("options", [(), ("-layout",), ("-raw",)])
def test_every_official_word_is_found(options: tuple[str, ...], run_poppler: PdfReader) -> None:
    text = run_poppler("pdftotext", typeset(page_of(OFFICIAL_WORDS)), *options)

    assert text.split() == OFFICIAL_WORDS


@pytest.mark.parametrize("style", ["p { font-size: 8pt }", "p { font-weight: bold; font-size: 13.7pt }"])
def test_every_syllable_is_found_whatever_its_marks(style: str, run_poppler: PdfReader) -> None:
    """Compared without spaces, since lines break inside such made-up words; a span around each takes 20 s."""
    lines = [" ".join(SYLLABLES[start : start + 50]) for start in range(0, len(SYLLABLES), 50)]
    pdf = typeset(f'<html lang="th"><style>{style}</style><p>{"<p>".join(lines)}</html>')

    assert "".join(run_poppler("pdftotext", pdf).split()) == "".join(SYLLABLES)
    assert len(pdf) < 150_000


def test_another_reader_finds_them_too() -> None:
    pdf = typeset(page_of(OFFICIAL_WORDS))

    text = " ".join(page.extract_text() for page in Pypdf(io.BytesIO(pdf)).pages)

    assert text.split() == OFFICIAL_WORDS


def test_words_found_need_no_normalising(run_poppler: PdfReader) -> None:
    text = run_poppler("pdftotext", typeset(page_of(["น้ำ", "ค่ำ", "กำลัง"])))

    assert text.split() == [unicodedata.normalize("NFC", word) for word in ("น้ำ", "ค่ำ", "กำลัง")]


def test_sara_am_typed_in_two_parts_is_found_as_one(run_poppler: PdfReader) -> None:
    assert run_poppler("pdftotext", typeset(page_of(["กํา"]))).split() == ["กำ"]


def test_latin_ligatures_are_found_as_letters(run_poppler: PdfReader) -> None:
    assert run_poppler("pdftotext", typeset(page_of(["office", "flag"]))).split() == ["office", "flag"]


def test_without_telling_font_words_are_lost(monkeypatch: pytest.MonkeyPatch, run_poppler: PdfReader) -> None:
    """Guards the guard: when WeasyPrint itself finds every word, TellingFont can go."""
    assert weasyprint.pdf.stream.Font is TellingFont
    monkeypatch.setattr(weasyprint.pdf.stream, "Font", Font)

    found = run_poppler("pdftotext", typeset(page_of(OFFICIAL_WORDS))).split()

    assert set(OFFICIAL_WORDS) - set(found)


def test_only_the_glyphs_used_of_our_own_font_are_embedded(run_poppler: PdfReader) -> None:
    pdf = typeset(page_of(["สวัสดี"]))

    fonts = run_poppler("pdffonts", pdf).splitlines()[2:]

    assert len(fonts) == 1
    assert FONT_FAMILY.replace(" ", "-") in fonts[0]
    assert re.search(r"\byes\s+yes\s+yes\b", fonts[0]), "embedded, subset, with a text for each glyph"
    assert len(pdf) < 20_000


def test_same_html_is_the_same_file() -> None:
    assert typeset(page_of(OFFICIAL_WORDS)) == typeset(page_of(OFFICIAL_WORDS))


def test_a_fresh_process_prints_the_same_file() -> None:
    script = "from appbuilder_app.typesetting import typeset; print(typeset('<p>น้ำ').hex())"

    prints = {subprocess.check_output([sys.executable, "-c", script], text=True) for _ in range(2)}

    assert len(prints) == 1


def test_threads_print_what_one_would() -> None:
    pages = [page_of(OFFICIAL_WORDS[start : start + 25]) for start in range(0, 200, 25)]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(typeset, pages)) == [typeset(page) for page in pages]


def test_a_forked_worker_that_ends_leaves_its_parent_the_fonts() -> None:
    script = """
import os, sys
from appbuilder_app.typesetting import typeset, _fonts
typeset("<p>ก่อน")
child = os.fork()
if not child:
    typeset("<p>ลูก")
    sys.exit()
assert os.waitpid(child, 0)[1] == 0
assert any(_fonts()._folder.iterdir())
typeset("<p><b>หลัง")
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/picture.png",
        "https://example.org/font.ttf",
        "ftp://127.0.0.1/x",
        "data:text/plain,x",
        "file:///etc/passwd",
        "file://elsewhere/etc/passwd",
        f"{PRINT_TEMPLATES.as_uri()}/../config.py",
        f"{PRINT_TEMPLATES.as_uri()}/%2e%2e/config.py",
    ],
)
def test_nothing_outside_the_print_templates_is_opened(address: str) -> None:
    with pytest.raises(OutsidePrintTemplates):
        PrintFiles().fetch(address)


def test_a_page_that_asks_for_another_machine_reaches_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        typeset(
            f'<link rel="stylesheet" href="{address}"><link rel="attachment" href="{address}">'
            f'<style>@import url("{address}"); p {{ background: url("{address}") }}</style>'
            f'<p><img src="{address}">ข้อความ'
        )
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_file_of_the_server_cannot_be_attached() -> None:
    pdf = typeset('<link rel="attachment" href="file:///etc/passwd"><p>ข้อความ')

    assert not Pypdf(io.BytesIO(pdf)).attachments


def test_the_first_version_that_fits_one_page_is_printed(run_poppler: PdfReader) -> None:
    versions = [f"<p>{lines}" + "<p>บรรทัด" * lines for lines in (300, 100, 20, 10)]

    assert run_poppler("pdftotext", typeset_one_page(versions)).split()[0] == "20"


def test_when_no_version_fits_the_last_is_printed(run_poppler: PdfReader) -> None:
    versions = ["<p>1<p style='break-before: page'>2", "<p>3<p style='break-before: page'>4"]

    assert run_poppler("pdftotext", typeset_one_page(versions)).split() == ["3", "4"]
