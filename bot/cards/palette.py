"""Pictures of few colors, in half the bytes: a palette in the place of four numbers for each pixel.

A card has some hundreds of colors, most of them the edges of letters, and nobody sees the difference to 240 of them.
What is half as large is sent in half the time, by the bot and to each member.
"""

from __future__ import annotations

import io
from typing import Final, cast

from PIL import Image, ImageChops

SOLID, SHEER = 240, 16
"""Colors for what hides the page behind it, and steps for the corners, which let it through."""
UNSEEN: Final = 12
"""A color may differ by so much of 255 in red, green or blue."""


def with_palette(png: bytes) -> bytes:
    """Return a picture with a palette; as it is where that would show, or makes it no smaller.

    Args:
        png: a picture that is one color at its edge, its corners apart.
    """
    with Image.open(io.BytesIO(png)) as drawn:
        rgba = drawn.convert("RGBA")
    rgb, alpha = rgba.convert("RGB"), rgba.getchannel("A")
    solid = rgb.quantize(SOLID, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    differences = cast("tuple[tuple[int, int], ...]", ImageChops.difference(rgb, solid.convert("RGB")).getextrema())
    if any(most > UNSEEN for _, most in differences):
        return png
    palette = (solid.getpalette() or [])[: 3 * SOLID]
    ground = rgb.crop((rgb.width // 2, 0, rgb.width // 2 + 1, 1)).tobytes()
    palette += [0] * (3 * SOLID - len(palette)) + [*ground] * SHEER
    steps = alpha.point([SOLID + value * (SHEER - 1) // 255 for value in range(256)])
    solid.paste(Image.frombytes("P", rgba.size, steps.tobytes()), mask=alpha.point([255] * 255 + [0]))
    solid.putpalette(palette)
    seen = bytes([255] * SOLID + [step * 255 // (SHEER - 1) for step in range(SHEER)])
    into = io.BytesIO()
    solid.save(into, "PNG", transparency=seen)
    return min(into.getvalue(), png, key=len)
