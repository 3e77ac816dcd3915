"""The papers of a card reader (R59): ใบเบิกจ่ายและรับมอบ, and ใบรับคืน, numbered, frozen when made, for two to sign."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from .. import access
from ..access import Action, Viewer
from ..dataset import lock
from ..declaration import db
from ..errors import NotYours
from ..models import Area, Reader, ReaderHolding, ReaderLot, ReaderReceipt, School
from ..thaidate import bangkok, fiscal_year
from . import numbering, printing

ISSUE: Final = "issue"
RETURN: Final = "return"
KINDS: Final = (ISSUE, RETURN)


def of_issue(reader: Reader, holding: ReaderHolding, officer: Viewer) -> ReaderReceipt:
    """The paper that a reader is handed over with: what the register says at this moment, whatever it says later."""
    facts = {
        "test": str(reader.test.th) if reader.test else "",
        "test_way": str(reader.test_way.th) if reader.test_way else "",
        "tested_at": _iso(reader.tested_at),
        "pin_result": str(holding.pin_result.th) if holding.pin_result else "",
        "pin_office": str(holding.pin_office.th) if holding.pin_office else "",
        "pin_on": holding.pin_on.isoformat() if holding.pin_on else None,
        "giver": officer.name,
        "giver_position": officer.position,
        "taker": holding.receiver_name,
        "taker_position": holding.receiver_position,
    }
    return _made(ISSUE, reader, holding, facts)


def of_return(reader: Reader, holding: ReaderHolding, officer: Viewer, *, broken: bool) -> ReaderReceipt:
    """The paper that a reader comes back with."""
    facts = {
        "condition": "ชำรุด ส่งซ่อมต่อ" if broken else "ใช้ได้ รับเข้าคลัง",
        "reason": holding.end_reason or "",
        "issue_number": holding.receipt_number or "",
        "giver": holding.receiver_name or "",
        "giver_position": holding.receiver_position or "",
        "taker": officer.name,
        "taker_position": officer.position,
    }
    return _made(RETURN, reader, holding, facts)


def _made(kind: str, reader: Reader, holding: ReaderHolding, facts: dict[str, Any]) -> ReaderReceipt:
    school = db.session.get_one(School, holding.school_code)
    area = db.session.get_one(Area, reader.area_code)
    lot = db.session.get_one(ReaderLot, reader.lot_id)
    now = lock.now()
    year = fiscal_year(bangkok(now).date())
    place = {
        "area": area.name,
        "school": school.name,
        "school_code": school.code,
        "district": school.district or "",
        "serial": reader.serial,
        "product": lot.product,
        "lot": lot.number,
        "document": lot.document or "",
        "phone": holding.phone or "",
    }
    db.session.flush()
    receipt = ReaderReceipt(
        holding_id=holding.id,
        school_code=holding.school_code,
        kind=kind,
        number=f"{numbering.next_in(f'reader-{kind}:{area.code}:{year}')}/{year}",
        made_at=now,
        facts=place | facts,
    )
    db.session.add(receipt)
    db.session.flush()
    return receipt


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def receipt_with(holding_id: int, kind: str) -> ReaderReceipt:
    """A receipt in scope; NotYours (404)."""
    access.viewer().require(Action.READ, "reader_desk")
    query = sa.select(ReaderReceipt).where(ReaderReceipt.holding_id == holding_id, ReaderReceipt.kind == kind)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def receipts_of(holding_ids: list[int]) -> dict[tuple[int, str], ReaderReceipt]:
    """The receipts of holdings, by holding and kind."""
    query = sa.select(ReaderReceipt).where(ReaderReceipt.holding_id.in_(holding_ids))
    return {(one.holding_id, one.kind): one for one in db.session.scalars(query)}


def pages(receipt: ReaderReceipt) -> bytes:
    """The paper as PDF; printed again it is the same, byte for byte."""
    from ..typesetting import filled

    facts = receipt.facts
    html = filled(
        "reader_receipt.html",
        kind=receipt.kind,
        number=receipt.number,
        at=receipt.made_at,
        created=receipt.made_at.isoformat(),
        tested_at=_day_of(facts.get("tested_at")),
        pin_on=dt.date.fromisoformat(facts["pin_on"]) if facts.get("pin_on") else None,
        **{name: facts.get(name) or "" for name in _TEXTS},
    )
    return printing.pages(html, receipt.made_at)


_TEXTS: Final = (
    "area", "school", "school_code", "district", "serial", "product", "lot", "document", "phone", "test", "test_way",
    "pin_result", "pin_office", "condition", "reason", "issue_number", "giver", "giver_position", "taker",
    "taker_position",
)  # fmt: skip


def _day_of(text: str | None) -> dt.date | None:
    return bangkok(dt.datetime.fromisoformat(text)).date() if text else None
