"""Values of students as the history and the preview record them in JSON, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...bulk import Encoded, encode
from ...declaration import fields_of
from ...kinds import Kind
from ...models import Student
from .reading import Values

Recorded = dict[str, Any]


class Recorder:
    """Writes values as JSON and reads them back; within one piece of work each value is turned once."""

    def __init__(self) -> None:
        kinds = {name: declared.kind for name, declared in fields_of(Student).items()}
        turned = {name: kind for name, kind in kinds.items() if type(kind).json is not Kind.json}
        self._written = {name: _Turned(kind.json) for name, kind in turned.items()}
        self._parts = {name: _Turned(self._part_of(name), absent=f'"{name}":null') for name in kinds}
        self._read = {name: _Turned(kind.read) for name, kind in turned.items()}

    def _part_of(self, name: str) -> Callable[[Any], str]:
        turned = self._written.get(name)
        return lambda value: f'"{name}":{encode(value if turned is None else turned[value])}'

    def written(self, values: Values) -> Recorded:
        """Values as JSON."""
        return _through(self._written, values)

    def encoded(self, values: Values) -> Encoded:
        """Values as the text of a JSON object, put together from what each value was encoded to once."""
        parts = self._parts
        return Encoded("{" + ",".join([parts[name][value] for name, value in values.items()]) + "}")

    def read(self, recorded: Recorded) -> Values:
        """The values that were written."""
        return _through(self._read, recorded)


class _Turned(dict[Any, Any]):
    """What each value turns into; None into ``absent``."""

    def __init__(self, turn: Callable[[Any], Any], absent: Any = None) -> None:
        super().__init__({None: absent})
        self.turn = turn

    def __missing__(self, value: Any) -> Any:
        self[value] = turned = self.turn(value)
        return turned


def _through(turned: dict[str, _Turned], values: dict[str, Any]) -> dict[str, Any]:
    return {name: turned[name][value] if name in turned else value for name, value in values.items()}
