"""Unpacks an uploaded workbook within bounds, so that no parser meets a file that would fill the machine.

A workbook of a few kilobytes can ask for any amount of memory: by zeros that pack well, by one cell in the
last row and column (the parser lays out everything before it), by one long text that a million cells share.
All of it is measured on the bytes here, and the parser then gets a workbook packed anew from what was
measured, so that it cannot read the archive in another way than we did.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from appbuilder_app.bilingual import Sentence
from appbuilder_app.errors import FileTooLarge, NotASpreadsheet

MAX_PARTS: Final = 1_000
MAX_UNPACKED_BYTES: Final = 200 * 2**20
MAX_STREAMED_BYTES: Final = 500 * 2**20
"""Of a workbook that is read in portions, and so is never in memory as a whole."""
MAX_RATIO: Final = 250
"""Unpacked to packed size; only looked at above RATIO_MATTERS_FROM bytes, where real sheets stay below 60."""
RATIO_MATTERS_FROM: Final = 20 * 2**20
MAX_TAGS: Final = 16_000_000
"""Opening and closing tags of one sheet: four a cell, so four million cells."""
MAX_TEXT_BYTES: Final = 256 * 2**20
"""Text of all cells together, once each has its own copy."""
PIECE_BYTES: Final = 2**20

_NAME: Final = rb"(?:[^\s<>/!?:]+:)?"
_CELL: Final = rb"<" + _NAME + rb"c(?=[\s/>])"
_UNPREFIXED_CELL: Final = rb"<c(?=[\s/>])"
_ATTRIBUTES: Final = rb"""(?:\s+[\w:.-]+=(?:"[^"<>]*"|'[^'<>]*'))*?"""


def _cell_outside(columns: bytes, rows: bytes, cell: bytes = _CELL) -> re.Pattern[bytes]:
    """Finds a cell that lies outside these columns and rows or does not say where it lies."""
    place = rb"""\s+r=["'](?:""" + columns + rb")(?:" + rows + rb""")["']"""
    return re.compile(cell + rb"(?!" + _ATTRIBUTES + place + rb")")


# The parser reserves rows x columns, so a sheet may be long (60,999 x BL = 64) or wide (9,999 x GR = 200).
_LONG: Final = rb"[A-Z]|A[A-Z]|B[A-L]", rb"[1-9][0-9]{0,3}|[1-5][0-9]{4}|60[0-9]{3}"
_OUTSIDE_LONG: Final = _cell_outside(*_LONG)
# For tags without a prefix, as nearly all are: looking for one at each tag triples the time.
_UNPREFIXED_OUTSIDE_LONG: Final = _cell_outside(*_LONG, _UNPREFIXED_CELL)
_OUTSIDE_WIDE: Final = _cell_outside(rb"[A-Z]|[A-F][A-Z]|G[A-R]", rb"[1-9][0-9]{0,3}")
# A sheet that is read in portions may be longer: 109,999 rows x BL, checked portion by portion.
_LONGER: Final = rb"[A-Z]|A[A-Z]|B[A-L]", rb"[1-9][0-9]{0,4}|10[0-9]{4}"
_OUTSIDE_LONGER: Final = _cell_outside(*_LONGER)
_UNPREFIXED_OUTSIDE_LONGER: Final = _cell_outside(*_LONGER, _UNPREFIXED_CELL)
_PLACELESS_CELL: Final = re.compile(
    _CELL + rb"(?!" + _ATTRIBUTES + rb"""\s+r=["'][A-Z]{1,3}[1-9][0-9]{0,6}["'])"""
)
_SHARED_TEXT: Final = re.compile(rb"<" + _NAME + rb"si(?=[\s/>])")
_SHARED_CELL: Final = re.compile(rb"""<c[^<>]*\st="s"[^<>]*><v>([0-9]{1,9})</v>""")

DAMAGE: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError)


def unpacked_within_bounds(data: bytes, file: str) -> bytes:
    """The same workbook, measured and packed anew without compression; only its XML parts are kept.

    Raises FileTooLarge or NotASpreadsheet, both naming ``file``.
    """
    try:
        parts = dict(_parts(data, file))
    except DAMAGE as error:
        raise NotASpreadsheet(file=file, reason=Sentence("ไฟล์เสียหาย")) from error
    if "xl/workbook.xml" not in parts:
        raise NotASpreadsheet(file=file, reason=Sentence("เป็นเอกสารหรือไฟล์บีบอัดชนิดอื่น"))
    sheets = [part for part in parts.values() if b"sheetData" in part]
    for sheet in sheets:
        _check_places(sheet, file)
    check_shared_text(sheets, shared_lengths(part for part in parts.values() if b"sst" in part), file)
    return packed(parts).getvalue()


def _parts(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        check_entries(entries, len(data), file)
        left = MAX_UNPACKED_BYTES
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                part = bounded_read(archive, entry, left, file)
                left -= len(part)
                yield entry.filename, part


def check_entries(entries: list[zipfile.ZipInfo], size: int, file: str, most: int | None = None) -> None:
    """What the archive says of itself; it may lie, so every part is also read within bounds."""
    if len({entry.filename for entry in entries}) != len(entries):
        raise NotASpreadsheet(file=file, reason=Sentence("ไฟล์เสียหาย"))
    if len(entries) > MAX_PARTS:
        raise FileTooLarge(file=file, limit=Sentence("มีไฟล์ย่อยเกิน {parts:,} ไฟล์", parts=MAX_PARTS))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > (most or MAX_UNPACKED_BYTES) or (
        unpacked > RATIO_MATTERS_FROM and unpacked > MAX_RATIO * size
    ):
        raise unpacks_too_far(file)


def bounded_read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, file: str) -> bytes:
    """A part as a whole, of at most ``left`` bytes."""
    part = b"".join(bounded_pieces(archive, entry, left, file))
    require_single_bytes(part, file)
    return part


def require_single_bytes(part: bytes, file: str) -> None:
    """Refuse UTF-16, in which none of the patterns here would find anything."""
    if b"\x00" in part:
        raise NotASpreadsheet(file=file, reason=Sentence("ไฟล์เข้ารหัสตัวอักษรแบบที่ไม่รองรับ"))


def bounded_pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, file: str) -> Iterator[bytes]:
    """A part of at most ``left`` bytes, piece by piece; one that no parser should meet is refused."""
    if entry.flag_bits & 1:
        raise NotASpreadsheet(file=file, reason=Sentence("ไฟล์ตั้งรหัสผ่านไว้"))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotASpreadsheet(file=file, reason=Sentence("ไฟล์เสียหาย"))
    with archive.open(entry) as stream:
        # Piece by piece: one large read unpacks that much before it looks at the size the entry claims.
        while piece := stream.read(PIECE_BYTES):
            left -= len(piece)
            if left < 0:
                raise unpacks_too_far(file)
            yield piece


def holds(xml: bytes, pair: bytes) -> bool:
    """Whether two characters stand side by side somewhere in some megabytes of XML.

    Of ``<f`` the ``f`` is looked for first: one character is found ten times as fast as two, and the cells of Thai
    sheets have few of ``:``, ``!`` or ``f``.
    """
    rare = pair.strip(b"<>")[:1]
    return rare in xml and pair in xml


def check_places_of_portion(rows: bytes, file: str) -> None:
    """The same for some rows of a sheet, which may lie further down."""
    outside = _OUTSIDE_LONGER if holds(rows, b":c") else _UNPREFIXED_OUTSIDE_LONGER
    if outside.search(rows) and _OUTSIDE_WIDE.search(rows):
        raise FileTooLarge(file=file, limit=Sentence("ไม่เกิน 100,000 แถว และไม่เกิน 200 คอลัมน์"))


def _check_places(sheet: bytes, file: str) -> None:
    if sheet.count(b"<") > MAX_TAGS:
        raise FileTooLarge(file=file, limit=Sentence("มีจำนวนช่องมากเกินไป"))
    outside_long = _OUTSIDE_LONG if holds(sheet, b":c") else _UNPREFIXED_OUTSIDE_LONG
    if outside_long.search(sheet) and _OUTSIDE_WIDE.search(sheet):
        if _PLACELESS_CELL.search(sheet):
            raise NotASpreadsheet(
                file=file, reason=Sentence("ช่องในไฟล์ไม่ระบุตำแหน่ง กรุณาเปิดด้วยโปรแกรม Excel แล้วบันทึกใหม่")
            )
        raise FileTooLarge(file=file, limit=Sentence("ไม่เกิน 60,000 แถว และไม่เกิน 200 คอลัมน์"))


def shared_lengths(shared: Iterable[bytes]) -> list[int]:
    """How long each of the texts is that cells share, in bytes of XML."""
    return [len(text) for part in shared for text in _SHARED_TEXT.split(part)[1:]]


def check_shared_text(sheets: list[bytes], lengths: list[int], file: str) -> None:
    """Each cell gets its own copy of the text it shares, so what counts is length times use."""
    longest = max(lengths, default=0)
    if not longest:
        return
    # Four tags a cell is the most there can be; only where even that is too much are uses counted one by one.
    if sum(sheet.count(b"<") // 4 for sheet in sheets) * longest <= MAX_TEXT_BYTES:
        return
    total = 0
    for sheet in sheets:
        uses = [int(number) for number in _SHARED_CELL.findall(sheet)]
        others = sum(1 for _ in re.finditer(_CELL, sheet)) - len(uses) - _plain_cells(sheet)
        total += sum(lengths[use] for use in uses if use < len(lengths)) + max(others, 0) * longest
    if total > MAX_TEXT_BYTES:
        raise FileTooLarge(file=file, limit=Sentence("มีข้อความรวมมากเกินไป"))


def _plain_cells(sheet: bytes) -> int:
    """Cells that hold a number or nothing, written in the one way that leaves no doubt."""
    return sum(
        1 for _ in re.finditer(rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?(?:/>|><v>[^<>]*</v></c>)', sheet)
    )


def packed(parts: Mapping[str, bytes | tuple[bytes, ...]]) -> io.BytesIO:
    """An archive of these parts (each in one piece or in several), not compressed; from its beginning."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            with archive.open(name, "w") as stream:
                for piece in part if isinstance(part, tuple) else (part,):
                    stream.write(piece)
    buffer.seek(0)
    return buffer


def unpacks_too_far(file: str) -> FileTooLarge:
    """The refusal of what unpacks to more than the machine is given."""
    return FileTooLarge(file=file, limit=Sentence("คลายแล้วเกิน {size} MB", size=MAX_UNPACKED_BYTES // 2**20))
