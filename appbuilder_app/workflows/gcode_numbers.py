"""Giving out G-codes: one series a year and province, without gaps, no code twice, none ever again."""

from __future__ import annotations

import sqlalchemy as sa

from .. import identity, thaidate
from ..bilingual import Sentence
from ..codes import Grade
from ..dataset import lock
from ..declaration import db
from ..errors import RuleViolation
from ..identity import GCode as Code
from ..models import GCode, NumberChange, Province, School, Student
from ..schema import entering
from ..walls import SetWork, set_based
from . import identities, numbering


class SchoolWithoutProvince(RuleViolation):
    """A G-code names the province of the school, which nobody has entered."""

    message = "โรงเรียน{school}ยังไม่ได้ระบุจังหวัด หรือชื่อจังหวัดไม่ตรงกับรายชื่อ จึงออกรหัส G ไม่ได้ กรุณาแก้ที่ข้อมูลโรงเรียน"


class SeriesFull(RuleViolation):
    """Eight digits are used up; it cannot happen in a year of one province, and must not end in a wrong code."""

    message = "รหัส G ของจังหวัดนี้ในปีนี้ใช้หมดแล้ว กรุณาแจ้งส่วนกลาง"
    status = 409


def issue(
    school: School,
    first_name: str,
    last_name: str,
    nationality: str,
    grade: Grade,
    by: str,
    request_id: int | None = None,
) -> GCode:
    """The next G-code of the school's province and of this year. Called by the approval alone.

    The year is that of the day of issue [assumed]. The series' counter stays locked until the transaction
    ends, so approvals of one province wait for one another, and one that rolls back gives its number back.
    """
    year = thaidate.to_be(thaidate.bangkok(lock.now()).year)
    number = str(_next(year, _province_of(school)))
    entering.hold_numbers(db.session.connection(), [number])
    issued = GCode(
        number=number,
        school_code=school.code,
        first_name=first_name,
        last_name=last_name,
        nationality=nationality,
        grade=grade,
        issued_at=lock.now(),
        issued_by=by,
        request_id=request_id,
    )
    db.session.add(issued)
    db.session.flush()
    return issued


def _next(year: int, province: str) -> Code:
    series = identity.g_code(year, province, 1).series
    while True:
        running = numbering.next_in(series, lambda: _last_known(series))
        if running > identity.LAST_OF_A_SERIES:
            raise SeriesFull
        code = identity.g_code(year, province, running)
        # A code that came with a child from the system before this one is that child's: pass it over.
        if not any(identities.known_numbers([str(code)])):
            return code


def _last_known(series: str) -> int:
    """The last running number of a series that another system began: it is counted on from there."""
    columns = (Student.__table__.c.national_id, NumberChange.__table__.c.old_number, GCode.__table__.c.number)
    with set_based(SetWork.IDENTITY):
        found = [
            db.session.connection().scalar(sa.select(sa.func.max(one)).where(one.startswith(series)))
            for one in columns
        ]
    numbers = [one for one in found if one and identity.is_g_code(one)]
    return max((identity.parts_of_g_code(one).running for one in numbers), default=0)


def _province_of(school: School) -> str:
    name = (school.province or "").strip().removeprefix("จังหวัด").strip()
    found = db.session.scalar(sa.select(Province.code).where(Province.name == name)) if name else None
    if found is None:
        raise SchoolWithoutProvince(school=Sentence("{name}", name=school.name))
    return found
