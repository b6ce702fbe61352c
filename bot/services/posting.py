"""Posting once, whatever happens: plan, claim, read back, fence, send, record, classify, and what is late.

The rows in ``bot.storage.occurrence`` are the truth; APScheduler only wakes this up. Measured elsewhere on the same
protocol: leases and nonces cover crashes of seconds, reading back covers outages longer than Discord remembers a nonce.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol, TypeAlias

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.choice import choose, group_stage, pool
from bot.domain.occurrence import Occurrence, OccurrenceState, too_late
from bot.domain.pack import Pack
from bot.domain.schedule import ScheduleState, Slot
from bot.log import get_logger
from bot.services.post import Post, PostKey, post_of
from bot.storage import occurrence as store
from bot.storage import roadmap as roadmap_store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.schedule import Schedule

AT_ONCE: Final = 200
MOST_SWAPS: Final = 5
"""How many exercises in a row Discord may refuse before a date is given up."""
NEAR: Final = 12
"""How many of the best fitting exercises are as good as each other."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """Discord has the message."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Discord will not take posts there (403, 404): the schedule stops, and the moderators are told the mend."""

    mend: str


@dataclass(frozen=True, slots=True)
class BadItem:
    """Discord will not take this text (400, AutoMod): the next exercise goes instead."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows whether it arrived (5xx, a lost connection): the lease runs out, and the next try reads back."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """It may have arrived, and the bot may not look: better not sent than sent twice."""


@dataclass(frozen=True, slots=True)
class StopAll:
    """Discord wants nothing from this bot now (401, 429 from its edge): all sending stops."""


Outcome: TypeAlias = Posted | Refused | BadItem | Unclear | StopAll
Found: TypeAlias = Posted | Unreadable | None


class Courier(Protocol):
    """Takes posts to Discord."""

    async def find(self, one: Occurrence) -> Found:
        """Look for the message of an earlier try; None where there is none."""
        ...

    async def send(self, one: Occurrence, post: Post) -> Outcome:
        """Send an occurrence as ``post`` shows it, with its nonce."""
        ...

    async def tell_moderators(self, guild_id: int, sentence: str) -> None:
        """Tell the moderators of a guild something they must know."""
        ...


class PostingService:
    """The eight steps. One instance for each process; ``owner`` names it in the leases."""

    def __init__(self, database: Database, pack: Pack, clock: Clock, courier: Courier, owner: str) -> None:
        self._database = database
        self._pack = pack
        self._clock = clock
        self._courier = courier
        self._owner = owner

    async def tick(self) -> int:
        """Plan what is due, take what nobody holds, and send it; return how many occurrences were dealt with.

        Raises:
            StorageError: where the database can't be used; whatever was begun is found again by its lease.
        """
        await self._database.write(self._plan)
        now = self._clock.now()
        taken = await self._database.write(lambda tx: store.claim(tx, self._owner, now, AT_ONCE))
        outcomes = await asyncio.gather(*(self._deliver(one) for one in taken))
        if StopAll() in outcomes:
            log.warning("posting_stopped", taken=len(taken))
        return len(taken)

    def _plan(self, tx: Connection) -> None:
        """Turn every due schedule into an occurrence for each of its dates up to now, and set when it is due next."""
        now = self._clock.now()
        for one in schedule_store.due(tx, now, AT_ONCE):
            upcoming = (one.next_date, one.next_run_at) if one.next_date and one.next_run_at else None
            while upcoming is not None and upcoming[1] <= now:
                plan = self._planned(tx, one, *upcoming)
                store.plan(tx, plan)
                upcoming = one.timing.next_after(upcoming[1])
            schedule_store.put_next(tx, one, upcoming)

    def _planned(self, tx: Connection, one: Schedule, day: date, due_at: datetime) -> store.Plan:
        slot = one.timing.slot(day)
        exercise_id = self._choose(tx, one.guild_id, slot)
        state, reason = OccurrenceState.PLANNED, None
        if day == one.skip_date:
            state, reason = OccurrenceState.SKIPPED, "A moderator left this date out."
        elif too_late(one.timing, day, due_at, self._clock.now()):
            state, reason = OccurrenceState.MISSED, "The bot was away at that time."
        elif exercise_id is None:
            state, reason = OccurrenceState.MISSED, f"There is nothing to post for {slot}."
        return store.Plan(
            one.guild_id, one.schedule_id, day, slot, exercise_id or "", one.channel_id, due_at, state, reason
        )

    def _choose(self, tx: Connection, guild_id: int, slot: Slot, but: str = "") -> str | None:
        """Return the exercise to post next in a guild, any ``but`` this one."""
        everybody = roadmap_store.guild_marks(tx, guild_id).values()
        candidates = [one for one in pool(self._pack, slot, group_stage(self._pack, everybody)) if one != but]
        return choose(candidates, store.used(tx, guild_id, candidates), NEAR, str(guild_id))

    async def _deliver(self, one: Occurrence) -> Outcome:
        found = await self._courier.find(one) if one.tries > 1 else None
        if isinstance(found, Unreadable):
            await self._settle(one, OccurrenceState.UNKNOWN, reason="It may have been posted; the bot can't look.")
            await self._courier.tell_moderators(
                one.guild_id,
                f"I can't tell whether the post of {one.local_date:%B} {one.local_date.day} is in <#{one.channel_id}>, "
                "so I won't send it again. Give **Syllabot** *Read Message History* there.",
            )
            return Unclear()
        if found is not None:
            await self._settle(one, OccurrenceState.POSTED, message_id=found.message_id)
            return found
        if not one.may_send(self._clock.now()):
            return Unclear()
        key = PostKey(
            one.guild_id, one.number, one.generation, one.schedule_id, one.local_date, one.due_at, one.exercise_id
        )
        post = await self._database.read(lambda tx: post_of(tx, self._pack, key))
        outcome = BadItem("it is not in the content any more") if post is None else await self._courier.send(one, post)
        await self._record(one, outcome)
        return outcome

    async def _record(self, one: Occurrence, outcome: Outcome) -> None:
        match outcome:
            case Posted(message_id=message_id):
                await self._settle(one, OccurrenceState.POSTED, message_id=message_id)
            case Refused(mend=mend):
                await self._stop(one, mend)
            case BadItem(reason=reason):
                await self._take_another(one, reason)
            case Unclear() | StopAll():
                log.info("post_unclear", guild_id=one.guild_id, number=one.number, tries=one.tries)

    async def _settle(
        self, one: Occurrence, state: OccurrenceState, *, message_id: int | None = None, reason: str | None = None
    ) -> None:
        posted_at = self._clock.now() if state is OccurrenceState.POSTED else None
        held = await self._database.write(
            lambda tx: store.settle(
                tx, one, self._owner, state, message_id=message_id, posted_at=posted_at, reason=reason
            )
        )
        log.info("post_settled", guild_id=one.guild_id, number=one.number, state=state, held=held)

    async def _stop(self, one: Occurrence, mend: str) -> None:
        def write(tx: Connection) -> bool:
            schedule_store.put_state(tx, one.guild_id, one.schedule_id, ScheduleState.BROKEN, mend)
            return store.settle(tx, one, self._owner, OccurrenceState.REFUSED, reason=mend)

        if await self._database.write(write):
            await self._courier.tell_moderators(one.guild_id, mend)

    async def _take_another(self, one: Occurrence, reason: str) -> None:
        def write(tx: Connection) -> str | None:
            other = self._choose(tx, one.guild_id, one.slot, but=one.exercise_id)
            if other is None or one.generation > MOST_SWAPS:
                store.settle(tx, one, self._owner, OccurrenceState.REFUSED, reason=reason)
                return None
            store.swap_exercise(tx, one, self._owner, other)
            return other

        other = await self._database.write(write)
        said = f"another one goes out instead: `{other}`" if other else "nothing is left to send instead"
        sentence = f"Discord would not take `{one.exercise_id}` ({reason}); {said}."
        await self._courier.tell_moderators(one.guild_id, sentence)
