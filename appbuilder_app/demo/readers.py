"""The demo district's 204 card readers (R59): in stock, allotted, handed over with their papers, faulty, lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from .. import models
from ..access import CENTRE
from ..bulk import copy_rows
from ..codes import PinOffice, PinResult, ReaderState, ReaderTest, WayOfTest
from ..dataset import lock
from ..declaration import db
from ..thaidate import bangkok, fiscal_year
from ..walls import SetWork, set_based
from ..workflows.reader_receipts import ISSUE
from .load import scope_of
from .schools import School

READERS: Final = 204
_FIRST_LOT: Final = 140
_WITHOUT: Final = 9
"""So many schools, the last ones, have none."""
_LARGE: Final = 600
_OFFICER, _POSITION = "เจ้าหน้าที่เขต (ตัวอย่าง)", "นักวิชาการศึกษา"


class _Held(NamedTuple):
    """A reader with a school: in which state, and whether its officer has a PIN."""

    school: School
    state: ReaderState
    tested: bool
    pin: PinResult | None


class _Person(NamedTuple):
    username: str
    name: str
    position: str


def load(schools: Sequence[School]) -> None:
    """Lots, readers, who holds them and the papers, as sets."""
    area, today = schools[0].area_code, bangkok(lock.now()).date()
    home, connection = f"{CENTRE}/{area}", db.session.connection()
    with set_based(SetWork.DEMO):
        lots = _lots(area, home, today)
        held = list(_held(schools))
        rows = _readers(area, home, lots, held)
        columns = ("area_code", "scope", "lot_id", "serial", "state", "holder_code", "test", "test_way", "tested_at",
                   "tested_by")  # fmt: skip
        copy_rows(connection, models.Reader.__table__, columns, rows)
        _holdings(area, held, today)


def _lots(area: str, home: str, today: dt.date) -> list[int]:
    table = models.ReaderLot.__table__
    year = fiscal_year(today)
    columns = ("area_code", "scope", "number", "product", "received_on", "expected", "source", "document")
    rows = [
        (
            area,
            home,
            f"{number}/{year}",
            "ACS ACR39U-I1",
            today - dt.timedelta(days=back),
            count,
            "สพฐ.",
            letter,
        )
        for number, back, count, letter in (
            (1, 60, _FIRST_LOT, "ศธ ๐๔๐๐๖/ว๙๑๕"),
            (2, 30, READERS - _FIRST_LOT, "ศธ ๐๔๐๐๖/ว๑๐๒๔"),
        )
    ]
    copy_rows(db.session.connection(), table, columns, rows)
    return list(db.session.connection().scalars(sa.select(table.c.id).order_by(table.c.number)))


def _held(schools: Sequence[School]) -> Iterator[_Held]:
    for at, school in enumerate(schools[: len(schools) - _WITHOUT]):
        if at == 1 or at % 6 == 2:
            yield _Held(school, ReaderState.ALLOTTED, tested=at % 4 != 1, pin=None)
            continue
        state = next((s for s, every in _TROUBLES if at and at % every == 5), ReaderState.ISSUED)
        pin = PinResult.NOT_YET if at % 9 == 4 else PinResult.REGISTERED
        yield _Held(school, state, tested=True, pin=pin)
        if school.students > _LARGE:
            yield _Held(school, ReaderState.ISSUED, tested=True, pin=PinResult.REGISTERED)


_TROUBLES: Final = ((ReaderState.LOST, 47), (ReaderState.REPAIR, 31), (ReaderState.FAULTY, 19))


def _serial(at: int) -> str:
    return f"RR375-{410_000 + 7 * at:06}"


def _readers(area: str, home: str, lots: Sequence[int], held: Sequence[_Held]) -> Iterator[tuple[Any, ...]]:
    """The first are those that are held."""
    tested_at = lock.now() - dt.timedelta(days=21)
    passed = (ReaderTest.PASSED, WayOfTest.AGENT, tested_at, _OFFICER)
    for at in range(READERS):
        lot = lots[0 if at < _FIRST_LOT else 1]
        one = held[at] if at < len(held) else None
        where = (scope_of(one.school), one.state, one.school.code) if one else (home, ReaderState.STOCK, None)
        scope, state, holder = where
        test = passed if one and one.tested else (None,) * 4
        yield (area, scope, lot, _serial(at), state, holder, *test)


def _holdings(area: str, held: Sequence[_Held], today: dt.date) -> None:
    connection, year = db.session.connection(), fiscal_year(today)
    table = models.Reader.__table__
    known = connection.execute(sa.select(table.c.serial, table.c.id))
    keys: dict[str, int] = {row.serial: row.id for row in known}
    people = _people([one.school for one in held])
    allotted, issued = lock.now() - dt.timedelta(days=25), lock.now() - dt.timedelta(days=18)
    rows: list[tuple[Any, ...]] = []
    papers: dict[int, tuple[str, str, str, dict[str, Any]]] = {}
    for at, one in enumerate(held):
        begun = (keys[_serial(at)], one.school.code, scope_of(one.school), 1, allotted, _OFFICER)
        if one.pin is None:
            rows.append((*begun, *(None,) * 10))
            continue
        person, number = people[one.school.code], f"{len(papers) + 1}/{year}"
        office = PinOffice.DISTRICT if at % 3 else PinOffice.MUNICIPALITY
        told = (office, today - dt.timedelta(days=22)) if one.pin is PinResult.REGISTERED else (None, None)
        phone = f"08{at % 9 + 1}{5_550_000 + 137 * at:07}"
        rows.append((*begun, issued, _OFFICER, number, person.name, person.username, person.position, phone, one.pin,
                     *told))  # fmt: skip
        papers[keys[_serial(at)]] = _paper(one, _serial(at), number, person, phone, told, f"1/{year}")
    columns = ("reader_id", "school_code", "scope", "turn", "allotted_at", "allotted_by", "issued_at", "issued_by",
               "receipt_number", "receiver_name", "receiver_account", "receiver_position", "phone", "pin_result",
               "pin_office", "pin_on")  # fmt: skip
    copy_rows(connection, models.ReaderHolding.__table__, columns, rows)
    _papers(papers, issued)
    series = {"series": f"reader-{ISSUE}:{area}:{year}", "last": len(papers)}
    connection.execute(sa.insert(models.DocumentCounter.__table__), series)


def _people(schools: Sequence[School]) -> dict[str, _Person]:
    """The data officer of each school, who has an account."""
    accounts = models.Account.__table__
    scopes = {scope_of(school): school.code for school in schools}
    query = sa.select(accounts).where(accounts.c.scope.in_(scopes), accounts.c.username.startswith("o"))
    return {
        scopes[row.scope]: _Person(row.username, f"{row.first_name} {row.last_name}", row.position)
        for row in db.session.connection().execute(query)
    }


def _paper(
    one: _Held, serial: str, number: str, person: _Person, phone: str, told: tuple[Any, Any], lot: str
) -> tuple[str, str, str, dict[str, Any]]:
    office, on = told
    assert one.pin is not None  # noqa: S101 -- who has a paper has told
    area = db.session.get_one(models.Area, one.school.area_code).name
    facts = {
        "area": area, "school": one.school.name, "school_code": one.school.code, "district": one.school.district,
        "serial": serial, "product": "ACS ACR39U-I1", "lot": lot, "document": "", "phone": phone,
        "test": str(ReaderTest.PASSED.th), "test_way": str(WayOfTest.AGENT.th),
        "tested_at": (lock.now() - dt.timedelta(days=21)).isoformat(), "pin_result": str(one.pin.th),
        "pin_office": str(office.th) if office else "", "pin_on": on.isoformat() if on else None,
        "giver": _OFFICER, "giver_position": _POSITION, "taker": person.name, "taker_position": person.position,
    }  # fmt: skip
    return one.school.code, scope_of(one.school), number, facts


def _papers(papers: dict[int, tuple[str, str, str, dict[str, Any]]], made_at: dt.datetime) -> None:
    table = models.ReaderHolding.__table__
    holdings = db.session.connection().execute(
        sa.select(table.c.reader_id, table.c.id).where(table.c.reader_id.in_(papers))
    )
    rows = [(key, *papers[reader][:2], ISSUE, papers[reader][2], made_at, papers[reader][3])
            for reader, key in holdings]  # fmt: skip
    columns = ("holding_id", "school_code", "scope", "kind", "number", "made_at", "facts")
    copy_rows(db.session.connection(), models.ReaderReceipt.__table__, columns, rows)
