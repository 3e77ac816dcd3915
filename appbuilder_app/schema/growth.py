"""Growth references: the tables by which nutrition is judged, each import an edition of its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..declaration import Base


class GrowthReference(Base):
    """An imported edition, never changed. A round is judged by the newest of when it was made (``judged_by``).

    ``rows`` are the file's lines as texts, ``[index, sex, at, cut…]``. ``is_synthetic`` marks figures that are made up
    for trying out: screens say so beside every status.
    """

    __tablename__ = "growth_reference"
    __table_args__ = (sa.UniqueConstraint("edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(sa.String(120), nullable=False)
    source: Mapped[str] = mapped_column(sa.String(300), nullable=False)
    is_synthetic: Mapped[bool] = mapped_column(nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    rows: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    imported_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    imported_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)

    @classmethod
    def newest(cls, connection: sa.Connection) -> int | None:
        """The number of the edition imported last; None when there is none yet."""
        return connection.scalar(sa.select(sa.func.max(cls.__table__.c.id)))
