"""The baseline of everything that goes through discord.py: a bot with one slash command that does nothing but answer.

``python -m tests.bench.bare http://127.0.0.1:port [sync]`` starts it against the stand-in of Discord; with ``sync`` it
syncs its command first.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from tests.fakes.wire.point import point_discord_at

if TYPE_CHECKING:
    from bot.ui.reply import Reply


class BareBot(commands.Bot):
    """The least a bot with a slash command can be.

    Attributes:
        answers: what the command sends, one after the other; by default one word.
    """

    def __init__(self, *, sync: bool, answers: Iterator[Reply] | None = None) -> None:
        super().__init__(commands.when_mentioned, intents=discord.Intents(guilds=True), help_command=None)
        self.answers = answers
        self._sync = sync
        self.tree.add_command(
            app_commands.Command[Any, [], None](name="nothing", description="Does nothing", callback=_nothing)
        )

    async def setup_hook(self) -> None:
        """Sync the command where that was asked for."""
        if self._sync:
            await self.tree.sync()


async def _nothing(interaction: discord.Interaction[BareBot]) -> None:
    if interaction.client.answers is None:
        await interaction.response.send_message("Nothing", ephemeral=True)
        return
    reply = next(interaction.client.answers)
    assert reply.embed is not None
    assert reply.view is not None
    file = reply.picture.file() if reply.picture else discord.utils.MISSING
    await interaction.response.send_message(
        reply.content, embed=reply.embed, view=reply.view, file=file, ephemeral=True
    )


async def _run(token: str, *, sync: bool) -> None:
    async with BareBot(sync=sync) as bot:
        await bot.start(token)


if __name__ == "__main__":
    point_discord_at(sys.argv[1])
    asyncio.run(_run(os.environ["DISCORD_TOKEN"], sync="sync" in sys.argv))
