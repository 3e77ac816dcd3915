"""The forms of duplicates: a decision, words and evidence for it, and another agency's list."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FileField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from appbuilder_app.codes import Agency
from appbuilder_app.language import said

from .inputs import Form, Needed


class VerdictForm(Form):
    """For which record, and why; ``apart`` says that they are different children."""

    keep = StringField(validators=[Needed()])
    reason = TextAreaField(
        _("เหตุผล"), [Needed(), Length(max=500)], description=_("ทุกฝ่ายจะเห็นเหตุผลนี้ จึงอย่าระบุชื่อโรงเรียนอีกฝ่าย")
    )


class SayForm(Form):
    """What a side has to say."""

    text = TextAreaField(_("ข้อความถึงผู้พิจารณา"), [Needed(), Length(max=1000)])


class EvidenceForm(Form):
    """A document, and what it is."""

    name = StringField(
        _("เอกสาร"), [Needed(), Length(max=120)], description=_("เช่น สำเนาสูติบัตร บัญชีเรียกชื่อ ภาพถ่ายในห้องเรียน")
    )
    file = FileField(_("ไฟล์ (PDF, JPG หรือ PNG)"))

    def validate_file(self, field: Any) -> None:
        """A file was chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(gettext("กรุณาเลือกไฟล์ก่อน"))


class AgencyListForm(Form):
    """Whose list, and the file."""

    agency = SelectField(_("สังกัดของรายชื่อ"), [Needed()])
    file = FileField(_("ไฟล์รายชื่อ"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.agency.choices = [("", _("เลือก")), *((one.value, said(one.th)) for one in Agency)]

    def validate_file(self, field: Any) -> None:
        """A file was chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(gettext("กรุณาเลือกไฟล์ก่อน"))
