"""Checking seals and signatures of a PDF file with public keys alone: no network, no register, no clock."""

from __future__ import annotations

import datetime as dt
import enum
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from . import outside_loops
from .keys import common_name
from .signing import SEAL

_ADDED: Final = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


class Kind(enum.StrEnum):
    """What was put on a document."""

    SEAL = "seal"
    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True)
class Mark:
    """One seal, signature or time stamp of a document.

    ``is_right``: it was made with the key of the certificate beside it, over exactly these bytes. ``is_untouched``:
    what was added to the file afterwards are signatures and what they need, nothing that anybody sees. ``is_last``:
    nothing was added at all.
    """

    kind: Kind
    field: str
    name: str
    serial: str
    issuer: str
    public_key: bytes
    said_at: dt.datetime | None
    stamped_at: dt.datetime | None
    is_right: bool
    is_untouched: bool
    is_last: bool
    reason: str = ""
    address: str = ""

    @property
    def holds(self) -> bool:
        """Right, and nothing was changed since."""
        return self.is_right and self.is_untouched


@dataclass(frozen=True)
class Checked:
    """What was found on a file; ``marks`` in the order in which they were made."""

    marks: Sequence[Mark]

    def seal(self, keys: Collection[bytes]) -> Mark | None:
        """The seal, when it was made with one of these public keys and the file is as it was then, but for marks."""
        if not self.is_sound:
            return None
        first = self.marks[0]
        return first if first.kind is Kind.SEAL and first.public_key in keys else None

    @property
    def signatures(self) -> list[Mark]:
        """What persons have signed."""
        return [mark for mark in self.marks if mark.kind is Kind.SIGNATURE]

    @property
    def is_sound(self) -> bool:
        """True when everything on the file holds, and the last of it covers the file to its end."""
        return bool(self.marks) and all(mark.holds for mark in self.marks) and self.marks[-1].is_last


def check(pdf: bytes) -> Checked:
    """Everything that was put on the file; nothing for what is no PDF or cannot be read."""
    try:
        found = outside_loops(
            lambda: [_mark(one) for one in PdfFileReader(io.BytesIO(pdf)).embedded_signatures]
        )
    except Exception:  # noqa: BLE001 - anybody sends anything here; whatever goes wrong, it holds no seal of ours
        return Checked(())
    return Checked(found)


def _mark(embedded: EmbeddedPdfSignature) -> Mark:
    certificate = embedded.signer_cert
    # Trusting the very certificate: who made the mark is judged by its key, not by who vouches for it.
    context = ValidationContext(
        trust_roots=[certificate], allow_fetching=False, moment=certificate.not_valid_after
    )
    stamped = embedded.sig_object_type == "/DocTimeStamp"
    status: Any = (validate_pdf_timestamp if stamped else validate_pdf_signature)(embedded, context)
    return Mark(
        kind=_kind(embedded, stamped),
        field=str(embedded.field_name),
        name=common_name(certificate),
        serial=f"{certificate.serial_number:X}",
        issuer=str(certificate.issuer.native.get("common_name", certificate.issuer.human_friendly)),
        public_key=certificate.public_key.dump(),
        said_at=embedded.self_reported_timestamp,
        stamped_at=_stamped_at(status),
        is_right=status.intact and status.valid,
        is_untouched=_is_untouched(status),
        is_last=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        reason=_text(embedded, "/Reason"),
        address=_text(embedded, "/Location"),
    )


def _kind(embedded: EmbeddedPdfSignature, stamped: bool) -> Kind:
    if stamped:
        return Kind.TIMESTAMP
    return Kind.SEAL if embedded.field_name == SEAL else Kind.SIGNATURE


def _is_untouched(status: Any) -> bool:
    whole = status.coverage in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
    return whole and status.modification_level in _ADDED and status.docmdp_ok is not False


def _stamped_at(status: Any) -> dt.datetime | None:
    stamp = getattr(status, "timestamp_validity", None) or status
    at = getattr(stamp, "timestamp", None)
    return at if at is not None and stamp.intact and stamp.valid else None


def _text(embedded: EmbeddedPdfSignature, name: str) -> str:
    return str(embedded.sig_object.get(name, ""))[:500]


# ── What the seal says ───────────────────────────────────────────────────────────────────────────────────


def root_said(seal: Mark) -> str:
    """The hash of the data for which the document stands; empty when it stands for none."""
    found = re.search(r"(?:^| )root=([0-9a-f]{64})(?: |$)", seal.reason)
    return found[1] if found else ""


def number_said(seal: Mark) -> str:
    """The document's number."""
    found = re.search(r"(?:^| )no=(\S+)", seal.reason)
    return found[1] if found else ""
