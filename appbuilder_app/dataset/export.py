"""Writes rows as xlsx or CSV in which no text can become a formula, and which read back unchanged."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from appbuilder_app.dataset.sheet import FORMULA_START, Cell

XLSX_MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_MIME: Final = "text/csv; charset=utf-8"
DATE_FORMAT: Final = "dd/mm/yyyy"

_SPOOL_BYTES: Final = 8 * 2**20
_MAX_TEXT: Final = 32_767
"""More than this in one cell and a spreadsheet program calls the whole file damaged."""
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": DATE_FORMAT,
    "nan_inf_to_errors": True,
}
# Apostrophes in front count too, so that a text that really begins with '= is told from a guarded =.
_FORMULA_LIKE: Final = re.compile(rf"'*{FORMULA_START}", re.DOTALL)


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Cell]], sheet_name: str = "ข้อมูล") -> IO[bytes]:
    """A workbook of one sheet as a file at its beginning; the caller closes it.

    Rows are written as they come and never held in memory together. Text is always written as text,
    numbers as numbers, dates as dates; ``None`` leaves the cell empty.
    """
    target = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 - handed to the caller
    with xlsxwriter.Workbook(target, _OPTIONS) as workbook:
        sheet = workbook.add_worksheet(sheet_name)
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
        for number, row in enumerate(rows, start=1):
            _write_row(sheet, number, row)
    target.seek(0)
    return target


def _write_row(sheet: Worksheet, number: int, row: Sequence[Cell]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            # Not write(): it would ask the text what it looks like.
            sheet.write_string(number, column, cell[:_MAX_TEXT])
        elif cell is not None:
            sheet.write(number, column, cell)


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as CSV in UTF-8, a piece at a time; the mark in front tells Excel that it is UTF-8.

    A text that begins like a formula (``= + - @``, tab, line break) gets an apostrophe in front,
    which reading such a file takes away again.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([_csv_cell(header) for header in headers])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if buffer.tell() > 2**16:
            yield _drained(buffer)
    yield _drained(buffer)


def _csv_cell(cell: Cell) -> Cell:
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
