"""The search room's one door: entries in, ranked candidates with their chances out.

By words always; by meaning too once it has been given vectors (``mean``), and for every question that comes with one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot.domain.calibration import UNTIL_MEASURED, Band, Calibration, Ranker
from bot.domain.faq import Candidate, Reason
from bot.domain.synonym import Synonym
from bot.search.document import Document
from bot.search.lexical import Hit, LexicalIndex
from bot.search.meaning import Meanings, Near
from bot.search.synonyms import Synonyms

CANDIDATES: Final = 12
OTHERS: Final = 2
"""How many others a candidate's score is held against."""
VERBATIM: Final = 0.95
"""The least chance of an entry that is asked in these very words; no pack's measuring sees that case."""


class SearchIndex:
    """An index of entries. Any text at all is a legal query."""

    def __init__(self, documents: Iterable[Document], synonyms: Iterable[Synonym] = ()) -> None:
        self._synonyms = Synonyms(synonyms)
        self._lexical = LexicalIndex(documents, self._synonyms)
        self._meanings: Meanings | None = None
        self._calibrations: dict[Ranker, Calibration] = dict(UNTIL_MEASURED)

    @property
    def documents(self) -> Sequence[Document]:
        """What is searched."""
        return self._lexical.documents

    @property
    def ranker(self) -> Ranker:
        """Which ranker answers questions that come with a vector."""
        return "lexical" if self._meanings is None else "semantic"

    def calibration(self, ranker: Ranker) -> Calibration:
        """Return how a ranker's scores are judged."""
        return self._calibrations[ranker]

    def calibrate(self, calibration: Calibration) -> None:
        """Judge a ranker's scores like this from now on."""
        self._calibrations[calibration.ranker] = calibration

    def mean(self, meanings: Meanings) -> None:
        """Rank by meaning too from now on; ``meanings`` holds the documents in order."""
        self._meanings = meanings

    def spelled_out(self, query: str) -> str:
        """Return a query as an encoder should read it: the field's short forms written out."""
        return self._synonyms.spelled_out(query)

    def search(self, query: str, vector: bytes | None = None, most: int = CANDIDATES) -> list[Candidate]:
        """Return up to ``most`` candidates for a question, best first.

        Args:
            query: any text.
            vector: its vector; without one, or before ``mean``, words alone decide.
            most: how many.
        """
        if vector is None or self._meanings is None:
            return self._by_words(self._lexical.hits(query, most + OTHERS), most)
        by_words = {one.number: one for one in self._lexical.hits(query)}
        near = self._meanings.best(vector, {number: one.score for number, one in by_words.items()}, max(most, 3))
        return self._blended(near, by_words)[:most]

    def band(self, candidates: Sequence[Candidate], vector: bytes | None = None) -> Band:
        """Judge the candidates of a search that came with or without this vector."""
        return self._calibrations["lexical" if vector is None else self.ranker].band(candidates)

    def complete(self, typed: str, most: int) -> list[str]:
        """Return up to ``most`` entry ids for what has been typed so far, the last word taken as a beginning."""
        return [self.documents[number].id for number in self._lexical.complete(typed, most)]

    def _by_words(self, hits: Sequence[Hit], most: int) -> list[Candidate]:
        scores = [one.score for one in hits[: most + OTHERS]]
        return [
            self._candidate(hit, hit.score, self._chance("lexical", scores, place))
            for place, hit in enumerate(hits[:most])
        ]

    def _blended(self, near: Sequence[Near], by_words: dict[int, Hit]) -> list[Candidate]:
        found = [
            (by_words.get(one.number) or Hit(one.number, 0.0, verbatim=False, nearest=0), one.score) for one in near
        ]
        # word for word is the same question, whatever an encoder makes of it
        found = [(hit, 1.0 if hit.verbatim else score) for hit, score in found]
        found.sort(key=lambda one: (-one[1], one[0].number))
        scores = [score for _, score in found]
        return [
            self._candidate(hit, score, self._chance("semantic", scores, place))
            for place, (hit, score) in enumerate(found)
        ]

    def _chance(self, ranker: Ranker, scores: Sequence[float], place: int) -> float:
        """Return the chance of one place: a later one's is its own score against the best of the others."""
        own = scores[place]
        others = [score for at, score in enumerate(scores[: place + 3]) if at != place]
        return self._calibrations[ranker].chance([own, *others[:OTHERS]])

    def _candidate(self, hit: Hit, score: float, chance: float) -> Candidate:
        document = self.documents[hit.number]
        by_meaning = hit.score == 0.0
        reason = Reason.VERBATIM if hit.verbatim else Reason.MEANING if by_meaning else Reason.WORDS
        if hit.verbatim:
            chance = max(chance, VERBATIM)
        return Candidate(document.id, score, chance, reason, document.asked[hit.nearest])
