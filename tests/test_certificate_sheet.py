"""The certificate: one A4 page that says what was frozen, found in its text, the same file each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader as Pypdf

from appbuilder_app.codes import Grade, Level
from appbuilder_app.thaidate import BANGKOK
from appbuilder_app.workflows.certificate_sheet import (
    Annulment,
    CertificateSheet,
    GradeRow,
    Signature,
    certificate_html,
    spacings,
    typeset_certificate,
)
from tests.print_fixtures import PdfReader, VisibleText

LONG_NAME = (
    "โรงเรียนไทยรัฐวิทยา ๑๒๓ เฉลิมพระเกียรติพระบาทสมเด็จพระเจ้าอยู่หัวในโอกาสมหามงคลเฉลิมพระชนมพรรษา "
    "(สาขาบ้านหนองปลาดุกน้ำเชี่ยว)"
)


def rows(*grades: Grade) -> tuple[GradeRow, ...]:
    """Some students in each grade, in figures that tell the grades apart."""
    return tuple(
        GradeRow(
            grade.value, grade.th, 11 + 3 * grade.position, 9 + 4 * grade.position, 1 + grade.position % 3
        )
        for grade in grades
    )


@pytest.fixture
def primary_school() -> CertificateSheet:
    """A small school from อ.2 to ป.6."""
    return CertificateSheet(
        number="16020123-2569-1-0001",
        version=2,
        issued_at=datetime(2026, 6, 10, 15, 42, tzinfo=BANGKOK),
        school_name="โรงเรียนวัดเขาน้อย",
        school_code="16020123",
        school_code_10="1016190123",
        area_name="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาลพบุรี เขต 2",
        academic_year=2569,
        round_number=1,
        round_name="ภาคเรียนที่ 1",
        snapshot_date=date(2026, 6, 10),
        grades=rows(Grade.K2, Grade.K3, *Level.PRIMARY.grades),
        disadvantaged=1123,
        disabled=7,
        boarding=12,
        g_code=3,
        pending_discharge=5,
        confirmed=Signature(
            "นางสาวพิมพ์ชนก ศรีสว่างวงศ์", "ครูชำนาญการ", datetime(2026, 6, 10, 9, 5, tzinfo=BANGKOK)
        ),
        certified=Signature(
            "นายกิตติภูมิ รุ่งเรืองทรัพย์", "ผู้อำนวยการโรงเรียน", datetime(2026, 6, 10, 8, 42, tzinfo=UTC)
        ),
        roster_hash="3f2a90b177c40e5d" * 4,
        verify_url="https://register.example/verify/ABCDEFGHJKMNPQRS",
    )


@pytest.fixture
def every_grade(primary_school: CertificateSheet) -> CertificateSheet:
    """All 18 grades, which hardly any school has."""
    return replace(primary_school, grades=rows(*Grade))


@pytest.fixture
def annulled(every_grade: CertificateSheet) -> CertificateSheet:
    """Returned by the district after it was certified."""
    since = datetime(2026, 6, 11, 10, 5, tzinfo=BANGKOK)
    return replace(every_grade, annulled=Annulment("เขตพื้นที่ส่งคืนให้แก้ไขน้ำหนักและส่วนสูง", since))


@pytest.fixture
def acknowledged(primary_school: CertificateSheet) -> CertificateSheet:
    """Accepted by the district."""
    at = datetime(2026, 6, 11, 9, 0, tzinfo=BANGKOK)
    return replace(primary_school, acknowledged=Signature("นายธนวัฒน์ แก้วประเสริฐ", "นักวิชาการคอมพิวเตอร์", at))


@pytest.fixture(params=["primary_school", "every_grade", "annulled", "acknowledged", "wordy", "empty"])
def any_sheet(request: pytest.FixtureRequest) -> CertificateSheet:
    """Each kind of sheet in turn."""
    if request.param == "wordy":
        sheet: CertificateSheet = request.getfixturevalue("annulled")
        long = replace(sheet.confirmed, position="ครู วิทยฐานะครูชำนาญการพิเศษ ปฏิบัติหน้าที่เจ้าหน้าที่ข้อมูลโรงเรียน")
        return replace(sheet, school_name=LONG_NAME, confirmed=long, certified=long)
    name = "primary_school" if request.param == "empty" else request.param
    found: CertificateSheet = request.getfixturevalue(name)
    return replace(found, grades=()) if request.param == "empty" else found


def test_it_is_one_a4_page(any_sheet: CertificateSheet, run_poppler: PdfReader) -> None:
    info = run_poppler("pdfinfo", typeset_certificate(any_sheet))

    assert "Pages:           1\n" in info
    assert "(A4)" in info


def test_every_text_of_it_is_found(any_sheet: CertificateSheet, run_poppler: PdfReader) -> None:
    pdf = typeset_certificate(any_sheet)
    found = "".join(run_poppler("pdftotext", pdf, "-raw").split())
    page = VisibleText()
    page.feed(certificate_html(any_sheet, "dense"))

    assert len(page.texts) > 40
    assert [text for text in page.texts if text not in found] == []


def test_printed_again_it_is_the_same_file(any_sheet: CertificateSheet) -> None:
    again = CertificateSheet.from_json(any_sheet.to_json())

    assert again == any_sheet
    assert again.to_json() == any_sheet.to_json()
    assert typeset_certificate(again) == typeset_certificate(any_sheet)


def test_it_is_small_and_holds_only_the_used_glyphs_of_our_fonts(
    any_sheet: CertificateSheet, run_poppler: PdfReader
) -> None:
    pdf = typeset_certificate(any_sheet)
    fonts = run_poppler("pdffonts", pdf).splitlines()[2:]

    assert len(pdf) < 60_000
    assert sorted(font.split()[0].split("+")[1] for font in fonts) == [
        "Thabian-Sarabun",
        "Thabian-Sarabun-Bold",
    ]


def test_table_counts_grades_levels_and_school(every_grade: CertificateSheet, run_poppler: PdfReader) -> None:
    lines = run_poppler("pdftotext", typeset_certificate(every_grade), "-layout").splitlines()
    table = {" ".join(line.split()) for line in lines}

    assert "ประถมศึกษาปีที่ 1 20 21 41 1" in table
    assert "รวมระดับก่อนประถมศึกษา 42 39 81 6" in table
    assert "รวมระดับประกาศนียบัตรวิชาชีพ 177 219 396 6" in table
    assert "รวมทั้งสิ้น 657 774 1,431 36" in table
    assert "1,123 7 12 3 5" in table


def test_dates_are_in_thai_digits_and_on_a_thai_clock(
    primary_school: CertificateSheet, run_poppler: PdfReader
) -> None:
    text = " ".join(run_poppler("pdftotext", typeset_certificate(primary_school)).split())

    assert "ข้อมูล ณ วันที่ ๑๐ มิถุนายน ๒๕๖๙" in text
    assert "ยืนยันเมื่อ ๑๐ มิถุนายน ๒๕๖๙ เวลา ๐๙.๐๕ น." in text
    assert "รับรองเมื่อ ๑๐ มิถุนายน ๒๕๖๙ เวลา ๑๕.๔๒ น." in text


def test_it_states_presence_and_the_consequence_of_false_figures(
    primary_school: CertificateSheet, run_poppler: PdfReader
) -> None:
    """R1 and R8."""
    text = "".join(run_poppler("pdftotext", typeset_certificate(primary_school)).split())

    assert "มีตัวตนอยู่จริงในโรงเรียนณวันที่ยืนยันและรับรองข้อมูล" in text
    assert "ให้ข้อมูลเป็นเท็จถือเป็นความผิดวินัยอย่างร้ายแรง" in text


def test_it_carries_number_version_and_hash(primary_school: CertificateSheet, run_poppler: PdfReader) -> None:
    text = run_poppler("pdftotext", typeset_certificate(primary_school))

    assert "16020123-2569-1-0001" in text
    assert "ฉบับที่ 2" in text
    assert "3F2A-90B1-77C4-0E5D" in text
    assert primary_school.roster_hash in text


def test_an_annulled_one_says_so_and_leaves_no_room_to_acknowledge(
    annulled: CertificateSheet, run_poppler: PdfReader
) -> None:
    text = "".join(run_poppler("pdftotext", typeset_certificate(annulled)).split())

    assert "ยกเลิกแล้วใช้ไม่ได้ตั้งแต่๑๑มิถุนายน๒๕๖๙เวลา๑๐.๐๕น." in text
    assert "เขตพื้นที่ส่งคืนให้แก้ไขน้ำหนักและส่วนสูง" in text
    assert "การรับทราบ" not in text


def test_a_valid_one_does_not_speak_of_annulment(
    primary_school: CertificateSheet, run_poppler: PdfReader
) -> None:
    assert "ยกเลิก" not in run_poppler("pdftotext", typeset_certificate(primary_school))


def test_the_ten_digit_code_is_left_out_when_unknown(
    primary_school: CertificateSheet, run_poppler: PdfReader
) -> None:
    pdf = typeset_certificate(replace(primary_school, school_code_10=None))

    assert "๑๐ หลัก" not in run_poppler("pdftotext", pdf)


def test_a_name_that_looks_like_html_stays_a_name(
    primary_school: CertificateSheet, run_poppler: PdfReader
) -> None:
    pdf = typeset_certificate(replace(primary_school, school_name="<b>บ้าน</b> & <img src=x>"))

    assert "<b>บ้าน</b> & <img src=x>" in run_poppler("pdftotext", pdf)


def test_all_grades_with_a_long_name_are_set_tighter(every_grade: CertificateSheet) -> None:
    assert spacings(every_grade) == ("dense", "tight")


def test_a_name_without_end_takes_a_second_page_and_is_not_refused(
    every_grade: CertificateSheet, run_poppler: PdfReader
) -> None:
    pdf = typeset_certificate(replace(every_grade, school_name=LONG_NAME * 15))

    assert "Pages:           2\n" in run_poppler("pdfinfo", pdf)


def test_the_file_is_dated_by_the_sheet_not_by_the_clock(
    primary_school: CertificateSheet,
) -> None:
    a_year_ago = replace(primary_school, issued_at=primary_school.issued_at - timedelta(days=365))

    metadata = Pypdf(BytesIO(typeset_certificate(a_year_ago))).metadata

    assert metadata is not None
    assert metadata.creation_date == metadata.modification_date == a_year_ago.issued_at


def test_grades_are_put_in_their_order(primary_school: CertificateSheet) -> None:
    shuffled = replace(primary_school, grades=primary_school.grades[::-1])

    assert shuffled == primary_school


@pytest.mark.parametrize(
    "wrong",
    [
        {"disabled": -1},
        {"grades": rows(Grade.P1, Grade.P1)},
        {"grades": (GradeRow("04", "ป.1", 1, -1, 1),)},
        {"roster_hash": "ABC"},
        {"roster_hash": "G" * 64},
    ],
)
def test_impossible_content_is_refused(primary_school: CertificateSheet, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(primary_school, **wrong)
