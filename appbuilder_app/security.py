"""Logging in and being recognised: FAB's security manager made strict, and the viewer of a request."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_appbuilder import expose
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from flask_appbuilder.security.views import AuthDBView
from flask_appbuilder.utils.limit import Limit
from flask_babel import gettext as _
from flask_jwt_extended import create_access_token, create_refresh_token, verify_jwt_in_request
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from forms.login import CodeForm, LoginForm

from . import access, counting  # noqa: F401 - its storage is found by name
from .access import Right, Viewer
from .connections import PLANNED
from .dataset import lock
from .declaration import db
from .demo import accounts as demo_accounts
from .errors import CodeNeeded, TokenRefused, WrongLogin
from .frame import demo_notice
from .models import Account, ApiKey
from .walls import SetWork, set_based
from .workflows import keys, second_factor
from .workflows.accounts import end_sessions

_LOGIN_ENDPOINTS = {"LoginView.login", "LoginView.code", "LoginApi.login"}
_SIGNING_ENDPOINTS = {"SubmissionView.confirm", "SubmissionView.certify", "AccountView.second_factor"}
ATTEMPTS_PER_NAME = "10 per minute"
ATTEMPTS_PER_ADDRESS = "120 per minute"
STRANGERS_PER_ADDRESS = "60 per minute"
LONGEST_NAME = 64
# Between the password and the phone's code. Who is slower types the password again.
HALFWAY = dt.timedelta(minutes=5)


def viewer_of(account: Account, key: ApiKey | None = None, rights: frozenset[Right] | None = None) -> Viewer:
    """The viewer that an account acts as: its scope, and the rights of all its roles, in one statement.

    Through an API key it is only as much of that as the key holds. ``rights`` where they are known already.
    """
    viewer = Viewer(
        id=account.id,
        username=account.username,
        name=account.get_full_name(),
        position=account.position,
        scope=account.scope,
        rights=rights_of(account.id) if rights is None else rights,
    )
    return keys.narrowed(viewer, key) if key is not None else viewer


def rights_of(account_id: int) -> frozenset[Right]:
    """Rights of all roles of an account, its groups' roles included."""
    return _rights_in(db.session.execute(_RIGHTS, {"account": account_id}).scalar())


@lru_cache(maxsize=256)
def _rights_in(lines: str | None) -> frozenset[Right]:
    """Rights as the database gathers them. Accounts with the same roles have the same lines."""
    pairs = (line.partition(" ") for line in (lines or "").split("\n") if line)
    return frozenset((action.removeprefix("can_"), subject) for action, _, subject in pairs)


def _gathered(account: Any) -> sa.ScalarSelect[Any]:
    """The rights of an account as one text: a row for each right took as long as all else of a request."""
    own = sa.select(assoc_user_role.c.role_id).where(assoc_user_role.c.user_id == account)
    of_groups = (
        sa.select(assoc_group_role.c.role_id)
        .join(assoc_user_group, assoc_user_group.c.group_id == assoc_group_role.c.group_id)
        .where(assoc_user_group.c.user_id == account)
    )
    permission, subject, right = Permission.__table__, ViewMenu.__table__, PermissionView.__table__
    return (
        sa.select(sa.func.aggregate_strings(permission.c.name + " " + subject.c.name, "\n"))
        .select_from(assoc_permissionview_role)
        .join(right, right.c.id == assoc_permissionview_role.c.permission_view_id)
        .join(permission, permission.c.id == right.c.permission_id)
        .join(subject, subject.c.id == right.c.view_menu_id)
        .where(assoc_permissionview_role.c.role_id.in_(own.union(of_groups)))
        .scalar_subquery()
    )


# Built once: putting them together for every request took three times as long as executing them.
_ACCOUNT = sa.bindparam("account", type_=sa.Integer())
_RIGHTS = sa.select(_gathered(_ACCOUNT))
_ACCOUNT_AND_RIGHTS = (
    sa.select(Account, _gathered(_ACCOUNT)).where(Account.id == _ACCOUNT).execution_options(**{PLANNED: True})
)


def _name_tried() -> str:
    """Attempts are counted for a name, so that a school behind one address cannot be locked out whole."""
    body = request.get_json(silent=True) if request.is_json else request.form
    name = body.get("username", "") if isinstance(body, Mapping) else ""
    name = name or session.get("halfway", ("",))[0]
    return f"name:{str(name).strip().lower()[:128]}"


def _program() -> str:
    """Whose requests are counted together: the key's, else the account's, else the address's."""
    if (key := g.get("api_key")) is not None:
        return f"key:{key.id}"
    viewer = access.viewer_or_none()
    return f"account:{viewer.id}" if viewer is not None else get_remote_address()


def _requests_a_minute() -> str:
    return f"{current_app.config['API_PER_MINUTE']} per minute"


def _is_no_signing() -> bool:
    return request.endpoint not in _SIGNING_ENDPOINTS


def _is_no_login() -> bool:
    """Logging out and renewing a token name nobody: counted, all users together would share one count."""
    return request.endpoint not in _LOGIN_ENDPOINTS


def _next_address() -> str:
    """Where to go after logging in: an address of this site, however the browser would read it; else home."""
    try:
        wanted = urlsplit(request.args.get("next", ""))
    except ValueError:
        return "/"
    address = wanted.path + (f"?{wanted.query}" if wanted.query else "")
    ours = wanted.netloc in {"", request.host} and re.fullmatch(r"/(?![/\\])[^\x00-\x20\\]*", address)
    return address if ours else "/"


class LoginView(AuthDBView):
    """The login page. Logging out is a POST and ends every session of the account."""

    login_template = "thabian/login.html"

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> Any:
        """Show the page; on POST check name and password. A wrong pair keeps the typed name."""
        if current_user.is_authenticated:
            return redirect(_next_address())
        form, message = LoginForm(request.form), None
        if request.method == "POST":
            account = self.appbuilder.sm.auth_user_db(
                (form.username.data or "").strip(), form.password.data or ""
            )
            if account is not None and account.second_factor:
                session["halfway"] = [account.username, account.get_id(), lock.now().timestamp()]
                return redirect(url_for("LoginView.code", next=_next_address()))
            if account is not None:
                return self._enter(account)
            message = _("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาลองใหม่ หรือขอรหัสผ่านใหม่จากเขตพื้นที่")
        offered = demo_accounts.shown()
        notice = demo_notice() if offered else None
        page = render_template(
            "thabian/login.html", form=form, message=message, demo_accounts=offered, environment_notice=notice
        )
        return page, 401 if message else 200

    @expose("/login/code", methods=["GET", "POST"])
    @no_cache
    def code(self) -> Any:
        """The phone's code, for who has set one up and given the right password just before."""
        account = self._halfway()
        if account is None:
            return redirect(url_for("LoginView.login", next=_next_address()))
        form, message = CodeForm(request.form), None
        if request.method == "POST":
            if second_factor.is_right(account, form.code.data or ""):
                db.session.commit()
                return self._enter(account)
            db.session.rollback()
            message = _("รหัสไม่ถูกต้องหรือใช้ไปแล้ว กรุณากรอกรหัสที่โทรศัพท์แสดงอยู่ขณะนี้")
        page = render_template("thabian/login_code.html", message=message, username=account.username)
        return page, 401 if message else 200

    def _halfway(self) -> Account | None:
        """Who has given the right password a little while ago, and has nothing changed since."""
        _name, key, since = session.get("halfway", ("", "", 0))
        if lock.now().timestamp() - since > HALFWAY.total_seconds():
            return None
        found: Account | None = self.appbuilder.sm.load_user(key)
        return found if found is not None and found.second_factor else None

    def _enter(self, account: Account) -> Response:
        locale = session.get("locale")
        session.clear()  # a session id set before login must not become a logged-in one
        if locale:
            session["locale"] = locale
        session["demo"] = demo_accounts.are_there()
        session.permanent = True
        login_user(account, remember=False)
        return redirect(_next_address())

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the session, here and wherever else the cookie may have been copied."""
        if current_user.is_authenticated:
            end_sessions(current_user._get_current_object())
            db.session.commit()
        logout_user()
        session.clear()
        flash(_("ออกจากระบบแล้ว"), "info")
        return redirect(url_for("LoginView.login"))


def _is_text(value: Any) -> bool:
    """JSON can carry halves of characters, which no encoding knows."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _is_a_name(value: Any) -> bool:
    """FAB would take an e-mail address for a name, too: one account with two counts of attempts."""
    return _is_text(value) and "@" not in value and "\x00" not in value and len(value) <= LONGEST_NAME


def _token_refused(*_what: Any) -> Any:
    from .doors import answer

    refusal = TokenRefused()
    return answer(refusal.status, str(refusal), type(refusal).__name__)


class LoginApi(SecurityApi):
    """The API's door: name and password for a token. Limited like the login page."""

    resource_name = "security"
    limits = [
        Limit(ATTEMPTS_PER_NAME, key_func=_name_tried, exempt_when=_is_no_login),
        Limit(ATTEMPTS_PER_ADDRESS, key_func=get_remote_address, exempt_when=_is_no_login),
    ]

    @expose("/login", methods=["POST"])
    def login(self) -> Response:
        """A token for a name and a password.
        ---
        post:
          summary: เข้าสู่ระบบ
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  properties:
                    username: {type: string}
                    password: {type: string}
                    refresh: {type: boolean, description: ขอ refresh token ด้วย}
                    code: {type: string, description: รหัส 6 หลักจากโทรศัพท์ ถ้าบัญชีตั้งไว้}
          responses:
            200: {description: access_token และ refresh_token (ถ้าขอ)}
            401: {description: ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง}
        """
        sent = request.get_json()
        body = sent if isinstance(sent, dict) else {}
        account = self.appbuilder.sm.auth_user_db(body.get("username"), body.get("password"))
        if account is None:
            raise WrongLogin
        if account.second_factor:
            code = body.get("code")
            if not _is_text(code) or not second_factor.is_right(account, str(code)):
                raise CodeNeeded
            db.session.commit()
        identity = str(account.id)
        tokens = {"access_token": create_access_token(identity=identity, fresh=True)}
        if body.get("refresh") is True:
            tokens["refresh_token"] = create_refresh_token(identity=identity)
        return jsonify(tokens)


class Security(SecurityManager):
    """FAB's security manager with one permission set per request, session epochs and limited doors."""

    user_model = Account
    security_api = LoginApi

    def register_views(self) -> None:
        """Only the two login doors: accounts and roles have screens of our own."""
        self.appbuilder.add_api(self.security_api)
        self.auth_view = LoginView()
        self.appbuilder.add_view_no_menu(self.auth_view)
        for bound, key in ((ATTEMPTS_PER_NAME, _name_tried), (ATTEMPTS_PER_ADDRESS, get_remote_address)):
            limited = self.limiter.limit(bound, key_func=key, methods=["POST"], exempt_when=_is_no_login)
            limited(self.auth_view.blueprint)
        self.jwt_manager.additional_claims_loader(self._claims)
        for wrong in ("unauthorized", "invalid_token", "expired_token", "user_lookup_error"):
            getattr(self.jwt_manager, f"{wrong}_loader")(_token_refused)

    def limit_programs(self, blueprints: Iterable[Blueprint]) -> None:
        """One count over all datasets for each key and each account that comes through the API."""
        for blueprint in blueprints:
            self.limiter.shared_limit(_requests_a_minute, scope="api", key_func=_program)(blueprint)

    def limit_strangers(self, blueprint: Blueprint) -> None:
        """A public page is asked by people who were shown a paper, not by who counts through codes."""
        self.limiter.limit(STRANGERS_PER_ADDRESS, key_func=get_remote_address)(blueprint)

    def limit_signing(self, blueprint: Blueprint) -> None:
        """A password is asked before signing, too: who found an open session does not guess it there."""
        limited = self.limiter.limit(
            ATTEMPTS_PER_NAME, key_func=_program, methods=["POST"], exempt_when=_is_no_signing
        )
        limited(blueprint)

    def _claims(self, identity: str) -> dict[str, Any]:
        account = db.session.get(Account, int(identity))
        return {"epoch": account.session_epoch if account else 0}

    def auth_user_db(self, username: Any, password: Any) -> Account | None:
        """The account of a name and a password; None for a wrong pair and for what no account could have."""
        if not _is_a_name(username) or not _is_text(password):
            return None
        found: Account | None = super().auth_user_db(username, password)
        return found

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """One set of rights per request instead of a statement per question."""
        viewer = access.viewer_or_none()
        return viewer is not None and viewer.may(permission_name.removeprefix("can_"), view_name)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public by permission."""
        return False

    def load_user(self, pk: str) -> Account | None:
        """The account of a session cookie, unless it was switched off or its sessions were ended."""
        key, _dot, epoch = str(pk).partition(".")
        if not key.isdigit():
            return None
        with set_based(SetWork.RECOGNISE):
            found = db.session.execute(_ACCOUNT_AND_RIGHTS, {"account": int(key)}).one_or_none()
        if found is None or not found[0].is_active or str(found[0].session_epoch) != epoch:
            return None
        account: Account = found[0]
        g.rights = _rights_in(found[1])
        return account

    def load_user_jwt(self, _jwt_header: Any, jwt_data: dict[str, Any]) -> Account | None:
        """The account of a token, under the same conditions as a cookie's."""
        account = self.load_user(f"{jwt_data['sub']}.{jwt_data.get('epoch')}")
        if account is not None:
            g.user = account
        return account


def secret_sent() -> str:
    """The API key that this request carries, in a header of its own or as a bearer; empty for none."""
    if not request.path.startswith("/api/"):
        return ""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    bearer = secret.strip() if kind.lower() == "bearer" else ""
    return request.headers.get("X-API-Key", "").strip() or (
        bearer if bearer.startswith(keys.BEGINNING) else ""
    )


def sends_token() -> bool:
    """A token opens the API. On screens, where only cookies count, it would switch their CSRF check off."""
    header = request.headers.get("Authorization", "")
    return request.path.startswith("/api/") and header.lower().startswith("bearer ")


def account_of_request() -> Account | None:
    """Who sends this request: the key's or the token's account when one is sent, else the session's, else nobody.

    A key that is refused is not made up for by a cookie beside it.
    """
    if secret := secret_sent():
        g.user, g.api_key, lines = keys.owner_by(secret, _gathered)
        g.rights = _rights_in(lines)
        return g.user
    if sends_token():
        verify_jwt_in_request()
        return g.user
    return current_user._get_current_object() if current_user.is_authenticated else None
