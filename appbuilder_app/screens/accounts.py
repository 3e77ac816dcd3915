"""Accounts and roles in screens: who may log in, whose rows they look after, what they may do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from flask_appbuilder.security.sqla.models import Role
from flask_login import login_user

from forms.accounts import AccountForm, PasswordForm, SecondFactorForm

from .. import access
from ..access import Action, Level, Right, Sight
from ..dataset import lock
from ..declaration import dataset_of, datasets, db
from ..doors import problems_of
from ..errors import RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import Account
from ..workflows import accounts, credential_slips, roles, second_factor, why
from ..workflows.accounts import places_of
from ..workflows.certificate_sheet import in_fours
from .submissions import paper_response

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

    @expose("/second-factor", methods=["GET", "POST"])
    def second_factor(self) -> Any:
        """One's own phone: set up by its square code, or given up."""
        if access.viewer_or_none() is None:
            return redirect(url_for("LoginView.login"))
        account = db.session.get_one(Account, access.viewer().id)
        form, problems = SecondFactorForm(request.form), []
        if request.method == "POST":
            giving_up = bool(account.second_factor)
            try:
                self._change_phone(account, form, giving_up)
                db.session.commit()
            except RuleViolation as refusal:
                db.session.rollback()
                form.show(problems_of(refusal))
                problems = form.unplaced(problems_of(refusal))
            else:
                login_user(account)
                flash(
                    _("เลิกใช้รหัสจากโทรศัพท์แล้ว")
                    if giving_up
                    else _("ตั้งค่าแล้ว ตั้งแต่นี้ระบบจะถามรหัสจากโทรศัพท์เมื่อเข้าระบบและก่อนลงนาม"),
                    "success",
                )
                return redirect(url_for("AccountView.password"))
        sent = form.secret.data or ""
        secret = sent if second_factor.is_secret(sent) else second_factor.new_secret()
        page = self.render_template(
            "thabian/accounts/second_factor.html",
            account=account,
            form=form,
            problems=problems,
            secret=secret,
            spelled=in_fours(secret),
            square=None if account.second_factor else second_factor.square_code(account, secret),
        )
        return page, 422 if request.method == "POST" else 200

    @staticmethod
    def _change_phone(account: Account, form: SecondFactorForm, giving_up: bool) -> None:
        code = form.code.data or ""
        if giving_up:
            accounts.give_up_phone(account, code)
        else:
            accounts.set_up_phone(account, form.secret.data or "", code, form.password.data or "")

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

    @expose("/why", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def why(self) -> Any:
        """Why an account can or cannot see or change a row; asking leaves its trace."""
        steps, problems = None, []
        if request.method == "POST":
            try:
                steps = _explained()
                db.session.commit()
            except RuleViolation as refusal:
                db.session.rollback()
                problems = problems_of(refusal)
        page = self.render_template(
            "thabian/accounts/why.html",
            datasets=[(model.__tablename__, said(dataset_of(model).th)) for model in datasets()],
            typed={name: request.values.get(name, "")[:300] for name in ("username", "dataset", "key")},
            steps=[(step.passed, said(step.told), said(step.advice or "")) for step in steps or ()],
            problems=problems,
        )
        return page, 422 if problems else 200

    @expose("/<int:account_id>/new-password", methods=["POST"])
    @has_access
    @permission_name("manage")
    def new_password(self, account_id: int) -> Any:
        """A new first password, shown once; the account's sessions end."""
        account = accounts.account_with(account_id)
        password = accounts.give_password(account)
        db.session.commit()
        return self._password_page(account, password)

    @expose("/<int:account_id>/slip.pdf", methods=["POST"])
    @has_access
    @permission_name("manage")
    def slip(self, account_id: int) -> Response:
        """The slip to be folded and sealed, while its password is still the first one; it is kept nowhere."""
        account = accounts.account_with(account_id)
        about = _about(account)
        data = credential_slips.pdf_of(
            account, request.form.get("password", "")[:64], about["place"], about["role_names"]
        )
        answer = paper_response(data, "application/pdf", f"{account.username}.pdf")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _password_page(self, account: Account, password: str) -> str:
        return self.render_template(
            "thabian/accounts/handover.html", password=password, printed_at=lock.now(), **_about(account)
        )


def _explained() -> list[why.Step]:
    from ..security import viewer_of

    account = why.account_named(request.form.get("username", "")[:64])
    asked = why.row_asked(request.form.get("dataset", ""), request.form.get("key", "")[:300])
    return why.explain(account, viewer_of(account), *asked)


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
        """One role: its rights as tick boxes, what it sees of each group of fields, and whom it is for."""
        role = roles.role_with(role_id)
        if request.method == "POST":
            told = _("บันทึกสิทธิ์ของบทบาท “%(name)s” แล้ว", name=roles.label_of(role))
            return self._answered(role, lambda: _save(role), told)
        return self._page(role)

    @expose("/<int:role_id>/copy", methods=["POST"])
    @has_access
    @permission_name("manage")
    def copy(self, role_id: int) -> Any:
        """A new role that begins as this one."""
        role = roles.role_with(role_id)
        name = request.form.get("name", "")
        told = _("คัดลอกบทบาทแล้ว กรุณาเลือกสิทธิ์")
        return self._answered(role, lambda: roles.copy_role(role, name), told)

    @expose("/<int:role_id>/delete", methods=["POST"])
    @has_access
    @permission_name("manage")
    def delete(self, role_id: int) -> Any:
        """Remove a role that nobody holds."""
        role = roles.role_with(role_id)
        told = _("ลบบทบาท “%(name)s” แล้ว", name=roles.label_of(role))
        return self._answered(role, lambda: roles.delete_role(role), told)

    def _answered(self, role: Role, verb: Callable[[], Role | None], told: str) -> Any:
        """Do it and go on: to a role just made, else to all roles; or show the role and what was refused."""
        try:
            made = verb()
            db.session.commit()
        except RuleViolation as refusal:
            db.session.rollback()
            return self._page(role, problems_of(refusal)), refusal.status
        flash(told, "success")
        return redirect(url_for("RoleView.edit", role_id=made.id) if made else url_for("RoleView.browse"))

    def _page(self, role: Role, problems: Sequence[tuple[str | None, str]] = ()) -> Any:
        held = roles.holders(role)
        places = places_of([account.scope for account in held])
        return self.render_template(
            "thabian/accounts/role.html",
            role=role,
            label=roles.label_of(role),
            built_in=roles.is_built_in(role),
            chapters=roles.chapters(),
            rights=_ticked() if problems and "right" in request.form else roles.rights_in(role),
            sight_in=roles.sight_in,
            sights=[*Sight],
            levels=[*Level],
            terms=roles.terms_of(role),
            holders=[(account, places.get(account.scope, "")) for account in held],
            problems=problems,
            typed=request.form.get("name", ""),
        )


def _ticked() -> frozenset[Right]:
    """The rights that were sent; a group of fields that is not seen sends an empty one."""
    sent = (right.partition(":") for right in request.form.getlist("right") if right)
    return frozenset((action, subject) for action, _colon, subject in sent)


def _save(role: Role) -> None:
    roles.set_rights(role, set(_ticked()))
    if not roles.is_built_in(role):
        level = request.form.get("level", "")
        known = Level(level) if level in {*Level} else None
        roles.set_terms(role, known, given_below=request.form.get("given_below") == "1")
