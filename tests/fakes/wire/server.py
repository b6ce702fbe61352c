"""The stand-in itself: one object that serves REST and gateway, and through which members act."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.fakes.wire.faults import Handler, Rules
from tests.fakes.wire.gateway import Gateway
from tests.fakes.wire.interactions import (
    COMMAND,
    COMPONENT,
    Interaction,
    command_data,
    component_data,
    interaction_payload,
)
from tests.fakes.wire.messages import Messages
from tests.fakes.wire.rest import Rest
from tests.fakes.wire.signals import Signal
from tests.fakes.wire.world import Guild, Json, Person, World

API = "/api/v10"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived. ``at`` is when, on ``time.perf_counter``."""

    method: str
    path: str
    at: float


class Wire:
    """Discord, as far as a bot can tell. Open it with ``Wire.serving``.

    Attributes:
        bodies: the last messages of the bot's own accord, as it asked for them.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.signal = Signal()
        self.rules = Rules()
        self.base = ""
        self.gateway = Gateway(world, self.signal, lambda: self.base)
        self.messages = Messages(world.bot)
        self.interactions: dict[str, Interaction] = {}
        self.originals: dict[str, Json] = {}
        self.requests: list[Seen] = []
        self.bodies: deque[Json] = deque(maxlen=100)
        self.rest = Rest(self)
        self.app = web.Application(middlewares=[_through_rules(self)], client_max_size=30 * 2**20)
        self.app.add_routes([*self.rest.routes(), web.get("/gateway", self.gateway.serve)])

    @classmethod
    @asynccontextmanager
    async def serving(cls, world: World | None = None) -> AsyncGenerator[Wire, None]:
        """Return a stand-in that serves."""
        wire = cls(world or World())
        async with wire.served():
            yield wire

    @asynccontextmanager
    async def served(self) -> AsyncGenerator[None, None]:
        """Serve on a free port of loopback; ``base`` is then the address."""
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield
        finally:
            await self.gateway.close(1001)
            await runner.cleanup()

    async def command(
        self, person: Person, name: str, guild: Guild | None = None, **options: str | float | bool
    ) -> Interaction:
        """Let somebody use a slash command, and return at once what then holds the answers."""
        return await self.act(COMMAND, command_data(name, options), person, guild)

    async def press(
        self, person: Person, custom_id: str, guild: Guild | None = None, values: tuple[str, ...] | None = None
    ) -> Interaction:
        """Let somebody press a button on a page of their own, or choose ``values`` in its menu; return at once."""
        where = guild or self.world.guilds[0]
        message = self.messages.page(where.channel_id())
        return await self.act(COMPONENT, component_data(custom_id, values), person, where, message)

    async def act(
        self, kind: int, data: Json, person: Person, guild: Guild | None = None, message: Json | None = None
    ) -> Interaction:
        """Send any interaction to the bot, and return at once what then holds the answers.

        Args:
            kind: its type, such as ``interactions.MODAL``.
            data: what was done.
            person: who did it.
            guild: where; the first guild by default.
            message: the message whose component was pressed.
        """
        where = guild or self.world.guilds[0]
        payload = interaction_payload(kind, data, where, person, self.world.bot.id, message)
        interaction = Interaction(payload, self.signal, perf_counter())
        self.interactions[payload["token"]] = interaction
        await self.gateway.dispatch("INTERACTION_CREATE", payload, where.id)
        return interaction

    async def identified(self, times: int = 1) -> None:
        """Return once a bot has come to the gateway so many times in all and was told of its guilds."""
        await self.signal.until(lambda: self.gateway.identified >= times)

    def asked(self, method: str, path: str) -> list[Seen]:
        """Return the requests of one method whose path ends so."""
        return [one for one in self.requests if one.method == method and one.path.endswith(path)]


def _through_rules(wire: Wire) -> Middleware:
    """Return the middleware that notes every request of the API and lets the rules have it first."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(API):
            return await handler(request)
        path = request.path.removeprefix(API)
        wire.requests.append(Seen(request.method, path, perf_counter()))
        fault = wire.rules.take(request.method, path)
        return await (handler(request) if fault is None else fault(request, handler))

    return middleware
