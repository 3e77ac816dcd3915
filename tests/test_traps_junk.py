"""Junk at every door: nothing that anybody can send is answered with an error of ours, or tells of the database.

The trap: FAB shows database errors with their SQL and its values (national IDs), and whatever a driver cannot
encode, convert or store comes out as a 500. What is refused must be refused in words, with a status of 4xx.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

from appbuilder_app.declaration import Base, dataset_of, datasets, fields_of
from tests.app_fixtures import SCHOOL
from tests.attack_fixtures import REPRESENTATIVE, Attacked, fields_on, key_name, rights_of, rules_to_attack

pytestmark = pytest.mark.any_database("postgresql")

NASTY = [
    "\x00", "ก\x00ข", "\x01\x02\x7f", "\u202e\u2066", "\ufffe\uffff", "\ufeff", "😀" * 30, "ก" * 5_000, "a" * 70_000,
    "9" * 30, "-1", "0", "1e309", "1e-400", "NaN", "-Infinity", "0x10", "1_000", "٣", "²", "๙" * 20, "9.99999999999",
    "2147483648", "9223372036854775808", "'; DROP TABLE student; --", "%s%n%(x)s", "{0.__class__}", "{{7*7}}", "%00",
    "../../../etc/passwd", "\\\\host\\share", "<script>alert(1)</script>", "=HYPERLINK(1)", "   ", "null", "[]", "{}",
    "true", "31/02/2567", "29/02/2566", "99/99/9999", "01/01/0001", "31/12/9999", "2567-01-01", "0/0/0", "24.60",
    "1/1/99999999999", "C/1602", "1000000001005", "\r\nSet-Cookie: x=1", "ก็็็็็็็็็็",
]  # fmt: skip
OF_LISTS = ["q", "sort", "after", "before", "size", "first"]
TELLING = re.compile(r"SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|sqlalchemy|psycopg|sqlite3|Traceback|\.py\b")
SAFE = {"GET", "HEAD", "OPTIONS"}
WITHOUT_SERVING = {"static", "appbuilder.static"}
REVIEWERS = ("alice", "dan", "adam")


@pytest.fixture(autouse=True)
def as_it_was(attacked: Attacked) -> Iterator[None]:
    """What junk was accepted is taken out again."""
    yield
    attacked.put_back(attacked.changes())


def sound(answer: TestResponse, what: Any) -> list[str]:
    """What is wrong with an answer to junk."""
    body = answer.get_data().decode(errors="replace")  # a workbook is no text
    wrong = [f"{answer.status_code} for {str(what)[:120]!r}"] if answer.status_code >= 500 else []
    if answer.status_code >= 400 and (told := TELLING.search(body)):
        wrong.append(f"told {told.group()!r} for {str(what)[:120]!r}")
    return wrong


def writer_of(model: type[Base]) -> str:
    """A persona who may write the dataset."""
    return next(name for name in REVIEWERS if ("write", model.__tablename__) in rights_of(name))


every_dataset = pytest.mark.parametrize("model", REPRESENTATIVE, ids=lambda model: model.__tablename__)


@every_dataset
def test_junk_in_all_fields_of_a_form(attacked: Attacked, model: type[Base]) -> None:
    client, _ = attacked.client(writer_of(model), "cookie")
    key, wrong = attacked.of_school(model, SCHOOL)[key_name(model)], []
    for nasty in NASTY:
        sent = dict.fromkeys([*fields_of(model), "version", "then", "reason", "no_such_field"], nasty)
        for path in (f"/data/{model.__tablename__}/add", f"/data/{model.__tablename__}/{key}/edit"):
            wrong += sound(client.post(path, data=sent), f"{path} {nasty}")
    assert wrong == []


JUNK: list[Any] = [
    *NASTY, "\ud800", "x\udfff", 10**30, -(10**30), 1e308, 2**53 + 1, 0.1, True, None, [], {}, [1], {"a": 1},
]  # fmt: skip


@every_dataset
def test_junk_in_the_members_of_a_body(attacked: Attacked, model: type[Base]) -> None:
    client, headers = attacked.client(writer_of(model), "token")
    path, wrong = f"/api/v1/{model.__tablename__}/", []
    key = attacked.of_school(model, SCHOOL)[key_name(model)]
    for nasty in JUNK:
        wrong += sound(client.post(path, json=dict.fromkeys(fields_of(model), nasty), headers=headers), nasty)
        wrong += sound(
            client.patch(f"{path}{key}", json={"version": nasty}, headers=headers),
            ("version", nasty),
        )
    for place, name in enumerate(fields_of(model)):
        for nasty in JUNK[place % 13 :: 13]:
            wrong += sound(client.patch(f"{path}{key}", json={name: nasty}, headers=headers), (name, nasty))
    assert wrong == []


# Whatever JSON can say, halves of characters too.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_whatever_else_there_is(attacked: Attacked, data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(REPRESENTATIVE))
    body = data.draw(ANYTHING | st.dictionaries(st.sampled_from([*fields_of(model)]), ANYTHING, min_size=1))
    client, headers = attacked.client(writer_of(model), "token")
    path = f"/api/v1/{model.__tablename__}/"
    key = attacked.of_school(model, SCHOOL)[key_name(model)]
    wrong = sound(client.post(path, json=body, headers=headers), body)
    wrong += sound(client.patch(f"{path}{key}", json=body, headers=headers), body)
    wrong += sound(_sent_as_form(attacked, model, body), body)
    assert wrong == []


def _sent_as_form(attacked: Attacked, model: type[Base], body: Any) -> TestResponse:
    form = body if isinstance(body, dict) else {"": body}
    sent = {
        name.encode("utf-8", "replace"): str(value).encode("utf-8", "replace") for name, value in form.items()
    }
    key = attacked.of_school(model, SCHOOL)[key_name(model)]
    client, _ = attacked.client(writer_of(model), "cookie")
    kind = "application/x-www-form-urlencoded"
    return client.post(f"/data/{model.__tablename__}/{key}/edit", data=urlencode(sent), content_type=kind)


BODIES: list[tuple[str, bytes]] = [
    ("application/json", b""), ("application/json", b"{"), ("application/json", b"\xff\xfe\x00"),
    ("application/json", b'"text"'), ("application/json", b"[]"), ("application/json", b"null"),
    ("application/json", b"[" * 100_000), ("application/json", b'{"a":' * 50_000), ("application/json", b"9" * 9_999),
    ("application/json", b'{"version": 1e999}'), ("application/json", b'{"name": NaN}'),
    ("application/json; charset=tis-620", "{'name': 'ก'}".encode("tis-620")), ("text/plain", b"{}"),
    ("application/x-www-form-urlencoded", b"name=%E0%B8%FF&name=%ff"), ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"b" * 700_000),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--"), ("", b"\x00"),
]  # fmt: skip


def test_bodies_that_are_none(attacked: Attacked) -> None:
    """Deep nesting ends in RecursionError, which is no ValueError; FAB answered 500."""
    wrong = []
    for persona, door in (("alice", "token"), ("alice", "cookie"), ("adam", "cookie")):
        client, headers = attacked.client(persona, door)
        for rule in rules_to_attack(attacked.world.app):
            for method in rule.methods - SAFE if rule.methods and not rule.arguments else ():
                for content_type, body in BODIES:
                    answer = client.open(
                        rule.rule,
                        method=method,
                        headers=headers,
                        data=body,
                        content_type=content_type,
                    )
                    wrong += sound(answer, f"{method} {rule.rule} {content_type} {body[:20]!r}")
                    if rule.endpoint == "LoginView.logout":
                        attacked.clients.clear()
    assert wrong == []


def addresses(attacked: Attacked, filling: dict[str, Any]) -> Iterator[str]:
    """Every address that is attacked and can be opened, its parts filled in."""
    for rule in rules_to_attack(attacked.world.app):
        if rule.endpoint not in WITHOUT_SERVING and "GET" in (rule.methods or ()):
            parts = {name: filling.get(name, filling["*"]) for name in rule.arguments}
            yield _built(rule, parts | ({"kind": "csv"} if "kind" in parts else {}))


def _built(rule: Any, parts: dict[str, Any]) -> str:
    address = rule.rule
    for name, value in parts.items():
        address = re.sub(rf"<([^<>]*:)?{name}>", quote(str(value), safe=""), address)
    return str(address)


PARTS = ["0", "9" * 18, "9" * 40, "\x00", "ก", "a/b", "%2e%2e", "..", " ", "²", "\ufffe", "x" * 3_000, "-1"]


def test_junk_in_the_address(attacked: Attacked) -> None:
    wrong = []
    for place, nasty in enumerate(PARTS):
        client, _ = attacked.client([*REVIEWERS, "cee"][place % 4], "cookie")
        for address in addresses(attacked, {"*": nasty}):
            if nasty.replace("%", "%25") in unquote(address):
                wrong += sound(client.get(address, buffered=True), address)
    assert wrong == []


class Asked(ImmutableMultiDict[str, str]):
    """The arguments of a request, which tell what was asked of them."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> str:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *how: Any, **further: Any) -> Any:
        """As a dictionary's."""
        self.names.add(key)
        return super().get(key, *how, **further)

    def getlist(self, key: str, *how: Any, **further: Any) -> Any:
        """As a MultiDict's."""
        self.names.add(key)
        return super().getlist(key, *how, **further)


def arguments_of(client: FlaskClient, address: str) -> list[str]:
    """What the address asks of its arguments; lists take any name of a field, filters among them."""
    Asked.names.clear()
    client.get(address, buffered=True)
    asked = {*Asked.names}
    for model in datasets():
        _, door, rest = address.rpartition(f"/{model.__tablename__}/")
        if door:
            filters = {name for name, declared in fields_of(model).items() if declared.filtered}
            asked |= {*OF_LISTS} | (set() if rest else filters)
    return sorted(asked)


def test_junk_after_the_address(attacked: Attacked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each argument by itself: the first that is refused would hide the others."""
    known = {"*": 1, "school_code": SCHOOL, "key": SCHOOL}
    monkeypatch.setattr(attacked.world.app.request_class, "parameter_storage_class", Asked)
    wrong, seen = [], set()
    for place, address in enumerate(addresses(attacked, known)):
        client, _ = attacked.client([*REVIEWERS, "cee"][place % 4], "cookie")
        for at, name in enumerate(arguments_of(client, address)):
            seen.add(name)
            nasty = NASTY[(7 * place + at) % len(NASTY)][:9_000]
            answer = client.get(address, query_string={name: nasty}, buffered=True)
            wrong += sound(answer, (address, name, nasty))
    assert wrong == []
    assert {*OF_LISTS, "area", "round", "state", "school", "since", "next"} <= seen, (
        "the names were not heard"
    )


@every_dataset
def test_junk_in_a_page_mark(attacked: Attacked, model: type[Base]) -> None:
    client, headers = attacked.client("adam", "token")
    wrong, length = [], len(dataset_of(model).order)
    marks = [json.dumps([part] * length) for part in JUNK]
    marks += [
        "[" * 4_000,
        "{",
        "[]",
        "null",
        json.dumps(["a"] * 99),
        json.dumps([[1]] * length),
        "[NaN]",
        "\xff",
    ]
    for mark in marks:
        sent = base64.urlsafe_b64encode(mark.encode("latin-1", "ignore")).decode()
        for name in ("after", "before"):
            path = f"/api/v1/{model.__tablename__}/"
            wrong += sound(client.get(path, query_string={name: sent}, headers=headers), (name, mark))
    assert wrong == []


# ── Forms of the other screens ───────────────────────────────────────────────────────────────────────────


def forms_seen(attacked: Attacked, persona: str) -> Iterator[tuple[str, dict[str, str], set[str]]]:
    """Every form on every page that the persona can open: its address, its fields, and which are for files."""
    client, _ = attacked.client(persona, "cookie")
    seen = set()
    known = {"*": 1, "school_code": SCHOOL, "key": SCHOOL}
    for address in addresses(attacked, known):
        page = client.get(address, buffered=True)
        if page.mimetype == "text/html" and page.status_code == 200 and "/data/" not in address:
            for form in FORM.findall(page.text):
                action = (ACTION.search(form) or [address, address])[1]
                if action not in seen and not action.startswith(NOT_JUNKED):
                    seen.add(action)
                    inputs = [tag for tag in INPUT.findall(form) if 'type="file"' in tag]
                    yield action, fields_on(form), {NAME.search(tag)[1] for tag in inputs}  # type: ignore[index]


# A new password by accident would end the attack.
NOT_JUNKED = ("/logout", "/data/", "/accounts/password", "/login")
FORM = re.compile(r"<form[^>]*method=.post.*?</form>", re.DOTALL | re.IGNORECASE)
ACTION, INPUT, NAME = (
    re.compile(r'<form[^>]*action="([^"]*)"'),
    re.compile(r"<input[^>]*>"),
    re.compile(r'name="([^"]*)"'),
)


def test_junk_in_the_forms_of_other_screens(ravaged: Attacked) -> None:
    """Each form is junked by the first who is offered it; it is told by its address without numbers."""
    wrong, known = [], set()
    for persona in (*REVIEWERS, "cee"):
        client, _ = ravaged.client(persona, "cookie")
        forms = list(forms_seen(ravaged, persona))
        assert len(forms) >= 2
        for place, (action, fields, files) in enumerate(forms):
            if (shape := re.sub("[0-9]+", "N", action)) in known:
                continue
            known.add(shape)
            bodies: list[dict[str, Any]] = [{}, fields] + [
                dict.fromkeys(fields, nasty) for nasty in NASTY[place % 10 :: 10]
            ]
            bodies += [fields | {name: NASTY[(place + at) % len(NASTY)]} for at, name in enumerate(fields)]
            bodies += [
                fields | {name: (io.BytesIO(junk), "\u0e01\r\n\x00.xlsx")} for name in files for junk in FILES
            ]
            for body in bodies:
                wrong += sound(client.post(action, data=body, buffered=True), (persona, action, body))
    assert wrong == []


FILES = [b"", b"\x00" * 99, b"PK\x03\x04" + b"\xff" * 99, "รหัสโรงเรียน,ชื่อ\n1,2".encode("tis-620"), b'"' * 999, b"%PDF-1.7",
         b"\x89PNG\r\n\x1a\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>"]  # fmt: skip
