"""One judge of rows: bounds, lengths, required fields and declared rules, asked by every path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..declaration import Base, Field, fields_of
from ..errors import InvalidRow, Problem
from ..kinds import NotReadable


def read_field(declared: Field, raw: Any) -> Any:
    """Value of one field from a form, a JSON body or a cell; NotReadable with a Thai sentence otherwise."""
    value = declared.kind.read(raw)
    if (wrong := bounds(declared, value)) is not None:
        raise NotReadable(wrong)
    return value


def bounds(declared: Field, value: Any) -> str | None:
    """What is wrong with the size of a value, in Thai; None when nothing is."""
    if value is None:
        return None
    if declared.minimum is not None and value < declared.minimum:
        return f"ต้องไม่น้อยกว่า {declared.minimum} {declared.unit}".rstrip()
    if declared.maximum is not None and value > declared.maximum:
        return f"ต้องไม่เกิน {declared.maximum} {declared.unit}".rstrip()
    if declared.length and isinstance(value, str) and len(value) > declared.length:
        return f"ยาวเกินไป (ไม่เกิน {declared.length} ตัวอักษร)"
    return None


def read_row(model: type[Base], raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Values of the given fields, and what is wrong with them; fields that are not given are left alone."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    declared = fields_of(model)
    for name, text in raw.items():
        try:
            values[name] = read_field(declared[name], text)
        except NotReadable as wrong:
            problems.append(Problem(name, f"{declared[name].th}: {wrong}"))
    return values, problems


def problems_of(model: type[Base], row: Mapping[str, Any]) -> Iterator[Problem]:
    """All that is wrong with a whole row of values."""
    for name, declared in fields_of(model).items():
        value = row.get(name)
        if value is None or value == "":
            if declared.required:
                yield Problem(name, f"{declared.th}: ต้องกรอก")
        elif (wrong := bounds(declared, value)) is not None:
            yield Problem(name, f"{declared.th}: {wrong}")
    for rule in model.__dataset__.rules if model.__dataset__ else ():
        yield from rule(row)


def require_valid(target: Base) -> None:
    """Refuse (InvalidRow, 422) to write a row that breaks its declaration; asked by the mapper on every path."""
    if type(target).__dataset__ is None:
        return
    row = {name: getattr(target, name) for name in fields_of(type(target))}
    if problems := list(problems_of(type(target), row)):
        raise InvalidRow(problems)
