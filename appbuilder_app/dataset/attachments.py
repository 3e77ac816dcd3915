"""Files of rows: what is taken in, by what it really is, and what comes out. Pure but for the store."""

from __future__ import annotations

import io
import uuid
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from .. import files
from ..errors import AttachmentTooLarge, NotAnAttachment, NotAPhoto, PhotoTooLarge
from ..kinds import StoredFile

LARGEST_MIB: Final = 10
LONGEST_EDGE: Final = 1600
THUMBNAIL_EDGE: Final = 320
MOST_PIXELS: Final = 60_000_000
"""More than any telephone's camera; a small file can claim to be a picture of gigabytes."""
FOLDER: Final = "rows"
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 82


def take(kind: StoredFile, filename: str, data: bytes) -> str:
    """Keep an uploaded file of a row; its new name, which the row is to carry.

    The name that it came with decides nothing. Pictures are turned upright and written anew, so that no metadata
    (where a child was photographed) and nothing hidden behind the picture stays. AttachmentTooLarge, PhotoTooLarge,
    NotAPhoto or NotAnAttachment with what to do.
    """
    if len(data) > LARGEST_MIB * 2**20:
        raise AttachmentTooLarge(file=filename[:80], limit=LARGEST_MIB)
    if not kind.images_only and data.startswith(b"%PDF-"):
        return _keep(data, "pdf")
    picture = _picture(kind, filename, data)
    name = _keep(_jpeg(picture, LONGEST_EDGE), "jpg")
    files.put(_thumbnail(name), _jpeg(picture, THUMBNAIL_EDGE))
    return name


def content(name: str, *, thumbnail: bool = False) -> bytes:
    """The bytes of a stored file, or of a picture's thumbnail; FileMissing (404) when they are gone."""
    return files.get(_thumbnail(name) if thumbnail and is_picture(name) else f"{FOLDER}/{name}")


def forget(name: str) -> bool:
    """Delete a stored file and its thumbnail; False when it is gone already."""
    there = files.exists(f"{FOLDER}/{name}")
    for one in (f"{FOLDER}/{name}", _thumbnail(name)):
        files.delete(one)
    return there


def is_picture(name: str) -> bool:
    """True for pictures, which have a thumbnail; the others are PDF."""
    return name.endswith(".jpg")


def media_type(name: str) -> str:
    """The media type by which a stored file is sent."""
    return "image/jpeg" if is_picture(name) else "application/pdf"


def _keep(data: bytes, kind: str) -> str:
    name = f"{uuid.uuid4().hex}.{kind}"
    files.put(f"{FOLDER}/{name}", data)
    return name


def _thumbnail(name: str) -> str:
    return f"{FOLDER}/{name.removesuffix('.jpg')}.thumbnail.jpg"


def _picture(kind: StoredFile, filename: str, data: bytes) -> Image.Image:
    refusal = NotAPhoto if kind.images_only else NotAnAttachment
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        # Asked of the header, before a picture of gigabytes is unpacked.
        if picture.width * picture.height > MOST_PIXELS:
            raise PhotoTooLarge(file=filename[:80], limit=MOST_PIXELS // 1_000_000)
        picture.draft("RGB", (2 * LONGEST_EDGE, 2 * LONGEST_EDGE))
        upright = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError:
        raise PhotoTooLarge(file=filename[:80], limit=MOST_PIXELS // 1_000_000) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        # Pillow tells of damage inside a picture by all of these.
        raise refusal(file=filename[:80]) from None
    return _on_white(upright)


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, which JPEG does not know and would turn black."""
    if picture.mode not in {"RGBA", "LA", "P"}:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground


def _jpeg(picture: Image.Image, edge: int) -> bytes:
    smaller = picture.copy()
    smaller.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    body = io.BytesIO()
    smaller.save(body, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return body.getvalue()
