"""sqladmin over the application's tables, to compare with: served as ``bench.sqladmin_site:application``.

Without a login, which ours and Django's have.
"""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from typing import ClassVar

import sqlalchemy as sa
from sqladmin import Admin, ModelView
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from starlette.applications import Starlette

COLUMNS = (
    "school", "student_number", "national_id", "first_name", "last_name", "grade", "room", "sex",
    "birth_date", "weight_kg", "height_cm",
)  # fmt: skip


class Base(DeclarativeBase):
    """The two tables that the list shows."""


class School(Base):
    """A row of the application's table."""

    __tablename__ = "school"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]

    def __str__(self) -> str:
        return self.name


class Student(Base):
    """A row of the application's table: the columns that the list shows."""

    __tablename__ = "student"
    id: Mapped[int] = mapped_column(primary_key=True)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"))
    scope: Mapped[str]
    student_number: Mapped[str]
    national_id: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    grade: Mapped[str]
    room: Mapped[int]
    sex: Mapped[str]
    birth_date: Mapped[dt.date]
    weight_kg: Mapped[Decimal | None]
    height_cm: Mapped[Decimal | None]
    school: Mapped[School] = relationship()


class StudentAdmin(ModelView, model=Student):  # type: ignore[call-arg]
    """The list with the same columns, order and page size as ours."""

    column_list = COLUMNS
    column_default_sort: ClassVar = [("scope", False), ("grade", False), ("room", False), ("id", False)]
    column_searchable_list = ("national_id", "last_name")
    page_size = 25
    page_size_options = (25,)


engine = sa.create_engine(os.environ["THABIAN_DATABASE_OWNER_URL"], connect_args={"prepare_threshold": None})
application = Starlette()
Admin(application, engine).add_view(StudentAdmin)
