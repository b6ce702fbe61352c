"""Members: one row for each person in each guild who has used the bot, with what the person chose for themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time
from typing import Any, Final, cast

from sqlalchemy import Column, Connection, Integer, Row, Text, bindparam, func, select

from bot.domain.cluster import WHOLE, Share
from bot.domain.day import DEFAULT_DAY_START, DEFAULT_ZONE, DayRule
from bot.domain.frozen import frozen
from bot.storage import guild as guild_store
from bot.storage.prepared import plain_rows
from bot.storage.schema import Instant, Snowflake, guild_key, minutes_of, partial_index, table, time_of, user_key
from bot.storage.share import Due
from bot.storage.upsert import insert

member: Final = table(
    "member",
    guild_key(),
    user_key(),
    Column("background", Text),
    Column("placed_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Column("zone", Text),
    Column("day_start_minutes", Integer),
    Column("remind_minutes", Integer),
    Column("next_reminder_at", Instant),
    Column("unreachable_since", Instant),
    Column("hidden", Integer, nullable=False, server_default="0"),
    Column("left_off_reason", Text),
    Column("left_off_by", Snowflake),
    Column("wants_company", Integer, nullable=False, server_default="1"),
    Column("name", Text),
    Column("seen_at", Instant),
    Column("left_at", Instant),
    Column("wants_reviews", Integer, nullable=False, server_default="0"),
    without_rowid=True,
)
partial_index("ix_member_next_reminder_at", member.c.next_reminder_at, "next_reminder_at IS NOT NULL")


_ONE: Final = select(member).where(member.c.guild_id == bindparam("guild"), member.c.user_id == bindparam("user"))
_HERE: Final = guild_store.guild.c.guild_id == bindparam("guild", type_=Snowflake)
_MINE: Final = (
    member.c.guild_id == bindparam("guild", type_=Snowflake),
    member.c.user_id == bindparam("user", type_=Snowflake),
)
_DAY_RULE: Final = select(
    func.coalesce(
        select(member.c.zone).where(*_MINE).scalar_subquery(),
        select(guild_store.guild.c.zone).where(_HERE).scalar_subquery(),
    ),
    func.coalesce(
        select(member.c.day_start_minutes).where(*_MINE).scalar_subquery(),
        select(guild_store.guild.c.day_start_minutes).where(_HERE).scalar_subquery(),
    ),
)
_ENSURE: Final = insert(member).on_conflict_do_nothing()


_SEVERAL: Final = select(member).where(
    member.c.guild_id == bindparam("guild"), member.c.user_id.in_(bindparam("among", expanding=True))
)
_KNOWN: Final = _SEVERAL.with_only_columns(member.c.user_id, member.c.name, member.c.seen_at)
_DUE: Final = (
    select(member.c.guild_id, member.c.user_id)
    .where(member.c.next_reminder_at <= bindparam("now", type_=Instant))
    .order_by(member.c.next_reminder_at)
    .limit(bindparam("most", type_=Integer))
)
_DUE_OF: Final = Due(_DUE, member.c.guild_id, member.c.next_reminder_at)
_NEW: Final = insert(member).values(
    guild_id=bindparam("guild"), user_id=bindparam("user"), first_seen_at=bindparam("now"), name=bindparam("called"),
    seen_at=bindparam("now"),
)  # fmt: skip
_SEEN: Final = _NEW.on_conflict_do_update(
    index_elements=["guild_id", "user_id"],
    set_={"name": _NEW.excluded.name, "seen_at": _NEW.excluded.seen_at, "left_at": None},
)
_STILL_HERE: Final = _NEW.on_conflict_do_update(
    index_elements=["guild_id", "user_id"],
    set_={"name": _NEW.excluded.name, "seen_at": _NEW.excluded.seen_at},
    where=member.c.left_at.is_(None),
)


@frozen
class Known:
    """What pages with many people say of each: how the person was last called, and when Discord last told that."""

    name: str | None
    seen_at: datetime | None


@frozen
class Member:
    """A person in a guild.

    Attributes:
        placed_at: when the placement was finished or waved off.
        zone: the person's own time zone; None for the guild's.
        day_start: when the person's own day starts; None for the guild's hour.
        remind_at: local time of the daily reminder; None for none.
        next_reminder_at: when the next daily reminder, of a post or of reviews, is due.
        unreachable_since: since when Discord refuses direct messages to the person; None where it takes them.
        hidden: whether the person chose to be left off the boards.
        left_off_reason: why moderators leave the person off the boards; None where they do not.
        left_off_by: the moderator who decided it.
        wants_company: whether the captain may see that the person might need company.
        name: how the person was last called here.
        seen_at: when Discord last told that the person is in the guild.
        left_at: when the person was found to have left; None while in the guild.
        wants_reviews: whether the person wants a daily message while review cards are due.
    """

    guild_id: int
    user_id: int
    first_seen_at: datetime
    background: str | None = None
    placed_at: datetime | None = None
    zone: str | None = None
    day_start: time | None = None
    remind_at: time | None = None
    next_reminder_at: datetime | None = None
    unreachable_since: datetime | None = None
    hidden: bool = False
    left_off_reason: str | None = None
    left_off_by: int | None = None
    wants_company: bool = True
    name: str | None = None
    seen_at: datetime | None = None
    left_at: datetime | None = None
    wants_reviews: bool = False

    @property
    def off_boards(self) -> bool:
        """Whether the person is left off the boards, by own choice or by the moderators'."""
        return self.hidden or self.left_off_reason is not None

    @property
    def shown(self) -> bool:
        """Whether the person stands on the boards."""
        return not (self.off_boards or self.left_at)

    def day_rule(self, of_guild: DayRule) -> DayRule:
        """Return where and when this person's day begins."""
        return DayRule(self.zone or of_guild.zone, of_guild.day_start if self.day_start is None else self.day_start)


def get(tx: Connection, guild_id: int, user_id: int) -> Member | None:
    """Return the member's row, if there is one."""
    row = tx.execute(_ONE, {"guild": guild_id, "user": user_id}).one_or_none()
    return None if row is None else _member(row)


def day_rule(tx: Connection, guild_id: int, user_id: int) -> DayRule:
    """Return where and when a member's day begins: the member's own zone and hour, else the guild's."""
    zone, minutes = tx.execute(_DAY_RULE, {"guild": guild_id, "user": user_id}).one()
    return DayRule(zone or DEFAULT_ZONE, _time(minutes) or DEFAULT_DAY_START)


def ensure(tx: Connection, guild_id: int, user_id: int, now: datetime) -> None:
    """Make the member's row where there is none."""
    tx.execute(_ENSURE, {"guild_id": guild_id, "user_id": user_id, "first_seen_at": now})


def place(tx: Connection, guild_id: int, user_id: int, background: str | None, now: datetime) -> None:
    """Record where the member comes from (None: not said) and that the placement is over with."""
    ensure(tx, guild_id, user_id, now)
    tx.execute(
        member.update()
        .where(member.c.guild_id == guild_id, member.c.user_id == user_id)
        .values(placed_at=now, **({} if background is None else {"background": background}))
    )


def put_profile(tx: Connection, person: Member) -> None:
    """Save what a person chose: zone, start of the day, reminder, and whether messages reach the person."""
    ensure(tx, person.guild_id, person.user_id, person.first_seen_at)
    tx.execute(
        member.update()
        .where(member.c.guild_id == person.guild_id, member.c.user_id == person.user_id)
        .values(
            zone=person.zone,
            day_start_minutes=_minutes(person.day_start),
            remind_minutes=_minutes(person.remind_at),
            next_reminder_at=person.next_reminder_at,
            unreachable_since=person.unreachable_since,
            hidden=int(person.hidden),
            wants_company=int(person.wants_company),
            wants_reviews=int(person.wants_reviews),
        )
    )


def put_left_off(tx: Connection, guild_id: int, user_id: int, reason: str | None, by_user_id: int | None) -> None:
    """Record that moderators leave a member off the boards, and why; ``None`` that they no longer do."""
    where = member.c.guild_id == guild_id, member.c.user_id == user_id
    tx.execute(member.update().where(*where).values(left_off_reason=reason, left_off_by=by_user_id))


def put_seen(tx: Connection, guild_id: int, user_id: int, name: str, now: datetime) -> None:
    """Record how a member is called, and that the member is in the guild."""
    tx.execute(_SEEN, {"guild": guild_id, "user": user_id, "called": name, "now": now})


def put_still_here(tx: Connection, guild_id: int, user_id: int, name: str, now: datetime) -> bool:
    """Record what ``put_seen`` does of a member who had not left; False, and nothing, where the member had."""
    return tx.execute(_STILL_HERE, {"guild": guild_id, "user": user_id, "called": name, "now": now}).rowcount > 0


def put_left(tx: Connection, guild_id: int, user_id: int, now: datetime) -> None:
    """Record that a member is no longer in the guild."""
    where = member.c.guild_id == guild_id, member.c.user_id == user_id
    tx.execute(member.update().where(*where).values(left_at=now))


def several(tx: Connection, guild_id: int, among: Collection[int]) -> dict[int, Member]:
    """Return these members of a guild, by id."""
    found = map(_member, tx.execute(_SEVERAL, {"guild": guild_id, "among": list(among)}))
    return {one.user_id: one for one in found}


def known(tx: Connection, guild_id: int, among: Collection[int]) -> dict[int, Known]:
    """Return what is known of these members of a guild, by id; far less to read than all of them."""
    rows = tx.execute(_KNOWN, {"guild": guild_id, "among": list(among)})
    return {user_id: Known(name, seen_at) for user_id, name, seen_at in rows}


def due_for_reminder(tx: Connection, now: datetime, most: int, share: Share = WHOLE) -> Sequence[tuple[int, int]]:
    """Return guild and id of up to ``most`` members of this share whose daily reminder is due, the longest first.

    The index alone answers that, so that thousands of them cost milliseconds.
    """
    return cast("Sequence[tuple[int, int]]", plain_rows(tx.execute(*_DUE_OF.of(share, now, most))))


def reminded(tx: Connection, guild_id: int) -> list[Member]:
    """Return the members of a guild who want a daily reminder and can be reached."""
    rows = tx.execute(
        select(member)
        .where(member.c.guild_id == guild_id, member.c.next_reminder_at.is_not(None))
        .order_by(member.c.user_id)
    )
    return [_member(row) for row in rows]


def _member(row: Row[Any]) -> Member:
    # by their places: to look up a dozen columns by name costs more than the question itself
    values: tuple[Any, ...] = tuple(row)
    guild_id, user_id, background, placed_at, first_seen_at, zone, starts, reminds, *more = values
    next_at, unreachable, hidden, reason, left_off_by, company, name, seen_at, left_at, reviews = more
    return Member(
        guild_id, user_id, first_seen_at, background, placed_at, zone, _time(starts), _time(reminds), next_at,
        unreachable, bool(hidden), reason, left_off_by, bool(company), name, seen_at, left_at,
        bool(reviews),
    )  # fmt: skip


def _minutes(at: time | None) -> int | None:
    return None if at is None else minutes_of(at)


def _time(minutes: int | None) -> time | None:
    return None if minutes is None else time_of(minutes)
