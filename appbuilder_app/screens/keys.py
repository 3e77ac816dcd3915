"""API keys in screens: everybody's own, and all of them for who manages keys."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.keys import KeyForm

from .. import access
from ..access import Action
from ..dataset import lock
from ..declaration import db
from ..doors import problems_of
from ..errors import RuleViolation
from ..language import gettext as _
from ..workflows import keys
from ..workflows.accounts import places_of


class KeyView(BaseView):
    """Keys: list, make (the secret is shown once), revoke."""

    route_base = "/account/keys"
    class_permission_name = keys.SUBJECT

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def browse(self) -> Any:
        """One's own keys; on POST a new one, whose page shows its secret this once."""
        form, problems = KeyForm(request.form if request.method == "POST" else None), []
        if request.method == "POST":
            try:
                key, secret = keys.make_key(**form.facts())
                db.session.commit()
                return self.render_template(
                    "thabian/accounts/key_made.html", key=key, secret=secret, place=_places([key])[key.scope]
                )
            except RuleViolation as refusal:
                db.session.rollback()
                found = problems_of(refusal)
                form.show(found)
                problems = form.unplaced(found)
        failed = bool(problems or form.errors)
        return self._page(form, [str(problem) for problem in problems]), 422 if failed else 200

    def _page(self, form: KeyForm, problems: list[str]) -> str:
        own = keys.own_keys()
        return self.render_template(
            "thabian/accounts/keys.html",
            form=form,
            problems=problems,
            keys=[(key, None) for key in own],
            places=_places(own),
            labels_of=keys.labels_of,
            now=lock.now(),
            offers=keys.offers(access.viewer()),
            actions=keys.OFFERED,
            of_a_school=access.viewer().level is access.Level.SCHOOL,
            may_manage=access.viewer().may(Action.MANAGE, keys.SUBJECT),
        )

    @expose("/all")
    @has_access
    @permission_name("manage")
    def all(self) -> str:
        """The keys of all accounts that the viewer looks after."""
        found = keys.keys_below()
        return self.render_template(
            "thabian/accounts/keys.html",
            form=None,
            keys=found,
            places=_places([key for key, _owner in found]),
            labels_of=keys.labels_of,
            now=lock.now(),
        )

    @expose("/<int:key_id>/revoke", methods=["POST"])
    def revoke(self, key_id: int) -> Any:
        """End a key: one's own, or another's for who manages keys."""
        key = keys.revoke(key_id)
        db.session.commit()
        flash(_("ยกเลิกคีย์ “%(name)s” แล้ว โปรแกรมที่ใช้คีย์นี้เข้าระบบไม่ได้อีก", name=key.name), "success")
        own = key.account_id == access.viewer().id
        return redirect(url_for("KeyView.browse" if own else "KeyView.all"))


def _places(found: list[Any]) -> dict[str, str]:
    """Names of the places that keys are narrowed to; empty for those that are not."""
    return places_of([key.scope for key in found if key.scope]) | {"": ""}
