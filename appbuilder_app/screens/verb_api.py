"""The REST door of the verbs: two addresses for all that ``workflows/verbs`` declares.

``POST /api/v1/<subject>/<key>/actions/<verb>`` for a row, ``POST /api/v1/<subject>/actions/<verb>`` for what begins
without one. Described in ``verb_openapi.py``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa
from flask import Response, abort, jsonify, request
from flask_appbuilder.api import BaseApi, expose
from werkzeug.exceptions import UnsupportedMediaType

from .. import access
from ..bilingual import Sentence
from ..dataset import openapi
from ..dataset.api import json_sent, refuse_other_parameters
from ..declaration import db
from ..errors import InvalidRow, NotYours, PreconditionFailed, Problem, TokenRefused
from ..kinds import Kind, NotReadable
from ..models import Student
from ..workflows.requests import Evidence
from ..workflows.verbs import Verb, verb_named
from ..workflows.verbs.declaring import NAMED

FORM: Final = "multipart/form-data"
EVIDENCE: Final = "evidence"
MOST_FILES: Final = 10
LANGUAGE: Final = ("_l_",)


class VerbApi(BaseApi):
    """Every declared verb. Who may is asked of the verb; whose the row is and all else, of its workflow."""

    route_base = openapi.BASE
    resource_name = "actions"
    class_permission_name = "openapi"
    csrf_exempt = False

    @expose("/<subject>/actions/<name>", methods=["POST"])
    def begin(self, subject: str, name: str) -> Response:
        """A verb that needs no row of one's own: a child comes, a form is begun."""
        return _done(_found(subject, name, keyed=False), None)

    @expose("/<subject>/<key>/actions/<name>", methods=["POST"])
    def act(self, subject: str, key: str, name: str) -> Response:
        """A verb on one row."""
        return _done(_found(subject, name, keyed=True), key)


def _found(subject: str, name: str, *, keyed: bool) -> Verb:
    if access.viewer_or_none() is None:
        raise TokenRefused
    verb = verb_named(subject, name)
    if verb is None or verb.keyed is not keyed:
        abort(404)
    refuse_other_parameters(LANGUAGE)
    return verb


def _done(verb: Verb, key: str | None) -> Response:
    verb.require()
    told, evidence = _sent(verb)
    row = _key_of(verb, key) if key is not None else None
    before = _version(verb, row)
    if before is not None and str(before) not in request.if_match:
        raise PreconditionFailed
    answer = verb.perform(row, told, evidence)
    db.session.flush()
    # Another writer between the look and the verb has made it two versions: nothing of ours is kept then.
    if before is not None and (_version(verb, row) or 0) - before > 1:
        raise PreconditionFailed
    db.session.commit()
    return jsonify(answer)


def _key_of(verb: Verb, key: str) -> Any:
    if verb.subject in NAMED:
        return key
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        raise NotYours
    return int(key)


def _version(verb: Verb, key: Any) -> int | None:
    """The student's version, where ``If-Match`` names one: another is refused (412).

    So a request that is sent again after its answer was lost is not done twice.
    """
    if verb.subject != Student.__tablename__ or key is None or not request.if_match:
        return None
    version = db.session.scalar(sa.select(Student.version).where(Student.id == key))
    if version is None:
        raise NotYours
    return version


# ── What is sent ─────────────────────────────────────────────────────────────────────────────────────────


def _sent(verb: Verb) -> tuple[dict[str, Any], list[Evidence]]:
    """The parameters and the documents: a form with files, or JSON with files in base64."""
    if request.mimetype == FORM:
        if not verb.papers:
            raise UnsupportedMediaType
        told = {name: text for name, text in request.form.items() if name != "csrf_token"}
        return told, [*_of_form(verb)]
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        return {}, []
    body = json_sent()
    if not isinstance(body, dict):
        raise InvalidRow([Problem(None, Sentence("ต้องเป็น JSON object"))])
    papers = body.pop(EVIDENCE, None) if verb.papers else None
    return body, [*_of_json(verb, papers)]


def _of_form(verb: Verb) -> Iterator[Evidence]:
    files = request.files.getlist(EVIDENCE)
    _not_too_many(files)
    for one in files:
        yield Evidence(verb.papers, _text(one.filename) or EVIDENCE, one.read())


def _of_json(verb: Verb, papers: Any) -> Iterator[Evidence]:
    if papers is None:
        return
    if not isinstance(papers, list):
        raise InvalidRow([Problem(EVIDENCE, _NOT_FILES)])
    _not_too_many(papers)
    for one in papers:
        if not isinstance(one, Mapping) or not set(one) <= {"name", "filename", "content"}:
            raise InvalidRow([Problem(EVIDENCE, _NOT_FILES)])
        try:
            data = base64.b64decode(str(one.get("content", "")), validate=True)
        except (binascii.Error, ValueError):
            raise InvalidRow([Problem(EVIDENCE, Sentence("content ต้องเป็น base64"))]) from None
        yield Evidence(_text(one.get("name")) or verb.papers, _text(one.get("filename")) or EVIDENCE, data)


_NOT_FILES: Final = Sentence("ต้องเป็นรายการของเอกสาร แต่ละฉบับมี filename และ content (base64)")


def _not_too_many(files: list[Any]) -> None:
    if len(files) > MOST_FILES:
        raise InvalidRow([Problem(EVIDENCE, Sentence("ส่งเอกสารได้ครั้งละไม่เกิน {most} ฉบับ", most=MOST_FILES))])


def _text(raw: Any) -> str:
    try:
        return (Kind().read(raw) or "")[:120]
    except NotReadable as wrong:
        raise InvalidRow([Problem(EVIDENCE, wrong.args[0])]) from None
