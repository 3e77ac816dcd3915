"""The form that uploads a school's student file."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FileField, ValidationError

from .inputs import Form, LookupField, Needed


class UploadForm(Form):
    """A file; whose it is follows from the account."""

    file = FileField(_("ไฟล์นักเรียน"))

    def validate_file(self, field: Any) -> None:
        """A file was chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(gettext("กรุณาเลือกไฟล์ก่อน"))


class UploadForSchoolForm(UploadForm):
    """The same for an account that looks after several schools."""

    school = LookupField(_("โรงเรียน"), [Needed()], dataset="school")
