"""Who is still in a guild, and how they are called there: asked of Discord for those who show, once a day each.

Discord tells the bot of nobody's coming and going: it asks for no members' intent. What interactions bring is kept,
and the rest is asked for in batches, by id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.log import get_logger
from bot.storage import board as board_store
from bot.storage import group as group_store
from bot.storage import member as store
from bot.storage.database import Database
from bot.storage.member import Known

AT_ONCE: Final = 100
"""Members that Discord takes in one question."""
CHECKED_FOR: Final = timedelta(days=1)

log = get_logger(__name__)


class Roster(Protocol):
    """Knows who is in a guild."""

    async def names(self, guild_id: int, user_ids: Sequence[int]) -> Mapping[int, str] | None:
        """Return how those of these people are called who are in the guild, by id; None where it can't be told now."""
        ...


def to_check(who: Collection[int], people: Mapping[int, Known], now: datetime) -> tuple[int, ...]:
    """Return those of ``who`` of whom Discord told nothing for a day, in order of their ids."""

    def is_old(user_id: int) -> bool:
        person = people.get(user_id)
        return person is None or person.seen_at is None or now - person.seen_at >= CHECKED_FOR

    return tuple(sorted(user_id for user_id in who if is_old(user_id)))


def note_seen(tx: Connection, guild_id: int, user_id: int, name: str, now: datetime) -> bool:
    """Record that a member is in a guild and how the member is called there; after having left, back in all places.

    Returns whether a page that shows the member looks different now.
    """
    before = store.get(tx, guild_id, user_id)
    store.put_seen(tx, guild_id, user_id, name, now)
    if before is not None and before.left_at is not None:
        group_store.put_here(tx, guild_id, user_id, here=True)
        board_store.show(tx, guild_id, user_id, shown=not before.off_boards)
        return not before.off_boards
    return before is None or before.name != name


def note_left(tx: Connection, guild_id: int, user_id: int, now: datetime) -> bool:
    """Record that somebody is no longer in a guild, and take them off its boards; False where that was known."""
    store.ensure(tx, guild_id, user_id, now)
    before = store.get(tx, guild_id, user_id)
    store.put_left(tx, guild_id, user_id, now)
    group_store.put_here(tx, guild_id, user_id, here=False)
    board_store.show(tx, guild_id, user_id, shown=False)
    return before is None or before.left_at is None


class MembershipService:
    """Keeps what is known of who is in a guild."""

    def __init__(self, database: Database, clock: Clock, roster: Roster) -> None:
        self._database = database
        self._clock = clock
        self._roster = roster

    async def check(self, guild_id: int, user_ids: Sequence[int], witness: int) -> bool:
        """Ask Discord about up to ``AT_ONCE`` members who were not checked for a day; return whether a page changes.

        Args:
            guild_id: the guild.
            user_ids: members, the most wanted first.
            witness: somebody who certainly is in the guild. An answer without that person is no answer: nobody is
                taken off a board because of it.
        """
        now = self._clock.now()
        people = await self._database.read(lambda tx: store.known(tx, guild_id, user_ids))
        old = set(to_check(user_ids, people, now)) - {witness}
        asked = [user_id for user_id in user_ids if user_id in old][: AT_ONCE - 1]
        if not asked:
            return False
        names = await self._roster.names(guild_id, [*asked, witness])
        if names is None or witness not in names:
            log.info("membership_unknown", guild_id=guild_id, asked=len(asked))
            return False

        def write(tx: Connection) -> bool:
            changes = [
                note_seen(tx, guild_id, user_id, names[user_id], now)
                if user_id in names
                else note_left(tx, guild_id, user_id, now)
                for user_id in [*asked, witness]
            ]
            return any(changes)

        return await self._database.write(write)
