"""Paper as it comes back: printed pages, scanned askew, upside down, photographed at an angle in poor light."""

from __future__ import annotations

import io
import random

import pypdfium2
from PIL import Image, ImageFilter


def printed(pdf: bytes, page: int = 0, dots: int = 150) -> Image.Image:
    """A page on paper."""
    with pypdfium2.PdfDocument(pdf) as document:
        one = document[page]
        picture: Image.Image = one.render(scale=dots / 72).to_pil().convert("RGB")
        one.close()
    return picture


def scanned(paper: Image.Image, degrees: float = 0, grain: int = 0, seed: int = 1) -> Image.Image:
    """From a scanner's glass, askew, with grain."""
    turned = paper.rotate(degrees, expand=True, fillcolor="#d8d4cc", resample=Image.Resampling.BILINEAR)
    return grained(turned, grain, seed) if grain else turned


def photographed(paper: Image.Image, seed: int = 1, light: float = 0.55) -> Image.Image:
    """On a desk, from an angle, out of focus, the light falling from one side."""
    dice = random.Random(seed)
    wide, high = paper.size
    desk = Image.new("RGB", (int(wide * 1.3), int(high * 1.3)), "#6b4a2f")
    desk.paste(paper, (int(wide * 0.15), int(high * 0.15)))
    wide, high = desk.size
    slip = lambda: dice.uniform(0, 0.09)  # noqa: E731 - used four times in the next line
    corners = [
        (wide * slip(), high * slip()), (wide * slip(), high * (1 - slip())),
        (wide * (1 - slip()), high * (1 - slip())), (wide * (1 - slip()), high * slip()),
    ]  # fmt: skip
    quad = [value for corner in corners for value in corner]
    seen = desk.transform(desk.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    shade = Image.linear_gradient("L").rotate(90).resize(desk.size).point(lambda v: int(255 - v * light))
    seen = Image.composite(seen, Image.new("RGB", desk.size, "#141414"), shade)
    return grained(seen.filter(ImageFilter.GaussianBlur(0.8)), 14, seed)


def grained(picture: Image.Image, much: int, seed: int) -> Image.Image:
    """With the noise of a cheap sensor."""
    noise = Image.effect_noise(picture.size, much * 4).convert("RGB")
    return Image.blend(picture, noise, min(0.4, much / 60))


def as_jpeg(picture: Image.Image, quality: int = 70) -> bytes:
    """The photograph's file."""
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=quality)
    return output.getvalue()


def as_png(picture: Image.Image) -> bytes:
    """The scan's file."""
    output = io.BytesIO()
    picture.save(output, "PNG")
    return output.getvalue()


def as_pdf(*pictures: Image.Image) -> bytes:
    """What a copier with a feeder makes of a pile."""
    output = io.BytesIO()
    first, *others = pictures
    first.save(output, "PDF", resolution=150, save_all=True, append_images=others, quality=60)
    return output.getvalue()
