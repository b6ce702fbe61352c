"""Direct messages in memory, and what the tests ask of the database."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.domain.occurrence import OccurrenceState
from bot.domain.reminder import ReminderKind, ReminderState
from bot.domain.schedule import Slot
from bot.services.reminder import Closed, Notice, Outcome, Sent, Unclear
from bot.storage import member as member_store
from bot.storage import occurrence as occurrence_store
from bot.storage import reminder as store
from bot.storage.database import Database
from bot.storage.member import Member
from tests.fakes.clock import FakeClock

GUILD, ANA, BEN = 11, 21, 22
TODAY = date(2026, 11, 23)
EXERCISE = "p-float-money"


@dataclass(slots=True)
class Post:
    """Direct messages as Discord has them: it looks back at a second try, and does what it is told to."""

    arrived: list[Notice] = field(default_factory=list[Notice])
    outcomes: list[Outcome | str] = field(default_factory=list[Outcome | str])
    writes: int = 0

    async def write(self, notice: Notice) -> Outcome:
        """Take a message, or not; ``"lost"`` takes it and says nothing."""
        self.writes += 1
        await asyncio.sleep(0)
        outcome = self.outcomes.pop(0) if self.outcomes else Sent()
        if isinstance(outcome, Unclear | Closed):
            return outcome
        if notice.tries == 1 or notice.nonce not in {one.nonce for one in self.arrived}:
            self.arrived.append(notice)
        return Unclear() if outcome == "lost" else Sent()


async def posted(database: Database, due_at: datetime, day: date = TODAY) -> int:
    """Put a post into the guild; return its number."""

    def write(tx: Connection) -> int:
        plan = occurrence_store.Plan(GUILD, 1, day, Slot.PRACTICE, EXERCISE, 5, due_at)
        assert occurrence_store.plan(tx, plan)
        (one,) = occurrence_store.claim(tx, "me", due_at, 1)
        assert occurrence_store.settle(tx, one, "me", OccurrenceState.POSTED, message_id=77, posted_at=due_at)
        return one.number

    return await database.write(write)


async def state(database: Database, kind: ReminderKind, number: int = 1, user_id: int = ANA) -> ReminderState | None:
    return await database.read(lambda tx: store.state_of(tx, GUILD, user_id, kind, number))


async def later(database: Database, clock: FakeClock, minutes: float = 60, number: int = 1) -> None:
    """Press Later."""
    due_at = clock.now() + timedelta(minutes=minutes)
    await database.write(lambda tx: store.put(tx, GUILD, ANA, ReminderKind.LATER, number, due_at, clock.now()))


async def member(database: Database) -> Member:
    found = await database.read(lambda tx: member_store.get(tx, GUILD, ANA))
    assert found is not None
    return found
