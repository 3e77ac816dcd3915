"""Which column holds what: the national export's labels in every order, and its wrong one."""

import pytest

from appbuilder_app.dataset.sheet import read_sheet
from appbuilder_app.declaration import fields_of
from appbuilder_app.demo.national_file import HEADER
from appbuilder_app.errors import NoHeaderRow, NotAStudentFile
from appbuilder_app.models import Student
from appbuilder_app.workflows.student_file.layout import LABELS, known_labels, layout_of, letter
from tests.student_file_fixtures import NATIONAL_ID, NEWEST, SPECIMEN, line, text, turned, xlsx


def layout(data):
    return layout_of(read_sheet(data, "ทดสอบ.xlsx", known_labels()))


def columns(data):
    return {place.field: place.letter for place in layout(data).places}


def test_every_field_has_its_column_in_a_file_of_39_columns():
    found = columns(xlsx(line(header=NEWEST), header=NEWEST))
    assert set(found) == set(LABELS)
    assert found["national_id"] == "C"
    assert found["student_number"] == "F"
    assert found["swims"] == "AM"


def test_the_specimen_is_understood_to_its_last_column():
    found = layout(SPECIMEN.read_bytes())
    assert found.ignored == ()
    assert found.school.letter == "A"
    assert {place.field for place in found.places} == set(LABELS) - {"scout", "red_cross_youth", "swims"}


def test_a_title_row_makes_no_difference():
    assert layout(xlsx(line(), title=None)) == layout(xlsx(line()))


def test_the_wrongly_labelled_identity_column_is_found_in_any_order():
    order = list(reversed(range(len(HEADER))))
    header, row = turned([HEADER, line()], order)
    found = columns(xlsx(row, header=header))
    assert found["national_id"] == letter(len(HEADER) - 1 - NATIONAL_ID)
    assert found["student_number"] == letter(len(HEADER) - 1 - HEADER.index("เลขประจำตัวนักเรียน", 3))


def test_a_rightly_labelled_identity_column_is_believed():
    header = list(HEADER)
    header[NATIONAL_ID] = "เลขประจำตัวประชาชน"
    assert columns(xlsx(line(), header=header))["national_id"] == "C"


def test_swapped_labels_are_put_right_by_what_the_cells_hold():
    header = list(HEADER)
    header[NATIONAL_ID], header[5] = "เลขประจำตัวนักเรียน", "เลขประจำตัวประชาชน"
    found = columns(xlsx(line(), header=header))
    assert (found["national_id"], found["student_number"]) == ("C", "F")


def test_without_content_the_order_of_the_national_file_decides():
    found = columns(xlsx(line(ID="-", เลขประจำตัวนักเรียน="-")))
    assert (found["national_id"], found["student_number"]) == ("C", "F")


def test_a_school_that_uses_the_identity_as_student_number_too_keeps_both_columns():
    row = line()
    row[5] = row[NATIONAL_ID]
    found = columns(xlsx(row))
    assert (found["national_id"], found["student_number"]) == ("C", "F")


def test_an_empty_second_identity_column_does_not_push_the_student_number_out():
    header = ["เลขประจำตัวประชาชน", *HEADER]
    header[1 + NATIONAL_ID] = "เลขประจำตัวประชาชน"
    found = layout(xlsx(["", *line()], header=header))
    assert (found.at("national_id").letter, found.at("student_number").letter) == ("D", "G")
    assert found.ignored == ("A “เลขประจำตัวประชาชน”",)


@pytest.mark.parametrize(
    "number", ["1234567890121", "G651600000012", 123456789012, "๑๒๓๔๕๖๗๘๙๐๑๒๑", "1-2345-67890-12-1"]
)
def test_identities_are_recognised_however_they_are_written(number):
    assert columns(xlsx(line(ID=number)))["national_id"] == "C"


def test_labels_with_notes_spaces_and_other_spellings_are_understood():
    header = list(HEADER)
    for old, new in {"เพศ": "เพศ(ช/ญ)", "วันเกิด": "วันเกิด (วว/ดด/พ.ศ.)", "น้ำหนัก": "น้ำหนัก (กก.)",
                     "ชื่อ": " ชื่อ * ", "หมู่": "หมู่ที่", "นามสกุล": "นาม สกุล"}.items():  # fmt: skip
        header[header.index(old)] = new
    assert columns(xlsx(line(), header=header)) == columns(xlsx(line()))


def test_unknown_columns_are_ignored_and_named():
    found = layout(xlsx([*line(), "x", "y"], header=[*HEADER, "หมายเหตุ", "ชื่อ"]))
    assert found.ignored == ("AK “หมายเหตุ”", "AL “ชื่อ”")


def test_derived_columns_are_passed_over_in_silence():
    assert layout(xlsx([1, *line()], header=["ลำดับที่", *HEADER])).ignored == ()


def test_our_own_labels_are_understood_in_both_languages():
    declared = list(fields_of(Student).values())
    for header in ([field.th for field in declared], [field.en for field in declared]):
        found = {
            place.field for place in layout(text([""] * (len(header) - 1) + ["x"], header=header)).places
        }
        by_verbs_alone = {"status"}
        assert found == set(fields_of(Student)) - {"school_code"} - by_verbs_alone


def test_a_table_without_what_every_pupil_needs_names_the_missing_columns():
    header, row = turned([HEADER, line()], [at for at in range(36) if HEADER[at] not in {"วันเกิด", "เพศ"}])
    with pytest.raises(NotAStudentFile, match="“เพศ”, “วันเกิด”"):
        layout(xlsx(row, header=header))


def test_one_number_column_alone_is_not_taken_for_both():
    header, row = turned([HEADER, line()], [at for at in range(36) if at != NATIONAL_ID])
    with pytest.raises(NotAStudentFile, match="“เลขประจำตัวประชาชน” "):
        layout(xlsx(row, header=header))
    header, row = turned([HEADER, line()], [at for at in range(36) if at != 5])
    with pytest.raises(NotAStudentFile, match="“เลขประจำตัวนักเรียน” "):
        layout(xlsx(row, header=header))


def test_another_table_is_no_student_file():
    with pytest.raises(NoHeaderRow):
        layout(xlsx(["1", "โต๊ะ", "3"], header=["ลำดับ", "รายการ", "จำนวน"], title=None))


def test_a_table_that_does_not_begin_in_the_first_column_keeps_the_letters_that_people_see():
    found = layout(xlsx([None, None, *line()], header=[None, None, *HEADER], title=None))
    assert (found.school.letter, found.at("national_id").letter) == ("C", "E")


def test_letters_are_those_of_the_spreadsheet_program():
    assert [letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
