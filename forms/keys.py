"""The form of a new API key."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, StringField

from appbuilder_app.workflows import accounts, keys

from .inputs import LookupField, Needed, ProblemsShown

LIVES = (("30", _("30 วัน")), ("90", _("90 วัน")), ("365", _("1 ปี")), ("", _("ไม่หมดอายุ")))


class KeyForm(ProblemsShown):
    """Which program uses the key, what it may do, where, and for how long."""

    name = StringField(
        _("ชื่อคีย์"),
        [Needed()],
        description=_("ชื่อโปรแกรมที่ใช้ จะปรากฏในประวัติการแก้ไข"),
        render_kw={"maxlength": keys.LONGEST_NAME},
    )
    school_code = LookupField(
        _("เฉพาะโรงเรียน"), dataset="school", description=_("เว้นว่างถ้าใช้กับทุกโรงเรียนที่ท่านดูแล")
    )
    days = SelectField(_("อายุของคีย์"), choices=LIVES, default="365", validate_choice=False)
    right = SelectMultipleField(_("สิทธิ์"), validate_choice=False)

    def __init__(self, formdata: Any = None) -> None:
        super().__init__(formdata)
        if chosen := (self.school_code.data or "").strip():
            path = f"C/-/{chosen}"
            self.school_code.lookup_text = accounts.places_of([path]).get(path, "")

    def facts(self) -> dict[str, Any]:
        """What the workflow takes."""
        days, school = self.days.data or "", (self.school_code.data or "").strip()
        return {
            "name": self.name.data or "",
            "rights": set(self.right.data or []),
            # A school that is not there must not leave the key as wide as its owner.
            "scope": (accounts.scope_of("", school) or school) if school else "",
            "days": int(days) if days in {value for value, _label in LIVES} - {""} else None,
        }
