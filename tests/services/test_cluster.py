"""Several processes on one database: how many shards, whose rows, whose outage, whose turn, whose interaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Final

import pytest
from sqlalchemy import Connection, event

from bot.domain.cluster import IDENTIFY_EVERY, TAKE_OVER_AFTER, Part, Share
from bot.domain.schedule import Slot
from bot.errors import StorageError
from bot.services.cluster import ClusterService
from bot.services.gateway import GatewayService
from bot.services.identify import IdentifyService
from bot.services.interaction import KNOWN_FOR, InteractionService
from bot.services.outage import OutageService
from bot.storage import follow_up as follow_up_store
from bot.storage import interaction as interaction_store
from bot.storage import letter as letter_store
from bot.storage import member as member_store
from bot.storage import occurrence as occurrence_store
from bot.storage import outage as outage_store
from bot.storage import quiz as quiz_store
from bot.storage import reminder as reminder_store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.occurrence import Plan
from tests.cogs.posted import EXERCISE
from tests.fakes.clock import FakeClock
from tests.wire.place import EVERY_DAY

FIRST, SECOND = Share(0, 2, 4), Share(1, 2, 4)
EVEN: Final = 4 << 22
ODD: Final = 5 << 22
"""A guild of the first process, and one of the second."""


async def said(shards: int) -> int:
    """Say what Discord recommends."""
    return shards


async def never() -> int:
    """Be Discord, that nobody was to ask."""
    raise AssertionError


async def test_the_number_of_shards_is_asked_for_once_and_holds_for_all(database: Database) -> None:
    first, second = (ClusterService(database, Part(number, 2)) for number in range(2))
    assert (await first.settle(lambda: said(7))).shards == 7
    assert (await second.settle(never)) == Share(1, 2, 7)
    assert not await second.outgrown(9), "several processes can't change it one by one"
    assert (await ClusterService(database, Part(0, 2)).settle(never)).shards == 7


async def test_a_number_that_is_set_holds_and_is_kept(database: Database) -> None:
    assert (await ClusterService(database, Part(0, 2)).settle(lambda: said(4))).shards == 4
    assert (await ClusterService(database, Part(0, 2, 16)).settle(never)).shards == 16
    assert (await ClusterService(database, Part(1, 2)).settle(never)).shards == 16


async def test_one_process_that_outgrows_its_connection_has_more_the_next_time(database: Database) -> None:
    small = ClusterService(database)
    assert not (await small.recall(), small.is_sharded)[1]
    assert not await small.outgrown(1)
    assert await small.outgrown(3)
    grown = ClusterService(database)
    assert (await grown.recall()).shard_ids() == [0, 1, 2]
    assert grown.is_sharded
    assert not await ClusterService(database, Part(shards=1)).outgrown(3), "what is set holds"


def _filled(tx: Connection, now: datetime) -> None:
    """Leave something of every kind to do in both guilds."""
    for guild_id in (EVEN, ODD):
        occurrence_store.plan(tx, Plan(guild_id, 9, now.date(), Slot.PRACTICE, EXERCISE, 5, now))
        reminder_store.put(tx, guild_id, 1, reminder_store.ReminderKind.LATER, 1, now, now)
        letter_store.put(tx, guild_id, letter_store.NewLetter(1, letter_store.LetterKind.APPROVED, "a", "b"), now)
        one = schedule_store.add(tx, guild_id, 5, time(9), EVERY_DAY, now)
        schedule_store.put_next(tx, one, (now.date(), now))


async def test_a_process_takes_its_own_at_once_and_the_others_late(database: Database, clock: FakeClock) -> None:
    await database.write(lambda tx: _filled(tx, clock.now()))

    def taken(tx: Connection, now: datetime, share: Share) -> dict[str, list[int]]:
        return {
            "schedules": [one.guild_id for one in schedule_store.due(tx, now, 9, share)],
            "posts": [one.guild_id for one in occurrence_store.claim(tx, "me", now, 9, share)],
            "reminders": [one.guild_id for one in reminder_store.claim(tx, "me", now, 9, share)],
            "letters": [one.guild_id for one in letter_store.claim(tx, now, 9, share)],
        }

    mine = await database.write(lambda tx: taken(tx, clock.now(), FIRST))
    assert mine == {kind: [EVEN] for kind in mine}
    clock.move(seconds=TAKE_OVER_AFTER.total_seconds() - 1)
    none = await database.write(lambda tx: taken(tx, clock.now(), FIRST))
    assert ODD not in [guild_id for found in none.values() for guild_id in found]
    clock.move(seconds=1)
    late = await database.write(lambda tx: taken(tx, clock.now(), FIRST))
    assert all(ODD in found for found in late.values()), late


ASKS: Final[dict[str, Callable[[Connection, datetime], object]]] = {
    "ix_occurrence_open": lambda tx, now: occurrence_store.claim(tx, "me", now, 9, FIRST),
    "ix_occurrence_follow_up": lambda tx, now: follow_up_store.claim(tx, now, 9, FIRST),
    "ix_reminder_open": lambda tx, now: reminder_store.claim(tx, "me", now, 9, FIRST),
    "ix_letter_next_at": lambda tx, now: letter_store.claim(tx, now, 9, FIRST),
    "ix_schedule_next_run_at": lambda tx, now: schedule_store.due(tx, now, 9, FIRST),
    "ix_member_next_reminder_at": lambda tx, now: member_store.due_for_reminder(tx, now, 9, FIRST),
    "ix_quiz_round_next_at": lambda tx, now: quiz_store.due(tx, now, 9, FIRST),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("index", ASKS)
async def test_a_share_is_found_by_the_index_of_all(database: Database, clock: FakeClock, index: str) -> None:
    def plan(tx: Connection) -> str:
        said: list[tuple[str, tuple[object, ...]]] = []

        def note(_c: object, _u: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
            said.append((statement, parameters))

        event.listen(tx, "before_cursor_execute", note)
        ASKS[index](tx, clock.now())
        event.remove(tx, "before_cursor_execute", note)
        ((asked, given),) = said
        return str(tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", given).all())

    found = await database.read(plan)
    assert f"INDEX {index}" in found
    assert "TEMP B-TREE FOR ORDER BY" not in found


async def test_an_outage_of_one_process_excuses_only_who_was_in_its_guilds(
    database: Database, clock: FakeClock
) -> None:
    first, second = (OutageService(database, clock, lambda share=share: share) for share in (FIRST, SECOND))
    began = clock.now()
    await first.beat()
    await second.beat()
    for _ in range(180):
        clock.move(minutes=1)
        await first.beat()
    await second.beat()

    async def since(guild_id: int) -> list[outage_store.Span]:
        return list(await database.read(lambda tx: outage_store.since(tx, guild_id, datetime(2020, 1, 1, tzinfo=UTC))))

    assert await since(EVEN) == []
    assert await since(ODD) == [(began, clock.now())]


async def test_only_the_first_process_that_asks_deals_with_an_interaction(database: Database, clock: FakeClock) -> None:
    old, new = (InteractionService(database, clock, lambda: FIRST) for _ in range(2))
    number = int((clock.now().timestamp() * 1000) - interaction_store.DISCORDS_EPOCH_MS) << 22
    answers = await asyncio.gather(*(one.is_ours(number) for one in (old, new, old, new)))
    assert sorted(answers) == [False, False, False, True]
    clock.move(minutes=KNOWN_FOR.total_seconds() / 60 - 1)
    await new.tidy()
    assert not await new.is_ours(number)
    clock.move(minutes=2)
    await new.tidy()
    assert await new.is_ours(number), "it is forgotten, when Discord takes no answer to it any more"
    alone = InteractionService(database, clock)
    assert [await alone.is_ours(number) for _ in range(2)] == [True, True], "one process needs no row"


async def test_without_the_database_an_interaction_is_dealt_with(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_work: object) -> None:
        raise StorageError("It is away.")

    service = InteractionService(database, clock, lambda: FIRST)
    monkeypatch.setattr(database, "write", away)
    assert await service.is_ours(7)
    await service.tidy()


async def test_one_identify_in_five_seconds_from_each_bucket_of_all_processes(
    database: Database, clock: FakeClock
) -> None:
    begun: list[tuple[int, datetime]] = []
    asleep = 0

    async def sleep(seconds: float) -> None:
        nonlocal asleep
        asleep += 1
        await asyncio.sleep(0)
        clock.move(seconds=min(seconds, 0.05))

    async def start(share: Share) -> None:
        turns = IdentifyService(database, clock, sleep)
        turns.max_concurrency = 2
        for shard_id in share.shard_ids():
            await turns.wait(shard_id)
            await turns.use(shard_id)
            begun.append((shard_id, clock.now()))

    began = clock.now()
    await asyncio.gather(*(start(Share(number, 3, 6)) for number in range(3)))
    for bucket in range(2):
        at = sorted(instant for shard_id, instant in begun if shard_id % 2 == bucket)
        assert len(at) == 3
        assert min(later - earlier for earlier, later in pairwise(at)) >= timedelta(seconds=5)
    assert clock.now() - began < 4 * IDENTIFY_EVERY, "buckets don't wait for each other"
    assert asleep


async def test_a_killed_process_leaves_the_pause_behind(database: Database, clock: FakeClock) -> None:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        clock.move(seconds=seconds)

    await IdentifyService(database, clock, sleep).use(0)
    assert naps == []
    await IdentifyService(database, clock, sleep).use(0)
    assert sum(naps) == pytest.approx(IDENTIFY_EVERY.total_seconds())


async def test_a_start_of_many_shards_is_one_start(database: Database, clock: FakeClock) -> None:
    sessions = GatewayService(database, clock, lambda: Share(0, 2, 16))
    for _ in range(4 * 8 + 7):
        assert await sessions.pause() is None
        await sessions.begin()
        clock.move(seconds=1)
    await sessions.begin()
    assert await sessions.pause() is not None, "that were five within the hour"
    other = GatewayService(database, clock, lambda: Share(1, 2, 16))
    assert await other.pause() is None, "another process is no crash loop"
    other.allow(20, timedelta(hours=1))
    assert await other.pause() is not None, "all processes together need sixteen, and five are left alone"
