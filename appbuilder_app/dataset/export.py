"""Writes rows as xlsx or CSV in which no text can become a formula, and which read back unchanged.

A workbook's sheet is written as XML directly, row by row: the memory does not grow with the rows, and a column's
cells are made once for each different value. A library that keeps cells as objects takes twice to ten times as long.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Final
from xml.sax.saxutils import escape

from appbuilder_app.dataset.sheet import FORMULA_START, Cell
from appbuilder_app.dataset.xlsx_parts import PARTS, letters_of, sheet_end, sheet_start, workbook

XLSX_MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_MIME: Final = "text/csv; charset=utf-8"
MEDIA: Final = {"xlsx": XLSX_MIME, "csv": CSV_MIME}
XLSX_ROWS: Final = 1_048_575
"""Rows that a sheet holds below its header."""

_SPOOL_BYTES: Final = 8 * 2**20
_MAX_TEXT: Final = 32_767
"""More than this in one cell and a spreadsheet program calls the whole file damaged."""
_REMEMBERED: Final = 20_000
"""Values of a column whose cells are remembered; a bound, or the memory would grow with the rows."""
_PORTION: Final = 2**18
# Apostrophes in front count too, so that a text that really begins with '= is told from a guarded =.
_FORMULA_LIKE: Final = re.compile(rf"'*{FORMULA_START}", re.DOTALL)
# What XML cannot hold, what readers change, and what looks like the escape for both.
_NOT_PLAIN: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone

Maker = Callable[[Any], str]


class Remembering(dict[Any, str]):
    """A column's cells by value, each made once: most columns have few different values."""

    def __init__(self, make: Maker) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, value: Any) -> str:
        made = self.make(value)
        if len(self) < _REMEMBERED:
            self[value] = made
        return made


# ── Workbooks ────────────────────────────────────────────────────────────────────────────────────────────


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Cell]], sheet_name: str = "ข้อมูล") -> IO[bytes]:
    """A workbook of one sheet as a file at its beginning; the caller closes it.

    Rows are written as they come and never held in memory together. Text is always written as text,
    numbers as numbers, dates as dates; ``None`` leaves the cell empty.
    """
    target = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 - handed to the caller
    write_sheet(target, headers, ([cell_of(value) for value in row] for row in rows), sheet_name)
    target.seek(0)
    return target


def write_sheet(
    target: IO[bytes], headers: Sequence[str], lines: Iterable[Sequence[str]], sheet_name: str
) -> int:
    """Write a workbook whose rows come as XML of their cells (``cell_of``); how many rows there were."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in PARTS.items():
            archive.writestr(_timeless(name), content)
        archive.writestr(_timeless("xl/workbook.xml"), workbook(sheet_name))
        with archive.open(_timeless("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            heads = _line(1, letters_of(len(headers)), [_text_cell(header, ' s="1"') for header in headers])
            sheet.write(f"{sheet_start(headers)}{heads}".encode())
            count = _write_lines(sheet, letters_of(len(headers)), lines)
            sheet.write(sheet_end().encode())
    return count


def _timeless(name: str) -> zipfile.ZipInfo:
    """A part of a workbook without the hour of writing: the same rows give the same bytes."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    # Before Python 3.13 there is no other way to say it.
    part._compresslevel = 1  # type: ignore[attr-defined]
    return part


def _write_lines(sheet: IO[bytes], letters: Sequence[str], lines: Iterable[Sequence[str]]) -> int:
    pieces: list[str] = []
    size, number = 0, 1
    for number, cells in enumerate(lines, 2):
        line = _line(number, letters, cells)
        pieces.append(line)
        size += len(line)
        if size > _PORTION:
            sheet.write("".join(pieces).encode())
            pieces, size = [], 0
    sheet.write("".join(pieces).encode())
    return number - 1


def _line(number: int, letters: Sequence[str], cells: Sequence[str]) -> str:
    # Readers may go by the places alone, so each cell says its own.
    placed = [f'<c r="{letter}{number}"{cell}' for letter, cell in zip(letters, cells, strict=True) if cell]
    return f'<row r="{number}">{"".join(placed)}</row>'


def cell_of(value: Any) -> str:
    """One cell as XML, from after its place on; empty for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _text_cell(value)
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if isinstance(value, dt.date):
        return _day_cell(value)
    if isinstance(value, float) and not abs(value) < math.inf:
        return _text_cell("#NUM!")  # what is no number would damage the file
    return f"><v>{value}</v></c>"


def _day_cell(value: dt.date) -> str:
    if isinstance(value, dt.datetime):
        days = (value.replace(tzinfo=None) - _EPOCH) / dt.timedelta(days=1)
        return f' s="3"><v>{days:.10f}</v></c>'
    return f' s="2"><v>{(value - _EPOCH.date()).days}</v></c>'


def _text_cell(text: str, style: str = "") -> str:
    if not text.isprintable() or "_x" in text:
        text = _NOT_PLAIN.sub(_escaped, text)
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f'{style} t="inlineStr"><is><t{space}>{escape(text[:_MAX_TEXT])}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\ufffd" if code >= 0xD800 else f"_x{code:04X}_"


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as CSV in UTF-8, a piece at a time; the mark in front tells Excel that it is UTF-8.

    A text that begins like a formula (``= + - @``, tab, line break) gets an apostrophe in front,
    which reading such a file takes away again.
    """
    return written_csv(headers, ([guarded(cell) for cell in row] for row in rows))


def written_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """As ``write_csv``, of rows whose cells are ``guarded`` already."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([guarded(header) for header in headers])
    for row in rows:
        writer.writerow(row)
        if buffer.tell() > 2**16:
            yield _drained(buffer)
    yield _drained(buffer)


def guarded(cell: Any) -> Any:
    """A cell of a CSV in which no text begins like a formula."""
    if isinstance(cell, str) and _FORMULA_LIKE.match(cell):
        return f"'{cell}"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return cell


def _drained(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", errors="replace")
