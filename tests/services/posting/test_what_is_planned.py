"""What is planned for a date: absence, skipped dates, pauses, refusals, and which exercise comes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.answer import Vote
from bot.domain.occurrence import OccurrenceState
from bot.domain.pack import Pack
from bot.domain.schedule import BALANCED, ScheduleState, Slot
from bot.services.courier import BadItem, Later, Refused
from bot.services.posting import PostingService
from bot.storage import guild as guild_store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.guild import Guild
from bot.storage.prompt import put_vote
from bot.storage.schedule import Schedule
from tests.fakes.clock import FakeClock
from tests.services.posting.channel import GUILD, Discord, added, rows, states


@pytest.mark.usefixtures("schedule")
@pytest.mark.parametrize(
    ("away", "posted", "missed"),
    [(timedelta(hours=5), 1, 0), (timedelta(hours=33), 0, 2), (timedelta(days=10, hours=2), 1, 10)],
)
async def test_f11_after_an_absence_there_is_one_post_at_most(
    service: PostingService,
    clock: FakeClock,
    discord: Discord,
    database: Database,
    away: timedelta,
    posted: int,
    missed: int,
) -> None:
    clock.move(seconds=away.total_seconds())
    await service.tick()
    assert len(discord.messages) == posted
    found = await states(database)
    assert found.count(OccurrenceState.POSTED) == posted
    assert found.count(OccurrenceState.MISSED) == missed
    assert all(row.reason for row in await rows(database) if row.state is OccurrenceState.MISSED)


async def test_f15_a_zone_changed_a_minute_before_posts_once_for_the_date(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database, schedule: Schedule
) -> None:
    clock.move(hours=1)
    await service.tick()
    await database.write(lambda tx: guild_store.put(tx, Guild(GUILD, zone="America/New_York")))
    await database.write(lambda tx: schedule_store.reschedule(tx, GUILD, clock.now()))
    clock.move(hours=8)
    await service.tick()
    assert len(discord.messages) == 1, "November 23 has its post"
    clock.move(hours=22)
    await service.tick()
    assert len(discord.messages) == 2


async def test_f16_a_paused_schedule_plans_nothing(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database, schedule: Schedule
) -> None:
    await database.write(lambda tx: schedule_store.put_state(tx, GUILD, 1, ScheduleState.PAUSED, None))
    clock.move(hours=2)
    await service.tick()
    assert discord.messages == []


async def test_a_date_left_out_is_recorded_as_skipped_and_the_next_goes_out(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database, schedule: Schedule
) -> None:
    await database.write(lambda tx: schedule_store.put_skip(tx, GUILD, 1, schedule.next_date))
    clock.move(hours=1)
    await service.tick()
    clock.move(days=1)
    await service.tick()
    assert await states(database) == [OccurrenceState.SKIPPED, OccurrenceState.POSTED]


@pytest.mark.usefixtures("schedule")
async def test_f17_f18_a_refusal_stops_the_schedule_and_is_told_once(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = [Refused("I can't write in #daily. Give me *Send Messages* there.")]
    for _ in range(4):
        await service.tick()
        clock.move(days=1)
    assert discord.sends == 1
    assert discord.told == ["I can't write in #daily. Give me *Send Messages* there."]
    broken = await database.read(lambda tx: schedule_store.get(tx, GUILD, 1))
    assert broken is not None
    assert (broken.state, broken.reason) == (ScheduleState.BROKEN, discord.told[0])


@pytest.mark.usefixtures("schedule")
async def test_f21_a_text_that_discord_refuses_is_replaced_by_another(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = [BadItem("400: too long")]
    await service.tick()
    (first,) = await rows(database)
    await service.tick()
    assert len(discord.messages) == 1
    assert discord.messages[0][0].endswith(".2"), "another generation, another nonce"
    assert discord.messages[0][1] == first.exercise_id
    assert "would not take" in discord.told[0]


@pytest.mark.usefixtures("schedule")
async def test_f21_a_pool_that_discord_refuses_whole_is_given_up(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = [BadItem("AutoMod") for _ in range(20)]
    for _ in range(20):
        await service.tick()
    assert discord.sends == 6
    assert await states(database) == [OccurrenceState.REFUSED]


async def test_nothing_comes_twice_before_the_pool_is_used_up(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database, pack: Pack
) -> None:
    await added(database, clock, GUILD)
    clock.move(hours=1)
    prompts = len(pack.exercises.prompts)
    for _ in range(prompts + 5):
        await service.tick()
        clock.move(days=1)
    posted = [exercise for _, exercise, _ in discord.messages]
    assert len(set(posted[:prompts])) == prompts
    assert len(posted) == prompts + 5
    assert pack.exercises.stage_of[posted[0]] == "programming", "a group of newcomers begins at the beginning"


async def test_the_week_plan_brings_kaggle_and_papers_on_their_days(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database, pack: Pack
) -> None:
    await added(database, clock, GUILD, BALANCED)
    clock.move(hours=1)
    for _ in range(7):
        await service.tick()
        clock.move(days=1)
    slots = [row.slot for row in await rows(database)]
    assert slots == [slot for slot in BALANCED if slot is not Slot.REST]
    exercises = [row.exercise_id for row in await rows(database)]
    assert exercises[1] in pack.exercises.tasks
    assert exercises[3] in pack.exercises.papers


async def test_what_members_say_of_the_difficulty_moves_the_next_choice(
    service: PostingService, clock: FakeClock, database: Database, pack: Pack
) -> None:
    for guild_id in (GUILD, GUILD + 1):
        await added(database, clock, guild_id)
    for user_id in (1, 2):
        await database.write(lambda tx, who=user_id: put_vote(tx, GUILD, who, "any", Vote.TOO_EASY, clock.now()))
    clock.move(hours=1)
    await service.tick()
    levels = [
        pack.exercises.prompts[(await rows(database, guild_id))[0].exercise_id].level for guild_id in (GUILD, GUILD + 1)
    ]
    assert levels == [2, 1]


@pytest.mark.usefixtures("schedule")
async def test_f16_a_schedule_paused_between_plan_and_send_sends_nothing(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = [Later()]
    await service.tick()
    await database.write(lambda tx: schedule_store.put_state(tx, GUILD, 1, ScheduleState.PAUSED, None))
    clock.move(minutes=1)
    await service.tick()
    assert discord.messages == []
    (one,) = await rows(database)
    assert (one.state, one.reason) == (OccurrenceState.SKIPPED, "The schedule was paused before it went out.")


@pytest.mark.usefixtures("schedule")
async def test_f11_what_could_not_be_sent_for_hours_is_missed_and_not_sent_late(
    service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    clock.move(hours=1)
    discord.outcomes = [Later()]
    await service.tick()
    clock.move(hours=7)
    await service.tick()
    assert discord.messages == []
    assert await states(database) == [OccurrenceState.MISSED]
