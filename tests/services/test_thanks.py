"""Credit for helping, and its caps, through the service and a real database."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.pack import Pack
from bot.errors import BadInputError, NotFoundError
from bot.services.packs import Packs
from bot.services.thanks import Counted, ThanksService
from bot.storage import thanks as store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

GUILD, AUTHOR, GIVER = 11, 31, 21


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock) -> ThanksService:
    """The service under test."""
    return ThanksService(database, Packs(database, pack), clock)


async def test_a_message_is_thanked_once_by_each(service: ThanksService) -> None:
    pressed = await asyncio.gather(*(service.thank(GUILD, GIVER, 1, AUTHOR) for _ in range(5)))
    assert sorted(one.counted for one in pressed) == [Counted.BEFORE] * 4 + [Counted.YES]
    other = await service.thank(GUILD, GIVER + 1, 1, AUTHOR)
    assert (other.counted, other.received) == (Counted.YES, 2)
    assert await service.author(GUILD, GIVER, 1) == AUTHOR
    for guild_id, user_id, message_id in ((GUILD + 1, GIVER, 1), (GUILD, AUTHOR, 1), (GUILD, GIVER, 2)):
        with pytest.raises(NotFoundError):
            await service.author(guild_id, user_id, message_id)


async def test_nobody_thanks_oneself(service: ThanksService, database: Database) -> None:
    with pytest.raises(BadInputError, match="your own"):
        await service.thank(GUILD, AUTHOR, 1, AUTHOR)
    assert await database.read(lambda tx: store.received(tx, GUILD, AUTHOR)) == 0


async def test_three_a_week_from_one_to_another_count(service: ThanksService, clock: FakeClock) -> None:
    found = [await service.thank(GUILD, GIVER, message_id, AUTHOR) for message_id in range(1, 5)]
    assert [one.counted for one in found] == [Counted.YES] * 3 + [Counted.ENOUGH_FROM_YOU]
    assert found[-1].received == 3
    assert (await service.thank(GUILD, GIVER, 9, AUTHOR + 1)).counted is Counted.YES
    clock.move(days=7)
    assert (await service.thank(GUILD, GIVER, 4, AUTHOR)).counted is Counted.BEFORE, "what did not count never will"
    clock.move(seconds=1)
    assert (await service.thank(GUILD, GIVER, 5, AUTHOR)).counted is Counted.YES


async def test_five_a_day_count_for_one_author(service: ThanksService, clock: FakeClock) -> None:
    found = [await service.thank(GUILD, giver, giver, AUTHOR) for giver in range(1, 7)]
    assert [one.counted for one in found] == [Counted.YES] * 5 + [Counted.ENOUGH_TODAY]
    clock.move(hours=19)
    assert (await service.thank(GUILD, 7, 7, AUTHOR)).counted is Counted.YES, "the author's next study day"
    assert (await service.thank(GUILD + 1, 8, 8, AUTHOR)).received == 1
