"""The lexical ranker: SQLite's FTS5 (porter, bm25) over question, phrasings and answer, topped up for typos.

A query's words are first matched against the words the entries use, so that a plural, another ending or a typo finds
its word (rapidfuzz ratio at least 82). FTS5 then proposes candidates by bm25; rapidfuzz's ``token_set_ratio`` adds
those that share few whole words. A candidate's score, 0 to 1, blends three views of how well
it fits: how much of the weight of the query's words it covers, how near its nearest phrasing is, and its bm25.
"""

from __future__ import annotations

import math
import sqlite3
import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from bot.domain.faq import Candidate, FaqEntry
from bot.search.text import STOP_WORDS, telling_words, words

CANDIDATES: Final = 12
HALF_RELEVANT: Final = 10.0
"""The bm25 at which an entry counts as half relevant; b / (b + 10) brings bm25 to 0..1."""
VERBATIM: Final = 0.88
"""From this likeness of the whole texts on, the question is one of the entry's own phrasings, give or take a typo."""
WITHIN: Final = 0.95
ALL_ASKED: Final = 0.1
"""What it adds that the entry's own phrasings hold every telling word of the question."""
COVERED, NEAREST, RELEVANT = 0.3, 0.3, 0.4
SAME_WORD: Final = 82.0
SAME_SHORT_WORD: Final = 89.0
SHORT_WORD: Final = 6
"""Words of up to so many letters must be more alike: one letter makes another word of them (scale, salary)."""
ANSWER_ONLY: Final = 0.6
"""What a word is worth that stands in the answer but in no phrasing."""


@dataclass(frozen=True, slots=True)
class _Indexed:
    """One entry, ready to be compared."""

    entry_id: str
    asked: tuple[str, ...]
    telling: tuple[str, ...]
    verbatim: tuple[str, ...]
    asked_words: frozenset[str]
    answer_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Question:
    """A query, taken apart.

    Attributes:
        meant: for each telling word its weight, and the entries' words it can stand for with their likeness.
        telling: the telling words, sorted.
        verbatim: all words in order.
        is_phrase: whether it has three words or more, so that standing within a phrasing means something.
    """

    meant: Sequence[tuple[float, Sequence[tuple[str, float]]]]
    telling: str
    verbatim: str
    is_phrase: bool


class LexicalIndex:
    """An index of FAQ entries, in memory. Any text at all is a legal query."""

    def __init__(self, entries: Iterable[FaqEntry]) -> None:
        self._entries: Mapping[str, _Indexed] = {entry.id: _indexed(entry) for entry in entries}
        self._fts = _full_text(self._entries.values())
        weakref.finalize(self, self._fts.close)
        self._weights = _weights(self._entries.values())
        self._vocabulary: Sequence[str] = tuple(self._weights)
        self._asked = [(one.entry_id, text) for one in self._entries.values() for text in one.asked]
        self._asked_texts = [text for _, text in self._asked]
        self._unknown_weight = math.log(len(self._entries) + 1.0)
        self.same_words = lru_cache(maxsize=4096)(self._same_words)

    def search(self, query: str, most: int = CANDIDATES) -> list[Candidate]:
        """Return up to ``most`` candidates for a question, best first."""
        asked = telling_words(query)
        if not asked or not self._entries:
            return []
        question = self._question(query, asked)
        relevance = self._by_bm25(question, asked)
        found = set(relevance)
        if len(found) < CANDIDATES:
            found |= self._by_likeness(asked)
        candidates = [
            Candidate(entry_id, self._score(question, self._entries[entry_id], relevance.get(entry_id, 0.0)))
            for entry_id in found
        ]
        candidates.sort(key=lambda one: (-one.score, one.entry_id))
        return candidates[:most]

    def complete(self, typed: str, most: int) -> list[str]:
        """Return up to ``most`` entry ids for what has been typed so far, the last word taken as a beginning.

        Questions that begin with what was typed come first, then those that hold its words, then near ones.
        """
        found = words(typed)
        if not found:
            return list(self._entries)[:most]
        text = " ".join(found)
        ids = [one.entry_id for one in self._entries.values() if one.verbatim[0].startswith(text)]
        ids += self._holding(found, most)
        if len(ids) < most:
            ids += [one.entry_id for one in self.search(typed, most) if one.score > 0.4]
        return list(dict.fromkeys(ids))[:most]

    def _holding(self, found: Sequence[str], most: int) -> list[str]:
        whole = [word for word in found[:-1] if word not in STOP_WORDS]
        begun = " ".join([*(f'"{word}"' for word in whole), f'"{found[-1]}"*'])
        rows = self._fts.execute(
            "SELECT entry_id FROM entry WHERE entry MATCH ? ORDER BY bm25(entry, 0, 6, 1) LIMIT ?",
            (f"{{asked}} : {begun}", most),
        )
        return [row[0] for row in rows]

    def _same_words(self, word: str) -> Mapping[str, float]:
        """Return the entries' words that ``word`` can stand for, each with its likeness from 0 to 1."""
        if len(word) <= 3:
            return {word: 1.0} if word in self._weights else {}
        alike = SAME_SHORT_WORD if len(word) <= SHORT_WORD else SAME_WORD
        near = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=alike, limit=6)
        return {other: ratio / 100 for other, ratio, _ in near}

    def _question(self, query: str, asked: Sequence[str]) -> _Question:
        verbatim = words(query)
        meant: list[tuple[float, Sequence[tuple[str, float]]]] = []
        for word in dict.fromkeys(asked):
            others = tuple(self.same_words(word).items())
            weight = max((self._weights[other] for other, _ in others), default=self._unknown_weight)
            meant.append((weight, others))
        return _Question(meant, " ".join(sorted(asked)), " ".join(verbatim), len(verbatim) >= 3)

    def _by_bm25(self, question: _Question, asked: Sequence[str]) -> dict[str, float]:
        """Return the best entries by bm25, each with its relevance from 0 to 1."""
        terms = {*asked, *(other for _, others in question.meant for other, _ in others)}
        match = " OR ".join(f'"{term}"' for term in sorted(terms))
        rows = self._fts.execute(
            "SELECT entry_id, -bm25(entry, 0, 3, 1) AS b FROM entry WHERE entry MATCH ? ORDER BY b DESC LIMIT ?",
            (match, CANDIDATES),
        )
        return {entry_id: max(b, 0.0) / (max(b, 0.0) + HALF_RELEVANT) for entry_id, b in rows}

    def _by_likeness(self, asked: Sequence[str]) -> set[str]:
        near = process.extract(
            " ".join(asked), self._asked_texts, scorer=fuzz.token_set_ratio, score_cutoff=70, limit=CANDIDATES
        )
        return {self._asked[position][0] for _, _, position in near}

    def _score(self, question: _Question, entry: _Indexed, relevance: float) -> float:
        covered = asked = total = 0.0
        for weight, others in question.meant:
            in_asked = in_answer = 0.0
            for other, alike in others:
                if other in entry.asked_words and alike > in_asked:
                    in_asked = alike
                elif other in entry.answer_words and alike > in_answer:
                    in_answer = alike
            total += weight
            asked += weight * in_asked
            covered += weight * max(in_asked, in_answer * ANSWER_ONLY)
        score = COVERED * covered / total + RELEVANT * relevance + NEAREST * _likest(question.telling, entry.telling)
        score += ALL_ASKED if asked >= total * 0.95 else 0.0
        # "how much math" is letter by letter close to "how much Git": without its words, likeness says nothing
        verbatim = _likest(question.verbatim, entry.verbatim) if asked >= total * 0.75 else 0.0
        if question.is_phrase and any(question.verbatim in phrasing for phrasing in entry.verbatim):
            verbatim = max(verbatim, WITHIN)
        return max(score, verbatim) if verbatim >= VERBATIM else score


def _likest(text: str, phrasings: Sequence[str]) -> float:
    """Return how alike the likest phrasing is, 0 to 1."""
    best = process.extractOne(text, phrasings, scorer=fuzz.ratio)
    return best[1] / 100 if best else 0.0


def _indexed(entry: FaqEntry) -> _Indexed:
    asked = tuple(" ".join(telling_words(text)) for text in (entry.question, *entry.phrasings))
    return _Indexed(
        entry_id=entry.id,
        asked=asked,
        telling=tuple(" ".join(sorted(text.split())) for text in asked),
        verbatim=tuple(" ".join(words(text)) for text in (entry.question, *entry.phrasings)),
        asked_words=frozenset(word for text in asked for word in text.split()),
        answer_words=frozenset(telling_words_of_long(entry.answer)),
    )


def telling_words_of_long(text: str) -> list[str]:
    """Return the telling words of a text of any length."""
    return [word for paragraph in text.split(". ") for word in telling_words(paragraph)]


def _full_text(entries: Iterable[_Indexed]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute(
        "CREATE VIRTUAL TABLE entry USING fts5(entry_id UNINDEXED, asked, answer, "
        "tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    connection.executemany(
        "INSERT INTO entry VALUES (?, ?, ?)",
        ((one.entry_id, " . ".join(one.asked), " ".join(one.answer_words)) for one in entries),
    )
    return connection


def _weights(entries: Iterable[_Indexed]) -> Mapping[str, float]:
    """Return each word's inverse document frequency."""
    every = list(entries)
    holding = Counter(word for one in every for word in one.asked_words | one.answer_words)
    return {word: math.log(1.0 + len(every) / times) for word, times in holding.items()}
