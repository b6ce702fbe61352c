"""Every act that scores, through the services: points stand exactly while their acts do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from random import Random

import pytest
from sqlalchemy import Connection

from bot.domain.board import ALWAYS, Window
from bot.domain.pack import Pack
from bot.domain.points import Reason
from bot.domain.roadmap import State
from bot.domain.streak import DayKind
from bot.services import points
from bot.services.answer import AnswerService
from bot.services.packs import Packs
from bot.services.placement import PlacementService
from bot.services.points import Gain
from bot.services.prompt import PromptService
from bot.services.roadmap import RoadmapService
from bot.services.thanks import Counted, ThanksService
from bot.services.topic import Marked
from bot.storage import board as board_store
from bot.storage import points as store
from bot.storage import prompt as prompt_store
from bot.storage import roadmap as roadmap_store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.posted import ANA, BEN, GUILD, posted

FIRST, SECOND = "python-first-steps", "python-data-structures"
LINK = "https://example.org/mine"


@dataclass(slots=True)
class Acts:
    """The services whose acts score, on one database."""

    database: Database
    pack: Pack
    road: RoadmapService
    prompts: PromptService
    answers: AnswerService
    thanks: ThanksService

    def worth(self, topic_id: str) -> int:
        """Return what a topic scores."""
        return round(self.pack.topics[topic_id].hours * self.pack.points.topic.points)

    async def standing(self, user_id: int = ANA) -> dict[tuple[Reason, str], int]:
        """Return what a member has for each source, without what was taken back."""

        def read(tx: Connection) -> dict[tuple[Reason, str], int]:
            latest = {(row.reason, row.source): row for row in store.every(tx, GUILD) if row.user_id == user_id}
            return {key: row.delta for key, row in latest.items() if row.turn % 2 == 0}

        return await self.database.read(read)

    async def score(self, user_id: int = ANA) -> int:
        """Return a member's points of all time, as the board has them."""

        def read(tx: Connection) -> int:
            board_id = board_store.find(tx, GUILD, Window.ALL, ALWAYS)
            return 0 if board_id is None else board_store.score_of(tx, board_id, user_id) or 0

        return await self.database.read(read)


@pytest.fixture
def acts(database: Database, pack: Pack, clock: FakeClock) -> Acts:
    """The services under test."""
    packs = Packs(database, pack)
    given = database, packs, clock
    services = RoadmapService(*given), PromptService(*given), AnswerService(*given), ThanksService(*given)
    return Acts(database, pack, *services)


async def test_a_topic_scores_by_its_effort_and_undo_takes_it_back(acts: Acts) -> None:
    done = await acts.road.mark(GUILD, ANA, FIRST, State.DONE)
    assert isinstance(done, Marked)
    assert done.gain == Gain(acts.worth(FIRST) + acts.pack.points.day.points)
    assert await acts.score() == done.gain.points
    undone = await acts.road.undo(GUILD, ANA)
    assert undone is not None
    assert undone.gain == Gain(-done.gain.points)
    assert await acts.score() == 0
    assert await acts.standing() == {}


async def test_twenty_presses_at_once_score_once(acts: Acts, clock: FakeClock) -> None:
    number = await posted(acts.database, clock)
    marked = await asyncio.gather(*(acts.road.mark(GUILD, ANA, FIRST, State.DONE) for _ in range(20)))
    pressed = await asyncio.gather(*(acts.prompts.done(GUILD, ANA, number) for _ in range(20)))
    table = acts.pack.points
    assert sum(one.gain.points for one in marked if isinstance(one, Marked)) == acts.worth(FIRST) + table.day.points
    assert sorted(one.page.gain.points for one in pressed) == [0] * 19 + [table.prompt.points]
    assert await acts.score() == acts.worth(FIRST) + table.day.points + table.prompt.points


async def test_only_done_scores(acts: Acts, clock: FakeClock) -> None:
    for state in (State.LEARNING, State.KNOWN, State.SKIPPED):
        outcome = await acts.road.mark(GUILD, ANA, FIRST, state)
        assert isinstance(outcome, Marked)
        assert outcome.gain == Gain()
    placement = PlacementService(acts.database, Packs(acts.database, acts.pack), clock)
    stage = acts.pack.track.stages[0].id
    await placement.know_stages(GUILD, ANA, stage, [stage])
    assert await acts.score() == 0
    await acts.road.mark(GUILD, ANA, FIRST, State.DONE)
    left = await acts.road.mark(GUILD, ANA, FIRST, State.KNOWN)
    assert isinstance(left, Marked)
    assert left.gain.points == -acts.worth(FIRST) - acts.pack.points.day.points


async def test_a_link_scores_until_it_is_removed_or_the_topic_is_not_done_any_more(acts: Acts) -> None:
    worth = acts.pack.points.evidence.points
    await acts.road.mark(GUILD, ANA, FIRST, State.DONE)
    assert (await acts.road.add_evidence(GUILD, ANA, FIRST, LINK)).gain == Gain(worth)
    assert (await acts.road.add_evidence(GUILD, ANA, FIRST, f"{LINK}/2")).gain == Gain()
    assert (await acts.road.add_evidence(GUILD, ANA, FIRST, "")).gain == Gain(-worth)
    undone = await acts.road.undo(GUILD, ANA)
    assert undone is not None
    assert undone.gain == Gain(worth)
    await acts.road.mark(GUILD, ANA, FIRST, State.LEARNING)
    assert await acts.standing() == {}


async def test_a_fresh_start_takes_all_and_its_undo_gives_all_back_for_the_old_days(
    acts: Acts, clock: FakeClock
) -> None:
    for topic_id in (FIRST, SECOND):
        await acts.road.mark(GUILD, ANA, topic_id, State.DONE)
        await acts.road.add_evidence(GUILD, ANA, topic_id, LINK)
        clock.move(days=1)
    before, score = await acts.standing(), await acts.score()
    clock.move(days=30)
    await acts.road.reset(GUILD, ANA)
    assert {reason for reason, _ in await acts.standing()} == {Reason.DAY}
    await acts.road.undo(GUILD, ANA)
    assert (await acts.standing(), await acts.score()) == (before, score)
    days = await acts.database.read(lambda tx: {row.day.month for row in store.every(tx, GUILD)})
    assert days == {11}, "nothing old counts for the month in which it was undone and redone"


async def test_a_prompt_an_answer_and_the_day_score_each_for_itself(acts: Acts, clock: FakeClock) -> None:
    table = acts.pack.points
    first, second = await posted(acts.database, clock), await posted(acts.database, clock)
    page = await acts.answers.write(GUILD, ANA, first, "Recall, since positives are rare.", shared=True)
    assert page.gain == Gain(table.prompt.points + table.day.points + table.answer.points)
    assert (await acts.prompts.done(GUILD, ANA, second)).page.gain == Gain(table.prompt.points)
    assert (await acts.prompts.take_back(GUILD, ANA, first)).page.gain == Gain(-table.prompt.points), "the day is kept"
    last = await acts.prompts.take_back(GUILD, ANA, second)
    assert last.page.gain == Gain(-table.prompt.points - table.day.points)
    again = await acts.answers.write(GUILD, ANA, first, "For me alone.", shared=False)
    assert again.gain == Gain(table.prompt.points + table.day.points - table.answer.points)
    assert (await acts.answers.write(GUILD, ANA, first, "Shared.", shared=True)).gain == Gain(table.answer.points)
    assert (await acts.answers.take_back(GUILD, ANA, first)).gain == Gain(-table.answer.points)


async def test_the_third_prompt_of_a_day_says_that_the_limit_is_reached(acts: Acts, clock: FakeClock) -> None:
    numbers = [await posted(acts.database, clock) for _ in range(3)]
    gains = [(await acts.prompts.done(GUILD, ANA, number)).page.gain for number in numbers]
    assert [gain.points for gain in gains] == [12, 10, 0]
    assert [gain.capped for gain in gains] == [False, False, True]


async def test_thanks_go_to_the_author_where_they_count(acts: Acts) -> None:
    told = [await acts.thanks.thank(GUILD, ANA, message, BEN) for message in (1, 1, 2, 3, 4)]
    assert [one.counted for one in told].count(Counted.YES) == 3
    assert await acts.score(BEN) == 3 * acts.pack.points.thanks.points
    assert await acts.score(ANA) == 0


@pytest.mark.parametrize("seed", [1, 2])
async def test_points_stand_exactly_while_their_acts_do(acts: Acts, clock: FakeClock, seed: int) -> None:
    random = Random(seed)  # noqa: S311  (drawn, not guessed)
    topics = [FIRST, SECOND, "environments-git"]
    numbers = [await posted(acts.database, clock) for _ in range(2)]
    for _ in range(90):
        topic_id, number = random.choice(topics), random.choice(numbers)
        done = await acts.database.read(lambda tx, one=topic_id: roadmap_store.marks(tx, GUILD, ANA).get(one))
        choices: list[Callable[[], Awaitable[object]]] = [
            partial(acts.road.mark, GUILD, ANA, topic_id, random.choice([*State]), confirmed=True),
            partial(acts.road.mark, GUILD, ANA, topic_id, State.DONE, confirmed=True),
            partial(acts.road.undo, GUILD, ANA),
            partial(acts.road.reset, GUILD, ANA),
            partial(acts.prompts.done, GUILD, ANA, number),
            partial(acts.prompts.take_back, GUILD, ANA, number),
            partial(acts.answers.write, GUILD, ANA, number, "Because.", shared=random.random() < 0.5),
            partial(acts.answers.take_back, GUILD, ANA, number),
        ]
        if done is not None and done.state is State.DONE:
            choices.append(partial(acts.road.add_evidence, GUILD, ANA, topic_id, random.choice([LINK, ""])))
        await random.choice(choices)()
        clock.move(hours=random.choice([0, 0, 1, 30]))
    stands = {key for key in await acts.standing() if key[0] is not Reason.THANKS}
    assert stands == await acts.database.read(partial(_owed, numbers=numbers))
    assert await acts.database.write(partial(points.rebuild, guild_id=GUILD))


def _owed(tx: Connection, numbers: list[int]) -> set[tuple[Reason, str]]:
    """Return the sources that ought to score, from the acts alone."""
    marks = roadmap_store.marks(tx, GUILD, ANA)
    owed = {(Reason.TOPIC, one) for one, mark in marks.items() if mark.state is State.DONE}
    owed |= {(Reason.EVIDENCE, one) for one, mark in marks.items() if mark.evidence}
    owed |= {(Reason.PROMPT, str(one)) for one in numbers if prompt_store.done(tx, GUILD, ANA, one)}
    answers = {one: prompt_store.answer(tx, GUILD, ANA, one) for one in numbers}
    owed |= {(Reason.ANSWER, str(one)) for one, answer in answers.items() if answer and answer.shared}
    rows = streak_store.standing(tx, GUILD, ANA)
    return owed | {(Reason.DAY, row.day.isoformat()) for row in rows if row.kind is DayKind.KEPT}
