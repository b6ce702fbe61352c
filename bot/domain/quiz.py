"""A quiz round: its steps and their times, which questions it asks, in which order its choices stand, and who won.

A round is a row and a step: 0 while people gather, then two for each question (it is asked, then it is answered), and
one for the scores. All instants are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2s
from typing import Final

from bot.domain.frozen import frozen
from bot.domain.recall import REVIEWED
from bot.domain.review import LETTERS, Cards, ChoiceCard, Letter

SIZES: Final = (5, 7, 10)
"""How many questions a round may have."""
SHARED_BY: Final = 2
"""How many members make a topic a shared one."""
GATHERING: Final = timedelta(seconds=15)
ANSWERING: Final = timedelta(seconds=20)
READING: Final = timedelta(seconds=15)
"""How long the right answer and the reasons stand before the next question."""
AWAY_TOO_LONG: Final = timedelta(minutes=10)
"""A round that stood still for longer ends with the scores so far: those who played have left."""
POSTED_WITHIN: Final = timedelta(minutes=2)
"""How long it is tried to post a round: Discord forgets a nonce after some minutes."""
COUNTS: Final = frozenset(REVIEWED)
"""A topic in one of these states is one that the member can be asked about, as in reviews."""


class RoundState(StrEnum):
    """Whether a round is played (open), over with its scores not shown yet (closing), or over (ended)."""

    OPEN = "open"
    CLOSING = "closing"
    ENDED = "ended"


class RoundEnd(StrEnum):
    """Why a round is over."""

    PLAYED = "played"
    STOPPED = "stopped"
    AWAY = "away"
    REFUSED = "refused"


class Phase(StrEnum):
    """What a step shows."""

    GATHER = "gather"
    ASK = "ask"
    TELL = "tell"
    SCORES = "scores"


LASTS: Final = {Phase.GATHER: GATHERING, Phase.ASK: ANSWERING, Phase.TELL: READING, Phase.SCORES: timedelta()}


@frozen
class Round:
    """A round as it stands.

    Attributes:
        number: counts the rounds of a guild, from 1.
        channel_id: the channel or thread it is played in.
        group_id: the study group it is for; None for everybody.
        size: how many questions it has.
        shared: how many of them are of topics that are shared; the first ones.
        stage: the title of the stage that the others are from.
        started_by: who began it; 0 for somebody whose data was deleted.
        step: where it is.
        shown: the step that the message shows; None before there is a message.
        due_at: when the step is over.
        asked: how many questions count, once it is over.
    """

    guild_id: int
    number: int
    channel_id: int
    group_id: int | None
    size: int
    shared: int
    stage: str
    started_by: int
    started_at: datetime
    state: RoundState
    step: int
    due_at: datetime
    shown: int | None = None
    message_id: int | None = None
    ended: RoundEnd | None = None
    ended_by: int | None = None
    asked: int = 0

    @property
    def phase(self) -> Phase:
        """What the step shows."""
        return phase_of(self.step, self.size)

    @property
    def question(self) -> int:
        """The number of the question that is asked or answered, from 1; 0 while people gather."""
        return min((self.step + 1) // 2, self.size)


@frozen
class Question:
    """A question of a round. The card is kept as it was when the round began, so that a later edit changes no score.

    Attributes:
        number: 1 for the first.
        topic: the title of its topic.
        order: the card's letters in the order in which the choices are shown.
    """

    number: int
    card: ChoiceCard
    topic: str
    order: tuple[Letter, ...]

    def of_card(self, shown: Letter) -> Letter:
        """Return the card's letter of the choice that is shown under a letter."""
        return self.order[LETTERS.index(shown)]

    def as_shown(self, letter: Letter) -> Letter:
        """Return the letter under which a choice of the card is shown."""
        return LETTERS[self.order.index(letter)]


@frozen
class Answered:
    """What somebody chose, by the card's letter."""

    question: int
    user_id: int
    letter: Letter


@frozen
class Score:
    """How one member did: the place (equal ones share it), right answers, and how many questions were answered."""

    user_id: int
    rank: int
    right: int
    answered: int


@frozen
class Chosen:
    """The questions of a round: cards in order, how many of them are of shared topics."""

    cards: tuple[ChoiceCard, ...]
    shared: int


def phase_of(step: int, size: int) -> Phase:
    """Return what a step of a round of ``size`` questions shows."""
    if step == 0:
        return Phase.GATHER
    if step > 2 * size:
        return Phase.SCORES
    return Phase.ASK if step % 2 else Phase.TELL


def length(size: int) -> timedelta:
    """Return how long a round of ``size`` questions takes."""
    return GATHERING + size * (ANSWERING + READING)


def counted(one: Round, end: RoundEnd) -> int:
    """Return how many questions count in a round that ends where it is.

    One that is still being answered counts only if its time ran out and people saw it: a stop must not cost a point.
    """
    if one.phase is Phase.ASK and (end is RoundEnd.STOPPED or one.shown != one.step):
        return one.question - 1
    return one.question


def choose(cards: Cards, shared: Collection[str], stage: Sequence[str], used: Mapping[str, int], seed: str) -> Chosen:
    """Return the questions that a round could ask, up to the largest size, the shared ones first.

    What was asked least here comes first; among that, one of every topic before a second one of any. Where the shared
    topics have too few, the topics of the group's stage fill up.

    Args:
        cards: the cards of the pack.
        shared: ids of the topics that the group shares.
        stage: ids of the topics of the group's stage.
        used: how often each card was asked in this guild; absent means never.
        seed: the same seed gives the same questions.
    """
    first = _in_turn(cards, shared, used, seed)[: SIZES[-1]]
    taken = {card.id for card in first}
    more = [card for card in _in_turn(cards, stage, used, seed) if card.id not in taken]
    return Chosen((*first, *more)[: SIZES[-1]], len(first))


def sizes(possible: int) -> tuple[int, ...]:
    """Return the sizes that so many questions suffice for; none where there are too few for a round."""
    return tuple(size for size in SIZES if size <= possible)


def shuffled(card: ChoiceCard, seed: str) -> tuple[Letter, ...]:
    """Return the letters of a card in the order in which its choices are shown; the same for the same seed."""
    return tuple(sorted(LETTERS, key=lambda letter: _lot(seed, card.id, letter)))


def scores(questions: Iterable[Question], answers: Iterable[Answered], asked: int) -> tuple[Score, ...]:
    """Return how everybody did who answered one of the first ``asked`` questions, the best first.

    A right answer is a point. How fast it came does not count: whoever reads in a second language, or types on a
    phone, knows no less. Equal ones share a place, and the places after it are left out (1, 1, 3).
    """
    right = {one.number: one.card.right for one in questions if one.number <= asked}
    told: dict[int, list[bool]] = {}
    for one in answers:
        if one.question in right:
            told.setdefault(one.user_id, []).append(one.letter == right[one.question])
    points = sorted((sum(given) for given in told.values()), reverse=True)
    found = (Score(who, points.index(sum(given)) + 1, sum(given), len(given)) for who, given in told.items())
    return tuple(sorted(found, key=lambda one: (one.rank, one.user_id)))


def missed(questions: Iterable[Question], letters: Mapping[int, Letter], asked: int) -> list[Question]:
    """Return which of the first ``asked`` questions somebody who chose these ``letters`` did not answer right."""
    return [one for one in questions if one.number <= asked and letters.get(one.number) != one.card.right]


def _in_turn(cards: Cards, topics: Collection[str], used: Mapping[str, int], seed: str) -> list[ChoiceCard]:
    """Return the multiple-choice cards of topics: the least used first, and topic by topic in turn."""
    found: list[tuple[int, int, bytes, ChoiceCard]] = []
    for topic_id in set(topics):
        mine = sorted(cards.choices(topic_id), key=lambda card: (used.get(card.id, 0), _lot(seed, card.id)))
        found += [(used.get(card.id, 0), turn, _lot(seed, card.id), card) for turn, card in enumerate(mine)]
    return [card for *_, card in sorted(found, key=lambda one: one[:3])]


def _lot(*parts: str) -> bytes:
    return blake2s(":".join(parts).encode()).digest()
