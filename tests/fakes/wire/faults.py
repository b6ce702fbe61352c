"""What can go wrong on the way: a rule matches requests by method and path, and says what happens to them.

A fault is a function of a request and of the handler that would have answered it. New kinds need nothing but such a
function.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from time import perf_counter
from typing import TypeAlias

from aiohttp import web

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Fault: TypeAlias = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return a JSON answer. Its content type has no charset: discord.py reads anything else as text."""
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json")


def refusal(status: int, code: int, message: str) -> web.Response:
    """Return an error as Discord writes it."""
    return answer({"code": code, "message": message}, status)


def status(number: int, body: object = None, headers: Mapping[str, str] | None = None) -> Fault:
    """Answer with this status and do nothing. A 429 of Discord's own has a ``Via`` header and ``retry_after``."""

    async def fault(_request: web.Request, _handler: Handler) -> web.StreamResponse:
        return answer({"code": 0, "message": f"status {number}"} if body is None else body, number, headers)

    return fault


def lost_after_storing(number: int | None = None) -> Fault:
    """Do what was asked, then lose the answer: by a dropped connection, or by a status such as 503."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        return _dropped(request) if number is None else refusal(number, 0, "lost")

    return fault


def drop() -> Fault:
    """Drop the connection and do nothing."""

    async def fault(request: web.Request, _handler: Handler) -> web.StreamResponse:
        return _dropped(request)

    return fault


def delay(seconds: float, until: asyncio.Event | None = None) -> Fault:
    """Answer only after so many seconds, or as soon as ``until`` is set."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            async with asyncio.timeout(seconds):
                await (until or asyncio.Event()).wait()
        except TimeoutError:
            pass
        return await handler(request)

    return fault


def limited(per_second: int, refused: list[float]) -> Fault:
    """Answer a 429 of Discord's own to what goes over a rate in any second; ``refused`` gets the times of those."""
    taken: deque[float] = deque()

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        now = perf_counter()
        while taken and now - taken[0] >= 1:
            taken.popleft()
        if len(taken) >= per_second:
            refused.append(now)
            body = {"message": "You are being rate limited.", "retry_after": 1.0, "global": True}
            return answer(body, 429, {"Via": "1.1 google"})
        taken.append(now)
        return await handler(request)

    return fault


def held(reached: asyncio.Event, *, store: bool) -> Fault:
    """Never answer; set ``reached`` once the request has come, and was done where ``store`` says so."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        if store:
            await handler(request)
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    return fault


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


@dataclass(slots=True)
class Rule:
    """A fault for some requests.

    Attributes:
        method: such as ``POST``, or ``*``.
        path: below ``/api/v10``, with ``*`` for anything, such as ``/channels/*/messages``.
        fault: what happens.
        times: to how many requests more; None for all.
    """

    method: str
    path: str
    fault: Fault
    times: int | None = 1


class Rules:
    """The rules in force; the first that matches is taken."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def add(self, method: str, path: str, fault: Fault, times: int | None = 1) -> None:
        """Put a rule in force after those that are."""
        self._rules.append(Rule(method, path, fault, times))

    def clear(self) -> None:
        """Let everything go well again."""
        self._rules.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault for this request, and count it."""
        for rule in self._rules:
            if rule.times != 0 and fnmatchcase(method, rule.method) and fnmatchcase(path, rule.path):
                if rule.times is not None:
                    rule.times -= 1
                return rule.fault
        return None
