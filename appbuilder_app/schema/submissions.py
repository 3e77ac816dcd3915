"""Submissions of schools, what they froze, and their documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..codes import Capacity, Grade, Proof, SubmissionState
from ..declaration import Base, BigId, Versioned
from .places import School, SchoolOwned
from .rounds import CollectionRound


class Submission(SchoolOwned, Versioned, Base):
    """How far a school is in a round: open → confirmed → certified → acknowledged, and back by return."""

    __tablename__ = "submission"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "school_code"),
        sa.Index("ix_submission_scope", "scope", "round_id"),
        sa.Index("ix_submission_round_state", "round_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    state: Mapped[SubmissionState] = mapped_column(
        nullable=False, default=SubmissionState.OPEN, server_default=SubmissionState.OPEN.value
    )
    # The last day of the final exam, told in the end-of-year round: nothing after it is of this year (R38, R39).
    exam_date: Mapped[dt.date | None] = mapped_column()
    rows: Mapped[int | None] = mapped_column()
    roster_id: Mapped[int | None] = mapped_column(BigId)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column()
    confirmed_by_id: Mapped[int | None] = mapped_column()
    confirmed_by: Mapped[str | None] = mapped_column(sa.String(160))
    confirmed_position: Mapped[str | None] = mapped_column(sa.String(120))
    confirmed_proof: Mapped[Proof | None] = mapped_column()
    certified_at: Mapped[dt.datetime | None] = mapped_column()
    certified_by_id: Mapped[int | None] = mapped_column()
    certified_by: Mapped[str | None] = mapped_column(sa.String(160))
    certified_position: Mapped[str | None] = mapped_column(sa.String(120))
    certified_proof: Mapped[Proof | None] = mapped_column()
    # For whom the signer acts, and the order that lets them.
    certified_capacity: Mapped[Capacity | None] = mapped_column()
    certified_order: Mapped[str | None] = mapped_column(sa.String(200))
    acknowledged_at: Mapped[dt.datetime | None] = mapped_column()
    acknowledged_by_id: Mapped[int | None] = mapped_column()
    acknowledged_by: Mapped[str | None] = mapped_column(sa.String(160))
    acknowledged_position: Mapped[str | None] = mapped_column(sa.String(120))
    acknowledged_capacity: Mapped[Capacity | None] = mapped_column()
    acknowledged_order: Mapped[str | None] = mapped_column(sa.String(200))
    returned_reason: Mapped[str | None] = mapped_column(sa.String(500))
    returned_by: Mapped[str | None] = mapped_column(sa.String(160))
    returned_at: Mapped[dt.datetime | None] = mapped_column()

    school: Mapped[School] = relationship(lazy="raise")
    round: Mapped[CollectionRound] = relationship(lazy="raise")

    @hybrid_property
    def is_locked(self) -> bool:
        """True from confirming on: the school's rows of the round's system cannot be written."""
        return self.state is not SubmissionState.OPEN

    @is_locked.inplace.expression
    @classmethod
    def _is_locked_sql(cls) -> sa.ColumnElement[bool]:
        return cls.state != SubmissionState.OPEN


class Roster(SchoolOwned, Base):
    """A school's rows as confirmed (students, or what another system collects): the snapshot of a round. Never changed.

    ``content`` are its lines, compressed; ``root`` is the hash of the tree over them, salted from ``seed``
    (``proving.py``). ``head`` and ``counts`` are its first two lines once more, for who needs no records.
    """

    __tablename__ = "roster"
    __table_args__ = (sa.Index("ix_roster_submission", "submission_id"), sa.Index("ix_roster_scope", "scope"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), nullable=False)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    frozen_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    rows: Mapped[int] = mapped_column(nullable=False)
    root: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    seed: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False, deferred=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False, deferred=True)
    head: Mapped[dict[str, Any]] = mapped_column(nullable=False, deferred=True)
    counts: Mapped[dict[str, Any]] = mapped_column(nullable=False)


class Headcount(SchoolOwned, Base):
    """Pupils of one grade of a school, frozen at confirming."""

    __tablename__ = "headcount"
    __table_args__ = (sa.Index("ix_headcount_scope", "scope", "round_id"),)

    roster_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("roster.id"), primary_key=True)
    grade: Mapped[Grade] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    male: Mapped[int] = mapped_column(nullable=False)
    female: Mapped[int] = mapped_column(nullable=False)
    rooms: Mapped[int] = mapped_column(nullable=False)


class Certificate(SchoolOwned, Base):
    """A certification document: its number, the frozen content it prints, and whether it still stands.

    ``code`` is what its page bears for whoever is shown the paper (``workflows/verification.py``).
    """

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("code"),
        sa.Index("ix_certificate_submission", "submission_id"),
        sa.Index("ix_certificate_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), nullable=False)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("collection_round.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    roster_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("roster.id"), nullable=False)
    number: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    code: Mapped[str] = mapped_column(sa.String(16), nullable=False)
    issued_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(nullable=False)
    voided_at: Mapped[dt.datetime | None] = mapped_column()
    voided_by: Mapped[str | None] = mapped_column(sa.String(160))
    void_reason: Mapped[str | None] = mapped_column(sa.String(500))

    @property
    def is_void(self) -> bool:
        """True when a return has taken the certificate's force away."""
        return self.voided_at is not None


class SignedScan(SchoolOwned, Base):
    """The scan of a certificate signed in ink. Paper arrives late, so the round's lock does not hold it."""

    __tablename__ = "signed_scan"
    __table_args__ = (
        sa.Index("ix_signed_scan_certificate", "certificate_id"),
        sa.Index("ix_signed_scan_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    stored_as: Mapped[str] = mapped_column(sa.String(120), nullable=False)
    media_type: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    size: Mapped[int] = mapped_column(nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    uploaded_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    uploaded_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)


class DirectorSignature(SchoolOwned, Base):
    """A certificate signed electronically by the director: with which certificate of his, and the signed file.

    Written once, never changed. The key and its pass phrase are nowhere.
    """

    __tablename__ = "director_signature"
    __table_args__ = (
        sa.UniqueConstraint("certificate_id"),
        sa.Index("ix_director_signature_scope", "scope"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), nullable=False)
    school_code: Mapped[str] = mapped_column(sa.ForeignKey("school.code"), nullable=False)
    signed_at: Mapped[dt.datetime] = mapped_column(nullable=False)
    signed_by: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    signed_position: Mapped[str] = mapped_column(sa.String(160), nullable=False)
    key_name: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    key_serial: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    key_issuer: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    key_is_trusted: Mapped[bool] = mapped_column(nullable=False)
    level: Mapped[str] = mapped_column(sa.String(8), nullable=False)
    stored_as: Mapped[str] = mapped_column(sa.String(120), nullable=False)
    size: Mapped[int] = mapped_column(nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)


class DocumentCounter(Base):
    """The last document number given in a series; its row is locked while the next one is taken."""

    __tablename__ = "document_counter"

    series: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    last: Mapped[int] = mapped_column(nullable=False)
