"""The saved views of a dataset's list: saving the list at hand, and the page where views are kept in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request
from flask_appbuilder import expose, has_access, permission_name

from .. import access
from ..declaration import db
from ..errors import RuleViolation
from ..language import gettext as _
from ..language import said
from . import saved_views
from .saved_views import View
from .screen_parts import ScreensOfDataset


class ViewPages(ScreensOfDataset):
    """Save, open, share, rename and delete views of one dataset's list."""

    @expose("/views", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def views(self) -> Any:
        """All views that this person can open; a POST saves the list whose arguments it carries."""
        if request.method == "GET":
            return self._views_page()
        # What was typed into a list's address goes into the view as it stands, but for the page.
        query = urlencode(saved_views.kept_of(parse_qsl(request.form.get("query", "")[:4000])))
        name = request.form.get("name", "")
        key: list[int] = []
        refused = self._refused(lambda: key.append(saved_views.save(db.session, self.model, name, query)))
        if refused:
            return self._views_page(refused, name, query)
        flash(_("บันทึกมุมมอง “%(name)s” แล้ว", name=name.strip()), "success")
        return redirect(self._address(query, key[0]))

    @expose("/views/<int:key>/<any(rename, delete, share, default):verb>", methods=["POST"])
    @has_access
    @permission_name("read")
    def view_verb(self, key: int, verb: str) -> Any:
        """Change one view; only its owner can, but anybody may let the list open with it."""
        session, model = db.session, self.model
        verbs: dict[str, Callable[[], None]] = {
            "rename": lambda: saved_views.rename(session, model, key, request.form.get("name", "")),
            "delete": lambda: saved_views.remove(session, model, key),
            "share": lambda: saved_views.share(session, model, key, request.form.get("role") or None),
            "default": lambda: saved_views.open_first(
                session, model, key if request.form.get("on") else None
            ),
        }
        if refused := self._refused(verbs[verb]):
            return self._views_page(refused)
        flash(_("บันทึกแล้ว"), "success")
        return redirect(f"{self.route_base}/views")

    # ── Parts ────────────────────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def _refused(work: Callable[[], Any]) -> RuleViolation | None:
        """Do it and commit; a refusal that a person can mend is given back, others go to the error page."""
        try:
            work()
            db.session.commit()
        except RuleViolation as refusal:
            db.session.rollback()
            if refusal.status in (403, 404):
                raise
            return refusal
        return None

    def _views_page(self, refusal: RuleViolation | None = None, name: str = "", query: str = "") -> Any:
        viewer = access.viewer()
        may_share = saved_views.may_share(viewer)
        roles = saved_views.roles_to_share_with(db.session) if may_share else []
        answer = self.render_template(
            "thabian/dataset/views.html",
            d=self._declared(),
            views=[(view, self._address(view.query, view.id)) for view in self._views()],
            roles=[(role, said(access.ROLE_LABELS.get(role, role))) for role in roles],
            role_labels=access.ROLE_LABELS,
            refusal=str(refusal or ""),
            name=name,
            query=query,
        )
        return answer, refusal.status if refusal else 200

    def _views(self) -> list[View]:
        return saved_views.views_of(db.session, self.model, access.viewer())

    def _address(self, query: str, key: int) -> str:
        return f"{self.route_base}/?{query}&view={key}" if query else f"{self.route_base}/?view={key}"

    def _first_address(self, views: Sequence[View]) -> str:
        """Where a list that was asked for nothing begins, if the person has chosen a view for it; else ""."""
        first = next((view for view in views if view.is_default), None)
        return self._address(first.query, first.id) if first and not request.args else ""

    def _views_menu(self, views: Sequence[View]) -> dict[str, Any]:
        """The drop-down of views above a list: (name, address, shared, whether it is this one)."""
        now = request.args.get("view", "")
        items = [
            (view.name, self._address(view.query, view.id), not view.mine, str(view.id) == now)
            for view in views
        ]
        return {
            "items": items,
            "current": next((name for name, _url, _shared, this in items if this), ""),
            "all_url": f"{self.route_base}/?view=all",
            "url": f"{self.route_base}/views",
            "query": urlencode(saved_views.kept_of(request.args.items(multi=True))),
        }
