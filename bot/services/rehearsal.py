"""What members ask for first, done for nobody after the start, so that the first who asks waits for nothing.

SQLAlchemy compiles a statement when it is first executed, half a millisecond each, and the content that daily posts
hold is read at its first need. Both are then behind a bot that nobody has asked yet. Nothing of it stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.board import Rivals
from bot.domain.roadmap import State
from bot.errors import SyllabotError
from bot.log import get_logger
from bot.services.board import LINES, BoardService
from bot.services.board_lines import Ask
from bot.services.packs import Packs
from bot.services.roadmap import RoadmapService
from bot.services.today import TodayService
from bot.storage import board as board_store
from bot.storage import member as member_store
from bot.storage import review as review_store
from bot.storage.database import Database

T = TypeVar("T")

NOBODY: Final = 0
"""No server and no member has this id."""

TIMES: Final = 2
"""``bot.storage.prepared`` prepares a statement when it is met again."""

log = get_logger(__name__)


class _UndoneError(Exception):
    """Ends a transaction whose work is done and is not to stay; ``outcome`` is what the work returned."""

    def __init__(self, outcome: object) -> None:
        super().__init__()
        self.outcome: Any = outcome


class Unsaved(Database):
    """A database in which everything can be done, and nothing that is written stays."""

    def __init__(self, of: Database) -> None:
        """Take the database whose it is; whoever opened that one closes it."""
        super().__init__(of.path)
        self._of = of

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work``; see ``Database.read``."""
        return await self._of.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` and take back all that it wrote; see ``Database.write``."""

        def undone(tx: Connection) -> T:
            raise _UndoneError(work(tx))

        try:
            return await self._of.write(undone)
        except _UndoneError as end:
            return end.outcome

    async def close(self) -> None:
        """Do nothing."""


class Rehearsal:
    """Goes through what members ask for first."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._packs = packs
        self._unsaved = Unsaved(database)
        self._roadmap = RoadmapService(self._unsaved, packs, clock)
        self._today = TodayService(self._unsaved, packs, clock)
        self._board = BoardService(self._unsaved, clock)

    async def run(self) -> None:
        """Do it, in pieces of some milliseconds on the threads of the database. Nothing is raised: it is logged."""
        try:
            await self._packs.read_shipped()
            for _ in range(TIMES):
                await self._go_through(next(iter(self._packs.shipped.topics)))
        except SyllabotError:
            log.warning("rehearsal_cut_short")

    async def _go_through(self, topic_id: str) -> None:
        await self._roadmap.page(NOBODY, NOBODY)
        await self._roadmap.topic_page(NOBODY, NOBODY, topic_id)
        await self._today.page(NOBODY, NOBODY)
        await self._board.members(NOBODY, NOBODY, Ask())
        await self._board.groups(NOBODY, NOBODY, Ask(Rivals.GROUPS))
        await self._unsaved.read(_beyond)
        for state in (State.LEARNING, State.DONE):
            await self._roadmap.mark(NOBODY, NOBODY, topic_id, state, confirmed=True)


def _beyond(tx: Connection) -> None:
    """Read what only a board with somebody on it reads, and the page of a topic that is done: nobody has either."""
    board_store.size(tx, NOBODY)
    board_store.top(tx, NOBODY, LINES)
    member_store.known(tx, NOBODY, [NOBODY])
    review_store.lapses(tx, NOBODY, NOBODY, "")
