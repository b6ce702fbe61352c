"""``/healthz``, ``/readyz`` and ``/metrics``, on loopback unless the operator opens them further.

Nothing is listened on unless a port is set: a process that nobody watches over HTTP needs no open door, two bots on one
machine would fight for the same one, and a container has the heartbeat file. What is served names no server, no member
and no text.
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from aiohttp import web

from bot.clock import Clock
from bot.errors import SettingsError
from bot.health import STALE_AFTER, age
from bot.log import get_logger
from bot.services.probe import Figures
from bot.web.metrics import Link, rendered
from bot.web.rest import RestTally

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

log = get_logger(__name__)


class Client(Protocol):
    """What is looked at of the bot."""

    @property
    def latency(self) -> float:
        """Seconds of the last heartbeat's way; not a number without a connection."""
        ...

    def is_ready(self) -> bool:
        """Whether Discord has sent what a session begins with."""
        ...

    def is_closed(self) -> bool:
        """Whether the client has left."""
        ...


class Probe(Protocol):
    """What says whether the bot can do its work."""

    async def faults(self) -> dict[str, str]:
        """Return what is wrong, by a short word for each."""
        ...

    async def figures(self) -> Figures:
        """Return what was counted."""
        ...


class Sending(Protocol):
    """What says whether anything can be sent."""

    def stopped(self) -> bool:
        """Whether all sending has stopped for a while."""
        ...


class Sessions(Protocol):
    """What says how the way to Discord stands."""

    @property
    def remaining(self) -> int | None:
        """How many sessions Discord still lets the bot begin."""
        ...

    @property
    def waiting(self) -> str | None:
        """Why the bot waits before it connects."""
        ...


@dataclass(frozen=True, slots=True)
class Watched:
    """Everything that is looked at."""

    client: Client
    probe: Probe
    sending: Sending
    rest: RestTally
    clock: Clock
    heartbeat: Path
    sessions: Sessions


def _link(of: Watched) -> Link:
    connected = of.client.is_ready() and not of.client.is_closed() and math.isfinite(of.client.latency)
    return Link(connected, of.client.latency, len(getattr(of.client, "guilds", ())), of.sessions.remaining)


async def _health(of: Watched) -> web.Response:
    """Answer 200 while the loop turns and its jobs run: whoever gets anything else should restart the process."""
    old = age(of.heartbeat, of.clock)
    if old is not None and old <= STALE_AFTER:
        return web.Response(text="ok\n")
    seen = "none yet" if old is None else f"{old.total_seconds():.0f} s old"
    return web.Response(status=503, text=f"heartbeat: {seen}\n")


async def _readiness(of: Watched) -> web.Response:
    """Answer 200 while the bot can do its work; else 503 and what keeps it, a line for each."""
    faults = dict(await of.probe.faults())
    if not _link(of).connected:
        faults["discord"] = of.sessions.waiting or "not connected"
    if of.sending.stopped():
        faults["sending"] = "stopped, because Discord refused the bot"
    if not faults:
        return web.Response(text="ready\n")
    return web.Response(status=503, text="".join(f"{name}: {words}\n" for name, words in sorted(faults.items())))


async def _metrics(of: Watched) -> web.Response:
    body = rendered(_link(of), of.rest, await of.probe.figures())
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})


_Page: TypeAlias = Callable[[Watched], Awaitable[web.Response]]


def application(of: Watched) -> web.Application:
    """Return the three pages."""
    app = web.Application(client_max_size=1024)
    for path, page in (("/healthz", _health), ("/readyz", _readiness), ("/metrics", _metrics)):

        async def handle(_request: web.Request, page: _Page = page) -> web.Response:
            return await page(of)

        app.router.add_get(path, handle)
    return app


@asynccontextmanager
async def serving(of: Watched, host: str, port: int) -> AsyncGenerator[None]:
    """Serve the pages for as long as the block lasts.

    Raises:
        SettingsError: where the port can't be had.
    """
    runner = web.AppRunner(application(of), access_log=None, handle_signals=False)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SettingsError(
                f"BOT_HTTP_PORT: nothing can listen on {host}:{port} ({error.strerror}). Set another port, or none."
            ) from error
        log.info("watching_served", host=host, port=port)
        yield
    finally:
        await runner.cleanup()
