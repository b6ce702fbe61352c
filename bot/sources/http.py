"""One polite, suspicious fetcher for all outside sources: whatever goes wrong is a ``SourceError``.

It never asks twice by itself: whoever runs it comes again on a schedule, and is told when not to.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, TypeAlias

import aiohttp

from bot import __version__
from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.errors import SourceError

USER_AGENT: Final = f"Syllabot/{__version__} (+study-group bot)"
MOST_BYTES: Final = 2 * 1024 * 1024
TOTAL_SECONDS: Final = 30.0
CONNECT_SECONDS: Final = 8.0
THROTTLES: Final = frozenset({406, 429, 503})
"""What says "not so fast"; export.arxiv.org has answered 406 in storms since September 2026."""
FIRST_REST: Final = 60.0
LONGEST_OWN_REST: Final = 3600.0
LONGEST_REST: Final = 86400.0


@frozen
class Request:
    """What to ask.

    Attributes:
        source: the name people know the source by, for sentences; a pause holds for all requests of one name.
        url: where.
        accepts: media types; an answer of any other is refused.
        params: query parameters.
        headers: further headers.
        json: a body to POST; without one it is a GET.
        also: statuses besides 200 that are answers too; their type is not looked at.
        most_bytes: reading stops with an error beyond these.
    """

    source: str
    url: str
    accepts: tuple[str, ...]
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    json: Mapping[str, object] | None = None
    also: frozenset[int] = frozenset()
    most_bytes: int = MOST_BYTES


@frozen
class Answer:
    """What came back, whole and small enough."""

    status: int
    body: bytes


Fetch: TypeAlias = Callable[[Request], Awaitable[Answer]]
"""What the sources take: a ``Fetcher``, or anything that answers like one and raises ``SourceError``."""


class Pacer:
    """One request at a time, and a gap between the starts of two.

    Written here because it is these few lines: a limiter from a package would be one more dependency, would let
    several run at once, and would read the loop's clock by itself, where a test wants to hand in its own.
    """

    def __init__(self, gap: float, now: Callable[[], float], sleep: Callable[[float], Awaitable[object]]) -> None:
        """Take the gap in seconds, a monotonic reading in seconds, and a sleep."""
        self._gap = gap
        self._now = now
        self._sleep = sleep
        self._lock = asyncio.Lock()
        self._free_at = now()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Wait for one's turn, first come first served, and hold it while the request runs."""
        async with self._lock:
            wait = self._free_at - self._now()
            if wait > 0:
                await self._sleep(wait)
            self._free_at = max(self._now(), self._free_at) + self._gap
            yield


@frozen
class _Rest:
    until: datetime
    strikes: int


class Fetcher:
    """Fetches over one aiohttp session; a source that asked for a pause is left alone until it is over."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        clock: Clock,
        pacer: Pacer | None = None,
        *,
        total: float = TOTAL_SECONDS,
        connect: float = CONNECT_SECONDS,
    ) -> None:
        """Take the session (its closing is the caller's), the clock, and a pacer all requests pass.

        ``total`` and ``connect`` are time-outs in seconds.
        """
        self._session = session
        self._clock = clock
        self._pacer = pacer
        self._timeout = aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=connect)
        self._rests: dict[str, _Rest] = {}

    async def __call__(self, request: Request) -> Answer:
        """Return the answer to ``request``.

        Raises:
            SourceError: for everything else: no connection, no answer in time, half of one, too much of one, another
                status or type than expected, a pause asked for or still going on.
        """
        try:
            self._refuse_while_resting(request.source)
            if self._pacer is None:
                return await self._ask(request)
            async with self._pacer.turn():
                return await self._ask(request)
        except TimeoutError as error:
            raise SourceError(f"{request.source} did not answer in time.", source=request.source) from error
        # a ValueError is an address or a header no server could take
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise SourceError(
                f"{request.source} can't be reached, or broke off in the middle.", source=request.source
            ) from error

    async def _ask(self, request: Request) -> Answer:
        async with self._session.request(
            "GET" if request.json is None else "POST",
            request.url,
            params=request.params,
            json=request.json,
            headers={
                **request.headers,
                "User-Agent": USER_AGENT,
                "Accept": ", ".join(request.accepts),
                # a compressed answer could unfold to anything before its size is known
                "Accept-Encoding": "identity",
            },
            timeout=self._timeout,
            # a token goes nowhere but where it was sent
            allow_redirects=request.json is None,
            max_redirects=3,
            auto_decompress=False,
        ) as response:
            if response.status in THROTTLES:
                raise self._throttled(request.source, response.headers.get("Retry-After"))
            _check(request, response)
            body = await _read(request, response)
        self._rests.pop(request.source, None)
        return Answer(response.status, body)

    def _refuse_while_resting(self, source: str) -> None:
        rest = self._rests.get(source)
        if rest is not None and (left := (rest.until - self._clock.now()).total_seconds()) > 0:
            raise _pause(source, left)

    def _throttled(self, source: str, retry_after: str | None) -> SourceError:
        last = self._rests.get(source)
        strikes = last.strikes + 1 if last else 1
        now = self._clock.now()
        # without a word from the source, each refusal in a row doubles the pause
        own = min(FIRST_REST * 2.0 ** min(strikes - 1, 16), LONGEST_OWN_REST)
        seconds = asked_pause(retry_after, now) or own
        self._rests[source] = _Rest(now + timedelta(seconds=seconds), strikes)
        return _pause(source, seconds)


def asked_pause(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds a ``Retry-After`` header asks for, a day at most; None where it asks for none."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    else:
        try:
            moment = parsedate_to_datetime(text)
            seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return min(seconds, LONGEST_REST) if seconds > 0 else None


def _pause(source: str, seconds: float) -> SourceError:
    minutes = max(1, round(seconds / 60))
    wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return SourceError(f"{source} asks for a pause; it is asked again in {wait}.", source=source, retry_after=seconds)


def _check(request: Request, response: aiohttp.ClientResponse) -> None:
    source = request.source
    if response.status in request.also:
        return
    if response.status != HTTPStatus.OK:
        raise SourceError(f"{source} answered with status {response.status}.", source=source)
    if response.content_type.lower() not in request.accepts:
        raise SourceError(f"{source} answered with something else than its feed.", source=source)


async def _read(request: Request, response: aiohttp.ClientResponse) -> bytes:
    source = request.source
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise SourceError(f"{source} answered packed, which was not asked for.", source=source)
    too_much = SourceError(f"{source} answered with more than {request.most_bytes:,} bytes.", source=source)
    if (response.content_length or 0) > request.most_bytes:
        raise too_much
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > request.most_bytes:
            raise too_much
    return bytes(body)
