"""A guild in Berlin lived through day by day: posts, heartbeats, a member who keeps, misses and rests, an outage.

It is the real bot on SimCord's clock, driven as the simulated server drives it: the clock jumps from one due row to the
next, the bot's own jobs run there, and its sign of life goes with each jump. The member presses what was posted.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from unittest.mock import patch
from zoneinfo import ZoneInfo

import discord
import simcord
from simcord.results import to_discord_message
from sqlalchemy import Connection

from bot.demo.clock import CLOCKED, Clockwork, DemoClock, clock_the_scheduler
from bot.demo.host import Host
from bot.domain.pack import Pack
from bot.domain.schedule import BALANCED, Slot
from bot.domain.streak import Streak
from bot.errors import BadInputError
from bot.services.streak import keep, streak_of
from bot.storage import guild as guild_store
from bot.storage import schedule as schedule_store
from bot.storage.guild import Guild
from tests.fakes.hasty import hurried

BERLIN: Final = ZoneInfo("Europe/Berlin")
NEW_YEAR: Final = date(2026, 1, 1)
AWAY: Final = timedelta(days=3)


@dataclass(slots=True)
class Life:
    """What happened, as told by whoever drove it.

    Attributes:
        days: the local dates that were lived through.
        posts: the local dates of the posts in the channel, in order.
        kept: the study days the member kept.
        rested: the study days the member rested.
        pressed: how many of the kept days were kept by a press on that day's post.
        away: from when to when the bot was away.
        found: the streak as the bot sees it at the end.
    """

    days: list[date]
    posts: list[date] = field(default_factory=list[date])
    kept: set[date] = field(default_factory=set[date])
    rested: set[date] = field(default_factory=set[date])
    pressed: int = 0
    away: tuple[datetime, datetime] | None = None
    found: Streak | None = None


@dataclass(slots=True)
class Place:
    """Where it happens."""

    host: Host
    clockwork: Clockwork
    guild_id: int
    channel: simcord.ChannelHandle
    member: simcord.MemberActor

    async def to(self, day: date, at: time) -> None:
        """Let time pass until a wall time in Berlin."""
        await self.clockwork.to(_at(day, at))

    @property
    def newest(self) -> discord.Message | None:
        """The newest post; None before the first."""
        kept = reversed(self.host.env.backend.messages.get(self.channel.id, {}).values())
        last = next((one for one in kept if one.visible_to(None)), None)
        return None if last is None else to_discord_message(self.host.env, last)


async def live(database_path: Path, pack: Pack, days: int, begin: date = NEW_YEAR) -> Life:
    """Live through this many days; the bot is away for three of them from the middle on."""
    life = Life([begin + timedelta(days=number) for number in range(days)])
    clock = DemoClock()
    with hurried(), clocked(clock):
        async with Host(database_path, pack, clock) as host:
            place = await _founded(host, begin)
            await _live(place, life)
            life.posts = [_date(one) for one in place.channel.history()]
            now, member = host.env.now(), place.member.id
            life.found = await host.database.read(lambda tx: streak_of(tx, place.guild_id, member, now))
    return life


@contextmanager
def clocked(clock: DemoClock) -> Generator[None]:
    """Let APScheduler read this clock for a while."""
    with ExitStack() as kept:
        for module in CLOCKED:
            kept.enter_context(patch.object(module, "datetime", datetime))
        clock_the_scheduler(clock.now)
        yield


async def _founded(host: Host, begin: date) -> Place:
    clockwork = Clockwork(host.env, lambda: host.scheduler, host.next_due, host.note_alive)
    await clockwork.to(_at(begin, time(4, 30)))
    guild = host.env.create_guild("Berlin")
    channel = guild.create_text_channel("daily")
    member = guild.add_member(host.env.create_user("sofia", global_name="Sofia"))

    def add(tx: Connection) -> None:
        guild_store.put(tx, Guild(guild.id, zone=BERLIN.key))
        schedule_store.add(tx, guild.id, channel.id, time(9), BALANCED, host.env.now())

    await host.database.write(add)
    return Place(host, clockwork, guild.id, channel, member)


async def _live(place: Place, life: Life) -> None:
    chance = random.Random(2026)  # noqa: S311  (the same luck on every run)
    leaves = life.days[len(life.days) // 2]
    for day in life.days:
        if life.away is not None and _at(day, time(4, 30)) < life.away[1]:
            continue
        await _study(place, life, day, chance.random())
        if day == leaves:
            await place.to(day, time(12))
            gone = place.host.env.now()
            await place.clockwork.without_bot(gone + AWAY, place.host.restart)
            life.away = gone, gone + AWAY
    await place.to(life.days[-1], time(23, 59))


async def _study(place: Place, life: Life, day: date, chance: float) -> None:
    """Let the member do what chance says: rest on few days, miss some, keep the others, often after midnight."""
    guild_id, member = place.guild_id, place.member.id
    if chance < 0.06:
        await place.to(day, time(4, 30))
        try:
            await place.host.bot.services.streak.rest(guild_id, member, day.toordinal(), resting=True)
        except BadInputError:
            return
        life.rested.add(day)
    elif chance < 0.8:
        hour = 9 + round((chance - 0.06) * 25)  # up to half past three in the night, which belongs to the same day
        late = day + timedelta(days=1) if hour >= 24 else day
        await place.to(late, time(hour % 24, 30))
        newest = place.newest
        if newest is not None and _date(newest) == day:
            await place.member.click(newest, label="Done")
            life.pressed += 1
        else:
            now = place.host.env.now()
            await place.host.database.write(lambda tx: keep(tx, guild_id, member, f"topic:{day}", now))
        life.kept.add(day)


def _date(post: discord.Message) -> date:
    return post.created_at.astimezone(BERLIN).date()


def due_days(life: Life) -> Iterator[date]:
    """Yield the dates on which a post is to be there: those of the week plan but the ones slept through."""
    for day in life.days:
        if BALANCED[day.weekday()] is not Slot.REST and not _slept_through(life, _at(day, time(9))):
            yield day


def _slept_through(life: Life, due: datetime) -> bool:
    """Whether the bot was away at that instant and came back more than six hours later."""
    if life.away is None:
        return False
    gone, back = life.away
    return gone < due < back and back - due > timedelta(hours=6)


def counted(life: Life) -> tuple[int, int, int]:
    """Return length, longest and freezes by the rules as people are told them, in a loop of its own."""
    began = min(life.kept | life.rested)
    owed = set(due_days(life))
    length = longest = freezes = 0
    for day in life.days:
        if day < began or (day in life.rested and day not in life.kept):
            continue
        if day in life.kept:
            length += 1
            longest = max(longest, length)
            earned = len([one for one in life.kept if one <= day]) % 7 == 0
            freezes = min(2, freezes + earned)
        elif day in owed and day != life.days[-1] and not _excused(life, day):
            length, freezes = (length, freezes - 1) if freezes and length else (0, freezes)
    return length, longest, freezes


def _excused(life: Life, day: date) -> bool:
    """Whether the bot was away for two hours between 04:00 of a date and 04:00 of the next."""
    if life.away is None:
        return False
    begins, ends = _at(day, time(4)), _at(day + timedelta(days=1), time(4))
    return min(life.away[1], ends) - max(life.away[0], begins) >= timedelta(hours=2)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, BERLIN).astimezone(UTC)
