"""Forms of what is done with a card that was read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from appbuilder_app.codes import ConsentGiver, Grade
from appbuilder_app.dataset import lock
from appbuilder_app.language import said

from .inputs import DayField, Form, Needed


class ConsentForm(Form):
    """Whose word lets the photo of a card be used."""

    photo = BooleanField(_("ใช้ภาพถ่ายบนบัตรเป็นภาพนักเรียน"))
    consent = BooleanField(_("อ่านข้อความนี้ให้ผู้ให้ความยินยอมฟังแล้ว และเขายินยอม"))
    given_as = SelectField(_("ผู้ให้ความยินยอม"))
    given_by = StringField(
        _("ชื่อผู้ให้ความยินยอม"), [Length(max=160)], description=_("ไม่ต้องกรอกเมื่อเจ้าของบัตรยินยอมเอง")
    )

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        # In the language of the page, so they are filled in when the form is made.
        self.given_as.choices = [("", ""), *((one.value, said(one.th)) for one in ConsentGiver)]


class SeatForm(Form):
    """Where a child that comes in is to sit."""

    grade = SelectField(_("เข้าชั้น"))
    room = IntegerField(_("ห้อง"), [Needed(), NumberRange(1, 99)], default=1)
    student_number = StringField(_("เลขประจำตัวนักเรียน"), [Needed(), Length(max=20)])
    happened_on = DayField(_("มาเรียนตั้งแต่วันที่"), [Needed()], default=lock.today)
    reason = TextAreaField(_("เหตุผลที่ย้ายเข้า"), [Needed(), Length(max=500)])
    sat_final_exam = BooleanField(_("มาเรียนและเข้าสอบปลายภาคของปีนี้ (เฉพาะรอบสิ้นปี)"))
    file = FileField(_("หลักฐาน เช่น ใบส่งตัว (ถ้ามี)"))

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        self.grade.choices = [(one.value, said(one.th)) for one in Grade]
