"""Accounts: who logs in; what their roles have been offered, and to whom a role may be given."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..declaration import Base, User


class Account(User):
    """A person who logs in: whose rows they look after, and in what position they sign."""

    __tablename__ = "ab_user"
    __table_args__ = {"extend_existing": True}

    scope: Mapped[str] = mapped_column(sa.String(40), nullable=False, server_default="")
    position: Mapped[str] = mapped_column(sa.String(120), nullable=False, server_default="")
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    session_epoch: Mapped[int] = mapped_column(sa.Integer, nullable=False, server_default="1")
    must_change_password: Mapped[bool] = mapped_column(sa.Boolean, nullable=False, server_default=sa.false())
    # The phone's secret, sealed (workflows/second_factor.py), and the last step of time whose code was used.
    second_factor: Mapped[str | None] = mapped_column(sa.String(200))
    second_factor_step: Mapped[int | None] = mapped_column(sa.BigInteger)

    def get_id(self) -> str:
        """What a session cookie holds: a raised epoch makes every older cookie worthless."""
        return f"{self.id}.{self.session_epoch or 1}"


class RoleOffer(Base):
    """A subject whose usual rights a built-in role has been given once; what was changed since stays so."""

    __tablename__ = "role_offer"

    role_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_role.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(60), primary_key=True)


class RoleTerms(Base):
    """To whom a role that an administrator made may be given, and by whom; without terms: the centre, to anybody."""

    __tablename__ = "role_terms"

    role_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_role.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[str | None] = mapped_column(sa.String(16))
    given_below: Mapped[bool] = mapped_column(sa.Boolean, nullable=False, server_default=sa.false())
