"""An authority that gives certificates, tells which it revoked, and stamps times: over real HTTP, in this process."""

from __future__ import annotations

import datetime as dt
import http.server
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

DAY = dt.timedelta(days=1)
PASSPHRASE = "รหัส ลับ-มาก 42"
AnyKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Authority:
    """A root, its list of revoked certificates, and its time stamping service, at an address of this machine."""

    def __init__(self, name: str = "Test NRCA") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.revoked: list[int] = []
        self.answers = True
        self.asked: list[str] = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _door_of(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.certificate = self._certificate(self.name, self.key, _as_authority())
        tsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        tsa = self._certificate(_named(f"{name} TSA"), tsa_key, _for_time_stamps())
        self.tsa = DummyTimeStamper(
            asn1.Certificate.load(_der(tsa)), asn1_keys.PrivateKeyInfo.load(_private(tsa_key))
        )
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Nobody answers any more."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def pem(self) -> bytes:
        """The root, for a folder of those who are believed."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def gives(
        self,
        name: str = "Dao Director",
        passphrase: str = PASSPHRASE,
        *,
        begins: dt.timedelta = -DAY,
        ends: dt.timedelta = 365 * DAY,
        signs: bool = True,
        key: AnyKey | None = None,
    ) -> bytes:
        """A PKCS#12 file with a person's key and certificate, and the root beside it."""
        own = key or ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(_named(name), own, _for_signing(signs), begins, ends)
        how = serialization.BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(b"key", own, certificate, [self.certificate], how)

    def given(self, name: str, key: AnyKey) -> x509.Certificate:
        """A person's certificate for a key that stays where it is."""
        return self._certificate(_named(name), key, _for_signing(True))

    def revoke(self, key_file: bytes, passphrase: str = PASSPHRASE) -> None:
        """The certificate in this file holds no more."""
        found = pkcs12.load_pkcs12(key_file, passphrase.encode()).cert
        assert found is not None
        self.revoked.append(found.certificate.serial_number)

    def _certificate(
        self,
        subject: x509.Name,
        key: AnyKey,
        extensions: list[tuple[x509.ExtensionType, bool]],
        begins: dt.timedelta = -DAY,
        ends: dt.timedelta = 365 * DAY,
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        list_at = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(f"{self.url}/crl")], None, None, None
        )
        builder = (
            x509.CertificateBuilder(self.name, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now + begins)
            .not_valid_after(now + ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .add_extension(x509.CRLDistributionPoints([list_at]), critical=False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, hashes.SHA256())

    def crl(self) -> bytes:
        """The list of what was revoked."""
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateRevocationListBuilder(self.name, now - DAY, now + DAY)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for serial in self.revoked:
            one = x509.RevokedCertificateBuilder(serial, now - DAY).build()
            builder = builder.add_revoked_certificate(one)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _door_of(authority: Authority) -> type[http.server.BaseHTTPRequestHandler]:
    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(authority.crl(), "application/pkix-crl")

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            stamped = authority.tsa.request_tsa_response(tsp.TimeStampReq.load(sent))
            self._answer(stamped.dump(), "application/timestamp-reply")

        def _answer(self, data: bytes, media_type: str) -> None:
            authority.asked.append(self.path)
            self.send_response(200 if authority.answers else 503)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(data) if authority.answers else 0))
            self.end_headers()
            self.wfile.write(data if authority.answers else b"")

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Door


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(**yes: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: yes.get(name, False) for name in names})


def _as_authority() -> list[tuple[x509.ExtensionType, bool]]:
    basic = x509.BasicConstraints(ca=True, path_length=None)
    return [(basic, True), (_usage(key_cert_sign=True, crl_sign=True), True)]


def _for_signing(signs: bool) -> list[tuple[x509.ExtensionType, bool]]:
    return [(_usage(content_commitment=signs, digital_signature=signs, key_agreement=not signs), True)]


def _for_time_stamps() -> list[tuple[x509.ExtensionType, bool]]:
    stamps = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return [(_usage(digital_signature=True), True), (stamps, True)]


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _private(key: AnyKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.fixture(scope="session")
def _authority() -> Iterator[Authority]:
    made = Authority()
    yield made
    made.close()


@pytest.fixture
def authority(_authority: Authority) -> Authority:
    """The authority, with nothing revoked and everything answered."""
    _authority.revoked.clear()
    _authority.asked.clear()
    _authority.answers = True
    return _authority


@pytest.fixture(scope="session")
def seal_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seal's key, made once."""
    from appbuilder_app.signatures import keys

    file = tmp_path_factory.mktemp("seal") / "seal.p12"
    keys.made(file, "")
    return file


@dataclass(frozen=True)
class Tokens:
    """SoftHSM with the token of a school's director, and one in which nothing lies."""

    library: str
    school: str = "16020123"
    seal: str = "Seal of the house"
    empty: str = "Empty"
    pin: str = "246810"


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory, _authority: Authority) -> Iterator[Tokens]:
    """The tokens, in a store of this process's own. The module sees only those made before it is loaded."""
    library = next(iter(sorted(Path("/usr/lib").glob("**/libsofthsm2.so"))), None)
    assert library is not None, "softhsm2 is not installed: sh scripts/system-packages.sh test"
    made, folder = Tokens(str(library)), tmp_path_factory.mktemp("tokens")
    (folder / "store").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'store'}\nlog.level = ERROR\n")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        for label in (made.school, made.seal, made.empty):
            _softhsm("--init-token", "--free", "--label", label, "--pin", made.pin, "--so-pin", "9999")
        for label in (made.school, made.seal):
            into = ("--import", str(folder / "key.pem"), "--token", label, "--label", "key", "--id", "A1")
            _softhsm(*into, "--pin", made.pin)
        for label in (made.school, made.seal):
            _put_certificate(made, label, _authority.given("Dao in a token", key))
        yield made


def _softhsm(*options: str) -> None:
    subprocess.run(["softhsm2-util", *options], check=True, capture_output=True)


def _put_certificate(made: Tokens, label: str, certificate: x509.Certificate) -> None:
    session = pkcs11.lib(made.library).get_token(token_label=label).open(rw=True, user_pin=made.pin)
    session.create_object(
        {
            pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
            pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
            pkcs11.Attribute.TOKEN: True,
            pkcs11.Attribute.ID: b"\xa1",
            pkcs11.Attribute.LABEL: "key",
            pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
            pkcs11.Attribute.VALUE: _der(certificate),
        }
    )
    session.close()
