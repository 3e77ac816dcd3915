"""PDFs: every Thai word can be found, nothing outside is read, and the same text is the same file."""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
import weasyprint.pdf.stream
import zxingcpp
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

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
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


# ── For decades, and for screen readers ──────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def archived() -> Any:
    """A file with a heading, a table with heads, two pages, and the page's square code."""
    html = """<html lang="th"><title>หนังสือนำส่ง</title><meta name="dcterms.created" content="2026-06-10T08:42:00+07:00">
    <h1>หนังสือนำส่ง</h1><table><tr><th>ชั้น</th><th>รวม</th></tr><tr><td>ป.1</td><td>20</td></tr></table>
    <p style="break-before: page">หน้าที่สอง</p><footer><div class="code" data-code="https://x.example/verify/A"></div></footer>"""
    return Pypdf(io.BytesIO(typeset(html)))


def described(pdf: Any) -> ET.Element:
    """What the file says of itself (XMP)."""
    return ET.fromstring(pdf.trailer["/Root"]["/Metadata"].get_data())


def test_the_file_says_that_it_is_pdf_a_and_pdf_ua(archived: Any) -> None:
    told = described(archived)
    assert len(told.findall(f"{RDF}RDF")) == 1
    said = {name: value for one in told.iter(f"{RDF}Description") for name, value in one.attrib.items()}
    assert said["{http://www.aiim.org/pdfa/ns/id/}part"] == "3"
    assert said["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert said["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    # PDF/A takes a name it does not know only with its description in the same file.
    prefixes = [one.text for one in told.iter("{http://www.aiim.org/pdfa/ns/schema#}prefix")]
    assert prefixes == ["pdfuaid"]
    assert archived.pdf_header == "%PDF-1.7"


def test_its_description_and_its_information_agree(archived: Any) -> None:
    titles = [one.text for one in described(archived).iter(f"{RDF}li") if one.text]
    assert "หนังสือนำส่ง" in titles
    assert archived.metadata is not None
    assert archived.metadata.title == "หนังสือนำส่ง"
    created = next(described(archived).iter("{http://ns.adobe.com/xap/1.0/}CreateDate")).text
    assert created == "2026-06-10T08:42:00+07:00"
    assert archived.metadata.creation_date == datetime.fromisoformat(created)


def test_its_colours_are_told_and_it_has_an_identifier(archived: Any) -> None:
    [intent] = archived.trailer["/Root"]["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert len(intent["/DestOutputProfile"].get_object().get_data()) > 2000
    assert len(archived.trailer["/ID"]) == 2
    assert "/Encrypt" not in archived.trailer


def test_nothing_in_it_runs_or_points_outside(archived: Any) -> None:
    root = archived.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/JavaScript"} & {*root, *root.get("/Names", {})}


def test_every_font_and_its_meaning_is_in_the_file(run_poppler: PdfReader) -> None:
    fonts = run_poppler(
        "pdffonts", typeset(page_of(["ก", "<b>ข</b>", "<i>ค</i>", "abc", "→", "①"]))
    ).splitlines()[2:]
    assert fonts
    for font in fonts:
        assert re.search(r"\byes\s+yes\s+yes\b", font), font


def test_a_screen_reader_is_given_language_title_order_and_heads(
    archived: Any, run_poppler: PdfReader
) -> None:
    root = archived.trailer["/Root"]
    assert root["/Lang"] == "th"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert all(page["/Tabs"] == "/S" for page in archived.pages)
    output = io.BytesIO()
    archived.stream.seek(0)
    output.write(archived.stream.read())
    told = run_poppler("pdfinfo", output.getvalue(), "-struct-text")
    tags = re.findall(r"^ *(H1|Table|TH|TD|P)\b", told, re.MULTILINE)
    assert [tag for tag in tags if tag != "P"] == ["H1", "Table", "TH", "TH", "TD", "TD"]
    assert "/Headers" in told
    assert "หนังสือนำส่ง" in told


def test_what_has_no_language_is_thai() -> None:
    pdf: Any = Pypdf(io.BytesIO(typeset("<p>ก")))
    assert pdf.trailer["/Root"]["/Lang"] == "th"


def test_each_page_bears_a_square_code_of_its_own(archived: Any) -> None:
    archived.stream.seek(0)
    with pypdfium2.PdfDocument(archived.stream.read()) as pdf:
        said = [zxingcpp.read_barcodes(page.render(scale=3).to_pil())[0].text for page in pdf]
    assert said == ["https://x.example/verify/A?page=1.2", "https://x.example/verify/A?page=2.2"]


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
