"""The file store: scans and printed certificates under names of our own, in a folder or a bucket."""

from __future__ import annotations

import uuid
from pathlib import Path, PurePosixPath
from typing import IO, Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from .errors import FileMissing

_store: tuple[Any, str] | None = None


def configure(url: str) -> None:
    """Keep files under this fsspec URL from now on: ``file:///srv/files``, ``s3://bucket/folder``."""
    global _store  # noqa: PLW0603 - one store for each process, as one database
    system, root = fsspec.core.url_to_fs(url)
    _store = system, root.rstrip("/")


def put(name: str, data: bytes) -> None:
    """Keep ``data`` under ``name``; readers see what was there before or the new whole, never half."""
    system, path = _located(name)
    if not isinstance(system, LocalFileSystem):
        system.pipe_file(path, data)  # object stores show an object only when it is whole
        return
    system.makedirs(path.rpartition("/")[0], exist_ok=True)
    unfinished = f"{path}.{uuid.uuid4().hex}.part"
    system.pipe_file(unfinished, data)
    system.mv(unfinished, path)


def put_file(name: str, source: Path) -> None:
    """Keep a copy of a file on this disk under ``name``, without taking it into memory; whole or not at all."""
    system, path = _located(name)
    if not isinstance(system, LocalFileSystem):
        system.put_file(str(source), path)
        return
    system.makedirs(path.rpartition("/")[0], exist_ok=True)
    unfinished = f"{path}.{uuid.uuid4().hex}.part"
    system.put_file(str(source), unfinished)
    system.mv(unfinished, path)


def opened(name: str) -> IO[bytes]:
    """What is kept under ``name``, to be read in portions; FileMissing (404) when there is nothing."""
    system, path = _located(name)
    try:
        stream: IO[bytes] = system.open(path, "rb")
    except FileNotFoundError:
        raise FileMissing from None
    return stream


def get(name: str) -> bytes:
    """The bytes kept under ``name``; FileMissing (404) when there are none."""
    system, path = _located(name)
    try:
        data: bytes = system.cat_file(path)
    except FileNotFoundError:
        raise FileMissing from None
    return data


def exists(name: str) -> bool:
    """True when something is kept under ``name``."""
    system, path = _located(name)
    return bool(system.isfile(path))


def names(beginning: str) -> list[str]:
    """Names of everything kept whose name begins so, in their order."""
    system, path = _located(beginning)
    return sorted(f"{beginning}{found[len(path) :]}" for found in system.glob(f"{path}*"))


def delete(name: str) -> None:
    """Forget what is kept under ``name``, if anything is."""
    system, path = _located(name)
    if system.isfile(path):
        system.rm_file(path)


def delete_those(beginning: str) -> None:
    """Forget everything whose name begins so: ``jobs/17-`` is all that job 17 has left behind."""
    system, path = _located(beginning)
    for found in system.glob(f"{path}*"):
        system.rm_file(found)


def _located(name: str) -> tuple[Any, str]:
    if _store is None:
        raise RuntimeError("files.configure(url) has not been called")
    parts = PurePosixPath(name).parts
    # Names are made by us, not by people; should one ever be, it must not climb out of the store.
    if not parts or name.startswith("/") or ".." in parts or "\\" in name:
        raise ValueError(f"not a name for a stored file: {name!r}")
    system, root = _store
    return system, f"{root}/{'/'.join(parts)}"
