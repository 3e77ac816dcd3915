"""The demo's accounts: seven to try with, and the officers and directors who sign for the other schools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role, assoc_user_role

from ..access import CENTRE, ROLE_LABELS, Level
from ..bilingual import Sentence
from ..dataset import history
from ..declaration import db
from ..errors import RuleViolation
from ..models import Account
from ..models import School as RegisteredSchool
from ..workflows import accounts
from .schools import SAMPLE_SCHOOL, School
from .words import last_names, seeded, words

AREA: Final = SAMPLE_SCHOOL[:4]
SECOND_SCHOOL: Final = "16020001"
PASSWORD: Final = "thabian-demo"  # noqa: S105 - published on the login page; it opens made-up data only
# Marks what the demo made: ``.invalid`` can never be anybody's real address.
_ADDRESS: Final = "@demo.invalid"
_NO_PASSWORD: Final = "!"  # noqa: S105 - no text has this hash, so nobody can log in

_OFFICER, _DIRECTOR = "school_officer", "school_director"


class NotForTheDemo(RuleViolation):
    """The password is published; a register that somebody already works in must not get it."""

    message = (
        "ฐานข้อมูลนี้มีบัญชีหรือโรงเรียนที่ไม่ใช่ข้อมูลตัวอย่างอยู่แล้ว จึงไม่เพิ่มข้อมูลตัวอย่าง "
        "ให้ใช้ฐานข้อมูลใหม่ หรือใช้ setup โดยไม่มี --demo"
    )
    status = 409


class Trial(NamedTuple):
    """An account to try with; ``place`` is the code of a school or an area, empty for the centre."""

    username: str
    role: str
    place: str
    position: str


TRIALS: Final = (
    Trial("officer1", _OFFICER, SAMPLE_SCHOOL, "ครู"),
    Trial("director1", _DIRECTOR, SAMPLE_SCHOOL, "ผู้อำนวยการโรงเรียน"),
    Trial("officer2", _OFFICER, SECOND_SCHOOL, "ครู"),
    Trial("director2", _DIRECTOR, SECOND_SCHOOL, "ผู้อำนวยการโรงเรียน"),
    Trial("district", "district_officer", AREA, "นักวิชาการศึกษา"),
    Trial("central", "central_officer", "", "นักวิชาการศึกษา"),
    Trial("administrator", "administrator", "", "นักวิชาการคอมพิวเตอร์"),
)


class Shown(NamedTuple):
    """An account as the login page and the command line offer it."""

    username: str
    password: str
    who: str


def are_there() -> bool:
    """True in a database that holds the demo."""
    query = sa.select(Account.id).where(Account.email.endswith(_ADDRESS)).limit(1)
    return db.session.scalar(query) is not None


def shown() -> list[Shown]:
    """The accounts to try with; nothing where there is no demo. One or two statements."""
    names = [trial.username for trial in TRIALS]
    query = sa.select(Account.username, Account.scope).where(
        Account.username.in_(names), Account.email.endswith(_ADDRESS), Account.active
    )
    scopes: dict[str, str] = {row.username: row.scope for row in db.session.execute(query)}
    places = accounts.places_of(list(scopes.values())) if scopes else {}
    return [
        Shown(trial.username, PASSWORD, _who(trial, places.get(scopes[trial.username], "")))
        for trial in TRIALS
        if trial.username in scopes
    ]


def _who(trial: Trial, place: str) -> str:
    role = ROLE_LABELS[trial.role]
    if place in {"", Level.CENTRAL.th}:
        return role
    return Sentence("{role} · {place}", role=role, place=place)


def refuse_other_data() -> None:
    """The published password must never open a register that somebody works in (NotForTheDemo)."""
    for query in (sa.select(Account.id), sa.select(RegisteredSchool.code)):
        if db.session.scalar(query.limit(1)) is not None:
            raise NotForTheDemo


# ── Making ───────────────────────────────────────────────────────────────────────────────────────────────


def make(schools: Sequence[School], seed: int) -> None:
    """The trial accounts, and an officer and a director for each other school who cannot log in."""
    by_code = {school.code: school for school in schools}
    hashed = accounts.hashed(PASSWORD)
    rows = [_trial_row(trial, by_code, seed, hashed) for trial in TRIALS]
    tried = {trial.place for trial in TRIALS}
    rows += [row for school in schools if school.code not in tried for row in _signers(school, seed)]
    made = db.session.execute(sa.insert(Account.__table__).returning(Account.id), [row[1] for row in rows])
    roles = {role.name: role.id for role in db.session.scalars(sa.select(Role))}
    ids = zip(made.scalars(), rows, strict=True)
    held = [{"user_id": account_id, "role_id": roles[role]} for account_id, (role, _) in ids]
    db.session.execute(sa.insert(assoc_user_role), held)
    # One entry for the whole: nobody was given anything that was anybody's.
    history.record_account(db.session.connection(), 0, CENTRE, "insert", None, {"accounts": len(rows)})


def _trial_row(
    trial: Trial, schools: dict[str, School], seed: int, hashed: str
) -> tuple[str, dict[str, Any]]:
    school = schools.get(trial.place)
    scope = _scope(school) if school else "/".join(filter(None, (CENTRE, trial.place)))
    name = _name(school, trial.role, seed) if school else _made_up(seed, trial.username)
    return trial.role, _row(trial.username, name, trial.position, scope, hashed)


def _signers(school: School, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for letter, role, position in (("o", _OFFICER, "ครู"), ("d", _DIRECTOR, "ผู้อำนวยการโรงเรียน")):
        name = _name(school, role, seed)
        yield role, _row(f"{letter}{school.code}", name, position, _scope(school), _NO_PASSWORD)


def _scope(school: School) -> str:
    return f"{CENTRE}/{school.area_code}/{school.code}"


def _name(school: School, role: str, seed: int) -> tuple[str, str]:
    if role == _DIRECTOR:
        return school.director_title + school.director_first_name, school.director_last_name
    return _made_up(seed, school.code)


def _made_up(seed: int, whose: str) -> tuple[str, str]:
    rng = seeded("accounts", seed, whose)
    title, list_ = rng.choice((("นาย", "male"), ("นาง", "female"), ("นางสาว", "female")))
    return title + rng.choice(words(f"first_names_older_{list_}")), rng.choice(last_names())


def _row(username: str, name: tuple[str, str], position: str, scope: str, hashed: str) -> dict[str, Any]:
    first, last = name
    return {
        "username": username, "first_name": first, "last_name": last, "email": f"{username}{_ADDRESS}",
        "password": hashed, "active": True, "position": position, "scope": scope, "session_epoch": 1,
        "must_change_password": False,
    }  # fmt: skip
