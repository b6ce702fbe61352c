"""*Later*: it comes at its time, once, and not for what is done."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.occurrence import LEASE
from bot.domain.pack import Pack
from bot.domain.reminder import ReminderKind, ReminderState
from bot.services.packs import Packs
from bot.services.reminder import MOST_TRIES, ReminderService, Unclear
from bot.storage import prompt as prompt_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.reminding.letters import ANA, EXERCISE, GUILD, TODAY, Post, later, posted, state


async def test_later_comes_at_its_time_with_what_to_do_and_the_way_there(
    service: ReminderService, database: Database, clock: FakeClock, post: Post
) -> None:
    await posted(database, clock.now())
    await later(database, clock)
    clock.move(minutes=59)
    await service.tick()
    assert post.arrived == []
    clock.move(minutes=1)
    await service.tick()
    (notice,) = post.arrived
    assert (notice.user_id, notice.kind) == (ANA, ReminderKind.LATER)
    assert notice.item is not None
    assert notice.item.id == EXERCISE
    assert notice.link == f"https://discord.com/channels/{GUILD}/5/77"
    assert await state(database, ReminderKind.LATER) is ReminderState.SENT
    await service.tick()
    assert post.writes == 1


async def test_what_is_done_meanwhile_is_not_reminded_of(
    service: ReminderService, database: Database, clock: FakeClock, post: Post
) -> None:
    await posted(database, clock.now())
    await later(database, clock)
    await database.write(lambda tx: prompt_store.mark_done(tx, GUILD, ANA, 1, EXERCISE, TODAY, clock.now()))
    clock.move(hours=1)
    await service.tick()
    assert post.writes == 0
    assert await state(database, ReminderKind.LATER) is ReminderState.DROPPED


async def test_the_exercise_in_its_place_is_what_one_is_reminded_of(
    service: ReminderService, database: Database, clock: FakeClock, post: Post
) -> None:
    await posted(database, clock.now())
    await later(database, clock)
    await database.write(lambda tx: prompt_store.put_instead(tx, GUILD, ANA, 1, "p-aliased-grid", clock.now()))
    clock.move(hours=1)
    await service.tick()
    assert [notice.item and notice.item.id for notice in post.arrived] == ["p-aliased-grid"]


@pytest.mark.parametrize(("late", "arrives"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)])
async def test_later_is_sent_a_day_late_and_no_more(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, late: timedelta, arrives: bool
) -> None:
    await posted(database, clock.now())
    await later(database, clock)
    clock.move(hours=1, seconds=late.total_seconds())
    await service.tick()
    assert (len(post.arrived) == 1) is arrives


async def test_an_answer_that_is_lost_makes_no_second_message(
    service: ReminderService, database: Database, clock: FakeClock, post: Post
) -> None:
    await posted(database, clock.now())
    await later(database, clock, 0)
    post.outcomes = ["lost"]
    await service.tick()
    await service.tick()
    assert post.writes == 1, "the lease holds"
    clock.move(seconds=LEASE.total_seconds())
    await service.tick()
    assert (post.writes, len(post.arrived)) == (2, 1)
    assert [notice.tries for notice in post.arrived] == [1]
    assert await state(database, ReminderKind.LATER) is ReminderState.SENT


async def test_two_processes_send_it_once(
    service: ReminderService, database: Database, pack: Pack, clock: FakeClock, post: Post
) -> None:
    other = ReminderService(database, Packs(database, pack), clock, post, "two")
    for number in range(1, 31):
        await posted(database, clock.now(), TODAY + timedelta(days=number))
        await later(database, clock, 0, number)
    await asyncio.gather(*(one.tick() for one in (service, other, service, other)))
    assert len(post.arrived) == len({notice.nonce for notice in post.arrived}) == post.writes == 30


async def test_what_discord_never_takes_is_given_up(
    service: ReminderService, database: Database, clock: FakeClock, post: Post
) -> None:
    await posted(database, clock.now())
    await later(database, clock, 0)
    post.outcomes = [Unclear()] * 99
    for _ in range(MOST_TRIES + 3):
        await service.tick()
        clock.move(seconds=LEASE.total_seconds())
    assert post.writes == MOST_TRIES
    assert await state(database, ReminderKind.LATER) is ReminderState.DROPPED
