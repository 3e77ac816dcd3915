"""The session cookie, signed anew once a minute and not for every page: signing takes as long as a statement."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

RENEWED_EVERY: Final = dt.timedelta(minutes=1)
"""By so much a session may end before its time; a session of minutes is renewed more often."""


class _Session(SecureCookieSession):
    signed_at: dt.datetime | None = None


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions in a signed cookie, whose time counts from the page of the last minute."""

    session_class = _Session

    def open_session(self, app: Flask, request: Request) -> _Session | None:
        """The session of the request's cookie, or an empty one."""
        serializer: Any = self.get_signing_serializer(app)
        sent = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not sent:
            return None if serializer is None else _Session()
        lasts = int(app.permanent_session_lifetime.total_seconds())
        try:
            values, signed_at = serializer.loads(sent, max_age=lasts, return_timestamp=True)
        except BadSignature:
            return _Session()
        session = _Session(values)
        session.signed_at = signed_at
        return session

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether something in it has changed, or its time must go on."""
        signed_at = getattr(session, "signed_at", None)
        if session.modified or signed_at is None:
            return super().should_set_cookie(app, session)
        often = min(RENEWED_EVERY, app.permanent_session_lifetime / 10)
        return dt.datetime.now(dt.UTC) - signed_at >= often and super().should_set_cookie(app, session)
