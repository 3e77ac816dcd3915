"""The form of an account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Form, SelectField, SelectMultipleField, StringField

from appbuilder_app.models import Account
from appbuilder_app.workflows import accounts, roles


class AccountForm(Form):
    """Who an account is: name, position, whose rows, which roles."""

    username = StringField(_("ชื่อผู้ใช้"), description=_("อักษรอังกฤษและตัวเลขอย่างน้อย 6 ตัว"), render_kw={"required": True})
    first_name = StringField(_("ชื่อ"), render_kw={"required": True})
    last_name = StringField(_("นามสกุล"), render_kw={"required": True})
    position = StringField(_("ตำแหน่ง"), description=_("พิมพ์ในเอกสารรับรอง เช่น ครู ผู้อำนวยการโรงเรียน"))
    area_code = StringField(
        _("เขตพื้นที่"), description=_("เว้นว่างถ้าดูแลทั้งประเทศ"), render_kw={"data-lookup": "/data/area/lookup"}
    )
    school_code = StringField(
        _("โรงเรียน"), description=_("เว้นว่างถ้าดูแลทั้งเขต"), render_kw={"data-lookup": "/data/school/lookup"}
    )
    roles = SelectMultipleField(_("บทบาท"), validate_choice=False)
    active = SelectField(_("สถานะ"), choices=[("1", _("ใช้งาน")), ("0", _("ระงับ"))], validate_choice=False)

    def __init__(self, formdata: Any = None, account: Account | None = None) -> None:
        super().__init__(formdata)
        self.roles.choices = roles.choices()
        if account is not None:
            self.username.render_kw = {"readonly": True}
        if account is not None and formdata is None:
            self._show(account)

    def _show(self, account: Account) -> None:
        for name in ("username", "first_name", "last_name", "position"):
            self[name].data = getattr(account, name)
        parts = account.scope.split("/")
        self.area_code.data = parts[1] if len(parts) == 2 else ""
        self.school_code.data = parts[2] if len(parts) == 3 else ""
        texts = accounts.places_of([account.scope])
        for field in (self.area_code, self.school_code):
            field.render_kw = {**field.render_kw, "data-lookup-text": texts.get(account.scope, "") if field.data else ""}
        self.roles.data = [role.name for role in account.roles]
        self.active.data = "1" if account.active else "0"

    def facts(self) -> dict[str, Any]:
        """What the workflow takes."""
        return {
            "first_name": (self.first_name.data or "").strip(),
            "last_name": (self.last_name.data or "").strip(),
            "position": (self.position.data or "").strip(),
            "scope": accounts.scope_of((self.area_code.data or "").strip(), (self.school_code.data or "").strip()),
            "roles": list(self.roles.data or []),
        }

    def show(self, problems: list[tuple[str | None, str]]) -> None:
        """Put each problem beside its field."""
        for name, message in problems:
            if name in self._fields:
                self[name].errors = [*self[name].errors, message]
