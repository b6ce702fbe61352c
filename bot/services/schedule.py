"""The schedules of a guild: making, changing, pausing and ending them, and posting by hand.

Nothing here sends: what is planned is sent by the tick, a few seconds later. A schedule that is being made is a row
like any other, in the state of a draft, so that it survives a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.schedule import BALANCED, PostOptions, ScheduleState, Slot, WeekPlan
from bot.domain.week import recap_day, recap_plan, with_days
from bot.domain.wishes import categories_from, keywords_from, time_from
from bot.errors import BadInputError, NotAllowedError, NotFoundError
from bot.services.packs import Packs
from bot.services.schedule_health import Health, Moderators, health_of, low_parts, warn
from bot.services.schedule_now import PostedNow, Preview, post_now, preview_of
from bot.services.schedule_page import SchedulePage, page_of
from bot.storage import by_hand
from bot.storage import guild as guild_store
from bot.storage import schedule as store
from bot.storage.database import Database
from bot.storage.schedule import Schedule

USUAL_TIME: Final = time(9)
MONDAY: Final = 0
MOST_SCHEDULES: Final = 10
DELETED: Final = "Its schedule was deleted."

Change = Callable[[Connection, Schedule, datetime], None]


class ScheduleService:
    """Use-cases of ``/schedule``."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def moderator_role(self, guild_id: int) -> int | None:
        """Return the role whose members are moderators of a guild."""
        return await self._database.read(lambda tx: guild_store.get(tx, guild_id).moderator_role_id)

    async def welcome_channel(self, guild_id: int) -> int | None:
        """Return the channel of a guild's welcome: a likely place for its posts."""
        return await self._database.read(lambda tx: guild_store.get(tx, guild_id).welcome_channel_id)

    async def page(self, guild_id: int, schedule_id: int | None = None) -> SchedulePage:
        """Return a guild's schedules, one of them chosen: the first where none is named.

        Raises:
            NotFoundError: where there is none of that id.
        """
        now = self._clock.now()

        def read(tx: Connection) -> SchedulePage:
            if schedule_id is not None:
                _found(tx, guild_id, schedule_id)
            return page_of(tx, guild_id, schedule_id, now)

        return await self._database.read(read)

    async def open_draft(self, guild_id: int, channel_id: int | None, *, recap: bool = False) -> SchedulePage:
        """Return the schedule that is being made, begun now where there is none: 09:00, the balanced week.

        A recap is begun for Mondays, and there is one at most: where there is one already, it is returned.

        Args:
            guild_id: the guild.
            channel_id: where a new one posts until another channel is chosen; None for none yet.
            recap: whether it is the weekly recap.

        Raises:
            NotAllowedError: where the guild has as many schedules as it may.
        """
        now, plan = self._clock.now(), recap_plan(MONDAY) if recap else BALANCED

        def write(tx: Connection) -> SchedulePage:
            every = store.all_of(tx, guild_id)
            alike = [one for one in every if (recap_day(one.timing.plan) is not None) is recap]
            draft = next((one for one in alike if recap or one.state is ScheduleState.DRAFT), None)
            if draft is None and len(every) >= MOST_SCHEDULES:
                raise NotAllowedError(f"There are {MOST_SCHEDULES} schedules already. Delete one to make another.")
            if draft is None:
                draft = store.add_draft(tx, guild_id, channel_id or store.NOWHERE, USUAL_TIME, plan, now)
            return page_of(tx, guild_id, draft.schedule_id, now)

        return await self._database.write(write)

    async def put_channel(self, guild_id: int, schedule_id: int, channel_id: int) -> SchedulePage:
        """Set where a schedule posts. What is planned already goes where it was planned for."""
        return await self._edit(guild_id, schedule_id, channel_id=channel_id)

    async def put_time(self, guild_id: int, schedule_id: int, text: str) -> SchedulePage:
        """Set the local time of a schedule from what was typed.

        Raises:
            BadInputError: where it is no time of day.
        """
        return await self._edit(guild_id, schedule_id, at=time_from(text))

    async def put_plan(self, guild_id: int, schedule_id: int, plan: WeekPlan) -> SchedulePage:
        """Set what each weekday brings."""
        return await self._edit(guild_id, schedule_id, plan=plan)

    async def put_days(self, guild_id: int, schedule_id: int, slot: Slot, days: Collection[int]) -> SchedulePage:
        """Set which weekdays (Monday as 0) bring a slot; days it loses become rest.

        Raises:
            BadInputError: where nothing but rest would be left.
        """

        def change(tx: Connection, one: Schedule, now: datetime) -> None:
            plan = with_days(one.timing.plan, slot, days)
            store.change(tx, one, one.channel_id, one.timing.at, plan, one.options, now)

        return await self._change(guild_id, schedule_id, change)

    async def put_options(
        self,
        guild_id: int,
        schedule_id: int,
        change: Callable[[PostOptions], PostOptions],
    ) -> SchedulePage:
        """Set what comes with each post, by a change of what is set now."""

        def write(tx: Connection, one: Schedule, now: datetime) -> None:
            store.change(tx, one, one.channel_id, one.timing.at, one.timing.plan, change(one.options), now)

        return await self._change(guild_id, schedule_id, write)

    async def put_papers(self, guild_id: int, schedule_id: int, categories: str, keywords: str) -> SchedulePage:
        """Set from what was typed where fresh papers come from and which words they hold.

        Raises:
            BadInputError: where one is no subject class of arXiv, or there are too many.
        """
        wanted, words = categories_from(categories), keywords_from(keywords)
        return await self.put_options(
            guild_id, schedule_id, lambda now: replace(now, categories=wanted, keywords=words)
        )

    async def start(self, guild_id: int, schedule_id: int) -> SchedulePage:
        """Let a schedule post from its next date on: a draft, a paused one, or one that was mended. Never a burst.

        Raises:
            BadInputError: where it has no channel.
        """

        def change(tx: Connection, one: Schedule, now: datetime) -> None:
            if one.channel_id == store.NOWHERE:
                raise BadInputError("Choose the channel first: where should the posts go?")
            if one.state is not ScheduleState.ACTIVE:
                store.put_state(tx, guild_id, schedule_id, ScheduleState.ACTIVE, None)
                store.put_next(tx, one, store.free_after(tx, one, now))

        return await self._change(guild_id, schedule_id, change)

    async def pause(self, guild_id: int, schedule_id: int) -> SchedulePage:
        """Let a schedule post nothing until it is resumed."""

        def change(tx: Connection, one: Schedule, _now: datetime) -> None:
            if one.state is ScheduleState.ACTIVE:
                store.put_state(tx, guild_id, schedule_id, ScheduleState.PAUSED, None)

        return await self._change(guild_id, schedule_id, change)

    async def skip_next(self, guild_id: int, schedule_id: int) -> SchedulePage:
        """Leave out the next date of a schedule."""

        def change(tx: Connection, one: Schedule, now: datetime) -> None:
            upcoming = store.upcoming(tx, one, now)
            store.put_skip(tx, guild_id, schedule_id, upcoming and upcoming[0])

        return await self._change(guild_id, schedule_id, change)

    async def skip_nothing(self, guild_id: int, schedule_id: int) -> SchedulePage:
        """Take back that a date is left out."""
        return await self._change(
            guild_id, schedule_id, lambda tx, _one, _now: store.put_skip(tx, guild_id, schedule_id, None)
        )

    async def delete(self, guild_id: int, schedule_id: int) -> SchedulePage:
        """End a schedule. What it posted keeps its history; what it had planned and not begun is left out."""
        now = self._clock.now()

        def write(tx: Connection) -> SchedulePage:
            _found(tx, guild_id, schedule_id)
            store.put_state(tx, guild_id, schedule_id, ScheduleState.DELETED, None)
            by_hand.skip_planned(tx, guild_id, schedule_id, DELETED)
            return page_of(tx, guild_id, None, now)

        return await self._database.write(write)

    async def post_now(self, guild_id: int, schedule_id: int, again: tuple[int, int] | None = None) -> PostedNow:
        """Plan today's post of a schedule for now; the tick sends it.

        It is today's post, so none follows at the usual time. On a day of rest it is practice. Where it was posted
        already, it takes a second word, and the same exercise goes out anew.

        Args:
            guild_id: the guild.
            schedule_id: the schedule.
            again: the second word: number and generation of the post that is to go out once more.

        Raises:
            NotAllowedError: where the schedule does not post.
            NotFoundError: where there is nothing to post.
        """
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()
        return await self._database.write(lambda tx: post_now(tx, pack, _found(tx, guild_id, schedule_id), again, now))

    async def preview(self, guild_id: int, schedule_id: int) -> Preview:
        """Return what a schedule posts next, as it will be.

        Raises:
            NotFoundError: where it has nothing to post.
        """
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()
        return await self._database.read(lambda tx: preview_of(tx, pack, _found(tx, guild_id, schedule_id), now))

    async def health(self, guild_id: int, schedule_id: int) -> Health:
        """Return how a schedule has done, what comes, and how long the exercises last."""
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()
        return await self._database.read(lambda tx: health_of(tx, pack, _found(tx, guild_id, schedule_id), now))

    async def warn_low_pools(self, moderators: Moderators) -> int:
        """Tell the moderators of each guild, once for each part, that its exercises last a week or less.

        Returns:
            How many were told.
        """
        told = 0
        for guild_id in await self._database.read(store.active_guilds):
            pack, now = await self._packs.with_exercises(guild_id), self._clock.now()
            # nearly always there is nothing to tell, and the writer is left alone
            low = await self._database.read(partial(low_parts, pack=pack, guild_id=guild_id))
            if not low:
                continue
            for sentence in await self._database.write(partial(warn, parts=low, guild_id=guild_id, now=now)):
                await moderators.tell_moderators(guild_id, sentence)
                told += 1
        return told

    async def _edit(
        self,
        guild_id: int,
        schedule_id: int,
        *,
        channel_id: int | None = None,
        at: time | None = None,
        plan: WeekPlan | None = None,
    ) -> SchedulePage:
        def change(tx: Connection, one: Schedule, now: datetime) -> None:
            was = one.timing
            store.change(
                tx, one, channel_id or one.channel_id, was.at if at is None else at, plan or was.plan, one.options, now
            )

        return await self._change(guild_id, schedule_id, change)

    async def _change(self, guild_id: int, schedule_id: int, change: Change) -> SchedulePage:
        now = self._clock.now()

        def write(tx: Connection) -> SchedulePage:
            change(tx, _found(tx, guild_id, schedule_id), now)
            return page_of(tx, guild_id, schedule_id, now)

        return await self._database.write(write)


def _found(tx: Connection, guild_id: int, schedule_id: int) -> Schedule:
    one = store.get(tx, guild_id, schedule_id)
    if one is None or one.state is ScheduleState.DELETED:
        raise NotFoundError("That schedule is not there any more. Open /schedule to see the ones that are.")
    return one
