"""What is compared: our two rankers, and three ways of the field, written small for the comparison."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Protocol

from rapidfuzz import fuzz, process, utils

from bot.domain.calibration import Band
from bot.search.calibrate import calibrated
from bot.search.document import Document
from bot.search.encoder import Encoder
from bot.search.index import SearchIndex
from bot.search.meaning import Meanings, meaning_texts
from bot.search.text import telling_words
from tests.bench.faq_sets import FaqSet
from tests.search.packs import outcome

Ranked = Sequence[tuple[str, float]]
"""Entry ids with their scores, best first."""


class Ranker(Protocol):
    """Ranks the entries of one set for a question."""

    def __call__(self, question: str, /) -> Ranked:
        """Return the best entries."""
        ...


class PythonDiscord:
    """As its tags are found: letters of the question matched in order with the beginnings of the name's words.

    It knows names alone; here every way an entry is asked counts as one of its names.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self._names = [
            (one.id, re.split(r"[^a-z]+", name.lower())) for one in documents for name in (one.id, *one.asked)
        ]

    def __call__(self, question: str) -> Ranked:
        """Return the entries by the share of the question's letters that their names account for."""
        letters = re.sub(r"[^a-z]", "", question.lower())
        best: dict[str, float] = {}
        for name, parts in self._names:
            best[name] = max(best.get(name, 0.0), self._share(letters, parts))
        return sorted(best.items(), key=lambda one: -one[1])[:12]

    @staticmethod
    def _share(letters: str, parts: Sequence[str]) -> float:
        matched = 0
        for part in parts:
            for letter in part:
                if matched >= len(letters) or letters[matched] != letter:
                    break
                matched += 1
        return matched / max(1, len(letters))


class WRatio:
    """rapidfuzz's default scorer over every way an entry is asked."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._ids = [one.id for one in documents for _ in one.asked]
        self._texts = [utils.default_process(text) for one in documents for text in one.asked]

    def __call__(self, question: str) -> Ranked:
        """Return the entries by their likest phrasing."""
        best: dict[str, float] = {}
        for _, score, place in process.extract(
            utils.default_process(question), self._texts, scorer=fuzz.WRatio, limit=60
        ):
            best.setdefault(self._ids[place], score / 100)
        return list(best.items())[:12]


class Fts5:
    """SQLite's FTS5 alone: porter, bm25, any of the telling words, the question 3 : answer 1."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "CREATE VIRTUAL TABLE entry USING fts5(id UNINDEXED, asked, answer, "
            "tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        self._connection.executemany(
            "INSERT INTO entry VALUES (?, ?, ?)", [(one.id, " . ".join(one.asked), one.answer) for one in documents]
        )

    def __call__(self, question: str) -> Ranked:
        """Return the entries by bm25."""
        match = " OR ".join(f'"{word}"' for word in telling_words(question))
        if not match:
            return []
        return self._connection.execute(
            "SELECT id, -bm25(entry, 0, 3, 1) AS b FROM entry WHERE entry MATCH ? ORDER BY b DESC LIMIT 12", (match,)
        ).fetchall()


class Ours:
    """Our index, measured on its own phrasings as a running bot does; by meaning too where an encoder is given."""

    def __init__(self, questions: FaqSet, encode: Callable[[str], bytes] | None) -> None:
        self._encode = encode
        self._index = SearchIndex(questions.documents, questions.synonyms)
        meanings = None
        if encode is not None:
            meanings = Meanings([[encode(text) for text in meaning_texts(one)] for one in questions.documents])
            self._index.mean(meanings)
        measured = outcome(calibrated(questions.documents, questions.synonyms, meanings))
        if measured is not None:
            self._index.calibrate(measured)

    def __call__(self, question: str) -> Ranked:
        """Return the entries by how well they fit; the score is the chance of the best."""
        return [(one.entry_id, one.chance) for one in self._index.search(question, self._vector(question))]

    def band(self, question: str) -> tuple[Band, Sequence[str]]:
        """Return how sure the bot would be, and the ids of what it would show."""
        vector = self._vector(question)
        found = self._index.search(question, vector)
        return self._index.band(found, vector), [one.entry_id for one in found[:3]]

    def _vector(self, question: str) -> bytes | None:
        return None if self._encode is None else self._encode(self._index.spelled_out(question))


def remembering(encoder: Encoder) -> Callable[[str], bytes]:
    """Return an encoder's ``encode`` that does no text twice."""
    known: dict[str, bytes] = {}

    def encode(text: str) -> bytes:
        if text not in known:
            known[text] = encoder.encode(text)
        return known[text]

    return encode
