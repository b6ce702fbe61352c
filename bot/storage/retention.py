"""How long things are kept: guilds that the bot was removed from, and records that have served their purpose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, Connection, delete, select, union

from bot.domain.letter import LetterState
from bot.domain.reminder import ReminderState
from bot.domain.report import Ruling
from bot.storage.audit import audit
from bot.storage.faq import faq_gap
from bot.storage.form import form
from bot.storage.guild import guild
from bot.storage.letter import letter
from bot.storage.member import member
from bot.storage.quiz import forget_old as forget_rounds
from bot.storage.reminder import reminder
from bot.storage.report import report
from bot.storage.schedule import schedule
from bot.storage.schema import Instant, guild_key, metadata, table
from bot.storage.upsert import insert

guild_removal: Final = table("guild_removal", guild_key(), Column("at", Instant, nullable=False))
"""The guilds that the bot is no longer in, and since when it is known."""

FORMS: Final = timedelta(days=7)
TOLD: Final = timedelta(days=90)
QUESTIONS: Final = timedelta(days=180)
ACTS: Final = timedelta(days=365)
_OVER: Final = ReminderState.SENT, ReminderState.REFUSED, ReminderState.DROPPED


def put_removed(tx: Connection, guild_id: int, now: datetime) -> None:
    """Record that the bot is no longer in a guild; what was recorded before stays."""
    tx.execute(insert(guild_removal).values(guild_id=guild_id, at=now).on_conflict_do_nothing())


def put_back(tx: Connection, guild_id: int) -> None:
    """Record that the bot is in a guild again."""
    tx.execute(delete(guild_removal).where(guild_removal.c.guild_id == guild_id))


def removed_at(tx: Connection, guild_id: int) -> datetime | None:
    """Return since when the bot is no longer in a guild; None where it is."""
    return tx.execute(select(guild_removal.c.at).where(guild_removal.c.guild_id == guild_id)).scalar()


def known_guilds(tx: Connection) -> set[int]:
    """Return the ids of the guilds that something is kept of."""
    parts = (select(one.c.guild_id).distinct() for one in (guild, member, schedule))
    return set(tx.execute(union(*parts)).scalars())


def removed(tx: Connection) -> dict[int, datetime]:
    """Return the guilds that the bot is no longer in, and since when."""
    return {row.guild_id: row.at for row in tx.execute(select(guild_removal))}


def forget_old(tx: Connection, now: datetime) -> int:
    """Delete records of all guilds that have served their purpose, and return how many."""
    over = (
        delete(form).where(form.c.at < now - FORMS),
        delete(letter).where(letter.c.state == LetterState.TOLD, letter.c.at < now - TOLD),
        delete(reminder).where(reminder.c.state.in_(_OVER), reminder.c.due_at < now - TOLD),
        delete(faq_gap).where(faq_gap.c.last_at < now - QUESTIONS),
        delete(report).where(report.c.ruling != Ruling.OPEN, report.c.ruled_at < now - ACTS),
        delete(audit).where(audit.c.at < now - ACTS),
    )
    return sum(tx.execute(one).rowcount for one in over) + forget_rounds(tx, now - ACTS)


def purge(tx: Connection, guild_id: int) -> None:
    """Delete everything of a guild."""
    boards = select(metadata.tables["board"].c.board_id).where(metadata.tables["board"].c.guild_id == guild_id)
    for one in reversed(metadata.sorted_tables):
        if "guild_id" not in one.c and "board_id" in one.c:
            tx.execute(delete(one).where(one.c.board_id.in_(boards)))
    for one in reversed(metadata.sorted_tables):
        if "guild_id" in one.c:
            tx.execute(delete(one).where(one.c.guild_id == guild_id))
