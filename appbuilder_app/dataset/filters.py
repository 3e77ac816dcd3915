"""The filters above a list, ready for the template: typed by kind, filled with what was asked, even if wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from markupsafe import Markup

from .. import kinds, table
from ..access import Level
from ..bilingual import Label
from ..declaration import Field, db
from ..language import is_english, said
from .forms import label_of
from .listing import Listing, titles
from .query import FROM, HAS, IS, TO, Condition, Query, given, ways_of

_NOT_FILLED = Label("(ไม่ได้กรอก)", "(not filled in)")
_LOW = Condition(at_least=0)


class Tick(NamedTuple):
    """One value of a code list, to be ticked; ``name`` is the argument."""

    name: str
    value: str
    label: str
    on: bool
    short: str = ""


class Filter(NamedTuple):
    """A filter above a list. ``kind``: ticks, lookup, range, dates or text; ``name`` is the text's argument."""

    key: str
    label: str
    kind: str
    used: bool
    name: str = ""
    value: str = ""
    low: str = ""
    high: str = ""
    ticks: tuple[Tick, ...] = ()
    lookup_url: str = ""
    text: str = ""
    emptiness: str | None = None
    """What ``.is`` asks ("" for nothing); None when the field cannot be empty."""

    @property
    def summary(self) -> str:
        """The ticked values in words."""
        return ", ".join(tick.short or tick.label for tick in self.ticks if tick.on)


def filters_of(listing: Listing, query: Query, arguments: Mapping[str, str]) -> list[Filter]:
    """The filters that stand above the list: the declared ones, those in use, and those asked for (``with``)."""
    asked = {name.partition(".")[0] for name in arguments if given(arguments, name)}
    asked.update(given(arguments, "with"))
    offered = [
        _filter(listing, query, declared, arguments)
        for name, declared in _offered(listing)
        if declared.filtered or name in asked
    ]
    return sorted(offered, key=lambda one: not listing.fields[one.key].filtered)


def further(listing: Listing, query: Query, shown: Iterable[Filter]) -> Markup:
    """``<option>``s of the other fields that this viewer's list can be filtered by."""
    standing = {one.key for one in shown}
    names = tuple(
        (name, declared.th)
        for name, declared in _offered(listing)
        if name not in standing and listing.filterable(name, Condition(values=(0,)), query)
    )
    return table.options(names, is_english(), "")


def _offered(listing: Listing) -> Iterator[tuple[str, Field]]:
    own_school = listing.viewer.level is Level.SCHOOL
    for name, declared in listing.fields.items():
        if ways_of(declared) and not (own_school and name == "school_code"):
            yield name, declared


def _filter(listing: Listing, query: Query, declared: Field, arguments: Mapping[str, str]) -> Filter:
    name = declared.name
    # What was typed is shown as typed, also when it could not be read.
    values = given(arguments, name)
    first = {way: (given(arguments, name + way) or [""])[0] for way in (FROM, TO, HAS, IS)}
    used = bool(values or any(first.values()))
    one = Filter(name, label_of(declared), "text", used, name, values[0] if values else "")
    if IS in ways_of(declared):
        one = one._replace(emptiness=first[IS])
    wide = not listing.filterable(name, _LOW, query)
    return _typed(declared, one, values, first, wide)


def _typed(declared: Field, one: Filter, values: list[str], first: Mapping[str, str], wide: bool) -> Filter:
    """The filter as its kind has it; in a wide list only by whole values, as nothing else has an index."""
    kind, exact = declared.kind, one.value
    if isinstance(kind, kinds.Code | kinds.Flag):
        return one._replace(kind="ticks", ticks=tuple(_ticks(declared, values, first[IS])), emptiness=None)
    if isinstance(kind, kinds.Reference):
        text = titles(db.session, kind.target, {exact}).get(exact, exact) if exact else ""
        return one._replace(kind="lookup", lookup_url=f"/data/{kind.target}/lookup", text=text)
    if FROM in ways_of(declared) and not wide:
        widget = "dates" if isinstance(kind, kinds.ThaiDate | kinds.Moment) else "range"
        return one._replace(kind=widget, low=first[FROM] or exact, high=first[TO] or exact)
    if HAS in ways_of(declared) and not wide and not exact:
        return one._replace(name=declared.name + HAS, value=first[HAS])
    return one


def _ticks(declared: Field, values: list[str], emptiness: str) -> Iterator[Tick]:
    try:
        on = {declared.kind.edit(declared.kind.read(value)) for value in values}
    except kinds.NotReadable:
        on = set(values)
    kind = declared.kind
    for value, label in choices_of(kind):
        meant = kind.read(value)
        yield Tick(declared.name, value, said(label), kind.edit(meant) in on, said(kind.mask(meant)))
    if declared.nullable:
        yield Tick(declared.name + IS, "empty", said(_NOT_FILLED), emptiness == "empty")


@cache
def choices_of(kind: kinds.Kind) -> table.Choices:
    """The values of a code list or a flag with their labels."""
    if isinstance(kind, kinds.Code):
        return tuple((code.value, code.th) for code in kind.codes)
    return (("yes", kinds.YES), ("no", kinds.NO))


def search_hint(listing: Listing) -> str:
    """What the search box looks through."""
    return " · ".join(label_of(declared) for declared in listing.fields.values() if declared.searched)
