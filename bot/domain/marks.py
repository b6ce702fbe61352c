"""Text that was written elsewhere, made to show as written: content is Discord's Markdown, and so are pages."""

from __future__ import annotations

import re
from typing import Final

_MARKS: Final = re.compile(r"([\\*_~|`>\[\]#<])")
_ADDRESS: Final = re.compile(r"(https?://[^\s<>()\[\]`*|~\\]+)")
_CROWD: Final = re.compile("@(?=everyone|here)")
_INVISIBLE: Final = dict.fromkeys(
    [
        *(0x061C, 0x7F, 0xFEFF),
        *range(9),
        *range(11, 32),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
    ]
)
_LOOKALIKES: Final = str.maketrans("*`~|<>[]", "∗'∼¦‹›()")
_LOOSE_LINE: Final = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])|^#+ ")


def safe(text: str) -> str:
    """Return what a person typed so that it shows as typed: no markdown, masked link, mention or direction tricks.

    A plain web address stays as it is, so that it can be pressed.
    """
    if text.replace(" ", "").isalnum():
        return text  # what most names are: letters and digits alone mark nothing
    parts = _ADDRESS.split(text.translate(_INVISIBLE))
    shown = (_CROWD.sub("@\u200b", part) if i % 2 else _escaped(part) for i, part in enumerate(parts))
    return "".join(shown)


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text).replace("@", "@\u200b")


def safe_title(text: str) -> str:
    """Return a title of elsewhere for places where a backslash would show as one: marks give way to lookalikes."""
    plain = _CROWD.sub("@\u200b", text.translate(_INVISIBLE | _LOOKALIKES))
    return " ".join(_LOOSE_LINE.sub("", plain).split())
