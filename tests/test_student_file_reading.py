"""Lines of a student file → values and problems: every spelling that such files hold, and every mistake."""

import datetime as dt
from decimal import Decimal

import pytest

from appbuilder_app.codes import Blood, Disadvantage, Grade, Occupation, Relation, Religion, Scout, Sex, Title
from appbuilder_app.dataset.sheet import read_sheet
from appbuilder_app.models import School
from appbuilder_app.workflows.student_file.layout import known_labels, layout_of
from appbuilder_app.workflows.student_file.reading import read_rows
from tests.app_fixtures import SCHOOL, national_id
from tests.student_file_fixtures import NEWEST, line, text, xlsx

OURS = School(code=SCHOOL, name="บ้านหนองตัวอย่าง", moe_code="1016020123", obec_code="160123")
LOST_ZERO = "0100008900000"


def rows_of(data):
    sheet = read_sheet(data, "ทดสอบ.xlsx", known_labels())
    return read_rows(sheet, layout_of(sheet), OURS, as_text=not data.startswith(b"PK"))


def values(**changed):
    [row] = rows_of(xlsx(line(header=NEWEST, **changed), header=NEWEST))
    assert row.problems == []
    return row.values


def problem(**changed):
    [row] = rows_of(xlsx(line(header=NEWEST, **changed), header=NEWEST))
    [found] = row.problems
    return found


def test_a_line_of_the_national_file_is_read():
    found = values()
    assert found["national_id"] == national_id(900)
    assert (found["grade"], found["room"], found["sex"], found["title"]) == (Grade.P6, 1, Sex.MALE, Title.BOY)
    assert found["birth_date"] == dt.date(2014, 8, 1)
    assert (found["weight_kg"], found["height_cm"]) == (Decimal("33.0"), Decimal("141.0"))


@pytest.mark.parametrize("missing", ["-", "", None, " ", "–", "ไม่มี"])
def test_a_missing_cell_says_nothing(missing):
    found = values(น้ำหนัก=missing, กลุ่มเลือด=missing, ชื่อบิดา=missing, ความด้อยโอกาส=missing)
    assert not {"weight_kg", "blood", "father_first_name", "disadvantage"} & set(found)


@pytest.mark.parametrize(
    "written",
    ["10/06/2560", "10/6/2560", "๑๐/๐๖/๒๕๖๐", "10-06-2560", "10 มิ.ย. 2560", "10 มิถุนายน พ.ศ. 2560",
     "2017-06-10", "10/06/2017", dt.date(2017, 6, 10), dt.datetime(2017, 6, 10), dt.date(2560, 6, 10)],  # noqa: DTZ001 - a spreadsheet's cell has no zone
)  # fmt: skip
def test_birth_dates_are_read_as_text_as_real_dates_and_in_thai_digits(written):
    assert values(วันเกิด=written)["birth_date"] == dt.date(2017, 6, 10)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("เด็กชาย", Title.BOY),
        ("ด.ช.", Title.BOY),
        ("ดช", Title.BOY),
        ("นาย", Title.MR),
        ("สามเณร", Title.NOVICE),
    ],
)
def test_titles_are_read_long_and_short(written, title):
    assert values(คำนำหน้าชื่อ=written)["title"] is title


def test_codes_are_read_by_label_abbreviation_and_code():
    found = values(
        ชั้น="ชั้นประถมศึกษาปีที่ 6", เพศ="ชาย", กลุ่มเลือด="AB", ศาสนา="ศาสนาพุทธ", อาชีพของบิดา="ค้าขาย",
        ความเกี่ยวข้องของผู้ปกครองกับนักเรียน="ยาย", ความด้อยโอกาส="เด็กยากจน", ลูกเสือ="เนตรนารี",
    )  # fmt: skip
    assert (found["grade"], found["sex"], found["blood"]) == (Grade.P6, Sex.MALE, Blood.AB)
    assert (found["religion"], found["father_occupation"]) == (Religion.BUDDHIST, Occupation.TRADE)
    assert (found["guardian_relation"], found["disadvantage"]) == (Relation.MOTHERS_MOTHER, Disadvantage.POOR)
    assert found["scout"] is Scout.SCOUT


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("-", None),
        ("ไม่", False),
        ("ไม่ใช่", False),
        ("ใช่", True),
        ("ยังไม่สามารถจำหน่ายได้", True),
        ("เด็กหายไป", True),
    ],
)
def test_whatever_stands_in_the_column_3_1_8_is_a_yes_unless_it_is_a_no(written, meant):
    assert values(**{"ยังไม่สามารถจำหน่ายได้ (3.1.8)": written}).get("pending_discharge") is meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("ได้", True), ("ว่ายน้ำเป็น", True), ("ว่ายน้ำ", True), ("ว่ายน้ำไม่เป็น", False), ("ไม่ได้", False), ("-", None)],
)
def test_swimming_is_understood_with_and_without_the_word(written, meant):
    assert values(ว่ายน้ำ=written).get("swims") is meant


def test_an_identity_typed_as_a_number_gets_its_lost_zero_back():
    assert values(ID=int(LOST_ZERO))["national_id"] == LOST_ZERO


def test_an_identity_in_a_csv_gets_its_lost_zero_back():
    [row] = rows_of(text(line(ID=LOST_ZERO.lstrip("0"))))
    assert row.national_id == LOST_ZERO


def test_a_forgotten_digit_in_a_workbooks_text_is_not_taken_for_a_lost_zero():
    assert problem(ID=LOST_ZERO.lstrip("0")).field == "national_id"


@pytest.mark.parametrize("written", ["G651600000012", "g651600000012", "G-6516-00000012"])
def test_g_codes_are_read(written):
    assert values(ID=written)["national_id"] == "G651600000012"


def test_numbers_in_text_columns_stay_as_typed():
    found = values(บ้านเลขที่=53, หมู่=6, เลขประจำตัวนักเรียน=4001)
    assert (found["house_no"], found["village_no"], found["student_number"]) == ("53", "6", "4001")


def test_weights_are_kept_to_the_tenth_that_the_register_keeps():
    assert values(น้ำหนัก="๓๓.๒๕")["weight_kg"] == Decimal("33.3")
    assert values(น้ำหนัก=33.249)["weight_kg"] == Decimal("33.2")


def test_a_text_that_begins_with_an_equals_sign_is_a_name():
    assert values(ชื่อ="=1+1", นามสกุล="@SUM(A1)")["first_name"] == "=1+1"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp874", "tis-620", "utf-16"])
def test_csv_is_read_in_every_encoding_of_thailand(encoding):
    [row] = rows_of(text(line(), encoding=encoding))
    assert row.problems == []
    assert row.values["last_name"] == "ทดสอบ"


@pytest.mark.parametrize(
    ("label", "written", "column", "part"),
    [
        ("ID", "1234567890120", "C", "หลักตรวจสอบ"),
        ("ID", "ไม่ทราบ", "C", "13 หลัก"),
        ("ชั้น", "ป.7", "D", "ไม่รู้จัก"),
        ("ห้อง", "0", "E", "ไม่น้อยกว่า 1"),
        ("ห้อง", "ก", "E", "ไม่ใช่ตัวเลข"),
        ("เพศ", "x", "G", "ไม่รู้จัก"),
        ("วันเกิด", "31/02/2558", "K", "ไม่มีวันที่ 31"),
        ("วันเกิด", "01/08/57", "K", "4 หลัก"),
        ("วันเกิด", 41852, "K", "วันที่"),
        ("น้ำหนัก", "3300", "M", "ไม่เกิน 250 กก."),
        ("ส่วนสูง", "หนึ่งเมตร", "N", "ไม่ใช่ตัวเลข"),
        ("ชื่อบิดา", "ก" * 81, "AC", "ยาวเกินไป"),
        ("ความด้อยโอกาส", "รวย", "AI", "ไม่รู้จัก"),
    ],
)
def test_each_mistake_is_told_at_its_column_with_a_way_out(label, written, column, part):
    found = problem(**{label: written})
    assert found.column == column
    assert part in found.message
    assert found.value == str(written)[:60]


def test_a_house_number_that_became_a_date_is_not_stored_as_one():
    found = problem(บ้านเลขที่=dt.date(2026, 5, 3))
    assert found.field == "house_no"
    assert found.value == "03/05/2569"
    assert "เป็นวันที่ไปแล้ว" in found.message


def test_the_same_identity_twice_is_told_on_the_later_line():
    first, second, third = rows_of(xlsx(line(1), line(2), line(3, ID=national_id(1))))
    assert first.problems == second.problems == []
    assert "แถวที่ 3" in third.problems[0].message
    assert third.problems[0].column == "C"


def test_a_line_of_another_school_is_told_on_that_line():
    ours, theirs = rows_of(xlsx(line(1), line(2, รหัสโรงเรียน="16020999")))
    assert ours.problems == []
    assert "16020999" in theirs.problems[0].message


@pytest.mark.parametrize("name", [16020123, "๑๖๐๒๐๑๒๓", "1016020123", "160123", "บ้านหนองตัวอย่าง", "-", None])
def test_the_school_may_be_called_by_any_of_its_codes_or_its_name(name):
    [row] = rows_of(xlsx(line(รหัสโรงเรียน=name)))
    assert row.problems == []


def test_rows_carry_the_number_that_the_spreadsheet_program_shows():
    assert [row.number for row in rows_of(xlsx(line(1), [None] * 36, line(2)))] == [3, 5]
