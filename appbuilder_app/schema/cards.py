"""Card readers' PCs; every read of a card: who, with which device, why, what came of it; consents to photos."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..codes import CardPurpose, CardUse, ConsentGiver
from ..declaration import Base, BigId, Json, Private, ScopePath


class CardDevice(Private, Base):
    """A PC that reads cards for a school or an area. Its key is computed from the server's secret, not kept.

    ``code_digest`` is that of the one-time code while nobody has traded it for a key.
    """

    __tablename__ = "card_device"
    __table_args__ = (sa.Index("ix_card_device_scope", "scope"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    place: Mapped[str] = mapped_column(ScopePath, nullable=False)
    public_id: Mapped[str] = mapped_column(sa.String(32), nullable=False, unique=True)
    name: Mapped[str] = mapped_column(sa.String(60), nullable=False)
    code_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    code_until: Mapped[dt.datetime] = mapped_column(nullable=False)
    made_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    paired_at: Mapped[dt.datetime | None] = mapped_column()
    revoked_at: Mapped[dt.datetime | None] = mapped_column()
    revoked_by: Mapped[str | None] = mapped_column(sa.String(160))

    def owner_scope(self, connection: sa.Connection) -> str:
        return self.place

    @property
    def works(self) -> bool:
        """True from pairing to revoking."""
        return self.paired_at is not None and self.revoked_at is None


class CardReading(Private, Base):
    """One read, from the moment its number (nonce) is given out; kept for good as the account of it.

    ``card`` is the server's own copy of what the paired PC read, there only until it is used or given up.
    ``student_id`` is the student for whose family it is read, from the beginning; else the one that it was used for.
    ``failures`` are ``[time, code, facts]``. ``taken`` holds, for each field of the student that was taken from the
    card, a digest of the value: as long as the field still has it, the field's source is this card.
    """

    __tablename__ = "card_reading"
    __table_args__ = (
        sa.Index("ix_card_reading_scope", "scope", "id"),
        sa.Index("ix_card_reading_student", "student_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    place: Mapped[str] = mapped_column(ScopePath, nullable=False)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_user.id"), nullable=False)
    asked_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    purpose: Mapped[CardPurpose] = mapped_column(nullable=False)
    nonce_digest: Mapped[str] = mapped_column(sa.String(64), nullable=False, unique=True)
    issued_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    read_at: Mapped[dt.datetime | None] = mapped_column()
    device_id: Mapped[int | None] = mapped_column(sa.ForeignKey("card_device.id"))
    reader: Mapped[str | None] = mapped_column(sa.String(120))
    card: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    failures: Mapped[list[Any]] = mapped_column(Json, nullable=False, default=list)
    # No foreign key: the account of a read outlives the student's row.
    student_id: Mapped[int | None] = mapped_column(BigId)
    # The reader that the read was to test; likewise without a foreign key.
    tested_reader_id: Mapped[int | None] = mapped_column(BigId)
    used_at: Mapped[dt.datetime | None] = mapped_column()
    used_for: Mapped[CardUse | None] = mapped_column()
    taken: Mapped[dict[str, Any]] = mapped_column(Json, nullable=False, default=dict)

    def owner_scope(self, connection: sa.Connection) -> str:
        return self.place


class PhotoConsent(Private, Base):
    """Somebody's word that the photo of a card may be the student's: who gave it, when, to which wording.

    Written once and only withdrawn; it outlives the photo and the student's row.
    """

    __tablename__ = "photo_consent"
    __table_args__ = (sa.Index("ix_photo_consent_student", "student_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    place: Mapped[str] = mapped_column(ScopePath, nullable=False)
    student_id: Mapped[int] = mapped_column(BigId, nullable=False)
    reading_id: Mapped[int] = mapped_column(sa.ForeignKey("card_reading.id"), nullable=False)
    photo: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    given_as: Mapped[ConsentGiver] = mapped_column(nullable=False)
    given_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    wording: Mapped[int] = mapped_column(nullable=False)
    given_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    noted_by_id: Mapped[int | None] = mapped_column()
    noted_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column()
    withdrawn_by: Mapped[str | None] = mapped_column(sa.String(160))

    def owner_scope(self, connection: sa.Connection) -> str:
        return self.place
