"""What every request passes: who it is, CSRF, headers, and how refusals are answered."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any, cast

import orjson
from flask import Flask, Response, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.json.provider import DefaultJSONProvider
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from . import access
from .bilingual import Sentence
from .dataset import lock, refusals
from .declaration import db
from .errors import InvalidRow, PasswordMustChange, Problem, RuleViolation
from .language import is_english, said
from .sessions import Sessions
from .walls import writing

log = logging.getLogger(__name__)
csrf = CSRFProtect()

_SAFE = {"GET", "HEAD", "OPTIONS"}
# Doors that a person passes before being anybody.
_OPEN_ENDPOINTS = {
    "static",
    "appbuilder.static",
    "LoginView.login",
    "LoginView.code",
    "LoginApi.login",
    "LocaleView.index",
    "health",
}
# A one-time code, or a text under a device's key, is the whole proof: these programs have no session to ride on.
_PROGRAMS_OF_READERS = {"CardAgentView.pair", "CardAgentView.push", "CardAgentView.greet"}
_TOKEN_ENDPOINTS = {"LoginApi.login", "LoginApi.refresh"}
_WHEN_PASSWORD_MUST_CHANGE = _OPEN_ENDPOINTS | {"AccountView.password", "LoginView.logout"}

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)


_AS_FLASK = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME


class _Json(DefaultJSONProvider):
    """Flask's JSON, for which a body of a hundred thousand brackets is as wrong as a missing quote."""

    sort_keys = False  # members stand in the order of their declaration
    ensure_ascii = False  # six bytes for each Thai letter would double what goes over the wire

    def dumps(self, obj: Any, **options: Any) -> str:
        """The text; halves of characters, which a refusal may have to name, as escapes."""
        text = super().dumps(obj, **options)
        try:
            text.encode()
        except UnicodeEncodeError:
            return super().dumps(obj, **options | {"ensure_ascii": True})
        return text

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """A body of JSON, by orjson where it writes what Flask would."""
        try:
            body = orjson.dumps(self._prepare_response_obj(args, kwargs), self.default, _AS_FLASK)
        except TypeError:  # halves of characters, numbers beyond 64 bits, keys that are no text
            return cast("Response", super().response(*args, **kwargs))
        return Response(body, mimetype=self.mimetype)

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """The value; ValueError for every text that is none, or that could be read in two ways."""
        strict = {"object_pairs_hook": _members, "parse_constant": _no_number}
        try:
            return super().loads(s, **strict | options)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. Of two members with one name each reader would take another (RFC 8259, section 4)."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def install(app: Flask) -> None:
    """Hang the doors: before_request admits, error handlers answer, after_request adds headers."""
    app.json = _Json(app)
    app.session_interface = Sessions()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # _admit decides: a token in the header needs no CSRF token
    csrf.init_app(app)
    app.before_request(_admit)
    app.teardown_request(_leave)
    app.after_request(_headers)
    app.after_request(_as_problem)
    app.register_error_handler(RuleViolation, _refused)
    app.register_error_handler(DatabaseError, _database_refused)
    app.register_error_handler(StaleDataError, _database_refused)
    app.register_error_handler(OverflowError, _too_large)
    app.register_error_handler(HTTPException, _http_error)
    app.add_url_rule("/health", "health", _health)


def _admit() -> Any:
    """Recognise the sender and set the viewer for all that the request does."""
    g.tokens = [(lock._received, lock._received.set(lock.now()))]
    if request.endpoint in {"static", "appbuilder.static", "health"}:
        return None
    unsafe = request.method not in _SAFE
    g.tokens.append((writing, writing.set(unsafe)))
    _refuse_unstorable(unsafe)
    if unsafe and current_app.config["WTF_CSRF_ENABLED"] and not _carries_its_own_proof():
        csrf.protect()
    return None if request.endpoint in _TOKEN_ENDPOINTS | _PROGRAMS_OF_READERS else _recognise()


def _refuse_unstorable(unsafe: bool) -> None:
    """NUL and numbers beyond 64 bits are in no row; a database would answer them with an error."""
    texts = [request.path, *request.args.values(), *(request.form.values() if unsafe else ())]
    if any("\x00" in text for text in texts):
        abort(400)
    if any(isinstance(part, int) and part >= 2**63 for part in (request.view_args or {}).values()):
        abort(404)


def _carries_its_own_proof() -> bool:
    """A token, a key or a password in the request is something that no other site's page could have sent."""
    from .security import secret_sent, sends_token

    own = request.endpoint == "LoginApi.login" or request.endpoint in _PROGRAMS_OF_READERS
    return sends_token() or bool(secret_sent()) or own


def _recognise() -> Any:
    from .security import account_of_request, viewer_of

    account = account_of_request()
    if account is None:
        return None
    g.account = account
    door = "api" if is_api() else "screen"
    viewer = viewer_of(account, g.get("api_key"), g.get("rights"))
    g.tokens.append((access._viewer, access._viewer.set(viewer)))
    g.tokens.append((access._path, access._path.set(door)))
    if account.must_change_password and request.endpoint not in _WHEN_PASSWORD_MUST_CHANGE:
        if is_api():
            raise PasswordMustChange
        return redirect(url_for("AccountView.password"))
    return None


def _leave(_error: BaseException | None) -> None:
    """Threads are reused: the next request must not inherit this one's viewer."""
    for variable, token in reversed(g.pop("tokens", [])):
        variable.reset(token)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in {"static", "appbuilder.static"}:
        # Not by default: a file that is sent says no-cache by itself, which a shared PC may keep on its disk.
        response.headers["Cache-Control"] = "no-store"
    elif response.status_code == 200:
        # An address with a version never changes its content; weak networks load it once.
        lasting = "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=3600"
        response.headers["Cache-Control"] = lasting
    return response


def _as_problem(response: Response) -> Response:
    """What FAB refuses at the API's door by itself is told like every other refusal."""
    if is_api() and response.status_code >= 400 and response.mimetype == "application/json":
        sentence = _SENTENCES.get(response.status_code, _SENTENCES[400])
        body, status = answer(response.status_code, sentence, "Refused")
        response = body
        response.status_code = status
        _headers(response)
    return response


def _health() -> Response:
    """For proxies: the process answers."""
    return jsonify(status="ok", time=dt.datetime.now(dt.UTC).isoformat())


def is_api() -> bool:
    """True when the request came through the API's door."""
    return request.path.startswith("/api/")


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────


def _refused(refusal: RuleViolation) -> Any:
    db.session.rollback()
    if refusal.status >= 500:
        log.error("refused: %s", type(refusal).__name__, exc_info=refusal)
    return answer(refusal.status, str(refusal), type(refusal).__name__, getattr(refusal, "problems", None))


def _database_refused(error: Exception) -> Any:
    db.session.rollback()
    refusal = refusals.from_database(error)
    if refusal is None:
        raise error
    return _refused(refusal)


def _too_large(error: OverflowError) -> Any:
    """SQLite's driver takes no number beyond 64 bits; PostgreSQL says the same as a refusal."""
    db.session.rollback()
    log.warning("a number too large for the database", exc_info=error)
    return answer(400, _SENTENCES[400], type(error).__name__)


def _http_error(error: HTTPException) -> Any:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    sentence = _SENTENCES.get(error.code)
    if isinstance(error, CSRFError):
        sentence = _PAGE_TOO_OLD
    return answer(error.code, sentence or _FAILED, type(error).__name__)


_PAGE_TOO_OLD = Sentence("หน้านี้เปิดค้างไว้นานเกินไป กรุณากลับไปโหลดหน้าใหม่แล้วส่งอีกครั้ง ข้อมูลที่พิมพ์ไว้ยังอยู่ในเครื่องของท่าน")
_FAILED = Sentence("ทำรายการไม่สำเร็จ")


_SENTENCES = {
    400: Sentence("คำขอไม่ถูกต้อง กรุณาตรวจข้อมูลแล้วลองใหม่"),
    401: Sentence("กรุณาเข้าสู่ระบบก่อน"),
    403: Sentence("บัญชีของท่านไม่มีสิทธิ์ทำรายการนี้ หากจำเป็นต้องใช้ ให้ติดต่อผู้ดูแลระบบ"),
    404: Sentence("ไม่พบหน้าหรือรายการที่ต้องการ อาจถูกลบไปแล้ว หรืออยู่นอกขอบเขตที่ท่านดูแล"),
    405: Sentence("ทำรายการนี้ด้วยวิธีนี้ไม่ได้"),
    409: Sentence("ข้อมูลเปลี่ยนไปแล้วระหว่างที่ท่านทำรายการ กรุณาโหลดหน้าใหม่"),
    413: Sentence("ไฟล์ใหญ่เกินไป กรุณาแบ่งไฟล์หรือลดขนาดแล้วส่งใหม่"),
    415: Sentence("ต้องส่งข้อมูลเป็น JSON"),
    422: Sentence("ข้อมูลยังไม่ถูกต้อง กรุณาตรวจแล้วส่งใหม่"),
    429: Sentence("ลองบ่อยเกินไป กรุณารอสักครู่แล้วลองใหม่"),
    500: Sentence("ระบบขัดข้อง ผู้ดูแลได้รับแจ้งแล้ว กรุณาลองใหม่ภายหลัง"),
}


def answer(status: int, sentence: str, kind: str, problems: Any = None) -> Any:
    """A refusal as the door expects it: a page, or an RFC 9457 problem for the API."""
    if is_api():
        return _problem(status, sentence, kind, problems or ()), status
    return render_template("thabian/error.html", status=status, message=said(sentence)), status


def _problem(status: int, sentence: str, kind: str, problems: Iterable[tuple[str | None, str]]) -> Response:
    body: dict[str, Any] = {"type": f"urn:thabian:{kind}", "title": said(sentence), "status": status}
    errors = [
        {"field": field, "pointer": _pointer(field), "message": said(message)} for field, message in problems
    ]
    response = jsonify(body | {"errors": errors} if errors else body)
    response.headers["Content-Type"] = "application/problem+json"
    response.headers["Content-Language"] = "en" if is_english() else "th"
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="thabian"'
    return response


def _pointer(field: str | None) -> str:
    """Where in the body a problem is (RFC 6901, as a fragment); ``#`` for the whole."""
    return "#" if field is None else "#/" + field.replace("~", "~0").replace("/", "~1")


def problems_of(refusal: RuleViolation) -> list[tuple[str | None, str]]:
    """What a form shows of a refusal: each problem at its field, or the one sentence for the whole."""
    problems = refusal.problems if isinstance(refusal, InvalidRow) else [Problem(None, str(refusal))]
    return [(problem.field, said(problem.message)) for problem in problems]
