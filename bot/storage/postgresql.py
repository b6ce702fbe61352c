"""The engine of a PostgreSQL server: a few connections, and units of work that are run again where that is right.

SQLite lets one writer in at a time, and every rule of the services rests on that. Here writers run side by side, under
SERIALIZABLE: PostgreSQL lets them end only as if they had run one after another, and takes one of them back where it
can't. A unit is a plain function, so it is then run again. Readers see one moment (REPEATABLE READ) and block nobody.
A server that restarts is waited for, as long as nothing was handed in; a connection that breaks while a unit is being
handed in leaves open whether it was saved, and is told as that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from itertools import count
from typing import Any, Final, Self, TypeVar

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError

from bot.errors import SettingsError, StorageError
from bot.log import get_logger
from bot.storage.database import CANT_READ, NOT_SAVED, Database

try:
    import stamina
    import stamina.instrumentation
    from asyncpg import InterfaceError, PostgresError
    from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
    from stamina import Attempt
except ModuleNotFoundError as error:
    raise SettingsError(
        f"DATABASE_URL is set, and {error.name} is missing: install requirements/postgresql.txt, or unset it."
    ) from error

T = TypeVar("T")

WRITERS: Final = 4
READERS: Final = 4
PATIENCE: Final = 10.0
"""Seconds for which a unit is run again: a server restarts within them, and a member still waits."""
SESSION: Final = {
    "application_name": "syllabot",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
}
CONNECT_WITHIN: Final = 5.0
ANSWER_WITHIN: Final = 40.0
"""Seconds after which a server that says nothing is given up; its own time-outs come first."""
_AGAIN: Final = frozenset({"40001", "40P01"})
"""Taken back for the sake of another unit."""
_TAKEN: Final = "23505"
"""A key that is there already: another unit may have taken it at the same moment, or the unit is at fault."""
_TRIES_FOR_A_KEY: Final = 4
_DOWN: Final = frozenset({"57P01", "57P02", "57P03", "53300", "25006"})
"""Going down, not up yet, without a connection to spare, or a standby that is not promoted yet."""
_FULL: Final = frozenset({"53100", "58030"})
_NOT_KNOWN: Final = (
    "It isn't known whether that was saved: the connection to the database broke at the last moment. Look whether it "
    "is there before you press again."
)
_NO_ROOM: Final = (
    "That wasn't saved: the database's disk is full or can't be written. What was saved before is safe; tell a "
    "moderator, and press again when there is room."
)
TROUBLE: Final = (DBAPIError, PostgresError, InterfaceError, OSError, TimeoutError)
"""What is raised where the server does not do what it is asked; SQLAlchemy wraps none of it on connecting."""

log = get_logger(__name__)


# its own would log what PostgreSQL says of an error, which quotes rows, and so what members wrote
stamina.instrumentation.set_on_retry_hooks([])


class _BrokenOffError(Exception):
    """The connection broke while a unit was being handed in."""


class PostgreSQL(Database):
    """A database that a PostgreSQL server keeps."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(None)
        self._engine = engine
        self._writing = engine.execution_options(isolation_level="SERIALIZABLE")
        self._reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._writers = asyncio.Semaphore(WRITERS)
        self._readers = asyncio.Semaphore(READERS)
        self._running: set[asyncio.Task[Any]] = set()

    @classmethod
    async def connected(cls, url: URL) -> Self:
        """Open a database that is at the current schema (see ``bot.storage.server``).

        Raises:
            StorageError: where the server can't be reached or refuses us.
        """
        opened = cls(engine_of(url))
        try:
            async with opened._engine.connect():
                pass
        except TROUBLE as error:
            await opened.close()
            raise StorageError(f"The database {url} can't be opened: {said(error)}.") from None
        return opened

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on a reader's connection; see ``Database.read``."""
        return await self._whole(self._read(work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on a writer's connection; see ``Database.write``."""
        return await self._whole(self._write(work))

    async def close(self) -> None:
        """Close every connection, once what was begun is done."""
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._engine.dispose()

    async def _whole(self, running: Coroutine[Any, Any, T]) -> T:
        """Return what ``running`` comes to; where the caller is cancelled meanwhile, it ends by itself."""
        task = asyncio.create_task(running)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # noted where it was raised; nobody may be waiting for it any more

    async def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            async with self._readers:
                async for attempt in _attempts():
                    with attempt:
                        async with self._reading.connect() as connection:
                            return await connection.run_sync(work)
        except TROUBLE as error:
            self.errors += 1
            log.error("database_read_failed", error=_kind(error), sqlstate=code_of(error), statement=_asked(error))  # noqa: TRY400
            raise StorageError(CANT_READ) from None
        raise AssertionError("the last attempt returns or raises")

    async def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            async with self._writers:
                async for attempt in _attempts():
                    with attempt:
                        return await self._handed_in(work)
        except _BrokenOffError:
            self.errors += 1
            log.error("database_commit_broken_off")  # noqa: TRY400
            raise StorageError(_NOT_KNOWN) from None
        except TROUBLE as error:
            self.errors += 1
            log.error("database_write_failed", error=_kind(error), sqlstate=code_of(error), statement=_asked(error))  # noqa: TRY400
            raise StorageError(_NO_ROOM if code_of(error) in _FULL else NOT_SAVED) from None
        raise AssertionError("the last attempt returns or raises")

    async def _handed_in(self, work: Callable[[Connection], T]) -> T:
        """Run a unit once and commit it."""
        async with self._writing.connect() as connection:
            found = await connection.run_sync(work)
            try:
                await connection.commit()
            except TROUBLE as error:
                if _is_gone(error):
                    raise _BrokenOffError from None
                raise
            return found


def engine_of(url: URL, *, patient: bool = False) -> AsyncEngine:
    """Return an engine that connects to nothing yet; a ``patient`` one waits for locks and long statements."""
    settings = {**SESSION, "lock_timeout": "0", "statement_timeout": "0"} if patient else dict(SESSION)
    waits = {"timeout": CONNECT_WITHIN, "command_timeout": None if patient else ANSWER_WITHIN}
    engine = create_async_engine(
        url,
        pool_size=WRITERS + READERS,
        max_overflow=0,
        # a connection that went stale shows at its first statement, and the unit is run again on another one
        pool_pre_ping=False,
        hide_parameters=True,
        connect_args={"server_settings": settings, **waits},
    )
    event.listen(engine.sync_engine, "before_cursor_execute", _without_nul, retval=True)
    return engine


def _without_nul(*call: Any) -> tuple[str, Any]:  # noqa: ANN401  (as SQLAlchemy calls it)
    """Return the statement and its values, each NUL replaced as Unicode has it: PostgreSQL keeps no text with one."""
    _connection, _cursor, statement, values, _context, many = call
    return statement, [_kept(one) for one in values] if many else _kept(values)


def _kept(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if any(isinstance(one, str) and "\0" in one for one in values):
        return tuple(one.replace("\0", "\ufffd") if isinstance(one, str) else one for one in values)
    return values


def code_of(error: BaseException) -> str | None:
    """Return PostgreSQL's five letters for an error; None where the server said nothing."""
    source = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(source, "sqlstate", None)
    return code if isinstance(code, str) else None


def said(error: BaseException) -> str:
    """Return the first line of an error of connecting, which quotes no row."""
    source = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return (str(source).splitlines() or [_kind(error)])[0].rstrip(".") or _kind(error)


def _asked(error: BaseException) -> str | None:
    """Return the statement of an error, without its values; what PostgreSQL says of it quotes rows, and stays out."""
    return error.statement if isinstance(error, DBAPIError) else None


def _kind(error: BaseException) -> str:
    return type(error.orig if isinstance(error, DBAPIError) and error.orig is not None else error).__name__


def _attempts() -> AsyncIterator[Attempt]:
    taken = count(1)

    def worth_another(error: Exception) -> bool:
        code = code_of(error)
        if code == _TAKEN:
            return next(taken) < _TRIES_FOR_A_KEY
        return isinstance(error, TROUBLE) and (_is_gone(error) or code in _AGAIN)

    return stamina.retry_context(
        on=worth_another, attempts=None, timeout=PATIENCE, wait_initial=0.005, wait_max=0.5, wait_jitter=0.02
    ).__aiter__()


def _is_gone(error: BaseException) -> bool:
    """Return whether the server is out of reach, going down or coming up."""
    code = code_of(error)
    if code is not None:
        return code in _DOWN or code.startswith("08")
    return not isinstance(error, DBAPIError) or error.connection_invalidated or "closed" in str(error.orig)
