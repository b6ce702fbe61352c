"""Looking things up in the FAQ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.faq import Band, FaqCategory, FaqEntry, band, likely
from bot.domain.pack import Pack
from bot.search.lexical import LexicalIndex


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry, found or chosen, with the entries beside it."""

    entry: FaqEntry
    category: FaqCategory
    related: tuple[FaqEntry, ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """Up to three entries that may be meant."""

    question: str
    entries: tuple[FaqEntry, ...]


@dataclass(frozen=True, slots=True)
class NothingFound:
    """No entry fits the question."""

    question: str


Finding: TypeAlias = Answer | Unsure | NothingFound


class FaqService:
    """Use-cases of ``/faq``. The index lives in memory, so nothing here waits."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._index = LexicalIndex(pack.entries.values())

    def ask(self, question: str) -> Finding:
        """Return the answer to a question, or up to three guesses, or nothing. Any text at all may be asked."""
        exact = self.pack.entries.get(question.strip())
        if exact is not None:
            return self.answer(exact.id)
        candidates = self._index.search(question)
        match band(candidates):
            case Band.SURE:
                return self.answer(candidates[0].entry_id)
            case Band.UNSURE:
                return Unsure(question, tuple(self.pack.entries[one.entry_id] for one in likely(candidates)))
            case Band.NO:
                return NothingFound(question)

    def answer(self, entry_id: str) -> Answer:
        """Return one entry.

        Raises:
            NotFoundError: where there is no such entry.
        """
        entry = self.pack.entry(entry_id)
        related = tuple(self.pack.entries[other] for other in entry.related)
        return Answer(entry, self.pack.category_of[entry_id], related)

    def complete(self, typed: str, most: int = 25) -> list[FaqEntry]:
        """Return entries for what has been typed so far."""
        return [self.pack.entries[entry_id] for entry_id in self._index.complete(typed, most)]
