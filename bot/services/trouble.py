"""Tells whoever runs the bot what only they can mend: one direct message a day for each kind of trouble."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.feed import ARXIV, KAGGLE
from bot.errors import StorageError
from bot.log import get_logger
from bot.services.tally import Tally
from bot.storage import bot_state, feed
from bot.storage.database import Database

DOWN_FOR: Final = timedelta(hours=6)
"""A source that fails for less is made up for by what is kept of it."""
LOW: Final = 500 * 2**20
"""Bytes free on the disk of the database, below which its owner hears of it."""

log = get_logger(__name__)


class Trouble(StrEnum):
    """The kinds of trouble."""

    BACKUP = "backup"
    SOURCE = "source"
    DISK = "disk"
    POSTS = "posts"
    COMMANDS = "commands"


class Owner(Protocol):
    """Takes a message to the person who runs the bot. Nothing is raised: what fails is told again."""

    async def tell_owner(self, sentence: str) -> bool:
        """Send it by direct message; whether it arrived."""
        ...


class Troubles:
    """Passes on what went wrong, at most once a day (UTC) and kind, across restarts."""

    def __init__(self, database: Database, clock: Clock, owner: Owner) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._told: dict[Trouble, str] = {}

    async def report(self, kind: Trouble, sentence: str) -> bool:
        """Tell the owner unless this kind was told today; whether it was told now.

        Args:
            kind: the kind of trouble.
            sentence: what happened and what to do, with nothing of a member's in it.
        """
        today, name = self._clock.now().date().isoformat(), f"trouble:{kind}"

        def claim(tx: Connection) -> bool:
            if bot_state.get(tx, name) == today:
                return False
            bot_state.put(tx, name, today)
            return True

        if self._told.get(kind) == today:
            return False
        try:
            is_news = await self._database.write(claim)
        except StorageError:
            # a disk that is full takes no note, and is just what must be told
            is_news = True
        self._told[kind] = today
        if not is_news:
            return False
        log.warning("trouble", kind=kind)
        if await self._owner.tell_owner(sentence):
            return True
        await self._forget(kind, name)
        return False

    async def _forget(self, kind: Trouble, name: str) -> None:
        """Have it told again at the next report, because it did not arrive."""
        del self._told[kind]
        try:
            await self._database.write(lambda tx: bot_state.put(tx, name, ""))
        except StorageError:
            log.info("trouble_note_kept", kind=kind)


class TroubleWatch:
    """Looks for trouble that nobody reports: sources that are down, a disk that fills up, posts that were missed."""

    def __init__(
        self, database: Database, clock: Clock, troubles: Troubles, tally: Tally, free: Callable[[], int]
    ) -> None:
        """Take what is looked at; ``free`` returns the bytes free on the disk of the database."""
        self._database = database
        self._clock = clock
        self._troubles = troubles
        self._tally = tally
        self._free = free
        self._missed = 0

    async def look(self) -> None:
        """Report what is wrong now.

        Raises:
            StorageError: where the database can't be read; the disk and the posts were looked at before.
        """
        await self._look_at_disk()
        await self._look_at_posts()
        await self._look_at_sources()

    async def _look_at_disk(self) -> None:
        free = self._free()
        if free < LOW:
            await self._troubles.report(
                Trouble.DISK,
                f"The disk of the database has {free // 2**20} MB left. Below what a write needs, nothing is saved "
                "any more: make room, or move BOT_DATA_DIR to a larger disk.",
            )

    async def _look_at_posts(self) -> None:
        new = self._tally.missed - self._missed
        if new > 0:
            told = await self._troubles.report(
                Trouble.POSTS,
                f"Missed: {new} daily {'post' if new == 1 else 'posts'}, because the bot or Discord was away when "
                "they were due. Look into the log for restarts; /schedule > Health names the posts in each server.",
            )
            self._missed += new if told else 0

    async def _look_at_sources(self) -> None:
        states = await self._database.read(lambda tx: feed.sources(tx, (ARXIV, KAGGLE)))
        since = self._clock.now() - DOWN_FOR
        down = [one for one in states.values() if one.down_since is not None and one.down_since <= since]
        if down:
            names = " and ".join(f"{one.source} ({one.reason})" for one in down)
            await self._troubles.report(
                Trouble.SOURCE,
                f"No answer for {DOWN_FOR // timedelta(hours=1)} hours and more: {names}. Posts go on from what is "
                "kept. *python -m bot doctor* says more.",
            )
