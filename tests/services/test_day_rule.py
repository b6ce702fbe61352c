"""One rule for "today": whoever asks which day an instant belongs to gets the same answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.domain.day import zone_names
from bot.domain.pack import Pack
from bot.domain.reminder import ReminderKind
from bot.domain.streak import DayKind
from bot.services.packs import Packs
from bot.services.post import PostKey, post_of
from bot.services.reminder import Notice, Outcome, ReminderService
from bot.services.streak import StreakService, keep, streak_of
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import reminder as reminder_store
from bot.storage.database import Database
from bot.storage.guild import Guild
from tests.fakes.clock import FakeClock
from tests.fakes.hasty import hasty
from tests.services.streaks import NoPictures, posted

KEEPER, IDLER, FOREIGN, LAST, NEXT = 1, 2, 3, 4, 5
GUILDS = count(1)

zones = st.sampled_from(zone_names())
day_starts = st.integers(0, 12 * 60).map(lambda minutes: time(minutes // 60, minutes % 60))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.fixture
async def quick(database_path: Path) -> AsyncIterator[Database]:
    async with hasty(database_path) as opened:
        yield opened


class Nobody:
    """A messenger that must not be needed: the posts here have no message to point at."""

    async def write(self, notice: Notice) -> Outcome:
        """Refuse."""
        raise AssertionError(notice)


def missed(tx: Connection, guild_id: int, user_id: int, now: datetime) -> list[date]:
    """Return the days a member missed."""
    return [one.day for one in streak_of(tx, guild_id, user_id, now).days if one.kind is DayKind.MISSED]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(zone=zones, day_start=day_starts, own_zone=zones, own_start=day_starts, instant=instants)
async def test_streak_post_calendar_and_reminder_agree_on_the_day_of_an_instant(
    quick: Database, pack: Pack, zone: str, day_start: time, own_zone: str, own_start: time, instant: datetime
) -> None:
    database, guild_id = quick, next(GUILDS)
    before = instant - timedelta(days=4)
    exercise = next(iter(pack.exercises.prompts))

    foreigner = member_store.Member(guild_id, FOREIGN, before, zone=own_zone, day_start=own_start)

    def happen(tx: Connection) -> date:
        guild_store.put(tx, Guild(guild_id, zone, day_start))
        member_store.put_profile(tx, foreigner)
        for user_id in (IDLER, FOREIGN):
            keep(tx, guild_id, user_id, "prompt:0", before)
        posted(tx, guild_id, instant, exercise)
        return keep(tx, guild_id, KEEPER, "prompt:1", instant)

    day = await database.write(happen)
    page = await StreakService(database, FakeClock(instant), NoPictures()).page(guild_id, KEEPER)
    assert (page.today, page.streak.days[-1].day, page.today_is) == (day, day, DayKind.KEPT)
    key = PostKey(guild_id, 1, 1, 1, day, instant, exercise)
    post = await database.read(lambda tx: post_of(tx, pack, key))
    assert post is not None
    assert post.ends_at == page.ends_at
    later = instant + timedelta(days=3)
    assert await database.read(lambda tx: missed(tx, guild_id, IDLER, later)) == [day]

    foreign = await StreakService(database, FakeClock(instant), NoPictures()).page(guild_id, FOREIGN)
    assert await database.read(lambda tx: missed(tx, guild_id, FOREIGN, later)) == [foreign.today]
    last = foreign.ends_at - timedelta(microseconds=1)
    for moment, its_day in ((last, foreign.today), (foreign.ends_at, foreign.today + timedelta(days=1))):
        kept = await database.write(lambda tx, at=moment: keep(tx, guild_id, FOREIGN, f"topic:{at}", at))
        assert kept == its_day

    for user_id, moment, reminded in ((LAST, last, True), (NEXT, foreign.ends_at, False)):
        person = replace(foreigner, user_id=user_id, next_reminder_at=moment)
        await database.write(lambda tx, person=person: member_store.put_profile(tx, person))
        await ReminderService(database, Packs(database, pack), FakeClock(moment), Nobody(), "one").tick()
        planned = await database.read(
            lambda tx, user_id=user_id: reminder_store.state_of(tx, guild_id, user_id, ReminderKind.DAILY, 1)
        )
        assert (planned is not None) is reminded, "a reminder is about the posts of the day it falls on"
