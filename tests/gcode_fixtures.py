"""What tests of identity numbers share: schools that have their province, and a G-code without its request."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from PIL import Image

from appbuilder_app import access
from appbuilder_app.access import Action
from appbuilder_app.codes import EvidenceRung, Grade, Region, Sex, Title
from appbuilder_app.declaration import db
from appbuilder_app.models import GCode, Province, School
from appbuilder_app.workflows import gcode_numbers
from tests.app_fixtures import SCHOOL, World

PROVINCE = "ลพบุรี"


def give_provinces(world: World) -> None:
    """Every school of the small world lies in Lop Buri, whose code is 16."""
    with world.acting("adam"):
        db.session.add(Province(code="16", name=PROVINCE, region=Region.CENTRAL))
        for school in db.session.query(School):
            school.province = PROVINCE
        db.session.commit()


def issued(school_code: str = SCHOOL, **changed: Any) -> GCode:
    """A code as an approval gives it out; not yet committed."""
    facts: dict[str, Any] = {
        "first_name": "เอ",
        "last_name": "โพ",
        "nationality": "เมียนมา",
        "grade": Grade("04"),
    } | changed
    school = db.session.get_one(School, school_code)
    with access.performing(Action.WRITE, "student") as viewer:
        return gcode_numbers.issue(school, by=viewer.name, **facts)


PDF = b"%PDF-1.4 synthetic"


def photo() -> bytes:
    """A small picture."""
    body = io.BytesIO()
    Image.new("RGB", (30, 40), "navy").save(body, "JPEG")
    return body.getvalue()


def the_form(**changed: Any) -> dict[str, Any]:
    """The form of a child from across the border with a foreign birth certificate."""
    facts: dict[str, Any] = {
        "title": Title("001"), "first_name": "มะ", "last_name": "โพ", "sex": Sex("M"), "birth_date": dt.date(2019, 5, 1),
        "nationality": "เมียนมา", "birth_country": "เมียนมา", "grade": Grade("04"), "room": 1, "student_number": "00901",
        "home_house_no": "12", "home_subdistrict": "ท่าหิน", "home_district": "เมืองลพบุรี", "home_province": PROVINCE,
        "guardian_first_name": "ทูน", "guardian_last_name": "โพ", "rung": EvidenceRung.BIRTH,
    }  # fmt: skip
    return facts | changed
