"""Scanned paper: pages of PDFs and photographs, and the square code on each that tells which document it is of.

Knows no model. Whatever way round a page lies, it is turned upright; what cannot be read is told as it is.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from .errors import NotAScan, TooManyPages

MOST_PAGES: Final = 60
LARGEST_SIDE: Final = 4200
"""Pixels: A4 at 360 dots an inch. Larger photographs are made smaller before they are read."""
MOST_PIXELS: Final = 85_000_000

_SQUARE: Final = zxingcpp.barcode_formats_from_str("QRCode")
_READ_AT: Final = (200, 300)
_SAID: Final = re.compile(r"/verify/([0-9A-Z]{16})(?:[?]page=([0-9]{1,4})[.]([0-9]{1,4}))?$")

# PDFium must not be entered by two threads at once.
_pdfium_lock = threading.Lock()


@dataclass(frozen=True)
class Page:
    """A page as it came: of which file, the how manyth there, and what its code says; ``code`` is empty when unread.

    ``number`` and ``of`` are the document's own: page 2 of 5.
    """

    file: str
    at: int
    code: str = ""
    number: int = 1
    of: int = 1
    turned: int = 0
    """By how many degrees it has to be turned clockwise to stand upright: 0, 90, 180 or 270."""

    @property
    def is_read(self) -> bool:
        """True when a code of a document was found on it."""
        return bool(self.code)


Upload = tuple[str, bytes]


def pages_of(uploads: Sequence[Upload]) -> list[Page]:
    """Every page of all files, in their order. NotAScan for what is no PDF or picture, TooManyPages beyond 60."""
    found: list[Page] = []
    for name, data in uploads:
        for page in _pages(name, data):
            found.append(page)
            if len(found) > MOST_PAGES:
                raise TooManyPages(limit=MOST_PAGES)
    return found


def _pages(name: str, data: bytes) -> Iterator[Page]:
    if not data.startswith(b"%PDF-"):
        yield _read(name, 1, [_picture(name, data)])
        return
    with _pdfium_lock, _opened(name, data) as document:
        for at in range(len(document)):
            yield _read(name, at + 1, (_rendered(document, at, dots) for dots in _READ_AT))


def _opened(name: str, data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise NotAScan(file=name[:80]) from None


def _rendered(document: pypdfium2.PdfDocument, at: int, dots: int) -> Image.Image:
    page = document[at]
    try:
        largest = max(page.get_size()) or 1.0
        scale = min(dots / 72, LARGEST_SIDE / largest)
        bitmap = page.render(scale=scale, grayscale=True)
        picture: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
        return picture
    finally:
        page.close()


def _picture(name: str, data: bytes) -> Image.Image:
    """A photograph, upright as the camera held it, grey, and no larger than is read."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAScan(file=name[:80])
            opened.draft("L", (LARGEST_SIDE, LARGEST_SIDE))
            picture = ImageOps.exif_transpose(opened).convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise NotAScan(file=name[:80]) from None
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return picture


def _read(name: str, at: int, pictures: Iterator[Image.Image] | Sequence[Image.Image]) -> Page:
    for picture in pictures:
        for tried in _ways(picture):
            for barcode in zxingcpp.read_barcodes(tried, formats=_SQUARE):
                if said := _SAID.search(barcode.text):
                    number, of = int(said[2] or 1), int(said[3] or 1)
                    return Page(name, at, said[1], number, of, _turn(barcode.orientation))
    return Page(name, at)


def _ways(picture: Image.Image) -> Iterator[Image.Image]:
    """As it is; larger and without the grain of a bad sensor; smaller, which takes more grain away."""
    yield picture
    larger = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
    yield larger.filter(ImageFilter.GaussianBlur(2))
    yield picture.filter(ImageFilter.GaussianBlur(1.2))


def _turn(orientation: float) -> int:
    """What brings a code that stands at this angle upright, to the nearest quarter."""
    return int(-round(orientation / 90) * 90 % 360)


def upright(uploads: Sequence[Upload], pages: Sequence[Page]) -> bytes:
    """These pages of the files as one PDF, in the order given, each standing upright."""
    sources = dict(uploads)
    with _pdfium_lock, pypdfium2.PdfDocument.new() as gathered:
        for page in pages:
            data = sources[page.file]
            with pypdfium2.PdfDocument(data if data.startswith(b"%PDF-") else _as_pdf(data)) as source:
                gathered.import_pages(source, [page.at - 1])
            last = gathered[len(gathered) - 1]
            last.set_rotation((last.get_rotation() + page.turned) % 360)
            last.close()
        output = io.BytesIO()
        gathered.save(output)
    return output.getvalue()


def _as_pdf(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((LARGEST_SIDE // 2, LARGEST_SIDE // 2))
    # A page of A4, whichever way the picture lies.
    output = io.BytesIO()
    picture.save(output, "PDF", resolution=max(picture.size) / 11.69, quality=80)
    return output.getvalue()
