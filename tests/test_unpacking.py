"""Workbooks made to fill a machine: each is refused on its bytes, before any parser opens it."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from appbuilder_app.dataset import unpacking
from appbuilder_app.dataset.sheet import read_sheet
from appbuilder_app.dataset.unpacking import unpacked_within_bounds
from appbuilder_app.errors import FileTooLarge, NotASpreadsheet, RuleViolation
from tests.test_sheet import LABELS, ROW, xlsx

GIGABYTE = 2**30


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


PARTS = parts_of(xlsx(LABELS, ROW))
SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"


def with_cells(cells, **parts):
    rows = f'<sheetData><row r="1">{cells}</row></sheetData>'.encode()
    head, _, tail = PARTS[SHEET].partition(b"<sheetData>")
    return packed(PARTS | {SHEET: head + rows + tail.partition(b"</sheetData>")[2]} | parts)


def bomb(unpacked_size, declared_size, byte=b"\0"):
    """A workbook whose sheet says it has one size and unpacks to another."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    megabyte = packer.compress(byte * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = megabyte * (unpacked_size // 2**20) + b"\x03\x00"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", PARTS["xl/workbook.xml"])
        archive.writestr(SHEET, stream)
        local = archive.getinfo(SHEET).header_offset
    data = bytearray(buffer.getvalue())
    central = data.rindex(b"PK\x01\x02")
    crc = zlib.crc32(byte * min(declared_size, 2**20))
    for header, method, check, size in ((local, 8, 14, 22), (central, 10, 16, 24)):
        struct.pack_into("<H", data, header + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", data, header + check, crc)
        struct.pack_into("<I", data, header + size, declared_size)
    return bytes(data)


@pytest.mark.parametrize("declared", [2 * GIGABYTE, 1000], ids=["honest", "lying"])
@pytest.mark.parametrize("byte", [b"\0", b" "], ids=["zeros", "spaces"])
def test_two_gigabytes_in_two_megabytes_are_refused_without_unpacking_them(declared, byte):
    data = bomb(2 * GIGABYTE, declared, byte)
    assert len(data) < 3 * 2**20
    tracemalloc.start()
    with pytest.raises(RuleViolation) as refusal:
        read_sheet(data, "ระเบิด.xlsx", LABELS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(refusal.value, FileTooLarge if declared > 1000 else NotASpreadsheet)
    assert peak < 20 * 2**20


def test_parts_are_measured_together(monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", sum(map(len, PARTS.values())) - 1)
    with pytest.raises(FileTooLarge, match="คลาย"):
        unpacked_within_bounds(packed(PARTS), "x.xlsx")


def test_what_the_archive_says_is_not_believed(monkeypatch):
    monkeypatch.setattr(unpacking, "check_entries", lambda *_: None)
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", 3 * 2**20)
    with pytest.raises(FileTooLarge, match="คลาย"):
        unpacked_within_bounds(bomb(10 * 2**20, 10 * 2**20), "x.xlsx")


def test_a_sheet_that_packs_too_well_to_be_one_is_refused():
    with pytest.raises(FileTooLarge, match="คลาย"):
        unpacked_within_bounds(packed(PARTS | {"xl/media/a.bin": bytes(100 * 2**20)}), "x.xlsx")


def test_thousands_of_parts_are_refused():
    many = {f"xl/{number}.xml": b"" for number in range(unpacking.MAX_PARTS)}
    with pytest.raises(FileTooLarge, match="ไฟล์ย่อย"):
        unpacked_within_bounds(packed(PARTS | many), "x.xlsx")


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>',
        '<c r="A1"><v>1</v></c><c s="1" r="A99999"><v>1</v></c>',
        "<c r='GS1'><v>1</v></c>",
        '<c r="BM10000"><v>1</v></c>',
        '<x:c xmlns:x="a" r="A1048576"><v>1</v></x:c>',
        '<c t=\' r="A1"\' r="XFD1048576"><v>1</v></c>',
        '<c\n\tr = "XFD1048576"><v>1</v></c>',
    ],
)
def test_one_cell_far_out_does_not_make_the_parser_lay_out_everything_before_it(cells):
    with pytest.raises((FileTooLarge, NotASpreadsheet)):
        unpacked_within_bounds(with_cells(cells), "x.xlsx")


def test_cells_that_do_not_say_where_they_lie_are_refused_with_a_way_out():
    with pytest.raises(NotASpreadsheet, match="บันทึกใหม่"):
        unpacked_within_bounds(with_cells("<c><v>1</v></c>"), "x.xlsx")


def test_a_long_sheet_or_a_wide_one_is_welcome():
    unpacked_within_bounds(with_cells('<c r="BL60999"><v>1</v></c>'), "x.xlsx")
    unpacked_within_bounds(with_cells('<c r="GR9999"><v>1</v></c>'), "x.xlsx")


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_TAGS", 100)
    with pytest.raises(FileTooLarge, match="จำนวนช่อง"):
        unpacked_within_bounds(with_cells('<c r="A1"><v>1</v></c>' * 30), "x.xlsx")


def shared_by_many_cells(length, uses, cell='<c r="A1" t="s"><v>0</v></c>'):
    shared = f'<sst xmlns="a"><si><t>{"x" * length}</t></si><si><t>y</t></si></sst>'
    return with_cells(cell * uses, **{SHARED: shared.encode()})


@pytest.mark.parametrize(
    "cell",
    ['<c r="A1" t="s"><v>0</v></c>', "<c r='A1' t='s'><v>0</v></c>", '<c r="A1" t="s"><v><!-- -->0</v></c>'],
)
def test_one_long_text_that_many_cells_share_is_refused(cell):
    with pytest.raises(FileTooLarge, match="ข้อความรวม"):
        unpacked_within_bounds(shared_by_many_cells(1_000_000, 500, cell), "x.xlsx")


def test_one_long_text_among_many_short_ones_is_no_bomb():
    other = '<c r="A1" t="s"><v>1</v></c><c r="B1" s="2"><v>7</v></c>'
    unpacked_within_bounds(shared_by_many_cells(1_000_000, 500, other), "x.xlsx")


def test_a_sheet_in_another_encoding_cannot_slip_past_the_measuring():
    sheet = PARTS[SHEET].decode().encode("utf-16")
    with pytest.raises(NotASpreadsheet, match="ตัวอักษร"):
        unpacked_within_bounds(packed(PARTS | {SHEET: sheet}), "x.xlsx")


def test_other_documents_in_a_zip_are_no_workbook():
    with pytest.raises(NotASpreadsheet, match="ชนิดอื่น"):
        unpacked_within_bounds(packed({"word/document.xml": b"<x/>"}), "x.docx")


def test_two_parts_of_one_name_are_refused():
    """Two readers could each take another one: what was measured would not be what is parsed."""
    buffer = io.BytesIO(packed(PARTS))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<other/>")
    with pytest.raises(NotASpreadsheet, match="เสียหาย"):
        unpacked_within_bounds(buffer.getvalue(), "x.xlsx")


def test_a_locked_part_is_refused():
    data = bytearray(packed(PARTS))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1
    with pytest.raises(NotASpreadsheet, match="รหัสผ่าน"):
        unpacked_within_bounds(bytes(data), "x.xlsx")


def test_pictures_and_other_ballast_are_left_behind():
    data = unpacked_within_bounds(packed(PARTS | {"xl/media/image1.png": b"\x89PNG"}), "x.xlsx")
    assert set(parts_of(data)) == set(PARTS)
