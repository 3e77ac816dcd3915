"""Where documents are issued: each is sealed, and those that bear a number are made once and kept.

Whoever issues a document comes through here, so none leaves without the seal. A document printed again is the
same file, byte for byte.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import current_app

from .. import files
from ..errors import TokenUnreachable
from .certificate_sheet import Sheet, typeset_certificate

if TYPE_CHECKING:
    from ..signatures.keys import Key
    from ..signatures.signing import About

_SEALS = "seals/seal-"


def printed(sheet: Sheet) -> bytes:
    """The sheet as a sealed PDF: from the file store once it has been made, made otherwise."""
    from ..signatures.signing import About

    about = About(sheet.verify_url, sheet.number, sheet.roster_hash)
    return kept(stored_name(sheet), lambda: typeset_certificate(sheet), sheet.issued_at, about)


def kept(name: str, make: Callable[[], bytes], at: dt.datetime, about: About | None = None) -> bytes:
    """A document that is made and sealed once and then kept under ``name``; ``at`` is when it was issued."""
    if files.exists(name):
        return files.get(name)
    data = sealed(make(), at, about)
    # A time stamp makes each sealing different: who comes second takes the first one's.
    if files.exists(name):
        return files.get(name)
    files.put(name, data)
    return data


def pages(html: str, at: dt.datetime, about: About | None = None, stylesheet: str = "official.css") -> bytes:
    """A document that is not kept, typeset and sealed: what was true at ``at``."""
    from ..typesetting import typeset

    return sealed(typeset(html, stylesheet), at, about)


def kept_pages(name: str, html: str, at: dt.datetime) -> bytes:
    """A document of ``html`` that is made and sealed once and then kept under ``name``."""
    from ..typesetting import typeset

    return kept(name, lambda: typeset(html), at)


def bound_pages(parts: Sequence[str], at: dt.datetime, about: About | None = None) -> bytes:
    """As ``pages``, of a long document whose parts are laid out side by side."""
    from ..binding import typeset_parts

    return sealed(typeset_parts(parts), at, about)


def stored_name(sheet: Sheet) -> str:
    """Where a sheet's file is kept.

    By its content: a store that outlives its database would answer with another document of this number.
    """
    return f"{_beginning(sheet.number)}{hashlib.sha256(sheet.to_json().encode()).hexdigest()[:16]}.pdf"


def further_name(number: str, what: str) -> str:
    """A name for a further file of the document of this number, such as its signed one."""
    return f"{_beginning(number)}{what}.pdf"


def files_of(number: str) -> list[bytes]:
    """Every file that has been made of the document of this number: as issued, signed, acknowledged, void."""
    return [files.get(name) for name in files.names(_beginning(number))]


def _beginning(number: str) -> str:
    return f"certificates/{number}-"


# ── The seal ─────────────────────────────────────────────────────────────────────────────────────────────


def sealed(pdf: bytes, at: dt.datetime, about: About | None = None) -> bytes:
    """The document with the installation's seal."""
    from ..signatures import signing

    told, stamps = about or signing.About(), str(current_app.config["TSA_URL"])
    try:
        return signing.seal(pdf, seal_key(), told, at, stamps)
    except TokenUnreachable:
        # A token that was pulled out and put back wants a new session.
        _opened.cache_clear()
        return signing.seal(pdf, seal_key(), told, at, stamps)


def seal_key() -> Key:
    """The key with which this installation seals, opened once a process; made where the configured file is missing."""
    config = current_app.config
    key = _opened(
        str(config["SEAL_KEY"]), str(config["SEAL_PASSPHRASE"]), str(config["PKCS11_LIBRARY"]), os.getpid()
    )
    _publish(key, str(config["FILES_URL"]))
    return key


@lru_cache(maxsize=4)
def _opened(address: str, passphrase: str, library: str, _process: int) -> Key:
    # The process is part of the question: a token's session does not survive a fork.
    from ..signatures import keys

    return keys.opened(address, passphrase, library)


_published: set[tuple[str, str]] = set()


def _publish(key: Key, store: str) -> None:
    """Keep the certificate for as long as documents are, also after another key has taken this one's place."""
    from ..signatures import keys

    name = f"{_SEALS}{keys.fingerprint(key.certificate)}.pem"
    if (store, name) in _published:
        return
    if not files.exists(name):
        files.put(name, keys.certificate_text(key.certificate))
    _published.add((store, name))


def seal_certificates() -> bytes:
    """The certificates of every key that has ever sealed here, as PEM: what is needed to check a document anywhere."""
    from ..signatures import keys

    present = keys.certificate_text(seal_key().certificate)
    older = (files.get(name) for name in files.names(_SEALS))
    return present + b"".join(sorted(one for one in older if one != present))


def seal_public_keys() -> set[bytes]:
    """The public keys of all of them."""
    from ..signatures import keys

    return keys.public_keys(seal_certificates())
