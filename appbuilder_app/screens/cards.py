"""National ID cards in screens: devices, the account of reads, the page that reads, and what the PCs send."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, jsonify, redirect, request, send_file, session, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

import cards as reader_package
from cards.sealing import LONGEST, key_as_text

from .. import access
from ..access import Action, Level
from ..codes import CardPurpose
from ..dataset import lock
from ..dataset.screens import Button, DatasetView
from ..declaration import db
from ..doors import CONTENT_SECURITY_POLICY, problems_of
from ..errors import InvalidRow, RuleViolation
from ..language import gettext as _
from ..language import is_english, said
from ..models import Student
from ..workflows import cards

_ENTRY = b"from cards.cli import main\nimport sys\nsys.exit(main())\n"


def agent_address() -> str:
    """The program on the PC of who looks at the page."""
    return f"http://127.0.0.1:{current_app.config['CARD_AGENT_PORT']}"


def agent_policy() -> str:
    """Of the pages that talk to that program, and whose form leads to that program's own page."""
    agent = agent_address()
    widened = CONTENT_SECURITY_POLICY.replace("form-action 'self'", f"form-action 'self' {agent}")
    return f"{widened}; connect-src 'self' {agent}"


class CardView(BaseView):
    """Pair PCs, see who read what for, read a card, and use what it says."""

    route_base = "/cards"
    class_permission_name = cards.SUBJECT

    # ── Devices and the account of reads ─────────────────────────────────────────────────────────────────

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """The PCs that are paired, and the latest reads, failed ones too."""
        return self._devices([])

    @expose("/devices", methods=["POST"])
    @has_access
    @permission_name("manage")
    def make(self) -> Any:
        """A PC to be paired; its page tells the one-time code."""
        try:
            device, code = cards.make_device(request.form.get("name", ""))
            db.session.commit()
        except InvalidRow as refusal:
            db.session.rollback()
            return self._devices([message for _field, message in problems_of(refusal)]), 422
        return self.render_template(
            "thabian/cards/code.html", device=device, code=code, server=request.host_url.rstrip("/")
        )

    @expose("/devices/<int:device_id>/revoke", methods=["POST"])
    @has_access
    @permission_name("manage")
    def revoke(self, device_id: int) -> Any:
        """End a PC's pairing."""
        device = cards.revoke(device_id)
        db.session.commit()
        flash(_("ยกเลิกเครื่อง “%(name)s” แล้ว ข้อมูลที่เครื่องนี้ส่งมาจะไม่รับอีก", name=device.name), "success")
        return redirect(url_for("CardView.browse"))

    @expose("/smartcard-agent.pyz")
    @has_access
    @permission_name("read")
    def program(self) -> Response:
        """The program for the PC, of this very version: one file that Python runs."""
        packed = io.BytesIO(b"#!/usr/bin/env python3\n")
        packed.seek(0, io.SEEK_END)
        folder = Path(reader_package.__file__).parent
        with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("__main__.py", _ENTRY)
            for file in sorted(folder.glob("*.py")):
                archive.write(file, f"cards/{file.name}")
        packed.seek(0)
        return send_file(
            packed, "application/octet-stream", as_attachment=True, download_name="smartcard-agent.pyz"
        )

    def _devices(self, problems: list[str]) -> str:
        viewer = access.viewer()
        before, failed = request.args.get("before", type=int), request.args.get("failed") == "1"
        shown = cards.readings(before=before, failed=failed)
        return self.render_template(
            "thabian/cards/devices.html",
            devices=cards.devices(),
            readings=shown,
            older=shown[-1].reading.id if len(shown) == cards.SHOWN else None,
            failed=failed,
            above=viewer.level is not Level.SCHOOL,
            failure_text=cards.failure_text,
            may_manage=viewer.may(Action.MANAGE, cards.SUBJECT),
            may_read=viewer.may(Action.WRITE, cards.SUBJECT),
            problems=problems,
        )

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────────────

    @expose("/read")
    @has_access
    @permission_name("write")
    def read(self) -> Response:
        """The page with the button. With class and room in its address it is the fast lane of the first day."""
        purpose, student = _purpose(request.args)
        page = self.render_template(
            "thabian/cards/read.html",
            agent=agent_address(),
            lane=lane_of(request.args),
            purpose=purpose,
            relatives=[one for one in CardPurpose if one.is_relative],
            student=student,
        )
        return Response(page, headers={"Content-Security-Policy": agent_policy()})

    @expose("/nonce", methods=["POST"])
    @has_access
    @permission_name("write")
    def nonce(self) -> Response:
        """A number for one read, for the page's script."""
        asked = request.get_json(silent=True)
        number = _ask(asked if isinstance(asked, dict) else {})
        db.session.commit()
        return jsonify(nonce=number)

    @expose("/own-page", methods=["POST"])
    @has_access
    @permission_name("write")
    def own_page(self) -> Any:
        """Where the browser lets no page talk to the PC: to the page that the PC's program serves itself."""
        number = _ask(request.form)
        db.session.commit()
        # The program leads back with nothing in the address but the read.
        session["card_lane"] = lane_of(request.form)
        language = "en" if is_english() else "th"
        return redirect(f"{agent_address()}/?nonce={number}&lang={language}", 303)

    @expose("/reports", methods=["POST"])
    @has_access
    @permission_name("write")
    def report(self) -> Any:
        """What the PC's program gave the page; where to go on from here."""
        return _taken_in(access.viewer().id)


class CardAgentView(BaseView):
    """What the PCs' programs send by themselves: no session, a proof in each request. Answers are JSON."""

    route_base = "/cards/agent"

    @expose("/pair", methods=["POST"])
    def pair(self) -> Any:
        """Trade a one-time code for a name and a key."""
        asked = request.get_json(silent=True)
        code = asked.get("code") if isinstance(asked, dict) else None
        try:
            device, key = cards.trade(code if isinstance(code, str) else "")
            db.session.commit()
        except RuleViolation as refusal:
            return _refused(refusal)
        return jsonify(device=device.public_id, key=key_as_text(key))

    @expose("/greet", methods=["POST"])
    def greet(self) -> Any:
        """Whether the PC is still paired, what it is called here, and what time it is."""
        try:
            device = cards.known(request.get_json(silent=True))
        except RuleViolation as refusal:
            return _refused(refusal)
        return jsonify(name=device.name, now=lock.now().isoformat())

    @expose("/push", methods=["POST"])
    def push(self) -> Any:
        """A read that came past the browser; the path of its page."""
        return _taken_in(None)


def _taken_in(account_id: int | None) -> Any:
    if (request.content_length or 0) > 4 * LONGEST:
        return jsonify(message=_("ข้อมูลใหญ่เกินไป")), 413
    try:
        reading = cards.take_in(request.get_json(silent=True), account_id)
        db.session.commit()
    except RuleViolation as refusal:
        return _refused(refusal)
    if reading.tested_reader_id is not None:
        return jsonify(path=url_for("ReaderDeskView.show", reader_id=reading.tested_reader_id))
    return jsonify(path=url_for("CardUseView.show", reading_id=reading.id))


def _refused(refusal: RuleViolation) -> Any:
    db.session.rollback()
    return jsonify(message=said(str(refusal)), kind=type(refusal).__name__), refusal.status


def lane_of(given: Any) -> dict[str, Any]:
    """The class, room and number that the next student gets, as the fast lane carries them along."""
    told = {name: str(given.get(name, "")) for name in ("grade", "room", "number")}
    return {name: text for name, text in told.items() if text.isalnum() and len(text) <= 20}


def _ask(given: Any) -> str:
    student = str(given.get("student") or "")
    return cards.ask(
        given.get("purpose") or CardPurpose.STUDENT, int(student) if student.isdecimal() else None
    )


def _purpose(given: Any) -> tuple[CardPurpose, Student | None]:
    purpose = CardPurpose.parse(given.get("purpose") or CardPurpose.STUDENT)
    if not purpose.is_relative:
        return purpose, None
    return purpose, cards.own_student(given.get("student", type=int))


def card_button(_view: DatasetView) -> list[Button]:
    """The way from the list of students to the card reader."""
    if not access.viewer().may(Action.WRITE, cards.SUBJECT):
        return []
    return [Button(_("อ่านบัตรประชาชน"), url_for("CardView.read"), "user-plus")]
