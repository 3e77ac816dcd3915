"""Forms of the card reader desk: a lot that is scanned, and the officer who receives a reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from appbuilder_app.codes import PinOffice, PinResult
from appbuilder_app.language import gettext, said
from appbuilder_app.workflows.readers import Pin, Receiver

from .inputs import DayField, Form, Needed


class ScanForm(Form):
    """The numbers of a lot's readers as the scanner gives them, one a line."""

    lot = SelectField(_("ล็อต"))
    serials = TextAreaField(_("หมายเลขเครื่อง"), [Needed()])


class PinForm(Form):
    """What became of registering a PIN (R60). There is no place for the PIN."""

    pin_result = RadioField(_("ผลการลงทะเบียนรหัส PIN"), [Needed()])
    pin_office = SelectField(_("ลงทะเบียนที่"))
    pin_on = DayField(_("วันที่ลงทะเบียน"), [Optional()])

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.pin_result.choices = [(one.value, said(one.th)) for one in PinResult]
        self.pin_office.choices = [("", gettext("เลือก")), *((one.value, said(one.th)) for one in PinOffice)]

    @property
    def pin(self) -> Pin:
        """The result that was told."""
        office = PinOffice(self.pin_office.data) if self.pin_office.data else None
        return Pin(PinResult(self.pin_result.data), office, self.pin_on.day)


class IssueForm(PinForm):
    """Who receives a reader for a school; an account of the school brings name, position and phone along."""

    receiver_account = SelectField(_("บัญชีของผู้รับ"))
    receiver_name = StringField(_("ชื่อ-นามสกุลผู้รับ"), [Length(max=160)])
    receiver_position = StringField(_("ตำแหน่ง"), [Length(max=120)])
    phone = StringField(_("โทรศัพท์"), [Length(max=20)])

    def __init__(self, *given: Any, people: Sequence[Any], **named: Any) -> None:
        super().__init__(*given, **named)
        self.people = {one.username: one for one in people}
        self.receiver_account.choices = [
            ("", gettext("ไม่มีบัญชี กรอกชื่อเอง")),
            *((one.username, f"{one.get_full_name()} ({one.position})") for one in people),
        ]

    @property
    def told(self) -> dict[str, dict[str, str]]:
        """What each account brings along, for the page's script."""
        return {
            name: {
                "receiver_name": one.get_full_name(),
                "receiver_position": one.position,
                "phone": one.phone or "",
            }
            for name, one in self.people.items()
        }

    @property
    def receiver(self) -> Receiver:
        """Who was told; what is left empty is taken from the account."""
        account = self.people.get(self.receiver_account.data or "")
        return Receiver(
            name=self.receiver_name.data or (account.get_full_name() if account else ""),
            position=self.receiver_position.data or (account.position if account else ""),
            phone=self.phone.data or ((account.phone or "") if account else ""),
            account=account.username if account else "",
        )
