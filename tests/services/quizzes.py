"""What the tests of quiz rounds share: a Discord that remembers what it was shown, and people who share topics."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.pack import Pack
from bot.domain.quiz import ANSWERING, GATHERING, READING, Question, Round
from bot.domain.review import LETTERS, Letter
from bot.domain.roadmap import State
from bot.services.courier import Later, Posted, Refused
from bot.services.group import Person
from bot.services.packs import Packs
from bot.services.quiz import QuizService
from bot.services.quiz_play import QuizPlay, Screen
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


async def begin(service: QuizService, play: QuizPlay, channel_id: int = HALL, size: int = 5) -> Round:
    """Begin a round of Ana's, and have it posted."""
    one = await service.start(GUILD, ANA, channel_id, None, size)
    assert await play.run(GUILD, one.number) is None
    return one


async def go_on(play: QuizPlay, clock: FakeClock, *spans: timedelta) -> None:
    """Let time pass, and the steps be taken that are due then."""
    for span in spans:
        clock.move(seconds=span.total_seconds())
        await play.tick()


async def answer(service: QuizService, stage: Stage, person: Person, *, well: bool) -> None:
    """Answer the question that is asked."""
    asked = stage.question
    letter = right(asked) if well else wrong(asked)
    await service.answer(GUILD, person.user_id, stage.now.one.number, asked.number, letter)


async def play_out(service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, well: dict[int, int]) -> Round:
    """Play a round of five; each member answers as many questions right as ``well`` says, and the others wrong."""
    one = await begin(service, play)
    await go_on(play, clock, GATHERING)
    for number in range(1, 6):
        for user_id, good in well.items():
            await answer(service, stage, Person(user_id, "x"), well=number <= good)
        await go_on(play, clock, ANSWERING, READING)
    return one
