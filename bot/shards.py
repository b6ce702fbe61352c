"""The bot with several connections to Discord: those of its process's shards."""

from __future__ import annotations

from typing import Any, Protocol

from discord.ext import commands
from yarl import URL

from bot.client import Syllabot


class Turns(Protocol):
    """What gives out the turns of the shards of all processes. ``max_concurrency`` is what Discord says of them."""

    max_concurrency: int

    async def wait(self, shard_id: int) -> None:
        """Return once it is a shard's turn."""
        ...


class ShardedSyllabot(Syllabot, commands.AutoShardedBot):
    """The bot with a connection for each shard of its process."""

    def __init__(self, turns: Turns, *parts: Any) -> None:  # noqa: ANN401  (those of the bot, in its order)
        """Take what says when a shard may begin its session, and what the bot takes."""
        super().__init__(*parts)
        self.turns = turns

    async def setup_hook(self) -> None:
        """Agree on the shards, before anything is done that goes by them; then begin as the bot does."""
        share = await self.cluster.settle(self._recommended)
        self.shard_count, self.shard_ids = share.shards, share.shard_ids()
        await super().setup_hook()

    async def launch_shard(self, gateway: URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard once it is its turn: a connection that waits for that would be closed."""
        await self.turns.wait(shard_id)
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def close(self) -> None:
        """Take nothing more from Discord, then leave as the bot does: what it was sent by then is answered."""
        for shard in self.shards.values():
            if not shard.is_closed():
                await shard.disconnect()
        await super().close()

    async def _recommended(self) -> int:
        shards, _, limit = await self.http.get_bot_gateway()
        self.turns.max_concurrency = limit["max_concurrency"]
        return shards
