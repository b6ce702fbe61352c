"""*Later*: which times are offered, and what is kept, through the service and a real database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.pack import Pack
from bot.domain.reminder import Later, ReminderKind, later_times
from bot.errors import BadInputError
from bot.services.later import LaterService
from bot.services.packs import Packs
from bot.services.prompt import PromptService
from bot.storage import guild as guild_store
from bot.storage import reminder as store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.posted import ANA, GUILD, posted


@pytest.mark.parametrize(
    ("now", "zone", "wanted"),
    [
        (
            "2026-11-23T09:00",
            "Europe/Berlin",
            ["hour 10:00", "three 12:00", "evening 19:00", "morning 08:00", "tomorrow 09:00"],
        ),
        ("2026-11-23T19:30", "UTC", ["hour 20:30", "three 22:30", "morning 09:00", "tomorrow 19:30"]),
        ("2026-11-23T23:00", "UTC", ["hour 00:00", "morning 09:00", "tomorrow 23:00"]),
        ("2026-11-23T05:00", "UTC", ["hour 06:00", "three 08:00", "morning 09:00", "evening 20:00", "tomorrow 05:00"]),
        # tomorrow at 02:30 is swallowed by the clock change: the first instant after it
        ("2026-03-28T01:30", "Europe/Berlin", ["hour 02:30", "morning 08:00", "evening 19:00", "tomorrow 01:00"]),
    ],
)
def test_only_times_that_make_sense_are_offered(now: str, zone: str, wanted: list[str]) -> None:
    found = later_times(datetime.fromisoformat(now).replace(tzinfo=UTC), zone)
    assert [f"{key} {at:%H:%M}" for key, at in found.items()] == wanted
    assert all(at > datetime.fromisoformat(now).replace(tzinfo=UTC) for at in found.values())


async def test_one_reminder_a_post_counted_from_the_press_and_taken_back(
    database: Database, pack: Pack, clock: FakeClock
) -> None:
    service = LaterService(database, Packs(database, pack), clock)
    number = await posted(database, clock)
    await database.write(lambda tx: guild_store.put(tx, guild_store.Guild(GUILD, "Asia/Tokyo")))
    page = await service.remind(GUILD, ANA, number, Later.EVENING)
    assert page.zone == "Asia/Tokyo"
    assert page.page.remind_at == datetime(2026, 11, 23, 11, tzinfo=UTC)
    page = await service.remind(GUILD, ANA, number, Later.HOUR)
    assert page.page.remind_at == datetime(2026, 11, 23, 10, tzinfo=UTC)
    clock.move(hours=3)
    with pytest.raises(BadInputError, match="pick another"):
        await service.remind(GUILD, ANA, number, Later.EVENING)
    assert (await service.forget(GUILD, ANA, number)).page.remind_at is None
    taken = await database.write(lambda tx: store.claim(tx, "me", clock.now(), 9))
    assert taken == []


async def test_what_is_done_is_not_reminded_of(database: Database, pack: Pack, clock: FakeClock) -> None:
    number = await posted(database, clock)
    await PromptService(database, Packs(database, pack), clock).done(GUILD, ANA, number)
    with pytest.raises(BadInputError, match="done this one already"):
        await LaterService(database, Packs(database, pack), clock).remind(GUILD, ANA, number, Later.HOUR)
    state = await database.read(lambda tx: store.state_of(tx, GUILD, ANA, ReminderKind.LATER, number))
    assert state is None
