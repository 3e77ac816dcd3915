"""Thai dates: every way a date is typed or stored, the calendar of the Common Era, terms and ages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app import thaidate
from appbuilder_app.errors import NotADate, RuleViolation
from appbuilder_app.thaidate import parse_thai_date

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(days)
def test_every_way_of_writing_a_day_reads_back_as_that_day(day):
    be = day.year + 543
    spellings = [
        thaidate.slash_date(day),
        f"{day.day}-{day.month}-{be}",
        f"{day.day}.{day.month}.{be}",
        f" {day.day:02}/{day.month:02}/{day.year} ",
        thaidate.thai_date(day),
        thaidate.thai_date_short(day),
        thaidate.thai_date_short(day).replace(".", ""),
        f"วันที่ {day.day} เดือน {thaidate.MONTHS[day.month - 1]} พ.ศ. {be}",
        day.isoformat(),
        f"{be}-{day.month:02}-{day.day:02}",
        f"{thaidate.slash_date(day)} 02:00:13",
    ]
    for text in spellings:
        assert parse_thai_date(text) == day, text
        assert parse_thai_date(thaidate.thai_digits(text)) == day, text


@given(days)
def test_real_dates_of_a_spreadsheet_are_read_in_either_era(day):
    assert parse_thai_date(day) == day
    assert parse_thai_date(datetime(day.year, day.month, day.day, 13, 5)) == day  # noqa: DTZ001 - a cell has no zone
    if not (day.month == 2 and day.day == 29):
        assert parse_thai_date(day.replace(year=day.year + 543)) == day


def test_the_29th_of_february_follows_the_common_era_calendar():
    assert parse_thai_date("29/02/2567") == date(2024, 2, 29)
    with pytest.raises(NotADate, match=r"พ\.ศ\. 2564 ไม่มีวันที่ 29"):
        parse_thai_date("29/02/2564")
    with pytest.raises(NotADate):  # a spreadsheet takes 2564 for a leap year of its own era
        parse_thai_date(date(2564, 2, 29))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/04/2569", "ไม่มีวันที่ 31"),
        ("00/06/2569", "ไม่มีวันที่ 0"),
        ("06/25/2569", "ไม่มีเดือนที่ 25"),
        ("10/06/69", "2 หลัก"),
        ("10 มิ.ย. 69", "2 หลัก"),
        ("10/06/02569", "4 หลัก"),
        ("10/06/2350", "ปี 2350"),
        ("10/06/1234", "ปี 1234"),
        ("10 มิด. 2569", "ไม่รู้จักเดือน “มิด.”"),
        ("10/06-2569", "ไม่ใช่วันที่"),
        ("เมื่อวาน", "ไม่ใช่วันที่"),
        ("", "ไม่ใช่วันที่"),
        (45000, "ไม่ใช่วันที่"),
        (None, "ไม่ใช่วันที่"),
    ],
)
def test_an_impossible_or_ambiguous_date_is_refused_with_its_reason(text, reason):
    with pytest.raises(NotADate, match=reason) as refusal:
        parse_thai_date(text)
    assert isinstance(refusal.value, RuleViolation)
    assert "10/06/2569" in str(refusal.value)


def test_a_refusal_does_not_repeat_a_whole_paragraph():
    with pytest.raises(NotADate) as refusal:
        parse_thai_date("ก" * 2000)
    assert len(str(refusal.value)) < 200


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_a_refusal(text):
    try:
        day = parse_thai_date(text)
    except NotADate:
        return
    assert day.year in range(1800, 2258)


def test_a_moment_is_told_on_a_thai_clock():
    utc = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
    assert thaidate.thai_datetime(utc) == "10 มิถุนายน 2569 เวลา 16.30 น."
    assert thaidate.thai_datetime(utc.replace(tzinfo=None)) == "10 มิถุนายน 2569 เวลา 16.30 น."
    assert thaidate.thai_datetime(utc + timedelta(hours=8)) == "11 มิถุนายน 2569 เวลา 00.30 น."


def test_a_day_begins_at_thai_midnight():
    assert thaidate.start_of_day(date(2026, 6, 10)).astimezone(UTC).hour == 17


def test_months_have_their_names():
    assert thaidate.thai_date(date(2026, 6, 10)) == "10 มิถุนายน 2569"
    assert thaidate.thai_date_short(date(2026, 6, 10)) == "10 มิ.ย. 2569"
    assert thaidate.slash_date(date(2026, 6, 1)) == "01/06/2569"


def test_the_academic_year_starts_on_16_may():
    assert thaidate.academic_year(date(2026, 5, 15)) == 2568
    assert thaidate.academic_year(date(2026, 5, 16)) == 2569


def test_the_fiscal_year_starts_on_1_october():
    assert thaidate.fiscal_year(date(2026, 9, 30)) == 2569
    assert thaidate.fiscal_year(date(2026, 10, 1)) == 2570


def test_ages_are_completed_years_and_months():
    assert thaidate.age_on(date(2020, 5, 16), date(2026, 5, 15)) == (5, 11)
    assert thaidate.age_on(date(2020, 5, 16), date(2026, 5, 16)) == (6, 0)
    assert thaidate.age_on(date(2020, 2, 29), date(2026, 2, 28)) == (5, 11)
    assert thaidate.age_on(date(2020, 2, 29), date(2026, 3, 1)) == (6, 0)


@given(days, days)
def test_an_age_is_never_below_nothing(one, other):
    birth, day = sorted((one, other))
    years, months = thaidate.age_on(birth, day)
    assert years >= 0
    assert 0 <= months < 12
    if birth != day:
        with pytest.raises(ValueError, match="before the birth"):
            thaidate.age_on(day, birth)


@given(st.integers(0, 10**15))
def test_digits_change_there_and_back(number):
    assert thaidate.arabic_digits(thaidate.thai_digits(number)) == str(number)


@given(days)
def test_eras_differ_by_543_years(day):
    assert thaidate.to_ce(thaidate.to_be(day.year)) == day.year == thaidate.to_be(day.year) - 543
