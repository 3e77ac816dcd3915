"""The forms of a school's round: the statement that is signed, the reason of a return, the signed scan."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length

from appbuilder_app.codes import Capacity
from appbuilder_app.language import said
from appbuilder_app.workflows.submissions import LONGEST_ORDER, Authority

from .inputs import Form, Needed, ProblemsShown


class StatementForm(ProblemsShown):
    """R1, R8: nobody signs without having said that the students are really there, and shown who they are."""

    stated = BooleanField()
    proof = PasswordField(_("รหัสผ่านของท่าน"), [Needed()])

    def validate_stated(self, field: BooleanField) -> None:
        """The tick is the statement."""
        if not field.data:
            raise ValidationError(gettext("กรุณาอ่านข้อความรับรองแล้วทำเครื่องหมายในช่องก่อน"))


class ActingForm(ProblemsShown):
    """In what capacity somebody signs: their own, or for the head of their office with an order (ปฏิบัติราชการแทน)."""

    capacity = SelectField(_("ลงนามในฐานะ"), filters=[lambda sent: sent or Capacity.OWN.value])
    order = StringField(
        _("คำสั่งที่ให้ลงนามแทน"),
        [Length(max=LONGEST_ORDER)],
        description=_("เลขที่และวันที่ของคำสั่ง เช่น โรงเรียนบ้านหนอง ที่ 12/2569 ลงวันที่ 1 พ.ย. 2569 พิมพ์ในใบรับรอง"),
    )

    def __init__(self, formdata: Any = None, **data: Any) -> None:
        super().__init__(formdata, **data)
        self.capacity.choices = [(one.value, said(one.th)) for one in Capacity]

    @property
    def authority(self) -> Authority:
        """In what capacity the form is signed."""
        return Authority(Capacity(self.capacity.data or Capacity.OWN.value), self.order.data or "")


class CertifyForm(ActingForm, StatementForm):
    """The statement of the director, or of who acts for them with an order."""


class AcknowledgeForm(ActingForm):
    """R14: the area takes note, by its director or by who acts for them with an order."""

    order = StringField(
        _("คำสั่งที่ให้ลงนามแทน"),
        [Length(max=LONGEST_ORDER)],
        description=_("เลขที่และวันที่ของคำสั่ง เช่น สพป.ลพบุรี เขต 2 ที่ 12/2569 ลงวันที่ 1 พ.ย. 2569 พิมพ์ในเอกสารของเขต"),
    )


class ReturnForm(Form):
    """Why data are sent back."""

    reason = TextAreaField(
        _("เหตุผลที่ส่งกลับ"),
        [Needed(), Length(max=500)],
        description=_("โรงเรียนจะเห็นเหตุผลนี้ และบันทึกไว้ในประวัติ"),
    )


class ExplainForm(Form):
    """What a school says to findings of its checklist."""

    text = TextAreaField(_("คำชี้แจง"), [Needed(), Length(max=500)])
    everything = BooleanField()


class KeyForm(Form):
    """The director's key for the one act of signing: a file with its pass phrase, or a token's PIN."""

    key = FileField(_("ไฟล์กุญแจอิเล็กทรอนิกส์ (.p12 หรือ .pfx)"))
    in_token = BooleanField(_("กุญแจอยู่ในโทเคนของโรงเรียนที่เซิร์ฟเวอร์"))
    passphrase = PasswordField(_("รหัสผ่านของกุญแจ หรือ PIN ของโทเคน"), [Length(max=200)])

    def validate_key(self, field: Any) -> None:
        """A file was chosen, unless the key lies in a token."""
        if not self.in_token.data and not getattr(field.data, "filename", ""):
            raise ValidationError(gettext("กรุณาเลือกไฟล์ก่อน"))

    @property
    def told(self) -> list[str]:
        """What is missing, in sentences."""
        return [str(error) for field in self for error in field.errors]


class ScanForm(Form):
    """The certificate signed in ink, scanned or photographed."""

    scan = FileField(_("ไฟล์ใบรับรองที่ลงนามแล้ว"))

    def validate_scan(self, field: Any) -> None:
        """A file was chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(gettext("กรุณาเลือกไฟล์ก่อน"))
