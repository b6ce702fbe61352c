"""The stand-in in a process of its own: ``python -m tests.fakes.wire [guilds [more]]`` says its address and serves."""

from __future__ import annotations

import asyncio
import sys

from tests.fakes.wire.control import add_control
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import World


async def main(guilds: int, more: int) -> None:
    """Serve until killed, with so many guilds, each with so many more channels and roles than usual."""
    wire = Wire(World.of(guilds, more))
    add_control(wire)
    async with wire.served():
        print(wire.base, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    asyncio.run(main(*([*numbers, *(1, 0)[len(numbers) :]])))
