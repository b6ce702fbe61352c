"""Posting once, whatever happens: plan, claim, read back, fence, send, record, classify, and what is late.

The rows in ``bot.storage.occurrence`` are the truth; APScheduler only wakes this up. Leases and nonces cover crashes of
seconds, reading back covers outages longer than Discord remembers a nonce. What nothing covers: a process that sleeps
for longer than half its lease between the fence and the socket, while Discord has forgotten the nonce.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.cluster import Share, whole
from bot.domain.occurrence import Occurrence, OccurrenceState, is_over, too_late
from bot.domain.pack import Pack
from bot.domain.schedule import ScheduleState, Slot
from bot.log import get_logger
from bot.services.choice import chosen
from bot.services.courier import BadItem, Courier, Gone, Later, Outcome, Posted, Refused, StopAll, Unclear, Unreadable
from bot.services.packs import Packs
from bot.services.post import Post
from bot.services.recap import quiet_twice, told_week
from bot.services.standing import Standing, posted, standing_of
from bot.services.tally import Tally
from bot.storage import occurrence as store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.schedule import Schedule

AT_ONCE: Final = 200
"""How many occurrences one process holds at once; at 35 a second they are sent well within half a lease."""
PLAN_AT_ONCE: Final = 25
"""How many schedules are planned in one transaction: a member's press waits for the writer no longer than that."""
MOST_SWAPS: Final = 5
"""How many exercises in a row Discord may refuse before a date is given up."""
PAUSE: Final = timedelta(seconds=30)
"""When an occurrence is tried again of which nothing could be asked of Discord."""

AWAY: Final = "The bot was away at that time."

log = get_logger(__name__)


class PostingService:
    """The eight steps. One instance for each process; ``owner`` names it in the leases."""

    def __init__(
        self, database: Database, packs: Packs, clock: Clock, courier: Courier, owner: str,
        share: Callable[[], Share] = whole,
    ) -> None:  # fmt: skip
        """Take what it works with, and what says which servers are this process's."""
        self.tally: Final = Tally()
        self._database, self._packs, self._clock, self._courier = database, packs, clock, courier
        self._owner, self._share = owner, share
        self._in_flight: set[asyncio.Task[None]] = set()
        self._beginning, self._looking = asyncio.Lock(), asyncio.Lock()
        self._leaving = False

    async def tick(self) -> int:
        """Plan what is due, take what nobody holds, send it, and return how many occurrences were dealt with.

        Raises:
            StorageError: where the database can't be used; whatever was begun is found again by its lease.
        """
        try:
            begun = await self.begin()
            await self.drain()
        except asyncio.CancelledError:
            for task in self._in_flight:
                task.cancel()
            raise
        return begun

    async def begin(self) -> int:
        """Plan what is due and begin to send it, until nothing is left; return how many occurrences that were.

        It waits for room among what is in flight, never for the slowest of it. A second call during the first does
        nothing.

        Raises:
            StorageError: where the database can't be used; whatever was begun is found again by its lease.
        """
        if self._beginning.locked():
            return 0
        async with self._beginning:
            await self._packs.read_shipped()
            while self._may_begin() and await self._plan_some() == PLAN_AT_ONCE:
                pass
            begun = await self._take_what_is_due()
            self.tally.looked_at = self._clock.now()
            return begun

    async def drain(self) -> None:
        """Wait for what is in flight."""
        if self._in_flight:
            await asyncio.wait(self._in_flight)

    async def leave(self, within: float) -> None:
        """Take nothing more, and wait for what is in flight, at most ``within`` seconds; the leases cover the rest."""
        self._leaving = True
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                # what is being taken right now must not be left with a lease that nobody uses
                async with self._beginning:
                    await self.drain()
        if self._in_flight:
            log.warning("posting_cut_short", left=len(self._in_flight))
            for task in list(self._in_flight):
                task.cancel()
            await self.drain()

    def _may_begin(self) -> bool:
        return not self._leaving and not self._courier.stopped()

    async def _take_what_is_due(self) -> int:
        begun = 0
        while self._may_begin():
            now, room = self._clock.now(), AT_ONCE - len(self._in_flight)
            taken = await self._database.write(
                lambda tx, now=now, room=room: store.claim(tx, self._owner, now, room, self._share())
            )
            for one in taken:
                task = asyncio.create_task(self._attended(one))
                self._in_flight.add(task)
                task.add_done_callback(self._in_flight.discard)
            begun += len(taken)
            if len(taken) < room:
                break
            await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)
        return begun

    async def _plan_some(self) -> int:
        """Plan what is due of some schedules; return how many they were."""
        now = self._clock.now()
        due = await self._database.read(lambda tx: schedule_store.due(tx, now, PLAN_AT_ONCE, self._share()))
        packs = {one.guild_id: await self._packs.with_exercises(one.guild_id) for one in due}
        if not due:
            return 0
        planned, ended = await self._database.write(lambda tx: self._plan(tx, packs))
        for what in ended:
            self.tally.ended(what.state)
            self.tally.missed += what.reason == AWAY
        return planned

    def _plan(self, tx: Connection, packs: Mapping[int, Pack]) -> tuple[int, list[store.Plan]]:
        """Turn due schedules of these guilds into an occurrence for each of their dates up to now.

        Returns how many schedules they were, and what will never go out.
        """
        ended: list[store.Plan] = []
        now = self._clock.now()
        due = [one for one in schedule_store.due(tx, now, PLAN_AT_ONCE, self._share()) if one.guild_id in packs]
        for one in due:
            pack = packs[one.guild_id]
            upcoming = (one.next_date, one.next_run_at) if one.next_date and one.next_run_at else None
            while upcoming is not None and upcoming[1] <= now:
                what = self._planned(tx, pack, one, *upcoming)
                if store.plan(tx, what) and what.state is not OccurrenceState.PLANNED:
                    ended.append(what)
                upcoming = one.timing.next_after(upcoming[1])
            schedule_store.put_next(tx, one, upcoming)
        return len(due), ended

    def _planned(self, tx: Connection, pack: Pack, one: Schedule, day: date, due_at: datetime) -> store.Plan:
        slot, now = one.timing.slot(day), self._clock.now()
        exercise_id, state, reason = None, OccurrenceState.PLANNED, None
        if day == one.skip_date:
            state, reason = OccurrenceState.SKIPPED, "A moderator left this date out."
        elif too_late(one.timing, day, due_at, now):
            state, reason = OccurrenceState.MISSED, AWAY
        elif slot is Slot.RECAP and quiet_twice(tx, pack, one.guild_id, told_week(tx, one.guild_id, now)):
            state, reason = OccurrenceState.SKIPPED, "Two quiet weeks in a row: there is nothing new to tell."
        elif (exercise_id := chosen(tx, pack, one, slot, now)) is None:
            state, reason = OccurrenceState.MISSED, f"There is nothing to post for {slot}."
        return store.Plan(
            one.guild_id, one.schedule_id, day, slot, exercise_id or "", one.channel_id, due_at, state, reason
        )

    async def _attended(self, one: Occurrence) -> None:
        """Deliver an occurrence; what fails on our side is logged, and its lease brings it back."""
        try:
            await self._deliver(one)
        except Exception:
            log.exception("post_failed", guild_id=one.guild_id, number=one.number)

    async def _deliver(self, one: Occurrence) -> None:
        if self._leaving:
            await self._postpone(one, timedelta())
            return
        pack = await self._packs.with_exercises(one.guild_id)
        async with self._looking:  # who is due first goes first: of two readers one may run ahead
            standing = await self._database.read(lambda tx: standing_of(tx, pack, one))
        found = await self._courier.find(one) if one.tries > 1 else None
        if found is not None:
            await self._record(one, standing, found)
        elif (why_not := standing.why_not()) is not None:
            await self._settle(one, OccurrenceState.SKIPPED, reason=why_not)
        elif standing.schedule is None or is_over(one, standing.schedule.timing, self._clock.now()):
            await self._settle(one, OccurrenceState.MISSED, reason="It could not be sent in time.")
        elif one.may_send(self._clock.now()):
            await self._record(one, standing, await self._sent(one, standing.post))

    async def _sent(self, one: Occurrence, post: Post | None) -> Outcome:
        if post is None:
            return BadItem("it is not in the content any more")
        return await self._courier.send(one, post)

    async def _record(self, one: Occurrence, standing: Standing, outcome: Outcome | Unreadable) -> None:
        match outcome:
            case Posted(message_id=message_id):
                await self._settle(one, OccurrenceState.POSTED, message_id=message_id, standing=standing)
            case Refused(mend=mend):
                await self._stop(one, mend)
            case BadItem(reason=reason):
                await self._take_another(one, reason)
            case Gone():
                await self._settle(one, OccurrenceState.UNKNOWN, reason="It was posted, and somebody deleted it.")
            case Unreadable():
                await self._give_up(one)
            case Later():
                await self._postpone(one, PAUSE)
            case Unclear() | StopAll():
                log.info("post_unclear", guild_id=one.guild_id, number=one.number, tries=one.tries)

    async def _settle(
        self,
        one: Occurrence,
        state: OccurrenceState,
        *,
        message_id: int | None = None,
        reason: str | None = None,
        standing: Standing | None = None,
    ) -> bool:
        posted_at = self._clock.now() if state is OccurrenceState.POSTED else None

        def write(tx: Connection) -> bool:
            held = store.settle(tx, one, self._owner, state, message_id=message_id, posted_at=posted_at, reason=reason)
            if held and standing is not None:
                posted(tx, one, standing)
            return held

        held = await self._database.write(write)
        if held:
            self.tally.ended(state)
            self.tally.missed += state is OccurrenceState.MISSED
        if held and posted_at is not None:
            self.tally.went_out(posted_at - one.due_at)
        log.info("post_settled", guild_id=one.guild_id, number=one.number, state=state, held=held)
        return held

    async def _postpone(self, one: Occurrence, pause: timedelta) -> None:
        until = self._clock.now() + pause
        await self._database.write(lambda tx: store.postpone(tx, one, self._owner, until))

    async def _give_up(self, one: Occurrence) -> None:
        reason = "It may have been posted; the bot can't look."
        if await self._settle(one, OccurrenceState.UNKNOWN, reason=reason):
            await self._courier.tell_moderators(
                one.guild_id,
                f"I can't tell whether the post of {one.local_date:%B} {one.local_date.day} is in <#{one.channel_id}>, "
                "so I won't send it again. Give **Syllabot** *Read Message History* there.",
            )

    async def _stop(self, one: Occurrence, mend: str) -> None:
        def write(tx: Connection) -> tuple[bool, bool]:
            before = schedule_store.get(tx, one.guild_id, one.schedule_id)
            is_news = before is not None and before.state is ScheduleState.ACTIVE
            if is_news:
                schedule_store.put_state(tx, one.guild_id, one.schedule_id, ScheduleState.BROKEN, mend)
            return store.settle(tx, one, self._owner, OccurrenceState.REFUSED, reason=mend), is_news

        held, is_news = await self._database.write(write)
        self.tally.ended(OccurrenceState.REFUSED, int(held))
        if held and is_news:
            await self._courier.tell_moderators(one.guild_id, mend)

    async def _take_another(self, one: Occurrence, reason: str) -> None:
        pack, now = await self._packs.with_exercises(one.guild_id), self._clock.now()

        def write(tx: Connection) -> tuple[bool, str | None]:
            schedule = schedule_store.get(tx, one.guild_id, one.schedule_id)
            other = schedule and chosen(tx, pack, schedule, one.slot, now, but=one.exercise_id)
            if other is None or one.generation > MOST_SWAPS:
                return store.settle(tx, one, self._owner, OccurrenceState.REFUSED, reason=reason), None
            return store.swap_exercise(tx, one, self._owner, other), other

        held, other = await self._database.write(write)
        if not held:
            return
        self.tally.ended(OccurrenceState.REFUSED, int(other is None))
        said = f"another one goes out instead: `{other}`" if other else "nothing is left to send instead"
        sentence = f"Discord would not take `{one.exercise_id}` ({reason}); {said}."
        await self._courier.tell_moderators(one.guild_id, sentence)
