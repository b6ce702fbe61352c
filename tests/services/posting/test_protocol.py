"""Each post goes out once: dying processes, lost answers, two processes at once, clocks that jump."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.domain.occurrence import LEASE, Occurrence, OccurrenceState
from bot.domain.pack import Pack
from bot.services.packs import Packs
from bot.services.posting import PostingService, StopAll, Unclear
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.posting.channel import Discord, added, rows, states


@pytest.mark.usefixtures("schedule")
async def test_a_post_goes_out_when_it_is_due_and_not_before(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(minutes=59)
    await service.tick()
    assert discord.messages == []
    clock.move(minutes=1)
    await service.tick()
    await service.tick()
    assert len(discord.messages) == 1
    (row,) = await rows(database)
    assert (row.state, row.message_id, row.posted_at) == (OccurrenceState.POSTED, 1, clock.now())


@pytest.mark.usefixtures("schedule")
async def test_f02_f03_a_process_that_dies_with_a_claim_is_taken_over_once(
    service: PostingService, other: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = ["lost"]
    await service.tick()
    await other.tick()
    assert discord.sends == 1, "the lease holds"
    clock.move(seconds=LEASE.total_seconds())
    await other.tick()
    assert len(discord.messages) == 1
    assert discord.sends == 1, "what is found is not sent again"
    assert await states(database) == [OccurrenceState.POSTED]


@pytest.mark.usefixtures("schedule")
async def test_f04_after_the_nonce_is_forgotten_the_message_is_found_by_reading(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = ["lost"]
    await service.tick()
    clock.move(hours=1)
    await service.tick()
    assert len(discord.messages) == 1
    assert await states(database) == [OccurrenceState.POSTED]


@pytest.mark.usefixtures("schedule")
async def test_f05_where_it_may_not_read_it_does_not_send_again_and_says_so(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = ["lost"]
    await service.tick()
    discord.readable = False
    for _ in range(3):
        clock.move(minutes=5)
        await service.tick()
    assert discord.sends == 1
    assert await states(database) == [OccurrenceState.UNKNOWN]
    assert len(discord.told) == 1
    assert "Read Message History" in discord.told[0]


@pytest.mark.usefixtures("schedule")
async def test_f06_f07_what_never_arrived_is_sent_again(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = [Unclear(), Unclear()]
    for _ in range(4):
        await service.tick()
        clock.move(minutes=3)
    assert len(discord.messages) == 1
    assert await states(database) == [OccurrenceState.POSTED]


async def test_f08_two_processes_in_the_same_minute_post_each_once(
    service: PostingService, other: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    for guild_id in range(1, 101):
        await added(database, clock, guild_id)
    clock.move(hours=1)
    await asyncio.gather(service.tick(), other.tick(), service.tick(), other.tick())
    assert len(discord.messages) == 100
    assert len({nonce for nonce, _, _ in discord.messages}) == 100
    assert discord.sends == 100


@pytest.mark.usefixtures("schedule")
async def test_f10_a_process_that_slept_past_half_its_lease_gives_up(
    database: Database, pack: Pack, clock: FakeClock, discord: Discord
) -> None:
    class Sleeper(PostingService):
        """A process that is stopped between its claim and its send."""

        async def _deliver(self, one: Occurrence) -> None:
            clock.move(minutes=5)
            await super()._deliver(one)

    clock.move(hours=1)
    await Sleeper(database, Packs(database, pack), clock, discord, "asleep").tick()
    assert discord.sends == 0
    await PostingService(database, Packs(database, pack), clock, discord, "awake").tick()
    assert len(discord.messages) == 1


@pytest.mark.usefixtures("schedule")
@pytest.mark.parametrize("hours", [2, -2, -24])
async def test_f12_a_clock_that_jumps_posts_nothing_twice(
    service: PostingService, clock: FakeClock, discord: Discord, hours: int
) -> None:
    clock.move(hours=1)
    await service.tick()
    clock.move(hours=hours)
    await service.tick()
    clock.move(hours=-hours)
    await service.tick()
    assert len(discord.messages) == 1


@pytest.mark.usefixtures("schedule")
async def test_when_discord_wants_nothing_the_lease_brings_it_back_later(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = [StopAll()]
    await service.tick()
    clock.move(minutes=9)
    await service.tick()
    assert discord.sends == 1, "nothing is claimed meanwhile"
    clock.move(minutes=1)
    await service.tick()
    assert await states(database) == [OccurrenceState.POSTED]


@pytest.mark.usefixtures("schedule")
async def test_what_leaves_begins_nothing_more(
    service: PostingService, other: PostingService, clock: FakeClock, discord: Discord
) -> None:
    clock.move(hours=1)
    await service.leave(1)
    assert await service.tick() == 0
    assert await other.tick() == 1
    assert len(discord.messages) == 1


@pytest.mark.parametrize("seed", range(5))
async def test_many_posts_through_a_bad_network_arrive_once_each(
    database: Database, pack: Pack, clock: FakeClock, discord: Discord, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    guilds = range(1, 21)
    for guild_id in guilds:
        await added(database, clock, guild_id)
    clock.move(hours=1)
    for round_number in range(40):
        discord.outcomes = [chance.choice(["lost", Unclear(), Unclear()]) for _ in range(chance.randrange(20))]
        service = PostingService(database, Packs(database, pack), clock, discord, f"process {round_number}")
        running = asyncio.create_task(service.tick())
        for _ in range(chance.randrange(40)):
            await asyncio.sleep(0)
        if chance.random() < 0.5:
            running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        clock.move(minutes=chance.choice([1, 2, 5]))
    discord.outcomes = []
    for _ in range(3):
        await PostingService(database, Packs(database, pack), clock, discord, "last").tick()
        clock.move(minutes=3)
    assert len({nonce for nonce, _, _ in discord.messages}) == len(discord.messages), "no post twice"
    assert len(discord.messages) == len(guilds), "no post lost"
    for guild_id in guilds:
        assert [row.state for row in await rows(database, guild_id)] == [OccurrenceState.POSTED]
