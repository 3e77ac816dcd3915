"""Readers in stock at Dan's area, and short ways to hand them over and to do things with them."""

from __future__ import annotations

import datetime as dt

import pytest

from appbuilder_app.codes import PinOffice, PinResult, ReaderState, ReaderStep
from appbuilder_app.declaration import db
from appbuilder_app.models import Reader, ReaderLot
from appbuilder_app.workflows import readers
from appbuilder_app.workflows.readers import Pin, Receiver
from tests.app_fixtures import SCHOOL, World

OFFICER = Receiver("นางสาวสมหญิง ใจดี", "ครู คศ.1", "081-234-5678", "alice")
REGISTERED = Pin(PinResult.REGISTERED, PinOffice.DISTRICT, dt.date(2025, 5, 12))
NOT_YET = Pin(PinResult.NOT_YET)


@pytest.fixture
def stock(world: World) -> list[int]:
    """Three readers in stock at Dan's area."""
    with world.acting("dan"):
        lot = ReaderLot(
            area_code="1602", number="1/2560", product="ACS ACR39U", received_on=dt.date(2017, 5, 15)
        )
        db.session.add(lot)
        db.session.flush()
        made = readers.receive(lot.id, "SN-1001\nSN-1002\nSN-1003\n")
        db.session.commit()
        return [reader.id for reader in made]


def allotted(world: World, reader: int, school: str = SCHOOL) -> None:
    with world.acting("dan"):
        readers.allot([(school, reader)], further=True)
        db.session.commit()


def issued(world: World, reader: int, school: str = SCHOOL, receiver: Receiver | None = None) -> int:
    """A reader handed over; the key of its holding."""
    allotted(world, reader, school)
    with world.acting("dan"):
        readers.note_by_hand(reader, passed=True)
        account = OFFICER if school == SCHOOL else Receiver("นายสมชาย ใจดี", "ครู", "0812345678")
        holding = readers.issue(reader, receiver or account, REGISTERED)
        db.session.commit()
        return holding.id


def take(
    world: World, who: str, reader: int, step: ReaderStep, why: str = "ตามที่แจ้ง", school: str = ""
) -> None:
    with world.acting(who):
        readers.take(reader, step, why, school)
        db.session.commit()


def state_of(world: World, reader: int) -> tuple[ReaderState, str | None]:
    with world.acting("adam"):
        found = db.session.get_one(Reader, reader)
        return found.state, found.holder_code
