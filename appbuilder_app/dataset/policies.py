"""The second wall, on PostgreSQL: row-level security generated from the declarations, and what a role may do.

The first walls stand in the application. These stand in the database and know one thing, the scope of who is
acting, which ``announcing.py`` tells it for each transaction. So a forgotten filter, a raw query or a defect of
the first walls finds no foreign row. What this wall holds against, and what not: docs/decisions/024.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from ..declaration import Base, Private, Scoped
from ..models import (
    CardDevice,
    CardReading,
    Certificate,
    Change,
    CollectionRound,
    DocumentCounter,
    Explanation,
    GCode,
    Headcount,
    HistorySeal,
    ImportBatch,
    LeftOver,
    Movement,
    NumberChange,
    PhotoConsent,
    PromotionShare,
    Request,
    RequestParty,
    RequestStep,
    Roster,
    Submission,
    Window,
)
from .made import Made

SCOPE_SETTING = "thabian.scope"
"""The setting by which a transaction says whose rows it may see; local to the transaction."""

VERB_SETTING = "thabian.verb"
"""The setting by which a transaction says that a verb is at work for which fields are kept; local to it, too."""

NEVER_CHANGED: tuple[type[Base], ...] = (
    Change,
    HistorySeal,
    Roster,
    Headcount,
    LeftOver,
    RequestStep,
    GCode,
    NumberChange,
)
"""Rows that are written once: what was confirmed, who changed what, what was said, which numbers were given."""

ONLY_VOIDED: dict[type[Base], tuple[str, ...]] = {
    Certificate: ("voided_at", "voided_by", "void_reason"),
    PhotoConsent: ("withdrawn_at", "withdrawn_by"),
}
"""Documents: nothing of them changes, but they can be declared void, once; these columns say so."""

NEVER_DELETED: tuple[type[Base], ...] = (
    CollectionRound,
    Window,
    Submission,
    CardDevice,
    CardReading,
    ImportBatch,
    DocumentCounter,
    PromotionShare,
    Explanation,
    Request,
    RequestParty,
    Movement,
)
"""Rows that change and never go: no verb of the application deletes one, so its role may not either."""

COUNTRY_POLICY = "country"


def scoped() -> list[type[Base]]:
    """Every class whose rows have an owner, in the order of the schema."""
    classes = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    found = [classes[table] for table in Base.metadata.sorted_tables if table in classes]
    return [model for model in found if issubclass(model, Scoped)]


# ── Policies ─────────────────────────────────────────────────────────────────────────────────────────────

# Plain SQL, so that the planner sees through it: it knows a school's few rows from the country's millions, and
# asks once where an index answers. Nobody acting, or an empty scope: NULL, and no row compares with that.
_SCOPE_FUNCTION = (
    "CREATE OR REPLACE FUNCTION thabian_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE\n"
    f"RETURN nullif(current_setting('{SCOPE_SETTING}', true), '')"
)
# ``0`` follows ``/``, as in access.scope_bounds.
_MINE = '(scope >= (thabian_scope() COLLATE "C") AND scope < ((thabian_scope() || \'0\') COLLATE "C"))'
# The lock asks for the school of a row, the wall for its scope: a row that names two schools would pass both.
_OF_ITS_SCHOOL = "coalesce(right(scope, length(school_code) + 1) = '/' || school_code, true)"


def policies() -> Iterator[Made]:
    """Private rows are there for their owner and who stands above; shared ones for all, to read."""
    yield Made("thabian_scope", _SCOPE_FUNCTION, "DROP FUNCTION IF EXISTS thabian_scope() CASCADE")
    for model in scoped():
        table = model.__table__
        yield _walled(table)
        yield policy(table, "owned", f"FOR ALL USING {_MINE} WITH CHECK ({written(table)})")
        if not issubclass(model, Private):
            yield policy(table, "shared", "FOR SELECT USING (true)")


def written(table: sa.Table) -> str:
    """What must be true of a row that is written."""
    return f"{_MINE} AND {_OF_ITS_SCHOOL}" if "school_code" in table.c else _MINE


def policy(table: sa.Table, rule: str, definition: str) -> Made:
    """A policy of a table; ``definition`` begins with what it is for."""
    name = f"{table.name}_{rule}"
    return Made(
        name,
        f'CREATE POLICY {name} ON "{table.name}" {definition}',
        f'DROP POLICY IF EXISTS {name} ON "{table.name}"',
    )


def _walled(table: sa.Table) -> Made:
    # FORCE: where one role owns the tables and serves the application, the wall holds for it all the same.
    return Made(
        f"{table.name}_walled",
        f'ALTER TABLE "{table.name}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table.name}" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY',
    )


# ── What the application's role may do ───────────────────────────────────────────────────────────────────
#
# Roles belong to the server and not to the schema, so no revision can name them: ``flask setup`` does this.


def grants(application: str, country: str, present: Collection[str]) -> Iterator[str]:
    """Statements, given by the owner, that make two roles able to serve, and to do nothing else.

    ``country`` is the role that the application's takes on for who looks after the whole country, if any;
    ``present`` names the tables that there are.
    """
    there = [table for table in Base.metadata.sorted_tables if table.name in present]
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    for role in filter(None, (application, country)):
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {_quoted(role)}"
        yield f"GRANT USAGE ON SCHEMA public TO {_quoted(role)}"
        yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {_quoted(role)}"
        yield f"GRANT SELECT ON alembic_version TO {_quoted(role)}"
        for table in there:
            yield f'GRANT {_privileges(table)} ON "{table.name}" TO {_quoted(role)}'
    for model in scoped() if country else ():
        if model.__table__ in there:
            yield from _of_the_country(model.__table__, country)


def _privileges(table: sa.Table) -> str:
    if table.name in {model.__tablename__ for model in NEVER_CHANGED}:
        return "SELECT, INSERT"
    for model, voiding in ONLY_VOIDED.items():
        if table.name == model.__tablename__:
            return "SELECT, INSERT, UPDATE ({})".format(", ".join(f'"{name}"' for name in voiding))
    if table.name in {model.__tablename__ for model in NEVER_DELETED}:
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT, UPDATE, DELETE"


def _of_the_country(table: sa.Table, role: str) -> Iterator[str]:
    # True is folded away when the query is planned. Any other condition would come before the query's own, and
    # LIKE, which PostgreSQL does not hold leakproof, would read millions of rows beside the trigram index.
    check = _OF_ITS_SCHOOL if "school_code" in table.c else "true"
    made = policy(table, COUNTRY_POLICY, f"TO {_quoted(role)} USING (true) WITH CHECK ({check})")
    yield made.drop
    yield made.create


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'
