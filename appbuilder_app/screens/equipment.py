"""Filling a school's equipment counts from its register: what will change, and the button that does it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from .. import access
from ..access import Action, Level
from ..codes import RoundSystem
from ..dataset.screens import Button, DatasetView, standing_now
from ..errors import RuleViolation
from ..language import gettext as _
from ..workflows import equipment
from ..workflows.checklist import school_looked_after
from ..workflows.equipment import SUBJECT
from .verbs import refusal_when


class EquipmentFillView(BaseView):
    """Counts from the register."""

    route_base = "/equipment-counts"
    class_permission_name = SUBJECT

    @expose("/fill")
    @has_access
    @permission_name("write")
    def fill(self) -> Any:
        """Line by line what the counts say and what the register says."""
        return self._page()

    @expose("/fill", methods=["POST"])
    @has_access
    @permission_name("write")
    def do(self) -> Any:
        """§5.2: the register's figures become the counts."""
        code, changed = _school_asked_for(), 0

        def fill() -> None:
            nonlocal changed
            changed = equipment.fill_counts(code)

        refusal = refusal_when(fill)
        if refusal is not None:
            return self._page(refusal)
        told = _("เติมยอดจากทะเบียนแล้ว เปลี่ยน %(n)s รายการ", n=changed)
        flash(told if changed else _("ยอดตรงกับทะเบียนอยู่แล้ว"), "success" if changed else "info")
        return redirect(_list_url(code))

    def _page(self, refusal: RuleViolation | None = None) -> Any:
        code = _school_asked_for()
        if not code:
            flash(_("กรุณากรองรายการให้เหลือโรงเรียนเดียวก่อน แล้วกดเติมยอดจากทะเบียน"), "info")
            return redirect(_list_url(""))
        school = school_looked_after(code)
        shown = self.render_template(
            "thabian/equipment/fill.html",
            school=school,
            lines=equipment.compared(code),
            refusal=refusal or standing_now(RoundSystem.MOBEC, school.scope).refusal,
            list_url=_list_url(code),
        )
        return shown, refusal.status if refusal is not None else 200


def fill_button(_view: DatasetView) -> list[Button]:
    """From the list of counts to here, for who may write them, once one school is meant."""
    code = _school_asked_for()
    if not code or not access.viewer().may(Action.WRITE, SUBJECT):
        return []
    return [Button(_("เติมยอดจากทะเบียน"), url_for("EquipmentFillView.fill", school_code=code), "list-checks")]


def _school_asked_for() -> str:
    """The viewer's own school, or the one that the address names."""
    viewer = access.viewer()
    if viewer.level is Level.SCHOOL:
        return viewer.school_code
    return request.values.get("school_code", "")[:8]


def _list_url(code: str) -> str:
    viewer = access.viewer()
    return url_for(
        "EquipmentCountView.browse", school_code=None if viewer.level is Level.SCHOOL else code or None
    )
