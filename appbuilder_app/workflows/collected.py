"""What the systems beside the learners' collect of a school: their datasets' rows, counted."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from ..codes import RoundSystem
from ..declaration import Base, dataset_of, datasets, db, fields_of
from ..models import CollectionRound, Roster, School
from ..walls import SetWork, set_based
from . import headcounts
from .freezing import Record


class Counted(NamedTuple):
    """Rows of one dataset: its name in the database and for people, and how many a school has."""

    name: str
    label: str
    number: int
    sums: tuple[tuple[str, int], ...] = ()
    """Of each field that the dataset sums: its label, and the sum; only of what was frozen."""


def datasets_of(system: RoundSystem) -> list[type[Base]]:
    """The datasets whose rows the rounds of a system lock, in the order of their declaration."""
    return [model for model in datasets() if dataset_of(model).round is system]


def counts_of(school: School, system: RoundSystem) -> tuple[Counted, ...]:
    """How many rows a school has in each dataset of a system, in one statement."""
    models = datasets_of(system)
    if not models:
        return ()
    each = [
        sa.select(sa.literal(model.__tablename__), sa.func.count())
        .select_from(model.__table__)
        .where(model.__table__.c.scope == school.scope)
        for model in models
    ]
    with set_based(SetWork.FREEZE):
        found: dict[str, int] = dict(db.session.connection().execute(sa.union_all(*each)).all())
    return _told(system, found)


def frozen_counts(roster: Roster, system: RoundSystem) -> tuple[Counted, ...]:
    """How many rows of each dataset were frozen, with the sums that stand on the certificate."""
    models, told = datasets_of(system), _told(system, roster.counts["rows"])
    return tuple(
        counted._replace(sums=_sums_in(roster, model)) for model, counted in zip(models, told, strict=True)
    )


def _sums_in(roster: Roster, model: type[Base]) -> tuple[tuple[str, int], ...]:
    fields, kept = fields_of(model), roster.counts["sums"].get(model.__tablename__, {})
    return tuple((fields[name].th, kept[name]) for name in dataset_of(model).summed if name in kept)


def _told(system: RoundSystem, counts: dict[str, Any]) -> tuple[Counted, ...]:
    models = datasets_of(system)
    return tuple(
        Counted(m.__tablename__, dataset_of(m).th, int(counts.get(m.__tablename__, 0))) for m in models
    )


def last_counts(
    school: School, before: CollectionRound
) -> tuple[CollectionRound, tuple[Counted, ...]] | None:
    """What the school confirmed in the latest earlier round of the system, to compare with; or None."""
    found = headcounts.last_roster(school, before)
    return (found[1], frozen_counts(found[0], before.system)) if found else None


# ── Freezing ─────────────────────────────────────────────────────────────────────────────────────────────


def counts_as_frozen(school: School, system: RoundSystem) -> Record:
    """The counts line of a snapshot: rows by dataset, and the sums that stand on the certificate."""
    rows = {counted.name: counted.number for counted in counts_of(school, system)}
    return {"rows": rows, "sums": _sums_of(school, system)}


def _sums_of(school: School, system: RoundSystem) -> dict[str, dict[str, int]]:
    """Sums over the school's rows, by dataset and field: a statement for each dataset that sums."""
    found: dict[str, dict[str, int]] = {}
    for model in datasets_of(system):
        if names := dataset_of(model).summed:
            sums = [sa.func.coalesce(sa.func.sum(getattr(model, name)), 0).label(name) for name in names]
            row = db.session.execute(sa.select(*sums).where(model.scope == school.scope)).one()
            found[model.__tablename__] = {name: int(value) for name, value in row._mapping.items()}
    return found
