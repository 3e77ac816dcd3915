"""Sealing a document that is issued, and signing it as a person (PAdES), each as an addition to the file."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import requests
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from pkcs11.exceptions import PKCS11Error
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from ..errors import (
    KeyNotTrusted,
    KeyRevoked,
    RevocationUnknown,
    RuleViolation,
    TimestampUnreachable,
    TokenUnreachable,
)
from . import outside_loops
from .keys import Key, require_usable

SEAL: Final = "Seal"
"""The name of the seal's field."""
PATIENCE: Final = 8
"""Seconds that a time stamp or a list of revocations is waited for."""

# Neither seen nor in the order of reading: PDF/A wants it printable, PDF/UA outside the page.
_UNSEEN: Final = InvisSigSettings(set_print_flag=True, box_out_of_bounds=True)

# What validation needs later goes in with the signature, so that the last thing in a file is always a mark.
_WITH_IT: Final = DSSContentSettings(
    include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
)


@dataclass(frozen=True)
class About:
    """What a seal says of its document, so that it can be checked without the register.

    ``address`` is where it is verified, ``root`` the hash of the data that it stands for.
    """

    address: str = ""
    number: str = ""
    root: str = ""

    @property
    def said(self) -> str:
        """As it stands in the seal."""
        return " ".join(
            f"{name}={value}" for name, value in (("no", self.number), ("root", self.root)) if value
        )


def seal(pdf: bytes, key: Key, about: About, at: dt.datetime, time_stamps: str = "") -> bytes:
    """The document with the installation's seal: from now on only signatures may be added to it.

    ``at`` is when it was issued. Without time stamps the same document and key give the same bytes.
    """
    begins = key.certificate.not_valid_before
    metadata = PdfSignatureMetadata(
        field_name=SEAL,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        reason=about.said or None,
        location=about.address or None,
    )
    return _added(pdf, key, metadata, max(at, begins), time_stamps)


@dataclass(frozen=True)
class Trust:
    """Whose certificates are believed; with ``online`` it is asked whether they were revoked, and kept in the file."""

    roots: Sequence[asn1.Certificate] = ()
    others: Sequence[asn1.Certificate] = ()
    online: bool = True


def sign(
    pdf: bytes,
    key: Key,
    name: str,
    reason: str,
    now: dt.datetime,
    time_stamps: str = "",
    trust: Trust = Trust(),
) -> tuple[bytes, str]:
    """The document signed by a person, and the level reached: B-B, B-T, B-LT or B-LTA (ETSI EN 319 142).

    KeyExpired, KeyCannotSign, KeyNotTrusted, KeyRevoked, RevocationUnknown, TimestampUnreachable.
    """
    require_usable(key, now)
    context = _context(key, trust) if trust.roots else None
    lasting = context is not None and trust.online
    metadata = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        embed_validation_info=lasting,
        validation_context=context,
        use_pades_lta=lasting and bool(time_stamps),
        dss_settings=_WITH_IT,
        timestamp_field_name="DocumentTime",
    )
    signed = _added(pdf, key, metadata, now, time_stamps)
    return signed, _level(lasting, bool(time_stamps))


def _level(lasting: bool, stamped: bool) -> str:
    if lasting:
        return "B-LTA" if stamped else "B-LT"
    return "B-T" if stamped else "B-B"


def _context(key: Key, trust: Trust) -> ValidationContext:
    """The chain is first looked for among what we have: a file that anybody uploads must not make this server
    fetch from an address of his choice. Only a chain that ends at a root of ours is asked about outside.
    """
    others = [*trust.others, *key.signer.cert_registry]
    offline = ValidationContext(trust_roots=list(trust.roots), other_certs=others, allow_fetching=False)
    _require_path(key, offline)
    if not trust.online:
        return offline
    return ValidationContext(
        trust_roots=list(trust.roots),
        other_certs=others,
        allow_fetching=True,
        revocation_mode="require",
        fetcher_backend=RequestsFetcherBackend(per_request_timeout=PATIENCE),
    )


def _require_path(key: Key, context: ValidationContext) -> None:
    validator = CertificateValidator(key.certificate, validation_context=context)
    try:
        outside_loops(lambda: asyncio.run(validator.async_validate_usage(set())))
    except (PathBuildingError, ValidationError):
        raise KeyNotTrusted(name=key.name, issuer=key.issuer) from None


def _added(pdf: bytes, key: Key, metadata: PdfSignatureMetadata, at: dt.datetime, time_stamps: str) -> bytes:
    writer = Addition(pdf)
    signer = DatedSigner(
        metadata,
        key.signer,
        timestamper=StrictTimeStamper(time_stamps, timeout=PATIENCE) if time_stamps else None,
        new_field_spec=SigFieldSpec(str(metadata.field_name), invis_sig_settings=_UNSEEN),
    )
    signer.at = at
    room = _room(key, bool(time_stamps))
    try:
        with key.lock:
            output = outside_loops(lambda: signer.sign_pdf(writer, bytes_reserved=room))
    except PKCS11Error:
        raise TokenUnreachable(label=key.name) from None
    except (
        SigningError,
        TimestampRequestError,
        requests.RequestException,
        PathBuildingError,
        ValidationError,
    ) as wrong:
        raise _refusal(wrong, key) from None
    return bytes(output.getvalue())


class DatedSigner(PdfSigner):
    """Writes the time that it is given and not its own: a document that is sealed again is the same file."""

    at: dt.datetime

    def init_signing_session(self, *given: Any, **named: Any) -> Any:
        """A session at that time."""
        session = super().init_signing_session(*given, **named)
        session.system_time = self.at
        return session


def _room(key: Key, stamped: bool) -> int:
    """Digits to keep free for the signature. pyHanko would sign twice, and ask for two time stamps, to find out."""
    certificates = [key.certificate, *key.signer.cert_registry]
    octets = 3072 + sum(len(one.dump()) for one in certificates) + (12288 if stamped else 0)
    return 2 * octets


class StrictTimeStamper(RequestsHTTPTimeStamper):
    """A service whose answer cannot be read has not answered."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer, read to its end."""
        try:
            response = await super().async_request_tsa_response(req)
            response.native  # noqa: B018 - read now, while its being unreadable can be told
        except ValueError as wrong:
            raise TimestampRequestError("unreadable") from wrong
        return response


class Addition(IncrementalPdfFileWriter):
    """Adds to a file nothing that depends on the hour or on chance, and leaves what it says of itself alone."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(io.BytesIO(pdf))
        identifier = generic.ByteStringObject(hashlib.md5(pdf, usedforsecurity=False).digest())
        self._document_id = generic.ArrayObject([self._document_id[0], identifier])

    def _update_meta(self) -> None:
        """The day of the last change stays: what is added is no change of what the document says."""


def _refusal(wrong: BaseException | None, key: Key) -> RuleViolation:
    """What happened, found in the chain of causes."""
    while wrong is not None:
        if isinstance(wrong, RevokedError):
            return KeyRevoked(name=key.name)
        if isinstance(wrong, TimestampRequestError | requests.RequestException):
            return TimestampUnreachable()
        wrong = wrong.__cause__ or wrong.__context__
    return RevocationUnknown(name=key.name)
