"""FAQ entries: a question, the ways members ask it, one short answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from bot.domain.content import ContentModel, EntryId, Figure, Link, Sentence, Title

Phrasing = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=140)]


class FaqEntry(ContentModel):
    """One question with its answer."""

    id: EntryId
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=90)]
    phrasings: Annotated[
        tuple[Phrasing, ...], Field(min_length=3, max_length=6, description="As members would type it.")
    ]
    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=40, max_length=1200)]
    figure: Annotated[Figure | None, Field(description="Needed wherever the answer states a dated figure.")] = None
    link: Link | None = None
    related: Annotated[tuple[EntryId, ...], Field(max_length=4, description="Other FAQ entries, by id.")] = ()
    topics: Annotated[tuple[EntryId, ...], Field(max_length=4, description="Topics of the road, by id.")] = ()


class FaqCategory(ContentModel):
    """A shelf of the FAQ."""

    id: EntryId
    order: Annotated[int, Field(ge=1, le=25)]
    title: Title
    summary: Sentence
    entries: Annotated[tuple[FaqEntry, ...], Field(min_length=1, max_length=50)]


class Band(Enum):
    """How sure the bot is that it found what was asked."""

    SURE = auto()
    UNSURE = auto()
    NO = auto()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may answer a question. ``score`` is 0 to 1."""

    entry_id: str
    score: float


SURE_FROM: Final = 0.7
SURE_LEAD: Final = 0.08
UNSURE_FROM: Final = 0.42


def band(candidates: Sequence[Candidate]) -> Band:
    """Judge the candidates for a question, best first: answer, ask back, or say that nothing was found.

    Sure needs a high score and a lead over the runner-up: two entries that fit alike are a reason to ask.
    """
    if not candidates or candidates[0].score < UNSURE_FROM:
        return Band.NO
    lead = candidates[0].score - candidates[1].score if len(candidates) > 1 else 1.0
    return Band.SURE if candidates[0].score >= SURE_FROM and lead >= SURE_LEAD else Band.UNSURE


def likely(candidates: Sequence[Candidate], most: int = 3) -> Sequence[Candidate]:
    """Return the candidates worth asking back about, best first."""
    return [one for one in candidates if one.score >= UNSURE_FROM][:most]
