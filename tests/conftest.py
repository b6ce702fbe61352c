"""What the tests share: the shipped pack, a migrated database, a fake clock, and the real bot on SimCord."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest
import simcord

from bot.app import assembled
from bot.client import Syllabot
from bot.domain.pack import Pack
from bot.packs.load import load_pack
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.upgrade import migrate
from tests.fakes.clock import FakeClock
from tests.fakes.scheduler import DrivenScheduler

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


@pytest.fixture
async def database(database_path: Path) -> AsyncIterator[Database]:
    """An open database."""
    opened = await Database.open(database_path)
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
