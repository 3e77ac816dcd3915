"""The forms of an account and of one's own password."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, SelectField, SelectMultipleField, StringField

from appbuilder_app.models import Account
from appbuilder_app.workflows import accounts, roles

from .inputs import LookupField, Needed, ProblemsShown

# The workflow judges a whole place; people typed it into the narrower of two look-ups.
_SHOWN_AT = {"scope": "school_code"}


class AccountForm(ProblemsShown):
    """Who an account is: name, position, whose rows, which roles."""

    shown_at = _SHOWN_AT

    username = StringField(_("ชื่อผู้ใช้"), [Needed()], description=_("อักษรอังกฤษและตัวเลขอย่างน้อย 6 ตัว"))
    first_name = StringField(_("ชื่อ"), [Needed()])
    last_name = StringField(_("นามสกุล"), [Needed()])
    position = StringField(_("ตำแหน่ง"), [Needed()], description=_("พิมพ์ในเอกสารรับรอง เช่น ครู ผู้อำนวยการโรงเรียน"))
    area_code = LookupField(_("เขตพื้นที่"), dataset="area", description=_("เว้นว่างถ้าดูแลทั้งประเทศ"))
    school_code = LookupField(_("โรงเรียน"), dataset="school", description=_("เว้นว่างถ้าดูแลทั้งเขต"))
    roles = SelectMultipleField(_("บทบาท"), validate_choice=False)
    active = SelectField(_("สถานะ"), choices=[("1", _("ใช้งาน")), ("0", _("ระงับ"))], validate_choice=False)

    def __init__(self, formdata: Any = None, account: Account | None = None) -> None:
        super().__init__(formdata)
        self.roles.choices = roles.choices()
        if account is not None:
            self.username.render_kw = {"readonly": True}
        if account is not None and formdata is None:
            self._fill(account)
        elif account is not None:
            self.username.data = account.username
        self._name_the_chosen()

    def _fill(self, account: Account) -> None:
        for name in ("username", "first_name", "last_name", "position"):
            self[name].data = getattr(account, name)
        parts = account.scope.split("/")
        self.area_code.data = parts[1] if len(parts) == 2 else ""
        self.school_code.data = parts[2] if len(parts) == 3 else ""
        self.roles.data = [role.name for role in account.roles]
        self.active.data = "1" if account.active else "0"

    def _name_the_chosen(self) -> None:
        for field, scope in ((self.area_code, "C/{0}"), (self.school_code, "C/-/{0}")):
            chosen = (field.data or "").strip()
            if chosen:
                path = scope.format(chosen)
                field.lookup_text = accounts.places_of([path]).get(path, "")

    def facts(self) -> dict[str, Any]:
        """What the workflow takes."""
        return {
            "first_name": (self.first_name.data or "").strip(),
            "last_name": (self.last_name.data or "").strip(),
            "position": (self.position.data or "").strip(),
            "scope": accounts.scope_of(
                (self.area_code.data or "").strip(), (self.school_code.data or "").strip()
            ),
            "roles": list(self.roles.data or []),
        }


class SecondFactorForm(ProblemsShown):
    """Setting up a phone's code: the phone's secret, one code of it, and the password."""

    secret = HiddenField()
    code = StringField(
        _("รหัส 6 หลักที่โทรศัพท์แสดง"),
        [Needed()],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 7},
    )
    password = PasswordField(_("รหัสผ่านของท่าน"), [Needed()], render_kw={"autocomplete": "current-password"})


class PasswordForm(ProblemsShown):
    """One's own password: the current one, and the new one twice."""

    current = PasswordField(_("รหัสผ่านปัจจุบัน"), [Needed()], render_kw={"autocomplete": "current-password"})
    new = PasswordField(
        _("รหัสผ่านใหม่"),
        [Needed()],
        description=_("อย่างน้อย 10 ตัวอักษร ไม่เหมือนชื่อผู้ใช้ ใช้วลีที่จำง่ายแต่คนอื่นเดาไม่ได้"),
        render_kw={"autocomplete": "new-password", "minlength": accounts.SHORTEST_PASSWORD},
    )
    again = PasswordField(_("พิมพ์รหัสผ่านใหม่อีกครั้ง"), [Needed()], render_kw={"autocomplete": "new-password"})
