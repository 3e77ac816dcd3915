"""What a printed file says and holds, read by the tools that officers' readers are made of (poppler)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

PdfReader = Callable[..., str]


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
