"""Reads an uploaded xlsx or CSV file into a header and rows, within bounds, knowing no column's meaning.

Nothing is ever evaluated: a text that begins with ``=`` stays that text.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from appbuilder_app.bilingual import Sentence
from appbuilder_app.dataset.unpacking import unpacked_within_bounds
from appbuilder_app.errors import CellTooLong, EmptyFile, FileTooLarge, NoHeaderRow, NotASpreadsheet
from appbuilder_app.thaitext import folded, tidy

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Row = tuple[int, list[Cell]]
"""The row's number as the spreadsheet program shows it, and its cells under the headers."""

MAX_FILE_BYTES: Final = 32 * 2**20
MAX_ROWS: Final = 60_000
MAX_COLUMNS: Final = 200
MAX_CELL_CHARS: Final = 2_000
MAX_SHEETS: Final = 20
HEADER_WITHIN: Final = 10
"""Titles, dates of printing and the like stand above the header; further down nobody has seen one."""

_XLSX: Final = b"PK\x03\x04"
_OTHER_KINDS: Final = {
    b"\xd0\xcf\x11\xe0": Sentence(
        "เป็นไฟล์ .xls รุ่นเก่าหรือไฟล์ที่ตั้งรหัสผ่าน ให้เปิดด้วย Excel แล้วบันทึกเป็น .xlsx โดยไม่ตั้งรหัสผ่าน",
    ),
    b"PK": Sentence("เป็นไฟล์บีบอัดที่ว่างหรือเสียหาย"),
    b"%PDF": Sentence("เป็นไฟล์ PDF"),
    b"\x89PNG": Sentence("เป็นไฟล์รูปภาพ"),
    b"\xff\xd8\xff": Sentence("เป็นไฟล์รูปภาพ"),
    b"GIF8": Sentence("เป็นไฟล์รูปภาพ"),
    b"Rar!": Sentence("เป็นไฟล์บีบอัด"),
    b"7z\xbc\xaf": Sentence("เป็นไฟล์บีบอัด"),
    b"\x1f\x8b": Sentence("เป็นไฟล์บีบอัด"),
    b"{\\rtf": Sentence("เป็นไฟล์เอกสาร"),
}
_CONTROL_CHARACTERS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_DELIMITERS: Final = ",;\t"
FORMULA_START: Final = r"(?:[=+@\t\r\n\uff1d\uff0b\uff0d\uff20]|-.)"
"""What spreadsheet programs may take for a formula. A single dash is no formula: it says "missing"."""
# Our CSV export puts an apostrophe before such texts. Those that had one by themselves got one more, so
# taking one away always gives the text that was there.
_GUARDED: Final = re.compile(rf"'+{FORMULA_START}", re.DOTALL)


@dataclass(frozen=True)
class Sheet:
    """One table of an uploaded file.

    ``header_row`` and the numbers in ``rows`` count from 1 as in the file; empty rows are left out.
    Every row has as many cells as there are headers; empty cells are None, whole numbers are int.
    ``title`` is the first text above the header, None when nothing stands there.
    """

    header_row: int
    headers: list[str]
    rows: list[Row]
    title: str | None = None


def read_sheet(data: bytes, filename: str, labels: Collection[str]) -> Sheet:
    """The first table of the file whose header holds known ``labels`` (three, or all when there are fewer).

    Labels are compared without spaces, dots, letter case and Thai or Arabic digits.
    Raises NotASpreadsheet, EmptyFile, NoHeaderRow, CellTooLong or FileTooLarge, each with a Thai sentence.
    """
    if not data.strip():
        raise EmptyFile(file=filename)
    if len(data) > MAX_FILE_BYTES:
        raise FileTooLarge(file=filename, limit=Sentence("ไม่เกิน {size} MB", size=MAX_FILE_BYTES // 2**20))
    known = {folded(label) for label in labels}
    tables = _workbook_tables(data, filename) if data.startswith(_XLSX) else _text_tables(data, filename)
    empty = True
    for rows in tables:
        first = list(islice(rows, HEADER_WITHIN))
        empty = empty and not first
        at = _header_at(first, known)
        if at is not None:
            return _sheet(first[:at], first[at], chain(first[at + 1 :], rows), filename)
    if empty:
        raise EmptyFile(file=filename)
    raise NoHeaderRow(file=filename, rows=HEADER_WITHIN, labels=", ".join(islice(labels, 5)))


def _header_at(first: list[Row], known: set[str]) -> int | None:
    """Which of the first rows holds most known labels; None when none holds enough."""
    scores = [len(known & {folded(cell) for cell in row if isinstance(cell, str)}) for _, row in first]
    best = max(scores, default=0)
    return scores.index(best) if best and best >= min(3, len(known)) else None


def _sheet(above: list[Row], header: Row, below: Iterable[Row], file: str) -> Sheet:
    headers = _headers(header[1])
    title = next((tidy(cell) for _, row in above for cell in row if isinstance(cell, str)), None)
    rows = []
    for number, cells in below:
        row = _row(number, cells, headers)
        if row[1].count(None) < len(headers):
            rows.append(row)
        if len(rows) > MAX_ROWS:
            raise FileTooLarge(file=file, limit=Sentence("ไม่เกิน {rows:,} แถว", rows=MAX_ROWS))
    if not rows:
        raise EmptyFile(file=file)
    return Sheet(header[0], headers, rows, title)


def _headers(cells: list[Cell]) -> list[str]:
    headers = [tidy(str(cell)) if cell is not None else "" for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    return headers


def _row(number: int, cells: list[Cell], headers: list[str]) -> Row:
    width = len(headers)
    row = cells[:width] + [None] * (width - len(cells))
    for cell in row:
        if type(cell) is str and len(cell) > MAX_CELL_CHARS:
            at = row.index(cell)
            column = headers[at] or str(at + 1)
            raise CellTooLong(row=number, column=column[:60], limit=f"{MAX_CELL_CHARS:,}")
    return number, row


def _workbook_tables(data: bytes, file: str) -> Iterator[Iterator[Row]]:
    """The rows of every visible sheet, one sheet at a time."""
    safe = unpacked_within_bounds(data, file)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(safe))
        for sheet in workbook.sheets_metadata[:MAX_SHEETS]:
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible:
                yield _workbook_rows(workbook.get_sheet_by_name(sheet.name))
    except CalamineError as error:
        raise NotASpreadsheet(file=file, reason=Sentence("ไฟล์เสียหาย")) from error


def _workbook_rows(sheet: CalamineSheet) -> Iterator[Row]:
    # The parser gives the empty rows above the first cell but not the empty columns left of it; with both,
    # a row's number and a column's letter are those people see.
    left: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        # Written out in place, as a call for each of a million cells would double the time.
        row = [_without_fraction(c) if type(c) is float else c if c != "" else None for c in cells]
        yield number, left + row


def _without_fraction(cell: float) -> Cell:
    """A workbook has no whole numbers of its own: 7 comes as 7.0, which nobody typed."""
    return int(cell) if cell.is_integer() else cell


def _text_tables(data: bytes, file: str) -> Iterator[Iterator[Row]]:
    """The rows of a CSV file as each of the possible delimiters cuts them."""
    text = _decoded(data, file)
    for delimiter in _DELIMITERS:
        yield _text_rows(text, delimiter, file)


def _text_rows(text: str, delimiter: str, file: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > MAX_COLUMNS:
                raise FileTooLarge(file=file, limit=Sentence("ไม่เกิน {columns} คอลัมน์", columns=MAX_COLUMNS))
            yield number, [_text_cell(cell) for cell in cells]
    except csv.Error as error:
        raise NotASpreadsheet(file=file, reason=Sentence("เครื่องหมายคำพูดหรือตัวคั่นไม่ครบ")) from error


def _text_cell(cell: str) -> Cell:
    if not cell:
        return None
    return cell[1:] if _GUARDED.match(cell) else cell


def _decoded(data: bytes, file: str) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, or the old Thai code page."""
    for magic, reason in _OTHER_KINDS.items():
        if data.startswith(magic):
            raise NotASpreadsheet(file=file, reason=reason)
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp874"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL_CHARACTERS.search(text):
            break
        if text.lstrip().startswith("<"):
            raise NotASpreadsheet(
                file=file,
                reason=Sentence("เป็นหน้าเว็บที่เปลี่ยนนามสกุลไฟล์ ให้เปิดด้วย Excel แล้วบันทึกเป็น .xlsx"),
            )
        return text
    raise NotASpreadsheet(file=file, reason=Sentence("ไม่ใช่ไฟล์ข้อความหรือตาราง"))
