"""What a dataset declares: ``Dataset`` and ``field``, the owners, and the base class they stand on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

import sqlalchemy as sa
from flask_appbuilder.models.sqla import Model
from flask_appbuilder.models.sqla.base import SQLA
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column

from . import access, kinds, thainames
from .access import Privacy, Right, Sight
from .bilingual import Label, Sentence
from .codes import CodeList, RoundSystem
from .errors import Problem, RuleViolation
from .walls import WalledSession

Model.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Only now: FAB's tables take their constraints' names from the convention that stands when they are declared.
from flask_appbuilder.security.sqla.models import User as User  # noqa: E402, PLC0414 - for models.py, see above


class Instant(sa.TypeDecorator[dt.datetime]):
    """An aware datetime, kept in UTC; SQLite, which forgets zones, gets and gives UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime would change its meaning with the server's time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=dt.UTC)
        return value


# Compared byte by byte, so that a range covers a subtree whatever the database's own collation.
ScopePath = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON()

Model.registry.update_type_annotation_map(
    {
        CodeList: sa.Enum(
            CodeList,
            native_enum=False,
            length=16,
            create_constraint=False,
            values_callable=lambda codes: [member.value for member in codes],
        ),
        dt.datetime: Instant(),
        dict[str, Any]: Json,
    }
)

db: SQLAlchemy = SQLA(model_class=Model, session_options={"class_": WalledSession, "expire_on_commit": False})


def name_key_of(first_name: str, last_name: str) -> sa.Computed:
    """A column that the database fills with the key of a name (``thainames.py``) kept in two other columns."""
    return sa.Computed(f"{thainames.SQL_FUNCTION}({first_name}, {last_name})", persisted=True)


def _label(declared: Any) -> None:
    """The Thai label knows the English one beside it, wherever it is shown."""
    object.__setattr__(declared, "th", Label(declared.th, declared.en))


@dataclass(frozen=True)
class Menu:
    """A group of the navigation."""

    key: str
    th: str
    en: str
    icon: str

    def __post_init__(self) -> None:
        _label(self)


class Menus:
    """The groups of the navigation, in the order in which datasets stand in it."""

    PEOPLE = Menu("people", "นักเรียน", "Students", "users")
    PLACES = Menu("places", "สถานศึกษา", "Schools", "school")
    STAFF = Menu("staff", "บุคลากร", "Staff", "user")
    ASSETS = Menu("assets", "ทรัพย์สิน", "Assets", "landmark")
    REFERENCE = Menu("reference", "ข้อมูลอ้างอิง", "Reference data", "layers")
    SURVEYS = Menu("surveys", "แบบสอบถาม", "Questionnaires", "list-checks")
    ROUNDS = Menu("rounds", "รอบการจัดเก็บ", "Rounds", "calendar")
    SYSTEM = Menu("system", "ระบบ", "System", "settings")


RowRule = Callable[[Mapping[str, Any]], Iterable[Problem]]


@dataclass(frozen=True)
class Group:
    """A fieldset of the form and the record page."""

    key: str
    th: str
    en: str

    def __post_init__(self) -> None:
        _label(self)


@dataclass(frozen=True)
class Computed:
    """What a record's page shows beside its fields: computed of the row, stored nowhere.

    ``of`` takes the row's values by name and gives what ``kind`` shows; None shows nothing. In a private group
    it is shown to who sees that group.
    """

    th: str
    en: str
    of: Callable[[Mapping[str, Any]], Any]
    kind: kinds.Kind = attribute(default_factory=kinds.Number)
    group: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        _label(self)
        object.__setattr__(self, "unit", Sentence(self.unit))

    @property
    def privacy(self) -> Privacy | None:
        """The group of private fields that it is computed of, by the form group in which it stands."""
        return _privacy_by_group(self.group)


@dataclass(frozen=True)
class Field:
    """What is declared of one column beyond its SQL type; ``name``, ``kind`` and ``dataset`` come with the mapping."""

    th: str
    en: str
    group: str = ""
    kind: kinds.Kind = attribute(default_factory=kinds.Kind)
    name: str = ""
    required: bool = False
    nullable: bool = True
    editable: bool = True
    searched: bool = False
    filtered: bool = False
    masked: bool = False
    privacy: Privacy | None = None
    dataset: str = ""
    thai_sorted: bool = False
    minimum: Decimal | int | dt.date | None = None
    maximum: Decimal | int | dt.date | None = None
    length: int | None = None
    unit: str = ""
    hint: str = ""
    hint_en: str = ""
    by_verb: Sentence | None = None
    by_file: bool = False

    def __post_init__(self) -> None:
        _label(self)


BY_GROUP: Any = object()
"""A field's privacy is that of its form group; said by leaving it out."""


def _privacy_by_group(group: str) -> Privacy | None:
    # The form group "identity" holds the names by which everybody is called; only its numbers are private.
    told = (Privacy.HEALTH, Privacy.FAMILY, Privacy.MONEY)
    return next((privacy for privacy in told if privacy == group), None)


def field(
    th: str,
    *sql: Any,
    en: str,
    kind: kinds.Kind | None = None,
    group: str = "",
    editable: bool = True,
    searched: bool = False,
    filtered: bool = False,
    masked: bool = False,
    privacy: Privacy | None = BY_GROUP,
    thai_sorted: bool = False,
    minimum: Any = None,
    maximum: Any = None,
    unit: str = "",
    hint: str = "",
    hint_en: str = "",
    by_verb: Sentence | None = None,
    by_file: bool = False,
    **column: Any,
) -> Mapped[Any]:
    """One column with all that is known of it: Thai and English label, kind, bounds, and how lists use it.

    ``minimum`` and ``maximum`` bound numbers and days on every path. ``searched`` columns answer the search
    box, ``filtered`` ones get a filter, ``masked`` ones are hidden in lists and logs, ``thai_sorted`` ones
    are ordered as a Thai dictionary does. ``privacy`` names the group of fields by which roles see the column,
    see it masked, or do not; in the form groups ``health``, ``family`` and ``money`` it is that group unless
    said otherwise (None: ordinary). ``by_verb``: once the row is there, only a workflow verb changes the field, on
    no path anybody else; the sentence says which. ``by_file``: a file may be that verb for many rows. Further keywords
    go to ``mapped_column``.
    """
    declared = Field(
        th=th,
        en=en,
        group=group,
        kind=kind or _UNSET,
        editable=editable,
        searched=searched,
        filtered=filtered,
        masked=masked,
        privacy=_privacy_by_group(group) if privacy is BY_GROUP else privacy,
        thai_sorted=thai_sorted,
        minimum=minimum,
        maximum=maximum,
        unit=Sentence(unit),
        hint=hint,
        hint_en=hint_en,
        by_verb=by_verb,
        by_file=by_file,
    )
    return mapped_column(*sql, info={"field": declared}, **column)


_UNSET = kinds.Kind()


class Refused(NamedTuple):
    """Why a row may not be added, and the field by which it is seen."""

    field: str
    why: RuleViolation


RefusedNew = Callable[..., dict[int, Refused]]
"""``(connection, rows, hold=..., earlier=...)``: of the values of rows about to be added those that a rule refuses, by
position; see ``dataset.validation.refused_new``."""


@dataclass(frozen=True)
class Dataset:
    """What a class declares of itself as a dataset. All screens, doors and walls follow from it.

    ``key`` identifies a row for people and imports, within its school where the row is a school's; an empty
    key means one row a school. ``order`` is the default order of lists (columns that are never NULL);
    ``listed`` the columns of the list; ``sorted`` those it can be ordered by; ``title`` what people call a
    row. What is left out of these follows from the key and the fields, see ``_completed``. ``round`` names
    the system whose rounds lock the rows. ``shared`` rows are readable by everybody and written only by
    their owner. ``computed`` values stand on a record's page beside its fields. ``summed`` names number fields
    whose sums stand on a school's certificate, beside the number of rows. ``managed`` rows are written only by
    workflow verbs. ``found_before`` gives the primary keys of rows that had another identity number before: the
    search box finds them by it, too. ``rights`` names the built-in roles that start with other actions than usual:
    ``{"school_director": "read write"}``. ``refused_new`` tells, by the fields ``asked_of_new``, which
    of the rows about to be added a rule refuses that must ask the database, many at once; every path asks it, a
    file's preview, too.
    """

    th: str
    en: str
    menu: Menu
    key: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    sorted: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    title: tuple[str, ...] = ()
    round: RoundSystem | None = None
    shared: bool = False
    managed: bool = False
    rules: tuple[RowRule, ...] = ()
    computed: tuple[Computed, ...] = ()
    summed: tuple[str, ...] = ()
    rights: Mapping[str, str] = attribute(default_factory=dict)
    found_before: Callable[[sa.Connection, str], list[Any]] | None = None
    refused_new: RefusedNew | None = None
    asked_of_new: tuple[str, ...] = ()
    icon: str = "table"

    def __post_init__(self) -> None:
        _label(self)


class Base(Model):
    """Base of every table of ours. Two classes with one table name are refused, not merged."""

    __abstract__ = True
    __table_args__: Any = ()
    __dataset__: ClassVar[Dataset | None] = None
    _tables: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        name = cls.__dict__.get("__tablename__")
        if name is not None:
            # Model sets extend_existing: a second class of the same name would add its columns to the first.
            if name in Base._tables or (name in Model.metadata.tables and not name.startswith("ab_")):
                raise TypeError(
                    f"table {name!r} is declared twice: {Base._tables.get(name)} and {cls.__name__}"
                )
            Base._tables[name] = cls.__name__
        super().__init_subclass__(**options)


class Scoped:
    """A row with an owner: ``scope`` is the owner's path, filled in by ``owner_scope`` at every write."""

    scope: Mapped[str] = mapped_column(ScopePath, nullable=False)

    def owner_scope(self, connection: sa.Connection) -> str:
        """Path of the row's owner; must not trust the stored ``scope``."""
        raise NotImplementedError(type(self).__name__)

    def guard(self, connection: sa.Connection) -> None:
        """Refuse a write by a rule that must ask the database; called at every insert, update and delete."""

    guards_every_write: ClassVar[bool] = True
    """False where ``guard`` has something to say of deletions alone, so that imports need not ask for each row."""


class Private(Scoped):
    """A scoped row that only its owner, and who stands above, may see. Areas and schools are not private."""

    is_private: ClassVar[bool] = True


class Versioned:
    """A row that people edit at the same time: the version tells a stale form from a fresh one."""

    version: Mapped[int] = mapped_column(sa.Integer, nullable=False, server_default="1")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a declared attribute is given the class
        return {"version_id_col": cls.version}


LISTED = 8
"""How many columns a list shows of a dataset that does not say which."""

_ALL = "read write import export"
_OF_A_SCHOOL = {
    "school_officer": _ALL,
    "school_director": "read export",
    "district_officer": _ALL,
    "central_officer": "read export",
    "administrator": _ALL,
}
_OF_EVERYBODY = dict.fromkeys(_OF_A_SCHOOL, "read") | {
    "central_officer": "read export",
    "administrator": _ALL,
}


@event.listens_for(Base, "after_mapper_constructed", propagate=True)
def _complete(_mapper: Mapper[Any], model: type[Base]) -> None:
    """A dataset class is mapped: fill in what its declaration leaves out, and let the database hold the key."""
    if model.__dataset__ is not None:
        model.__dataset__ = _completed(model, model.__dataset__)
        _constrain(model.__table__, model.__dataset__)


def _completed(model: type[Base], given: Dataset) -> Dataset:
    """The declaration with all that follows from its key and its fields."""
    owned = model.__table__.c.get("school_code") is not None
    key = given.key if not owned or "school_code" in given.key else ("school_code", *given.key)
    own_key = tuple(name for name in key if name != "school_code")
    primary = tuple(model.__table__.primary_key.columns.keys())
    usual = _OF_EVERYBODY if given.shared else _OF_A_SCHOOL
    return replace(
        given,
        key=key,
        listed=given.listed or _listed(model, key),
        order=given.order or _once((*(("scope",) if owned else ()), *own_key, *primary)),
        sorted=given.sorted
        or _once((*own_key, *_names(model, lambda one: one.thai_sorted and one.required))),
        title=given.title or _names(model, _is_a_name)[:1] or own_key or key,
        rights=usual | dict(given.rights),
    )


def _listed(model: type[Base], key: tuple[str, ...]) -> tuple[str, ...]:
    """The key, then the fields in their order, without what does not fit into a cell."""
    return _once((*key, *_names(model, lambda one: not isinstance(one.kind, kinds.Memo))))[:LISTED]


def _is_a_name(one: Field) -> bool:
    return (one.searched or one.thai_sorted) and type(one.kind) is kinds.Kind and not one.masked


def _names(model: type[Base], wanted: Callable[[Field], bool]) -> tuple[str, ...]:
    return tuple(name for name, one in fields_of(model).items() if wanted(one))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _constrain(table: sa.Table, declared: Dataset) -> None:
    """The key is unique, and the order of the list has its index, unless the class has made them itself."""
    made = [tuple(index.columns.keys()) for index in table.indexes]
    unique = [set(one.columns.keys()) for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    unique += [set(table.primary_key.columns.keys())]
    unique += [set(index.columns.keys()) for index in table.indexes if index.unique]
    known = set(table.c.keys())
    if declared.key and set(declared.key) <= known and set(declared.key) not in unique:
        table.append_constraint(sa.UniqueConstraint(*(table.c[name] for name in declared.key)))
    if len(declared.order) > 1 and set(declared.order) <= known and declared.order not in made:
        sa.Index(f"ix_{table.name}_order", *(table.c[name] for name in declared.order))


def datasets() -> list[type[Base]]:
    """All classes that declare a dataset, in the order of their declaration."""
    mapped = [mapper.class_ for mapper in Model.registry.mappers]
    declared = [cls for cls in mapped if getattr(cls, "__dataset__", None) is not None]
    return sorted(declared, key=lambda cls: list(Base._tables).index(cls.__tablename__))


def dataset_of(model: type[Base]) -> Dataset:
    """The declaration of a dataset class."""
    declared = model.__dataset__
    if declared is None:
        raise TypeError(f"{model.__name__} declares no dataset")
    return declared


def rights_of_role(name: str) -> frozenset[Right]:
    """All rights that a built-in role starts with: those of ``access.py``, and those of every dataset."""
    spec = next(role for role in access.ROLES if role.name == name)
    declared = {
        (action, model.__tablename__)
        for model in datasets()
        for action in dataset_of(model).rights.get(name, "").split()
    }
    return spec.rights | declared | _full_sight(spec.rights | declared)


def _full_sight(rights: frozenset[Right]) -> frozenset[Right]:
    """All that is private in the datasets that these rights read."""
    return frozenset(
        (str(Sight.SHOWN), access.private_subject(model.__tablename__, privacy))
        for model in datasets()
        if (access.Action.READ, model.__tablename__) in rights
        for privacy in privacies_of(model)
    )


def privacies_of(model: type[Base]) -> tuple[Privacy, ...]:
    """The groups of private fields that a dataset has, in the order of the groups."""
    if model not in _PRIVACIES:
        found = {declared.privacy for declared in fields_of(model).values()}
        _PRIVACIES[model] = tuple(privacy for privacy in Privacy if privacy in found)
    return _PRIVACIES[model]


_PRIVACIES: dict[type[Base], tuple[Privacy, ...]] = {}


def dataset_named(name: str) -> type[Base]:
    """The dataset class of a table name; KeyError when there is none."""
    return {model.__tablename__: model for model in datasets()}[name]


def fields_of(model: type[Base]) -> dict[str, Field]:
    """Declared fields of a class by name, in the order of declaration, each with its kind."""
    return _cached_fields(model)


_FIELDS: dict[type[Base], dict[str, Field]] = {}


def _cached_fields(model: type[Base]) -> dict[str, Field]:
    if model not in _FIELDS:
        _FIELDS[model] = {declared.name: declared for declared in _resolve(model)}
    return _FIELDS[model]


def _resolve(model: type[Base]) -> Iterator[Field]:
    groups = model.__dataset__.groups if model.__dataset__ is not None else ()
    home = groups[0].key if groups else ""
    for column in model.__table__.columns:
        declared = column.info.get("field")
        if declared is None:
            continue
        kind = declared.kind if declared.kind is not _UNSET else _kind_of(column)
        yield replace(
            declared,
            name=column.key,
            group=declared.group or home,
            dataset=model.__tablename__,
            kind=kind,
            # Files come by their own door, one by one: a form that is refused would lose them.
            editable=declared.editable and not isinstance(kind, kinds.StoredFile),
            required=not column.nullable and column.default is None and column.server_default is None,
            nullable=bool(column.nullable),
            length=getattr(column.type, "length", None) if isinstance(column.type, sa.String) else None,
        )


def _kind_of(column: sa.Column[Any]) -> kinds.Kind:
    """The kind that a column's SQL type implies, where the declaration names none."""
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).target_fullname.split(".")[0]
        return kinds.Reference(target, column.type.python_type)
    for sql_type, kind in _KINDS:
        if isinstance(column.type, sql_type):
            return kind(column)
    return kinds.Kind()


def _code_kind(column: sa.Column[Any]) -> kinds.Kind:
    codes = getattr(column.type, "enum_class", None)
    if not (isinstance(codes, type) and issubclass(codes, CodeList)):
        return kinds.Kind()
    return kinds.Code(codes)


_KINDS: tuple[tuple[type[Any], Callable[[sa.Column[Any]], kinds.Kind]], ...] = (
    (sa.Enum, _code_kind),
    (sa.Boolean, lambda _: kinds.Flag()),
    (sa.Integer, lambda _: kinds.Whole()),
    (sa.Numeric, lambda _: kinds.Number()),
    (Instant, lambda _: kinds.Moment()),
    (sa.Date, lambda _: kinds.ThaiDate()),
    (sa.Text, lambda _: kinds.Memo()),
    (sa.String, lambda _: kinds.Kind()),
)
