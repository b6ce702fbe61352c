"""A guild's settings, through the service and a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.errors import BadInputError
from bot.services.setup import SetupService
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

GUILD = 11


@pytest.fixture
def service(database: Database, clock: FakeClock) -> SetupService:
    return SetupService(database, clock)


async def test_a_guild_begins_with_defaults(service: SetupService) -> None:
    page = await service.page(GUILD)
    assert (page.guild.zone, page.guild.day_start) == ("UTC", time(4))
    assert page.today == date(2026, 11, 23)
    assert page.day_ends_at == datetime(2026, 11, 24, 4, tzinfo=UTC)


async def test_each_setting_is_kept_and_the_others_stay(service: SetupService) -> None:
    await service.put_zone(GUILD, "europe/berlin")
    await service.put_day_start(GUILD, 0)
    await service.put_moderator_role(GUILD, 2**60 + 1)
    await service.put_moderator_channel(GUILD, 5)
    page = await service.put_welcome_channel(GUILD, 6)
    guild = page.guild
    assert (guild.zone, guild.day_start, guild.moderator_role_id) == ("Europe/Berlin", time(0), 2**60 + 1)
    assert (guild.moderator_channel_id, guild.welcome_channel_id) == (5, 6)
    assert page.day_ends_at == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert (await service.page(GUILD)).guild == guild
    assert (await service.page(GUILD + 1)).guild.zone == "UTC"
    assert (await service.put_moderator_role(GUILD, None)).guild.moderator_role_id is None


@pytest.mark.parametrize("zone", ["", "Berlin Mitte", "../etc/passwd", "Europe/", "UTC+25", "x" * 60, "\0"])
async def test_a_zone_that_is_none_is_refused(service: SetupService, zone: str) -> None:
    with pytest.raises(BadInputError, match="time zone"):
        await service.put_zone(GUILD, zone)
    assert (await service.page(GUILD)).guild.zone == "UTC"


async def test_a_zone_that_is_nearly_right_is_proposed(service: SetupService) -> None:
    with pytest.raises(BadInputError, match="Europe/Berlin"):
        await service.put_zone(GUILD, "berlin")


async def test_a_day_starts_between_midnight_and_noon(service: SetupService) -> None:
    with pytest.raises(BadInputError):
        await service.put_day_start(GUILD, 13)


async def test_a_guild_is_greeted_once(service: SetupService) -> None:
    assert await service.greet_once(GUILD)
    assert not await service.greet_once(GUILD)
