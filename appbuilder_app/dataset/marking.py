"""The uploaded workbook once more, with each error in its cell: coloured, with a note, and told at the row's end.

Nothing else of the workbook is touched: the sheet's XML is copied row by row, and only the rows that have
something to tell are written anew. So formats, widths, drop-downs and other sheets stay as they were. Colours and
words need no more memory than the file; notes do, and end after ``notes.MOST_NOTES`` cells.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Final, NamedTuple
from xml.sax.saxutils import escape

import xlsxwriter

from ..language import gettext as _
from . import notes, unpacking
from .columns import PROBLEMS, letter
from .portions import Portion, _column_number


class Mark(NamedTuple):
    """Something wrong: the column's letter (empty: the whole row), its label, and what is wrong, in words."""

    place: str
    label: str
    message: str

    def __str__(self) -> str:
        label = f"{self.label} – " if self.label else ""
        return f"{self.place}: {label}{self.message}" if self.place else f"{label}{self.message}"


Marks = Mapping[int, Sequence[Mark]]
"""By row number."""

_STYLES: Final = "xl/styles.xml"
_MOST_STYLES: Final = 4_000
_RED: Final = (
    b'<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/>'
    b'<bgColor indexed="64"/></patternFill></fill>'
)
_OUR_RED: Final = re.compile(rb'patternType="solid"[^>]*>\s*<fgColor rgb="FFFFC7CE"')
_FILL_ID: Final = re.compile(rb'\sfillId="(\d+)"')
_FILLS: Final = re.compile(rb'(<fills\b[^>]*?)(?:\scount="\d+")?([^>]*>)(.*?)(</fills>)', re.DOTALL)
_XFS: Final = re.compile(rb'(<cellXfs\b[^>]*?)(?:\scount="\d+")?([^>]*>)(.*?)(</cellXfs>)', re.DOTALL)
_XF: Final = re.compile(rb"<xf\b[^>]*?(?:/>|>.*?</xf>)", re.DOTALL)
_FILL: Final = re.compile(rb"<fill\b[^>]*?(?:/>|>.*?</fill>)", re.DOTALL)
_ROW: Final = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_ROW_NUMBER: Final = re.compile(rb"""\br=["'](\d+)["']""")
_CELL: Final = re.compile(rb"""<c\b([^>]*?)(/>|>.*?</c>)""", re.DOTALL)
_PLACE: Final = re.compile(rb"""\br=["']([A-Z]{1,3})\d+["']""")
_STYLE: Final = re.compile(rb"""\bs=["'](\d+)["']""")
_SPANS: Final = re.compile(rb"""\s+spans=["'][^"']*["']""")
_PROBLEMS_WIDTH: Final = 60
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class CannotMark(ValueError):
    """The workbook is written in a way that is not patched here; a new one is written instead."""


def marked_workbook(
    source: IO[bytes], part: str, marks: Marks, header_row: int, column: int, filename: str
) -> IO[bytes]:
    """The workbook with marks in the sheet ``part``, and words in ``column``; CannotMark when it is unusual."""
    target = tempfile.SpooledTemporaryFile(max_size=8 * 2**20)  # noqa: SIM115 - handed to the caller
    with zipfile.ZipFile(source) as archive:
        looks = _looks_with_red(archive)
        changed, link = _notes_of(archive, part, marks, header_row, column)
        changed[_STYLES] = looks.styles
        patch = _Patch(marks, header_row, column, looks, link)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for entry in archive.infolist():
                if entry.filename in changed:
                    made.writestr(entry.filename, changed.pop(entry.filename))
                elif entry.filename == part:
                    with made.open(entry.filename, "w") as stream:
                        pieces = unpacking.bounded_pieces(
                            archive, entry, unpacking.MAX_STREAMED_BYTES, filename
                        )
                        for piece in patch.sheet(pieces):
                            stream.write(piece)
                else:
                    made.writestr(entry.filename, archive.read(entry))
            for name, added in changed.items():
                made.writestr(name, added)
    target.seek(0)
    return target


def _notes_of(
    archive: zipfile.ZipFile, part: str, marks: Marks, header_row: int, column: int
) -> tuple[dict[str, bytes], bytes]:
    """Parts with notes, and the relation that the sheet must name; nothing where the sheet cannot have any."""
    try:
        return notes.parts_with_notes(archive, part, _at_their_cells(marks, header_row, column))
    except notes.NoNotes:
        return {}, b""


def _at_their_cells(marks: Marks, header_row: int, column: int) -> dict[notes.Place, str]:
    """The words of each wrong cell; where there are too many of them, the column's head says so."""
    told: dict[notes.Place, str] = {}
    for number, problems in marks.items():
        for one in problems:
            if one.place:
                cell = number - 1, _column_number(one.place.encode())
                words = _UNPRINTABLE.sub("", one.message)
                told[cell] = f"{told[cell]}\n{words}" if cell in told else words
        if len(told) >= notes.MOST_NOTES:
            text = _(
                "ช่องที่ผิด %(most)s ช่องแรกมีบันทึกในช่อง ช่องต่อจากนั้นระบายสีไว้และบอกในคอลัมน์นี้", most=f"{len(told):,}"
            )
            return told | {(header_row - 1, column): text}
    return told


class _Looks(NamedTuple):
    """The styles with a red twin of each: the first twin's number, that of our words, and whose red is ours."""

    styles: bytes
    first_red: int
    words: int
    plain: Mapping[int, int]


def _looks_with_red(archive: zipfile.ZipFile) -> _Looks:
    try:
        styles = archive.read(_STYLES)
    except KeyError as missing:
        raise CannotMark from missing
    fills, xfs = _FILLS.search(styles), _XFS.search(styles)
    if fills is None or xfs is None:
        raise CannotMark
    known, red = _XF.findall(xfs[3]), len(_FILL.findall(fills[3]))
    if not known or len(known) > _MOST_STYLES:
        raise CannotMark
    twins = [_filled(xf, red) for xf in known]
    # A cell that we have coloured in an earlier try and that is right now goes back to the style without it.
    ours = [n for n, fill in enumerate(_FILL.findall(fills[3])) if _OUR_RED.search(fill)]
    was_red = [n for n, xf in enumerate(known) if (of := _FILL_ID.search(xf)) and int(of[1]) in ours]
    bare = [_FILL_ID.sub(b' fillId="0"', known[n], count=1) for n in was_red]
    plain = {n: 2 * len(known) + 1 + at for at, n in enumerate(was_red)}
    words = (
        b'<xf numFmtId="49" fontId="0" fillId="%d" borderId="0" xfId="0" applyFill="1" applyAlignment="1">'
        b'<alignment vertical="top" wrapText="1"/></xf>' % red
    )
    all_xfs = b"".join([*known, *twins, words, *bare])
    # From behind: the first replacement would move the second.
    styles = _put(styles, xfs, b' count="%d"' % (2 * len(known) + 1 + len(bare)), all_xfs)
    styles = _put(styles, fills, b' count="%d"' % (red + 1), fills[3] + _RED)
    return _Looks(styles, len(known), 2 * len(known), plain)


def _put(text: bytes, found: re.Match[bytes], count: bytes, inside: bytes) -> bytes:
    return text[: found.start()] + found[1] + count + found[2] + inside + found[4] + text[found.end() :]


def _filled(xf: bytes, red: int) -> bytes:
    head, close, rest = xf.partition(b">")
    slash = b"/" if head.endswith(b"/") else b""
    head = re.sub(rb'\s(?:fillId|applyFill)="[^"]*"', b"", head.removesuffix(b"/"))
    return head + b' fillId="%d" applyFill="1"' % red + slash + close + rest


class _Patch:
    """Rewrites the rows of a sheet that have something to tell."""

    def __init__(self, marks: Marks, header_row: int, column: int, looks: _Looks, link: bytes) -> None:
        self.marks, self.header_row, self.column = marks, header_row, column
        self.looks, self.link = looks, link

    def sheet(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The sheet's XML, rows rewritten as they come by."""
        buffer, seen_data = b"", False
        for piece in pieces:
            buffer += piece
            if not seen_data and (at := buffer.find(b"<sheetData")) >= 0:
                yield self._head(buffer[:at])
                buffer, seen_data = buffer[at:], True
            if seen_data and (cut := buffer.rfind(b"</row>") + len(b"</row>")) >= len(b"</row>"):
                yield _ROW.sub(self._row, buffer[:cut])
                buffer = buffer[cut:]
        if not seen_data:
            raise CannotMark
        yield self._tail(buffer)

    def _tail(self, tail: bytes) -> bytes:
        try:
            return notes.linked(tail, self.link) if self.link else tail
        except notes.NoNotes as unusual:
            raise CannotMark from unusual

    def _head(self, head: bytes) -> bytes:
        """The sheet's head, with a wide column for the words; without the extent, which has changed."""
        head = re.sub(rb"<dimension\b[^>]*/>", b"", head)
        number = self.column + 1
        wide = b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (number, number, _PROBLEMS_WIDTH)
        if b"<cols>" not in head:
            return head + b"<cols>" + wide + b"</cols>"
        last = max((int(most) for most in re.findall(rb'<col\b[^>]*\bmax="(\d+)"', head)), default=0)
        return head.replace(b"</cols>", wide + b"</cols>") if last < number else head

    def _row(self, found: re.Match[bytes]) -> bytes:
        told = _ROW_NUMBER.search(found[1])
        if told is None:
            return found[0]
        number = int(told[1])
        problems = self.marks.get(number, ())
        text = PROBLEMS if number == self.header_row else "\n".join(map(str, problems))
        cells = dict(_cells(found[2] or b""))
        if not text and self.column not in cells:
            return found[0]
        wrong = {_column_number(one.place.encode()) for one in problems if one.place}
        if self.column in cells and number != self.header_row:
            cells = {at: cell if at in wrong else self._as_before(cell) for at, cell in cells.items()}
        for at in wrong:
            cells[at] = self._red(cells.get(at), at, number)
        cells.pop(self.column, None)
        if text:
            cells[self.column] = self._words(number, text)
        inside = b"".join(cells[index] for index in sorted(cells))
        return b"<row" + _SPANS.sub(b"", found[1]).rstrip(b"/") + b">" + inside + b"</row>"

    def _red(self, cell: bytes | None, place: int, number: int) -> bytes:
        if cell is None:
            return b'<c r="%s%d" s="%d"/>' % (letter(place).encode(), number, self.looks.first_red)
        head, close, rest = cell.partition(b">")
        slash = b"/" if head.endswith(b"/") else b""
        head = head.removesuffix(b"/")
        style = _STYLE.search(head)
        red = b' s="%d"' % (self.looks.first_red + (int(style[1]) if style else 0))
        return re.sub(rb"""\s+s=["']\d+["']""", b"", head) + red + slash + close + rest

    def _as_before(self, cell: bytes) -> bytes:
        """A cell of a row that we have told of before, without our colour."""
        head, close, rest = cell.partition(b">")
        style = _STYLE.search(head)
        plain = self.looks.plain.get(int(style[1])) if style else None
        return cell if plain is None else _STYLE.sub(b's="%d"' % plain, head, count=1) + close + rest

    def _words(self, number: int, text: str) -> bytes:
        clean = escape(_UNPRINTABLE.sub("", text)[:32_000])
        head = f'<c r="{letter(self.column)}{number}" s="{self.looks.words}" t="inlineStr">'
        return f'{head}<is><t xml:space="preserve">{clean}</t></is></c>'.encode()


def _cells(row: bytes) -> Iterator[tuple[int, bytes]]:
    for cell in _CELL.finditer(row):
        place = _PLACE.search(cell[1])
        if place is None:
            raise CannotMark
        yield _column_number(place[1]), cell[0]


def new_workbook(portions: Iterator[Portion], marks: Marks, header_row: int, column: int) -> IO[bytes]:
    """A workbook of the cells of a file that is none (CSV), or that cannot be patched, with the same marks."""
    target = tempfile.SpooledTemporaryFile(max_size=8 * 2**20)  # noqa: SIM115 - handed to the caller
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "nan_inf_to_errors": True, "default_date_format": "dd/mm/yyyy",
    }  # fmt: skip
    with xlsxwriter.Workbook(target, options) as workbook:
        sheet = workbook.add_worksheet("แก้ไข")
        looks = {
            "plain": workbook.add_format({"num_format": "@"}),
            "red": workbook.add_format({"num_format": "@", "bg_color": "#FFC7CE"}),
            "words": workbook.add_format({"bg_color": "#FFC7CE", "text_wrap": True, "valign": "top"}),
            "head": workbook.add_format({"bold": True}),
        }
        sheet.set_column(column, column, _PROBLEMS_WIDTH)
        for (row, at), words in _at_their_cells(marks, header_row, column).items():
            height = 22 * (1 + notes.lines_of(words))
            box = {"author": "", "font_size": 10, "width": 260, "height": height}
            sheet.write_comment(row, at, notes.HEAD + words, box)
        for portion in portions:
            for number, cells in portion.rows:
                _write_row(sheet, number, cells, marks.get(number, ()), header_row, column, looks)
    target.seek(0)
    return target


def _write_row(
    sheet: Any, number: int, cells: Sequence[Any], problems: Sequence[Mark],
    header_row: int, column: int, looks: Mapping[str, Any],
) -> None:  # fmt: skip
    wrong = {_column_number(one.place.encode()) for one in problems if one.place}
    plain = looks["head" if number == header_row else "plain"]
    for index, cell in enumerate(cells):
        look = looks["red"] if index in wrong else plain
        if index == column or (cell in (None, "") and index not in wrong):
            continue
        if isinstance(cell, str):
            # Not write(): it would ask the text what it looks like.
            sheet.write_string(number - 1, index, cell[:32_767], look)
        elif cell is None:
            sheet.write_blank(number - 1, index, None, look)
        else:
            sheet.write(number - 1, index, cell, look)
    if number == header_row:
        sheet.write_string(number - 1, column, PROBLEMS, looks["head"])
    elif problems:
        text = "\n".join(map(str, problems))
        sheet.write_string(number - 1, column, text[:32_000], looks["words"])
