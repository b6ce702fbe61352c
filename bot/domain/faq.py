"""FAQ entries: a question, the ways members ask it, one short answer."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.content import ContentModel, EntryId, Figure, Link, Sentence, Title
from bot.domain.frozen import frozen

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


class Reason(Enum):
    """Why an entry was found."""

    VERBATIM = "the question is one of its phrasings"
    WORDS = "it holds the question's words"
    MEANING = "it means nearly the same"


@frozen
class Candidate:
    """An entry that may answer a question.

    Attributes:
        entry_id: the entry.
        score: how well it fits, 0 to 1; comparable within one search only.
        chance: how likely it is the right one, 0 to 1, where every second question is about something else.
        reason: why it was found.
        nearest: the way it is asked that is most like the question.
    """

    entry_id: str
    score: float
    chance: float = 0.0
    reason: Reason = Reason.WORDS
    nearest: str = ""


class Vote(StrEnum):
    """What a member says of an entry for a question."""

    PICKED = "picked"
    HELPED = "helped"
    MISSED = "missed"


@frozen
class Learned:
    """A question as members ask it, in plain small words, and the entry that it may be a phrasing of."""

    question: str
    entry_id: str
