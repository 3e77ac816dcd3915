"""PostgreSQL is told who acts, before the first statement of a transaction and whenever it has changed.

Its policies (``policies.py``) then show that viewer's rows and no others, and its triggers (``ddl.py``) let fields that
are kept for verbs change while such a verb is at work. All that is told ends with the transaction, so a connection
that goes back to the pool knows of nobody.
"""

from __future__ import annotations

from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus

from .. import access, walls
from ..access import CENTRE
from .policies import COUNTRY_POLICY, SCOPE_SETTING, VERB_SETTING

_NOBODY = ("", "")
_TOLD, _COUNTRY_ROLE = "thabian told", "thabian country role"

_TELL = f"SELECT set_config('{SCOPE_SETTING}', %s, true), set_config('{VERB_SETTING}', %s, true)"
_TELL_WITH_ROLE = f"{_TELL}, set_config('role', %s, true)"
# The role for which the country policies were made, when the application's may take it on.
_FIND_COUNTRY_ROLE = f"""
SELECT rolname FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER') AND rolname <> session_user
   AND oid IN (SELECT unnest(polroles) FROM pg_policy WHERE polname LIKE '%\\_{COUNTRY_POLICY}') LIMIT 1
"""  # noqa: S608 - a name of ours


def on_connect(connection: psycopg.Connection[Any], record: Any) -> None:
    """Ask once for a connection which role sees the whole country, and have no statement compiled.

    PostgreSQL compiles what it takes to be long, and it takes many rows of a hundred columns for that: an import
    of 20,000 rows, or an export of all columns, spends more time on compiling than on the rows.
    """
    found = connection.execute(_FIND_COUNTRY_ROLE).fetchone()
    connection.execute("SET jit = off")
    connection.commit()
    record.info[_COUNTRY_ROLE] = found[0] if found else ""


def on_begin(connection: sa.Connection) -> None:
    """A transaction begins with nobody acting."""
    connection.info[_TOLD] = _NOBODY


def before_statement(connection: sa.Connection, _cursor: Any, statement: str, *_given: Any) -> None:
    """Tell whose rows are seen from here on, unless this transaction knows already."""
    if statement.startswith("ROLLBACK TO SAVEPOINT"):
        connection.info[_TOLD] = None  # what was told since the savepoint is taken back with it
        return
    scope, verb = told = _scope_at_work(), "on" if walls.changes_by_verb() else ""
    if connection.info.get(_TOLD) == told:
        return
    driver: Any = connection.connection.driver_connection
    if driver.info.transaction_status == TransactionStatus.INERROR:
        return  # nothing can be told any more, nor asked: the statement itself gets the answer
    # By the driver: this is no statement of the application, and the walls would ask for it in turn.
    if role := connection.info.get(_COUNTRY_ROLE):
        driver.execute(_TELL_WITH_ROLE, (scope, verb, role if scope == CENTRE else "none"))
    else:
        driver.execute(_TELL, (scope, verb))
    connection.info[_TOLD] = told


def _scope_at_work() -> str:
    if walls.looks_beyond():
        return CENTRE
    viewer = access.viewer_or_none()
    return viewer.scope if viewer is not None else ""
