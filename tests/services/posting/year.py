"""A guild in Berlin lived through day by day: posts, heartbeats, a member who keeps, misses and rests, an outage.

Discord is the one in memory of ``channel``: a real press in SimCord costs milliseconds and would measure SimCord. The
driver jumps from one due row to the next and writes a heartbeat on the way, as the job of every minute would.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.pack import Pack
from bot.domain.schedule import BALANCED, Slot
from bot.domain.streak import Streak
from bot.errors import BadInputError
from bot.services.outage import OutageService
from bot.services.packs import Packs
from bot.services.posting import PostingService
from bot.services.streak import StreakService, keep, streak_of
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.posting.channel import GUILD, Discord, added
from tests.services.streaks import NoPictures

MEMBER: Final = 21
BERLIN: Final = ZoneInfo("Europe/Berlin")
BEGIN: Final = date(2026, 1, 1)
EVERY: Final = timedelta(minutes=115)
"""Between two heartbeats: often enough that no outage is seen, as seldom as that."""
AWAY: Final = timedelta(days=3)


@dataclass(slots=True)
class Life:
    """What happened, as told by whoever drove it.

    Attributes:
        days: the local dates that were lived through.
        posts: the local dates of the posts in the channel, in order.
        kept: the study days the member kept.
        rested: the study days the member rested.
        away: from when to when the bot was away.
        found: the streak as the bot sees it at the end.
    """

    days: list[date]
    posts: list[date] = field(default_factory=list[date])
    kept: set[date] = field(default_factory=set[date])
    rested: set[date] = field(default_factory=set[date])
    away: tuple[datetime, datetime] | None = None
    found: Streak | None = None


class Driver:
    """Moves the clock, and does what is due on the way."""

    def __init__(self, database: Database, pack: Pack, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.discord = Discord(clock)
        self.posting = PostingService(database, Packs(database, pack), clock, self.discord, "one")
        self.outages = OutageService(database, clock)
        self.streaks = StreakService(database, clock, NoPictures())
        self._beat_at = clock.now()
        self._due_at = clock.now()

    async def to(self, target: datetime) -> None:
        """Let time pass until ``target``."""
        while (now := min(target, self._beat_at, self._due_at)) < target:
            self._stand_at(now)
            await self._do_what_is_due()
        self._stand_at(target)
        await self._do_what_is_due()

    def be_away(self, until: datetime) -> None:
        """Let time pass with the bot switched off."""
        self._stand_at(until)

    def _stand_at(self, instant: datetime) -> None:
        self.clock.move(seconds=max(0.0, (instant - self.clock.now()).total_seconds()))

    async def _do_what_is_due(self) -> None:
        now = self.clock.now()
        if self._beat_at <= now:
            await self.outages.beat()
            self._beat_at = now + EVERY
        if self._due_at <= now:
            await self.posting.tick()
            one = await self.database.read(lambda tx: schedule_store.get(tx, GUILD, 1))
            assert one is not None
            assert one.next_run_at is not None
            self._due_at = one.next_run_at


async def live(database: Database, pack: Pack, days: int) -> Life:
    """Live through this many days from New Year on; the bot is away for three of them from the middle on."""
    clock = FakeClock(_at(BEGIN, time(4, 30)))
    await added(database, clock, GUILD, BALANCED)
    driver = Driver(database, pack, clock)
    life = Life([BEGIN + timedelta(days=number) for number in range(days)])
    chance = random.Random(2026)  # noqa: S311  (the same luck on every run)
    leaves = life.days[days // 2]
    for day in life.days:
        if life.away is not None and _at(day, time(4, 30)) < life.away[1]:
            continue
        await driver.to(_at(day, time(4, 30)))
        await _study(driver, life, day, chance.random())
        if day == leaves:
            await driver.to(max(clock.now(), _at(day, time(12))))
            life.away = clock.now(), clock.now() + AWAY
            driver.be_away(life.away[1])
    await driver.to(_at(life.days[-1], time(23, 59)))
    life.posts = [at.astimezone(BERLIN).date() for _, _, at in driver.discord.messages]
    life.found = await database.read(lambda tx: streak_of(tx, GUILD, MEMBER, clock.now()))
    return life


async def _study(driver: Driver, life: Life, day: date, chance: float) -> None:
    """Let the member do what chance says: rest on few days, miss some, keep the others, often after midnight."""
    if chance < 0.06:
        try:
            await driver.streaks.rest(GUILD, MEMBER, day.toordinal(), resting=True)
        except BadInputError:
            return
        life.rested.add(day)
    elif chance < 0.8:
        hour = 9 + round((chance - 0.06) * 25)  # up to half past three in the night, which belongs to the same day
        late = day + timedelta(days=1) if hour >= 24 else day
        await driver.to(_at(late, time(hour % 24, 30)))
        now = driver.clock.now()
        await driver.database.write(lambda tx: keep(tx, GUILD, MEMBER, f"prompt:{day.toordinal()}", now))
        life.kept.add(day)


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
