"""The screen on which the centre sets a value; the list of values is the dataset's own."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.settings import SettingForm

from .. import access, kinds
from ..access import Action
from ..dataset.screen_parts import Button
from ..declaration import db
from ..errors import InvalidRow, NotYours, Problem
from ..language import gettext as _
from ..models import Setting
from ..workflows import settings
from .verbs import refusal_when

_LIST = "SettingView.browse"


class SettingEditView(BaseView):
    """A setting: what it is for, what may be set, and what holds."""

    route_base = "/settings"
    class_permission_name = "setting"

    @expose("/<code>", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def edit(self, code: str) -> Any:
        """Show a setting and set it."""
        row = db.session.get(Setting, code)
        if row is None:
            raise NotYours
        shown = {"value": str(row.value), "source": row.source or "", "version": str(row.version)}
        form = SettingForm(request.form if request.method == "POST" else None, data=shown)
        refusal = None
        if request.method == "POST" and form.validate():
            refusal = refusal_when(lambda: _set(code, form))
            if refusal is None:
                flash(_("บันทึก “%(what)s” แล้ว", what=str(row)), "success")
                return redirect(url_for(_LIST))
        page = self.render_template(
            "thabian/settings/edit.html", row=row, form=form, refusal=refusal, browse=_LIST
        )
        return page, refusal.status if refusal is not None else 422 if form.errors else 200


def _set(code: str, form: SettingForm) -> None:
    try:
        value = kinds.Whole().read(form.value.data)
    except kinds.NotReadable as wrong:
        raise InvalidRow([Problem("value", wrong.args[0])]) from None
    version = str(form.version.data or "")
    settings.set_value(code, value, form.source.data or "", int(version) if version.isdecimal() else None)


def setting_button(_view: Any, row: Any) -> list[Button]:
    """The way to setting it, on the page of a setting."""
    if not access.viewer().may(Action.WRITE, settings.SUBJECT):
        return []
    return [Button(_("กำหนดค่า"), url_for("SettingEditView.edit", code=row.code), "pencil", True)]
