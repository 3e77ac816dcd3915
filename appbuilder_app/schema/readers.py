"""Card readers of an area: the lots in which they came, each reader, which school held it when, and the receipts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .. import access, kinds, rules
from ..access import CENTRE
from ..bilingual import Sentence
from ..codes import HoldingEnd, PinOffice, PinResult, ReaderState, ReaderTest, WayOfTest
from ..declaration import Base, BigId, Dataset, Group, Json, Menus, Private, Versioned, field
from ..errors import InvalidRow, Problem, WallBreached
from .places import School, SchoolOwned

_OF_AN_AREA = {"school_officer": "", "school_director": ""}
_READ_ONLY = {
    "school_officer": "read export",
    "school_director": "read export",
    "district_officer": "read export",
    "administrator": "read export",
}


class ReaderLot(Private, Versioned, Base):
    """A lot of readers that an area has received (R59)."""

    __tablename__ = "reader_lot"
    __dataset__ = Dataset(
        "ล็อตเครื่องอ่านบัตร", "Lots of card readers", menu=Menus.ASSETS, key=("area_code", "number"),
        order=("area_code", "number", "id"), title=("number",), rights=_OF_AN_AREA, icon="layers",
    )  # fmt: skip
    __table_args__ = (sa.Index("ix_reader_lot_scope", "scope"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_code: Mapped[str] = field(
        "เขตพื้นที่การศึกษา", sa.ForeignKey("area.code"), en="Education service area", filtered=True
    )
    number: Mapped[str] = field(
        "เลขที่ล็อต", sa.String(40), en="Lot", searched=True, hint="เช่น 1/2560", hint_en="such as 1/2560"
    )
    product: Mapped[str] = field("ยี่ห้อและรุ่น", sa.String(80), en="Make and model", searched=True)
    received_on: Mapped[dt.date] = field("วันที่รับ", en="Received on")
    expected: Mapped[int | None] = field(
        "จำนวนตามเอกสาร", en="Number on paper", unit="เครื่อง", minimum=1, maximum=9_999
    )
    source: Mapped[str | None] = field("รับจาก", sa.String(120), en="Received from")
    document: Mapped[str | None] = field("เลขที่หนังสือ", sa.String(80), en="Letter")

    def owner_scope(self, connection: sa.Connection) -> str:
        return f"{CENTRE}/{self.area_code}"

    def __repr__(self) -> str:
        return self.number


class Reader(Private, Versioned, Base):
    """One card reader. It is its area's while no school holds it, and then the school's, too.

    What follows ``serial`` is written by the verbs of ``workflows/readers`` alone, whichever path is tried.
    """

    __tablename__ = "card_reader"
    __dataset__ = Dataset(
        "ทะเบียนเครื่องอ่านบัตร", "Register of card readers", menu=Menus.ASSETS, key=("area_code", "serial"),
        listed=("serial", "lot_id", "state", "holder_code", "test", "tested_at", "note"),
        order=("area_code", "serial", "id"), sorted=("serial",), title=("serial",),
        groups=(Group("reader", "เครื่องอ่านบัตร", "Card reader"), Group("test", "ผลทดสอบล่าสุด", "Last test")),
        rules=(rules.serial_is_sound, rules.kept_where_it_is, rules.no_pin_in("note")),
        rights=dict.fromkeys(_OF_AN_AREA, "read export"), icon="badge-check",
    )  # fmt: skip
    __table_args__ = (
        sa.Index("ix_card_reader_scope", "scope", "state"),
        sa.Index("ix_card_reader_school", "holder_code"),
        sa.Index("ix_card_reader_lot", "lot_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_code: Mapped[str] = field(
        "เขตพื้นที่การศึกษา", sa.ForeignKey("area.code"), en="Education service area", filtered=True
    )
    lot_id: Mapped[int] = field("ล็อต", sa.ForeignKey("reader_lot.id"), en="Lot", filtered=True)
    serial: Mapped[str] = field(
        "หมายเลขเครื่อง", sa.String(40), en="Serial number", kind=kinds.Scanned(), searched=True, hint="สแกนบาร์โค้ดที่ตัวเครื่อง",
        hint_en="scan the bar code on the reader",
    )  # fmt: skip
    note: Mapped[str | None] = field("หมายเหตุ", sa.String(200), en="Note")
    state: Mapped[ReaderState] = field(
        "สถานะ", en="State", editable=False, filtered=True, default=ReaderState.STOCK, server_default="stock"
    )
    holder_code: Mapped[str | None] = field(
        "โรงเรียนที่ถือครอง", sa.ForeignKey("school.code"), en="Held by", editable=False, filtered=True
    )
    test: Mapped[ReaderTest | None] = field("ผลทดสอบ", en="Test", editable=False, filtered=True, group="test")
    test_way: Mapped[WayOfTest | None] = field("วิธีทดสอบ", en="How tested", editable=False, group="test")
    tested_at: Mapped[dt.datetime | None] = field("ทดสอบเมื่อ", en="Tested at", editable=False, group="test")
    tested_by: Mapped[str | None] = field(
        "ผู้ทดสอบ", sa.String(160), en="Tested by", editable=False, group="test"
    )
    test_device: Mapped[str | None] = field(
        "เครื่องที่ใช้ทดสอบ", sa.String(200), en="Tested with", editable=False, group="test"
    )
    test_failure: Mapped[str | None] = field(
        "รหัสเหตุที่อ่านไม่ได้", sa.String(20), en="Why it failed", editable=False, group="test"
    )

    def owner_scope(self, connection: sa.Connection) -> str:
        if self.holder_code is None:
            return f"{CENTRE}/{self.area_code}"
        scope = connection.scalar(sa.select(School.__table__.c.scope).filter_by(code=self.holder_code))
        if scope is None or not access.covers(f"{CENTRE}/{self.area_code}", scope):
            return rules.refuse_unknown_school(self.holder_code)
        return str(scope)

    def guard(self, connection: sa.Connection) -> None:
        """R59, R61: a reader comes into stock, and leaves it by the steps of ``rules/readers`` alone.

        Its lot is one of its area, and its number stays once it has left the stock: receipts name it.
        """
        lots, table = ReaderLot.__table__, Reader.__table__
        before = connection.execute(sa.select(table).where(table.c.id == self.id)).one_or_none()
        # A school, which reports a fault, does not see its area's lots.
        if before is None or (before.lot_id, before.area_code) != (self.lot_id, self.area_code):
            area = connection.scalar(sa.select(lots.c.area_code).where(lots.c.id == self.lot_id))
            if area != self.area_code:
                raise InvalidRow([Problem("lot_id", "เลือกล็อตของเขตพื้นที่เดียวกับเครื่อง")])
        self._must_follow(before.state if before is not None else ReaderState.STOCK, before)
        if before is not None and before.state is not ReaderState.STOCK:
            for name in ("serial", "area_code", "lot_id"):
                if getattr(before, name) != getattr(self, name):
                    raise InvalidRow([Problem(name, _LEFT_THE_STOCK)])

    def _must_follow(self, before: ReaderState, row: Any) -> None:
        # Of a new row the default is not set yet.
        given: ReaderState | None = self.__dict__.get("state")
        state = given or ReaderState.STOCK
        told = {name: getattr(row, name, None) for name in _BY_VERBS}
        if state is before and all(getattr(self, name) == value for name, value in told.items()):
            return
        if access.verb_at_work() is None:
            raise WallBreached(
                what="card_reader: only workflow verbs change where it is and how it was tested"
            )
        if state is not before and not any(
            before in step.starts and state in step.ends for step in rules.STEPS.values()
        ):
            raise WallBreached(what=f"card_reader: {state.value} does not follow {before.value}")

    def __repr__(self) -> str:
        return self.serial


_BY_VERBS = ("holder_code", "test", "test_way", "tested_at", "tested_by", "test_device", "test_failure")
_LEFT_THE_STOCK = Sentence("เครื่องนี้ออกจากคลังแล้ว จึงแก้หมายเลข ล็อต และเขตไม่ได้ ให้รับคืนเข้าคลังก่อน")
_OPEN = sa.text("ended_at IS NULL")


class ReaderHolding(SchoolOwned, Versioned, Base):
    """A school holds a reader: from the allotment to its end, by one officer (R59). One is open at a time."""

    __tablename__ = "reader_holding"
    __dataset__ = Dataset(
        "การถือครองเครื่องอ่านบัตร", "Holdings of card readers", menu=Menus.ASSETS, key=("reader_id", "turn"),
        listed=("school_code", "reader_id", "receiver_name", "phone", "pin_result", "issued_at"),
        order=("scope", "reader_id", "turn", "id"), title=("receiver_name", "reader_id"), managed=True,
        groups=(Group("holding", "การถือครอง", "Holding"), Group("officer", "ผู้รับผิดชอบ", "Officer")),
        rules=(rules.no_pin_in("receiver_name", "receiver_position", "end_reason"), rules.is_a_phone_number),
        rights=_READ_ONLY, icon="clipboard-list",
    )  # fmt: skip
    __table_args__ = (
        sa.Index("uq_reader_holding_open", "reader_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        sa.Index("ix_reader_holding_reader", "reader_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reader_id: Mapped[int] = field("เครื่อง", sa.ForeignKey("card_reader.id"), en="Reader")
    school_code: Mapped[str] = field("โรงเรียน", sa.ForeignKey("school.code"), en="School", filtered=True)
    turn: Mapped[int] = field("ครั้งที่", en="Turn", minimum=1)
    allotted_at: Mapped[dt.datetime] = field("จัดสรรเมื่อ", en="Allotted at")
    allotted_by: Mapped[str] = field("ผู้จัดสรร", sa.String(160), en="Allotted by")
    issued_at: Mapped[dt.datetime | None] = field("ส่งมอบเมื่อ", en="Handed over at", filtered=True)
    issued_by: Mapped[str | None] = field("ผู้ส่งมอบ", sa.String(160), en="Handed over by")
    receipt_number: Mapped[str | None] = field("เลขที่ใบเบิกจ่าย", sa.String(20), en="Receipt")
    ended_at: Mapped[dt.datetime | None] = field("สิ้นสุดเมื่อ", en="Ended at", filtered=True)
    ended_by: Mapped[str | None] = field("ผู้บันทึกการสิ้นสุด", sa.String(160), en="Ended by")
    end: Mapped[HoldingEnd | None] = field("เหตุที่สิ้นสุด", en="How it ended")
    end_reason: Mapped[str | None] = field("รายละเอียด", sa.String(500), en="Details")
    receiver_name: Mapped[str | None] = field(
        "ผู้รับ", sa.String(160), en="Receiving officer", group="officer", searched=True
    )
    receiver_account: Mapped[str | None] = field("บัญชีผู้ใช้", sa.String(64), en="Account", group="officer")
    receiver_position: Mapped[str | None] = field("ตำแหน่ง", sa.String(120), en="Position", group="officer")
    phone: Mapped[str | None] = field("โทรศัพท์", sa.String(20), en="Phone", group="officer")
    pin_result: Mapped[PinResult | None] = field(
        "ผลการลงทะเบียน PIN", en="PIN registration", group="officer", filtered=True
    )
    pin_office: Mapped[PinOffice | None] = field("ลงทะเบียน PIN ที่", en="PIN registered at", group="officer")
    pin_on: Mapped[dt.date | None] = field("ลงทะเบียน PIN เมื่อ", en="PIN registered on", group="officer")

    def __repr__(self) -> str:
        return self.receiver_name or str(self.reader_id)


class ReaderReceipt(SchoolOwned, Base):
    """A numbered paper of a holding, as it was printed to be signed: the issue of a reader, or its return (R59)."""

    __tablename__ = "reader_receipt"
    __table_args__ = (
        sa.UniqueConstraint("holding_id", "kind"),
        sa.Index("ix_reader_receipt_scope", "scope", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    holding_id: Mapped[int] = mapped_column(sa.ForeignKey("reader_holding.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    kind: Mapped[str] = mapped_column(sa.String(8), nullable=False)
    number: Mapped[str] = mapped_column(sa.String(20), nullable=False)
    made_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, nullable=False)
