"""The files of a record: seen, put in place and taken away by who may see and write the record, and by nobody else."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Response, abort, flash, redirect, request
from flask_appbuilder import expose, has_access, permission_name

from .. import access
from ..access import Action
from ..declaration import Base, Field, db
from ..errors import FileMissing, NoFileChosen, NotPermitted, NotYours, RuleViolation
from ..kinds import StoredFile
from ..language import gettext as _
from ..language import said
from . import attachments, refusals, sight
from .forms import label_of
from .screen_parts import ScreensOfDataset


class Slot(NamedTuple):
    """A place for a file on the record's page; ``url`` is None while it is empty."""

    name: str
    label: str
    url: str | None
    is_picture: bool
    accept: str
    send_url: str


def file_fields(model: type[Base]) -> dict[str, Field]:
    """The fields of a dataset that hold files, as far as the viewer sees them."""
    return {n: d for n, d in sight.fields_seen(model).items() if isinstance(d.kind, StoredFile)}


def file_of(row: Base, name: str) -> str:
    """The stored name of a record's file; FileMissing (404) for an empty place and for what is no file's."""
    if name not in file_fields(type(row)) or not (stored := getattr(row, name)):
        raise FileMissing
    return str(stored)


def put_file(row: Base, name: str, filename: str, data: bytes) -> None:
    """Put an uploaded file into a record's place for it, by the rules of every write; not yet committed."""
    access.viewer().require(Action.WRITE, type(row).__tablename__)
    declared = file_fields(type(row)).get(name)
    if declared is None:
        raise FileMissing
    assert isinstance(declared.kind, StoredFile)
    setattr(row, name, attachments.take(declared.kind, filename, data))
    db.session.flush()


class FileDoor(ScreensOfDataset):
    """Photos and documents of one record."""

    @expose("/<key>/files/<name>", methods=["GET"])
    @has_access
    @permission_name("read")
    def file(self, key: str, name: str) -> Response:
        """A file of the record, or with ``?size=thumbnail`` a small picture of it."""
        stored = file_of(self._row(key), name)
        body = attachments.content(stored, thumbnail=request.args.get("size") == "thumbnail")
        return file_response(stored, body, f"{self.model.__tablename__}-{key}-{name}")

    @expose("/<key>/files/<name>", methods=["POST"])
    @has_access
    @permission_name("write")
    def send_file(self, key: str, name: str) -> Any:
        """Put a file in place, or take it away with ``remove``; the one before stays in the history."""
        row = self._own_row(key)
        if name not in file_fields(self.model):
            abort(404)
        try:
            with refusals.as_refusals():
                self._put_or_remove(row, name)
                db.session.commit()
        except (NotPermitted, NotYours):
            raise
        except RuleViolation as refusal:
            db.session.rollback()
            flash(said(str(refusal)), "danger")
            return redirect(f"{self.route_base}/{key}#files")
        flash(_("บันทึกไฟล์ “%(what)s” แล้ว", what=label_of(file_fields(self.model)[name])), "success")
        return redirect(f"{self.route_base}/{key}#files")

    @staticmethod
    def _put_or_remove(row: Base, name: str) -> None:
        if request.form.get("remove"):
            setattr(row, name, None)
            return
        put_file(row, name, *chosen_file())

    def slots(self, row: Base) -> list[Slot]:
        """The places for files on the record's page, in the order of declaration."""
        base = f"{self.route_base}/{self._key_of(row)}/files"
        return [
            _slot(declared, getattr(row, name), base) for name, declared in file_fields(self.model).items()
        ]


def _slot(declared: Field, stored: str | None, base: str) -> Slot:
    assert isinstance(declared.kind, StoredFile)
    address = f"{base}/{declared.name}"
    accept = "image/jpeg,image/png,image/webp" + ("" if declared.kind.images_only else ",application/pdf")
    # The name is in the address, so that a new picture is not taken for the old one.
    url = f"{address}?v={stored[:8]}" if stored else None
    return Slot(declared.name, label_of(declared), url, attachments.is_picture(stored or ""), accept, address)


def file_response(stored: str, body: bytes, name: str) -> Response:
    """A stored file as it is sent: never run, a PDF never inside our own pages."""
    kind = stored.rsplit(".", 1)[1]
    disposition = "inline" if attachments.is_picture(stored) else "attachment"
    return Response(
        body,
        mimetype=attachments.media_type(stored),
        headers={
            "Content-Disposition": f'{disposition}; filename="{name}.{kind}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def chosen_file() -> tuple[str, bytes]:
    """Name and bytes of the file that a form has sent; NoFileChosen when none was chosen."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise NoFileChosen
    return upload.filename, upload.read()
