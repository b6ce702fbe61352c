"""SQLite's FTS5 in memory: entries by bm25, and the stems of words. The one place of SQL in this room."""

from __future__ import annotations

import sqlite3
import weakref
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from heapq import nsmallest
from typing import Final, TypeAlias

TOKENIZER: Final = "tokenize = 'porter unicode61 remove_diacritics 2'"
ASKED, ANSWER = 3, 1
"""What a word counts in a question or phrasing, and in the answer."""
TERMS: Final = 4_096
"""Words whose rows are kept: what is asked is made of few."""
LAST: Final = "\U0010ffff"
"""Comes behind every letter."""

Held: TypeAlias = tuple[Sequence[int], Sequence[float]]
"""The numbers of the rows that hold a word, and the bm25 of each for it."""


class FullText:
    """Rows of what is asked and answered, each under the number it is given."""

    def __init__(self, rows: Iterable[tuple[int, str, str]], vocabulary: Iterable[str]) -> None:
        """Index ``rows`` of number, asked and answer, and a vocabulary of words without marks, in order."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        weakref.finalize(self, connection.close)
        connection.execute(f"CREATE VIRTUAL TABLE entry USING fts5(asked, answer, {TOKENIZER})")
        connection.execute(f"CREATE VIRTUAL TABLE known USING fts5(word, {TOKENIZER})")
        connection.execute("CREATE VIRTUAL TABLE known_stem USING fts5vocab(known, instance)")
        connection.executemany("INSERT INTO entry (rowid, asked, answer) VALUES (?, ?, ?)", rows)
        self._words: tuple[str, ...] = tuple(vocabulary)
        connection.executemany("INSERT INTO known (rowid, word) VALUES (?, ?)", enumerate(self._words))
        self._connection = connection
        self._holding: Callable[[str], Held]
        self._asking: Callable[[str], Held]
        self._forget()

    def stems(self) -> Mapping[str, str]:
        """Return the stem of every word of the vocabulary."""
        rows = self._connection.execute("SELECT doc, term FROM known_stem")
        return {self._words[number]: stem for number, stem in rows}

    def same_stem(self, word: str) -> str | None:
        """Return a word of the vocabulary that has the stem of ``word``, which stands nowhere in it itself."""
        found: tuple[int] | None = self._connection.execute(
            "SELECT rowid FROM known WHERE known MATCH ? LIMIT 1", (f'"{word}"',)
        ).fetchone()
        return None if found is None else self._words[found[0]]

    def best(self, terms: Iterable[str], most: int) -> list[tuple[int, float]]:
        """Return up to ``most`` row numbers that hold any of the terms, with their bm25, best first.

        The bm25 of several words is the sum of their own (https://www.sqlite.org/fts5.html#the_bm25_function), so what
        each word gives is asked once; a question of words that were met costs a third of asking FTS5 for all of them.
        """
        scores: dict[int, float] = {}
        for term in sorted(terms):
            for number, score in zip(*self._holding(term), strict=True):
                scores[number] = scores.get(number, 0.0) + score
        return nsmallest(most, scores.items(), key=lambda one: (-one[1], one[0]))

    def beginning(self, whole: Sequence[str], begun: str) -> list[int]:
        """Return the rows whose asked words hold ``whole`` and one that starts with ``begun``, the best first.

        FTS5 looks for a beginning among the stems, where *hosting* is no more than *host*: here it is looked for among
        the words themselves.
        """
        first = bisect_left(self._words, begun)
        best: dict[int, float] = {}
        for word in self._words[first : bisect_left(self._words, begun + LAST, first)]:
            for number, score in zip(*self._asking(word), strict=True):
                if score > best.get(number, 0.0):
                    best[number] = score
        for word in whole:
            own = dict(zip(*self._asking(word), strict=True))
            best = {number: score + own[number] for number, score in best.items() if number in own}
        return sorted(best, key=lambda number: (-best[number], number))

    def _look_up(self, within: str, word: str) -> Held:
        rows = self._connection.execute(
            "SELECT rowid, -bm25(entry, ?, ?) FROM entry WHERE entry MATCH ?", (ASKED, ANSWER, f'{within}"{word}"')
        ).fetchall()
        return array("I", [number for number, _ in rows]), array("d", [score for _, score in rows])

    def _forget(self) -> None:
        """Look everything up anew from now on."""
        self._holding = lru_cache(TERMS)(partial(self._look_up, ""))
        self._asking = lru_cache(TERMS)(partial(self._look_up, "{asked} : "))

    def replace_asked(self, number: int, asked: str) -> None:
        """Put another text in the place of what a row asks."""
        self._connection.execute("UPDATE entry SET asked = ? WHERE rowid = ?", (asked, number))
        self._forget()
