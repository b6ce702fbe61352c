"""The schedules of a guild as their panel shows them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.frozen import frozen
from bot.domain.schedule import PostOptions, ScheduleState, Slot, Timing
from bot.storage import guild as guild_store
from bot.storage import occurrence as occurrence_store
from bot.storage import schedule as store
from bot.storage.schedule import Schedule


@frozen
class Due:
    """One post that is ahead: for which local date, when, and what it brings."""

    day: date
    due_at: datetime
    slot: Slot


@frozen
class ScheduleLine:
    """One schedule.

    Attributes:
        schedule_id: counts a guild's schedules from 1.
        channel_id: where it posts; None for a draft without a channel.
        timing: when, and what each weekday brings.
        state: whether it posts.
        reason: why not, and how to mend it.
        options: what comes with each post.
        left_out: the coming local date that is left out; None for none.
        ahead: what is due next, without what is left out: while it is paused, what would be.
    """

    schedule_id: int
    channel_id: int | None
    timing: Timing
    state: ScheduleState
    reason: str | None
    options: PostOptions
    left_out: date | None
    ahead: tuple[Due, ...]


@frozen
class SchedulePage:
    """A guild's schedules, the one that is looked at, and the zone they go by."""

    zone: str
    lines: tuple[ScheduleLine, ...]
    chosen: ScheduleLine | None

    @property
    def one(self) -> ScheduleLine:
        """The schedule that is looked at, where it is certain that there is one."""
        if self.chosen is None:
            raise LookupError("no schedule is chosen")
        return self.chosen


def page_of(tx: Connection, guild_id: int, schedule_id: int | None, now: datetime) -> SchedulePage:
    """Return a guild's schedules, this one chosen; for None the first that is no draft, else the draft."""
    lines = tuple(line_of(tx, one, now) for one in store.all_of(tx, guild_id))
    wanted = [line for line in lines if line.schedule_id == schedule_id] if schedule_id is not None else []
    made = [line for line in lines if line.state is not ScheduleState.DRAFT]
    return SchedulePage(guild_store.get(tx, guild_id).zone, lines, next(iter([*wanted, *made, *lines]), None))


def line_of(tx: Connection, one: Schedule, now: datetime, ahead: int = 1) -> ScheduleLine:
    """Return a schedule as a panel shows it, with up to ``ahead`` posts that are due next."""
    left_out = one.skip_date
    if left_out is not None and (
        left_out < one.timing.local_date(now)
        or one.timing.slot(left_out) is Slot.REST
        or occurrence_store.of_date(tx, one.guild_id, one.schedule_id, left_out) is not None
    ):
        left_out = None
    return ScheduleLine(
        schedule_id=one.schedule_id,
        channel_id=None if one.channel_id == store.NOWHERE else one.channel_id,
        timing=one.timing,
        state=one.state,
        reason=one.reason,
        options=one.options,
        left_out=left_out,
        ahead=due_next(tx, one, now, ahead),
    )


def due_next(tx: Connection, one: Schedule, now: datetime, most: int) -> tuple[Due, ...]:
    """Return up to ``most`` posts of a schedule that are ahead, without the date that is left out."""
    found: list[Due] = []
    upcoming = store.upcoming(tx, one, now)
    while upcoming is not None and len(found) < most:
        day, due_at = upcoming
        if day != one.skip_date:
            found.append(Due(day, due_at, one.timing.slot(day)))
        upcoming = store.free_after(tx, one, due_at)
    return tuple(found)
