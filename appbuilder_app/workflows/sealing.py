"""Seals of the history: blocks of changes chained by hashes, so that whoever changes the past breaks the chain.

Sealing comes a little after writing: a chain through every single write would let one person write at a time. What is
not sealed yet is told as such.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ..bilingual import Sentence
from ..dataset import lock, refusals
from ..declaration import db
from ..errors import AlreadyThere, HistoryBusy
from ..models import Change, HistorySeal
from ..thaidate import thai_datetime
from ..walls import SetWork, set_based, writing

_CHANGE = Change.__table__
_SEAL = HistorySeal.__table__
BLOCK: Final = 5_000
"""Rows in one seal at most."""
EVERY: Final = dt.timedelta(minutes=10)
"""How long changes wait for their seal where something runs beside the requests."""
PATIENCE_SECONDS: Final = 20
BEGINNING: Final = "0" * 64
"""What the first seal is chained to."""
_LEAF = struct.Struct(">q8s")
NAMED: Final = 20
"""Changes that a broken seal names at most."""


@dataclass(frozen=True)
class Sealed:
    """What one sealing did: how many changes, up to which seal, and that seal's hash, to be noted elsewhere."""

    changes: int
    number: int
    sha256: str


@dataclass(frozen=True)
class Verified:
    """The outcome of a verification; ``broken`` is empty when nothing was tampered with."""

    seals: int
    changes: int
    unsealed: int
    sha256: str
    broken: list[Sentence]


# ── Sealing ──────────────────────────────────────────────────────────────────────────────────────────────


def seal(patience: float = PATIENCE_SECONDS) -> Sealed:
    """Seal all changes that are committed now, in a transaction of its own, and commit.

    HistoryBusy when somebody's transaction, begun earlier, does not end within ``patience`` seconds: its changes
    have smaller numbers and would come after their block was sealed.
    """
    with set_based(SetWork.SEAL):
        upto = _settled(patience)
        last = _last()
        number, previous, after = (last.number, last.sha256, last.last_id) if last else (0, BEGINNING, 0)
        sealed = 0
        while block := _rows(after, upto, BLOCK):
            number += 1
            made = _seal_of(number, previous, after, block)
            db.session.connection().execute(sa.insert(_SEAL).values(made))
            previous, after, sealed = made["sha256"], made["last_id"], sealed + len(block)
        db.session.commit()
    return Sealed(sealed, number, previous)


def seal_when_due(now: dt.datetime | None = None) -> Sealed | None:
    """For who passes by every minute: seal when the last seal is older than EVERY; None when nothing was done."""
    with set_based(SetWork.SEAL):
        last = _last()
        waiting = _unsealed(last.last_id if last else 0)
        db.session.rollback()
    if not waiting or (last and last.sealed_at > (now or lock.now()) - EVERY):
        return None
    try:
        with refusals.as_refusals():
            return seal(patience=1)
    except (HistoryBusy, AlreadyThere):
        db.session.rollback()
        return None  # somebody is writing, or sealing: the next time will do


def _settled(patience: float) -> int:
    """The newest change before which none can appear any more."""
    db.session.rollback()
    token = writing.set(False)  # SQLite would take the write lock to look
    try:
        upto: int = db.session.scalar(_newest()) or 0
        if db.session.get_bind().dialect.name == "postgresql":
            _wait_for_who_writes(patience)
        db.session.rollback()
    finally:
        writing.reset(token)
    return upto


def _newest() -> sa.Select[Any]:
    return sa.select(sa.func.max(_CHANGE.c.id))


def _wait_for_who_writes(patience: float) -> None:
    """Numbers are taken when a row is written, and seen when it is committed: wait for all who were writing."""
    horizon = db.session.scalar(sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")) or 0
    deadline = time.monotonic() + patience
    while _oldest_writer() < horizon:
        if time.monotonic() > deadline:
            db.session.rollback()
            raise HistoryBusy
        time.sleep(0.05)


def _oldest_writer() -> int:
    db.session.rollback()
    oldest = sa.text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return db.session.scalar(oldest) or 0


def _last() -> Any:
    columns = [column for column in _SEAL.c if column.name != "leaves"]
    newest = sa.select(*columns).order_by(_SEAL.c.number.desc()).limit(1)
    return db.session.connection().execute(newest).one_or_none()


def _unsealed(after: int) -> int:
    counted = sa.select(sa.func.count()).where(_CHANGE.c.id > after)
    return db.session.connection().scalar(counted) or 0


def _rows(after: int, upto: int, most: int | None = None) -> list[Any]:
    wanted = sa.select(_CHANGE).where(_CHANGE.c.id > after, _CHANGE.c.id <= upto)
    return list(db.session.connection().execute(wanted.order_by(_CHANGE.c.id).limit(most)))


def _seal_of(number: int, previous: str, after: int, block: list[Any]) -> dict[str, Any]:
    hashes = [(row.id, hash_of(row)) for row in block]
    return {
        "number": number,
        "first_id": after + 1,
        "last_id": block[-1].id,
        "rows": len(block),
        "leaves": b"".join(_LEAF.pack(row_id, leaf[:8]) for row_id, leaf in hashes),
        "previous": previous,
        "sha256": _chained(number, previous, (leaf for _id, leaf in hashes)),
        "sealed_at": lock.now(),
    }


def hash_of(row: Any) -> bytes:
    """SHA-256 of a change in its canonical form: its columns as JSON, names in order, times in UTC, no spaces."""
    plain = {name: _plain(value) for name, value in row._mapping.items()}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _plain(value: Any) -> Any:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value


def _chained(number: int, previous: str, leaves: Iterable[bytes]) -> str:
    chain = hashlib.sha256(f"thabian-history:{number}:{previous}".encode())
    for leaf in leaves:
        chain.update(leaf)
    return chain.hexdigest()


# ── Verifying ────────────────────────────────────────────────────────────────────────────────────────────


def verify(expected: str | None = None) -> Verified:
    """Compute every seal anew from the changes as they stand, and tell what differs.

    ``expected`` is a seal's hash noted earlier, outside this database: a chain without it was made anew.
    """
    with set_based(SetWork.SEAL):
        broken: list[Sentence] = []
        number, previous, after, changes, found = 0, BEGINNING, 0, 0, expected in (None, BEGINNING)
        for kept in db.session.connection().execute(sa.select(_SEAL).order_by(_SEAL.c.number)).all():
            number += 1
            if (kept.number, kept.previous, kept.first_id) != (number, previous, after + 1):
                broken.append(Sentence("ผนึกที่ {number} ไม่ต่อจากผนึกก่อนหน้า", number=kept.number))
            broken += _broken_in(kept)
            number, previous, after, changes = kept.number, kept.sha256, kept.last_id, changes + kept.rows
            found = found or kept.sha256 == expected
        if not found:
            broken.append(Sentence("ไม่พบผนึกที่จดไว้ {sha256} ประวัติอาจถูกสร้างขึ้นใหม่", sha256=expected))
        return Verified(number, changes, _unsealed(after), previous, broken)


def _broken_in(kept: Any) -> Iterator[Sentence]:
    now = {row.id: (row, hash_of(row)) for row in _rows(kept.first_id - 1, kept.last_id)}
    leaves = dict(_LEAF.iter_unpack(kept.leaves))
    named = list(_tampered(now, leaves))
    yield from named[:NAMED]
    if len(named) > NAMED:
        yield Sentence("ผนึกที่ {number} มีอีก {more} รายการ", number=kept.number, more=len(named) - NAMED)
    whole = _chained(kept.number, kept.previous, (leaf for _row, leaf in now.values()))
    if not named and whole != kept.sha256:
        sealed_at = thai_datetime(kept.sealed_at)
        yield Sentence("ผนึกที่ {number} ({at}) ถูกแก้ไข", number=kept.number, at=sealed_at)


def _tampered(now: dict[int, Any], leaves: dict[int, bytes]) -> Iterator[Sentence]:
    for row_id in sorted(now.keys() | leaves.keys()):
        if row_id not in now:
            yield Sentence("ประวัติรายการที่ {id} ถูกลบ", id=row_id)
        elif row_id not in leaves:
            yield Sentence("ประวัติรายการที่ {id} ถูกแทรกภายหลัง", id=row_id)
        elif now[row_id][1][:8] != leaves[row_id]:
            row = now[row_id][0]
            yield Sentence(
                "ประวัติรายการที่ {id} ({dataset} {key}) ถูกแก้ไข", id=row_id, dataset=row.dataset, key=row.row_key
            )
