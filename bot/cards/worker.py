"""The process that draws: ``python -m bot.cards.worker``. It reads orders from standard input and answers with PNGs.

An order is a length (four bytes, the highest first) and JSON: the template's name and what it is filled with. The
answer is a length and the PNG; a length of nothing says that it can't be drawn. resvg holds the interpreter's lock
while it draws and Jinja2 takes memory, so both live here and nowhere else. The process ends when its input does.
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

import jinja2
import resvg_py

HERE: Final = Path(__file__).parent
LENGTH: Final = struct.Struct(">I")


def main(orders: BinaryIO, pictures: BinaryIO) -> None:
    """Answer orders until there are no more."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    fonts = [str(path) for path in sorted((HERE / "fonts").glob("*.ttf"))]
    while head := orders.read(LENGTH.size):
        order: dict[str, Any] = json.loads(orders.read(*LENGTH.unpack(head)))
        try:
            svg = templates.get_template(order["template"]).render(order["values"])
            png = bytes(
                resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=fonts, font_family="Noto Sans")
            )
        except (jinja2.TemplateError, ValueError):
            png = b""
        pictures.write(LENGTH.pack(len(png)) + png)
        pictures.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
