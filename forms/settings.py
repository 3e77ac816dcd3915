"""The form of a setting."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from .inputs import Form, Needed


class SettingForm(Form):
    """A value, and the letter or decision that sets it; ``version`` is that of the row when it was shown."""

    value = StringField(_("ค่าที่ใช้"), [Needed(), Length(max=12)])
    source = StringField(_("กำหนดโดย"), [Needed(), Length(max=200)], description=_("หนังสือหรือคำสั่งที่กำหนดค่านี้"))
    version = HiddenField()
