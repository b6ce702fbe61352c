"""The pages for who watches over the process: what they say in good days and in bad ones."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias, cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.occurrence import OccurrenceState
from bot.errors import SettingsError
from bot.health import STALE_AFTER, beat
from bot.services.probe import ProbeService
from bot.services.tally import Tally
from bot.storage.database import Database
from bot.web.rest import RestTally
from bot.web.server import Watched, application, serving
from tests.fakes.clock import FakeClock

Pages: TypeAlias = TestClient[web.Request, web.Application]


class Bot:
    """What is looked at of the bot, to be set."""

    latency = 0.04
    ready = True
    standstill = False
    remaining: int | None = None
    waiting: str | None = None

    def is_ready(self) -> bool:
        """Say what was set."""
        return self.ready

    def is_closed(self) -> bool:
        """Never."""
        return False

    def stopped(self) -> bool:
        """Say what was set."""
        return self.standstill


class Scene:
    """A bot that is watched, and a client that looks."""

    def __init__(self, watched: Watched, bot: Bot, tally: Tally, pages: Pages) -> None:
        self.watched, self.bot, self.tally, self.pages = watched, bot, tally, pages

    async def get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of a page."""
        answer = await self.pages.get(path)
        return answer.status, await answer.text()


@pytest.fixture
async def scene(database: Database, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Scene]:
    bot, tally, heartbeat = Bot(), Tally(), tmp_path / "heartbeat"
    tally.looked_at = clock.now()
    beat(heartbeat, clock)
    watched = Watched(
        bot, ProbeService(database, clock, tally, tmp_path / "elsewhere"), bot, RestTally(), clock, heartbeat, bot
    )
    async with TestClient(TestServer(application(watched))) as pages:
        yield Scene(watched, bot, tally, pages)


async def test_a_bot_at_work_is_healthy_and_ready(scene: Scene) -> None:
    assert await scene.get("/healthz") == (200, "ok\n")
    assert await scene.get("/readyz") == (200, "ready\n")


async def test_an_old_heartbeat_is_not_healthy(scene: Scene, clock: FakeClock) -> None:
    clock.move(seconds=STALE_AFTER.total_seconds() + 1)
    assert await scene.get("/healthz") == (503, "heartbeat: 61 s old\n")


async def test_what_keeps_it_from_its_work_is_named(scene: Scene, clock: FakeClock) -> None:
    scene.bot.ready, scene.bot.standstill = False, True
    clock.move(seconds=61)
    status, words = await scene.get("/readyz")
    assert status == 503
    assert words.splitlines() == [
        "discord: not connected",
        "posts: last looked for 61 s ago",
        "sending: stopped, because Discord refused the bot",
    ]


async def test_why_it_waits_for_discord_is_said(scene: Scene) -> None:
    scene.bot.ready, scene.bot.waiting = False, "Discord can't be reached"
    assert await scene.get("/readyz") == (503, "discord: Discord can't be reached\n")


async def test_a_database_that_takes_no_write_is_not_ready(
    scene: Scene, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.probe.WITHIN", 0.05)
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await scene.get("/readyz") == (503, "database: no write within 0.05 s\n")
        other.execute("ROLLBACK")


async def test_the_metrics_hold_every_name_and_no_text(scene: Scene, tmp_path: Path) -> None:
    scene.tally.ended(OccurrenceState.POSTED, 3)
    scene.tally.ended(OccurrenceState.MISSED)
    scene.tally.missed += 1
    for late in (0.5, 4, 90_000):
        scene.tally.went_out(timedelta(seconds=late))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "syllabot-1.db").touch()
    scene.bot.remaining = 997
    status, text = await scene.get("/metrics")
    assert status == 200
    for line in (
        "discord_connected 1.0",
        "discord_latency_seconds 0.04",
        "identify_remaining 997.0",
        "discord_event_on_interaction_total 0.0",
        'posts_total{result="posted"} 3.0',
        "posts_missed_total 1.0",
        'post_lateness_seconds_bucket{le="1.0"} 1.0',
        'post_lateness_seconds_bucket{le="5.0"} 2.0',
        'post_lateness_seconds_bucket{le="21600.0"} 2.0',
        'post_lateness_seconds_bucket{le="+Inf"} 3.0',
        "post_lateness_seconds_sum 90004.5",
        'interaction_ack_seconds_bucket{le="3.0"} 0.0',
        'rest_429_total{scope="global"} 0.0',
        "invalid_requests_10m 0.0",
        "db_errors_total 0.0",
    ):
        assert line in text.splitlines(), line
    assert re.search(r"^backup_age_seconds ", text, re.MULTILINE)


@pytest.mark.parametrize("traced", [True, False])
async def test_calls_are_counted_by_what_discord_holds_against_us(scene: Scene, *, traced: bool) -> None:
    class Came:
        id = 7

    async def answer(request: web.Request) -> web.Response:
        headers = {"X-RateLimit-Scope": request.query["scope"]} if "scope" in request.query else {}
        return web.Response(status=int(request.query["status"]), headers=headers)

    discord = web.Application()
    discord.router.add_get("/{rest:.*}", answer)
    rest = scene.watched.rest
    rest.came(Came())
    configs = [rest.trace()] if traced else []
    async with (
        TestServer(discord) as server,
        aiohttp.ClientSession(trace_configs=configs) as own,
        aclosing(rest.untraced()) as untraced,
    ):
        session = own if traced else untraced.over(own)
        for path in ("a?status=429&scope=global", "b?status=429&scope=shared", "c?status=403", "d?status=404",
                     "interactions/7/t/callback?status=200", "interactions/8/t/callback?status=200"):  # fmt: skip
            async with session.request("GET", str(server.make_url(f"/{path}"))):
                pass
    _, text = await scene.get("/metrics")
    assert 'rest_429_total{scope="global"} 1.0' in text
    assert 'rest_429_total{scope="shared"} 1.0' in text
    assert "invalid_requests_10m 2.0" in text, "those of a shared limit are not held against us"
    assert "interaction_ack_seconds_count 1.0" in text, "what nobody saw coming has no time"


async def test_a_port_that_is_taken_is_said_with_its_setting(scene: Scene) -> None:
    async with TestServer(web.Application()) as server:
        port = cast("int", server.port)  # pyright: ignore[reportUnknownMemberType]
        with pytest.raises(SettingsError, match="BOT_HTTP_PORT: nothing can listen"):
            await serving(scene.watched, "127.0.0.1", port).__aenter__()
