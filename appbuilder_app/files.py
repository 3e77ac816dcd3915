"""The file store: scans and printed certificates under names of our own, in a folder or a bucket."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import Any

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


def delete(name: str) -> None:
    """Forget what is kept under ``name``, if anything is."""
    system, path = _located(name)
    if system.isfile(path):
        system.rm_file(path)


def _located(name: str) -> tuple[Any, str]:
    if _store is None:
        raise RuntimeError("files.configure(url) has not been called")
    parts = PurePosixPath(name).parts
    # Names are made by us, not by people; should one ever be, it must not climb out of the store.
    if not parts or name.startswith("/") or ".." in parts or "\\" in name:
        raise ValueError(f"not a name for a stored file: {name!r}")
    system, root = _store
    return system, f"{root}/{'/'.join(parts)}"
