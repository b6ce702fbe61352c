"""The process that draws: ``python -m bot.cards.worker``. It reads orders from standard input and answers with PNGs.

An order is a length (four bytes, the highest first) and JSON: the template's name and what it is filled with. The
answer is a length and the PNG; a length of nothing says that it can't be drawn. resvg holds the interpreter's lock
while it draws, Jinja2 and Pillow take memory, so they live here and nowhere else. The process ends when its input does.
"""

from __future__ import annotations

import json
import struct
import sys
import unicodedata
from pathlib import Path
from typing import Any, BinaryIO, Final

import jinja2
import resvg_py

from bot.cards.palette import with_palette
from bot.cards.typeface import SHIPPED, Typefaces
from bot.cards.words import Words, fitted, placed

HERE: Final = Path(__file__).parent
LENGTH: Final = struct.Struct(">I")


class Drawing:
    """Fills one template, and remembers which fonts that took."""

    def __init__(self, typefaces: Typefaces) -> None:
        self._typefaces = typefaces
        self.fonts = {str(path): None for path in sorted(SHIPPED.glob("*.ttf"))}

    def words(self, text: str, x: float, most: float, size: float, **more: Any) -> Words:  # noqa: ANN401  (what templates add)
        """Return free words as SVG.

        Args:
            text: what somebody wrote.
            x: where they begin.
            most: how wide they may be, in pixels; they are cut to it.
            size: of the letters, in pixels.
            more: ``bold``; and ``instead``, what stands there where they can't be drawn.
        """
        bold = bool(more.get("bold"))
        pieces = fitted(self._typefaces, text, most, size, bold=bold)
        if not pieces:
            pieces = fitted(self._typefaces, str(more.get("instead", "")), most, size, bold=bold) or ()
        for piece in pieces:
            self.fonts[str(piece.face.path)] = None
        return placed(pieces, x, size)


def environment() -> jinja2.Environment:
    """Return what fills the templates: texts are escaped, and lose the signs that no XML may hold."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_drawable,
    )


def _drawable(value: object) -> object:
    """Return a text without control signs: one of them, and resvg refuses the whole picture."""
    if type(value) is not str:
        return value
    return "".join(sign for sign in value if unicodedata.category(sign)[0] != "C")


def main(orders: BinaryIO, pictures: BinaryIO) -> None:
    """Answer orders until there are no more."""
    templates, typefaces = environment(), Typefaces()
    while head := orders.read(LENGTH.size):
        order: dict[str, Any] = json.loads(orders.read(*LENGTH.unpack(head)))
        try:
            png = with_palette(drawn(templates, typefaces, order["template"], order["values"]))
        except (jinja2.TemplateError, ValueError):
            png = b""
        pictures.write(LENGTH.pack(len(png)) + png)
        pictures.flush()


def drawn(templates: jinja2.Environment, typefaces: Typefaces, template: str, values: dict[str, Any]) -> bytes:
    """Return a picture.

    Raises:
        jinja2.TemplateError: where the template can't be filled with these values.
        ValueError: where resvg takes no such SVG.
    """
    drawing = Drawing(typefaces)
    svg = templates.get_template(template).render(values, words=drawing.words)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=list(drawing.fonts), font_family="Noto Sans"
        )
    )


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
