"""Reads an uploaded table some thousand rows at a time, so that memory does not grow with the file.

A sheet of a workbook is cut at the ends of rows, and the parser gets one small workbook after the other. All
bounds of ``unpacking`` are held portion by portion. A CSV file is cut by lines.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ..bilingual import Sentence
from ..errors import EmptyFile, FileTooLarge, NotASpreadsheet
from . import unpacking
from .sheet import MAX_FILE_BYTES, MAX_SHEETS, Row, _decoded, _text_rows

MAX_ROWS: Final = 100_000
PORTION_ROWS: Final = 5_000
PORTION_BYTES: Final = 4 * 2**20
"""Of a sheet's XML; some two thousand rows of forty columns."""
LARGEST_PORTION: Final = 48 * 2**20
_XLSX: Final = b"PK\x03\x04"
_DELIMITERS: Final = ",;\t"

_ATTRIBUTE: Final = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_SHEET_TAG: Final = re.compile(rb"<(?:[^\s<>/!?:]+:)?sheet\s([^<>]*?)/?>")
_RELATION_TAG: Final = re.compile(rb"<(?:[^\s<>/!?:]+:)?Relationship\s([^<>]*?)/?>")
_DATA_TAG: Final = re.compile(rb"<((?:[^\s<>/!?:]+:)?)sheetData(?:\s[^<>]*?)?(/?)>")
# A formula without a result: what a program wrote that does not calculate.
_FORMULA: Final = re.compile(
    rb"""<(?:\w+:)?c\s[^<>]*?r=["']([A-Z]{1,3})([0-9]{1,7})["'][^<>]*>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)


@dataclass(frozen=True)
class Portion:
    """Rows in the order of the file, empty ones left out.

    Cells are as the parser gives them: an empty one is None or an empty text, 7 may be 7.0. ``unknown`` are
    the places (row, column from 0) of formulas without a result.
    """

    rows: list[Row]
    unknown: frozenset[tuple[int, int]] = frozenset()


def is_workbook(source: IO[bytes]) -> bool:
    """Whether a file is of xlsx's kind, by its first bytes; it stands at its beginning again afterwards."""
    source.seek(0)
    first = source.read(len(_XLSX))
    source.seek(0)
    return first == _XLSX


def tables(source: IO[bytes], filename: str) -> Iterator[tuple[str, Iterator[Portion]]]:
    """The tables of an open file, each with its part of a workbook (or delimiter) and its portions.

    A workbook is read where it lies, so it stays open as long as its portions are asked for. A CSV file comes as
    each of the possible delimiters cuts it.

    Raises NotASpreadsheet, EmptyFile or FileTooLarge, each with a Thai sentence, also while reading on.
    """
    size = source.seek(0, io.SEEK_END)
    if size > MAX_FILE_BYTES:
        raise FileTooLarge(file=filename, limit=Sentence("ไม่เกิน {size} MB", size=MAX_FILE_BYTES // 2**20))
    if not is_workbook(source):
        data = source.read()
        if not data.strip():
            raise EmptyFile(file=filename)
        text = _decoded(data, filename)
        for delimiter in _DELIMITERS:
            yield delimiter, _cut(_text_rows(text, delimiter, filename))
        return
    with _damage_told(filename):
        # Not closed here: who has found a table lets go of this generator and reads on.
        archive = zipfile.ZipFile(source)
        workbook = Workbook(archive, size, filename)
        for name, part in workbook.sheets():
            yield part, workbook.portions(name, part)


def read_ahead(portions: Iterator[Portion]) -> Iterator[Portion]:
    """The same portions, each parsed in a thread while the one before is judged.

    The parser does not need the interpreter, and the database none of this process. One portion more is in memory.
    """
    with ThreadPoolExecutor(1, "read-ahead") as thread:
        coming = thread.submit(next, portions, None)
        while (portion := coming.result()) is not None:
            coming = thread.submit(next, portions, None)
            yield portion


def _cut(rows: Iterator[Row]) -> Iterator[Portion]:
    while portion := list(islice(rows, PORTION_ROWS)):
        yield Portion([row for row in portion if row[1].count(None) < len(row[1])])


@contextmanager
def _damage_told(filename: str) -> Iterator[None]:
    try:
        yield
    except (CalamineError, *unpacking.DAMAGE) as error:
        raise NotASpreadsheet(file=filename, reason=Sentence("ไฟล์เสียหาย")) from error


class Workbook:
    """An uploaded workbook whose sheets are read in portions."""

    def __init__(self, archive: zipfile.ZipFile, size: int, filename: str) -> None:
        self.archive, self.filename = archive, filename
        entries = archive.infolist()
        unpacking.check_entries(entries, size, filename, unpacking.MAX_STREAMED_BYTES)
        self.left = unpacking.MAX_UNPACKED_BYTES
        self.small: dict[str, bytes] = {}
        for entry in entries:
            if _is_read_whole(entry.filename):
                part = unpacking.bounded_read(archive, entry, self.left, filename)
                self.left -= len(part)
                self.small[entry.filename] = part
        if "xl/workbook.xml" not in self.small:
            raise NotASpreadsheet(file=filename, reason=Sentence("เป็นเอกสารหรือไฟล์บีบอัดชนิดอื่น"))
        shared = [part for name, part in self.small.items() if name.lower().endswith("sharedstrings.xml")]
        self.shared = unpacking.shared_lengths(shared)
        # Every portion is parsed together with the shared texts: more of these, fewer portions.
        self.portion_bytes = min(max(PORTION_BYTES, 2 * sum(map(len, shared))), LARGEST_PORTION)

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Name and part of the visible sheets."""
        workbook = CalamineWorkbook.from_filelike(unpacking.packed(self.small))
        parts = self._parts_of_sheets()
        for sheet, part in list(zip(workbook.sheets_metadata, parts, strict=False))[:MAX_SHEETS]:
            shown = sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
            if shown and part in self.archive.namelist():
                yield sheet.name, part

    def portions(self, name: str, part: str) -> Iterator[Portion]:
        """The rows of a sheet."""
        with _damage_told(self.filename):
            for head, rows, tail in self.pieces(part):
                unpacking.check_places_of_portion(rows, self.filename)
                unpacking.check_shared_text([rows], self.shared, self.filename)
                whole = self.small | {part: (head, rows, tail)}
                yield _parsed(unpacking.packed(whole), name, rows)

    def pieces(self, part: str) -> Iterator[tuple[bytes, bytes, bytes]]:
        """What stands before the rows, whole rows, and what stands behind: a sheet each."""
        found, buffer = None, bytearray()
        entry = self.archive.getinfo(part)
        for piece in unpacking.bounded_pieces(
            self.archive, entry, unpacking.MAX_STREAMED_BYTES, self.filename
        ):
            unpacking.require_single_bytes(piece, self.filename)
            if unpacking.holds(piece, b"<!"):
                # No spreadsheet program writes comments or CDATA there, and a row's end in one is none.
                raise NotASpreadsheet(file=self.filename, reason=Sentence("ไฟล์เสียหาย"))
            buffer += piece
            if found is None and (found := _DATA_TAG.search(buffer)):
                head, prefix, closed = bytes(buffer[: found.end()]), bytes(found[1]), found[2]
                buffer = bytearray() if closed else buffer[found.end() :]
                ends = b"</" + prefix + b"row>", b"</" + prefix + b"sheetData>"
                tail = ends[1] + b"</" + prefix + b"worksheet>"
            if found and len(buffer) >= self.portion_bytes and (cut := buffer.rfind(ends[0]) + 1):
                cut += len(ends[0]) - 1
                with memoryview(buffer) as read:
                    rows = bytes(read[:cut])
                del buffer[:cut]
                yield head, rows, tail
            if len(buffer) > LARGEST_PORTION + unpacking.PIECE_BYTES:
                raise unpacking.unpacks_too_far(self.filename)
        if found and not closed:
            yield head, bytes(buffer.partition(ends[1])[0]), tail

    def _parts_of_sheets(self) -> Iterator[str]:
        """The part of each sheet, in the order of the workbook."""
        relations = self.small.get("xl/_rels/workbook.xml.rels", b"")
        targets = {}
        for tag in _RELATION_TAG.finditer(relations):
            told = _attributes(tag[1])
            target = told.get("Target", "")
            targets[told.get("Id")] = target[1:] if target.startswith("/") else f"xl/{target}"
        for tag in _SHEET_TAG.finditer(self.small["xl/workbook.xml"]):
            told = _attributes(tag[1])
            relation = next((value for key, value in told.items() if key.endswith(":id")), None)
            yield targets.get(relation, "")


def _is_read_whole(name: str) -> bool:
    """XML parts but the sheets: styles tell which numbers are days, the relations where the sheets lie."""
    low = name.lower()
    return low.endswith((".xml", ".rels")) and not low.startswith("xl/worksheets/")


def _attributes(tag: bytes) -> dict[str, str]:
    return {m[1].decode(): (m[2] or m[3] or b"").decode(errors="replace") for m in _ATTRIBUTE.finditer(tag)}


def _parsed(workbook: IO[bytes], name: str, xml: bytes) -> Portion:
    sheet = CalamineWorkbook.from_filelike(workbook).get_sheet_by_name(name)
    if sheet.start is None:
        return Portion([])
    first, left = sheet.start
    before: list[Any] = [""] * left
    rows: list[Any] = [
        (number, before + cells if left else cells)
        for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first + 1)
        if cells.count("") < len(cells)
    ]
    unknown = (
        frozenset((int(m[2]), _column_number(m[1])) for m in _FORMULA.finditer(xml))
        if unpacking.holds(xml, b"f>") or unpacking.holds(xml, b"<f")
        else frozenset()
    )
    return Portion(rows, unknown)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
