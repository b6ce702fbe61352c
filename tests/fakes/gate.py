"""An address of PostgreSQL that stays while the server behind it changes, as in front of a standby."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import URL

from bot.storage.database import DRIVER
from tests.fakes.postgresql import Server

CHUNK = 65536


@dataclass(slots=True)
class Gate:
    """Passes on what comes to a port of this machine.

    Attributes:
        server: who gets it from now on; where it is down, connections are closed at once.
        port: where it comes to.
        passed: how many connections were made to a server that was there.
    """

    server: Server
    port: int = 0
    passed: int = field(default=0, init=False)

    @property
    def url(self) -> URL:
        """The address, of whichever server is behind it."""
        return URL.create(DRIVER, "postgres", host="127.0.0.1", port=self.port, database="postgres")

    @classmethod
    @asynccontextmanager
    async def open(cls, server: Server) -> AsyncGenerator[Gate]:
        """Open a gate to a server, on a port that is free."""
        gate = cls(server)
        listening = await asyncio.start_server(gate.take, "127.0.0.1", 0)
        gate.port = listening.sockets[0].getsockname()[1]
        async with listening:
            yield gate

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass a connection on, until either end closes it."""
        try:
            far = await asyncio.open_unix_connection(str(self.server.folder / ".s.PGSQL.5432"))
        except OSError:
            writer.close()
            return
        self.passed += 1
        await asyncio.gather(_pass(reader, far[1]), _pass(far[0], writer))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()
