"""Processes that die, stop and overlap: each post arrives once, and none is lost."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web

from bot.domain.occurrence import LEASE, OccurrenceState
from bot.storage.database import Database
from tests.fakes.wire.faults import Fault, Handler, held, limited
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import World
from tests.wire.place import added, posts, row, states
from tests.wire.poster import Poster, SharedClock

MESSAGES = "/channels/*/messages"
pytestmark = pytest.mark.sqlite
A_LEASE = LEASE.total_seconds() + 1


@dataclass(slots=True)
class Fleet:
    """Processes on one database."""

    wire: Wire
    database: Database
    clock: SharedClock
    folder: Path
    afloat: list[Poster] = field(default_factory=list[Poster])

    def launch(self) -> Poster:
        """Start one more process."""
        self.afloat.append(Poster(self.wire.base, self.folder, f"process {len(self.afloat)}"))
        return self.afloat[-1]

    async def until_posted(self, count: int) -> None:
        """Return once so many posts are on record."""
        await self.until(lambda: sum(posts(self.wire).values()) >= count)
        async with asyncio.timeout(10):
            while (await states(self.database)).count(OccurrenceState.POSTED) < count:
                await asyncio.to_thread(self.afloat[-1].inner.join, 0.02)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return once something holds in the Discord of this fleet."""
        await self.wire.signal.until(condition)


@pytest.fixture
async def fleet(database: Database, database_path: Path) -> AsyncIterator[Fleet]:
    """A Discord of sixty servers, and no process yet."""
    async with Wire.serving(World.of(60)) as wire:
        fleet = Fleet(wire, database, SharedClock(database_path.parent / "ahead"), database_path.parent)
        yield fleet
        for one in fleet.afloat:
            one.kill()


async def reached(fleet: Fleet, method: str, path: str, *, store: bool = False) -> None:
    """Start a process and return once it hangs in a request; nothing else of that kind hangs."""
    there = asyncio.Event()
    fault: Fault = held(there, store=store)
    fleet.wire.rules.add(method, path, fault)
    fleet.launch()
    async with asyncio.timeout(15):
        await there.wait()


@pytest.mark.parametrize(
    ("number", "method", "path", "store", "minutes"),
    [
        pytest.param(1, "GET", "/users/@me", False, 0, id="f01 before the claim"),
        pytest.param(2, "POST", MESSAGES, False, 0, id="f02 between claim and send"),
        pytest.param(3, "POST", MESSAGES, True, 0, id="f03 between send and record"),
        pytest.param(4, "POST", MESSAGES, True, 10, id="f04 so, and the nonce is forgotten"),
    ],
)
async def test_f01_f02_f03_f04_a_killed_process_leaves_one_post(
    fleet: Fleet, number: int, method: str, path: str, store: bool, minutes: int
) -> None:
    guild = fleet.wire.world.guilds[0]
    await added(fleet.database, [guild], fleet.clock.now())
    await reached(fleet, method, path, store=store)
    fleet.afloat[0].kill()
    if number > 1:
        fleet.clock.move(seconds=A_LEASE, minutes=minutes)
    if minutes:
        fleet.wire.messages.nonce_window = 0
    fleet.launch()
    await fleet.until_posted(1)
    assert list(posts(fleet.wire).values()) == [1]
    assert (await row(fleet.database, guild)).message_id == next(iter(fleet.wire.messages.kept))


async def test_f08_f09_two_processes_and_a_rolling_restart_post_each_once(fleet: Fleet) -> None:
    await added(fleet.database, fleet.wire.world.guilds, fleet.clock.now())
    first, _ = fleet.launch(), fleet.launch()
    await fleet.until(lambda: sum(posts(fleet.wire).values()) >= 15)
    fleet.launch()
    first.signal(signal.SIGTERM)
    await fleet.until_posted(60)
    await asyncio.to_thread(first.inner.join, 5)
    assert first.inner.exitcode == 0
    assert set(posts(fleet.wire).values()) == {1}
    assert len(fleet.wire.asked("POST", "/messages")) == 60, "nothing was even sent twice"


async def test_f10_a_process_that_stood_still_for_five_minutes_sends_nothing_late(fleet: Fleet) -> None:
    guild = fleet.wire.world.guilds[0]
    await added(fleet.database, [guild], fleet.clock.now())
    await reached(fleet, "POST", MESSAGES)
    fleet.afloat[0].kill()
    fleet.clock.move(seconds=A_LEASE)
    release = asyncio.Event()
    there = asyncio.Event()

    async def slow(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Look at the channel now, and say what was there much later."""
        found = await handler(request)
        there.set()
        await release.wait()
        return found

    fleet.wire.rules.add("GET", MESSAGES, slow)
    stopped = fleet.launch()
    async with asyncio.timeout(15):
        await there.wait()
    stopped.signal(signal.SIGSTOP)
    fleet.clock.move(minutes=5)
    fleet.launch()
    await fleet.until_posted(1)
    fleet.wire.messages.nonce_window = 0
    release.set()
    stopped.signal(signal.SIGCONT)
    stopped.signal(signal.SIGTERM)
    await asyncio.to_thread(stopped.inner.join, 5)
    assert stopped.inner.exitcode == 0
    assert list(posts(fleet.wire).values()) == [1]


DISCORD_ALLOWS: Final = 50
"""Requests in a second. Ours are 40 at most as they leave; a busy machine lets some of them arrive together."""


async def test_f29_many_due_at_once_go_out_in_their_order_and_below_the_limit(fleet: Fleet) -> None:
    guilds = fleet.wire.world.guilds
    await added(fleet.database, guilds, fleet.clock.now())
    refused: list[float] = []
    fleet.wire.rules.add("POST", MESSAGES, limited(DISCORD_ALLOWS, refused), None)
    fleet.launch()
    await fleet.until_posted(60)
    assert refused == []
    asked = [int(one.path.split("/")[2]) for one in fleet.wire.asked("POST", "/messages")]
    wanted = [guild.channel_id("daily") for guild in guilds]
    shifts = [abs(asked.index(channel) - place) for place, channel in enumerate(wanted)]
    assert max(shifts) <= 20, "who is due first goes first, but for what is read together, half a second's worth"
