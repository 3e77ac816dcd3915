"""One judge of rows: bounds, lengths, required fields and declared rules, asked by every path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from ..bilingual import Bilingual, Sentence
from ..declaration import Base, Field, Refused, fields_of
from ..errors import InvalidRow, Problem
from ..kinds import NotReadable


def read_field(declared: Field, raw: Any) -> Any:
    """Value of one field from a form, a JSON body or a cell; NotReadable with a Thai sentence otherwise."""
    value = declared.kind.read(raw)
    if (wrong := bounds(declared, value)) is not None:
        raise NotReadable(wrong)
    return value


def bounds(declared: Field, value: Any) -> Sentence | None:
    """What is wrong with the size of a value, in Thai; None when nothing is."""
    if value is None:
        return None
    if declared.minimum is not None and value < declared.minimum:
        return _bound("ต้องไม่น้อยกว่า {bound}", "ต้องไม่น้อยกว่า {bound} {unit}", declared.minimum, declared)
    if declared.maximum is not None and value > declared.maximum:
        return _bound("ต้องไม่เกิน {bound}", "ต้องไม่เกิน {bound} {unit}", declared.maximum, declared)
    if declared.length and isinstance(value, str) and len(value) > declared.length:
        return Sentence("ยาวเกินไป (ไม่เกิน {length} ตัวอักษร)", length=declared.length)
    return None


def _bound(plain: str, with_unit: str, bound: Any, declared: Field) -> Sentence:
    if declared.unit:
        return Sentence(with_unit, bound=bound, unit=declared.unit)
    return Sentence(plain, bound=bound)


_LABELLED = "{label}: {wrong}"


def labelled(label: str, wrong: object) -> Sentence:
    """What is wrong with a field, with the field's label before it."""
    return Sentence(_LABELLED, label=label, wrong=wrong if isinstance(wrong, Bilingual) else str(wrong))


def beside_its_label(message: Bilingual) -> Bilingual:
    """The sentence without the label that it begins with, for a place where the label stands already."""
    if isinstance(message, Sentence) and message.template == _LABELLED:
        wrong: Bilingual = message.facts["wrong"]
        return wrong
    return message


def read_row(model: type[Base], raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Values of the given fields, and what is wrong with them; fields that are not given are left alone."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    declared = fields_of(model)
    for name, text in raw.items():
        try:
            values[name] = read_field(declared[name], text)
        except NotReadable as wrong:
            problems.append(Problem(name, labelled(declared[name].th, wrong)))
    return values, problems


def problems_of(model: type[Base], row: Mapping[str, Any]) -> Iterator[Problem]:
    """All that is wrong with a whole row of values."""
    for name, declared in fields_of(model).items():
        value = row.get(name)
        if value is None or value == "":
            if declared.required:
                yield _missing(declared)
        elif (wrong := bounds(declared, value)) is not None:
            yield Problem(name, labelled(declared.th, wrong))
    yield from _broken_rules(model, row)


def problems_of_read(model: type[Base], row: Mapping[str, Any]) -> Iterator[Problem]:
    """The same for a row whose values ``read_field`` gave, which has judged their size; much faster."""
    required = _required(cast("Any", model))
    # Most rows lack nothing, which is seen without looking at each of their fields.
    if not all(map(row.get, required)):
        for name, declared in required.items():
            if (value := row.get(name)) is None or value == "":
                yield _missing(declared)
    yield from _broken_rules(model, row)


@cache
def _required(model: Any) -> dict[str, Field]:
    return {name: declared for name, declared in fields_of(model).items() if declared.required}


def _missing(declared: Field) -> Problem:
    return Problem(declared.name, labelled(declared.th, Sentence("ต้องกรอก")))


def _broken_rules(model: type[Base], row: Mapping[str, Any]) -> Iterator[Problem]:
    for rule in model.__dataset__.rules if model.__dataset__ else ():
        yield from rule(row)


def kept_by_verbs(model: type[Base], changed: Iterable[str]) -> list[Problem]:
    """Of the fields that are about to change in a row, those that only verbs change, each with which."""
    fields = fields_of(model)
    return [
        Problem(name, labelled(fields[name].th, told))
        for name in changed
        if name in fields and (told := fields[name].by_verb) is not None
    ]


def refused_new(
    model: type[Base],
    connection: sa.Connection,
    rows: Sequence[Mapping[str, Any]],
    *,
    hold: bool = False,
    earlier: dict[Any, Any] | None = None,
) -> dict[int, Refused]:
    """Of the values of rows about to be added those that may not be, by position: a rule that asks the database.

    ``hold`` where they are about to be written: what was found stays so until the transaction ends. ``earlier``, one
    dictionary for all portions of a file, is where the rule keeps what it must know of the rows before.
    """
    declared = model.__dataset__
    if declared is None or declared.refused_new is None or not rows:
        return {}
    return declared.refused_new(connection, rows, hold=hold, earlier=earlier)


def require_valid(target: Base) -> None:
    """Refuse (InvalidRow, 422) a row that breaks its declaration; asked by the mapper on every path."""
    if type(target).__dataset__ is None:
        return
    row = {name: getattr(target, name) for name in fields_of(type(target))}
    if problems := list(problems_of(type(target), row)):
        raise InvalidRow(problems)
