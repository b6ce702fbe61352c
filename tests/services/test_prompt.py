"""Done, taking it back, and another exercise in its place, through the service and a real database."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from bot.domain.answer import Vote
from bot.domain.instead import fingerprint
from bot.domain.pack import Pack
from bot.domain.streak import DayKind
from bot.errors import NotFoundError
from bot.services.packs import Packs
from bot.services.prompt import PromptService
from bot.storage import prompt as store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.posted import ANA, BEN, GUILD, posted


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock) -> PromptService:
    """The service under test."""
    return PromptService(database, Packs(database, pack), clock)


async def kept_days(database: Database, user_id: int) -> list[tuple[date, str]]:
    """Return the days a member has kept, with what kept them."""
    rows = await database.read(lambda tx: streak_store.standing(tx, GUILD, user_id))
    return [(row.day, row.source) for row in rows if row.kind is DayKind.KEPT]


async def test_presses_at_the_same_moment_count_once(
    service: PromptService, database: Database, clock: FakeClock
) -> None:
    number = await posted(database, clock)
    pressed = await asyncio.gather(*(service.done(GUILD, ANA, number) for _ in range(20)))
    assert [one.again for one in pressed].count(False) == 1
    assert {one.page.counts.done for one in pressed} == {1}
    assert await kept_days(database, ANA) == [(date(2026, 11, 23), f"prompt:{number}")]
    assert (await service.done(GUILD, BEN, number)).page.counts.done == 2


async def test_it_counts_for_the_day_it_is_pressed_and_a_later_press_moves_nothing(
    service: PromptService, database: Database, clock: FakeClock
) -> None:
    number = await posted(database, clock)
    clock.move(days=3)
    first = await service.done(GUILD, ANA, number)
    clock.move(days=1)
    second = await service.done(GUILD, ANA, number)
    assert (first.day, first.again) == (date(2026, 11, 26), False)
    assert (second.day, second.again) == (date(2026, 11, 26), True)
    assert await kept_days(database, ANA) == [(date(2026, 11, 26), f"prompt:{number}")]


async def test_undo_withdraws_the_day_and_leaves_what_other_acts_kept(
    service: PromptService, database: Database, clock: FakeClock
) -> None:
    one, two = await posted(database, clock), await posted(database, clock)
    await service.done(GUILD, ANA, one)
    await service.done(GUILD, ANA, two)
    taken = await service.take_back(GUILD, ANA, one)
    assert (taken.day, taken.page.done, taken.page.counts.done) == (date(2026, 11, 23), None, 0)
    assert taken.streak.length == 1, "the other post of the day keeps it"
    assert await kept_days(database, ANA) == [(date(2026, 11, 23), f"prompt:{two}")]
    assert (await service.take_back(GUILD, ANA, two)).streak.length == 0
    assert (await service.take_back(GUILD, ANA, two)).day is None
    clock.move(days=1)
    assert (await service.done(GUILD, ANA, two)).day == date(2026, 11, 24)


async def test_votes_lead_one_level_on_and_never_back(
    service: PromptService, database: Database, clock: FakeClock, pack: Pack
) -> None:
    number = await posted(database, clock)
    posted_one = pack.exercises.prompts["f-scaled-six"]
    seen = {posted_one.id}
    page = await service.open(GUILD, ANA, number)
    levels: list[int] = []
    for vote in [Vote.TOO_EASY, Vote.TOO_EASY, Vote.TOO_EASY, Vote.TOO_HARD, Vote.TOO_HARD, Vote.TOO_HARD]:
        outcome = await service.vote(GUILD, ANA, number, vote, fingerprint(page.exercise_id))
        page = outcome.page
        assert outcome.given
        assert page.replaced
        assert page.exercise_id not in seen
        seen.add(page.exercise_id)
        given = pack.exercises.prompts[page.exercise_id]
        assert set(given.topics) & set(posted_one.topics) or pack.exercises.stage_of[given.id] == "ml-fundamentals"
        levels.append(given.level)
    assert levels == [2, 3, 3, 2, 1, 1]
    votes = await database.read(lambda tx: store.votes(tx, GUILD, clock.now() - timedelta(days=1)))
    assert votes["f-scaled-six"] == (0, 1)
    assert len(votes) == 6


async def test_a_second_press_of_the_same_vote_gives_nothing_more(
    service: PromptService, database: Database, clock: FakeClock
) -> None:
    number = await posted(database, clock)
    shown = fingerprint("f-scaled-six")
    pressed = await asyncio.gather(*(service.vote(GUILD, ANA, number, Vote.TOO_EASY, shown) for _ in range(5)))
    assert len({one.page.exercise_id for one in pressed}) == 1
    assert not (await service.open(GUILD, BEN, number)).replaced


async def test_when_nothing_is_left_it_says_so_and_the_vote_stands(
    service: PromptService, database: Database, clock: FakeClock, pack: Pack
) -> None:
    number = await posted(database, clock)
    had = ["f-scaled-six"]
    outcome = await service.vote(GUILD, ANA, number, Vote.TOO_HARD, fingerprint(had[-1]))
    while outcome.given and len(had) < 99:
        had.append(outcome.page.exercise_id)
        outcome = await service.vote(GUILD, ANA, number, Vote.TOO_HARD, fingerprint(had[-1]))
    assert 3 <= len(had) == len(set(had)) <= 60
    assert outcome.page.exercise_id == had[-1]
    assert {pack.exercises.prompts[one].level for one in had} == {1}, "nothing harder for whom it is too hard"
    votes = await database.read(lambda tx: store.votes(tx, GUILD, clock.now()))
    assert votes == dict.fromkeys(had, (1, 0))


async def test_the_alternative_counts_for_the_post_and_is_not_given_again(
    service: PromptService, database: Database, clock: FakeClock
) -> None:
    number = await posted(database, clock)
    given = (await service.vote(GUILD, ANA, number, Vote.TOO_EASY, fingerprint("f-scaled-six"))).page.exercise_id
    done = await service.done(GUILD, ANA, number)
    assert done.page.done is not None
    assert done.page.done.exercise_id == given
    again = await posted(database, clock, "f-name-the-task")
    other = await service.vote(GUILD, ANA, again, Vote.TOO_EASY, fingerprint("f-name-the-task"))
    assert other.page.exercise_id != given
    assert not (await service.restore(GUILD, ANA, again)).replaced


@pytest.mark.parametrize("shelf", ["tasks", "papers"])
async def test_a_task_or_a_paper_is_replaced_by_a_practice_prompt(
    service: PromptService, database: Database, clock: FakeClock, pack: Pack, shelf: str
) -> None:
    exercise = next(iter(getattr(pack.exercises, shelf).values()))
    number = await posted(database, clock, exercise.id)
    outcome = await service.vote(GUILD, ANA, number, Vote.TOO_HARD, fingerprint(exercise.id))
    assert outcome.given
    given = pack.exercises.prompts[outcome.page.exercise_id]
    stages = {pack.stage_of[topic].id for topic in exercise.topics}
    assert set(given.topics) & set(exercise.topics) or pack.exercises.stage_of[given.id] in stages


async def test_a_post_of_another_guild_or_not_sent_yet_is_not_there(
    service: PromptService, database: Database, clock: FakeClock
) -> None:
    number = await posted(database, clock, guild_id=GUILD + 1)
    for act in (service.open, service.done, service.take_back, service.restore):
        with pytest.raises(NotFoundError, match="/today"):
            await act(GUILD, ANA, number)
    with pytest.raises(NotFoundError):
        await service.vote(GUILD, ANA, number, Vote.TOO_HARD, 1)
    with pytest.raises(NotFoundError):
        await service.shown(GUILD, number)
    mine = await posted(database, clock)
    await database.write(
        lambda tx: tx.exec_driver_sql("UPDATE occurrence SET state = 'planned', message_id = NULL WHERE guild_id = 11")
    )
    with pytest.raises(NotFoundError):
        await service.done(GUILD, ANA, mine)
    await database.write(lambda tx: tx.exec_driver_sql("UPDATE occurrence SET state = 'sending' WHERE guild_id = 11"))
    assert not (await service.done(GUILD, ANA, mine)).again, "it can be pressed before the bot knows that it arrived"
