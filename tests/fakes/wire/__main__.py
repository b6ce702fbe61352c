"""The stand-in in a process of its own: ``python -m tests.fakes.wire [guilds]`` prints its address and serves."""

from __future__ import annotations

import asyncio
import sys

from tests.fakes.wire.control import add_control
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import World


async def main(guilds: int) -> None:
    """Serve until killed, with so many guilds."""
    wire = Wire(World.of(guilds))
    add_control(wire)
    async with wire.served():
        print(wire.base, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
