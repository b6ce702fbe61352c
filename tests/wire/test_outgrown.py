"""A lone process to which Discord recommends more connections has them without being told."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.wire.process import BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import SHARD, Person, World


async def test_a_bot_that_outgrew_its_connection_starts_over_with_more(tmp_path: Path) -> None:
    async with Wire.serving(World.of(4, apart=SHARD)) as wire:
        wire.gateway.recommended = wire.gateway.limit["max_concurrency"] = 2
        async with BotProcess.running(wire, tmp_path):
            await wire.signal.until(lambda: wire.gateway.identified >= 2, 60)
            assert sorted(shard for shard, _ in wire.gateway.begun) == [0, 1]
            for guild in wire.world.guilds:
                interaction = await wire.command(Person("ana"), "today", guild)
                await interaction.answer()
                assert len(interaction.answers) >= 1
