"""The forms of a school's round: the statement that is signed, the reason of a return, the signed scan."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, TextAreaField, ValidationError
from wtforms.validators import Length

from .inputs import Form, Needed


class StatementForm(Form):
    """R1, R8: nobody signs without having said that the students are really there."""

    stated = BooleanField()

    def validate_stated(self, field: BooleanField) -> None:
        """The tick is the statement."""
        if not field.data:
            raise ValidationError(gettext("กรุณาอ่านข้อความรับรองแล้วทำเครื่องหมายในช่องก่อน"))


class ReturnForm(Form):
    """Why data are sent back."""

    reason = TextAreaField(
        _("เหตุผลที่ส่งกลับ"),
        [Needed(), Length(max=500)],
        description=_("โรงเรียนจะเห็นเหตุผลนี้ และบันทึกไว้ในประวัติ"),
    )


class ScanForm(Form):
    """The certificate signed in ink, scanned or photographed."""

    scan = FileField(_("ไฟล์ใบรับรองที่ลงนามแล้ว"))

    def validate_scan(self, field: Any) -> None:
        """A file was chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(gettext("กรุณาเลือกไฟล์ก่อน"))
