"""API keys: a program's way in, narrower than its owner's."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..declaration import Base, BigId, Json


class ApiKey(Base):
    """A secret that acts for an account with some of its rights. Only a digest of the secret is kept.

    ``rights`` are ``action:dataset``; ``scope`` a place below the owner's, or empty for all that the owner
    looks after; ``prefix`` the beginning of the secret, by which its owner knows it again.
    """

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_user.id"), nullable=False, index=True)
    name: Mapped[str] = mapped_column(sa.String(60), nullable=False)
    prefix: Mapped[str] = mapped_column(sa.String(12), nullable=False)
    digest: Mapped[str] = mapped_column(sa.String(64), nullable=False, unique=True)
    rights: Mapped[list[str]] = mapped_column(Json, nullable=False)
    scope: Mapped[str] = mapped_column(sa.String(40), nullable=False, server_default="")
    created_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    expires_at: Mapped[dt.datetime | None] = mapped_column()
    last_used_at: Mapped[dt.datetime | None] = mapped_column()
    revoked_at: Mapped[dt.datetime | None] = mapped_column()
    revoked_by: Mapped[str] = mapped_column(sa.String(160), nullable=False, server_default="")

    def opens_at(self, now: dt.datetime) -> bool:
        """True while the key is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)
