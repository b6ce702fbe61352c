"""Counts the calls to Discord as they end: what was refused, and how fast interactions are acknowledged."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import SimpleNamespace, TracebackType
from typing import Any, Final

import aiohttp

INVALID: Final = frozenset({401, 403, 429})
"""Discord bans an address with 10,000 of these within ten minutes; those of a shared limit don't count."""
WINDOW: Final = 600.0
"""Seconds in which they are counted."""
KEPT: Final = 10_000
ACKS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
"""Seconds until an acknowledgement at which it is counted into the next drawer; Discord waits for 3."""
CALLBACK: Final = re.compile(r"/interactions/(\d+)/[^/]+/callback")


class RestTally:
    """Counts of one process.

    Attributes:
        limited: how many calls were over a limit, by its scope.
        interactions: how many interactions came.
        acks: how many were acknowledged within each of ``ACKS``, and those that took longer last.
        ack_seconds: how long all of them took together.
    """

    def __init__(self) -> None:
        self.limited: Counter[str] = Counter()
        self.interactions = 0
        self.acks: list[int] = [0] * (len(ACKS) + 1)
        self.ack_seconds = 0.0
        self._invalid: deque[float] = deque(maxlen=KEPT)
        self._open: OrderedDict[int, float] = OrderedDict()

    def came(self, interaction: Any) -> None:  # noqa: ANN401  (discord's, which this room does not know)
        """Note when an interaction came."""
        self.interactions += 1
        self._open[int(interaction.id)] = _now()
        if len(self._open) > KEPT:
            self._open.popitem(last=False)

    def trace(self) -> aiohttp.TraceConfig:
        """Return what has every call of a session counted."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._ended)
        return config

    def untraced(self) -> Untraced:
        """Return a session for what is called most, whose calls are counted too."""
        return Untraced(self._count)

    @property
    def invalid(self) -> int:
        """How many calls of the last ten minutes Discord holds against this address."""
        before = _now() - WINDOW
        while self._invalid and self._invalid[0] < before:
            self._invalid.popleft()
        return len(self._invalid)

    async def _ended(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        self._count(end.response)

    def _count(self, response: aiohttp.ClientResponse) -> None:
        if response.status in INVALID:
            self._refused(response.status, response.headers.get("X-RateLimit-Scope", "none"))
        callback = CALLBACK.search(response.url.raw_path)
        if callback is not None and (began := self._open.pop(int(callback[1]), None)) is not None:
            self._acknowledged(_now() - began)

    def _refused(self, status: int, scope: str) -> None:
        if status == 429:
            self.limited[scope if scope in {"user", "global", "shared"} else "none"] += 1
        if scope != "shared":
            self._invalid.append(_now())

    def _acknowledged(self, seconds: float) -> None:
        self.ack_seconds += seconds
        drawer = next((place for place, most in enumerate(ACKS) if seconds <= most), len(ACKS))
        self.acks[drawer] += 1


class Untraced:
    """A session on another's connections, without aiohttp's tracing.

    That takes fifteen microseconds of each call to tell six times how it stands; only the end is wanted here.
    """

    def __init__(self, heard: Callable[[aiohttp.ClientResponse], None]) -> None:
        """Make one that has no connections yet; ``heard`` is told of each response."""
        self._heard = heard
        self._session: aiohttp.ClientSession | None = None

    def over(self, session: aiohttp.ClientSession) -> Untraced:
        """Use the connections of a session from now on, which stay its own."""
        if self._session is None:
            connector, cookies = session.connector, aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(connector=connector, connector_owner=False, cookie_jar=cookies)
        return self

    def request(self, method: str, url: str, **more: Any) -> _Call:  # noqa: ANN401  (as aiohttp has it)
        """Send a request; as ``aiohttp.ClientSession.request``."""
        if self._session is None:
            raise RuntimeError("there are no connections yet: call over() first")
        return _Call(self._session.request(method, url, **more), self._heard)

    async def aclose(self) -> None:
        """Send nothing more; the connections stay open."""
        if self._session is not None:
            await self._session.close()


class _Call:
    """A request that is under way; its response is heard of."""

    __slots__ = ("_call", "_heard")

    def __init__(
        self, call: AbstractAsyncContextManager[aiohttp.ClientResponse], heard: Callable[[aiohttp.ClientResponse], None]
    ) -> None:
        self._call, self._heard = call, heard

    async def __aenter__(self) -> aiohttp.ClientResponse:
        response = await self._call.__aenter__()
        self._heard(response)
        return response

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self._call.__aexit__(kind, error, trace)


def _now() -> float:
    """Return seconds on the loop's own clock, which never jumps."""
    return asyncio.get_running_loop().time()
