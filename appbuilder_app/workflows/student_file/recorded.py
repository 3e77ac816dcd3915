"""Values of students as the history and the preview record them in JSON, and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ...declaration import fields_of
from ...kinds import Kind
from ...models import Student
from .reading import Values

Turn = Callable[[Any], Any]


def as_json(values: Values) -> dict[str, Any]:
    """Values as the history writes them."""
    turned = _turned()
    return {
        name: value if value is None or name not in turned else turned[name][0](value)
        for name, value in values.items()
    }


class Reader:
    """Takes ``as_json`` back; the same text of a field is read once."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[Any, Any]] = {name: {None: None} for name in _turned()}

    def values(self, recorded: dict[str, Any]) -> Values:
        """The values that were recorded."""
        return {name: self._value(name, raw) if name in self.seen else raw for name, raw in recorded.items()}

    def _value(self, name: str, raw: Any) -> Any:
        seen = self.seen[name]
        if raw not in seen:
            seen[raw] = _turned()[name][1](raw)
        return seen[raw]


@cache
def _turned() -> dict[str, tuple[Turn, Turn]]:
    """Fields whose values JSON cannot hold as they are: how to write them and to read them."""
    kinds = {name: declared.kind for name, declared in fields_of(Student).items()}
    return {name: (kind.json, kind.read) for name, kind in kinds.items() if type(kind).json is not Kind.json}
