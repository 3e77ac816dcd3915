"""Field groups: what a role does not see, it gets through no door, and cannot change unseen.

The assistant of the district (ผู้ช่วยเจ้าหน้าที่เขต) may do all with every dataset, but sees nothing of one group
of fields, or only that there is a value. Every door that the application has is opened for every dataset and
group; both are made from the declarations, and what must not come out is written into the rows by somebody
who may.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from appbuilder_app import access, kinds
from appbuilder_app.access import Privacy, Sight, Viewer, private_subject
from appbuilder_app.dataset.sight import fields_seen, sight
from appbuilder_app.declaration import Base, Field, datasets, fields_of, privacies_of
from appbuilder_app.errors import FieldNotSeen
from appbuilder_app.models import Account, Student, db
from appbuilder_app.workflows import accounts, roles
from tests.app_fixtures import SCHOOL, national_id
from tests.attack_fixtures import Attacked, fields_on, key_name

pytestmark = pytest.mark.any_database("postgresql")

ASSISTANT = "ผู้ช่วยเจ้าหน้าที่เขต"
GROUPS = [(model, privacy) for model in datasets() for privacy in privacies_of(model)]
every_group = pytest.mark.parametrize(
    ("model", "privacy"), GROUPS, ids=[f"{model.__tablename__}-{privacy}" for model, privacy in GROUPS]
)
unseen = pytest.mark.parametrize("seen", [Sight.HIDDEN, Sight.MASKED], ids=str)


# ── The assistant, and a row worth hiding ────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module", autouse=True)
def assistant(attacked: Attacked) -> None:
    """An account of Dan's district whose one role the tests change."""
    with attacked.world.acting("adam"):
        role = roles.add_role(ASSISTANT)
        dan = db.session.scalars(sa.select(Account).filter_by(username="dan")).one()
        helper = Account(
            username="helper", first_name="ผู้ช่วย", last_name="ทดสอบ", email="helper@test.invalid",
            password=dan.password, active=True, scope=dan.scope, position="ผู้ช่วย", session_epoch=1,
        )  # fmt: skip
        helper.roles = [role]
        db.session.add(helper)
        db.session.commit()


class Secret(NamedTuple):
    """A row of the assistant's district whose private fields hold texts that stand nowhere else."""

    model: type[Base]
    key: Any
    texts: dict[str, str]

    @property
    def table(self) -> str:
        """Name of the dataset."""
        return str(self.model.__tablename__)


def everything_but(model: type[Base], privacy: Privacy, seen: Sight) -> set[access.Right]:
    """All rights there are, but of one group of fields only this sight."""
    subject = private_subject(model.__tablename__, privacy)
    rights = {right for right in roles.known_rights() if right[1] != subject}
    return rights if seen is Sight.HIDDEN else rights | {(str(seen), subject)}


def private_fields(model: type[Base], privacy: Privacy) -> dict[str, Field]:
    """The fields of a group."""
    return {name: declared for name, declared in fields_of(model).items() if declared.privacy is privacy}


def telling(declared: Field, place: int) -> Any:
    """A value that can be told from every other; None where the kind has too few values for that."""
    kind = declared.kind
    if isinstance(kind, kinds.Identity):
        return national_id(777_000 + place)
    if isinstance(kind, kinds.Number):
        lowest, highest = int(str(declared.minimum or 0)), int(str(declared.maximum or 99_999))
        middle = (lowest + highest) // 2 + place
        return middle if isinstance(kind, kinds.Whole) else Decimal(f"{middle}.7")
    if isinstance(kind, kinds.ThaiDate):
        return dt.date(1987, 6, 5) + dt.timedelta(days=place)
    # Of this dataset alone: /history/ tells of others, of which the reader may see as much.
    whose = zlib.crc32(declared.dataset.encode()) % 1000
    return f"ลับ{whose:03d}{place:02d}"[: declared.length] if type(kind) in {kinds.Kind, kinds.Memo} else None


@contextmanager
def a_secret(attacked: Attacked, model: type[Base], privacy: Privacy) -> Iterator[Secret]:
    """Inside, a row holds the telling values: written by the administrator, so that the history has them."""
    key = attacked.of_school(model, SCHOOL)[key_name(model)]
    values = {
        name: value
        for place, (name, declared) in enumerate(private_fields(model, privacy).items())
        if (value := telling(declared, place)) is not None
    }
    with attacked.world.acting("adam"):
        row = db.session.get_one(model, key)
        for name, value in values.items():
            if not isinstance(fields_of(model)[name].kind, kinds.Identity):
                setattr(row, name, value)
        db.session.commit()
    _number(attacked, model, key, values)
    yield Secret(
        model, key, {name: str(fields_of(model)[name].kind.edit(value)) for name, value in values.items()}
    )
    attacked.put_back(attacked.changes())


def _number(attacked: Attacked, model: type[Base], key: Any, values: dict[str, Any]) -> None:
    """Past every wall: nobody changes an identity number by hand, and its verb would tell more than it."""
    numbers = {
        name: value
        for name, value in values.items()
        if isinstance(fields_of(model)[name].kind, kinds.Identity)
    }
    if numbers:
        with attacked.past_every_wall() as connection:
            mine = model.__table__.c[key_name(model)] == key
            connection.execute(sa.update(model.__table__).where(mine).values(**numbers))


def give(attacked: Attacked, rights: set[access.Right]) -> None:
    """The assistant's role holds exactly these rights from now on."""
    with attacked.world.acting("adam"):
        [role] = accounts.roles_named([ASSISTANT])
        roles.set_rights(role, rights)
        db.session.commit()


# ── Every door ───────────────────────────────────────────────────────────────────────────────────────────


def doors(attacked: Attacked, secret: Secret, *, all_screens: bool = False) -> Iterator[str]:
    """The address of everything that can be got, with the row's key, and the keys of what hangs on it.

    Those made from declarations, and with ``all_screens`` those that know of students as well.
    """
    known = {
        "key": [secret.key],
        "kind": ["xlsx", "csv"],
        "school_code": [SCHOOL],
        "account_id": [1],
        "role_id": [1],
    }
    for rule in attacked.world.app.url_map.iter_rules():
        # What belongs to another dataset is asked for when its own turn comes.
        elsewhere = any(
            f"/{one.__tablename__}/" in rule.rule for one in datasets() if one is not secret.model
        )
        own = (all_screens and secret.model is Student) or rule.rule.startswith(
            ("/history", f"/data/{secret.table}/", f"/api/v1/{secret.table}/")
        )
        own = own or ("<" not in rule.rule and secret.table in rule.rule)
        if "GET" in (rule.methods or ()) and rule.arguments <= known.keys() and own and not elsewhere:
            for values in product(*(known[name] for name in rule.arguments)):
                try:
                    built = rule.build(dict(zip(rule.arguments, values, strict=True)))
                except ValueError:
                    continue  # a report that there is in other kinds
                if built is not None and "/static/" not in built[1]:
                    yield built[1]


def body_of(answer: TestResponse) -> str:
    """What was answered as text; of a workbook all its sheets."""
    data = answer.get_data()
    if not data.startswith(b"PK"):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as workbook:
        return "".join(workbook.read(name).decode(errors="replace") for name in workbook.namelist())


def shapes(secret: Secret, name: str) -> set[str]:
    """How a value could stand in an answer."""
    declared, text = fields_of(secret.model)[name], secret.texts[name]
    value = declared.kind.read(text)
    return {text, declared.kind.show(value), str(declared.kind.json(value)), str(declared.kind.cell(value))}


@unseen
@every_group
def test_no_door_tells_a_value_of_a_group_that_is_not_seen(
    attacked: Attacked, model: type[Base], privacy: Privacy, seen: Sight
) -> None:
    give(attacked, everything_but(model, privacy, seen))
    client, _ = attacked.client("helper", "cookie")
    with a_secret(attacked, model, privacy) as secret:
        opened = 0
        for address in doors(attacked, secret, all_screens=seen is Sight.HIDDEN):
            answer = client.get(address, buffered=True)
            assert answer.status_code < 500, address
            opened += answer.status_code == 200
            body = body_of(answer)
            for name in secret.texts:
                assert not [shape for shape in shapes(secret, name) if shape in body], (address, name)
        assert opened >= 9, opened


@every_group
def test_who_sees_the_group_gets_its_values(attacked: Attacked, model: type[Base], privacy: Privacy) -> None:
    """The test above would hold for an application that shows nothing."""
    give(attacked, everything_but(model, privacy, Sight.SHOWN))
    client, _ = attacked.client("helper", "cookie")
    with a_secret(attacked, model, privacy) as secret:
        told = dict.fromkeys(secret.texts, 0)
        for address in doors(attacked, secret):
            body = body_of(client.get(address, buffered=True))
            for name in told:
                told[name] += any(shape in body for shape in shapes(secret, name))
        assert all(count >= 4 for count in told.values()), told


@unseen
@every_group
def test_what_is_not_seen_can_be_neither_searched_nor_filtered_nor_ordered_by(
    attacked: Attacked, model: type[Base], privacy: Privacy, seen: Sight
) -> None:
    give(attacked, everything_but(model, privacy, seen))
    client, _ = attacked.client("helper", "cookie")
    with a_secret(attacked, model, privacy) as secret:
        for base, (name, declared) in product(
            (f"/data/{secret.table}/", f"/api/v1/{secret.table}/"), private_fields(model, privacy).items()
        ):
            assert client.get(f"{base}?sort={name}").status_code == 400
            if declared.filtered:
                row = attacked.rows(model)[secret.table, secret.key]
                assert client.get(f"{base}?{name}={declared.kind.edit(row[name])}").status_code == 400
            if name in secret.texts:
                found = client.get(f"{base}?q={secret.texts[name]}&size=100").get_data(as_text=True)
                assert f'/{secret.key}"' not in found
                assert f'"key":{secret.key},' not in found.replace(" ", "")


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────


@unseen
@every_group
def test_what_is_not_seen_is_not_on_the_form_and_keeps_its_value(
    attacked: Attacked, model: type[Base], privacy: Privacy, seen: Sight
) -> None:
    give(attacked, everything_but(model, privacy, seen))
    client, _ = attacked.client("helper", "cookie")
    with a_secret(attacked, model, privacy) as secret:
        stored = attacked.rows(model)[secret.table, secret.key]
        address = f"/data/{secret.table}/{secret.key}/edit"
        on_the_form = fields_on(client.get(address).get_data(as_text=True))
        private = private_fields(model, privacy)
        assert not set(private) & set(on_the_form)
        smuggled = {name: declared.kind.edit(telling(declared, 50)) for name, declared in private.items()}
        assert client.post(address, data=on_the_form | smuggled).status_code == 302
        after = attacked.rows(model)[secret.table, secret.key]
        assert {name: after[name] for name in private} == {name: stored[name] for name in private}


@unseen
@every_group
def test_the_api_refuses_an_unseen_field_by_name_and_does_not_tell_whether_the_value_was_right(
    attacked: Attacked, model: type[Base], privacy: Privacy, seen: Sight
) -> None:
    give(attacked, everything_but(model, privacy, seen))
    client, _ = attacked.client("helper", "cookie")
    with a_secret(attacked, model, privacy) as secret:
        for name in private_fields(model, privacy):
            row = attacked.rows(model)[secret.table, secret.key]
            right, wrong = fields_of(model)[name].kind.json(row[name]), 5
            answers = [
                client.patch(f"/api/v1/{secret.table}/{secret.key}", json={name: value})
                for value in (right, wrong)
            ]
            assert [answer.status_code for answer in answers] == [422, 422]
            assert {error["field"] for answer in answers for error in answer.get_json()["errors"]} == {name}
            assert answers[0].get_json() == answers[1].get_json()
            assert attacked.rows(model)[secret.table, secret.key] == row


def test_a_program_that_forgot_to_ask_cannot_write_an_unseen_field(attacked: Attacked) -> None:
    give(attacked, everything_but(Student, Privacy.HEALTH, Sight.MASKED))
    with attacked.world.acting("helper"):
        pupil = db.session.scalars(sa.select(Student).filter_by(school_code=SCHOOL)).first()
        assert pupil is not None
        pupil.weight_kg = Decimal(60)
        with pytest.raises(FieldNotSeen, match="น้ำหนัก"):
            db.session.flush()
        db.session.rollback()


# ── Who sees what ────────────────────────────────────────────────────────────────────────────────────────


def viewer(*rights: access.Right) -> Viewer:
    """Somebody with these rights."""
    return Viewer(1, "somebody", "ใครคนหนึ่ง", "", "C", frozenset(rights))


SEE, MASK, ELSEWHERE = ("see", "student:health"), ("mask", "student:health"), ("see", "staff:health")


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        ((), Sight.HIDDEN),
        ((MASK,), Sight.MASKED),
        ((SEE,), Sight.SHOWN),
        ((MASK, SEE), Sight.SHOWN),
        ((ELSEWHERE, ("see", "student:family")), Sight.HIDDEN),
        ((("read", "student"), ("write", "student")), Sight.HIDDEN),
    ],
)
def test_of_several_roles_the_most_open_wins_and_without_one_nothing_is_seen(
    rights: tuple[access.Right, ...], expected: Sight
) -> None:
    weight = fields_of(Student)["weight_kg"]
    assert sight(viewer(*rights), weight) is expected
    assert ("weight_kg" in fields_seen(Student, viewer(*rights))) is (expected is not Sight.HIDDEN)


def test_nobody_sees_only_what_is_ordinary() -> None:
    assert sight(None, fields_of(Student)["weight_kg"]) is Sight.HIDDEN
    assert sight(None, fields_of(Student)["first_name"]) is Sight.SHOWN


def test_a_masked_field_keeps_its_place_and_gives_nothing_but_the_veil() -> None:
    masked = fields_seen(Student, viewer(MASK))["weight_kg"]
    kind = masked.kind
    ways = (kind.show, kind.mask, kind.edit, kind.cell, kind.json, kind.veil)
    assert {way(Decimal("41.5")) for way in ways} == {kinds.VEIL}
    assert (masked.editable, masked.searched, masked.filtered) == (False, False, False)
    assert not kind.show(None)
    assert kind.json(None) is None


def test_a_group_follows_the_form_group_unless_something_else_is_said() -> None:
    fields = fields_of(Student)
    assert fields["mother_first_name"].privacy is Privacy.FAMILY
    assert fields["disability"].privacy is Privacy.HEALTH
    assert fields["national_id"].privacy is Privacy.IDENTITY
    assert fields["first_name"].privacy is None
