"""What is searched: an id, the ways its question is asked, and the answer."""

from __future__ import annotations

from typing import Self

from bot.domain.faq import FaqEntry
from bot.domain.frozen import frozen


@frozen
class Document:
    """One entry as the search room sees it.

    Attributes:
        id: comes back with the candidate.
        asked: the question first, then its phrasings; at least one.
        answer: may be empty.
    """

    id: str
    asked: tuple[str, ...]
    answer: str = ""

    @classmethod
    def of(cls, entry: FaqEntry) -> Self:
        """Return an FAQ entry as a document."""
        return cls(entry.id, (entry.question, *entry.phrasings), entry.answer)

    def without(self, phrasing: int) -> Document:
        """Return the document without one of the ways it is asked; ``phrasing`` counts from 0."""
        return Document(self.id, (*self.asked[:phrasing], *self.asked[phrasing + 1 :]), self.answer)
