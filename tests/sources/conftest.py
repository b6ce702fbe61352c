"""A server on this machine that plays the sources, a fetcher for it, and the folder of recorded answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.settings import ROOT
from bot.sources.http import Fetcher
from tests.fakes.clock import FakeClock

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Stage:
    """The server. Whatever path is asked, the handler set last answers; what was asked is kept."""

    url: str = ""
    handler: Handler | None = None
    asked: list[web.Request] = field(default_factory=list[web.Request])
    bodies: list[bytes] = field(default_factory=list[bytes])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as told."""
        self.asked.append(request)
        self.bodies.append(await request.read())
        assert self.handler is not None
        return await self.handler(request)

    def says(self, body: bytes | str, content_type: str, status: int = 200, **headers: str) -> None:
        """Answer everything alike; underscores in header names stand for dashes."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def handler(_: web.Request) -> web.Response:
            return web.Response(body=data, status=status, headers={"Content-Type": content_type, **named})

        self.handler = handler

    def says_json(self, value: object, status: int = 200) -> None:
        """Answer everything with the same JSON."""
        self.says(json.dumps(value), "application/json; charset=utf-8", status)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The server, running on a free port of the loopback."""
    playing = Stage()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", playing.answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: int = runner.addresses[0][1]
    playing.url = f"http://127.0.0.1:{port}"
    yield playing
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A client session."""
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def fetch(session: aiohttp.ClientSession, clock: FakeClock) -> Fetcher:
    """A fetcher without a pacer, on a clock that stands still."""
    return Fetcher(session, clock)


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The folder of recorded answers, which is kept beside the project and not in it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the recorded answers (../shared/data, beside the project) are not on this machine")
    return folder
