"""Words that can be drawn: what people are called, cut down to the letters of the shipped font."""

from __future__ import annotations

import unicodedata
from typing import Final

LETTERS: Final = (
    (0x20, 0x7E), (0xA0, 0x377), (0x37A, 0x37F), (0x384, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3E1),
    (0x3F0, 0x52F), (0x1E00, 0x1F15), (0x1F18, 0x1F1D), (0x1F20, 0x1F45), (0x1F48, 0x1F4D), (0x1F50, 0x1F57),
    (0x1F59, 0x1F59), (0x1F5B, 0x1F5B), (0x1F5D, 0x1F5D), (0x1F5F, 0x1F7D), (0x1F80, 0x1FB4), (0x1FB6, 0x1FC4),
    (0x1FC6, 0x1FD3), (0x1FD6, 0x1FDB), (0x1FDD, 0x1FEF), (0x1FF2, 0x1FF4), (0x1FF6, 0x1FFE), (0x2010, 0x2027),
    (0x2030, 0x203A), (0x20AC, 0x20AC),
)  # fmt: skip
"""The ranges that bot/cards/fonts holds: Latin, Greek and Cyrillic letters and common punctuation."""
MARKS_IN_A_ROW: Final = 2
"""Accents on one letter; more would run over the picture."""


WIDE: Final = frozenset("MWmw@%&ЖШЩЮМФжшщюмф—…")


def drawable(name: str, most: float) -> str:
    """Return a name as the shipped font can draw it, cut to about ``most`` widths of an m; empty where it can't.

    Emoji and other signs are left out. A name with a letter the font lacks is left out as a whole: half a name, or a
    row of boxes, is worse than none. The message beside the picture names the person anyway.
    """
    kept: list[str] = []
    marks = 0
    for sign in unicodedata.normalize("NFKC", name):
        category = unicodedata.category(sign)
        marks = marks + 1 if category.startswith("M") else 0
        if not any(first <= ord(sign) <= last for first, last in LETTERS):
            if category.startswith("L"):
                return ""
        elif not category.startswith("C") and marks <= MARKS_IN_A_ROW:
            kept.append(sign)
    text = " ".join("".join(kept).split())
    if _width(text) <= most:
        return text
    while text and _width(text) > most - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _width(text: str) -> float:
    """Return about how wide a text is, on the side of too wide."""
    return sum(1.0 if sign in WIDE else 0.72 if sign.isupper() else 0.6 for sign in text)
