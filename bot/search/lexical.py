"""The lexical ranker: FTS5 (porter, bm25) proposes entries, and four views of how well each fits make its score.

A word of the question that no entry uses is first taken for the words it may be a typo of, and the field's synonyms
stand for each other. Where FTS5 finds few entries, rapidfuzz's ``token_set_ratio`` adds those that share few whole
words. The weights of the four views were chosen on one half of the questions of HINT3, clinc150 and the shipped pack;
``tests/bench`` measures on the other half.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from heapq import heappushpop
from typing import Final, TypeAlias

from bot.domain.frozen import frozen
from bot.search.document import Document
from bot.search.full_text import FullText
from bot.search.question import Question, Weighing, understood
from bot.search.synonyms import Synonyms
from bot.search.text import STOP_WORDS, words
from bot.search.vocabulary import Vocabulary

PROPOSED: Final = 24
"""Entries that FTS5 proposes for a question."""
FEW: Final = 3
SUGGESTED_IN_ORDER: Final = 5
"""Of the near questions suggested while somebody types, so many stand in their true order; nobody reads further."""
LIKE_ENOUGH: Final = 70.0
HALF_RELEVANT: Final = 10.0
"""The bm25 at which an entry counts as half relevant: b / (b + 10) brings bm25 to 0..1."""
RELEVANT, NEAREST, COVERED, LIKEST = 0.69, 0.08, 0.14, 0.09
NEARLY_VERBATIM: Final = 0.88
"""From this likeness on the question is one of the entry's own phrasings, give or take a typo: it is its score."""
HELD: Final = 0.75
"""...where the phrasing holds so much of what it says: letter by letter, *how much math* is close to *how much Git*."""
WITHIN: Final = 0.95
"""The score of a question of three words or more that stands within a phrasing..."""
ALL_BUT_A_TYPO: Final = 94.0
"""...by rapidfuzz's partial ratio."""


Likest: TypeAlias = Callable[[Sequence[str]], tuple[int, float]]


@frozen
class _Phrasing:
    """One way an entry is asked: its words, their stems, and its length as a vector of weights."""

    text: str
    stems: tuple[str, ...]
    length: float


@frozen
class _Indexed:
    """One entry, ready to be compared. Stems stand once each; a set of them would take ten times the memory.

    ``shortest`` is the length of its shortest phrasing.
    """

    document: Document
    phrasings: tuple[_Phrasing, ...]
    texts: tuple[str, ...]
    stems: tuple[str, ...]
    shortest: float


@frozen
class Hit:
    """How well an entry fits a question, by its words.

    Attributes:
        number: the entry's place in the index.
        score: 0 to 1.
        verbatim: whether the question is one of the entry's own phrasings, word for word.
        nearest: the place of the phrasing that is most alike.
    """

    number: int
    score: float
    verbatim: bool
    nearest: int


class LexicalIndex:
    """An index of entries by their words, in memory. Any text at all is a legal query."""

    def __init__(self, documents: Iterable[Document], synonyms: Synonyms | None = None) -> None:
        self.documents: Sequence[Document] = tuple(documents)
        self._synonyms = synonyms or Synonyms()
        asked = [[words(text) for text in one.asked] for one in self.documents]
        answers = [frozenset(_long(one.answer)) for one in self.documents]
        held = [answer.union(*texts) for texts, answer in zip(asked, answers, strict=True)]
        rows = ((number, _row(one.asked), one.answer) for number, one in enumerate(self.documents))
        self._full_text = FullText(rows, sorted(frozenset[str]().union(*held)))
        stems = self._full_text.stems()
        held = [frozenset(stems.get(word, word) for word in found) for found in held]
        self.vocabulary = Vocabulary(stems, held, self._full_text.same_stem)
        self._entries = [
            self._indexed(one, tuple(map(self._phrasing, texts)), stems_held)
            for one, texts, stems_held in zip(self.documents, asked, held, strict=True)
        ]
        self._asked = [(number, text) for number, one in enumerate(self._entries) for text in one.texts]
        self._asked_texts = [text for _, text in self._asked]

    def hits(self, query: str, needed: int | None = None, *, by_letters: bool = True) -> list[Hit]:
        """Return the entries that share something with a query, best first.

        Args:
            query: any text.
            needed: how many of them have to be right; whatever can't come among those is not looked at closely.
            by_letters: whether entries that share letters alone are looked for too, where few share words.
        """
        question = understood(query, self.vocabulary, self._synonyms) if self._entries else None
        if question is None:
            return []
        relevance = dict(self._full_text.best(question.terms, PROPOSED))
        if by_letters and len(relevance) < FEW:
            relevance = dict.fromkeys(self._alike(question), 0.0) | relevance
        fit = _Fit(question, Weighing(question), _likest(question.text))
        found: list[Hit] = []
        best = [0.0] * (needed or 0)  # a heap: the least of the best scores so far stands first
        for number, bm25 in relevance.items():
            hit = fit.hit(number, self._entries[number], bm25, best[0] if best else 0.0)
            found.append(hit)
            if best:
                heappushpop(best, hit.score)
        found.sort(key=lambda one: (-one.score, one.number))
        return found

    def complete(self, typed: str, most: int) -> list[int]:
        """Return up to ``most`` places of entries for what has been typed so far, the last word as a beginning.

        Questions that begin with what was typed come first, then those that hold its words. Where these are few, near
        ones follow; and where there are none, those that are written alike.
        """
        found = words(typed)
        if not found:
            return list(range(min(most, len(self._entries))))
        text = " ".join(found)
        held = self._full_text.beginning([word for word in found[:-1] if word not in STOP_WORDS], found[-1])
        # sorting keeps the order of those that are alike in this
        numbers = sorted(held, key=lambda number: not self._entries[number].texts[0].startswith(text))
        if len(numbers) < SUGGESTED_IN_ORDER:
            near = self.hits(typed, SUGGESTED_IN_ORDER, by_letters=not numbers)
            numbers = list(dict.fromkeys([*numbers, *(one.number for one in near)]))
        return numbers[:most]

    @contextmanager
    def without(self, number: int, phrasing: int) -> Generator[None]:
        """Leave one phrasing out for a while, for measuring. Not for an index that others search meanwhile."""
        kept = self._entries[number]
        left = kept.document.without(phrasing)
        phrasings = (*kept.phrasings[:phrasing], *kept.phrasings[phrasing + 1 :])
        answer = frozenset(self.vocabulary.stem(word) for word in _long(kept.document.answer))
        stems = answer.union(*(one.stems for one in phrasings))
        self._entries[number] = self._indexed(left, phrasings, stems)
        self._full_text.replace_asked(number, _row(left.asked))
        try:
            yield
        finally:
            self._entries[number] = kept
            self._full_text.replace_asked(number, _row(kept.document.asked))

    @staticmethod
    def _indexed(document: Document, phrasings: tuple[_Phrasing, ...], stems: frozenset[str]) -> _Indexed:
        shortest = min((one.length for one in phrasings), default=1.0)
        return _Indexed(document, phrasings, tuple(one.text for one in phrasings), tuple(stems), shortest)

    def _phrasing(self, found: Sequence[str]) -> _Phrasing:
        stems = tuple(dict.fromkeys(map(self.vocabulary.stem, found)))
        length = math.sqrt(sum(self.vocabulary.tells(stem) ** 2 for stem in stems))
        return _Phrasing(" ".join(found), stems, length)

    def _alike(self, question: Question) -> list[int]:
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        near = process.extract(
            question.text, self._asked_texts, scorer=fuzz.token_set_ratio, score_cutoff=LIKE_ENOUGH, limit=FEW
        )
        return [self._asked[place][0] for _, _, place in near]


@frozen
class _Fit:
    """What entries are compared with one question by."""

    question: Question
    weigh: Weighing
    likest: Likest

    def hit(self, number: int, entry: _Indexed, bm25: float, least: float) -> Hit:
        """Return how well an entry fits; below ``least`` only that it is no better."""
        bm25 = max(bm25, 0.0)
        covered, common = self.weigh(entry.stems)
        place, likeness = self.likest(entry.texts)
        score = RELEVANT * bm25 / (bm25 + HALF_RELEVANT) + COVERED * covered + LIKEST * likeness
        # no phrasing has more in common with the question than the whole entry
        if score + NEAREST * min(common / (entry.shortest or 1.0), 1.0) >= least:
            score += NEAREST * self._nearest(entry)
        if likeness >= NEARLY_VERBATIM and self.weigh(entry.phrasings[place].stems)[0] >= HELD:
            score = max(score, likeness)
        elif self.question.words >= 3 and covered >= HELD and self._within(entry):
            score = max(score, WITHIN)
        return Hit(number, min(score, 1.0), likeness == 1.0, place)

    def _nearest(self, entry: _Indexed) -> float:
        """Return how near the nearest of an entry's phrasings is, as vectors of weights, 0 to 1."""
        nearest = 0.0
        for phrasing in entry.phrasings:
            _, common = self.weigh(phrasing.stems)
            if common:
                nearest = max(nearest, common / phrasing.length)
        return min(nearest, 1.0)

    def _within(self, entry: _Indexed) -> bool:
        """Return whether the question stands within a phrasing of the entry, give or take a typo."""
        from rapidfuzz import fuzz  # noqa: PLC0415

        text = self.question.text
        return any(
            len(one.text) > len(text)
            and fuzz.partial_ratio(text, one.text, score_cutoff=ALL_BUT_A_TYPO) > 0
            and self.weigh(one.stems)[0] >= HELD
            for one in entry.phrasings
        )


def _likest(text: str) -> Likest:
    """Return what finds of some texts the place of the one that is most like ``text``, and how much, up to 1."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  (three megabytes, from the first search on)

    def likest(texts: Sequence[str]) -> tuple[int, float]:
        found = process.extractOne(text, texts, scorer=fuzz.ratio)
        return (found[2], found[1] / 100) if found else (0, 0.0)

    return likest


def _row(asked: Iterable[str]) -> str:
    return " . ".join(" ".join(words(text)) for text in asked)


def _long(answer: str) -> list[str]:
    """Return the words of a text of any length."""
    return [word for paragraph in answer.split(". ") for word in words(paragraph)]
