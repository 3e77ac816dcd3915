"""The forms of the public page: the code of a paper, and the file that is compared with the issued one."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FileField, StringField, ValidationError
from wtforms.validators import Length

from .inputs import Form, Needed


class CodeForm(Form):
    """The code that stands beside the square code of a document."""

    code = StringField(_("รหัสตรวจสอบเอกสาร"), [Needed(), Length(max=60)])


class FileForm(Form):
    """A PDF file, to be compared byte by byte with those that were issued."""

    file = FileField(_("ไฟล์ PDF ของเอกสาร"))

    def validate_file(self, field: Any) -> None:
        """A file was chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(gettext("กรุณาเลือกไฟล์ก่อน"))
