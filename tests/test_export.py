"""Exported files: nothing in them can run, and reading them back changes nothing."""

import csv
import datetime as dt
import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app.dataset.export import write_csv, write_xlsx
from appbuilder_app.dataset.sheet import MAX_CELL_CHARS, read_sheet

HEADERS = ["รหัส", "ชื่อ", "หมายเหตุ"]
DANGEROUS = ["=1+1", "+66 2 123", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "=cmd|' /C calc'!A0"]

readable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=50)
cells = readable | st.sampled_from(DANGEROUS) | st.builds("{}{}".format, st.text("'", max_size=3), readable)
tables = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8)


def xlsx_of(rows):
    with write_xlsx(HEADERS, rows) as file:
        return file.read()


def csv_of(rows):
    return b"".join(write_csv(HEADERS, rows))


def read_back(data):
    return [tuple(row) for _, row in read_sheet(data, "ส่งออก", HEADERS).rows]


@given(tables)
def test_a_workbook_reads_back_as_it_was(rows):
    assert read_back(xlsx_of(rows)) == rows


@given(tables)
def test_csv_reads_back_as_it_was(rows):
    assert read_back(csv_of(rows)) == rows


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_or_a_link_in_a_workbook(text):
    data = xlsx_of([(text, "http://a.example/", "0012"), ("mailto:a@example", f" {text}", text * 2)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[\s>/]|hyperlink", sheet)
    assert not any("rels" in name and "worksheets" in name for name in names)
    assert set(re.findall(r'<c [^>]*t="(\w+)"', sheet)) == {"inlineStr"}


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_csv_begins_like_a_formula(text):
    rows = list(
        csv.reader(io.StringIO(csv_of([(text, f"'{text}", f"''{text}")]).decode("utf-8-sig"), newline=""))
    )
    assert rows[1] == [f"'{text}", f"''{text}", f"'''{text}"]


def test_a_header_cannot_be_a_formula_either():
    data = b"".join(write_csv(["=1+1"], []))
    assert data.decode("utf-8-sig").startswith("'=1+1")


def test_a_single_dash_says_missing_and_stays_as_it_is():
    rows = [("-", "'-", "''-")]
    assert "-,'-,''-" in csv_of(rows).decode()
    assert read_back(csv_of(rows)) == rows


def test_numbers_dates_and_nothing_keep_their_types_in_a_workbook():
    row = (7, 21.5, dt.date(2017, 6, 10))
    assert read_back(xlsx_of([row, (True, None, -3)])) == [row, (True, None, -3)]


def test_negative_numbers_are_numbers_in_csv_not_texts():
    assert b"\r\n-3,-2.5,\r\n" in csv_of([(-3, -2.5, None)])


def test_csv_starts_with_the_mark_by_which_excel_knows_utf_8():
    assert csv_of([]).startswith(b"\xef\xbb\xbf")


def test_csv_comes_in_pieces():
    pieces = list(write_csv(HEADERS, (("ก" * 100, "ข", number) for number in range(2000))))
    assert len(pieces) > 3
    assert len(read_back(b"".join(pieces))) == 2000


def test_rows_are_taken_one_at_a_time():
    taken = []

    def rows():
        for number in range(5):
            taken.append(number)
            yield (number, "ก", "ข")

    pieces = write_csv(HEADERS, rows())
    assert taken == []
    next(pieces)
    assert len(taken) == 5
    assert len(read_back(xlsx_of(rows()))) == 5


def test_a_text_longer_than_a_cell_can_be_does_not_damage_the_workbook():
    with zipfile.ZipFile(io.BytesIO(xlsx_of([("ก" * 40_000, "", "")]))) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").decode().count("ก") == 32_767
    assert MAX_CELL_CHARS < 32_767


def test_broken_text_does_not_stop_an_export():
    assert b"?" in csv_of([("\ud800", "ก", "ข")])


def test_nothing_to_export_is_a_header_alone():
    assert csv_of([]).decode("utf-8-sig") == "รหัส,ชื่อ,หมายเหตุ\r\n"
    assert xlsx_of([]).startswith(b"PK")
