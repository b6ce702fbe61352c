"""Schedules as moderators make and change them, and what is posted then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from bot.domain.occurrence import OccurrenceState
from bot.domain.pack import Pack
from bot.domain.schedule import ScheduleState, Slot
from bot.domain.week import TEMPLATES
from bot.errors import BadInputError, NotAllowedError, NotFoundError
from bot.services.packs import Packs
from bot.services.posting import PostingService, Refused
from bot.services.schedule import MOST_SCHEDULES, ScheduleService
from bot.services.schedule_now import PostNow
from bot.services.setup import SetupService
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.posting.channel import BEFORE, CHANNEL, GUILD, Discord, rows, states

POSTED, SKIPPED = OccurrenceState.POSTED, OccurrenceState.SKIPPED
EVERY_DAY = TEMPLATES["Practice every day"]


@pytest.fixture
def desk(database: Database, pack: Pack, clock: FakeClock) -> ScheduleService:
    """What moderators use. It is eight in the morning in Berlin, on a Monday."""
    return ScheduleService(database, Packs(database, pack), clock)


@pytest.fixture
async def setup(database: Database, clock: FakeClock) -> SetupService:
    """The settings of a server in Berlin."""
    service = SetupService(database, clock)
    await service.put_zone(GUILD, "Europe/Berlin")
    return service


@pytest.fixture
async def daily(desk: ScheduleService, setup: SetupService) -> int:
    """A post every day at nine, made by hand."""
    made = await desk.open_draft(GUILD, CHANNEL)
    await desk.put_plan(GUILD, made.one.schedule_id, EVERY_DAY)
    return (await desk.start(GUILD, made.one.schedule_id)).one.schedule_id


async def _ticks(service: PostingService, clock: FakeClock, hours: int) -> None:
    for _ in range(hours):
        clock.move(hours=1)
        await service.tick()


@pytest.mark.usefixtures("setup")
async def test_a_draft_is_kept_posts_nothing_and_is_begun_once(
    desk: ScheduleService, service: PostingService, clock: FakeClock, discord: Discord
) -> None:
    draft = (await desk.open_draft(GUILD, None)).one
    assert (draft.state, draft.channel_id) == (ScheduleState.DRAFT, None)
    assert (await desk.open_draft(GUILD, CHANNEL)).one == draft
    await _ticks(service, clock, 30)
    assert discord.sends == 0
    with pytest.raises(BadInputError, match="Choose the channel first"):
        await desk.start(GUILD, 1)
    await desk.put_channel(GUILD, 1, CHANNEL)
    started = (await desk.start(GUILD, 1)).one
    assert started.ahead[0].due_at == datetime(2026, 11, 25, 8, tzinfo=UTC)
    await _ticks(service, clock, 19)
    assert len(discord.messages) == 1
    assert (await desk.open_draft(GUILD, None)).one.schedule_id == 2


@pytest.mark.usefixtures("setup")
async def test_there_is_an_end_to_schedules(desk: ScheduleService) -> None:
    for number in range(1, MOST_SCHEDULES + 1):
        await desk.open_draft(GUILD, CHANNEL)
        await desk.start(GUILD, number)
    with pytest.raises(NotAllowedError, match="Delete one"):
        await desk.open_draft(GUILD, CHANNEL)
    await desk.delete(GUILD, 3)
    assert (await desk.open_draft(GUILD, CHANNEL)).one.schedule_id == MOST_SCHEDULES + 1


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Pacific/Honolulu", "Pacific/Kiritimati", "UTC"])
@pytest.mark.parametrize("minute", [59, 60, 61])
@pytest.mark.usefixtures("daily")
async def test_f15_a_zone_changed_around_the_post_leaves_one_for_each_local_date(
    setup: SetupService,
    service: PostingService,
    clock: FakeClock,
    discord: Discord,
    database: Database,
    zone: str,
    minute: int,
) -> None:
    clock.move(minutes=minute)
    if minute != 60:
        await service.tick()
    page = await setup.put_zone(GUILD, zone)
    assert page.next_post_at is not None
    for _ in range(72):
        await service.tick()
        clock.move(hours=1)
    dates = [row.local_date for row in await rows(database)]
    assert len(set(dates)) == len(dates) == len(discord.messages)
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(dates))
    away = zone in {"Asia/Tokyo", "Pacific/Kiritimati"} and minute == 59
    assert dates[0] == date(2026, 11, 24 if away else 23), "where nine has passed in the new zone, the date is over"


async def test_a_change_in_the_seconds_before_the_tick_loses_no_post(
    desk: ScheduleService, service: PostingService, clock: FakeClock, discord: Discord, daily: int
) -> None:
    clock.move(hours=1, seconds=3)
    page = await desk.put_time(GUILD, daily, "08:00")
    assert page.one.ahead[0].day == date(2026, 11, 23)
    await service.tick()
    assert len(discord.messages) == 1
    assert (await desk.page(GUILD, daily)).one.ahead[0].due_at == datetime(2026, 11, 24, 7, tzinfo=UTC)


async def test_a_later_time_brings_no_second_post_today(
    desk: ScheduleService, service: PostingService, clock: FakeClock, discord: Discord, daily: int
) -> None:
    clock.move(hours=1)
    await service.tick()
    page = await desk.put_time(GUILD, daily, "6:30 pm")
    assert page.one.ahead[0].due_at == datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    await _ticks(service, clock, 24)
    assert len(discord.messages) == 1


@pytest.mark.parametrize("broken", [False, True])
async def test_a_resumed_schedule_sends_no_burst(
    desk: ScheduleService,
    service: PostingService,
    clock: FakeClock,
    discord: Discord,
    database: Database,
    daily: int,
    broken: bool,
) -> None:
    if broken:
        discord.outcomes = [Refused("Give me a channel.")]
        clock.move(hours=1)
        await service.tick()
        page = await desk.page(GUILD, daily)
        assert (page.one.state, page.one.reason) == (ScheduleState.BROKEN, "Give me a channel.")
    else:
        await desk.pause(GUILD, daily)
    clock.move(days=10, hours=2)
    await service.tick()
    page = await desk.start(GUILD, daily)
    assert (page.one.state, page.one.reason) == (ScheduleState.ACTIVE, None)
    before = len(await rows(database))
    await service.tick()
    assert discord.messages == []
    await _ticks(service, clock, 24)
    assert len(discord.messages) == 1
    assert len(await rows(database)) == before + 1


async def test_a_date_is_left_out_and_that_is_taken_back(
    desk: ScheduleService, service: PostingService, clock: FakeClock, database: Database, daily: int
) -> None:
    page = await desk.skip_next(GUILD, daily)
    assert page.one.left_out == date(2026, 11, 23)
    assert page.one.ahead[0].day == date(2026, 11, 24)
    assert (await desk.skip_next(GUILD, daily)).one.left_out == date(2026, 11, 23), "a second press changes nothing"
    await desk.skip_nothing(GUILD, daily)
    await _ticks(service, clock, 1)
    assert await states(database) == [POSTED]
    await desk.skip_next(GUILD, daily)
    await _ticks(service, clock, 48)
    assert await states(database) == [POSTED, SKIPPED, POSTED]
    assert (await desk.page(GUILD, daily)).one.left_out is None


async def test_a_deleted_schedule_leaves_its_history_and_posts_no_more(
    desk: ScheduleService, service: PostingService, clock: FakeClock, discord: Discord, database: Database, daily: int
) -> None:
    await _ticks(service, clock, 25)
    assert (await desk.post_now(GUILD, daily, (2, 1))).what is PostNow.PLANNED
    page = await desk.delete(GUILD, daily)
    assert page.lines == ()
    await _ticks(service, clock, 48)
    assert len(discord.messages) == 2
    assert await states(database) == [POSTED, SKIPPED]
    for act in (desk.page, desk.pause, desk.start, desk.skip_next, desk.delete, desk.health, desk.preview):
        with pytest.raises(NotFoundError):
            await act(GUILD, daily)


@pytest.mark.usefixtures("daily")
async def test_another_guilds_schedule_is_not_there(desk: ScheduleService) -> None:
    for act in (desk.page, desk.pause, desk.start, desk.skip_next, desk.delete, desk.health, desk.post_now):
        with pytest.raises(NotFoundError):
            await act(GUILD + 1, 1)


async def test_post_now_is_todays_post(
    desk: ScheduleService, service: PostingService, clock: FakeClock, discord: Discord, database: Database, daily: int
) -> None:
    done = await desk.post_now(GUILD, daily)
    assert done.what is PostNow.PLANNED
    assert done.page.one.ahead[0].day == date(2026, 11, 24)
    assert (await desk.post_now(GUILD, daily)).what is PostNow.UNDER_WAY
    await service.tick()
    assert discord.messages[0][2] == BEFORE
    await _ticks(service, clock, 24)
    assert len(discord.messages) == 1, "nine o'clock brings no second one"
    await _ticks(service, clock, 2)
    assert len(discord.messages) == 2


async def test_f22_a_post_goes_out_anew_once_after_a_second_word(
    desk: ScheduleService, service: PostingService, clock: FakeClock, discord: Discord, database: Database, daily: int
) -> None:
    await _ticks(service, clock, 1)
    asks = await desk.post_now(GUILD, daily)
    assert (asks.what, asks.message_id) == (PostNow.ASKS, 1)
    await service.tick()
    assert len(discord.messages) == 1
    clock.move(minutes=1)
    word = asks.number, asks.generation
    assert (await desk.post_now(GUILD, daily, word)).what is PostNow.PLANNED
    await service.tick()
    assert len(discord.messages) == 2
    (first, exercise, _), (second, again, _) = discord.messages
    assert first != second, "another nonce"
    assert exercise == again
    assert (await desk.post_now(GUILD, daily, word)).what is PostNow.ASKS, "a word counts once"
    (row,) = await rows(database)
    assert (row.state, row.message_id, row.generation) == (POSTED, 2, 2)


async def test_a_skipped_date_and_a_day_of_rest_can_be_posted_by_hand(
    desk: ScheduleService, service: PostingService, clock: FakeClock, database: Database, daily: int
) -> None:
    await desk.put_plan(GUILD, daily, TEMPLATES["Light"])
    await desk.skip_next(GUILD, daily)
    await _ticks(service, clock, 1)
    assert await states(database) == [SKIPPED]
    assert (await desk.post_now(GUILD, daily)).what is PostNow.PLANNED
    await service.tick()
    clock.move(days=1)
    await desk.post_now(GUILD, daily)
    await service.tick()
    assert [(row.state, row.slot) for row in await rows(database)] == [(POSTED, Slot.PRACTICE)] * 2
    await desk.pause(GUILD, daily)
    with pytest.raises(NotAllowedError, match="Resume"):
        await desk.post_now(GUILD, daily)


async def test_the_preview_is_what_comes(
    desk: ScheduleService, service: PostingService, clock: FakeClock, database: Database, daily: int
) -> None:
    await desk.put_plan(GUILD, daily, TEMPLATES["Balanced"])
    await desk.skip_next(GUILD, daily)
    previewed: list[tuple[date, str]] = []
    for _ in range(7):
        shown = await desk.preview(GUILD, daily)
        previewed.append((shown.due.day, shown.post.item.id))
        await _ticks(service, clock, 24)
    went = {row.local_date: row.exercise_id for row in await rows(database) if row.state is POSTED}
    assert len(went) == 5
    assert went.items() <= set(previewed)
