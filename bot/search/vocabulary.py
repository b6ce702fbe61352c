"""The words that entries use: their stems, what each tells, and what a word of a question can stand for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from bot.search.text import STOP_WORDS

SAME_WORD, SAME_SHORT_WORD = 80.0, 75.0
"""How alike two words must be to be one word with a typo, by rapidfuzz's ratio; one letter is more of a short word."""
SHORT_WORD: Final = 5
NO_TYPO_UP_TO: Final = 3
AS_NEAR: Final = 0.93
"""Words nearly as alike as the nearest one count as well: which was meant is unknown."""
STOP_WORD_TELLS: Final = 0.25

Meant = tuple[tuple[str, float], ...]
"""Stems that a word can stand for, each with its likeness from 0 to 1."""


class Vocabulary:
    """What the words of the entries are worth."""

    def __init__(
        self, stems: Mapping[str, str], texts: Sequence[Iterable[str]], same_stem: Callable[[str], str | None]
    ) -> None:
        """Take in the entries' words.

        Args:
            stems: every word with its stem.
            texts: for each entry the stems it holds, each once.
            same_stem: finds a known word of the same stem.
        """
        self._stems = stems
        self._same_stem = same_stem
        self._words: Sequence[str] = tuple(stems)
        self.word_of: Mapping[str, str] = {stem: word for word, stem in stems.items()}
        holding = Counter(stem for text in texts for stem in text)
        self._idf = {stem: _idf(times, len(texts)) for stem, times in holding.items()}
        self._unknown = _idf(0, len(texts))
        self.meant: Callable[[str], Meant] = lru_cache(maxsize=8192)(self._meant)

    def stem(self, word: str) -> str:
        """Return the stem of a known word; the word itself where it is unknown."""
        return self._stems.get(word, word)

    def tells(self, stem: str) -> float:
        """Return how much a stem says about what is asked: its inverse document frequency, less for stop words."""
        return self._idf.get(stem, self._unknown) * (STOP_WORD_TELLS if stem in STOP_WORDS else 1.0)

    def _meant(self, word: str) -> Meant:
        if word in self._stems:
            return ((self._stems[word], 1.0),)
        known = self._same_stem(word)
        if known is not None:
            return ((self._stems[known], 1.0),)
        if len(word) <= NO_TYPO_UP_TO or not word.isalpha():
            return ()
        from rapidfuzz import fuzz, process  # noqa: PLC0415  (three megabytes, from the first search on)

        alike = SAME_SHORT_WORD if len(word) <= SHORT_WORD else SAME_WORD
        found: dict[str, float] = {}
        for other, ratio, _ in process.extract(word, self._words, scorer=fuzz.ratio, score_cutoff=alike, limit=5):
            if len(word) <= SHORT_WORD and other[0] != word[0]:
                continue  # paid is no typo of aid
            stem = self._stems[other]
            found[stem] = max(found.get(stem, 0.0), (ratio / 100) ** 2)
        nearest = max(found.values(), default=0.0)
        return tuple((stem, likeness) for stem, likeness in found.items() if likeness >= nearest * AS_NEAR)


def _idf(holding: int, count: int) -> float:
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))
