"""What moderators type for a schedule: a time of day, arXiv's subject classes, words to look for."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

from bot.domain.feed import CATEGORY
from bot.errors import BadInputError

MOST_CATEGORIES: Final = 8
MOST_KEYWORDS: Final = 12
KEYWORD_CHARACTERS: Final = 40

ARCHIVES: Final = frozenset({
    "astro-ph", "cond-mat", "cs", "econ", "eess", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math", "math-ph",
    "nlin", "nucl-ex", "nucl-th", "physics", "q-bio", "q-fin", "quant-ph", "stat",
})  # fmt: skip
"""What the subject classes of arXiv begin with."""

_TIME: Final = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?\s*(?:([ap])\.?\s*m\.?)?", re.IGNORECASE | re.ASCII)
_NAMED: Final = {"noon": time(12), "midnight": time(0)}


def time_from(text: str) -> time:
    """Return the time of day that was typed: ``18:30``, ``18.30``, ``6:30 pm``, ``6 pm``, ``9``, ``noon``.

    Raises:
        BadInputError: where it is none.
    """
    said = text.strip()
    if said.casefold() in _NAMED:
        return _NAMED[said.casefold()]
    found = _TIME.fullmatch(said)
    if found is not None:
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise BadInputError("That is no time of day. Type it like 18:30 or 6:30 pm.")


def categories_from(text: str) -> tuple[str, ...]:
    """Return the subject classes that were typed, separated by commas or spaces, each once.

    Raises:
        BadInputError: where one can't be a class of arXiv, where there is none, or where there are too many.
    """
    found = tuple(dict.fromkeys(_category(word) for word in re.split(r"[,;\s]+", text) if word))
    if not found:
        raise BadInputError("At least one subject class is needed. The usual ones are cs.LG and stat.ML.")
    if len(found) > MOST_CATEGORIES:
        raise BadInputError(f"{len(found)} subject classes are too many: take {MOST_CATEGORIES} at most.")
    return found


def _category(word: str) -> str:
    archive, dot, part = word.partition(".")
    name = archive.casefold() + dot + (part.upper() if len(part) == 2 else part)
    if archive.casefold() not in ARCHIVES or CATEGORY.fullmatch(name) is None:
        raise BadInputError("One of these is no subject class of arXiv. They look like cs.LG, stat.ML or math-ph.")
    return name


def keywords_from(text: str) -> tuple[str, ...]:
    """Return the words to look for, separated by commas, each once and in small letters; none for any paper.

    Raises:
        BadInputError: where there are too many, or one is too long.
    """
    split = (" ".join(word.split()).casefold() for word in re.split(r"[,;\n]", text))
    found = tuple(dict.fromkeys(word for word in split if word))
    if len(found) > MOST_KEYWORDS or any(len(word) > KEYWORD_CHARACTERS for word in found):
        raise BadInputError(
            f"Up to {MOST_KEYWORDS} words or phrases can be looked for, each of {KEYWORD_CHARACTERS} characters at "
            "most. Separate them by commas."
        )
    return found
