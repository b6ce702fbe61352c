"""Attached files are read from where Discord keeps them, and never more of one than was asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.courier.attachment import PIECE, fetched
from bot.errors import BadInputError, SourceError


@pytest.fixture
def sent() -> list[int]:
    """The sizes of the pieces that the store has handed over."""
    return []


@pytest.fixture
async def store(sent: list[int]) -> AsyncIterator[str]:
    """A place for files: ``small`` is one, ``endless`` never ends and declares no size."""

    async def small(_: web.Request) -> web.Response:
        return web.Response(body=b"question,answer")

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * PIECE)
            sent.append(PIECE)

    app = web.Application()
    app.router.add_get("/small", small)
    app.router.add_get("/endless", endless)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_a_file_is_read_whole(store: str) -> None:
    assert await fetched(f"{store}small", 100) == b"question,answer"


async def test_what_is_larger_than_it_said_is_not_read_to_its_end(store: str, sent: list[int]) -> None:
    with pytest.raises(BadInputError, match="larger than 256 KiB"):
        await fetched(f"{store}endless", 256 * 1024)
    assert sum(sent) < 16 * 1024 * 1024


async def test_what_is_gone_is_told(store: str) -> None:
    with pytest.raises(SourceError, match="Attach it once more"):
        await fetched(f"{store}nothing", 100)
    with pytest.raises(SourceError, match="Attach it once more"):
        await fetched("http://127.0.0.1:1/nothing", 100)
