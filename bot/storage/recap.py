"""What a week brought, read from what the other repositories keep. Nothing of a recap is stored."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, func, select

from bot.domain.points import Reason
from bot.storage.member import member
from bot.storage.points import points
from bot.storage.prompt import prompt_answer, prompt_done
from bot.storage.thanks import thanks


def helpers(tx: Connection, guild_id: int, since: datetime, until: datetime, most: int) -> list[tuple[int, int]]:
    """Return up to ``most`` authors of messages that helped others in that time, and how often, the most first."""
    times = func.count().label("times")
    rows = tx.execute(
        select(thanks.c.author_id, times)
        .where(thanks.c.guild_id == guild_id, thanks.c.counted == 1, thanks.c.at >= since, thanks.c.at < until)
        .group_by(thanks.c.author_id)
        .order_by(times.desc(), func.min(thanks.c.at), thanks.c.author_id)
        .limit(most)
    )
    return [(author_id, count) for author_id, count in rows]


def sharers(tx: Connection, guild_id: int, since: datetime, until: datetime, most: int) -> list[tuple[int, int, int]]:
    """Return up to ``most`` members who shared answers in that time, how many, and the number of the latest post."""
    times = func.count().label("times")
    mine = prompt_answer.c.guild_id == guild_id, prompt_answer.c.shared == 1
    rows = tx.execute(
        select(prompt_answer.c.user_id, times, func.max(prompt_answer.c.number))
        .where(*mine, prompt_answer.c.at >= since, prompt_answer.c.at < until)
        .group_by(prompt_answer.c.user_id)
        .order_by(times.desc(), func.min(prompt_answer.c.at), prompt_answer.c.user_id)
        .limit(most)
    )
    return [(user_id, count, number) for user_id, count, number in rows]


def doers(tx: Connection, guild_id: int, first: date, last: date) -> dict[int, int]:
    """Return how many daily prompts each member did on those study days."""
    rows = tx.execute(
        select(prompt_done.c.user_id, func.count())
        .where(
            prompt_done.c.guild_id == guild_id,
            prompt_done.c.day >= first.isoformat(),
            prompt_done.c.day <= last.isoformat(),
        )
        .group_by(prompt_done.c.user_id)
    )
    return {user_id: count for user_id, count in rows}  # noqa: C416  (rows are no pairs to the type checker)


def newcomers(tx: Connection, guild_id: int, since: datetime, until: datetime) -> list[int]:
    """Return the members who were first seen in that time, the earliest first."""
    seen = member.c.first_seen_at
    rows = tx.execute(
        select(member.c.user_id).where(member.c.guild_id == guild_id, seen >= since, seen < until).order_by(seen)
    )
    return list(rows.scalars())


def earned(tx: Connection, guild_id: int, user_id: int, first: date, last: date) -> dict[Reason, int]:
    """Return what a member has for each reason on those study days; what was taken back is gone from it."""
    rows = tx.execute(
        select(points.c.reason, func.sum(points.c.delta).label("total"))
        .where(
            points.c.guild_id == guild_id,
            points.c.user_id == user_id,
            points.c.day >= first.isoformat(),
            points.c.day <= last.isoformat(),
        )
        .group_by(points.c.reason)
    )
    return {Reason(row.reason): row.total for row in rows if row.total}
