"""What all commands share: acting as somebody, one transaction, the answer in words or JSON, and options.

The answer goes to standard output, as JSON with ``--json``; a refusal goes to standard error, and the exit
status is 1. Nothing is kept of a command that was refused.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import functools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm.exc import StaleDataError

from . import access, kinds
from .codes import RoundSystem, WindowAction
from .dataset import refusals
from .declaration import db
from .errors import AccountUnknown, RuleViolation
from .models import Account, CollectionRound, Submission, Window
from .workflows.reauthentication import proved as _proved

REFUSED = 1


@dataclasses.dataclass(frozen=True)
class Told:
    """A command's answer: ``data`` for ``--json``, ``lines`` for people, and what was refused beside it."""

    data: Any
    lines: Sequence[str]
    refused: Sequence[RuleViolation] = ()
    afterwards: Callable[[], None] | None = None
    """Done once the work is committed, still as the same person."""


def acting(work: Callable[..., Told]) -> Callable[..., None]:
    """The options ``--as`` and ``--json``, the account, one transaction, and the answer."""

    @click.option("--as", "username", required=True, metavar="USERNAME", help="ทำในนามบัญชีนี้")
    @click.option("--json", "as_json", is_flag=True, help="ตอบเป็น JSON")
    @with_appcontext
    @functools.wraps(work)
    def command(username: str, as_json: bool, **options: Any) -> None:
        try:
            with _acting_as(username):
                told = _committed(work, options)
        except (RuleViolation, DatabaseError, StaleDataError) as error:
            db.session.rollback()
            _refuse([_as_refusal(error)], as_json)
            sys.exit(REFUSED)
        _answer(told, as_json)

    return command


def reauthentication(work: Callable[..., Told]) -> Callable[..., Told]:
    """The option ``--password``: whoever signs shows anew who they are (R8), in a command, too.

    Asked for at the terminal, or taken from SIGNING_PASSWORD, so that it stands in no list of commands.
    """

    @click.option(
        "--password",
        prompt="รหัสผ่าน (หรือรหัสจากโทรศัพท์)",
        hide_input=True,
        envvar="SIGNING_PASSWORD",
        help="รหัสผ่าน หรือรหัส 6 หลักจากโทรศัพท์ของผู้ลงนาม",
    )
    @functools.wraps(work)
    def proved(password: str, **options: Any) -> Told:
        with _proved(password):
            return work(**options)

    return proved


def _committed(work: Callable[..., Told], options: dict[str, Any]) -> Told:
    told = work(**options)
    db.session.commit()
    if told.afterwards is not None:
        told.afterwards()
    return told


@contextmanager
def _acting_as(username: str) -> Iterator[None]:
    from .security import viewer_of

    account = db.session.scalar(sa.select(Account).filter_by(username=username))
    if account is None or not account.active:
        raise AccountUnknown(username=username)
    with access.acting_as(viewer_of(account), through="command"):
        yield


def _as_refusal(error: Exception) -> RuleViolation:
    if isinstance(error, RuleViolation):
        return error
    refusal = refusals.from_database(error)
    if refusal is None:
        raise error
    return refusal


def _answer(told: Told, as_json: bool) -> None:
    click.echo(_json(told.data) if as_json else "\n".join(told.lines))
    if told.refused:
        _refuse(told.refused, as_json)
        sys.exit(REFUSED)


def _refuse(refused: Sequence[RuleViolation], as_json: bool) -> None:
    for refusal in refused:
        click.echo(_json({"refused": refusal}) if as_json else str(refusal), err=True)


def _json(value: Any) -> str:
    return json.dumps(value, default=plain, ensure_ascii=False, indent=2)


def plain(value: Any) -> Any:
    """What JSON does not know, as something it knows."""
    if isinstance(value, RuleViolation):
        return {"type": type(value).__name__, "status": value.status, "message": str(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if type(value) in _SHOWN:
        return {name: getattr(value, name) for name in _SHOWN[type(value)]}
    raise TypeError(f"no JSON for {type(value).__name__}")


_SHOWN: dict[type, tuple[str, ...]] = {
    CollectionRound: ("system", "academic_year", "number", "snapshot_date", "source", "closed_at",
                      "closed_by"),
    Window: ("action", "scope", "opens_at", "closes_at", "reason", "source", "granted_by", "granted_at"),
    Submission: ("school_code", "state", "rows", "confirmed_at", "confirmed_by", "certified_at",
                 "certified_by", "acknowledged_at", "acknowledged_by", "returned_at", "returned_reason"),
}  # fmt: skip


class MomentOption(click.ParamType):
    """``10/06/2569 16.30`` or ISO; without a zone it is Bangkok time."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The moment in UTC."""
        try:
            return kinds.Moment().read(value)
        except kinds.NotReadable as wrong:
            self.fail(str(wrong), param, ctx)


class ActionOption(click.ParamType):
    """An action of a round by its code (edit, confirm, certify, ack) or its Thai name."""

    name = "action"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The WindowAction."""
        try:
            return WindowAction.parse(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


class SystemOption(click.ParamType):
    """A system by its code (dmc, asset, mobec, emis) or its Thai name."""

    name = "system"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The RoundSystem."""
        try:
            return RoundSystem.parse(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


of_system = click.option(
    "--system",
    type=SystemOption(),
    default=RoundSystem.DMC,
    show_default="dmc",
    help="ระบบ: dmc, asset, mobec หรือ emis",
)
