"""Rows of any dataset, made from its declaration alone: what generated tests need to have something to work on.

`row_of` gives a row that its declaration accepts, different from all others; `fill` puts rows of every
dataset that has none into the small world, and opens the rounds that lock them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

import migrations
from appbuilder_app import access, kinds, setup
from appbuilder_app.codes import QuestionKind, RoundSystem
from appbuilder_app.dataset import ddl, validation
from appbuilder_app.declaration import (
    Base,
    Field,
    dataset_named,
    dataset_of,
    datasets,
    db,
    fields_of,
    rights_of_role,
)
from appbuilder_app.models import (
    CollectionRound,
    Questionnaire,
    Reader,
    ReaderLot,
    Student,
    Submission,
    Window,
)
from appbuilder_app.walls import SetWork, set_based
from scripts.services import owner_url
from tests.app_fixtures import SCOPES, national_id

ROWS_PER_SCHOOL = 2
_TRIES = 60


def values_of(model: type[Base], school: str, number: int) -> dict[str, Any]:
    """Values for a row that its declaration accepts; rows of other numbers or schools have other values."""
    told = _TOLD.get(model.__tablename__, lambda *_: {})(school, number)
    for turn in range(_TRIES):
        values = told | {
            name: _value(model, declared, school, number, turn)
            for name, declared in fields_of(model).items()
            if (declared.editable or declared.required) and name not in told
        }
        if not list(validation.problems_of(model, values)):
            return values
    problems = [str(problem.message) for problem in validation.problems_of(model, values)]
    raise AssertionError(f"no row of {model.__name__} found that its rules accept: {problems}")


def _questionnaire(school: str, number: int) -> dict[str, Any]:
    """The first takes questions still; the second is published and open."""
    opens = dt.datetime(2025, 5, 16, 9, 30, tzinfo=dt.UTC)
    facts = {"published": number == 2, "opens_at": opens, "closes_at": opens.replace(year=2090)}
    return {"code": f"form_{telling(school, number)}", **facts}


def _question(school: str, number: int) -> dict[str, Any]:
    found = sa.select(Questionnaire.id).filter_by(published=False).limit(1)
    plain = {
        "questionnaire_id": db.session.scalars(found).one(),
        "kind": QuestionKind.TEXT,
        "minimum": None,
        "maximum": None,
        "choices": None,
    }
    return {"code": f"asked_{telling(school, number)}", **plain}


def _answer_sheet(school: str, _number: int) -> dict[str, Any]:
    found = sa.select(Questionnaire.id).filter_by(published=True)
    return {"questionnaire_id": db.session.scalars(found.limit(1)).one(), "place": school, "answers": {}}


def _explanation(_school: str, _number: int) -> dict[str, Any]:
    """Of the small world's open round."""
    return {"system": RoundSystem.DMC, "academic_year": 2569, "round_number": 2}


def _of_the_open_round(_school: str, _number: int) -> dict[str, Any]:
    return {"round_id": db.session.scalars(sa.select(CollectionRound.id).filter_by(closed_at=None)).first()}


def _year_result(school: str, number: int) -> dict[str, Any]:
    """Of the last pupils, who passed: the first ones are those that tests delete."""
    pupils = sa.select(Student.id).filter_by(school_code=school).order_by(Student.id.desc())
    passed = dict.fromkeys(("criterion", "after_fail", "absence", "note", "destination")) | {"sat": True}
    keys = db.session.scalars(pupils).all()
    return _of_the_open_round(school, number) | passed | {"student_id": keys[(number - 1) % len(keys)]}


def _reader(school: str, number: int) -> dict[str, Any]:
    """Of a lot of its own area, as the others there."""
    lots = db.session.scalars(sa.select(ReaderLot).order_by(ReaderLot.id)).all()
    lot = lots[(number - 1) % len(lots)]
    serial = f"SCR-{telling(school, number):05d}"
    return {"area_code": lot.area_code, "lot_id": lot.id, "serial": serial, "note": "กล่องครบ"}


def _reader_holding(school: str, number: int) -> dict[str, Any]:
    """One of two schools' turns; open for a reader at most once."""
    area = SCOPES[school].split("/")[1]
    readers = db.session.scalars(sa.select(Reader.id).filter_by(area_code=area).order_by(Reader.id)).all()
    turn = telling(school, number)
    ended = dt.datetime(2025, 6, 10, 9, 30, tzinfo=dt.UTC)
    texts = {"phone": "0812345678", "receiver_name": "ครูผู้รับ", "receiver_position": "ครู", "end_reason": "ย้าย"}
    return {"reader_id": readers[0], "turn": turn, "ended_at": ended, **texts}


_TOLD: dict[str, Callable[[str, int], dict[str, Any]]] = {
    "questionnaire": _questionnaire,
    "question": _question,
    "answer_sheet": _answer_sheet,
    "explanation": _explanation,
    "year_result": _year_result,
    "admission_plan": _of_the_open_round,
    "card_reader": _reader,
    "reader_holding": _reader_holding,
}
"""What the database asks of a row beside its declaration, by dataset."""


def row_of(model: type[Base], school: str, number: int, **changed: Any) -> Base:
    """A row, not yet added; ``changed`` sets single fields."""
    return model(**values_of(model, school, number) | changed)


def telling(school: str, number: int) -> int:
    """A number that no other row of the small world has."""
    return 1000 * (list(SCOPES).index(school) + 1) + number


def _value(model: type[Base], declared: Field, school: str, number: int, turn: int) -> Any:
    """A value of one field. ``turn`` varies what is free, so that rules between fields come to be kept."""
    kind = declared.kind
    if isinstance(kind, kinds.Reference):
        nth = number - 1 if declared.name in dataset_of(model).key else 0
        return _key_of_a_row(kind.target, school, declared.required, nth)
    if isinstance(kind, kinds.Identity):
        return national_id(telling(school, number))
    if isinstance(kind, kinds.Code):
        codes = list(kind.codes)
        # In steps of the rows of a school: the turns of one row must not end at the key of the next.
        shift = ROWS_PER_SCHOOL * (turn // 3) if declared.name in dataset_of(model).key else turn
        return codes[(number + shift) % len(codes)]
    if isinstance(kind, kinds.Flag):
        return (number + turn) % 2 == 0
    return next(_readable(declared, _candidates(declared, telling(school, number), number)))


def _key_of_a_row(target: str, school: str, needed: bool, nth: int = 0) -> Any:
    """A row of the school itself, or one that everybody shares; the ``nth`` where it identifies the pointing row."""
    if target == "school":
        return school
    model = dataset_named(target)
    key = getattr(model, sa.inspect(model).primary_key[0].key)
    query = sa.select(key).order_by(key)
    if "school_code" in model.__table__.c:
        query = query.filter_by(school_code=school)
    found = db.session.scalars(query.limit(100)).all()
    assert found or not needed, f"no row of {target} to point to"
    return found[nth % len(found)] if found else None


def _readable(declared: Field, candidates: Iterator[Any]) -> Iterator[Any]:
    for raw in candidates:
        try:
            value = validation.read_field(declared, raw)
        except kinds.NotReadable:
            continue
        if value is not None:
            yield value


def _candidates(declared: Field, told: int, number: int) -> Iterator[Any]:
    """Values that a field of some kind might take; the first readable one is used."""
    least = declared.minimum
    if isinstance(declared.kind, kinds.ThaiDate):
        start = least if isinstance(least, dt.date) else dt.date(2015, 5, 16)
        yield from (start + dt.timedelta(days=number * step) for step in (7, 1, 0))
    elif isinstance(declared.kind, kinds.Moment):
        yield dt.datetime(2025, 5, 16, 9, 30, tzinfo=dt.UTC) + dt.timedelta(days=number)
    elif declared.kind.numeric:
        yield 2560 + number
        lowest = Decimal(str(least)) if least is not None else Decimal(1)
        yield from (lowest + number, lowest, 0)
    else:
        yield from _texts(declared, told)


def _texts(declared: Field, told: int) -> Iterator[str]:
    length = declared.length or 200
    yield f"{declared.th[: max(0, length - 6)]} {told}"
    yield f"user{told}@example.invalid"
    yield f"https://school{told}.example.invalid"
    yield from (f"{told:0{size}d}"[-size:] for size in range(min(length, 20), 0, -1))


# ── The small world, with rows of everything ─────────────────────────────────────────────────────────────


def fill() -> None:
    """Into the small world: tables declared since, a round of every system, and rows of every dataset."""
    _make_missing_tables()
    with access.acting_as(everything(), through="shell"):
        _open_rounds()
        pointed_to_first = list(Base.metadata.sorted_tables)
        for model in sorted(datasets(), key=lambda one: pointed_to_first.index(one.__table__)):
            if db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0:
                with access.performing(access.Action.WRITE, model.__tablename__):
                    db.session.add_all(_rows(model))
                    db.session.flush()
        db.session.commit()


def everything() -> access.Viewer:
    """Somebody at the centre who may do all that roles may."""
    rights = frozenset(right for role in access.ROLES for right in rights_of_role(role.name))
    # And rows that no role writes but by verbs.
    rights |= {(str(access.Action.WRITE), model.__tablename__) for model in datasets()}
    return access.Viewer(None, "world", "ผู้สร้างโลก", "", "C", rights)


def _rows(model: type[Base]) -> Iterator[Base]:
    """Two rows of each school; of what belongs to no school one more, for a further row to point to."""
    of_schools = {"school_code", "place"} & set(model.__table__.c.keys())
    one_a_school = dataset_of(model).key == ("school_code",) or "place" in dataset_of(model).key
    for school in SCOPES if of_schools else list(SCOPES)[:1]:
        for number in range(1, 2 if one_a_school else ROWS_PER_SCHOOL + (1 if of_schools else 2)):
            yield row_of(model, school, number)


def _make_missing_tables() -> None:
    present = set(sa.inspect(db.engine).get_table_names())
    missing = [table for table in Base.metadata.sorted_tables if table.name not in present]
    db.session.rollback()  # on SQLite one connection writes at a time
    owner = migrations.engine_of(owner_url(db.engine.url.render_as_string(hide_password=False)))
    with owner.begin() as connection, set_based(SetWork.MIGRATION):
        for table in missing:
            table.create(connection)
            for made in ddl.objects(connection.dialect.name):
                if table.name in made.name:
                    connection.execute(sa.text(made.create))
    setup.grant()


def _open_rounds() -> None:
    """A round of every system, with the windows of the pupils' own."""
    known = db.session.scalars(sa.select(CollectionRound)).one()
    windows = db.session.scalars(sa.select(Window).filter_by(round_id=known.id)).all()
    with access.performing(access.Action.MANAGE, "round"):
        for system in RoundSystem:
            if system is not known.system:
                _open(system, known, windows)


def _open(system: RoundSystem, like: CollectionRound, windows: Any) -> None:
    opened = CollectionRound(
        system=system, academic_year=like.academic_year, number=1, snapshot_date=like.snapshot_date
    )
    db.session.add(opened)
    db.session.flush()
    for window in windows:
        same = {
            name: getattr(window, name) for name in ("action", "scope", "opens_at", "closes_at", "granted_at")
        }
        db.session.add(Window(round_id=opened.id, **same))
    db.session.add_all(Submission(round_id=opened.id, school_code=code) for code in SCOPES)
    db.session.flush()
