"""Posting: each once while processes are killed, and ten thousand schedules that are due in the same minute.

The second sends a tenth of what is due and then stops, because Discord's rate makes all of it take five minutes;
``FULL=1`` in the environment sends everything.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import aiohttp
import discord
import psutil

from bot.courier.courier import Courier
from bot.domain.cluster import BURST, POSTS_A_SECOND
from bot.domain.occurrence import Occurrence
from bot.services.courier import Outcome
from bot.services.packs import Packs
from bot.services.post import Post
from bot.services.posting import PLAN_AT_ONCE, PostingService
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.upgrade import migrate
from tests.bench.row import Effort, Row
from tests.fakes.clock import FakeClock
from tests.fakes.wire.point import point_discord_at
from tests.fakes.wire.process import TOKEN
from tests.fakes.wire.world import Guild
from tests.wire.kills import Figures, run
from tests.wire.place import added, states
from tests.wire.poster import PACK, Ashore

SHARE: Final = 10
"""One in so many of the due posts is sent."""
DISCORDS_LIMIT: Final = 50
LOOK_EVERY: Final = 0.005
"""Seconds between two looks at how late the event loop is."""
MOST_STALL_MS: Final = 50.0


@dataclass(slots=True)
class Stalls:
    """How late the event loop came to what was due in it."""

    longest: float = 0.0
    _due: float = field(default_factory=perf_counter)
    _stopped: bool = False

    def watch(self) -> None:
        """Look, and look again a moment later."""
        now = perf_counter()
        self.longest = max(self.longest, now - self._due)
        if not self._stopped:
            self._due = now + LOOK_EVERY
            asyncio.get_running_loop().call_later(LOOK_EVERY, self.watch)

    def stop(self) -> float:
        """Look no more, and return the longest stall in milliseconds."""
        self._stopped = True
        return self.longest * 1000


class Counting(Courier):
    """The courier, which says when it has sent enough."""

    def __init__(self, clock: FakeClock, enough: int) -> None:
        super().__init__(clock, _nobody)
        self.left = enough
        self.enough = asyncio.Event()

    async def send(self, one: Occurrence, post: Post) -> Outcome:
        """Send, and count it."""
        outcome = await super().send(one, post)
        self.left -= 1
        if self.left <= 0:
            self.enough.set()
        return outcome


async def _nobody(_guild_id: int) -> int | None:
    return None


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of the kill run and of the full minute.

    Args:
        effort: ``calls`` posts are killed at; ten times as many schedules are due at once.
        folder: an empty one, for databases.
    """
    kills, minute = folder / "kills", folder / "minute"
    for one in (kills, minute):
        one.mkdir()
        migrate(one / "syllabot.db")
    figures = await run(kills, effort.calls, within=60 + effort.calls / 2)
    return [_killed(figures), *await _full_minute(minute, effort.calls * SHARE)]


def _killed(figures: Figures) -> Row:
    over = (
        f"{figures.posts} posts, {figures.kills} SIGKILLs, {figures.sends} sends: "
        f"{figures.duplicates} duplicates, {figures.losses} losses"
    )
    right = figures.posts - figures.duplicates - figures.losses
    return Row("Posts there exactly once", over, "posts", [float(right)], "posts due", [float(figures.posts)])


@asynccontextmanager
async def _stand_in(guilds: int) -> AsyncGenerator[str]:
    """Start the stand-in in a process of its own, so that its work is not measured, and return its address."""
    command = (sys.executable, "-m", "tests.fakes.wire", str(guilds))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


async def _full_minute(folder: Path, due: int) -> list[Row]:
    wanted = due if os.environ.get("FULL") else max(due // SHARE, 1)
    database, clock = await Database.open(folder / "syllabot.db"), FakeClock(datetime.now(UTC))
    async with _stand_in(due) as base, aiohttp.ClientSession(base) as session:
        guilds = [Guild("", id=guild_id) for guild_id in (await _state(session))["guilds"]]
        await added(database, guilds, clock.now(), told=False)
        point_discord_at(base)
        courier = Counting(clock, wanted)
        posting = PostingService(database, Packs(database, PACK), clock, courier, "bench")
        async with Ashore(intents=discord.Intents(guilds=True)) as client:
            courier.serve(client)
            await client.login(TOKEN)
            # as the bot does after its start
            gc.collect()
            gc.freeze()
            at_rest = await _at_rest(_seconds_at_rest(due))
            rows = await _sent(posting, courier, f"{due:,} schedules due, {wanted:,} sent")
        planned = len(await states(database))
        seen = [at for _, path, at in (await _state(session))["requests"] if path.endswith("/messages")]
    await database.close()
    busiest = _busiest_second(seen)
    seconds = max(seen) - min(seen) or 1.0
    over = f"{len(seen):,} sent, {planned:,} planned; busiest second {busiest} of Discord's {DISCORDS_LIMIT}"
    rate = max(len(seen) - BURST, 1) / seconds
    name = "Posts a second" if busiest <= DISCORDS_LIMIT else "Posts a second, OVER DISCORD'S LIMIT"
    stall, memory = rows
    return [
        Row(name, over, "1/s", [rate], "the limiter's rate", [float(POSTS_A_SECOND)]),
        Row(*stall[:3], [stall[3]], "the same loop with nothing to do", [max(at_rest, 0.001)], most=MOST_STALL_MS),
        Row(*memory[:3], [memory[3]], "the process before", [memory[4]]),
    ]


async def _sent(
    posting: PostingService, courier: Counting, over: str
) -> tuple[tuple[str, str, str, float], tuple[str, str, str, float, float]]:
    """Send until it is enough, and return the longest stall in ms, and by how many MiB memory grew, from how many."""
    stalls, before = Stalls(), psutil.Process().memory_info().rss / 2**20
    stalls.watch()
    sending = asyncio.create_task(posting.begin())
    await courier.enough.wait()
    grown = psutil.Process().memory_info().rss / 2**20 - before
    longest = stalls.stop()
    await posting.leave(60)
    await sending
    return (
        ("Longest stall of the event loop", f"{over}, planned {PLAN_AT_ONCE} at a time", "ms", longest),
        ("Memory growth", over, "MiB", max(grown, 0.001), before),
    )


async def _state(session: aiohttp.ClientSession) -> dict[str, Any]:
    return await (await session.get("/stand-in/state")).json()


def _seconds_at_rest(due: int) -> float:
    """Return for how many seconds the idle loop is watched: as long as the sending takes, ten at most."""
    return min(due / SHARE / POSTS_A_SECOND, 10.0)


async def _at_rest(seconds: float) -> float:
    """Return the longest stall of the loop with nothing to do, in ms: what the machine's other work costs."""
    stalls = Stalls()
    stalls.watch()
    await asyncio.sleep(seconds)
    return stalls.stop()


def _busiest_second(moments: list[float]) -> int:
    window: deque[float] = deque()
    most = 0
    for at in sorted(moments):
        window.append(at)
        while at - window[0] >= 1:
            window.popleft()
        most = max(most, len(window))
    return most
