"""The verbs and their readings described in OpenAPI 3, from what they declare; beside those of the datasets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..bilingual import Label
from ..dataset import openapi
from ..dataset.openapi import Described, asked_for, object_of, query_parameter, ref, refused
from ..declaration import Field
from ..language import said
from ..workflows.verbs import VERBS, Verb
from ..workflows.verbs.declaring import NAMED
from .request_api import BOXES, CAN, CIVIL, G_CODE, G_USER, MOVEMENT, PARTY, RECORD, STEP
from .verb_api import EVIDENCE, FORM, MOST_FILES

TAGS: Final = {
    "student": Label("การเคลื่อนย้ายและเลขของนักเรียน", "Movements and numbers of students"),
    "movement": Label("รายการเคลื่อนย้าย", "Movements"),
    "request": Label("คำขอ", "Requests"),
    "duplicate": Label("นักเรียนซ้ำซ้อน", "Duplicates"),
    "g_code": Label("รหัส G", "G-codes"),
    "g_user": Label("ผู้ใช้งานรหัส G", "G-code users"),
    "agency_list": Label("รายชื่อของสังกัดอื่น", "Other agencies' lists"),
    "civil_inquiry": Label("ถามกรมการปกครอง", "Civil register"),
    "school": Label("โรงเรียน", "Schools"),
    "round": Label("รอบการจัดเก็บ", "Rounds"),
    "setting": Label("ค่าที่กำหนด", "Settings"),
    "growth_reference": Label("เกณฑ์การเจริญเติบโต", "Growth references"),
}
_NUMBER: Final = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}


def description(name: str) -> Described:
    """The whole API: datasets, verbs and what verbs are about."""
    return openapi.description(name, paths(), schemas(), TAGS.values())


# ── Verbs ────────────────────────────────────────────────────────────────────────────────────────────────


def address_of(verb: Verb) -> str:
    """Where a verb is done."""
    key = "{key}/" if verb.keyed else ""
    return f"{openapi.BASE}/{verb.subject}/{key}actions/{verb.name}"


def paths() -> Described:
    """Every address of verbs and readings."""
    return {address_of(verb): _of_verb(verb) for verb in VERBS} | _readings()


def _of_verb(verb: Verb) -> Described:
    statuses = {*openapi.OF_BODIES}
    match = []
    if verb.subject == "student" and verb.keyed:
        match, statuses = [openapi.IF_MATCH], statuses | {412}
    operation = {
        "operationId": f"{verb.subject}_{verb.name}",
        "tags": [str(TAGS[verb.subject])],
        "summary": str(verb.th),
        "security": openapi.security(safe=False),
        "requestBody": _body(verb),
        "responses": {"200": openapi.answer("ทำแล้ว", f"{component_of(verb)}Done")} | refused(statuses),
    }
    return {
        "parameters": [*([_key(verb.subject)] if verb.keyed else []), openapi.LANGUAGE],
        "post": operation | ({"parameters": match} if match else {}),
    }


def _body(verb: Verb) -> Described:
    needed = any(one.required for one in verb.parameters) or verb.needs_papers
    content = openapi.json_of(ref(f"{component_of(verb)}Told"))
    if verb.papers:
        content[FORM] = {"schema": ref(f"{component_of(verb)}Form")}
    return {"required": needed, "content": content}


def component_of(verb: Verb) -> str:
    """``StudentTransferOut``: what the verb's components begin with."""
    return "".join(part.title() for part in f"{verb.subject}_{verb.name}".split("_"))


def schemas() -> Described:
    """The components of all verbs and readings."""
    made: Described = {"Evidence": _EVIDENCE} | _shapes()
    for verb in VERBS:
        name = component_of(verb)
        made[f"{name}Done"] = _told_of(str(verb.th), verb.gives)
        made[f"{name}Told"] = _asked(
            verb, {"type": "array", "items": ref("Evidence"), "maxItems": MOST_FILES}
        )
        if verb.papers:
            files = {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": MOST_FILES}
            made[f"{name}Form"] = _asked(verb, files)
    return made


def _asked(verb: Verb, files: Described) -> Described:
    properties = {one.name: asked_for(one) for one in verb.parameters}
    needed = [one.name for one in verb.parameters if one.required]
    if verb.papers:
        properties[EVIDENCE] = (
            files | {"description": verb.papers} | ({"minItems": 1} if verb.needs_papers else {})
        )
        needed += [EVIDENCE] if verb.needs_papers else []
    return object_of(str(verb.th), properties, needed)


_EVIDENCE: Final = object_of(
    "เอกสาร",
    {
        "name": {"type": "string", "maxLength": 120, "description": "เอกสารนี้คือ"},
        "filename": {"type": "string", "maxLength": 120},
        "content": {"type": "string", "format": "byte", "description": "PDF, JPEG, PNG หรือ WebP เป็น base64"},
    },
    ["filename", "content"],
)


# ── Readings ─────────────────────────────────────────────────────────────────────────────────────────────


def _told_of(title: str, fields: Sequence[Field], **more: Described) -> Described:
    properties = {one.name: openapi.answered(one) for one in fields} | more
    return object_of(title, properties, list(properties))


def _shapes() -> Described:
    steps = {"type": "array", "items": ref("RequestStep")}
    can = {"type": "array", "items": {"type": "string"}, "title": str(CAN.th)}
    records = {"type": "array", "items": ref("DuplicateRecord")}
    made = {
        "RequestLine": _told_of("คำขอ", PARTY),
        "RequestStep": _told_of("ขั้นตอนของคำขอ", STEP),
        "RequestWhole": _told_of("คำขอพร้อมขั้นตอน", PARTY, steps=steps, can=can),
        "MovementLine": _told_of("รายการเคลื่อนย้าย", MOVEMENT),
        "DuplicateRecord": _told_of("ระเบียนของเรื่องซ้ำซ้อน", RECORD),
        "DuplicateCase": _told_of("เรื่องซ้ำซ้อน", PARTY, steps=steps, can=can, records=records),
        "GCodeLine": _told_of("แบบคำขอรหัส G", G_CODE),
        "GUserLine": _told_of("ผู้ใช้งานรหัส G", G_USER),
        "CivilLine": _told_of("คำถามถึงกรมการปกครอง", CIVIL),
    }
    for line in ("RequestLine", "MovementLine", "GCodeLine", "GUserLine", "CivilLine"):
        listed = {"type": "array", "items": ref(line)}
        made[f"{line}s"] = object_of(made[line]["title"], {"result": listed}, ["result"])
    return made


def _readings() -> Described:
    box = query_parameter("box", "กล่องของคำขอ", type="string", enum=list(BOXES), default=BOXES[0])
    student = query_parameter("student", "เฉพาะนักเรียนนี้", **_NUMBER)
    before = query_parameter("before", "ก่อนรายการที่มี key นี้", **_NUMBER)
    files = {"application/pdf": _BYTES, "image/jpeg": _BYTES}
    file = {"200": {"description": "ไฟล์", "content": files}}
    return {
        f"{openapi.BASE}/request/": _reading("request", "list", "คำขอตามกล่อง", "RequestLines", box),
        f"{openapi.BASE}/request/{{key}}": _reading("request", "get", "คำขอพร้อมขั้นตอน", "RequestWhole"),
        f"{openapi.BASE}/request/{{key}}/files/{{step}}": _reading("request", "file", "เอกสารของขั้นตอน", file),
        f"{openapi.BASE}/movement/": _reading(
            "movement", "list", "รายการเคลื่อนย้ายล่าสุด", "MovementLines", student, before
        ),
        f"{openapi.BASE}/duplicate/{{key}}": _reading("duplicate", "get", "เรื่องซ้ำซ้อน", "DuplicateCase"),
        f"{openapi.BASE}/g_code/": _reading("g_code", "list", "แบบคำขอรหัส G ล่าสุด", "GCodeLines"),
        f"{openapi.BASE}/g_user/": _reading("g_user", "list", "ผู้ใช้งานรหัส G", "GUserLines"),
        f"{openapi.BASE}/civil_inquiry/batches/{{key}}": _reading(
            "civil_inquiry", "get", "คำถามของชุดหนึ่ง", "CivilLines"
        ),
    }


_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}


def _reading(
    subject: str, what: str, summary: str, answer: str | Described, *parameters: Described
) -> Described:
    keys = {"list": [], "get": [_key(subject)], "file": [_key(subject), _step()]}[what]
    answers = {"200": openapi.answer(summary, answer)} if isinstance(answer, str) else answer
    statuses = (400, 401, 403, 429) if what == "list" else (400, 401, 403, 404, 429)
    operation = {
        "operationId": f"{subject}_{what}",
        "tags": [str(TAGS[subject])],
        "summary": summary,
        "security": openapi.security(safe=True),
        "responses": answers | refused(statuses),
    }
    return {
        "parameters": [*keys, openapi.LANGUAGE],
        "get": operation | ({"parameters": list(parameters)} if parameters else {}),
    }


def _key(subject: str) -> Described:
    longest = NAMED.get(subject)
    schema = {"type": "string", "minLength": 1, "maxLength": longest} if longest else _NUMBER
    return _in_path("key", "key ของรายการ", schema)


def _step() -> Described:
    return _in_path("step", "key ของขั้นตอน", _NUMBER)


def _in_path(name: str, words: str, schema: Described) -> Described:
    return {"in": "path", "name": name, "required": True, "description": words, "schema": schema}


# ── For people ───────────────────────────────────────────────────────────────────────────────────────────


def pages() -> list[tuple[str, str]]:
    """What verbs are about, each with its name in the reader's language."""
    return [(subject, said(th)) for subject, th in TAGS.items()]


@dataclass(frozen=True)
class Operation:
    """One operation as the manual shows it: a verb with its parameters, or a reading."""

    method: str
    path: str
    label: str
    fields: Sequence[Field]
    papers: str
    needs_papers: bool


def operations_of(subject: str) -> list[Operation]:
    """What can be done with a subject, and read of it, in words of the reader's language."""
    readings = [
        Operation("get", path, item["get"]["summary"], (), "", needs_papers=False)
        for path, item in _readings().items()
        if path.split("/")[3] == subject
    ]
    return readings + [
        Operation("post", address_of(one), said(one.th), one.parameters, said(one.papers), one.needs_papers)
        for one in VERBS
        if one.subject == subject
    ]
