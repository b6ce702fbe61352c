"""Review cards: what a member is asked again after a topic is learnt. Each is answered in about 20 seconds.

Three kinds: a question with its answer, four choices with a reason for each, and a sentence with blanks. Every kind
has an ``id``, a ``topic``, a ``kind``, a ``front`` to ask with and a ``back`` to answer with. Texts may hold code
between backticks, so a card belongs in a message's text; a button gets a choice's letter, not its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from bot.domain.content import ContentModel, EntryId
from bot.domain.frozen import frozen

Letter = Literal["A", "B", "C", "D"]
LETTERS: Final[tuple[Letter, ...]] = ("A", "B", "C", "D")

BLANK: Final = re.compile(r"\{\{c([12])::([^{}]+)\}\}")
"""A blank as Anki writes it: ``{{c1::answer}}``."""

HIDDEN: Final = "[…]"
MOST_IN_A_BLANK: Final = 40

Front = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=300)]
Back = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=200)]


class Card(ContentModel):
    """What every kind of card has."""

    id: EntryId
    topic: Annotated[EntryId, Field(description="The topic of the road that teaches this, by id.")]


class QuestionCard(Card):
    """A question and its answer."""

    kind: Literal["question"]
    front: Annotated[Front, Field(description="The question, complete in itself.")]
    back: Annotated[Back, Field(description="The answer, and no more than a reader needs to judge their own.")]


class Option(ContentModel):
    """One of the choices. The text has at most 80 characters, so that it fits wherever Discord shows a choice."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    why: Annotated[Reason, Field(description="One sentence: why it is right, or what is wrong with it.")]


def four_different(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Return ``options`` if there are four and no two say the same.

    Raises:
        ValueError: with the reason, in words a moderator understands.
    """
    # pydantic's own bounds on a list count a choice that has a fault as absent, and so tell of a second fault
    if not len(options) == len({option.text.casefold() for option in options}) == len(LETTERS):
        raise ValueError("four choices that differ")
    return options


class ChoiceCard(Card):
    """A question with four choices, one of them right."""

    kind: Literal["choice"]
    front: Annotated[Front, Field(description="The question, complete in itself.")]
    choices: Annotated[
        tuple[Option, ...],
        Field(
            description="The four choices, in order, each with its reason.",
            json_schema_extra={"minItems": len(LETTERS), "maxItems": len(LETTERS)},
        ),
        AfterValidator(four_different),
    ]
    right: Annotated[Letter, Field(description="The letter of the right choice: A is the first.")]

    @property
    def answer(self) -> Option:
        """The right choice."""
        return self.choices[LETTERS.index(self.right)]

    @property
    def back(self) -> str:
        """The right choice and why it is."""
        return f"{self.right}. {self.answer.text}\n{self.answer.why}"


def with_blanks(text: str) -> str:
    """Return ``text`` if it holds one or two well-formed blanks and something around them.

    Raises:
        ValueError: with the reason, in words a moderator understands.
    """
    found = BLANK.findall(text)
    around = BLANK.sub("", text)
    if "{{" in around or "}}" in around:
        raise ValueError("blanks written as {{c1::answer}} and {{c2::answer}}")
    if [number for number, _ in found] not in (["1"], ["1", "2"]):
        raise ValueError("one or two blanks, {{c1::answer}} before {{c2::answer}}")
    if any(not answer.strip() or len(answer) > MOST_IN_A_BLANK for _, answer in found):
        raise ValueError(f"an answer of 1 to {MOST_IN_A_BLANK} characters in each blank")
    if len(around.split()) < 3:
        raise ValueError("at least three words around the blanks")
    return text


class ClozeCard(Card):
    """A sentence with one or two blanks to fill."""

    kind: Literal["cloze"]
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=20, max_length=300),
        Field(description="The sentence, its blanks written as {{c1::answer}} and {{c2::answer}}."),
        AfterValidator(with_blanks),
    ]

    @property
    def answers(self) -> tuple[str, ...]:
        """What belongs into the blanks, in order."""
        return tuple(found[2].strip() for found in BLANK.finditer(self.text))

    @property
    def front(self) -> str:
        """The sentence with its blanks open."""
        return BLANK.sub(HIDDEN, self.text)

    @property
    def back(self) -> str:
        """The sentence with its blanks filled, the answers in bold type."""
        return BLANK.sub(lambda found: f"**{found[2].strip()}**", self.text)


ReviewCard: TypeAlias = Annotated[QuestionCard | ChoiceCard | ClozeCard, Field(discriminator="kind")]
CardKind = Literal["question", "choice", "cloze"]


class CardShelf(ContentModel):
    """The review cards of one stage."""

    stage: EntryId
    cards: Annotated[tuple[ReviewCard, ...], Field(min_length=1, max_length=500)]


@frozen
class Cards:
    """Every review card of a pack.

    Attributes:
        by_id: card id to card, in the order of the files.
        of_topic: topic id to its cards, in the order of the files; a topic without cards is absent.
    """

    by_id: Mapping[str, ReviewCard] = field(default_factory=dict[str, ReviewCard])
    of_topic: Mapping[str, tuple[ReviewCard, ...]] = field(default_factory=dict[str, tuple[ReviewCard, ...]])

    @classmethod
    def of(cls, cards: Iterable[ReviewCard]) -> Self:
        """Index checked cards."""
        by_id = {card.id: card for card in cards}
        of_topic: dict[str, tuple[ReviewCard, ...]] = {}
        for card in by_id.values():
            of_topic[card.topic] = (*of_topic.get(card.topic, ()), card)
        return cls(by_id, of_topic)

    def choices(self, topic_id: str) -> tuple[ChoiceCard, ...]:
        """Return the multiple-choice cards of a topic, in order; empty where it has none."""
        return tuple(card for card in self.of_topic.get(topic_id, ()) if isinstance(card, ChoiceCard))
