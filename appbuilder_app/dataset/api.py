"""The REST API of a dataset, from its declaration: five operations, each judged like every other door.

What the operations take and answer is described in ``openapi.py``, from the same declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import wraps
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask import Response, jsonify, request, url_for
from flask_appbuilder.api import BaseApi, expose, permission_name
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from .. import access, kinds
from ..access import Action, Viewer
from ..bilingual import Sentence
from ..declaration import Base, Field, Versioned, dataset_of, db, fields_of
from ..errors import (
    InvalidRow,
    NotJson,
    NotPermitted,
    NotYours,
    PreconditionFailed,
    Problem,
    StaleVersion,
    TokenRefused,
)
from . import api_traces, openapi, validation
from .columns import given_by_scope
from .listing import Listing
from .query import BadQuery, Query
from .screens import find, require_by_hand
from .sight import UNSEEN, fields_seen, is_shown


class KindField(ma.fields.Field[Any]):
    """A declared field at the API's door: read and judged like everywhere else."""

    def __init__(self, declared: Field, **options: Any) -> None:
        self.declared = declared
        super().__init__(**options)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """A field that the viewer does not see is refused before its value is looked at, null or not:

        the answer must not tell whether it is the stored one.
        """
        model = self.parent.model  # type: ignore[union-attr]  # set by schema_of
        if value is not ma.missing and not is_shown(model, self.declared.name):
            raise ma.ValidationError(validation.labelled(self.declared.th, UNSEEN))
        return super().deserialize(value, attr, data, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        try:
            return validation.read_field(self.declared, value)
        except kinds.NotReadable as wrong:
            raise ma.ValidationError(validation.labelled(self.declared.th, wrong)) from None


class RowSchema(ma.Schema):
    """Base of the generated schemas. Unknown members are refused: nothing can be assigned that is not declared."""

    model: type[Base]

    class Meta:
        unknown = ma.RAISE

    error_messages = {
        "unknown": Sentence("ไม่มีข้อมูลชื่อนี้ หรือแก้ไขผ่าน API ไม่ได้"),
        "type": Sentence("ต้องเป็น JSON object"),
    }


def schema_of(model: type[Base]) -> type[RowSchema]:
    """The marshmallow schema of a dataset: its declared fields, and the version for optimistic locking."""
    members: dict[str, Any] = {"model": model} | {
        name: KindField(
            declared,
            allow_none=True,
            dump_only=not declared.editable,
            metadata=openapi.asked_for(declared),
        )
        for name, declared in fields_of(model).items()
    }
    if issubclass(model, Versioned):
        not_whole = Sentence("ต้องเป็นจำนวนเต็ม")
        members["version"] = ma.fields.Integer(
            strict=True,
            metadata={"title": "version"},
            error_messages={"invalid": not_whole, "null": not_whole, "too_large": not_whole},
        )
    return type(f"{model.__name__}Schema", (RowSchema,), members)


def entitled(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Only for callers who hold the operation's right on the dataset: 401 for nobody, 403 without the right.

    FAB's own decorator would ask a caller that has a key but no right for a token, too.
    """

    @wraps(operation)
    def checked(self: Any, *parts: Any, **named: Any) -> Any:
        viewer = access.viewer_or_none()
        if viewer is None:
            raise TokenRefused
        action, subject = Action(operation._permission_name), self.class_permission_name  # type: ignore[attr-defined]
        if not viewer.may(action, subject):
            raise NotPermitted(what=action.th)
        return operation(self, *parts, **named)

    return checked


def json_sent() -> Any:
    """The body of the request as JSON; NotJson (400), or 415 for another kind of body."""
    try:
        return request.get_json()
    except UnsupportedMediaType:
        raise
    except BadRequest:
        raise NotJson from None


def refuse_other_parameters(known: Collection[str]) -> None:
    """A misspelt filter must not answer with the whole country."""
    if unknown := set(request.args) - set(known):
        raise BadQuery(what=min(unknown)[:40])


class DatasetApi(BaseApi):
    """Five operations on one dataset. ``api_of`` makes the class.

    There is no PUT: who replaces a whole row without seeing all of it would empty what was hidden from them.
    """

    model: type[Base]
    schema: type[RowSchema]
    csrf_exempt = False

    # ── Operations ───────────────────────────────────────────────────────────────────────────────────────

    @expose("/", methods=["GET"])
    @entitled
    @permission_name("read")
    def get_list(self) -> Response:
        """Rows of the dataset that the caller may see; ``after`` of the answer asks for the next page."""
        refuse_other_parameters(openapi.names_of_parameters(self.model))
        viewer = access.viewer()
        asked = request.args.copy()
        asked.poplist("_l_")  # the language, which is nothing of the list's
        query = Query.of(self.model, asked)
        columns = columns_shown(self.model, viewer)
        page = Listing(self.model, viewer).page(db.session, query, columns, plain=True)
        result = list(_members(page.keys, columns, page.rows, _senders(self.model, columns, viewer)))
        api_traces.note(self.model, "api.list", asked, page.total)
        return jsonify(
            result=result,
            count=page.total,
            count_capped=page.total_capped,
            after=page.after,
            before=page.before,
        )

    @expose("/<key>", methods=["GET"])
    @entitled
    @permission_name("read")
    def get(self, key: str) -> Response:
        """One row, with its version as ETag."""
        answer = self._answer(self._row(key))
        api_traces.note(self.model, "api.row", MultiDict({"key": key}))
        return answer

    @expose("/", methods=["POST"])
    @entitled
    @permission_name("write")
    def post(self) -> Any:
        """Add a row; its address is in ``Location``."""
        require_by_hand(self.model)
        row = self.model()
        self._fill(row, {**self._given_by_scope(), **self._body()})
        db.session.add(row)
        db.session.commit()
        answer = self._answer(row)
        answer.status_code = 201
        answer.headers["Location"] = url_for(f"{self.endpoint}.get", key=_key_of(row))
        return answer

    @expose("/<key>", methods=["PATCH"])
    @entitled
    @permission_name("write")
    def patch(self, key: str) -> Response:
        """Change the given fields of a row.

        A ``version`` that is no longer current is refused (409), an ``If-Match`` that does not hold, too (412).
        """
        row = self._own_row(key)
        values = self._body()
        if "version" in values and values["version"] != getattr(row, "version", None):
            raise StaleVersion
        with db.session.no_autoflush:
            self._fill(row, values)
        db.session.commit()
        return self._answer(row)

    @expose("/<key>", methods=["DELETE"])
    @entitled
    @permission_name("write")
    def delete(self, key: str) -> Any:
        """Remove a row; its history stays."""
        db.session.delete(self._own_row(key))
        db.session.commit()
        return "", 204

    # ── Parts ────────────────────────────────────────────────────────────────────────────────────────────

    def _row(self, key: str) -> Any:
        row = find(self.model, key)
        if row is None:
            raise NotYours
        return row

    def _own_row(self, key: str) -> Any:
        """The row, to be changed: the caller's own, and still as the caller has seen it."""
        require_by_hand(self.model)
        row = self._row(key)
        if not access.viewer().looks_after(row.scope):
            raise NotYours
        if request.if_match and (tag := _tag_of(row)) not in request.if_match and tag:
            raise PreconditionFailed
        return row

    def _body(self) -> dict[str, Any]:
        try:
            values: dict[str, Any] = self.schema().load(json_sent())
        except ma.ValidationError as wrong:
            raise InvalidRow(list(_problems_in(wrong.messages))) from None
        return values

    def _given_by_scope(self) -> dict[str, Any]:
        return given_by_scope(self.model, access.viewer())

    def _fill(self, row: Base, values: dict[str, Any]) -> None:
        values.pop("version", None)
        keys = {column.key for column in sa.inspect(self.model).primary_key}
        state: Any = sa.inspect(row)
        for name, value in values.items():
            if name in keys and not state.transient and getattr(row, name) != value:
                raise InvalidRow([Problem(name, "เปลี่ยนรหัสของรายการที่มีอยู่แล้วไม่ได้")])
            if value is None and self.model.__table__.columns[name].default is not None:
                continue
            setattr(row, name, value)

    def _answer(self, row: Base) -> Response:
        seen = fields_seen(self.model)
        values = {name: declared.kind.json(getattr(row, name)) for name, declared in seen.items()}
        if isinstance(row, Versioned):
            values["version"] = row.version
        answer = jsonify(key=_key_of(row), **values)
        if tag := _tag_of(row):
            answer.set_etag(tag)
        return answer


def _key_of(row: Base) -> Any:
    return sa.inspect(type(row)).primary_key_from_instance(row)[0]


def _tag_of(row: Base) -> str:
    """The ETag of a row: its version; empty for rows without one."""
    return str(row.version) if isinstance(row, Versioned) else ""


def _problems_in(messages: Any) -> Iterator[Problem]:
    """What marshmallow found, by member."""
    for field, texts in messages.items() if isinstance(messages, dict) else [("_schema", [messages])]:
        for text in texts if isinstance(texts, list) else [str(texts)]:
            yield Problem(None if field == "_schema" else str(field), text)


# ── What is sent ─────────────────────────────────────────────────────────────────────────────────────────

Send = Callable[[Any], Any]


def columns_shown(model: type[Base], viewer: Viewer) -> list[str]:
    """The columns of a row that a viewer is sent, in the order of declaration, and the version."""
    versioned = ["version"] if issubclass(model, Versioned) else []
    return [*fields_seen(model, viewer), *versioned]


def _senders(model: type[Base], columns: list[str], viewer: Viewer) -> list[Send | None]:
    """What turns each column of a list into JSON; None where the value is sent as it is.

    Asked once for a page: a question for each cell took longer than the database did.
    """
    seen, masks = fields_seen(model, viewer), not viewer.may(Action.EXPORT, model.__tablename__)
    return [_in_list(seen.get(name), masks) for name in columns]


def _in_list(declared: Field | None, masks: bool) -> Send | None:
    if declared is None:
        return None
    if declared.masked and masks:
        return declared.kind.mask
    # Codes come plain from the database.
    is_plain = isinstance(declared.kind, kinds.Code) or type(declared.kind).json is kinds.Kind.json
    return None if is_plain else declared.kind.json


def _members(
    keys: list[Any], columns: list[str], rows: list[Any], senders: list[Send | None]
) -> Iterator[dict[str, Any]]:
    """The rows as JSON objects, put together column by column."""
    converted = [
        values if send is None else map(send, values)
        for send, values in zip(senders, zip(*rows, strict=True), strict=True)
    ] if rows else []  # fmt: skip
    names = ("key", *columns)
    for row in zip(keys, *converted, strict=True):
        yield dict(zip(names, row, strict=True))


def api_of(dataset: type[Base]) -> type[DatasetApi]:
    """The API class of a dataset; rows that only workflow verbs write can only be read."""
    members = {
        "model": dataset,
        "schema": schema_of(dataset),
        "resource_name": dataset.__tablename__,
        "class_permission_name": dataset.__tablename__,
        "exclude_route_methods": {"post", "patch", "delete"} if dataset_of(dataset).managed else set(),
    }
    return type(f"{dataset.__name__}Api", (DatasetApi,), members)
