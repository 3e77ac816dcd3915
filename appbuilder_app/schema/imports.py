"""Imported files: batches and their rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .. import access, rules
from ..declaration import Base, BigId, Private, ScopePath
from .places import School, SchoolOwned

NATIONAL, TEMPLATE, MOVEMENTS = "national", "template", "movements"
"""Forms of a file: the old system's student file, any dataset's own template, or a workbook of movements."""


class ImportBatch(Private, Base):
    """A file that somebody uploaded, waiting as a preview, or committed, or cancelled, or undone.

    ``form`` is NATIONAL (of one school), TEMPLATE (of a dataset) or MOVEMENTS (of verbs). The latter two belong to the
    place of who uploaded it, ``place``, since their rows may be of several schools. ``stored_as`` names the file while
    it is kept, ``job_id`` the job last ordered for it.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        sa.Index("ix_import_batch_scope", "scope"),
        sa.Index("ix_import_batch_dataset", "dataset", "form", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    form: Mapped[str] = mapped_column(sa.String(12), nullable=False, server_default=NATIONAL)
    dataset: Mapped[str] = mapped_column(sa.String(40), nullable=False, server_default="student")
    school_code: Mapped[str | None] = mapped_column(sa.ForeignKey("school.code"))
    place: Mapped[str | None] = mapped_column(ScopePath)
    stored_as: Mapped[str | None] = mapped_column(sa.String(120))
    uploaded_by_id: Mapped[int | None] = mapped_column()
    job_id: Mapped[int | None] = mapped_column(BigId)
    filename: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    uploaded_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    uploaded_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    state: Mapped[str] = mapped_column(sa.String(12), nullable=False, server_default="preview")
    counts: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    settled_at: Mapped[dt.datetime | None] = mapped_column()
    settled_by: Mapped[str | None] = mapped_column(sa.String(160))

    def owner_scope(self, connection: sa.Connection) -> str:
        if self.school_code is None:
            return self.place or access.viewer().scope
        scope = connection.scalar(sa.select(School.__table__.c.scope).filter_by(code=self.school_code))
        return scope or rules.refuse_unknown_school(self.school_code)


class ImportRow(SchoolOwned, Base):
    """One line of an uploaded file, read and judged; ``outcome`` is new, changed, same, missing or wrong."""

    __tablename__ = "import_row"
    __table_args__ = (
        sa.Index("ix_import_row_batch", "batch_id", "outcome", "row_number"),
        sa.Index("ix_import_row_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batch.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.String(8), nullable=False)
    row_number: Mapped[int] = mapped_column(nullable=False)
    outcome: Mapped[str] = mapped_column(sa.String(8), nullable=False)
    national_id: Mapped[str | None] = mapped_column(sa.String(40))
    student_id: Mapped[int | None] = mapped_column(BigId)
    values: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    problems: Mapped[dict[str, Any]] = mapped_column(nullable=False)


class ImportLine(Private, Base):
    """One line of a template that was uploaded, read and judged; ``scope`` is that of its batch.

    ``owner`` is the scope of the row that it would write, ``row_key`` the row that it is about when there is
    one. ``values`` holds all values of a new row, ``before``, ``after`` and ``version`` of a changed one.
    """

    __tablename__ = "import_line"
    __table_args__ = (sa.Index("ix_import_line_outcome", "batch_id", "outcome", "number"),)

    batch_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("import_batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(sa.String(8), nullable=False)
    owner: Mapped[str | None] = mapped_column(ScopePath)
    row_key: Mapped[str | None] = mapped_column(sa.String(40))
    values: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    problems: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    batch: Mapped[ImportBatch] = relationship(lazy="raise")

    def owner_scope(self, connection: sa.Connection) -> str:
        batch = ImportBatch.__table__
        return connection.scalar(sa.select(batch.c.scope).where(batch.c.id == self.batch_id)) or ""
