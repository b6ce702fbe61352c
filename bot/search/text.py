"""How text becomes words, for questions and for entries alike."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_WORDS: Final = 40
"""Words of a query that are looked at; a longer text is somebody pasting a page."""

_WORD: Final = re.compile(r"[^\W_]+(?:\+\+|#)?")

# fmt: off
STOP_WORDS: Final = frozenset({
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "being", "by", "can", "could", "did", "do",
    "does", "doing", "for", "from", "get", "got", "had", "has", "have", "having", "he", "her", "him", "his", "how", "i",
    "if", "in", "into", "is", "it", "its", "just", "like", "may", "me", "might", "my", "of", "on", "one", "or", "our",
    "please", "really", "s", "she", "should", "so", "some", "t", "tell", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "thing", "this", "those", "to", "too", "u", "up", "us", "use", "using", "want", "was",
    "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
})
# fmt: on


def words(text: str) -> list[str]:
    """Return the words of ``text`` in order: NFKC, case folded, at most ``MAX_WORDS``."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text[:4000]).casefold())
    return found[:MAX_WORDS]


def telling_words(text: str) -> list[str]:
    """Return the words that say what a text is about; all of its words where none does."""
    found = words(text)
    return [word for word in found if word not in STOP_WORDS] or found
