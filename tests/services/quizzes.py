"""What the tests of quiz rounds share: a Discord that remembers what it was shown, and people who share topics."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.pack import Pack
from bot.domain.quiz import Question
from bot.domain.review import LETTERS, Letter
from bot.domain.roadmap import State
from bot.services.courier import Later, Posted, Refused
from bot.services.group import Person
from bot.services.packs import Packs
from bot.services.quiz_play import Screen
from bot.services.roadmap import RoadmapService
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

GUILD, HALL, OTHER = 11, 5, 6
ANA, BEN, CARA = (Person(20 + i, name) for i, name in enumerate(("Ana", "Ben", "Cara"), 1))
MO = Person(30, "Mo", moderates=True)


@dataclass(slots=True)
class Stage:
    """Takes what a round shows.

    Attributes:
        shown: what it took, in order.
        outcomes: what the next calls come to, instead of success; ``"crash"`` takes it and then fails.
        posts: how many messages it made; a round that tells its message makes none.
    """

    shown: list[Screen] = field(default_factory=list[Screen])
    outcomes: list[Refused | Later | str] = field(default_factory=list[Refused | Later | str])
    posts: int = 0

    async def show(self, screen: Screen) -> Posted | Refused | Later:
        """Take it, or not."""
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None and not isinstance(outcome, str):
            return outcome
        self.shown.append(screen)
        self.posts += screen.one.message_id is None
        if outcome == "crash":
            raise RuntimeError("the process dies here")
        return Posted(900 + screen.one.number)

    @property
    def now(self) -> Screen:
        """What people see."""
        return self.shown[-1]

    @property
    def question(self) -> Question:
        """What people are asked."""
        assert self.now.question is not None
        return self.now.question


async def share(
    database: Database, pack: Pack, clock: FakeClock, topics: int, people: tuple[Person, ...] = (ANA, BEN)
) -> list[str]:
    """Let people have finished the first topics of the road; return their ids."""
    roadmap, found = RoadmapService(database, Packs(database, pack), clock), list(pack.topics)[:topics]
    for one in people:
        for topic_id in found:
            await roadmap.mark(GUILD, one.user_id, topic_id, State.DONE, confirmed=True)
    return found


def right(question: Question) -> Letter:
    """Return the letter under which the right choice is shown."""
    return question.as_shown(question.card.right)


def wrong(question: Question) -> Letter:
    """Return a letter under which a wrong choice is shown."""
    return next(letter for letter in LETTERS if letter != right(question))
