"""The REST API of a dataset, from its declaration: marshmallow schema, five operations, OpenAPI."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask import Response, jsonify, request
from flask_appbuilder.api import BaseApi, expose, permission_name, protect
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from .. import access, kinds
from ..access import Action
from ..bilingual import Sentence
from ..declaration import Base, Field, Versioned, dataset_of, db, fields_of
from ..errors import InvalidRow, NotYours, Problem, StaleVersion
from . import validation
from .listing import LARGEST_PAGE, Listing, Query
from .screens import find


class KindField(ma.fields.Field[Any]):
    """A declared field at the API's door: read and judged like everywhere else, sent as its kind says."""

    def __init__(self, declared: Field, **options: Any) -> None:
        self.declared = declared
        super().__init__(**options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        if self.declared.masked and self.parent.context_masks():  # type: ignore[union-attr]  # set by RowSchema
            return self.declared.kind.mask(value)
        return self.declared.kind.json(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        try:
            return validation.read_field(self.declared, value)
        except kinds.NotReadable as wrong:
            raise ma.ValidationError(validation.labelled(self.declared.th, wrong)) from None


class RowSchema(ma.Schema):
    """Base of the generated schemas. Unknown members are refused: nothing can be assigned that is not declared."""

    masks = False

    class Meta:
        unknown = ma.RAISE

    error_messages = {
        "unknown": Sentence("ไม่มีข้อมูลชื่อนี้ หรือแก้ไขผ่าน API ไม่ได้"),
        "type": Sentence("ต้องเป็น JSON object"),
    }

    def context_masks(self) -> bool:
        """True in lists for viewers who may not export."""
        return self.masks


def schema_of(model: type[Base]) -> type[RowSchema]:
    """The marshmallow schema of a dataset: its declared fields, and the version for optimistic locking."""
    members: dict[str, Any] = {
        name: KindField(
            declared,
            allow_none=True,
            dump_only=not declared.editable,
            metadata={"title": declared.th, **declared.kind.schema},
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


class DatasetApi(BaseApi):
    """Five operations on one dataset. ``api_of`` makes the class."""

    model: type[Base]
    schema: type[RowSchema]
    csrf_exempt = False
    allow_browser_login = True

    # ── Operations ───────────────────────────────────────────────────────────────────────────────────────

    @expose("/", methods=["GET"])
    @protect()
    @permission_name("read")
    def get_list(self) -> Response:
        """Rows of the dataset that the caller may see; ``after`` of the answer asks for the next page."""
        query = Query.of(self.model, request.args)
        listing = Listing(self.model, access.viewer())
        columns = list(self.schema._declared_fields)
        page = listing.page(db.session, query, columns)
        schema = self.schema()
        schema.masks = not access.viewer().may(Action.EXPORT, self.model.__tablename__)
        rows = [dict(zip(columns, row, strict=True)) for row in page.rows]
        result = [{"key": key, **schema.dump(row)} for key, row in zip(page.keys, rows, strict=True)]
        return jsonify(result=result, count=page.total, count_capped=page.total_capped, after=page.after)

    @expose("/<key>", methods=["GET"])
    @protect()
    @permission_name("read")
    def get(self, key: str) -> Response:
        """One row."""
        return self._answer(self._row(key))

    @expose("/", methods=["POST"])
    @protect()
    @permission_name("write")
    def post(self) -> Any:
        """Add a row."""
        row = self.model()
        self._fill(row, {**self._given_by_scope(), **self._body()})
        db.session.add(row)
        db.session.commit()
        return self._answer(row), 201

    @expose("/<key>", methods=["PATCH", "PUT"])
    @protect()
    @permission_name("write")
    def put(self, key: str) -> Response:
        """Change the given fields of a row; a ``version`` that is no longer current is refused (409)."""
        row = self._own_row(key)
        values = self._body()
        if values.pop("version", row.version) != row.version:
            raise StaleVersion
        with db.session.no_autoflush:
            self._fill(row, values)
        db.session.commit()
        return self._answer(row)

    @expose("/<key>", methods=["DELETE"])
    @protect()
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
        row = self._row(key)
        if not access.viewer().looks_after(row.scope):
            raise NotYours
        return row

    def _body(self) -> dict[str, Any]:
        try:
            body = request.get_json()
        except UnsupportedMediaType:
            raise
        except BadRequest:
            raise InvalidRow([Problem(None, "เนื้อความไม่ใช่ JSON ที่ถูกต้อง")]) from None
        try:
            values: dict[str, Any] = self.schema().load(body)
        except ma.ValidationError as wrong:
            raise InvalidRow(_problems_in(wrong.messages)) from None
        return values

    def _given_by_scope(self) -> dict[str, Any]:
        parts = access.viewer().scope.split("/")
        return {"school_code": parts[2]} if len(parts) == 3 and "school_code" in fields_of(self.model) else {}

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
        key = sa.inspect(self.model).primary_key_from_instance(row)[0]
        return jsonify(key=key, **self.schema().dump(row))

    # ── OpenAPI ──────────────────────────────────────────────────────────────────────────────────────────

    def add_api_spec(self, api_spec: Any) -> None:
        """Describe the operations from the declaration."""
        name, label = self.model.__name__, dataset_of(self.model).th
        api_spec.components.schema(name, self._component())
        one = {"$ref": f"#/components/schemas/{name}"}
        row = _json(one)
        refusals = {str(code): {"description": text, "content": _PROBLEM} for code, text in _REFUSALS.items()}
        key = {"in": "path", "name": "key", "required": True, "schema": {"type": "string"}}
        api_spec.path(
            f"{self.route_base}/",
            operations={
                "get": {
                    "tags": [label],
                    "summary": f"รายการ{label}",
                    "parameters": self._list_parameters(),
                    "responses": {
                        "200": {"description": "หน้าหนึ่งของรายการ", "content": _json(_page_of(one))},
                        **refusals,
                    },
                },
                "post": {
                    "tags": [label],
                    "summary": f"เพิ่ม{label}",
                    "requestBody": {"required": True, "content": row},
                    "responses": {"201": {"description": "เพิ่มแล้ว", "content": row}, **refusals},
                },
            },
        )
        api_spec.path(
            f"{self.route_base}/{{key}}",
            operations={
                "get": {
                    "tags": [label],
                    "summary": f"{label}หนึ่งรายการ",
                    "parameters": [key],
                    "responses": {"200": {"description": "รายการ", "content": row}, **refusals},
                },
                "patch": {
                    "tags": [label],
                    "summary": f"แก้ไข{label}",
                    "parameters": [key],
                    "requestBody": {"required": True, "content": row},
                    "responses": {"200": {"description": "แก้ไขแล้ว", "content": row}, **refusals},
                },
                "delete": {
                    "tags": [label],
                    "summary": f"ลบ{label}",
                    "parameters": [key],
                    "responses": {"204": {"description": "ลบแล้ว"}, **refusals},
                },
            },
        )

    def _component(self) -> dict[str, Any]:
        properties: dict[str, Any] = {
            name: {
                **declared.kind.schema,
                "title": declared.th,
                "nullable": not declared.required,
                "readOnly": not declared.editable,
            }
            for name, declared in fields_of(self.model).items()
        }
        properties["version"] = {"type": "integer", "title": "version"}
        properties["key"] = {"title": "key", "readOnly": True}
        return {"type": "object", "title": dataset_of(self.model).th, "properties": properties}

    def _list_parameters(self) -> list[dict[str, Any]]:
        declared = dataset_of(self.model)
        sorts = [sign + name for name in declared.sorted for sign in ("", "-")]
        own = [
            {"in": "query", "name": name, "description": field.th, "schema": field.kind.schema}
            for name, field in fields_of(self.model).items()
            if field.filtered
        ]
        return [
            *own,
            {
                "in": "query",
                "name": "q",
                "description": "คำค้น",
                "schema": {"type": "string", "maxLength": 100},
            },
            {"in": "query", "name": "sort", "schema": {"type": "string", "enum": sorts}},
            {"in": "query", "name": "after", "schema": {"type": "string"}},
            {
                "in": "query",
                "name": "size",
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
            },
        ]


def _problems_in(messages: Any) -> list[Problem]:
    if not isinstance(messages, dict):
        return [Problem(None, str(messages))]
    return [
        Problem(None if field == "_schema" else str(field), text)
        for field, texts in messages.items()
        for text in (texts if isinstance(texts, list) else [str(texts)])
    ]


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _page_of(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "result": {"type": "array", "items": row},
            "count": {"type": "integer"},
            "count_capped": {"type": "boolean"},
            "after": {"type": "string", "nullable": True},
        },
    }


_PROBLEM = {
    "application/problem+json": {
        "schema": {
            "type": "object",
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "errors": {"type": "array", "items": {"type": "object"}},
            },
        },
    },
}
_REFUSALS = {
    400: "คำขอไม่ถูกต้อง",
    401: "ยังไม่ได้เข้าสู่ระบบ",
    403: "ไม่มีสิทธิ์",
    404: "ไม่พบ",
    409: "ขัดกับสถานะปัจจุบัน",
    415: "ไม่ใช่ JSON",
    422: "ข้อมูลไม่ถูกต้อง",
    429: "บ่อยเกินไป",
}


def api_of(dataset: type[Base]) -> type[DatasetApi]:
    """The API class of a dataset."""
    members = {
        "model": dataset,
        "schema": schema_of(dataset),
        "resource_name": dataset.__tablename__,
        "class_permission_name": dataset.__tablename__,
    }
    return type(f"{dataset.__name__}Api", (DatasetApi,), members)
