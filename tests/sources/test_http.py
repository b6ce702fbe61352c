"""The fetcher against a real server that does everything wrong."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from bot.errors import SourceError
from bot.sources.http import LONGEST_REST, USER_AGENT, Fetcher, Pacer, Request, asked_pause
from tests.fakes.clock import FakeClock
from tests.sources.conftest import Stage

MEBIBYTE = 1024 * 1024


def ask(stage: Stage, **more: object) -> Request:
    return Request("The source", f"{stage.url}/feed", ("application/xml",), **more)  # pyright: ignore[reportArgumentType]


async def refused(fetch: Fetcher, request: Request) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await fetch(request)
    assert caught.value.source == "The source"
    assert caught.value.sentence.startswith("The source ")
    return caught.value


async def test_it_says_who_asks_and_for_what(stage: Stage, fetch: Fetcher) -> None:
    stage.says("<a/>", "application/xml; charset=utf-8")
    answer = await fetch(ask(stage, params={"q": "a b&c"}))
    assert (answer.status, answer.body) == (200, b"<a/>")
    asked = stage.asked[0]
    assert asked.headers["User-Agent"] == USER_AGENT
    assert USER_AGENT.startswith("Syllabot/")
    assert asked.headers["Accept"] == "application/xml"
    assert asked.headers["Accept-Encoding"] == "identity"
    assert asked.query["q"] == "a b&c"


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-8", "application/json", "application/octet-stream", "x"]
)
async def test_another_type_is_refused(stage: Stage, fetch: Fetcher, content_type: str) -> None:
    stage.says("<html><body>Sign in</body></html>", content_type)
    assert "something else" in (await refused(fetch, ask(stage))).sentence


@pytest.mark.parametrize("status", [204, 301, 400, 401, 404, 500, 502])
async def test_another_status_is_refused(stage: Stage, fetch: Fetcher, status: int) -> None:
    stage.says("", "application/xml", status)
    error = await refused(fetch, ask(stage))
    assert str(status) in error.sentence
    assert error.retry_after is None


@pytest.mark.parametrize("with_length", [True, False])
async def test_fifty_megabytes_are_not_read(stage: Stage, fetch: Fetcher, with_length: bool) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "application/xml"})
        if with_length:
            response.content_length = 50 * MEBIBYTE
        await response.prepare(request)
        for _ in range(50):
            await response.write(b" " * MEBIBYTE)
            sent += 1
        return response

    stage.handler = endless
    assert "more than 2,097,152 bytes" in (await refused(fetch, ask(stage))).sentence
    assert sent < 25


async def test_a_request_has_its_own_measure(stage: Stage, fetch: Fetcher) -> None:
    stage.says("x" * 11, "application/xml")
    await refused(fetch, ask(stage, most_bytes=10))
    assert (await fetch(ask(stage, most_bytes=11))).body == b"x" * 11


async def test_a_packed_bomb_is_not_unpacked(stage: Stage, fetch: Fetcher) -> None:
    stage.says(gzip.compress(b" " * 50 * MEBIBYTE), "application/xml", Content_Encoding="gzip")
    assert "packed" in (await refused(fetch, ask(stage))).sentence


@pytest.mark.parametrize("before", [0, 10])
async def test_half_a_body(stage: Stage, fetch: Fetcher, before: int) -> None:
    async def breaking(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/xml", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"x" * before)
        assert request.transport is not None
        request.transport.close()
        return response

    stage.handler = breaking
    assert "broke off" in (await refused(fetch, ask(stage))).sentence


async def test_a_reset_before_any_answer(stage: Stage, fetch: Fetcher) -> None:
    async def resetting(request: web.Request) -> web.StreamResponse:
        transport = request.transport
        assert isinstance(transport, asyncio.Transport)
        transport.abort()
        return web.Response()

    stage.handler = resetting
    await refused(fetch, ask(stage))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://does-not-exist.invalid/", "http://[::1", "not an address", "http://a\n.b/"]
)
async def test_nobody_there(fetch: Fetcher, url: str) -> None:
    await refused(fetch, Request("The source", url, ("application/xml",)))


async def test_no_http_at_all(fetch: Fetcher) -> None:
    async def mumble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff 220 hello, mail here\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(mumble, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await refused(fetch, Request("The source", f"http://127.0.0.1:{port}/", ("application/xml",)))


@pytest.mark.parametrize("begun", [True, False])
async def test_a_slow_server_meets_the_time_out(
    stage: Stage, session: aiohttp.ClientSession, clock: FakeClock, begun: bool
) -> None:
    async def never(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/xml"})
        if begun:
            await response.prepare(request)
            await response.write(b"<a>")
        await asyncio.Event().wait()
        return response

    stage.handler = never
    error = await refused(Fetcher(session, clock, total=0.05), ask(stage))
    assert "in time" in error.sentence


@pytest.mark.parametrize("status", [406, 429, 503])
async def test_a_throttle_is_obeyed(stage: Stage, fetch: Fetcher, clock: FakeClock, status: int) -> None:
    stage.says("<feed/>", "application/xml", status, Retry_After="120")
    assert (await refused(fetch, ask(stage))).retry_after == 120
    clock.move(seconds=50)
    again = await refused(fetch, ask(stage))
    assert again.retry_after == 70
    assert "1 minute" in again.sentence
    assert len(stage.asked) == 1
    clock.move(seconds=70)
    stage.says("<a/>", "application/xml")
    assert (await fetch(ask(stage))).status == 200


async def test_without_a_word_each_refusal_doubles_the_pause(stage: Stage, fetch: Fetcher, clock: FakeClock) -> None:
    stage.says("", "text/html", 406)
    pauses: list[float | None] = []
    for _ in range(9):
        pauses.append((await refused(fetch, ask(stage))).retry_after)
        clock.move(seconds=pauses[-1] or 0)
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    stage.says("<a/>", "application/xml")
    await fetch(ask(stage))
    stage.says("", "text/html", 503)
    assert (await refused(fetch, ask(stage))).retry_after == 60


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("7", 7),
        (" 7 ", 7),
        ("9" * 400, LONGEST_REST),
        ("Mon, 23 Nov 2026 09:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 09:02:00", 120),
        ("Mon, 23 Nov 2020 09:02:00 GMT", None),
        ("Mon, 23 Nov 9999 09:02:00 GMT", LONGEST_REST),
        ("Mon, 99 Nov 2026 99:99:99 +9999", None),
    ],
)
def test_what_retry_after_can_say(header: str | None, seconds: float | None) -> None:
    assert asked_pause(header, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) == seconds


async def test_a_post_is_not_sent_on(stage: Stage, fetch: Fetcher) -> None:
    stage.says("", "application/json", 307, Location=f"{stage.url}/elsewhere")
    await refused(fetch, ask(stage, json={"a": 1}, headers={"Authorization": "Bearer s3cret"}))
    assert len(stage.asked) == 1


def test_a_request_does_not_show_its_token() -> None:
    assert "s3cret" not in repr(Request("Kaggle", "https://x", (), headers={"Authorization": "Bearer s3cret"}))


async def test_a_circle_ends(stage: Stage, fetch: Fetcher) -> None:
    stage.says("", "application/xml", 302, Location="/feed")
    await refused(fetch, ask(stage))
    assert len(stage.asked) <= 4


class Metronome:
    """A monotonic clock whose sleeps pass at once."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> float:
        """Return the reading."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Move on at once."""
        assert seconds > 0
        self.at += seconds


async def test_one_request_in_three_seconds(stage: Stage, session: aiohttp.ClientSession, clock: FakeClock) -> None:
    beat = Metronome()
    starts: list[float] = []
    at_once = most_at_once = 0

    async def noting(_: web.Request) -> web.StreamResponse:
        nonlocal at_once, most_at_once
        at_once += 1
        most_at_once = max(at_once, most_at_once)
        starts.append(beat.at)
        beat.at += len(starts)  # the answers take 1, 2, 3, 4 seconds
        at_once -= 1
        return web.Response(text="<a/>", content_type="application/xml")

    stage.handler = noting
    fetch = Fetcher(session, clock, Pacer(3.0, beat.now, beat.sleep))
    await asyncio.gather(*(fetch(ask(stage)) for _ in range(5)))
    assert starts == [100, 103, 106, 109, 113]
    assert most_at_once == 1


async def test_a_failed_request_gives_its_turn_back(session: aiohttp.ClientSession, clock: FakeClock) -> None:
    beat = Metronome()
    fetch = Fetcher(session, clock, Pacer(3.0, beat.now, beat.sleep))
    for _ in range(3):
        await refused(fetch, Request("The source", "http://127.0.0.1:1/", ()))
    assert beat.at == 106
