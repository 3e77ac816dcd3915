"""The program on a school's PC that a page of the paired server asks for the card in the reader.

It listens on the loopback only, for pages of one origin only, and reads only with a number that the server gave
out (the server checks it). Where a browser lets no page talk to this PC, the server sends the person to our own
page, and we send the card to the server ourselves. Nothing of a card is written down.
"""

from __future__ import annotations

import html
import json
import re
import socket
import sys
import urllib.parse
from dataclasses import asdict
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Final

from .errors import BadData, CardError, ReadUnderWay
from .pairing import Pairing, push
from .reader import CardReader, Reading
from .sealing import Sealed, sealed

PORT: Final = 8765
LONGEST_BODY: Final = 2_000
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{22,100}")

_PAGE: Final = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style>
<main><h1>{title}</h1>{body}</main></html>"""
_WORDS: Final = {
    "th": (
        "อ่านบัตรประชาชน",
        "เสียบบัตรในเครื่องอ่าน แล้วกดปุ่ม ข้อมูลจะส่งไปที่ {server} เท่านั้น",
        "อ่านบัตร",
    ),
    "en": (
        "Read a national ID card",
        "Put the card into the reader and press the button. What is read goes to {server} and nowhere else.",
        "Read the card",
    ),
}
_STYLE: Final = (
    "body{font:18px/1.65 'Noto Sans Thai Looped','Leelawadee UI',sans-serif;margin:0;background:#f4f5fa;"
    "color:#1c2140}main{max-width:34rem;margin:8vh auto;padding:2rem;background:#fff;border-radius:12px}"
    "h1{font-size:1.4rem;margin-top:0}button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:8px;"
    "background:#2b3a8c;color:#fff}[role=alert]{border-left:5px solid #b3261e;padding-left:1rem}"
)


class Agent(ThreadingHTTPServer):
    """The listening program: a pairing, and a reader that does one read at a time."""

    daemon_threads = True
    # Windows would let any other program listen on the same port beside us.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, pairing: Pairing, reader: CardReader, port: int = PORT) -> None:
        self.pairing, self.reader = pairing, reader
        super().__init__(("127.0.0.1", port), _Door)

    def server_bind(self) -> None:
        """As every server does, without asking the network for this computer's name, which can take seconds."""
        if exclusive := getattr(socket, "SO_EXCLUSIVEADDRUSE", None):
            self.socket.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def hosts(self) -> set[str]:
        """What a browser calls us; any other name was made to lead here (DNS rebinding)."""
        return {f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost")}

    def read(self, nonce: str, photo: bool, reader: str | None = None) -> tuple[Sealed, CardError | None]:
        """The sealed read, or the sealed reason why there is none, with that reason; ReadUnderWay."""
        outcome: Reading | CardError
        try:
            outcome = self.reader.read(reader, photo)
        except ReadUnderWay:
            raise
        except CardError as error:
            outcome = error
        made = sealed(
            outcome,
            device=self.pairing.device,
            nonce=nonce,
            key=self.pairing.secret,
            at=datetime.now(UTC),
        )
        return made, outcome if isinstance(outcome, CardError) else None

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A browser that went away is nobody's news, and a traceback could name what was read."""


class _Door(BaseHTTPRequestHandler):
    server: Agent
    server_version = "smartcard-agent"
    sys_version = ""
    timeout = 10

    # ── From a page of the server ────────────────────────────────────────────────────────────────────────

    def do_OPTIONS(self) -> None:
        """The browser asks whether that page may ask."""
        if self._is_ours() and self._origin() == self.server.pairing.origin:
            self._answer(204)
        else:
            self._refuse(403)

    def do_POST(self) -> None:
        """Read: for a page of the server as JSON, or for our own page as a form."""
        if not self._is_ours():
            return self._refuse(403)
        if self.path == "/read":
            return self._for_the_server()
        return self._for_our_page() if self.path == "/" else self._refuse(404)

    def _for_the_server(self) -> None:
        if self._origin() != self.server.pairing.origin:
            return self._refuse(403)
        if self.headers.get_content_type() != "application/json":
            return self._refuse(415)
        try:
            asked = json.loads(self._body())
            nonce, photo = asked["nonce"], asked["photo"] is True
            reader = asked.get("reader")
            if not _NONCE.fullmatch(nonce) or not isinstance(reader, str | None):
                raise BadData(what="request")
            made, _error = self.server.read(nonce, photo, reader)
        except ReadUnderWay as busy:
            told = {"error": busy.code, "message": str(busy), "english": busy.in_english()}
            return self._answer(409, told)
        except (BadData, ValueError, KeyError, TypeError, RecursionError):
            return self._refuse(400)
        return self._answer(200, asdict(made))

    # ── Our own page ─────────────────────────────────────────────────────────────────────────────────────

    def do_GET(self) -> None:
        """Our own page, which reads nothing by being opened."""
        parts = urllib.parse.urlsplit(self.path)
        asked = dict(urllib.parse.parse_qsl(parts.query))
        nonce, lang = asked.get("nonce", ""), _language(asked)
        if not self._is_ours():
            self._refuse(403)
        elif parts.path != "/" or not _NONCE.fullmatch(nonce):
            self._refuse(404)
        else:
            self._page(200, lang, self._form(nonce, lang))

    def _for_our_page(self) -> None:
        if self._origin() not in {f"http://{host}" for host in self.server.hosts}:
            return self._refuse(403)
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            return self._refuse(415)
        try:
            asked = dict(urllib.parse.parse_qsl(self._body().decode()))
        except (BadData, ValueError):
            return self._refuse(400)
        nonce, lang = asked.get("nonce", ""), _language(asked)
        if not _NONCE.fullmatch(nonce):
            return self._refuse(400)
        try:
            made, error = self.server.read(nonce, photo=True)
            # A failure is sent, too: the server keeps account of every read.
            path = push(self.server.pairing, made)
            if error is not None:
                raise error
        except CardError as error:
            told = html.escape(error.in_english() if lang == "en" else str(error))
            return self._page(409, lang, f'<p role="alert">{told}</p>{self._form(nonce, lang)}')
        return self._answer(303, headers={"Location": self.server.pairing.server + path})

    def _form(self, nonce: str, lang: str) -> str:
        _title, text, button = _WORDS[lang]
        return (
            f"<p>{html.escape(text.format(server=self.server.pairing.origin))}</p>"
            f'<form method="post" action="/"><input type="hidden" name="nonce" value="{html.escape(nonce)}">'
            f'<input type="hidden" name="lang" value="{lang}"><button autofocus>{button}</button></form>'
        )

    def _page(self, status: int, lang: str, body: str) -> None:
        page = _PAGE.format(style=_STYLE, lang=lang, title=_WORDS[lang][0], body=body)
        policy = (
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
            f"form-action 'self' {self.server.pairing.origin}"
        )
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy,
            # With "no-referrer" a browser would send our own form without its origin.
            "Referrer-Policy": "same-origin",
        }
        self._answer(status, page, headers)

    # ── Both ─────────────────────────────────────────────────────────────────────────────────────────────

    def _is_ours(self) -> bool:
        return self.headers.get_all("Host") is not None and self.headers["Host"] in self.server.hosts

    def _origin(self) -> str | None:
        """The page that asks; a missing or opaque origin (``null``) is no page of anybody's."""
        origins = self.headers.get_all("Origin") or []
        return origins[0] if len(origins) == 1 else None

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= LONGEST_BODY:
            raise BadData(what="request")
        return self.rfile.read(length)

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._answer(status, {"error": "refused", "message": "โปรแกรมอ่านบัตรไม่รับคำขอนี้"})

    def _answer(self, status: int, body: Any = "", headers: dict[str, str] | None = None) -> None:
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        given = {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(content)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Vary": "Origin",
            "Access-Control-Allow-Origin": self.server.pairing.origin,
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "Content-Type",
            # Chromium asks this before a page from elsewhere reaches the local network.
            "Access-Control-Allow-Private-Network": "true",
            **(headers or {}),
        }
        for name, value in given.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: Any) -> None:
        """Nothing is logged: addresses hold the server's numbers."""


def _language(asked: dict[str, str]) -> str:
    return "en" if asked.get("lang") == "en" else "th"
