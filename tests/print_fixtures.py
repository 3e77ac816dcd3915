"""What a printed file says and holds, read by the tools that officers' readers are made of (poppler)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

PdfReader = Callable[..., str]


class VisibleText(HTMLParser):
    """Collects what a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.in_body = False

    def handle_starttag(self, tag: str, _: object) -> None:
        """Everything before the body is about the page."""
        self.in_body |= tag == "body"

    def handle_data(self, data: str) -> None:
        """A piece of text, without its spaces: those are where lines break."""
        if self.in_body and data.strip():
            self.texts.append("".join(data.split()))


@pytest.fixture
def run_poppler(tmp_path: Path) -> PdfReader:
    """Runs one of poppler's tools on a PDF: ``run_poppler("pdftotext", pdf, "-raw")`` is what it prints."""

    def run(tool: str, pdf: bytes, *options: str) -> str:
        file = tmp_path / "printed.pdf"
        file.write_bytes(pdf)
        output = ["-"] if tool == "pdftotext" else []
        return subprocess.run(
            [tool, *options, str(file), *output], capture_output=True, text=True, check=True
        ).stdout

    return run


def texts_of(html: str) -> list[str]:
    """What stands on a page, piece by piece, without spaces."""
    page = VisibleText()
    page.feed(html)
    return page.texts
