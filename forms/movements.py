"""Forms of requests, and the one by which a child is looked for; those of verbs come from their declarations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import Length

from .inputs import Form, Needed


class StepForm(Form):
    """What somebody says with a step of a request: a comment, or the reason."""

    text = TextAreaField(_("ข้อความหรือเหตุผล"), [Length(max=1000)])


class EvidenceForm(Form):
    """A document of a request."""

    name = StringField(_("เอกสารนี้คือ"), [Needed(), Length(max=120)], description=_("เช่น สำเนาสูติบัตร"))
    file = FileField(_("ไฟล์ PDF หรือภาพถ่าย"))


class FindForm(Form):
    """The number of the child that is looked for."""

    national_id = StringField(_("เลขประจำตัวประชาชน หรือรหัส G"), [Needed(), Length(max=30)])
