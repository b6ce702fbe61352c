"""A process that does nothing but post: the real services, courier and client, by REST alone.

Made by forking a server that has imported everything, so that one lives 20 ms after it was asked for; a whole bot needs
most of a second, and a test that kills one every 0.3 s would never see it post.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import discord

from bot.courier.courier import Courier
from bot.domain.pack import Pack
from bot.log import configure
from bot.packs.load import load_pack
from bot.services import posting as posting_service
from bot.services.packs import Packs
from bot.services.posting import PostingService
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.guild import moderator_channel
from tests.fakes.wire.ahead import SharedClock
from tests.fakes.wire.point import point_discord_at
from tests.fakes.wire.process import TOKEN

PACK: Final[Pack] = load_pack(ROOT / "content" / "ml-engineer")
EVERY: Final = 0.02
"""Seconds between two ticks."""


class Ashore(discord.Client):
    """A client that never comes to the gateway, and needs none to post."""

    def is_ready(self) -> bool:
        """Say that it is."""
        return True


async def _post(base: str, folder: Path, owner: str, at_once: int) -> None:
    point_discord_at(base)
    setattr(posting_service, "AT_ONCE", at_once)  # noqa: B010  (a constant of the module)
    clock, database = SharedClock(folder / "ahead"), await Database.open(folder / "syllabot.db")
    courier = Courier(clock, lambda guild_id: database.read(lambda tx: moderator_channel(tx, guild_id)))
    posting = PostingService(database, Packs(database, PACK), clock, courier, owner)
    leaving = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, leaving.set)
    async with Ashore(intents=discord.Intents(guilds=True)) as client:
        courier.serve(client)
        await client.login(TOKEN)
        while not leaving.is_set():
            await posting.begin()
            try:
                async with asyncio.timeout(EVERY):
                    await leaving.wait()
            except TimeoutError:
                continue
        await posting.leave(15)
    await database.close()


def _main(base: str, folder: Path, owner: str, at_once: int) -> None:
    configure("CRITICAL", as_json=False)
    asyncio.run(_post(base, folder, owner, at_once))


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


class Poster:
    """One such process, on the database ``syllabot.db`` in a folder, by the clock whose file is ``ahead`` there."""

    def __init__(self, base: str, folder: Path, owner: str, at_once: int = posting_service.AT_ONCE) -> None:
        """Start it; it holds ``at_once`` occurrences at a time."""
        arguments = (base, folder, owner, at_once)
        self.inner: BaseProcess = _context().Process(target=_main, args=arguments, daemon=True)
        self.inner.start()

    def kill(self) -> None:
        """Kill it by SIGKILL, if it lives, and wait until it is gone."""
        self.inner.kill()
        self.inner.join()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.inner.pid is not None
        os.kill(self.inner.pid, number)
