"""The API described in OpenAPI 3, from the declarations: every operation, what it takes and all it can answer.

The description is served to programs (``/api/v1/openapi.json``) and shown to people (``screens/documentation``).
A test lets schemathesis try all of it: an answer that is not described here is a mistake.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from .. import kinds
from ..bilingual import Sentence
from ..codes import RoundSystem
from ..declaration import Base, Dataset, Field, Versioned, dataset_of, datasets, fields_of
from .query import EMPTY, FILLED, FROM, HAS, IS, LARGEST_PAGE, MOST_VALUES, PAGE_SIZE, TO, ways_of

Described = dict[str, Any]

BASE = "/api/v1"
ADDRESS = f"{BASE}/openapi.json"
LANGUAGES = ["th", "en"]
_LARGEST_NUMBER = 2**31 - 1


def description(
    name: str,
    more_paths: Described | None = None,
    more_schemas: Described | None = None,
    more_tags: Iterable[str] = (),
) -> Described:
    """The whole API as one OpenAPI document; ``name`` is what the installation calls itself.

    ``more`` is what doors above the datasets add: paths, components and tags.
    """
    paths: Described = dict(_doors())
    for model in datasets():
        paths |= paths_of(model)
    for path, item in (more_paths or {}).items():
        paths[path] = paths.get(path, {}) | item
    return {
        "openapi": "3.0.3",
        "info": {"title": f"{name} API", "version": "v1", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [
            {"name": _LOGIN},
            {"name": _SNAPSHOT},
            *({"name": str(dataset_of(model).th)} for model in datasets()),
            *({"name": str(one)} for one in more_tags),
        ],
        "paths": paths,
        "components": {
            "schemas": _shared_schemas()
            | {k: v for m in datasets() for k, v in schemas_of(m).items()}
            | (more_schemas or {}),
            "responses": {f"Problem{status}": _refusal(status) for status in REFUSALS},
            "securitySchemes": _SECURITY,
        },
    }


# ── Fields ───────────────────────────────────────────────────────────────────────────────────────────────


def asked_for(declared: Field) -> Described:
    """The schema of a field in a request: its type, its bounds, and null where it may be empty."""
    schema = {**declared.kind.schema, **_bounds(declared), **_words(declared)}
    return schema if declared.required else _or_null(schema)


def answered(declared: Field) -> Described:
    """The schema of a field in an answer: only its type, for older rows and masked ones keep no bounds.

    Fields that a role does not see are not in its answers at all.
    """
    kept = {name: declared.kind.schema[name] for name in _OF_TYPE if name in declared.kind.schema}
    schema = {**(kept if declared.privacy is None else _or_veiled(kept)), **_words(declared)}
    if not declared.editable:
        schema["readOnly"] = True
    return _or_null(schema) if declared.nullable else schema


def _or_veiled(kept: Described) -> Described:
    """The type of a field that some roles see only as a veil, which is a text."""
    text = {"type": "string"}
    return text if kept.get("type") == "string" else {"anyOf": [kept, text]}


_OF_TYPE = ("type", "format", "enum")


def _bounds(declared: Field) -> Described:
    """What JSON Schema can say of the declared bounds; days it cannot compare."""
    found: Described = {}
    for word, bound in (("minimum", declared.minimum), ("maximum", declared.maximum)):
        if isinstance(bound, int | Decimal):
            found[word] = float(bound) if isinstance(bound, Decimal) else bound
    if declared.kind.schema.get("type") == "integer" and not isinstance(declared.kind, kinds.Reference):
        found = {"minimum": -_LARGEST_NUMBER, "maximum": _LARGEST_NUMBER} | declared.kind.schema | found
    if declared.kind.schema.get("type") == "string" and not _has_own_form(declared):
        found |= {"maxLength": declared.length} if declared.length else {}
        found |= {"minLength": 1} if declared.required else {}
    return found


def _has_own_form(declared: Field) -> bool:
    return any(word in declared.kind.schema for word in ("enum", "format", "pattern"))


def _words(declared: Field) -> Described:
    told = [declared.hint, declared.unit, *_days(declared), _codes(declared), _pointer(declared)]
    words = " · ".join(str(part) for part in told if part)
    return {"title": str(declared.th)} | ({"description": words} if words else {})


def _days(declared: Field) -> list[str]:
    bounds = ((declared.minimum, "ตั้งแต่"), (declared.maximum, "ไม่เกิน"))
    return [f"{word} {bound.isoformat()}" for bound, word in bounds if isinstance(bound, dt.date)]


def _codes(declared: Field) -> str:
    if not isinstance(declared.kind, kinds.Code):
        return ""
    return ", ".join(f"{member.value} = {member.th}" for member in declared.kind.codes)


def _pointer(declared: Field) -> str:
    if not isinstance(declared.kind, kinds.Reference):
        return ""
    return Sentence("รหัสของรายการใน {dataset}", dataset=declared.kind.target)


def _or_null(schema: Described) -> Described:
    # OpenAPI 3.0 wants null among the codes, too, or a nullable code could not be null.
    codes = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **codes, "nullable": True}


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────


def schemas_of(model: type[Base]) -> Described:
    """A dataset's components: the row, a page of rows, and, where it can be written, what is sent for that."""
    name, declared = model.__name__, dataset_of(model)
    components = {name: _row(model), f"{name}Page": _page_of(name, declared)}
    if declared.managed:
        return components
    return components | {f"{name}New": _new(model), f"{name}Change": _change(model)}


def _row(model: type[Base]) -> Described:
    properties = {"key": _key(model) | {"readOnly": True, "title": "key"}}
    properties |= {field: answered(declared) for field, declared in fields_of(model).items()}
    if issubclass(model, Versioned):
        properties["version"] = {
            "type": "integer",
            "title": "version",
            "readOnly": True,
            "description": _VERSION,
        }
    return {
        "type": "object",
        "title": str(dataset_of(model).th),
        "required": ["key", *(["version"] if issubclass(model, Versioned) else [])],
        "properties": properties,
        "additionalProperties": False,
    }


def _new(model: type[Base]) -> Described:
    writable = {field: declared for field, declared in fields_of(model).items() if declared.editable}
    return object_of(
        Sentence("{dataset} (เพิ่มใหม่)", dataset=dataset_of(model).th),
        {field: asked_for(declared) for field, declared in writable.items()},
        [field for field, declared in writable.items() if declared.required],
    )


def _change(model: type[Base]) -> Described:
    key = {column.key for column in sa.inspect(model).primary_key}
    properties = {
        field: asked_for(declared)
        for field, declared in fields_of(model).items()
        if declared.editable and declared.by_verb is None and field not in key
    }
    if issubclass(model, Versioned):
        properties["version"] = {"type": "integer", "title": "version", "description": _VERSION}
    return object_of(Sentence("{dataset} (แก้ไขบางข้อมูล)", dataset=dataset_of(model).th), properties, [])


def object_of(title: str, properties: Described, required: list[str]) -> Described:
    """A JSON object with these members and no others."""
    named = {"required": required} if required else {}  # an empty list is not allowed
    return {
        "type": "object",
        "title": title,
        **named,
        "properties": properties,
        "additionalProperties": False,
    }


def _page_of(name: str, declared: Dataset) -> Described:
    mark = {"type": "string", "nullable": True}
    return object_of(
        Sentence("หน้าหนึ่งของ{dataset}", dataset=declared.th),
        {
            "result": {"type": "array", "items": ref(name), "maxItems": LARGEST_PAGE},
            "count": {"type": "integer", "description": "จำนวนรายการทั้งหมดที่ตรงกับเงื่อนไข"},
            "count_capped": {"type": "boolean", "description": "จริง เมื่อมีมากกว่าที่นับ"},
            "after": mark | {"description": "ส่งเป็น after เพื่อขอหน้าถัดไป ว่างเมื่อเป็นหน้าสุดท้าย"},
            "before": mark | {"description": "ส่งเป็น before เพื่อขอหน้าก่อน ว่างเมื่อเป็นหน้าแรก"},
        },
        ["result", "count", "count_capped", "after", "before"],
    )


def _key(model: type[Base]) -> Described:
    column = sa.inspect(model).primary_key[0]
    if column.type.python_type is int:
        return {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
    length = getattr(column.type, "length", None)
    return {"type": "string", "minLength": 1} | ({"maxLength": length} if length else {})


# ── Operations ───────────────────────────────────────────────────────────────────────────────────────────


def paths_of(model: type[Base]) -> Described:
    """A dataset's two addresses with their operations."""
    many, one = _reading(model)
    if not dataset_of(model).managed:
        more, of_one = _writing(model)
        many, one = many | more, one | of_one
    key = {
        "in": "path",
        "name": "key",
        "required": True,
        "description": "key ของรายการ",
        "schema": _key(model),
    }
    address = f"{BASE}/{model.__tablename__}/"
    return {
        address: {"parameters": [LANGUAGE], **many},
        f"{address}{{key}}": {"parameters": [key, LANGUAGE], **one},
    }


def _reading(model: type[Base]) -> tuple[Described, Described]:
    name, label = model.__name__, dataset_of(model).th
    return {
        "get": _operation(
            model,
            "list",
            Sentence("รายการ{dataset}", dataset=label),
            {"200": answer("หน้าหนึ่งของรายการ", f"{name}Page")},
            (400, 401, 403, 422, 429),
            parameters=parameters_of(model),
        )
    }, {
        "get": _operation(
            model,
            "get",
            Sentence("{dataset}หนึ่งรายการ", dataset=label),
            {"200": answer("รายการ", name, **_TAGGED)},
            (400, 401, 403, 404, 429),
        )
    }


def _writing(model: type[Base]) -> tuple[Described, Described]:
    name, label = model.__name__, dataset_of(model).th
    match = [IF_MATCH] if issubclass(model, Versioned) else []
    added = answer("เพิ่มแล้ว", name, **_TAGGED, Location=_LOCATION)
    return {
        "post": _operation(
            model,
            "add",
            Sentence("เพิ่ม{dataset}", dataset=label),
            {"201": added},
            OF_BODIES,
            requestBody=_body(f"{name}New"),
        )
    }, {
        "patch": _operation(
            model,
            "change",
            Sentence("แก้ไข{dataset}เฉพาะข้อมูลที่ส่ง", dataset=label),
            {"200": answer("แก้ไขแล้ว", name, **_TAGGED)},
            (*OF_BODIES, 412),
            parameters=match,
            requestBody=_body(f"{name}Change"),
        ),
        "delete": _operation(
            model,
            "delete",
            Sentence("ลบ{dataset}", dataset=label),
            {"204": {"description": "ลบแล้ว ประวัติยังอยู่"}},
            (400, 401, 403, 404, 409, 412, 422, 429, 503),
            parameters=match,
        ),
    }


def _operation(
    model: type[Base],
    verb: str,
    summary: str,
    answers: Described,
    refusals: Iterable[int],
    **more: Any,
) -> Described:
    safe = verb in {"list", "get"}
    return {
        "operationId": f"{model.__tablename__}_{verb}",
        "tags": [str(dataset_of(model).th)],
        "summary": summary,
        "security": security(safe=safe),
        "responses": answers | refused(refusals),
        **{name: value for name, value in more.items() if value},
    }


def security(*, safe: bool) -> list[Described]:
    """How a caller proves who they are; with a cookie they bring a CSRF token where something is written."""
    return [{"bearer": []}, {"key": []}, {"session": []} if safe else {"session": [], "csrf": []}]


def names_of_parameters(model: type[Base]) -> frozenset[str]:
    """What a list can be asked with; any other parameter is refused."""
    if model not in _NAMES:
        _NAMES[model] = frozenset(parameter["name"] for parameter in [*parameters_of(model), LANGUAGE])
    return _NAMES[model]


_NAMES: dict[type[Base], frozenset[str]] = {}


def parameters_of(model: type[Base]) -> list[Described]:
    """The parameters of a dataset's list: its filters, then search, order and page."""
    sorts = [sign + name for name in dataset_of(model).sorted for sign in ("", "-")]
    by = (
        [query_parameter("sort", "เรียงตาม (มี - นำหน้า คือจากมากไปน้อย)", type="string", enum=sorts)]
        if sorts
        else []
    )
    return [*_filters(model), *_SEARCHED, *by, *_PAGED]


def _filters(model: type[Base]) -> list[Described]:
    """What the listing itself says that each field can be filtered by, so that the two never disagree."""
    return [_filter(declared, way) for declared in fields_of(model).values() for way in ways_of(declared)]


def _filter(declared: Field, way: str) -> Described:
    name, kept = declared.name + way, declared.kind.schema
    words = Sentence(_WAYS[way], field=declared.th)
    if way == IS:
        return query_parameter(name, words, type="string", enum=[EMPTY, FILLED])
    if way == HAS:
        return query_parameter(name, words, type="string", maxLength=100)
    if way:
        return query_parameter(name, words, **kept)
    return query_parameter(name, words, type="array", items=kept, maxItems=MOST_VALUES)


_WAYS = {
    "": "เฉพาะ{field}นี้ (ส่งหลายค่าได้)",
    FROM: "{field}ตั้งแต่",
    TO: "{field}ไม่เกิน",
    HAS: "{field}มีคำนี้",
    IS: "{field}ว่าง (empty) หรือไม่ว่าง (filled)",
}


def query_parameter(name: str, words: str, **schema: Any) -> Described:
    """A parameter of a list."""
    return {"in": "query", "name": name, "description": words, "schema": schema}


_SEARCHED = [query_parameter("q", "คำค้น (ชื่อหรือรหัส)", type="string", maxLength=100)]
_PAGED = [
    query_parameter("after", "เครื่องหมาย after ของหน้าก่อน", type="string"),
    query_parameter("before", "เครื่องหมาย before ของหน้าถัดไป", type="string"),
    query_parameter(
        "size", "จำนวนรายการต่อหน้า", type="integer", minimum=1, maximum=LARGEST_PAGE, default=PAGE_SIZE
    ),
]
LANGUAGE = query_parameter("_l_", "ภาษาของข้อความผิดพลาด แทน Accept-Language", type="string", enum=LANGUAGES)
_VERSION = "รุ่นของรายการ เพิ่มขึ้นทุกครั้งที่แก้ไข ส่งรุ่นที่อ่านมาด้วย หากไม่ใช่รุ่นล่าสุดระบบจะไม่บันทึก (409)"
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": 'ETag ที่อ่านมา เช่น "3" หากมีผู้อื่นแก้ไขไปแล้วระบบจะไม่บันทึก (412)',
    "schema": {"type": "string"},
}
_TAGGED = {"ETag": {"description": "รุ่นของรายการ ส่งกลับมาใน If-Match", "schema": {"type": "string"}}}
_LOCATION = {"description": "ที่อยู่ของรายการใหม่", "schema": {"type": "string", "format": "uri-reference"}}


# ── Logging in ───────────────────────────────────────────────────────────────────────────────────────────

_LOGIN = "เข้าสู่ระบบ"
_SNAPSHOT = "ข้อมูลที่ตรึงไว้"


def _doors() -> Described:
    return {
        f"{BASE}/security/login": {
            "post": {
                "operationId": "login",
                "tags": [_LOGIN],
                "summary": "ขอโทเค็นด้วยชื่อผู้ใช้และรหัสผ่าน",
                "security": [],
                "parameters": [LANGUAGE],
                "requestBody": _body("Login"),
                "responses": {"200": answer("โทเค็น", "Tokens")} | refused((400, 401, 413, 415, 429)),
            }
        },
        f"{BASE}/security/refresh": {
            "post": {
                "operationId": "refresh",
                "tags": [_LOGIN],
                "summary": "ขอโทเค็นใหม่ด้วย refresh token",
                "security": [{"refresh": []}],
                "parameters": [LANGUAGE],
                "responses": {"200": answer("โทเค็นใหม่", "Token")} | refused((400, 401, 429)),
            }
        },
        ADDRESS: {
            "get": {
                "operationId": "openapi",
                "tags": [_LOGIN],
                "summary": "คำอธิบาย API นี้ (OpenAPI 3)",
                "security": [{"bearer": []}, {"key": []}, {"session": []}],
                "parameters": [LANGUAGE],
                "responses": {
                    "200": {"description": "OpenAPI 3", "content": json_of({"type": "object"})},
                    **refused((400, 401, 403, 429)),
                },
            }
        },
        **_of_snapshots(),
    }


def _of_snapshots() -> Described:
    address = f"{BASE}/snapshot/{{school_code}}/{{system}}/{{academic_year}}/{{number}}"
    record = {"type": "string", "maxLength": 80}
    asked = _parameter("record", "เลขประจำตัวประชาชน หรือชุดข้อมูลกับเลขระเบียน เช่น building:12", record)
    return {
        address: _of_snapshot("snapshot", "ข้อมูลที่ตรึงไว้ทั้งชุด", "application/x-ndjson"),
        f"{address}/proof": _of_snapshot(
            "snapshot_proof", "หลักฐานของระเบียนเดียว หรือของจำนวนเมื่อไม่ระบุระเบียน", "application/json", asked
        ),
    }


def _of_snapshot(operation: str, words: str, media_type: str, *more: Described) -> Described:
    place = [
        ("school_code", {"type": "string"}),
        ("system", {"type": "string", "enum": [system.value for system in RoundSystem]}),
        ("academic_year", {"type": "integer", "minimum": 0}),
        ("number", {"type": "integer", "minimum": 0}),
    ]
    named = [{"name": name, "in": "path", "required": True, "schema": schema} for name, schema in place]
    content = {media_type: {"schema": {"type": "string" if media_type.endswith("ndjson") else "object"}}}
    return {
        "get": {
            "operationId": operation,
            "tags": [_SNAPSHOT],
            "summary": words,
            "security": [{"bearer": []}, {"key": []}, {"session": []}],
            "parameters": [LANGUAGE, *named, *more],
            "responses": {
                "200": {"description": words, "content": content},
                **refused((400, 401, 403, 404, 429)),
            },
        }
    }


def _parameter(name: str, words: str, schema: Described) -> Described:
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _shared_schemas() -> Described:
    token = {"type": "string", "description": "ส่งใน Authorization: Bearer"}
    name = {"type": "string", "maxLength": 64, "description": "ชื่อผู้ใช้"}
    login = {
        "username": name,
        "password": {"type": "string", "format": "password", "description": "รหัสผ่าน"},
        "refresh": {"type": "boolean", "description": "ขอ refresh token ด้วย", "default": False},
        "code": {"type": "string", "maxLength": 7, "description": "รหัส 6 หลักจากโทรศัพท์ ถ้าบัญชีตั้งไว้"},
    }
    return {
        "Problem": _PROBLEM,
        "Login": {"type": "object", "required": ["username", "password"], "properties": login},
        "Token": object_of("โทเค็น", {"access_token": token}, ["access_token"]),
        "Tokens": object_of("โทเค็น", {"access_token": token, "refresh_token": token}, ["access_token"]),
    }


_SECURITY: Described = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "โทเค็นจาก /api/v1/security/login หรือคีย์ API (thb_…)",
    },
    "refresh": {
        "type": "http",
        "scheme": "bearer",
        "description": "refresh token จาก /api/v1/security/login",
    },
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "คีย์ API (thb_…) ซึ่งสร้างที่หน้า /account/keys/ ใช้ได้เฉพาะสิทธิ์ที่เลือกให้คีย์ และที่เจ้าของยังมีอยู่",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": "thabian", "description": "คุกกี้ของหน้าเว็บ"},
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "ต้องส่งเมื่อเขียนด้วยคุกกี้ของหน้าเว็บ (ค่า csrf_token ในแบบฟอร์ม)",
    },
}

# ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────

REFUSALS: dict[int, str] = {
    400: "คำขอไม่ถูกต้อง เช่น ไม่ใช่ JSON หรือเงื่อนไขที่รายการไม่มี",
    401: "ยังไม่ได้เข้าสู่ระบบ หรือโทเค็นหรือคีย์ใช้ไม่ได้",
    403: "ไม่มีสิทธิ์",
    404: "ไม่พบ หรืออยู่นอกขอบเขตที่ดูแล",
    409: "ขัดกับสถานะปัจจุบัน เช่น รอบปิดแล้ว มีรายการซ้ำ หรือ version ไม่ใช่รุ่นล่าสุด",
    412: "If-Match ไม่ตรงกับรุ่นล่าสุด",
    413: "คำขอใหญ่เกินไป",
    415: "ไม่ใช่ JSON หรือ multipart/form-data ในที่ที่รับเอกสาร",
    422: "ข้อมูลไม่ถูกต้อง ดู errors",
    429: "บ่อยเกินไป รอตาม Retry-After",
    503: "มีผู้อื่นกำลังบันทึกข้อมูลเดียวกัน ส่งคำขอเดิมอีกครั้งได้",
}
OF_BODIES = (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)

_PROBLEM: Described = {
    "type": "object",
    "title": "Problem (RFC 9457)",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "ชนิดของปัญหา เช่น urn:thabian:RoundClosed"},
        "title": {
            "type": "string",
            "description": "ประโยคที่บอกว่าต้องทำอะไรต่อ (ไทย หรืออังกฤษตาม Accept-Language)",
        },
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "errors": {
            "type": "array",
            "description": "ปัญหาของแต่ละข้อมูล",
            "items": {
                "type": "object",
                "required": ["field", "pointer", "message"],
                "properties": {
                    "field": {"type": "string", "nullable": True, "description": "ว่างเมื่อเป็นปัญหาของทั้งรายการ"},
                    "pointer": {"type": "string", "description": "ตำแหน่งในเนื้อความ (JSON Pointer)"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}

_HEADERS: dict[int, Described] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "วินาทีที่ต้องรอ", "schema": {"type": "integer"}}},
}


def _refusal(status: int) -> Described:
    content = {"application/problem+json": {"schema": ref("Problem")}}
    headers = {"headers": _HEADERS[status]} if status in _HEADERS else {}
    return {"description": REFUSALS[status], "content": content, **headers}


def refused(statuses: Iterable[int]) -> Described:
    """The refusals that an operation can answer with."""
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)}


def answer(words: str, component: str, **headers: Described) -> Described:
    """An answer whose body is a component."""
    return {"description": words, "content": json_of(ref(component))} | (
        {"headers": headers} if headers else {}
    )


def _body(component: str) -> Described:
    return {"required": True, "content": json_of(ref(component))}


def json_of(schema: Described) -> Described:
    """A body of JSON."""
    return {"application/json": {"schema": schema}}


def ref(component: str) -> Described:
    """A component, pointed to."""
    return {"$ref": f"#/components/schemas/{component}"}


_ABOUT = """ทุกชุดข้อมูลของทะเบียนมี API แบบเดียวกัน

- เข้าใช้ด้วยโทเค็น (`Authorization: Bearer …`) คีย์ API (`Authorization: Bearer thb_…` หรือ `X-API-Key`) หรือคุกกี้ของหน้าเว็บ
- ปฏิเสธเป็น `application/problem+json` (RFC 9457) ภาษาไทย หรือภาษาอังกฤษเมื่อส่ง `Accept-Language: en`
- แก้ไขด้วย PATCH เท่านั้น ไม่มี PUT ข้อมูลที่ไม่ส่งจะคงเดิม
- ส่ง `version` หรือ `If-Match` เพื่อไม่ให้เขียนทับการแก้ไขของผู้อื่น
- วันที่เป็น ค.ศ. ตาม ISO 8601 (`2014-08-01`)
"""
