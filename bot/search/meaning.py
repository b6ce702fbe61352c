"""The entries' sentence vectors as one matrix: how near in meaning a question is to each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from bot.domain.frozen import frozen
from bot.search.document import Document

DIMENSIONS: Final = 384
BYTES: Final = DIMENSIONS * 4
"""A vector is kept as little-endian 32-bit floats of length 1."""
BY_WORDS: Final = 0.6
"""What the lexical score counts beside the cosine."""


@frozen
class Near:
    """An entry by meaning and words together: its place, its score from 0 to 1, and its cosine."""

    number: int
    score: float
    cosine: float


def meaning_texts(document: Document) -> tuple[str, ...]:
    """Return the texts of a document that get vectors: each way it is asked, and the question with its answer."""
    whole = (f"{document.asked[0]} {document.answer}",) if document.answer else ()
    return (*document.asked, *whole)


def numeric() -> Any:  # noqa: ANN401  (a module that is not there without the extra)
    """Return numpy, kept to one thread: its own threads wait for each other longer than the work takes."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return import_module("numpy")


class Meanings:
    """The vectors of all entries. Needs numpy, which comes with the extra."""

    def __init__(self, vectors: Iterable[Sequence[bytes]]) -> None:
        """Take for each entry, in order, the vectors of its ``meaning_texts``; at least one each."""
        self._numpy: Any = numeric()
        every = [*vectors]
        self._starts: list[int] = []
        count = 0
        for own in every:
            self._starts.append(count)
            count += len(own)
        flat = b"".join(vector for own in every for vector in own)
        self._matrix: Any = self._numpy.frombuffer(flat, dtype="<f4").reshape(count, DIMENSIONS)

    def best(
        self, vector: bytes, by_words: Mapping[int, float], most: int, instead: Mapping[int, float] | None = None
    ) -> list[Near]:
        """Return up to ``most`` entries, best first.

        Args:
            vector: the question's.
            by_words: lexical scores by entry.
            most: how many.
            instead: cosines to take for some entries in place of their own, for measuring.
        """
        if not self._starts:
            return []
        cosines: Any = self._numpy.maximum.reduceat(self._cosines(vector), self._starts)
        for number, cosine in (instead or {}).items():
            cosines[number] = cosine
        scores: Any = cosines.clip(0.0, 1.0)
        for number, score in by_words.items():
            scores[number] += BY_WORDS * score
        top: Any = self._numpy.argpartition(-scores, min(most, len(scores)) - 1)[:most]
        found = [Near(int(n), float(scores[n]) / (1 + BY_WORDS), float(cosines[n])) for n in top]
        return sorted(found, key=lambda one: (-one.score, one.number))

    def cosine_without(self, number: int, phrasing: int, vector: bytes) -> float:
        """Return an entry's cosine with one of its phrasings left out, and its answer's where that is the question."""
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._matrix)
        own: list[float] = (self._matrix[start:end] @ self._numpy.frombuffer(vector, dtype="<f4")).tolist()
        return max((one for place, one in enumerate(own) if place != phrasing), default=0.0)

    def vector(self, number: int, phrasing: int) -> bytes:
        """Return the vector of one way an entry is asked."""
        return self._matrix[self._starts[number] + phrasing].tobytes()

    def _cosines(self, vector: bytes) -> Any:  # noqa: ANN401  (numpy is not there without the extra)
        return self._matrix @ self._numpy.frombuffer(vector, dtype="<f4")
