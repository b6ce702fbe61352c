"""A server with daily posts on the wire: schedules that are due now, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection, select

from bot.domain.occurrence import OccurrenceState
from bot.domain.schedule import USUAL, PostOptions, Slot, WeekPlan
from bot.storage import guild as guild_store
from bot.storage import occurrence as store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.guild import Guild as Settings
from bot.storage.occurrence import Recorded
from bot.ui.components import parse
from bot.ui.post import PostPress
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Guild

P = Slot.PRACTICE
EVERY_DAY: WeekPlan = (P, P, P, P, P, P, P)


def midday_zone(now: datetime) -> str:
    """Return a zone in which it is about noon, so that no test meets midnight."""
    ahead = 12 - now.astimezone(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


async def added(
    database: Database, guilds: Iterable[Guild], due_at: datetime, options: PostOptions = USUAL, *, told: bool = True
) -> None:
    """Give each of these guilds a daily post that is due first at an instant, each a microsecond after the one before.

    Args:
        database: where.
        guilds: whose.
        due_at: when the last guild's post is due.
        options: of every post.
        told: whether the moderators have a channel, called ``welcome``.
    """
    zone, every = midday_zone(due_at), list(guilds)

    def write(tx: Connection) -> None:
        for place, guild in enumerate(reversed(every)):
            channel = guild.channel_id("welcome") if told else None
            guild_store.put(tx, Settings(guild.id, zone=zone, moderator_channel_id=channel))
            now = due_at - timedelta(days=1)
            at = time(12)
            one = schedule_store.add(tx, guild.id, guild.channel_id("daily"), at, EVERY_DAY, now, options)
            instant = due_at - timedelta(microseconds=place)
            schedule_store.put_next(tx, one, (one.timing.local_date(instant), instant))

    await database.write(write)


async def row(database: Database, guild: Guild) -> Recorded:
    """Return the one occurrence of a guild."""
    (one,) = await database.read(lambda tx: store.recent(tx, guild.id, 1, 99))
    return one


async def states(database: Database) -> list[OccurrenceState]:
    """Return how every occurrence of every guild stands."""
    found = await database.read(lambda tx: tx.execute(select(store.occurrence.c.state)).scalars().all())
    return [OccurrenceState(one) for one in found]


def posts(wire: Wire) -> Counter[tuple[str, int, int]]:
    """Return how often each post is in a channel: by channel, occurrence and generation."""
    found: Counter[tuple[str, int, int]] = Counter()
    for message in wire.messages.kept.values():
        if message["components"]:
            press = parse(message["components"][0]["components"][0]["custom_id"])
            assert isinstance(press, PostPress)
            found[message["channel_id"], press.number, press.generation] += 1
    return found


def told(wire: Wire) -> list[str]:
    """Return what moderators were told, the oldest first."""
    return [str(one["embeds"][0]["description"]) for one in wire.messages.kept.values() if not one["components"]]
