"""Making an installation ready: migrate the database, reference data and roles; each step may be repeated."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import current_app
from flask_migrate import upgrade

from . import access, reference
from .access import CENTRE, Viewer
from .declaration import db
from .models import Area, Change
from .reference import ServiceArea
from .walls import SetWork, set_based
from .workflows import roles

PATH = "setup"
"""How the history tells what an installation did by itself from what a person did through ``path``."""

_TAKEN = ("name", "short_name", "kind", "provinces")
# One number for "setting this database up": a second process waits, then finds nothing left to do.
_ONE_AT_A_TIME = 0x7AB1A8


def migrate() -> None:
    """Bring the database to the newest schema. Does nothing when it is there already."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with set_based(SetWork.MIGRATION):
        upgrade(directory=str(current_app.config["MIGRATIONS"]))


def prepare() -> int:
    """Reference data and roles, committed; how many areas were added or renamed."""
    one_at_a_time()
    roles.sync_roles()
    with acting("ติดตั้งระบบ"):
        changed = reference_data()
    db.session.commit()
    return changed


def one_at_a_time() -> None:
    """Wait for another set-up of this database. SQLite needs nothing: it has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))


@contextmanager
def acting(name: str) -> Iterator[Viewer]:
    """Everything inside is done by the installation itself, with every right; so the history says."""
    viewer = Viewer(None, PATH, name, "", CENTRE, roles.known_rights())
    with access.acting_as(viewer, through=PATH):
        yield viewer


# ── Reference data ───────────────────────────────────────────────────────────────────────────────────────


def reference_data() -> int:
    """All 245 areas: those that are missing are added, renamed ones follow, what people changed stays theirs.

    Returns how many rows were written.
    """
    present = {area.code: area for area in db.session.scalars(sa.select(Area))}
    written = 0
    for known in reference.service_areas():
        area = present.get(known.code)
        if area is None:
            db.session.add(Area(code=known.code, **_values(known)))
            written += 1
        else:
            written += _follow(area, known)
    db.session.flush()
    return written


def _values(known: ServiceArea) -> dict[str, object]:
    names = reference.province_names()
    return {
        "name": known.name,
        "short_name": known.short_name,
        "kind": known.kind,
        "provinces": " ".join(names[code] for code in known.provinces),
    }


def _follow(area: Area, known: ServiceArea) -> bool:
    values = _values(known)
    differing = [name for name in _TAKEN if getattr(area, name) != values[name]]
    if not differing:
        return False
    wanted = set(differing) - _changed_by_people(area)
    for name in wanted:
        setattr(area, name, values[name])
    return bool(wanted)


def _changed_by_people(area: Area) -> set[str]:
    """The area's fields that somebody has ever set by hand; the history knows."""
    query = sa.select(Change.after).where(
        Change.dataset == Area.__tablename__, Change.row_key == area.code, Change.path != PATH
    )
    return {name for after in db.session.scalars(query) for name in after or {}}
