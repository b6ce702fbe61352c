"""A guild with a post a day, and one or two processes that send it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.pack import Pack
from bot.services.packs import Packs
from bot.services.posting import PostingService
from bot.storage.database import Database, Place
from bot.storage.schedule import Schedule
from tests.fakes.clock import FakeClock
from tests.services.posting.channel import BEFORE, GUILD, Discord, added


@pytest.fixture
def clock() -> FakeClock:
    """An hour before the first post."""
    return FakeClock(BEFORE)


@pytest.fixture
def discord(clock: FakeClock) -> Discord:
    """A Discord that takes everything."""
    return Discord(clock)


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock, discord: Discord) -> PostingService:
    """The first process."""
    return PostingService(database, Packs(database, pack), clock, discord, "one")


@pytest.fixture
async def other(place: Place, pack: Pack, clock: FakeClock, discord: Discord) -> AsyncIterator[PostingService]:
    """A second process on the same database."""
    second = await Database.open(place)
    yield PostingService(second, Packs(second, pack), clock, discord, "two")
    await second.close()


@pytest.fixture
async def schedule(database: Database, clock: FakeClock) -> Schedule:
    """A post a day at nine in Berlin."""
    return await added(database, clock, GUILD)
