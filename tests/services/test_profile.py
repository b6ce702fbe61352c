"""What a member chooses for themselves, and what it makes of the present."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.domain.day import DayRule
from bot.domain.streak import DayKind
from bot.errors import BadInputError
from bot.services.profile import ProfileService
from bot.services.streak import keep
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import streak as streak_store
from bot.storage import thanks as thanks_store
from bot.storage.database import Database
from bot.storage.guild import Guild
from tests.fakes.clock import FakeClock

GUILD, ANA = 11, 21


@pytest.fixture
def service(database: Database, clock: FakeClock) -> ProfileService:
    return ProfileService(database, clock)


@pytest.fixture(autouse=True)
async def berlin(database: Database) -> None:
    """Put the guild into Berlin."""
    await database.write(lambda tx: guild_store.put(tx, Guild(GUILD, zone="Europe/Berlin")))


async def test_looking_writes_nothing_and_shows_the_servers_day(service: ProfileService, database: Database) -> None:
    page = await service.page(GUILD, ANA)
    assert page.rule == page.of_guild == DayRule("Europe/Berlin", time(4))
    assert (page.today, page.day_ends_at) == (date(2026, 11, 23), datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    assert (page.person.remind_at, page.thanks) == (None, 0)
    assert await database.read(lambda tx: member_store.get(tx, GUILD, ANA)) is None


async def test_an_own_zone_and_hour_move_the_day_and_the_reminder(service: ProfileService, clock: FakeClock) -> None:
    page = await service.put_reminder(GUILD, ANA, 18)
    assert page.person.next_reminder_at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    page = await service.put_zone(GUILD, ANA, "asia/tokyo")
    assert page.rule.zone == "Asia/Tokyo"
    assert page.person.next_reminder_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "nine UTC has just passed"
    page = await service.put_day_start(GUILD, ANA, 0)
    assert (page.rule.day_start, page.day_ends_at) == (time(0), datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    page = await service.put_zone(GUILD, ANA, None)
    page = await service.put_day_start(GUILD, ANA, None)
    assert page.rule == page.of_guild
    page = await service.put_reminder(GUILD, ANA, None)
    assert (page.person.remind_at, page.person.next_reminder_at) == (None, None)
    assert page.person.first_seen_at == clock.now()


async def test_a_new_zone_rewrites_no_day(service: ProfileService, database: Database, clock: FakeClock) -> None:
    await database.write(lambda tx: keep(tx, GUILD, ANA, "prompt:1", clock.now()))
    before = await database.read(lambda tx: streak_store.standing(tx, GUILD, ANA))
    assert [(row.day, row.kind) for row in before] == [(date(2026, 11, 23), DayKind.KEPT)]
    clock.move(hours=3)
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        await service.put_zone(GUILD, ANA, zone)
        assert await database.read(lambda tx: streak_store.standing(tx, GUILD, ANA)) == before


async def test_thanks_are_counted(service: ProfileService, database: Database, clock: FakeClock) -> None:
    def write(tx: guild_store.Connection) -> None:
        thanks_store.add(tx, GUILD, 5, 1, ANA, counted=True, now=clock.now())
        thanks_store.add(tx, GUILD, 6, 1, ANA, counted=True, now=clock.now())
        thanks_store.add(tx, GUILD, 7, 1, ANA, counted=False, now=clock.now())

    await database.write(write)
    assert (await service.page(GUILD, ANA)).thanks == 2


async def test_what_can_not_be_is_refused_and_changes_nothing(service: ProfileService) -> None:
    before = await service.page(GUILD, ANA)
    with pytest.raises(BadInputError, match="Did you mean Europe/Berlin"):
        await service.put_zone(GUILD, ANA, "Berlni")
    for hour in (-1, 13):
        with pytest.raises(BadInputError, match="between 00:00 and 12:00"):
            await service.put_day_start(GUILD, ANA, hour)
    for hour in (-1, 24):
        with pytest.raises(BadInputError, match="from 0 to 23"):
            await service.put_reminder(GUILD, ANA, hour)
    assert await service.page(GUILD, ANA) == before
