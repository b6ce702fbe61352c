"""The gateway: hello, identify, heartbeats, resume, and events sent to the bot."""

from __future__ import annotations

import importlib
import json
import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.fakes.wire.lived_in import lived_in
from tests.fakes.wire.signals import Signal
from tests.fakes.wire.world import Json, World, snowflake

HEARTBEAT_MS: Final = 41_250
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11


def _packer(compression: str | None) -> Callable[[bytes], bytes] | None:
    """Return what packs messages as the client asked in the address; None for messages as plain text.

    Raises:
        ValueError: for a compression that is not known.
    """
    if compression is None:
        return None
    if compression == "zlib-stream":
        stream = zlib.compressobj()
        return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
    if compression == "zstd-stream":
        # discord.py asks for it only where one of these is there: it takes the package before Python 3.14's own.
        try:
            package: Any = importlib.import_module("zstandard")
        except ImportError:
            own: Any = importlib.import_module("compression.zstd").ZstdCompressor()
            return lambda data: own.compress(data, own.FLUSH_BLOCK)
        chunks: Any = package.ZstdCompressor().compressobj()
        return lambda data: chunks.compress(data) + chunks.flush(package.COMPRESSOBJ_FLUSH_BLOCK)
    raise ValueError(compression)


@dataclass(slots=True)
class Session:
    """One session of the bot's: what was sent in it, so that it can be resumed.

    Attributes:
        shard: which shard of how many it is.
        socket: its connection; None while it is away.
    """

    id: str
    shard: tuple[int, int]
    socket: Socket | None
    sent: list[Json] = field(default_factory=list[Json])

    def owns(self, guild_id: int) -> bool:
        """Whether a guild's events come in this session."""
        return (guild_id >> 22) % self.shard[1] == self.shard[0]

    async def dispatch(self, event: str, data: Json) -> None:
        """Send an event, or keep it for when the session is resumed."""
        message = {"op": DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data}
        self.sent.append(message)
        if self.socket is not None:
            await self.socket.send(message)


class Socket:
    """One connection."""

    def __init__(self, inner: web.WebSocketResponse, pack: Callable[[bytes], bytes] | None) -> None:
        self.inner = inner
        self.silent = False
        self._pack = pack

    async def send(self, message: Json) -> None:
        """Send one message; a connection that has gone is not an error here."""
        if self.silent:
            return
        text = json.dumps(message)
        try:
            if self._pack is None:
                await self.inner.send_str(text)
            else:
                await self.inner.send_bytes(self._pack(text.encode()))
        except ConnectionError:
            return


class Gateway:
    """All sessions.

    Attributes:
        identified: how often a session was begun.
        resumed: how often one was resumed.
        heartbeat_ms: what every connection is told from now on.
        refuses: the code with which every IDENTIFY is closed; None to take them.
        recommended: how many shards ``/gateway/bot`` recommends.
        begun: each IDENTIFY: the shard, and when it came, on ``time.perf_counter``.
        limit: what ``/gateway/bot`` says about sessions that may be begun.
    """

    def __init__(self, world: World, signal: Signal, base: Callable[[], str]) -> None:
        self.world = world
        self.sessions: list[Session] = []
        self.identified = 0
        self.resumed = 0
        self.heartbeat_ms = HEARTBEAT_MS
        self.refuses: int | None = None
        self.recommended = 1
        self.begun: list[tuple[int, float]] = []
        self.limit: Json = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        self._signal = signal
        self._base = base

    @property
    def url(self) -> str:
        """The address that READY and ``/gateway`` give."""
        return f"{self._base().replace('http', 'ws', 1)}/gateway"

    async def dispatch(self, event: str, data: Json, guild_id: int) -> None:
        """Send an event of a guild to every session that owns it; one that is away gets it when it is resumed."""
        for session in self.sessions:
            if session.owns(guild_id):
                await session.dispatch(event, data)

    async def close(self, code: int = 4000) -> None:
        """Close every connection; the bot may resume."""
        for session in list(self.sessions):
            if session.socket is not None:
                await session.socket.inner.close(code=code)

    async def invalidate(self, *, resumable: bool) -> None:
        """Declare every session invalid (opcode 9); one that is not resumable is forgotten."""
        every = list(self.sessions)
        if not resumable:
            self.sessions.clear()
        for session in every:
            if session.socket is not None:
                await session.socket.send({"op": INVALID_SESSION, "d": resumable})

    def fall_silent(self) -> None:
        """Say nothing any more on the connections that stand, though they stay open; those to come are heard."""
        for session in self.sessions:
            if session.socket is not None:
                session.socket.silent = True

    async def ask_reconnect(self) -> None:
        """Tell every connection to come back (opcode 7)."""
        for session in self.sessions:
            if session.socket is not None:
                await session.socket.send({"op": RECONNECT, "d": None})

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        try:
            pack = _packer(request.query.get("compress"))
        except ValueError:
            raise web.HTTPBadRequest from None
        inner = web.WebSocketResponse(max_msg_size=0)
        await inner.prepare(request)
        socket = Socket(inner, pack)
        await socket.send({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}})
        session: Session | None = None
        async for message in inner:
            if message.type is WSMsgType.TEXT:
                session = await self._receive(socket, session, json.loads(message.data))
        if session is not None and session.socket is socket:
            session.socket = None
        self._signal.changed()
        return inner

    async def _receive(self, socket: Socket, session: Session | None, message: Json) -> Session | None:
        match message["op"]:
            case 1:
                await socket.send({"op": ACK})
            case 2 if self.refuses is not None:
                await socket.inner.close(code=self.refuses)
            case 2:
                session = await self._identify(socket, message["d"])
            case 6:
                session = await self._resume(socket, message["d"])
            case _:
                pass
        return session

    async def _identify(self, socket: Socket, data: Json) -> Session:
        first, total = data.get("shard", (0, 1))
        self.begun.append((first, perf_counter()))
        session = Session(f"session{snowflake()}", (first, total), socket)
        self.sessions.append(session)
        guilds = [guild for guild in self.world.guilds if session.owns(guild.id)]
        ready = {
            "v": 10,
            "user": self.world.bot.user(bot=True),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [first, total],
            "application": {"id": str(self.world.bot.id), "flags": 0},
        }
        await session.dispatch("READY", ready)
        for guild in guilds:
            created = guild.created(self.world.bot)
            await session.dispatch("GUILD_CREATE", lived_in(created) if self.world.grown else created)
        self.identified += 1
        self._signal.changed()
        return session

    def closest(self) -> float:
        """Return the least seconds between two IDENTIFYs of one bucket; infinity where there are no two."""
        last: dict[int, float] = {}
        least = math.inf
        for shard, at in self.begun:
            bucket = shard % self.limit["max_concurrency"]
            least = min(least, at - last.get(bucket, -math.inf))
            last[bucket] = at
        return least

    async def _resume(self, socket: Socket, data: Json) -> Session | None:
        session = next((one for one in self.sessions if one.id == data["session_id"]), None)
        if session is None:
            await socket.send({"op": INVALID_SESSION, "d": False})
            return None
        session.socket = socket
        for message in session.sent[data["seq"] or 0 :]:
            await socket.send(message)
        await session.dispatch("RESUMED", {})
        self.resumed += 1
        self._signal.changed()
        return session
