"""A dataset that exists in tests only: every kind of field, an own round, a pointer to a private row.

Declaring it adds a table to the one schema of the process, so nothing that compares the schema with a
database may run beside it. `test_attack_matrix.py` therefore runs itself once more in a process of its own
that loads this module first (`pytest -p tests.invented`); what is attacked there is made from it alone.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appbuilder_app import access, kinds
from appbuilder_app.codes import Blood, Living, RoundSystem
from appbuilder_app.dataset import ddl
from appbuilder_app.declaration import Base, BigId, Dataset, Menus, Versioned, db, field
from appbuilder_app.models import CollectionRound, School, SchoolOwned, Student, Submission, Window
from appbuilder_app.walls import SetWork, set_based

_RIGHTS = {
    "school_officer": "read write export",
    "school_director": "read",
    "district_officer": "read write export",
    "central_officer": "read export",
    "administrator": "read write import export",
}


class Locker(SchoolOwned, Versioned, Base):
    """A locker of a school, kept by one of its pupils."""

    __tablename__ = "locker"
    __dataset__ = Dataset(
        "ตู้เก็บของ",
        "Lockers",
        menu=Menus.PLACES,
        key=("school_code", "number"),
        listed=("school_code", "number", "mark", "keeper_id", "opened_on", "is_metal"),
        order=("scope", "number", "id"),
        sorted=("number", "mark"),
        title=("mark",),
        round=RoundSystem.ASSET,
    )
    __table_args__ = (sa.UniqueConstraint("school_code", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    school_code: Mapped[str] = field("โรงเรียน", sa.ForeignKey("school.code"), en="School", filtered=True)
    number: Mapped[int] = field("ลำดับที่", en="Number", minimum=1, filtered=True)
    mark: Mapped[str] = field("เครื่องหมาย", sa.String(80), en="Mark", searched=True, thai_sorted=True)
    keeper_card: Mapped[str | None] = field(
        "เลขประจำตัวผู้ดูแล", sa.String(13), en="Keeper's ID", kind=kinds.Identity(), masked=True, searched=True
    )
    keeper_id: Mapped[int | None] = field("ผู้ดูแล", sa.ForeignKey("student.id"), en="Keeper", filtered=True)
    sealed: Mapped[str | None] = field("เลขผนึก", sa.String(20), en="Seal", editable=False)
    note: Mapped[str | None] = field("หมายเหตุ", sa.Text(), en="Note")
    colour: Mapped[Living | None] = field("สี", en="Colour", filtered=True)
    lock: Mapped[Blood] = field("กุญแจ", en="Lock", default=Blood.A)
    weight: Mapped[Decimal | None] = field("น้ำหนัก", sa.Numeric(8, 2), en="Weight", unit="กก.", minimum=0)
    is_metal: Mapped[bool] = field("เป็นโลหะ", en="Metal", default=False, filtered=True)
    opened_on: Mapped[dt.date | None] = field("เปิดใช้เมื่อ", en="Opened on")
    checked_at: Mapped[dt.datetime | None] = field("ตรวจเมื่อ", en="Checked at")
    bought_year: Mapped[int | None] = field("ปีที่ซื้อ (พ.ศ.)", en="Year bought", kind=kinds.BuddhistYear())

    keeper: Mapped[Student | None] = relationship(lazy="raise")
    school: Mapped[School] = relationship(lazy="raise")


def _with_rights(role: access.RoleSpec) -> access.RoleSpec:
    more = {(action, "locker") for action in _RIGHTS[role.name].split()}
    return access.RoleSpec(role.name, role.th, role.en, role.level, role.rights | more)


def pytest_configure(config: pytest.Config) -> None:
    """The small world gets lockers, and its roles rights to them."""
    from tests import app_fixtures

    del config
    access.ROLES = tuple(_with_rights(role) for role in access.ROLES)
    plainly = app_fixtures.settle

    def settle() -> None:
        _make_table()
        plainly()
        _add_lockers(list(app_fixtures.SCOPES))

    app_fixtures.settle = settle


def _make_table() -> None:
    with set_based(SetWork.MIGRATION):
        Locker.__table__.create(db.session.connection())
        for made in ddl.objects(db.engine.dialect.name):
            if "locker" in made.name:
                db.session.execute(sa.text(made.create))
        db.session.commit()


def _add_lockers(schools: list[str]) -> None:
    with access.acting_as(_everything(), through="shell"):
        _open_round(schools)
        for place, code in enumerate(schools):
            db.session.add_all(_locker(code, number, 1000 * (place + 1) + number) for number in (1, 2))
        db.session.commit()


def _everything() -> access.Viewer:
    rights = frozenset(right for role in access.ROLES for right in role.rights)
    return access.Viewer(None, "world", "ผู้สร้างโลก", "", "C", rights)


def _open_round(schools: list[str]) -> None:
    """A round of the dataset's own system, as the small world has one of its pupils'."""
    with access.performing(access.Action.MANAGE, "round"):
        known = db.session.scalars(sa.select(CollectionRound)).one()
        opened = CollectionRound(
            system=RoundSystem.ASSET, academic_year=2569, number=1, snapshot_date=known.snapshot_date
        )
        db.session.add(opened)
        db.session.flush()
        for window in db.session.scalars(sa.select(Window).filter_by(round_id=known.id)).all():
            names = ("action", "scope", "opens_at", "closes_at", "granted_at")
            db.session.add(Window(round_id=opened.id, **{name: getattr(window, name) for name in names}))
        for code in schools:
            db.session.add(Submission(round_id=opened.id, school_code=code))
        db.session.flush()


def _locker(code: str, number: int, telling: int) -> Locker:
    from tests.app_fixtures import national_id

    pupils = sa.select(Student.id).filter_by(school_code=code).order_by(Student.id)
    return Locker(
        school_code=code,
        number=number,
        mark=f"เครื่องหมาย {telling}",
        keeper_id=db.session.scalars(pupils).first(),
        keeper_card=national_id(telling),
        sealed=f"ผนึก {telling}",
        note=f"หมายเหตุ {telling}",
        weight=Decimal("1.5"),
        opened_on=dt.date(2024, 5, 16),
        checked_at=dt.datetime(2025, 5, 16, 9, 30, tzinfo=dt.UTC),
        bought_year=2567,
    )
