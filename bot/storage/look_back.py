"""Looking back on one's week: who wants it and how, when it is due next, and the goals members set themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Column, Connection, Text, bindparam, delete, func, select

from bot.domain.frozen import frozen
from bot.domain.look_back import Goal, Kept, Way
from bot.domain.recall import Grade
from bot.storage.prompt import prompt_done
from bot.storage.review import review_event
from bot.storage.schema import Instant, Snowflake, guild_key, partial_index, table, user_key
from bot.storage.upsert import insert

look_back: Final = table(
    "look_back",
    guild_key(),
    user_key(),
    Column("way", Text, nullable=False),
    Column("next_at", Instant),
    Column("refused_at", Instant),
    without_rowid=True,
)
partial_index("ix_look_back_next_at", look_back.c.next_at, "next_at IS NOT NULL")

week_goal: Final = table(
    "week_goal",
    guild_key(),
    user_key(),
    Column("week", Text, primary_key=True),
    Column("goal", Text, nullable=False),
    Column("kept", Text),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)

_GUILD, _USER = bindparam("guild", type_=Snowflake), bindparam("user", type_=Snowflake)
_CHOICE: Final = select(look_back).where(look_back.c.guild_id == _GUILD, look_back.c.user_id == _USER)
_DUE: Final = (
    select(look_back.c.guild_id, look_back.c.user_id)
    .where(look_back.c.next_at <= bindparam("now", type_=Instant))
    .order_by(look_back.c.next_at)
    .limit(bindparam("most"))
)
_PUT: Final = insert(look_back)
_KEEP: Final = _PUT.on_conflict_do_update(
    index_elements=["guild_id", "user_id"],
    set_={name: _PUT.excluded[name] for name in ("way", "next_at", "refused_at")},
)
_GOAL: Final = select(week_goal.c.goal, week_goal.c.kept).where(
    week_goal.c.guild_id == _GUILD, week_goal.c.user_id == _USER, week_goal.c.week == bindparam("monday")
)
_NEW_GOAL: Final = insert(week_goal)
_PUT_GOAL: Final = _NEW_GOAL.on_conflict_do_update(
    index_elements=["guild_id", "user_id", "week"],
    set_={"goal": _NEW_GOAL.excluded.goal, "kept": None, "at": _NEW_GOAL.excluded.at},
)
_PROMPTS: Final = select(func.count()).where(
    prompt_done.c.guild_id == _GUILD,
    prompt_done.c.user_id == _USER,
    prompt_done.c.day.between(bindparam("first"), bindparam("last")),
)
_REVIEWS: Final = select(
    func.count(),
    func.count(review_event.c.card_id.distinct()),
    func.count().filter(review_event.c.grade != Grade.AGAIN.value),
).where(
    review_event.c.guild_id == _GUILD,
    review_event.c.user_id == _USER,
    review_event.c.day.between(bindparam("first"), bindparam("last")),
)


@frozen
class Choice:
    """What a member chose.

    Attributes:
        way: how the week comes.
        next_at: when a message about it is due; None where it waits in ``/today``.
        refused_at: when Discord refused the message, for which the week waits in ``/today`` since; None where not.
    """

    way: Way
    next_at: datetime | None = None
    refused_at: datetime | None = None


@frozen
class Counted:
    """How many daily posts a member did in some days, how many cards were graded, how often, and remembered."""

    prompts: int = 0
    cards: int = 0
    reviews: int = 0
    remembered: int = 0


def choice(tx: Connection, guild_id: int, user_id: int) -> Choice | None:
    """Return what a member chose; None for who does not look back."""
    row = tx.execute(_CHOICE, {"guild": guild_id, "user": user_id}).one_or_none()
    return None if row is None else Choice(Way(row.way), row.next_at, row.refused_at)


def put_choice(tx: Connection, guild_id: int, user_id: int, what: Choice | None) -> None:
    """Save what a member chose; None takes it away. Goals stay."""
    if what is None:
        where = look_back.c.guild_id == guild_id, look_back.c.user_id == user_id
        tx.execute(delete(look_back).where(*where))
        return
    row = {"way": what.way, "next_at": what.next_at, "refused_at": what.refused_at}
    tx.execute(_KEEP, {"guild_id": guild_id, "user_id": user_id, **row})


def written_to(tx: Connection, guild_id: int) -> list[int]:
    """Return the members of a guild to whom a message about their week is to come."""
    mine = look_back.c.guild_id == guild_id, look_back.c.next_at.is_not(None)
    return list(tx.execute(select(look_back.c.user_id).where(*mine).order_by(look_back.c.user_id)).scalars())


def due(tx: Connection, now: datetime, most: int) -> Sequence[tuple[int, int]]:
    """Return guild and id of up to ``most`` members of all guilds whose week is to be looked back on, by the index."""
    return cast("Sequence[tuple[int, int]]", tx.execute(_DUE, {"now": now, "most": most}).all())


def goal(tx: Connection, guild_id: int, user_id: int, week: date) -> Goal | None:
    """Return a member's goal of the week that begins on a Monday."""
    found = tx.execute(_GOAL, {"guild": guild_id, "user": user_id, "monday": week.isoformat()}).one_or_none()
    return None if found is None else Goal(week, found.goal, None if found.kept is None else Kept(found.kept))


def put_goal(tx: Connection, guild_id: int, user_id: int, week: date, words: str, now: datetime) -> None:
    """Save a member's goal of a week, not judged yet; empty words take it away."""
    if words:
        row = {"guild_id": guild_id, "user_id": user_id, "week": week.isoformat(), "goal": words, "at": now}
        tx.execute(_PUT_GOAL, row)
        return
    tx.execute(delete(week_goal).where(*_this_goal(guild_id, user_id, week)))


def judge(tx: Connection, guild_id: int, user_id: int, week: date, kept: Kept) -> bool:
    """Save what a member says of a goal; False where there is none of that week."""
    where = _this_goal(guild_id, user_id, week)
    return tx.execute(week_goal.update().where(*where).values(kept=kept)).rowcount > 0


def counted(tx: Connection, guild_id: int, user_id: int, week: date) -> Counted:
    """Return what a member did on the seven study days from a Monday on, as the rows had their day when written."""
    days = {"first": week.isoformat(), "last": (week + timedelta(days=6)).isoformat()}
    whose = {"guild": guild_id, "user": user_id, **days}
    prompts = tx.execute(_PROMPTS, whose).scalar_one()
    reviews, cards, remembered = tx.execute(_REVIEWS, whose).one()
    return Counted(prompts, cards, reviews, remembered)


def _this_goal(guild_id: int, user_id: int, week: date) -> tuple[Any, ...]:
    row = week_goal.c
    return row.guild_id == guild_id, row.user_id == user_id, row.week == week.isoformat()
