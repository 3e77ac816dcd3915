"""Accounts and roles in screens: who may log in, whose rows they look after, what they may do."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from flask_login import login_user

from forms.accounts import AccountForm, PasswordForm

from .. import access
from ..access import Action
from ..dataset import lock
from ..declaration import db
from ..doors import problems_of
from ..errors import RuleViolation
from ..language import gettext as _
from ..models import Account
from ..workflows import accounts, roles
from ..workflows.accounts import places_of

SHOWN = 200


class AccountView(BaseView):
    """Accounts: list, add, edit, switch off, give a new password; and everybody's own password page."""

    route_base = "/accounts"
    class_permission_name = "account"

    @expose("/password", methods=["GET", "POST"])
    def password(self) -> Any:
        """Change one's own password. Every other session of the account ends."""
        if access.viewer_or_none() is None:
            return redirect(url_for("LoginView.login"))
        account = db.session.get_one(Account, access.viewer().id)
        form = PasswordForm(request.form)
        problems: list[str] = []
        if request.method == "POST":
            try:
                accounts.change_own_password(account, *(field.data or "" for field in form))
                db.session.commit()
            except RuleViolation as refusal:
                db.session.rollback()
                problems = [str(refusal)]
            else:
                login_user(account)
                flash(_("เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นที่เข้าด้วยบัญชีนี้ถูกออกจากระบบทั้งหมด"), "success")
                return redirect("/")
        page = self.render_template(
            "thabian/accounts/password.html", form=form, problems=problems, **_about(account)
        )
        return page, 422 if problems else 200

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """Accounts within the viewer's scope, with a search box."""
        search = request.args.get("q", "")[:100]
        found = accounts.accounts_seen(search)
        return self.render_template(
            "thabian/accounts/list.html",
            accounts=found,
            capped=len(found) >= SHOWN,
            search=search,
            places=places_of([account.scope for account in found]),
            role_labels=access.ROLE_LABELS,
            may_manage=access.viewer().may(Action.MANAGE, "account"),
        )

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("manage")
    def add(self) -> Any:
        """A new account; its first password is shown once, to be handed over."""
        return self._form(None)

    @expose("/<int:account_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("manage")
    def edit(self, account_id: int) -> Any:
        """Change an account."""
        return self._form(accounts.account_with(account_id))

    def _form(self, account: Account | None) -> Any:
        form = AccountForm(request.form if request.method == "POST" else None, account=account)
        problems: list[str] = []
        if request.method == "POST":
            try:
                return self._saved(account, form)
            except RuleViolation as refusal:
                db.session.rollback()
                found = problems_of(refusal)
                form.show(found)
                problems = form.unplaced(found)
        page = self.render_template(
            "thabian/accounts/form.html", account=account, form=form, problems=problems
        )
        return page, 422 if problems or form.errors else 200

    def _saved(self, account: Account | None, form: AccountForm) -> Any:
        if account is None:
            account, password = accounts.add_account(
                username=(form.username.data or "").strip(), **form.facts()
            )
            db.session.commit()
            return self._password_page(account, password)
        accounts.change_account(account, active=form.active.data == "1", **form.facts())
        db.session.commit()
        flash(_("บันทึกบัญชี “%(name)s” แล้ว", name=account.username), "success")
        return redirect(url_for("AccountView.browse"))

    @expose("/<int:account_id>/new-password", methods=["POST"])
    @has_access
    @permission_name("manage")
    def new_password(self, account_id: int) -> Any:
        """A new first password, shown once; the account's sessions end."""
        account = accounts.account_with(account_id)
        password = accounts.give_password(account)
        db.session.commit()
        return self._password_page(account, password)

    def _password_page(self, account: Account, password: str) -> str:
        return self.render_template(
            "thabian/accounts/handover.html", password=password, printed_at=lock.now(), **_about(account)
        )


def _about(account: Account) -> dict[str, Any]:
    """An account as its own page and its slip describe it."""
    return {
        "account": account,
        "place": places_of([account.scope]).get(account.scope, ""),
        "role_names": [roles.label_of(role) for role in account.roles],
    }


class RoleView(BaseView):
    """Roles: a matrix of rights in Thai words; administrators tick what a role may do."""

    route_base = "/roles"
    class_permission_name = "role"

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def browse(self) -> Any:
        """All roles; adding one by its name."""
        problems: list[tuple[str | None, str]] = []
        if request.method == "POST":
            try:
                role = roles.add_role(request.form.get("name", ""))
                db.session.commit()
                return redirect(url_for("RoleView.edit", role_id=role.id))
            except RuleViolation as refusal:
                db.session.rollback()
                problems = problems_of(refusal)
        page = self.render_template(
            "thabian/accounts/roles.html",
            roles=roles.roles_with_counts(),
            problems=problems,
            typed=request.form.get("name", ""),
            may_manage=access.viewer().may(Action.MANAGE, "role"),
        )
        return page, 422 if problems else 200

    @expose("/<int:role_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("manage")
    def edit(self, role_id: int) -> Any:
        """The rights of one role as tick boxes: subjects down, actions across."""
        role = roles.role_with(role_id)
        ticked = {tuple(right.split(":", 1)) for right in request.form.getlist("right")}
        problems: list[tuple[str | None, str]] = []
        status = 200
        if request.method == "POST":
            try:
                roles.set_rights(role, ticked)
                db.session.commit()
            except RuleViolation as refusal:
                db.session.rollback()
                problems, status = problems_of(refusal), refusal.status
            else:
                flash(_("บันทึกสิทธิ์ของบทบาท “%(name)s” แล้ว", name=roles.label_of(role)), "success")
                return redirect(url_for("RoleView.browse"))
        page = self.render_template(
            "thabian/accounts/role.html",
            role=role,
            label=roles.label_of(role),
            actions=[*Action],
            matrix=roles.matrix(),
            rights=ticked if problems else roles.rights_in(role),
            problems=problems,
        )
        return page, status
