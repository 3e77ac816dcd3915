"""Saved views: lists as people want to find them again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..access import CENTRE
from ..declaration import Base, BigId, Scoped, User


class SavedView(Scoped, Base):
    """A list of a dataset under a name: its filters, order and columns as the query string of its address.

    Seen by its owner and, where ``shared_role`` names one, by who holds that role within the owner's scope.
    It gives no right: whoever opens it gets the rows and columns that they may see anyway.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        sa.UniqueConstraint("owner_id", "dataset", "name"),
        sa.Index("ix_saved_view_shared", "dataset", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dataset: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    name: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    query: Mapped[str] = mapped_column(sa.String(2000), nullable=False)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_user.id"), nullable=False)
    shared_role: Mapped[str | None] = mapped_column(sa.String(64))
    is_default: Mapped[bool] = mapped_column(sa.Boolean, nullable=False, server_default=sa.false())

    def owner_scope(self, connection: sa.Connection) -> str:
        table = User.__table__
        return connection.scalar(sa.select(table.c.scope).where(table.c.id == self.owner_id)) or CENTRE
