"""SQLite's FTS5 in memory: entries by bm25, and the stems of words. The one place of SQL in this room."""

from __future__ import annotations

import sqlite3
import weakref
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nsmallest
from typing import Final, TypeAlias

TOKENIZER: Final = "tokenize = 'porter unicode61 remove_diacritics 2'"
ASKED, ANSWER = 3, 1
"""What a word counts in a question or phrasing, and in the answer."""
TERMS: Final = 4_096
"""Words whose rows are kept: what is asked is made of few."""

Held: TypeAlias = tuple[Sequence[int], Sequence[float]]
"""The numbers of the rows that hold a word, and the bm25 of each for it."""


class FullText:
    """Rows of what is asked and answered, each under the number it is given."""

    def __init__(self, rows: Iterable[tuple[int, str, str]], vocabulary: Iterable[str]) -> None:
        """Index ``rows`` of number, asked and answer, and a vocabulary of words without marks."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        weakref.finalize(self, connection.close)
        connection.execute(f"CREATE VIRTUAL TABLE entry USING fts5(asked, answer, {TOKENIZER})")
        connection.execute(f"CREATE VIRTUAL TABLE known USING fts5(word, {TOKENIZER})")
        connection.execute("CREATE VIRTUAL TABLE known_stem USING fts5vocab(known, instance)")
        connection.executemany("INSERT INTO entry (rowid, asked, answer) VALUES (?, ?, ?)", rows)
        self._words: tuple[str, ...] = tuple(vocabulary)
        connection.executemany("INSERT INTO known (rowid, word) VALUES (?, ?)", enumerate(self._words))
        self._connection = connection
        self._holding: Callable[[str], Held] = lru_cache(TERMS)(self._look_up)

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

    def _look_up(self, term: str) -> Held:
        rows = self._connection.execute(
            "SELECT rowid, -bm25(entry, ?, ?) FROM entry WHERE entry MATCH ?", (ASKED, ANSWER, f'"{term}"')
        ).fetchall()
        return array("I", [number for number, _ in rows]), array("d", [score for _, score in rows])

    def beginning(self, whole: Sequence[str], begun: str, most: int) -> list[int]:
        """Return up to ``most`` rows whose asked words hold ``whole`` and one that starts with ``begun``."""
        match = " ".join([*(f'"{word}"' for word in whole), f'"{begun}"*'])
        rows = self._connection.execute(
            "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY bm25(entry, 6, 1) LIMIT ?",
            (f"{{asked}} : {match}", most),
        )
        return [row[0] for row in rows]

    def replace_asked(self, number: int, asked: str) -> None:
        """Put another text in the place of what a row asks."""
        self._connection.execute("UPDATE entry SET asked = ? WHERE rowid = ?", (asked, number))
        self._holding = lru_cache(TERMS)(self._look_up)
