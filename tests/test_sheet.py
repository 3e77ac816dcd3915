"""Uploaded tables: every odd shape such files have, and every file that is not one."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app.dataset import sheet as sheets
from appbuilder_app.dataset.sheet import Cell, Sheet, read_sheet
from appbuilder_app.errors import (
    CellTooLong,
    EmptyFile,
    FileTooLarge,
    NoHeaderRow,
    NotASpreadsheet,
    RuleViolation,
)

LABELS = ["ชื่อ", "นามสกุล", "วันเกิด", "น้ำหนัก"]
ROW: list[Cell] = ["ปุณณวิช", "ใจดี", "10/06/2560", 21.7]


def xlsx(*rows, change=None):
    """A workbook of these rows, written by another library than the one that reads."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    if change:
        change(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def text(*rows, delimiter=",", encoding="utf-8"):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding)


def read(data, labels=LABELS):
    return read_sheet(data, "ทดสอบ.xlsx", labels)


# --- where the table lies ---


def test_a_header_in_the_first_row_needs_no_title():
    assert read(xlsx(LABELS, ROW)) == Sheet(1, LABELS, [(2, ROW)], None)


def test_a_merged_title_row_above_the_header_is_told_from_it():
    title = "วันและเวลาที่สร้างรายงาน 10/06/2568 02:00:13"
    data = xlsx([title], LABELS, ROW, change=lambda workbook: workbook.active.merge_cells("A1:D1"))
    assert read(data) == Sheet(2, LABELS, [(3, ROW)], title)


def test_rows_keep_the_number_a_person_sees_whatever_is_empty_above():
    def push_down(workbook):
        workbook.active.insert_rows(1, 3)
        workbook.active.insert_cols(1)

    found = read(xlsx(LABELS, ROW, [], ROW, change=push_down))
    assert (found.header_row, [number for number, _ in found.rows]) == (4, [5, 7])
    assert read(text([], [], LABELS, [], ROW)).rows[0][0] == 5


@pytest.mark.parametrize("above", range(10))
def test_the_header_is_found_among_the_first_ten_rows(above):
    found = read(xlsx(*[["ชื่อ", "รายงาน"]] * above, LABELS, ROW))
    assert found.header_row == above + 1


def test_a_header_further_down_is_not_looked_for():
    with pytest.raises(NoHeaderRow, match=r"10 แถวแรก.*ชื่อ, นามสกุล"):
        read(xlsx(*[["ชื่อ", "รายงาน"]] * 10, LABELS, ROW))


def test_columns_may_be_in_another_order_with_unknown_ones_between():
    found = read(xlsx(["x", *reversed(LABELS)], [1, *reversed(ROW)]))
    assert found.headers == ["x", *reversed(LABELS)]
    assert found.rows == [(2, [1, *reversed(ROW)])]


def test_labels_are_known_however_they_are_spaced_and_typed():
    headers = [" ชื่อ ", "นาม สกุล", "วันเกิด\u200b", "น\u0e4d\u0e49าหนัก"]
    assert read(xlsx(headers, ROW)).headers == ["ชื่อ", "นาม สกุล", "วันเกิด", "น้ำหนัก"]


def test_a_column_without_header_keeps_the_others_in_place():
    found = read(xlsx(["ชื่อ", None, "นามสกุล", "วันเกิด", None], ["ก", "?", "ข", "ค", "เกิน"]))
    assert found.headers == ["ชื่อ", "", "นามสกุล", "วันเกิด"]
    assert found.rows == [(2, ["ก", "?", "ข", "ค"])]


def test_a_row_with_something_only_beside_the_table_is_no_row():
    assert [number for number, _ in read(xlsx(LABELS, ["", "", "", "", "หมายเหตุ"], ROW)).rows] == [3]


def test_a_short_row_is_filled_with_nothing():
    assert read(xlsx(LABELS, ["ก"])).rows == [(2, ["ก", None, None, None])]


def test_the_first_visible_sheet_with_the_header_is_read():
    def add_sheets(workbook):
        hidden = workbook.create_sheet("ซ่อน", 0)
        hidden.sheet_state = "hidden"
        hidden.append(LABELS)
        hidden.append(["ซ่อน"])
        workbook.create_sheet("ปก", 1).append(["คำอธิบาย"])
        workbook.create_sheet("ว่าง", 2)
        workbook.create_chartsheet("กราฟ", 3)

    assert read(xlsx(LABELS, ROW, change=add_sheets)).rows == [(2, ROW)]


def test_two_known_labels_are_no_header_when_more_are_known():
    with pytest.raises(NoHeaderRow):
        read(xlsx(LABELS[:2], ROW[:2]))
    assert read(xlsx(LABELS[:2], ROW[:2]), labels=LABELS[:2]).rows == [(2, ROW[:2])]


# --- what cells hold ---


def test_workbook_cells_keep_their_types():
    row = ["ก", 3763170669077, dt.date(2560, 6, 10), dt.datetime(2017, 6, 10, 2, 0, 13)]  # noqa: DTZ001 - a cell has no zone
    assert read(xlsx(LABELS, row)).rows == [(2, row)]
    assert type(read(xlsx(LABELS, row)).rows[0][1][1]) is int


def test_a_date_in_a_thai_format_is_a_date():
    def thai_format(workbook):
        workbook.active["C2"].number_format = "[$-107041E]d mmm yyyy;@"

    row = ["ก", "ข", dt.date(2017, 6, 10), True]
    assert read(xlsx(LABELS, row, change=thai_format)).rows == [(2, row)]


def test_a_formula_is_its_last_result_and_never_reckoned():
    assert read(xlsx(LABELS, ["ก", "=1+1", '=HYPERLINK("http://a.example")', 1])).rows == [
        (2, ["ก", None, None, 1])
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+66 1234", "@home", "-1", "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_is_text(cell):
    assert read(text(LABELS, [cell, "ข", "ค", "1"])).rows[0][1][0] == cell

    def as_text(workbook):
        workbook.active["A2"].data_type = "s"

    assert read(xlsx(LABELS, [cell, "ข"], change=as_text)).rows[0][1][0] == cell


def test_spaces_and_line_breaks_inside_a_cell_are_left_alone():
    row = [" ก ", "ข\nค", "\tง", "จ"]
    assert read(xlsx(LABELS, row)).rows == [(2, row)]
    assert read(text(LABELS, row)).rows == [(2, row)]


# --- CSV ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "tis-620", "cp874", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(encoding, delimiter):
    row: list[Cell] = ["น้ำฝน", "ณ ลำปาง; ก,ข", "๑๐/๐๖/๒๕๖๐", "21.7"]
    found = read(text(["รายงาน"], LABELS, row, delimiter=delimiter, encoding=encoding))
    assert found == Sheet(2, LABELS, [(3, row)], "รายงาน")


def test_csv_may_come_from_an_old_machine_or_have_breaks_inside_quotes():
    data = text(LABELS, ["ก\r\nข", '"ค"', "", "1"], ROW).replace(b"\r\n", b"\n")
    assert [number for number, _ in read(data).rows] == [2, 3]
    assert read(data).rows[0][1] == ["ก\nข", '"ค"', None, "1"]


def test_an_unclosed_quote_is_refused_not_swallowed():
    with pytest.raises(RuleViolation):
        read(text(LABELS) + b'"' + b"a,b,c,d\r\n" * 50_000)


# --- what is no such file ---


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "รูปภาพ"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "รูปภาพ"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), r"\.xls รุ่นเก่า.*รหัสผ่าน"),
        (b"Rar!\x1a\x07\x00", "บีบอัด"),
        (b"PK\x05\x06" + bytes(18), "บีบอัด"),
        (b"PK\x03\x04" + bytes(100), "เสียหาย"),
        (b"\x00\x01\x02\x03", "ไม่ใช่ไฟล์ข้อความ"),
        (bytes(range(1, 256)), "ไม่ใช่ไฟล์ข้อความ"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "หน้าเว็บ"),
        ("\ufeff  <!DOCTYPE html>".encode(), "หน้าเว็บ"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data, reason):
    with pytest.raises(NotASpreadsheet, match=reason) as refusal:
        read_sheet(data, "รายชื่อ.xlsx", LABELS)
    assert "รายชื่อ.xlsx" in str(refusal.value)
    assert refusal.value.status == 422


@pytest.mark.parametrize(
    "data",
    [b"", b"  \r\n ", xlsx(), xlsx(LABELS), text(LABELS), xlsx(["รายงาน"], LABELS, [], [None, ""])],
    ids=["nothing", "blank", "empty workbook", "header alone", "header alone in csv", "empty rows"],
)
def test_a_file_without_rows_is_refused_as_empty(data):
    with pytest.raises(EmptyFile):
        read(data)


def test_a_truncated_workbook_is_refused_as_damaged():
    data = xlsx(LABELS, ROW)
    for end in range(10, len(data), 97):
        with pytest.raises(NotASpreadsheet):
            read(data[:end])


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_refusal(data):
    try:
        assert read(data).rows
    except RuleViolation:
        return


WORKBOOK = xlsx(LABELS, ROW, ROW)


@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_workbook_with_broken_bytes_is_a_table_or_a_refusal(changes):
    data = bytearray(WORKBOOK)
    for place, byte in changes:
        data[place] = byte
    try:
        assert read(bytes(data)).rows
    except RuleViolation:
        return


# --- bounds ---


def test_a_cell_with_a_whole_essay_is_refused_at_its_row_and_column():
    for data in (xlsx(LABELS, ["ก", "ข" * 2001]), text(LABELS, ["ก", "ข" * 2001])):
        with pytest.raises(CellTooLong, match="แถวที่ 2 คอลัมน์ “นามสกุล”"):
            read(data)
    assert len(read(xlsx(LABELS, ["ข" * 2000])).rows[0][1][0]) == 2000


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    for make in (xlsx, text):
        assert len(read(make(LABELS, *[ROW] * 3)).rows) == 3
        with pytest.raises(FileTooLarge, match="แถว"):
            read(make(LABELS, *[ROW] * 4))


def test_too_many_columns_are_refused():
    for make in (xlsx, text):
        read(make(LABELS + [""] * 195 + ["x"], ROW))
        with pytest.raises(FileTooLarge, match="200 คอลัมน์"):
            read(make(LABELS + [""] * 196 + ["x"], ROW))


def test_too_many_bytes_are_refused_unread(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_FILE_BYTES", 100)
    with pytest.raises(FileTooLarge) as refusal:
        read(bytes(101) + b"x")
    assert refusal.value.status == 413
