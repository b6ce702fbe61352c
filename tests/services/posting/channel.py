"""A Discord that loses things, and what the tests ask of the database."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.item import Item
from bot.domain.occurrence import Occurrence, OccurrenceState
from bot.domain.schedule import Slot, WeekPlan
from bot.services.courier import Done, Found, Outcome, Place, Posted, Step, StopAll, Unclear, Unreadable
from bot.services.post import Post
from bot.storage import guild as guild_store
from bot.storage import occurrence as store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.guild import Guild
from bot.storage.occurrence import Recorded
from bot.storage.schedule import Schedule
from tests.fakes.clock import FakeClock

GUILD, CHANNEL = 11, 5
P = Slot.PRACTICE
DAILY: WeekPlan = (P, P, P, P, P, P, P)
BEFORE = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
"""Eight in the morning in Berlin; posts are due at nine, 08:00 UTC."""


@dataclass(slots=True)
class Discord:
    """A channel's worth of Discord. It knows a nonce for a while, and loses what it is told to lose.

    Attributes:
        messages: nonce and exercise of each message there is.
        outcomes: what the next sends come to, instead of success; ``"lost"`` stores the message and says nothing.
    """

    clock: FakeClock
    window: timedelta = timedelta(minutes=3)
    messages: list[tuple[str, str, datetime]] = field(default_factory=list[tuple[str, str, datetime]])
    outcomes: list[Outcome | str] = field(default_factory=list[Outcome | str])
    told: list[str] = field(default_factory=list[str])
    sends: int = 0
    readable: bool = True
    steps: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    step_outcomes: list[Step] = field(default_factory=list[Step])
    stopped_until: datetime | None = None

    def stopped(self) -> bool:
        """Whether it wants nothing."""
        return self.stopped_until is not None and self.clock.now() < self.stopped_until

    async def find(self, one: Occurrence) -> Found:
        """Look for the message of an earlier try."""
        if not self.readable:
            return Unreadable()
        numbers = [i for i, (nonce, _, _) in enumerate(self.messages, 1) if nonce == one.nonce]
        return Posted(numbers[0]) if numbers else None

    async def send(self, one: Occurrence, post: Post) -> Outcome:
        """Take a message, or not."""
        self.sends += 1
        await asyncio.sleep(0)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None and outcome != "lost":
            assert not isinstance(outcome, str)
            if isinstance(outcome, StopAll):
                self.stopped_until = self.clock.now() + timedelta(minutes=10)
            return outcome
        now = self.clock.now()
        known = [nonce for nonce, _, at in self.messages if now - at < self.window]
        if one.nonce not in known:
            self.messages.append((one.nonce, one.exercise_id, now))
        return Unclear() if outcome == "lost" else Posted(len(self.messages))

    async def open_thread(self, place: Place, item: Item, day: date) -> Step:
        """Open a thread, or not."""
        return self._step("thread", place)

    async def pin(self, place: Place) -> Step:
        """Pin a message, or not."""
        return self._step("pin", place)

    async def unpin(self, place: Place) -> Step:
        """Take a pin away, or not."""
        return self._step("unpin", place)

    def _step(self, what: str, place: Place) -> Step:
        self.steps.append((what, place.message_id))
        return self.step_outcomes.pop(0) if self.step_outcomes else Done()

    async def tell_moderators(self, guild_id: int, sentence: str) -> None:
        """Keep what the moderators are told."""
        self.told.append(sentence)


async def added(database: Database, clock: FakeClock, guild_id: int, plan: WeekPlan = DAILY) -> Schedule:
    """Make a schedule in a guild in Berlin."""
    await database.write(lambda tx: guild_store.put(tx, Guild(guild_id, zone="Europe/Berlin")))
    return await database.write(lambda tx: schedule_store.add(tx, guild_id, CHANNEL, time(9), plan, clock.now()))


async def rows(database: Database, guild_id: int = GUILD) -> list[Recorded]:
    """Return what is recorded of a guild's first schedule, the oldest first."""
    return (await database.read(lambda tx: store.recent(tx, guild_id, 1, 99)))[::-1]


async def states(database: Database) -> list[OccurrenceState]:
    """Return how each occurrence ended."""
    return [row.state for row in await rows(database)]
