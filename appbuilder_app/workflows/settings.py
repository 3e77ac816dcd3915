"""Settings: what the centre sets where no document fixes it. What there is to set: ``rules/settings.py``."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from .. import access, rules
from ..access import CENTRE, Action
from ..codes import RequestKind
from ..declaration import db
from ..errors import NotYours, SourceMissing, StaleVersion
from ..models import Setting

SUBJECT: Final = "setting"


def in_force() -> dict[str, int]:
    """All that is set now, by code; the defaults stand for what is missing."""
    return {row.code: row.value for row in db.session.execute(sa.select(Setting.code, Setting.value))}


def value_of(code: str) -> int:
    """A setting's value now; its default where it is not set."""
    found = db.session.scalar(sa.select(Setting.value).where(Setting.code == code))
    return rules.SETTINGS[code].default if found is None else found


def time_for(kind: RequestKind) -> dt.timedelta:
    """How long a request of a kind handed in now is open until its deadline."""
    return dt.timedelta(days=value_of(rules.days_of(kind)))


def set_value(code: str, value: Any, source: str, version: int | None = None) -> Setting:
    """Set a value, by the letter or decision ``source``; it holds from now on, or for rounds made from now on.

    NotYours (404) for what is no setting, SourceMissing, StaleVersion, InvalidRow beyond its bounds.
    """
    with access.performing(Action.WRITE, SUBJECT) as viewer:
        row = db.session.get(Setting, code, populate_existing=True)
        if row is None or not viewer.looks_after(CENTRE):
            raise NotYours
        if not source.strip():
            raise SourceMissing
        if version is not None and version != row.version:
            raise StaleVersion
        row.value, row.source = value, source.strip()
        db.session.flush()
        return row


def seed() -> int:
    """Add the settings that are missing, and let what is said of the others follow; how many rows were written.

    A value that nobody has set follows its default.
    """
    with access.performing(Action.WRITE, SUBJECT):
        there = {row.code: row for row in db.session.scalars(sa.select(Setting))}
        written = sum(_follow(there.get(code), declared) for code, declared in rules.SETTINGS.items())
        db.session.flush()
        return written


def _follow(row: Setting | None, declared: rules.Setting) -> bool:
    said = {
        "name": declared.name[:],
        "unit": declared.unit[:],
        "standard": declared.default,
        "least": declared.least,
        "most": declared.most,
        "rule": declared.rule,
        "of_rounds": declared.of_rounds,
    }
    if row is None:
        db.session.add(Setting(code=declared.code, value=declared.default, **said))
        return True
    if row.source is None:
        said["value"] = declared.default
    differing = {name: value for name, value in said.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
