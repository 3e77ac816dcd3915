"""Making an installation ready: migrate the database, reference data and roles; each step may be repeated."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_migrate import upgrade

from . import access, reference
from .access import CENTRE, Viewer
from .dataset import policies
from .declaration import Base, db
from .errors import RoleTooStrong
from .models import Area, BuildingPlan, Change, EquipmentLine, Province
from .reference import ServiceArea
from .walls import SetWork, set_based
from .workflows import roles, settings

PATH = "setup"
"""How the history tells what an installation did by itself from what a person did through ``path``."""

# One number for "setting this database up": a second process waits, then finds nothing left to do.
_ONE_AT_A_TIME = 0x7AB1A8


def migrate() -> None:
    """Bring the database to the newest schema, and the application's role to what it may do with it.

    Where it is so already, nothing changes. Raises RoleTooStrong for a role that walks through the walls.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with set_based(SetWork.MIGRATION):
        upgrade(directory=str(current_app.config["MIGRATIONS"]))
    grant()


def grant() -> None:
    """On PostgreSQL, where a role of its own owns the tables: all that the application's role may do, anew."""
    if not (url := current_app.config["DATABASE_OWNER_URL"]):
        return
    application, country = _own_role(), str(current_app.config["DATABASE_COUNTRY_ROLE"])
    owner = sa.create_engine(url, poolclass=sa.NullPool)
    with owner.begin() as connection:
        if connection.scalar(sa.text("SELECT session_user")) == application:
            return
        _require_weak(connection, application, country)
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
        present = sa.inspect(connection).get_table_names()
        for statement in policies.grants(application, country, present):
            connection.exec_driver_sql(statement)


def _own_role() -> str:
    with db.engine.connect() as connection:
        return str(connection.scalar(sa.text("SELECT session_user")))


def _require_weak(connection: sa.Connection, application: str, country: str) -> None:
    """The walls hold for ordinary roles; a stronger one would serve as well, and nobody would notice."""
    asked = {"application": application, "country": country}
    if reason := connection.scalar(_TOO_STRONG, asked):
        raise RoleTooStrong(role=application, reason=reason)


_TOO_STRONG = sa.text("""
SELECT CASE
    WHEN application.rolsuper OR application.rolbypassrls THEN 'SUPERUSER, BYPASSRLS'
    WHEN pg_has_role(application.oid, session_user, 'MEMBER') THEN 'member of ' || session_user
    WHEN pg_has_role(application.oid, country.oid, 'USAGE') THEN 'inherits ' || country.rolname
END
FROM pg_roles application LEFT JOIN pg_roles country ON country.rolname = :country
WHERE application.rolname = :application
""")


def prepare() -> int:
    """Reference data and roles, committed; how many rows were added or renamed."""
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

Wanted = Mapping[str, Mapping[str, object]]


def reference_data() -> int:
    """Provinces, areas, building plans, equipment lines, settings: those that are missing are added, renamed ones
    follow, what people changed stays theirs. Returns how many rows were written.
    """
    written = sum(_seed(model, wanted) for model, wanted in _reference().items()) + settings.seed()
    db.session.flush()
    return written


def _reference() -> dict[type[Base], Wanted]:
    """Each dataset with its rows by code."""
    return {
        Province: {known.code: _values_of_province(known) for known in reference.provinces()},
        Area: {known.code: _values(known) for known in reference.service_areas()},
        BuildingPlan: {known.code: known._asdict() for known in reference.building_plans()},
        EquipmentLine: {known.code: known._asdict() for known in reference.equipment_lines()},
    }


def _values_of_province(known: reference.Province) -> dict[str, object]:
    return {"name": known.name, "english_name": known.name_en, "region": known.region}


def _values(known: ServiceArea) -> dict[str, object]:
    names = reference.province_names()
    return {
        "name": known.name,
        "short_name": known.short_name,
        "kind": known.kind,
        "provinces": " ".join(names[code] for code in known.provinces),
    }


def _seed(model: type[Base], wanted: Wanted) -> int:
    present = {row.code: row for row in db.session.scalars(sa.select(model))}
    missing = [{"code": code, **values} for code, values in wanted.items() if code not in present]
    db.session.add_all(model(**values) for values in missing)
    return len(missing) + sum(_follow(row, wanted[code]) for code, row in present.items() if code in wanted)


def _follow(row: Any, values: Mapping[str, object]) -> bool:
    differing = {name for name, value in values.items() if getattr(row, name) != value}
    if not differing:
        return False
    stale = differing - _changed_by_people(row)
    for name in stale:
        setattr(row, name, values[name])
    return bool(stale)


def _changed_by_people(row: Any) -> set[str]:
    """The row's fields that somebody has ever set by hand; the history knows."""
    query = sa.select(Change.after).where(
        Change.dataset == row.__tablename__, Change.row_key == row.code, Change.path != PATH
    )
    return {name for after in db.session.scalars(query) for name in after or {}}
