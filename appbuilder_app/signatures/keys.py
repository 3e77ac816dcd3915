"""Keys that sign: in a PKCS#12 file or in a PKCS#11 token, opened; and a key of our own where none was given."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pkcs11
from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pkcs11.exceptions import (
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
)
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ..errors import (
    KeyCannotSign,
    KeyExpired,
    KeyFileWithoutKey,
    KeyMissing,
    NotAKeyFile,
    PinBlocked,
    TokenUnreachable,
    WrongPassPhrase,
)
from ..thaidate import thai_date

LARGEST_KEY_FILE: Final = 256 * 1024
"""A key with a chain of certificates has some 10 KB."""
IN_TOKEN: Final = "pkcs11:"  # noqa: S105 - a scheme, no secret
"""How the address of a key in a token begins: ``pkcs11:token=Seal;object=seal`` (after RFC 7512)."""


@dataclass(frozen=True)
class Key:
    """A key that is open for signing. Two threads never use it at once: tokens allow one of them."""

    signer: Signer
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def certificate(self) -> asn1.Certificate:
        """The certificate that goes with the key."""
        found = self.signer.signing_cert
        assert found is not None, "every way to open a key gives its certificate"  # noqa: S101 - cannot be
        return found

    @property
    def name(self) -> str:
        """To whom the certificate was given."""
        return common_name(self.certificate)

    @property
    def serial(self) -> str:
        """The number that its issuer gave it, in hexadecimal digits as viewers show it."""
        return f"{self.certificate.serial_number:X}"

    @property
    def issuer(self) -> str:
        """Who vouches for it."""
        return _common_name_of(self.certificate.issuer)


def common_name(certificate: asn1.Certificate) -> str:
    """The name in a certificate."""
    return _common_name_of(certificate.subject)


def _common_name_of(name: asn1.Name) -> str:
    parts = name.native
    found = parts.get("common_name") or parts.get("organization_name") or name.human_friendly
    return str(found)[:200]


def require_usable(key: Key, now: dt.datetime) -> None:
    """KeyExpired outside the time for which the certificate was given, KeyCannotSign where it is for another use."""
    certificate = key.certificate
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        raise KeyExpired(
            name=key.name,
            begins=thai_date(certificate.not_valid_before.date()),
            ends=thai_date(certificate.not_valid_after.date()),
        )
    usage = certificate.key_usage_value
    if usage is not None and not {"digital_signature", "non_repudiation"} & usage.native:
        raise KeyCannotSign(name=key.name)


# ── In a file ────────────────────────────────────────────────────────────────────────────────────────────


def from_file(data: bytes, passphrase: str) -> Key:
    """The key in a PKCS#12 file (.p12, .pfx). Neither of the two is kept or told to anybody.

    NotAKeyFile, WrongPassPhrase, KeyFileWithoutKey.
    """
    if len(data) > LARGEST_KEY_FILE or not _looks_like_pkcs12(data):
        raise NotAKeyFile
    try:
        opened = pkcs12.load_pkcs12(data, passphrase.encode())
    except UnsupportedAlgorithm:
        raise NotAKeyFile from None
    except ValueError:
        # "from None", here and above: the cause could carry something of what was typed into a log.
        raise WrongPassPhrase from None
    if opened.key is None or opened.cert is None:
        raise KeyFileWithoutKey
    if not isinstance(opened.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyCannotSign(name=_common_name_of(_asn1(opened.cert.certificate).subject))
    others = [_asn1(one.certificate) for one in opened.additional_certs]
    return Key(SoftwareSigner(_asn1(opened.cert.certificate), opened.key, others))


def _looks_like_pkcs12(data: bytes) -> bool:
    """SEQUENCE { INTEGER 3, …: the version with which every such file begins."""
    return data[:1] == b"\x30" and b"\x02\x01\x03" in data[:12]


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


class SoftwareSigner(Signer):
    """Signs with a key in memory. Unlike pyHanko's own it does not read the key anew each time (99 → 22 ms)."""

    def __init__(
        self,
        certificate: asn1.Certificate,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        others: list[asn1.Certificate],
    ) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(others)
        super().__init__(signing_cert=certificate, cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature of the data. RSA gives the same bytes for the same data, each time."""
        algorithm = getattr(hashes, digest_algorithm.upper())()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))


# ── In a token ───────────────────────────────────────────────────────────────────────────────────────────

# Logging in is the whole process's state for a token, so one logs in after the other.
_token_lock = threading.Lock()


@contextmanager
def from_token(library: str, label: str, pin: str, key_label: str = "") -> Iterator[Key]:
    """The key in the token of this label, for one act; the token is left logged out.

    TokenUnreachable, WrongPassPhrase, PinBlocked, KeyMissing.
    """
    with _token_lock:
        session = _session(library, label, pin)
        try:
            yield _key_in(session, key_label)
        finally:
            session.close()


def _session(library: str, label: str, pin: str) -> Any:
    try:
        return open_pkcs11_session(library, token_criteria=TokenCriteria(label=label), user_pin=pin)
    except (PinIncorrect, PinInvalid, PinLenRange):
        raise WrongPassPhrase from None
    except PinLocked:
        raise PinBlocked from None
    except (PKCS11Error, OSError, RuntimeError):
        raise TokenUnreachable(label=label) from None


def _key_in(session: Any, label: str) -> Key:
    """The key with this label; without one, the only key there is."""
    wanted: dict[pkcs11.Attribute, Any] = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}
    if label:
        wanted[pkcs11.Attribute.LABEL] = label
    found = list(session.get_objects(wanted))
    if len(found) != 1:
        raise KeyMissing
    signer = PKCS11Signer(
        session, key_id=found[0][pkcs11.Attribute.ID], cert_id=found[0][pkcs11.Attribute.ID]
    )
    try:
        signer.signing_cert  # noqa: B018 - read from the token now, while its absence can be told
    except PKCS11Error:
        raise KeyMissing from None
    return Key(signer)


# ── The installation's own ───────────────────────────────────────────────────────────────────────────────


def opened(address: str, passphrase: str, library: str = "") -> Key:
    """The key of a configured address: ``pkcs11:token=…;object=…``, or a PKCS#12 file, made when it is missing."""
    if address.startswith(IN_TOKEN):
        named = dict(part.partition("=")[::2] for part in address.removeprefix(IN_TOKEN).split(";"))
        session = _session(library, unquote(named.get("token", "")), passphrase)
        return _key_in(session, unquote(named.get("object", "")))
    file = Path(address)
    if not file.exists():
        made(file, passphrase)
    return from_file(file.read_bytes(), passphrase)


def made(file: Path, passphrase: str, name: str = "ทะเบียน (Thabian)") -> None:
    """Make a key with a certificate of its own, readable by its owner alone; one that is there already stays.

    RSA, because its signatures of the same bytes are the same bytes: a document printed again is the same file.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    certificate = _self_signed(key, name)
    how = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    data = pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, how)
    handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mode 0600
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    try:
        os.link(
            fresh, file
        )  # whole or not at all: a second process that starts now takes the first one's key
    except FileExistsError:
        pass
    finally:
        Path(fresh).unlink()


def _self_signed(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=3653))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                encipher_only=False,
                decipher_only=False,
                **usage,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


# ── Public keys ──────────────────────────────────────────────────────────────────────────────────────────


def certificate_text(certificate: asn1.Certificate) -> bytes:
    """A certificate as text (PEM)."""
    written: bytes = pem.armor("CERTIFICATE", certificate.dump())
    return written


def fingerprint(certificate: asn1.Certificate) -> str:
    """The SHA-256 of a certificate."""
    return str(certificate.sha256.hex())


def certificates(text: bytes) -> list[asn1.Certificate]:
    """The certificates in a PEM text; other things in it are passed over."""
    found = pem.unarmor(text, multiple=True)
    return [asn1.Certificate.load(data) for kind, _headers, data in found if kind == "CERTIFICATE"]


def public_keys(text: bytes) -> set[bytes]:
    """Public keys in a PEM text of certificates, of keys, or of both, as DER; NotAKeyFile without any."""
    found = set()
    try:
        for kind, _headers, data in pem.unarmor(text, multiple=True):
            found.add(_READERS[kind](data))
    except (ValueError, TypeError, KeyError):
        raise NotAKeyFile from None
    return found


_READERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "CERTIFICATE": lambda data: asn1.Certificate.load(data).public_key.dump(),
    "PUBLIC KEY": lambda data: asn1_keys.PublicKeyInfo.load(data).dump(),
}
