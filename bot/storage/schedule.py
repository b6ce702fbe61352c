"""Schedules: when and where a guild's daily posts go out. ``next_run_at`` is the truth of what is due."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from sqlalchemy import Column, Connection, Integer, RowMapping, Text, bindparam, func, select, update

from bot.domain.cluster import WHOLE, Share
from bot.domain.frozen import frozen
from bot.domain.schedule import USUAL, PostOptions, ScheduleState, Slot, Timing, WeekPlan
from bot.storage import guild as guild_store
from bot.storage import occurrence as occurrence_store
from bot.storage.schema import Instant, Snowflake, guild_key, minutes_of, partial_index, table, time_of
from bot.storage.share import Due

schedule: Final = table(
    "schedule",
    guild_key(),
    Column("schedule_id", Integer, primary_key=True, autoincrement=False),
    Column("channel_id", Snowflake, nullable=False),
    Column("at_minutes", Integer, nullable=False),
    Column("week_plan", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("next_date", Text),
    Column("next_run_at", Instant),
    Column("skip_date", Text),
    Column("created_at", Instant, nullable=False),
    Column("thread", Integer, nullable=False, server_default="0"),
    Column("pin", Integer, nullable=False, server_default="0"),
    Column("ping_role_id", Snowflake),
    Column("categories", Text),
    Column("keywords", Text),
    Column("pinned_message_id", Snowflake),
    without_rowid=True,
)
NOWHERE: Final = 0
"""The channel of a draft for which none was chosen yet."""

partial_index("ix_schedule_next_run_at", schedule.c.next_run_at, "state = 'active'")


@frozen
class Schedule:
    """A guild's schedule.

    Attributes:
        channel_id: where it posts; ``NOWHERE`` for a draft that has no channel yet.
        reason: why it does not post.
        next_date: the local date of its next post; None where no date is ahead.
        next_run_at: when that is due.
        skip_date: the local date that a moderator left out.
        pinned_message_id: the post that is pinned now.
    """

    guild_id: int
    schedule_id: int
    channel_id: int
    timing: Timing
    state: ScheduleState
    reason: str | None
    next_date: date | None
    next_run_at: datetime | None
    skip_date: date | None
    created_at: datetime
    options: PostOptions = USUAL
    pinned_message_id: int | None = None


_DUE: Final = (
    select(schedule)
    .where(schedule.c.state == ScheduleState.ACTIVE, schedule.c.next_run_at <= bindparam("now"))
    .order_by(schedule.c.next_run_at)
    .limit(bindparam("most"))
)
_DUE_OF: Final = Due(_DUE, schedule.c.guild_id, schedule.c.next_run_at)
_MINE: Final = schedule.c.guild_id == bindparam("guild"), schedule.c.schedule_id == bindparam("schedule")
_ONE: Final = select(schedule).where(*_MINE)
_OPTIONS: Final = select(
    schedule.c.thread, schedule.c.pin, schedule.c.ping_role_id, schedule.c.categories, schedule.c.keywords
).where(*_MINE)
_ALL: Final = (
    select(schedule)
    .where(schedule.c.guild_id == bindparam("guild"), schedule.c.state != ScheduleState.DELETED)
    .order_by(schedule.c.schedule_id)
)
_ACTIVE: Final = schedule.c.state == ScheduleState.ACTIVE
_ACTIVE_GUILDS: Final = select(schedule.c.guild_id).where(_ACTIVE).distinct().order_by("guild_id")


def get(tx: Connection, guild_id: int, schedule_id: int) -> Schedule | None:
    """Return one schedule of a guild."""
    row = tx.execute(_ONE, {"guild": guild_id, "schedule": schedule_id}).mappings().one_or_none()
    return None if row is None else _schedule(tx, row)


def options_of(tx: Connection, guild_id: int, schedule_id: int) -> PostOptions:
    """Return what a schedule of a guild wants of its posts; the usual where there is none."""
    row = tx.execute(_OPTIONS, {"guild": guild_id, "schedule": schedule_id}).mappings().one_or_none()
    return USUAL if row is None else _options(row)


def all_of(tx: Connection, guild_id: int) -> list[Schedule]:
    """Return a guild's schedules, the oldest first, without the deleted ones."""
    return [_schedule(tx, row) for row in tx.execute(_ALL, {"guild": guild_id}).mappings()]


def due(tx: Connection, now: datetime, most: int, share: Share = WHOLE) -> list[Schedule]:
    """Return up to ``most`` active schedules that are due, of this share's guilds, the longest waiting first."""
    return [_schedule(tx, row) for row in tx.execute(*_DUE_OF.of(share, now, most)).mappings()]


def wishes(tx: Connection, slot: Slot) -> list[tuple[PostOptions, int]]:
    """Return what the active schedules of all guilds with a day of this kind want of it, and how many want just that.

    Only classes and keywords are told; the most wanted come first.
    """
    times = func.count().label("times")
    rows = tx.execute(
        select(schedule.c.categories, schedule.c.keywords, times)
        .where(schedule.c.state == ScheduleState.ACTIVE, schedule.c.week_plan.contains(slot.value))
        .group_by(schedule.c.categories, schedule.c.keywords)
        .order_by(times.desc(), schedule.c.categories, schedule.c.keywords)
    )
    return [
        (
            PostOptions(
                categories=_words(row.categories, USUAL.categories), keywords=_words(row.keywords, USUAL.keywords)
            ),
            row.times,
        )
        for row in rows
    ]


def active_guilds(tx: Connection) -> list[int]:
    """Return the guilds that have an active schedule, in order."""
    return list(tx.execute(_ACTIVE_GUILDS).scalars())


def add(
    tx: Connection,
    guild_id: int,
    channel_id: int,
    at: time,
    plan: WeekPlan,
    now: datetime,
    options: PostOptions = USUAL,
) -> Schedule:
    """Make an active schedule, which posts from its first time after ``now`` on."""
    return _made(tx, guild_id, ScheduleState.ACTIVE, _wished(channel_id, at, plan, options), now)


def add_draft(tx: Connection, guild_id: int, channel_id: int, at: time, plan: WeekPlan, now: datetime) -> Schedule:
    """Make a schedule that posts nothing until it is started."""
    return _made(tx, guild_id, ScheduleState.DRAFT, _wished(channel_id, at, plan, USUAL), now)


def _made(tx: Connection, guild_id: int, state: ScheduleState, wished: dict[str, object], now: datetime) -> Schedule:
    newest = tx.execute(select(func.max(schedule.c.schedule_id)).where(schedule.c.guild_id == guild_id)).scalar()
    schedule_id = (newest or 0) + 1
    tx.execute(
        schedule.insert().values(guild_id=guild_id, schedule_id=schedule_id, state=state, created_at=now, **wished)
    )
    made = _just_written(tx, guild_id, schedule_id)
    put_next(tx, made, free_after(tx, made, now))
    return _just_written(tx, guild_id, schedule_id)


def _just_written(tx: Connection, guild_id: int, schedule_id: int) -> Schedule:
    one = get(tx, guild_id, schedule_id)
    assert one is not None  # noqa: S101  (written in this transaction)
    return one


def change(
    tx: Connection,
    one: Schedule,
    channel_id: int,
    at: time,
    plan: WeekPlan,
    options: PostOptions,
    now: datetime,
) -> None:
    """Change what was chosen for a schedule; it posts from its first new time after ``now`` on."""
    _change(tx, one.guild_id, one.schedule_id, **_wished(channel_id, at, plan, options))
    changed = _just_written(tx, one.guild_id, one.schedule_id)
    put_next(tx, changed, upcoming(tx, changed, now))


def put_pinned(tx: Connection, guild_id: int, schedule_id: int, message_id: int | None) -> None:
    """Record which post of a schedule is pinned."""
    _change(tx, guild_id, schedule_id, pinned_message_id=message_id)


def put_next(tx: Connection, one: Schedule, upcoming: tuple[date, datetime] | None) -> None:
    """Set when a schedule is due next."""
    _change(
        tx, one.guild_id, one.schedule_id, next_date=upcoming and upcoming[0].isoformat(),
        next_run_at=upcoming and upcoming[1],
    )  # fmt: skip


def put_state(tx: Connection, guild_id: int, schedule_id: int, state: ScheduleState, reason: str | None) -> None:
    """Set whether a schedule posts, and why not."""
    _change(tx, guild_id, schedule_id, state=state, reason=reason)


def put_skip(tx: Connection, guild_id: int, schedule_id: int, day: date | None) -> None:
    """Set the local date whose post is left out; None for none."""
    _change(tx, guild_id, schedule_id, skip_date=day and day.isoformat())


def reschedule(tx: Connection, guild_id: int, now: datetime) -> None:
    """Compute anew when each schedule of a guild is due, after its zone changed.

    A date that has been planned is not planned again: the next one is after it.
    """
    for one in all_of(tx, guild_id):
        put_next(tx, one, upcoming(tx, one, now))


def upcoming(tx: Connection, one: Schedule, now: datetime) -> tuple[date, datetime] | None:
    """Return the local date for which a schedule posts next, and when; None where no date is ahead.

    A date that is due and not planned yet stays: a change made in the seconds before the tick loses no post.
    """
    if one.state is ScheduleState.ACTIVE and one.next_date is not None and one.next_run_at is not None:
        due = one.next_run_at <= now and one.next_date <= one.timing.local_date(now)
        if due and one.timing.slot(one.next_date) is not Slot.REST:
            return one.next_date, one.next_run_at
    return free_after(tx, one, now)


def free_after(tx: Connection, one: Schedule, instant: datetime) -> tuple[date, datetime] | None:
    """Return the first local date due after ``instant`` that has no occurrence yet, and when; None for none."""
    found = one.timing.next_after(instant)
    while found is not None and occurrence_store.of_date(tx, one.guild_id, one.schedule_id, found[0]) is not None:
        found = one.timing.next_after(found[1])
    return found


def _wished(channel_id: int, at: time, plan: WeekPlan, options: PostOptions) -> dict[str, object]:
    return {
        "channel_id": channel_id,
        "at_minutes": minutes_of(at),
        "week_plan": ",".join(plan),
        "thread": int(options.thread),
        "pin": int(options.pin),
        "ping_role_id": options.ping_role_id,
        "categories": ",".join(options.categories),
        "keywords": ",".join(options.keywords),
    }


def _change(tx: Connection, guild_id: int, schedule_id: int, **values: object) -> None:
    tx.execute(
        update(schedule).where(schedule.c.guild_id == guild_id, schedule.c.schedule_id == schedule_id).values(**values)
    )


def _schedule(tx: Connection, row: RowMapping) -> Schedule:
    minutes = int(row["at_minutes"])
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (Slot(one) for one in row["week_plan"].split(","))
    plan = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
    zone = guild_store.day_rule(tx, row["guild_id"]).zone
    return Schedule(
        guild_id=row["guild_id"],
        schedule_id=row["schedule_id"],
        channel_id=row["channel_id"],
        timing=Timing(zone, time_of(minutes), plan),
        state=ScheduleState(row["state"]),
        reason=row["reason"],
        next_date=_date(row["next_date"]),
        next_run_at=row["next_run_at"],
        skip_date=_date(row["skip_date"]),
        created_at=row["created_at"],
        options=_options(row),
        pinned_message_id=row["pinned_message_id"],
    )


def _options(row: RowMapping) -> PostOptions:
    return PostOptions(
        thread=bool(row["thread"]),
        pin=bool(row["pin"]),
        ping_role_id=row["ping_role_id"],
        categories=_words(row["categories"], USUAL.categories),
        keywords=_words(row["keywords"], USUAL.keywords),
    )


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _words(text: str | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    return usual if text is None else tuple(word for word in text.split(",") if word)
