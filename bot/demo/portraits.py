"""The portraits of the people in the simulated server, drawn at start: a gradient, hills, and an initial."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

SIZE: Final = 192
SCALE: Final = 2
"""Everything is drawn this much larger and scaled down, which smooths its edges."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a portrait looks: two ends of a gradient, the color of its sun, and where the sun stands (0 to 1)."""

    top: str
    bottom: str
    sun: str
    sun_at: tuple[float, float]
    hills: tuple[float, float, float]


def portrait(initial: str, look: Look) -> bytes:
    """Return a person's portrait as a PNG."""
    side = SIZE * SCALE
    image = _gradient(side, look)
    over = ImageDraw.Draw(image, "RGBA")
    x, y = look.sun_at
    _disc(over, side * x, side * y, side * 0.17, look.sun + "e0")
    left, middle, right = (side * height for height in look.hills)
    over.polygon([(0, left), (side * 0.45, middle), (side, right), (side, side), (0, side)], fill="#ffffff2e")
    over.polygon([(0, right + side * 0.1), (side, middle + side * 0.14), (side, side), (0, side)], fill="#0000002a")
    _letter(over, initial, side, 0.5)
    return _png(image)


def bot_portrait() -> bytes:
    """Return the bot's portrait as a PNG: a road that climbs to a point."""
    side = SIZE * SCALE
    image = _gradient(side, Look("#7c9cff", "#8be0c4", "#ffffff", (0.0, 0.0), (0.0, 0.0, 0.0)))
    over = ImageDraw.Draw(image, "RGBA")
    road = [(0.24, 0.78), (0.46, 0.62), (0.38, 0.44), (0.7, 0.26)]
    points = [(side * x, side * y) for x, y in road]
    over.line(points, fill="#ffffff", width=int(side * 0.085), joint="curve")
    for x, y in points:
        _disc(over, x, y, side * 0.075, "#ffffff")
        _disc(over, x, y, side * 0.04, "#41508a")
    x, y = points[-1]
    _disc(over, x, y, side * 0.115, "#ffffff")
    _disc(over, x, y, side * 0.07, "#ffb454")
    return _png(image)


def _gradient(side: int, look: Look) -> Image.Image:
    shade = ImageOps.fit(Image.linear_gradient("L"), (side * 2, side * 2)).rotate(30, Image.Resampling.BICUBIC)
    cut = side // 2
    shade = shade.crop((cut, cut, cut + side, cut + side))
    top, bottom = (Image.new("RGB", (side, side), color) for color in (look.top, look.bottom))
    return Image.composite(bottom, top, shade)


def _letter(over: ImageDraw.ImageDraw, letter: str, side: int, size: float) -> None:
    font = ImageFont.load_default(side * size)
    place = (side / 2, side / 2)
    over.text((place[0], place[1] + side * 0.012), letter, font=font, anchor="mm", fill="#00000040")
    over.text(place, letter, font=font, anchor="mm", fill="#ffffff", stroke_width=SCALE * 2, stroke_fill="#ffffff")


def _disc(over: ImageDraw.ImageDraw, x: float, y: float, radius: float, color: str) -> None:
    over.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    ImageOps.fit(image, (SIZE, SIZE), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()
