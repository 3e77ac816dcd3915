"""Thai dates and digits: Buddhist Era years, month names, academic and fiscal year, age. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final, NamedTuple

from .bilingual import Bilingual, Label, Sentence
from .errors import NotADate

BUDDHIST_ERA_OFFSET: Final = 543
# A fixed offset (Thailand has had no other since 1920), because a machine without tzdata would not
# know "Asia/Bangkok" and every certificate would fail to print.
BANGKOK: Final = timezone(timedelta(hours=7), "Asia/Bangkok")

MONTHS: Final = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
SHORT_MONTHS: Final = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
ENGLISH_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# Years outside these spans are typing errors; the gap between them keeps a year's era beyond doubt.
_CHRISTIAN_YEARS: Final = range(1800, 2201)
_BUDDHIST_YEARS: Final = range(2401, 2801)

_TO_ARABIC: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI: Final = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_MONTH_NUMBERS: Final = {
    name.replace(".", ""): number
    for names in (MONTHS, SHORT_MONTHS)
    for number, name in enumerate(names, start=1)
}
_CLOCK: Final = r"(?:[T ]+[0-9]{1,2}[:.][0-9]{2}.*)?"
_DAY_FIRST: Final = re.compile(rf"([0-9]{{1,2}})([/.-])([0-9]{{1,2}})\2([0-9]+){_CLOCK}")
_YEAR_FIRST: Final = re.compile(rf"([0-9]{{4}})([/-])([0-9]{{1,2}})\2([0-9]{{1,2}}){_CLOCK}")
_MONTH_NAMED: Final = re.compile(
    r"(?:วันที่)? *([0-9]{1,2})[ /-]*(?:เดือน)? *([ก-๛][ก-๛. ]*?)[ /-]*(?:พ\.? *ศ\.?)? *([0-9]+)"
)


class Age(NamedTuple):
    """Whole years, and the whole months on top of them."""

    years: int
    months: int


def thai_digits(text: object) -> str:
    """The text with every 0-9 written as ๐-๙."""
    return str(text).translate(_TO_THAI)


def arabic_digits(text: object) -> str:
    """The text with every ๐-๙ written as 0-9."""
    return str(text).translate(_TO_ARABIC)


def to_be(year: int) -> int:
    """Common Era year to Buddhist Era year."""
    return year + BUDDHIST_ERA_OFFSET


def to_ce(year: int) -> int:
    """Buddhist Era year to Common Era year."""
    return year - BUDDHIST_ERA_OFFSET


def parse_thai_date(value: object) -> date:
    """The day meant by a cell or a form field.

    Takes ``dd/mm/yyyy`` (also with ``-`` or ``.``, single digits, Thai digits, a time after it), ISO
    ``yyyy-mm-dd``, Thai month names long and short, and real date objects. The year may be Buddhist or
    Common Era; two-digit years are refused because they could be either.
    Raises NotADate, whose sentence says what is wrong.
    """
    if isinstance(value, date):
        return _day(value, value.year, value.month, value.day)
    if not isinstance(value, str):
        raise _refused(value, _NO_DATE)
    text = " ".join(arabic_digits(value).split())
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(value, int(match[1]), int(match[3]), int(match[4]))
    if match := _DAY_FIRST.fullmatch(text):
        return _day(value, _four_digits(value, match[4]), int(match[3]), int(match[1]))
    if match := _MONTH_NAMED.fullmatch(text):
        month = _MONTH_NUMBERS.get(re.sub(r"[. ]", "", match[2]))
        if month is None:
            raise _refused(value, Sentence("ไม่รู้จักเดือน “{month}”", month=match[2].strip()))
        return _day(value, _four_digits(value, match[3]), month, int(match[1]))
    raise _refused(value, _NO_DATE)


_NO_DATE: Final = Sentence("ไม่ใช่วันที่")


def _refused(value: object, reason: Bilingual) -> NotADate:
    # A cell may hold a whole paragraph; the sentence must still fit a row of the preview.
    return NotADate(text=str(value)[:40], reason=reason)


def _four_digits(value: object, year: str) -> int:
    if len(year) != 4:
        raise _refused(value, Sentence("ปีต้องมี 4 หลัก เพราะปี 2 หลักแปลได้ทั้ง พ.ศ. และ ค.ศ."))
    return int(year)


def _day(value: object, year: int, month: int, day: int) -> date:
    """The day in the Common Era calendar, which alone knows whether that year has a 29 February."""
    if year in _BUDDHIST_YEARS:
        year = to_ce(year)
    if year not in _CHRISTIAN_YEARS:
        raise _refused(value, Sentence("ปี {year} เป็นไปไม่ได้", year=year))
    if not 1 <= month <= 12:
        raise _refused(value, Sentence("ไม่มีเดือนที่ {month}", month=month))
    try:
        return date(year, month, day)
    except ValueError as error:
        reason = Sentence(
            "เดือน{month} พ.ศ. {year} ไม่มีวันที่ {day}",
            month=Label(MONTHS[month - 1], ENGLISH_MONTHS[month - 1]), year=to_be(year), day=day,
        )  # fmt: skip
        raise _refused(value, reason) from error


def thai_date(day: date) -> Label:
    """``10 มิถุนายน 2569``; in English ``10 June 2569``, the Buddhist Era all the same."""
    year, month = to_be(day.year), day.month - 1
    return Label(f"{day.day} {MONTHS[month]} {year}", f"{day.day} {ENGLISH_MONTHS[month]} {year}")


def thai_date_short(day: date) -> Label:
    """``10 มิ.ย. 2569``; in English ``10 Jun 2569``."""
    year, month = to_be(day.year), day.month - 1
    return Label(f"{day.day} {SHORT_MONTHS[month]} {year}", f"{day.day} {ENGLISH_MONTHS[month][:3]} {year}")


def slash_date(day: date) -> str:
    """``10/06/2569``, as the national export writes it."""
    return f"{day.day:02}/{day.month:02}/{to_be(day.year)}"


def bangkok(moment: datetime) -> datetime:
    """The moment on a Thai clock; without a zone it is taken as UTC, which is what the database keeps."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(BANGKOK)


def thai_datetime(moment: datetime) -> Label:
    """``10 มิถุนายน 2569 เวลา 16.30 น.`` on a Thai clock (see ``bangkok`` for moments without a zone)."""
    local = bangkok(moment)
    day = thai_date(local)
    return Label(f"{day} เวลา {local:%H.%M} น.", f"{day.en}, {local:%H:%M}")


def thai_datetime_short(moment: datetime) -> Label:
    """``10 มิ.ย. 2569 16.30 น.`` on a Thai clock."""
    local = bangkok(moment)
    day = thai_date_short(local)
    return Label(f"{day} {local:%H.%M} น.", f"{day.en}, {local:%H:%M}")


def start_of_day(day: date) -> datetime:
    """Midnight of that day in Thailand, with its zone."""
    return datetime.combine(day, time(), tzinfo=BANGKOK)


def academic_year(day: date) -> int:
    """The Buddhist Era academic year a day lies in; it starts on 16 May."""
    return to_be(day.year) - ((day.month, day.day) < (5, 16))


def fiscal_year(day: date) -> int:
    """The Buddhist Era fiscal year a day lies in: 1 October to 30 September, named by its end."""
    return to_be(day.year) + (day.month >= 10)


def age_on(birth: date, day: date) -> Age:
    """Completed years and months; who was born on 29 February completes a year on 1 March elsewhere.

    Raises ValueError when the day lies before the birth.
    """
    if day < birth:
        raise ValueError("the day lies before the birth")
    months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
    return Age(*divmod(months, 12))
