"""What a dataset declares: ``Dataset`` and ``field``, the owners, and the base class they stand on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_appbuilder.models.sqla import Model
from flask_appbuilder.models.sqla.base import SQLA
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from . import kinds
from .bilingual import Label, Sentence
from .codes import CodeList, RoundSystem
from .errors import Problem
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
    """The groups of the navigation, in order."""

    PEOPLE = Menu("people", "นักเรียน", "Students", "users")
    PLACES = Menu("places", "สถานศึกษา", "Schools", "school")
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
class Field:
    """What is declared of one column beyond its SQL type. ``name`` and ``kind`` are filled in at mapping."""

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
    thai_sorted: bool = False
    minimum: Decimal | int | dt.date | None = None
    maximum: Decimal | int | dt.date | None = None
    length: int | None = None
    unit: str = ""
    hint: str = ""
    hint_en: str = ""

    def __post_init__(self) -> None:
        _label(self)


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
    thai_sorted: bool = False,
    minimum: Any = None,
    maximum: Any = None,
    unit: str = "",
    hint: str = "",
    hint_en: str = "",
    **column: Any,
) -> Mapped[Any]:
    """One column with all that is known of it: Thai and English label, kind, bounds, and how lists use it.

    ``minimum`` and ``maximum`` bound numbers and days on every path. ``searched`` columns answer the search
    box, ``filtered`` ones get a filter, ``masked`` ones are hidden in lists and logs, ``thai_sorted`` ones
    are ordered as a Thai dictionary does. Further keywords go to ``mapped_column``.
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
        thai_sorted=thai_sorted,
        minimum=minimum,
        maximum=maximum,
        unit=Sentence(unit),
        hint=hint,
        hint_en=hint_en,
    )
    return mapped_column(*sql, info={"field": declared}, **column)


_UNSET = kinds.Kind()


@dataclass(frozen=True)
class Dataset:
    """What a class declares of itself as a dataset. All screens, doors and walls follow from it.

    ``key`` identifies a row for people and imports; ``order`` is the default order of lists (columns that
    are never NULL); ``listed`` the columns of the list; ``sorted`` those it can be ordered by. ``round``
    names the system whose rounds lock the rows. ``shared`` rows are readable by everybody and written only
    by their owner. ``managed`` rows are written only by workflow verbs.
    """

    th: str
    en: str
    menu: Menu
    key: tuple[str, ...]
    listed: tuple[str, ...]
    order: tuple[str, ...]
    sorted: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    title: tuple[str, ...] = ()
    round: RoundSystem | None = None
    shared: bool = False
    managed: bool = False
    rules: tuple[RowRule, ...] = ()
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


class Private(Scoped):
    """A scoped row that only its owner, and who stands above, may see. Areas and schools are not private."""

    is_private: ClassVar[bool] = True


class Versioned:
    """A row that people edit at the same time: the version tells a stale form from a fresh one."""

    version: Mapped[int] = mapped_column(sa.Integer, nullable=False, server_default="1")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a declared attribute is given the class
        return {"version_id_col": cls.version}


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
    for column in model.__table__.columns:
        declared = column.info.get("field")
        if declared is None:
            continue
        kind = declared.kind if declared.kind is not _UNSET else _kind_of(column)
        yield replace(
            declared,
            name=column.key,
            kind=kind,
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
