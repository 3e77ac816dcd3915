"""What goes on among the demo's students: requests at each of their stages, told through the verbs by their people."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any, Final, cast

import sqlalchemy as sa
from PIL import Image, ImageDraw

from .. import access
from ..codes import DropoutCause, EvidenceRung, GDocument, Grade, MovementKind, Sex, Title
from ..dataset import lock
from ..declaration import db
from ..identity import kind_of
from ..models import Account, GCodeApplication, Student
from ..rules import END_OF_YEAR
from ..security import viewer_of
from ..workflows import duplicates, gcode_users, gcodes, movements, number_requests, requests
from ..workflows.movements import Leaving, Place
from ..workflows.requests import Evidence
from .schools import School

PATH: Final = "setup"
_PAPER: Final = "เอกสารสมมติของข้อมูลตัวอย่าง"
_TO_PROVE: Final = ("สูติบัตรและใบรับรองการเป็นนักเรียน", "นักเรียนมาเรียนที่โรงเรียนนี้ทุกวัน ครูประจำชั้นรับรอง")


def tell(schools: Sequence[School], round_number: int) -> None:
    """Transfers that wait and are objected to, a dropout, a G-code, a correction, cases of duplicates.

    ``schools``: the two to try with, and one more that asks for a child of the first. In the end-of-year round nobody
    moves: who comes and goes there hangs on the final exam, which these schools have not held yet.
    """
    first, second, third = schools[:3]
    officer1, officer2, district = _who("officer1"), _who("officer2"), _who("district")
    if round_number != END_OF_YEAR:
        _move(first, second, third, officer1, officer2)
    _ask_for_a_g_code(officer1, district, first)
    _issue_a_g_code(_who(f"o{third.code}"), district, third)
    _correct(officer2, _pupils(second))
    _as(district, _find_duplicates)


def _move(
    first: School, second: School, third: School, officer1: access.Viewer, officer2: access.Viewer
) -> None:
    ours, theirs, third_officer = _pupils(first), _pupils(second), _who(f"o{third.code}")
    asked = _as(
        officer2, movements.transfer_in, ours[40].national_id, _place(second, ours[40], "9001"), _MOVED
    )
    _as(officer1, requests.object_to, asked.request_id, "นักเรียนยังมาเรียนที่นี่ทุกวัน ผู้ปกครองยังไม่ได้แจ้งย้าย")
    _as(third_officer, movements.transfer_in, ours[41].national_id, _place(third, ours[41], "9002"), _MOVED)
    _as(officer1, movements.transfer_in, theirs[31].national_id, _place(first, theirs[31], "9003"), _MOVED)
    _as(officer1, movements.transfer_out, ours[42].id, _days_ago(3), "ย้ายตามผู้ปกครองไปทำงานต่างจังหวัด")
    _ask_to_leave(officer1, ours[-1])


_MOVED: Final = "ผู้ปกครองย้ายมาอยู่กับญาติ และพานักเรียนมาเรียนแล้ว"


def _find_duplicates() -> None:
    """The area looks for them; the first school has brought its evidence already."""
    duplicates.open_cases(duplicates.find())
    for line in duplicates.cases()[:1]:
        requests.attach(line.party.request_id, _paper(_TO_PROVE[0]))
        requests.comment(line.party.request_id, _TO_PROVE[1])


def _ask_to_leave(officer: access.Viewer, pupil: Any) -> None:
    leaving = Leaving(
        MovementKind.DROPOUT, DropoutCause.MIGRATION.value, _days_ago(20), "ครอบครัวย้ายถิ่น ติดตามสองครั้งแล้วไม่พบ"
    )
    _as(officer, movements.ask_to_leave, pupil.id, leaving, [_paper("บันทึกการติดตามนักเรียน")])


def _issue_a_g_code(officer: access.Viewer, district: access.Viewer, school: School) -> None:
    """One that the area has checked and granted, so that the reports have something to tell."""
    form_id, request_id = _ask_for_a_g_code(officer, district, school, "เมียว")

    def grant() -> None:
        for document in gcodes.needed(db.session.get_one(GCodeApplication, form_id)):
            gcodes.check_paper(form_id, document, True)
        requests.approve(request_id)

    _as(district, grant)


def _ask_for_a_g_code(
    officer: access.Viewer, district: access.Viewer, school: School, name: str = "ซอ"
) -> tuple[int, int]:
    registered = _as(officer, gcode_users.register, "036-000-000", "ครูผู้รับผิดชอบงานทะเบียนนักเรียน")
    _as(district, requests.approve, registered)
    facts: dict[str, Any] = {
        "title": Title.BOY, "first_name": name, "last_name": "วิน", "sex": Sex.MALE,
        "birth_date": dt.date(lock.today().year - 7, 3, 9), "nationality": "เมียนมา", "birth_country": "เมียนมา",
        "grade": Grade.P1, "room": 1, "student_number": "9101", "home_house_no": "88/1",
        "home_subdistrict": school.subdistrict, "home_district": school.district, "home_province": school.province,
        "guardian_first_name": "มิน", "guardian_last_name": "วิน", "rung": EvidenceRung.BIRTH,
    }  # fmt: skip

    def ask() -> tuple[int, int]:
        form = gcodes.write(facts)
        for document in gcodes.needed(form):
            data = _photo() if document is GDocument.PHOTO else _paper("").data
            gcodes.put_paper(form.id, document, "g.jpg" if document is GDocument.PHOTO else "g.pdf", data)
        return form.id, gcodes.send(form.id)

    return cast("tuple[int, int]", _as(officer, ask))


def _correct(officer: access.Viewer, pupils: Sequence[Any]) -> None:
    """The second school's child whose number has a wrong check digit."""
    wrong = pupils[50].national_id
    right = next(wrong[:-1] + digit for digit in "0123456789" if kind_of(wrong[:-1] + digit) == "national")
    papers = [_paper(number_requests.CORRECTION_EVIDENCE)]
    _as(officer, number_requests.ask_correction, pupils[50].id, right, "พิมพ์เลขหลักสุดท้ายผิด ตามสูติบัตร", papers)


# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────


def _as(person: access.Viewer, verb: Callable[..., Any], *given: object) -> Any:
    with access.acting_as(person, through=PATH):
        return verb(*given)


def _who(username: str) -> access.Viewer:
    return viewer_of(db.session.scalars(sa.select(Account).filter_by(username=username)).one())


def _pupils(school: School) -> Sequence[Any]:
    columns = (Student.id, Student.national_id, Student.grade, Student.room)
    query = sa.select(*columns).where(Student.school_code == school.code, Student.is_enrolled)
    return db.session.execute(query.order_by(Student.grade, Student.room, Student.id)).all()


def _place(school: School, pupil: Any, student_number: str) -> Place:
    """In the pupil's grade where the school teaches it, otherwise in its highest."""
    grade = min(pupil.grade, Grade(school.highest_grade))
    return Place(school.code, grade, 1, student_number, _days_ago(2), None)


def _days_ago(days: int) -> dt.date:
    return lock.today() - dt.timedelta(days=days)


def _paper(name: str) -> Evidence:
    """A page that says that it is made up."""
    page = Image.new("RGB", (595, 842), "white")
    ImageDraw.Draw(page).text((60, 60), "DEMO - made-up document", fill="black")
    body = io.BytesIO()
    page.save(body, "PDF")
    return Evidence(name or _PAPER, "demo.pdf", body.getvalue())


def _photo() -> bytes:
    """A face of three shapes."""
    picture = Image.new("RGB", (300, 400), "#dfe7f2")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((90, 80, 210, 230), fill="#8a6d5a")
    draw.rectangle((60, 260, 240, 400), fill="#ffffff")
    body = io.BytesIO()
    picture.save(body, "JPEG")
    return body.getvalue()
