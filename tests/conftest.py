"""What the tests share: the shipped pack, a migrated database, a fake clock, and the real bot on SimCord."""

from __future__ import annotations

import inspect
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from unittest.mock import patch

import discord
import pytest
import simcord
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import assembled
from bot.client import Syllabot
from bot.domain.pack import Pack
from bot.packs.load import load_pack
from bot.settings import ROOT
from bot.storage import postgresql
from bot.storage.database import Database, Place
from bot.storage.lease import CALLERS, CLOCK
from bot.storage.upgrade import migrate
from tests.fakes.clock import FakeClock
from tests.fakes.postgresql import Ground, served
from tests.fakes.scheduler import DrivenScheduler

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
ON_BOTH: Final = frozenset({"storage", "services", "wire"})
"""The folders of tests that run on both engines where they use a database; the others look at what lies above SQL."""

# SimCord sleeps 50 ms whenever only a callback is left; there is no public knob (see docs/demo.md).
simcord.Env._settle_internal.__kwdefaults__["idle"] = 0.0005  # pyright: ignore[reportPrivateUsage, reportOptionalSubscript]


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The shipped pack."""
    return load_pack(ROOT / "content" / "ml-engineer")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file at the current schema, to copy."""
    path = tmp_path_factory.mktemp("migrated") / "syllabot.db"
    migrate(path)
    return path


@pytest.fixture
def database_path(migrated: Path, tmp_path: Path) -> Path:
    """A fresh database file of this test's own."""
    path = tmp_path / "syllabot.db"
    shutil.copy(migrated, path)
    return path


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """A database of this process's own on a PostgreSQL server, which is started for the first test that wants it."""
    name = f"syllabot_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"
    with served() as url, patch.object(postgresql, "engine_of", _shared(postgresql.engine_of, name)):
        ground = Ground(url, name)
        yield ground
        ground.close()


def _shared(make: Callable[..., AsyncEngine], name: str) -> Callable[..., AsyncEngine]:
    """Return what makes one engine for the database of all tests, and others as ever.

    So statements are compiled once; the connections of each test end with it. Leases go by the clocks of the tests.
    """

    @cache
    def kept(url: URL) -> AsyncEngine:
        return make(url).execution_options(**{CLOCK: CALLERS})

    def engine_of(url: URL, **kind: bool) -> AsyncEngine:
        return kept(url) if url.database == name and not kind else make(url, **kind)

    return engine_of


@pytest.fixture
def backend() -> str:
    """The engine of the test's database; where tests run on both, ``pytest_generate_tests`` says which."""
    return SQLITE


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests that use a database, in the rooms where SQL is reached, on both engines."""
    room = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0]
    file_alone = "database_path" in inspect.signature(metafunc.function).parameters
    marked = metafunc.definition.get_closest_marker("sqlite") is not None
    if "backend" in metafunc.fixturenames and room in ON_BOTH and not file_alone and not marked:
        metafunc.parametrize("backend", [SQLITE, POSTGRESQL])


@pytest.fixture
def place(backend: str, request: pytest.FixtureRequest) -> Place:
    """Where the database of the test is; it is at the current schema, and empty."""
    if backend == SQLITE:
        path: Path = request.getfixturevalue("database_path")
        return path
    ground: Ground = request.getfixturevalue("ground")
    ground.empty()
    return ground.url


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    """An open database."""
    opened = await Database.open(place)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until it is moved."""
    return FakeClock()


@dataclass(slots=True)
class World:
    """The real bot in a simulated guild."""

    env: simcord.Env
    bot: Syllabot
    guild: simcord.GuildHandle
    hall: simcord.ChannelHandle
    alice: simcord.MemberActor
    bob: simcord.MemberActor
    manager: simcord.MemberActor


@pytest.fixture
async def world(database_path: Path, pack: Pack, clock: FakeClock) -> AsyncIterator[World]:
    """A guild with two members and a manager, and the bot in it."""
    async with assembled(database_path, pack, clock, scheduler=DrivenScheduler(timezone="UTC"), paced=False) as bot:
        env = simcord.Env(bot)
        await env.start()
        try:
            yield make_world(env, bot)
            unread = env.errors_since(env._errors_acknowledged)  # pyright: ignore[reportPrivateUsage]
            if unread:
                raise BaseExceptionGroup("the bot raised what the test did not expect", unread)
        finally:
            await env.shutdown()


def make_world(env: simcord.Env, bot: Syllabot) -> World:
    """Fill a simulated guild."""
    guild = env.create_guild("Study group")
    hall = guild.create_text_channel("study-hall")
    managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True, manage_messages=True))
    alice, bob = (guild.add_member(env.create_user(name, global_name=name.title())) for name in ("alice", "bob"))
    manager = guild.add_member(env.create_user("mo", global_name="Mo"), roles=[managers])
    return World(env, bot, guild, hall, alice, bob, manager)
