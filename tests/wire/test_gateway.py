"""F25, F27, F28: what the gateway does to a connection, a Discord that is away, and the sessions of a day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
from aiohttp import web
from discord.backoff import ExponentialBackoff

from bot.domain.gateway import RESERVE
from bot.errors import RefusedError
from bot.gateway import FOR_GOOD, Gateway
from bot.services.gateway import GatewayService
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.wire.faults import Handler, drop, status
from tests.fakes.wire.process import TOKEN, BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person


@dataclass(slots=True)
class Visit:
    """A client of discord.py that our gateway leads; it waits by moving the clock."""

    client: discord.Client
    sessions: GatewayService
    clock: FakeClock
    said: list[str] = field(default_factory=list[str])
    waited: list[tuple[float, str | None]] = field(default_factory=list[tuple[float, str | None]])
    beats: list[datetime] = field(default_factory=list[datetime])

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.waited.append((seconds, self.sessions.waiting))
        self.clock.move(seconds=seconds)
        await asyncio.sleep(0)

    async def run(self) -> None:
        """Come to Discord and stay."""
        way = Gateway(
            self.client, self.sessions, self.clock, self.said.append,
            beat=lambda: self.beats.append(self.clock.now()), sleep=self.sleep,
        )  # fmt: skip
        await way.login(TOKEN)
        await way.stay()


Visitor = Callable[[], Visit]


def _no_pause(_backoff: object) -> float:
    return 0


@pytest.fixture
async def visitor(wire: Wire, database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Visitor]:
    """Makes visits to the stand-in, all on one database; discord.py's own pauses are none."""
    monkeypatch.setattr(ExponentialBackoff, "delay", _no_pause)
    clock, made = FakeClock(datetime.now(UTC)), list[Visit]()

    def make() -> Visit:
        client = discord.Client(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05, heartbeat_timeout=0.2)
        made.append(Visit(client, GatewayService(database, clock), clock))
        return made[-1]

    assert wire.base
    yield make
    for one in made:
        await one.client.close()


@asynccontextmanager
async def connected(wire: Wire, visit: Visit) -> AsyncGenerator[discord.Client]:
    """Have a visit at the gateway for as long as the block lasts."""
    running = asyncio.create_task(visit.run())
    await wire.identified()
    yield visit.client
    await visit.client.close()
    await running


async def hears(wire: Wire, client: discord.Client) -> bool:
    """Whether what somebody does arrives."""
    arriving = client.wait_for("interaction", timeout=5)
    asked = await wire.command(Person("ana"), "roadmap")
    return str((await arriving).id) == asked.payload["id"]


async def test_f25_told_to_reconnect_it_resumes_and_hears_what_came_meanwhile(wire: Wire, visitor: Visitor) -> None:
    async with connected(wire, visitor()) as client:
        arriving = client.wait_for("interaction", timeout=5)
        wire.gateway.fall_silent()
        asked = await wire.command(Person("ana"), "roadmap")
        await wire.gateway.close(4000)
        await wire.signal.until(lambda: wire.gateway.resumed == 1)
        assert str((await arriving).id) == asked.payload["id"], "what came while it was away was replayed"
        await wire.gateway.ask_reconnect()
        await wire.signal.until(lambda: wire.gateway.resumed == 2)
        assert await hears(wire, client)
        assert wire.gateway.identified == 1


async def test_f25_an_invalid_session_is_resumed_or_begun_anew(wire: Wire, visitor: Visitor) -> None:
    visit = visitor()
    async with connected(wire, visit) as client:
        await wire.gateway.invalidate(resumable=True)
        await wire.signal.until(lambda: wire.gateway.resumed == 1)
        await wire.gateway.invalidate(resumable=False)
        await wire.identified(2)
        assert await hears(wire, client)
    assert (5.0, None) in visit.waited, "a new session settles first"
    assert visit.sessions.remaining == 997


async def test_f25_closes_that_pass_lead_back(wire: Wire, visitor: Visitor) -> None:
    async with connected(wire, visitor()) as client:
        for number, code in enumerate((1000, 1001, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009), 1):
            await wire.gateway.close(code)
            await wire.signal.until(lambda many=number: wire.gateway.resumed == many)
        assert await hears(wire, client)
        assert wire.gateway.identified == 1


async def test_f25_a_connection_that_falls_silent_is_left_and_resumed(wire: Wire, visitor: Visitor) -> None:
    wire.gateway.heartbeat_ms = 50
    async with connected(wire, visitor()) as client:
        wire.gateway.fall_silent()
        await wire.signal.until(lambda: wire.gateway.resumed == 1)
        assert await hears(wire, client)
        assert wire.gateway.identified == 1


async def test_f25_a_close_for_good_ends_with_what_mends_it(wire: Wire, visitor: Visitor) -> None:
    assert set(FOR_GOOD) == {4004, 4010, 4011, 4012, 4013, 4014}
    for code, words in FOR_GOOD.items():
        wire.gateway.refuses = code
        with pytest.raises(RefusedError) as ended:
            await visitor().run()
        assert ended.value.sentence == f"Discord ended the connection for good: {words}"


async def test_f25_a_close_for_good_ends_the_process_with_a_code_of_its_own(tmp_path: Path) -> None:
    async with Wire.serving() as wire:
        wire.gateway.refuses = 4014
        async with BotProcess.running(wire, tmp_path) as bot, asyncio.timeout(15):
            assert await bot.inner.wait() == 3
    log = bot.log.read_text(encoding="utf-8")
    assert "Syllabot needs only GUILDS" in log
    assert "Traceback" not in log


async def test_f27_two_hours_without_discord_are_waited_out_in_few_calls(wire: Wire, visitor: Visitor) -> None:
    visit = visitor()
    back_at = visit.clock.now() + timedelta(hours=2)
    gone, away = drop(), status(503)

    async def absent(request: web.Request, handler: Handler) -> web.StreamResponse:
        if visit.clock.now() >= back_at:
            return await handler(request)
        fault = gone if len(wire.requests) % 2 else away
        return await fault(request, handler)

    wire.rules.add("GET", "/users/@me", absent, None)
    async with connected(wire, visit) as client:
        assert await hears(wire, client)
    assert 20 < len(wire.asked("GET", "/users/@me")) < 70, "aiohttp asks twice where a connection is dropped"
    assert ["can't be reached (" in one for one in visit.said] == [True, False]
    assert "reached again, after 12" in visit.said[1]
    assert {why for _, why in visit.waited} == {"Discord can't be reached"}
    gaps = [after - before for before, after in zip(visit.beats, visit.beats[1:], strict=False)]
    assert max(gaps) <= timedelta(seconds=15), "it shows that it is alive all the while"
    assert visit.sessions.waiting is None


async def test_f27_a_gateway_that_takes_no_first_connection_is_tried_again(
    wire: Wire, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, tries = visitor(), list[int]()
    connect = visit.client.http.ws_connect

    async def refused_twice(url: str, **more: int) -> object:
        tries.append(1)
        if len(tries) <= 2:
            raise ConnectionRefusedError
        return await connect(url, **more)

    monkeypatch.setattr(visit.client.http, "ws_connect", refused_twice)
    async with connected(wire, visit) as client:
        assert await hears(wire, client)
    assert len(tries) == 3
    assert {why for _, why in visit.waited} == {"Discord's gateway takes no connection"}


async def test_f28_a_used_up_allowance_is_waited_for_and_said(wire: Wire, visitor: Visitor) -> None:
    visit = visitor()
    wire.gateway.limit |= {"remaining": 3, "reset_after": 3_600_000}
    began = visit.clock.now()

    async def limits(request: web.Request, handler: Handler) -> web.StreamResponse:
        if visit.clock.now() - began >= timedelta(hours=1):
            wire.gateway.limit |= {"remaining": 1000, "reset_after": 86_400_000}
        assert wire.gateway.identified == 0
        return await handler(request)

    wire.rules.add("GET", "/gateway/bot", limits, 2)
    async with connected(wire, visit):
        assert visit.clock.now() - began >= timedelta(hours=1)
        assert visit.sessions.remaining == 999
    (said,) = visit.said
    assert "only 3 more sessions" in said
    assert {why for _, why in visit.waited} == {said}, "/readyz says so too"
    assert RESERVE > 3


async def test_f28_sessions_that_are_declared_invalid_again_and_again_are_begun_ever_more_slowly(
    wire: Wire, visitor: Visitor
) -> None:
    visit = visitor()
    began = visit.clock.now()
    async with connected(wire, visit):
        for number in range(2, 13):
            await wire.gateway.invalidate(resumable=False)
            await wire.identified(number)
    assert visit.clock.now() - began > timedelta(minutes=25)
    assert all("sessions within the hour" in one for one in visit.said)


async def test_f28_the_next_process_knows_of_the_sessions_of_the_one_before(wire: Wire, visitor: Visitor) -> None:
    last = visitor()
    for number in range(1, 7):
        visit = visitor() if number < 6 else last
        running = asyncio.create_task(visit.run())
        await wire.identified(number)
        await visit.client.close()
        await running
        visit.clock.move(seconds=1)
        assert bool(visit.said) == (number == 6)
    assert "5 sessions within the hour" in last.said[0]
