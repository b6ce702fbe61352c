"""The kill run: three processes on one database, one killed every 0.3 s, on a network that loses answers."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from aiohttp import web

from bot.domain.occurrence import OPEN, OccurrenceState
from bot.storage.database import Database
from tests.fakes.wire.faults import Handler, drop, lost_after_storing, status
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import World
from tests.wire.place import added, posts, states
from tests.wire.poster import Poster, SharedClock

PROCESSES: Final = 3
EVERY: Final = 0.3
"""Seconds from one kill to the next."""
FASTER: Final = 40
"""How much faster than the machine's their clock runs: a lease of 120 s is over after three."""
AT_ONCE: Final = 12
"""What a process holds: as much as it can send in the quarter of a second that is left to it of such a lease."""
NONCE_WINDOW: Final = 2.0
"""Seconds for which the stand-in knows a nonce: less than such a lease, so that reading back is what must help."""
BAD: Final = 0.09
"""The share of posts that meet a fault."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to.

    Attributes:
        posts: how many were due.
        kills: how many processes were killed on the way.
        sends: how many requests to post arrived.
        duplicates: how many messages there were too many.
        losses: how many posts are in no channel, or on record as something else.
        seconds: how long it took.
    """

    posts: int
    kills: int
    sends: int
    duplicates: int
    losses: int
    seconds: float


async def run(folder: Path, count: int, within: float, seed: int = 7) -> Figures:
    """Have so many posts sent by processes that are killed, until all of them are on record.

    Args:
        folder: where the database ``syllabot.db`` lies, at the current schema.
        count: how many servers have a post due.
        within: seconds after which what is not on record counts as lost.
        seed: of which process dies, and which request meets a fault.
    """
    chance = random.Random(seed)  # noqa: S311
    clock, database = SharedClock(folder / "ahead"), await Database.open(folder / "syllabot.db")
    async with Wire.serving(World.of(count)) as wire, _torn(wire, chance):
        await added(database, wire.world.guilds, clock.now(), told=False)
        afloat = [Poster(wire.base, folder, f"first {number}", AT_ONCE) for number in range(PROCESSES)]
        kills, began = 0, perf_counter()
        while any(one in OPEN for one in await states(database) or OPEN) and perf_counter() - began < within:
            await _a_moment(wire)
            unlucky = chance.randrange(PROCESSES)
            afloat[unlucky].kill()
            kills += 1
            clock.move(seconds=EVERY * FASTER)
            afloat[unlucky] = Poster(wire.base, folder, f"after kill {kills}", AT_ONCE)
        for one in afloat:
            one.kill()
        there, ended = posts(wire), await states(database)
        figures = Figures(
            posts=count,
            kills=kills,
            sends=len(wire.asked("POST", "/messages")),
            duplicates=sum(there.values()) - len(there),
            losses=count - min(len(there), ended.count(OccurrenceState.POSTED)),
            seconds=perf_counter() - began,
        )
    await database.close()
    return figures


@asynccontextmanager
async def _torn(wire: Wire, chance: random.Random) -> AsyncGenerator[None]:
    """Lose some posts before they are stored, and the answers of some that were."""
    faults = (drop(), status(503), lost_after_storing(503), lost_after_storing())

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        if chance.random() < BAD:
            return await chance.choice(faults)(request, handler)
        return await handler(request)

    wire.messages.nonce_window = NONCE_WINDOW
    wire.rules.add("POST", "/channels/*/messages", fault, None)
    yield


async def _a_moment(wire: Wire) -> None:
    """Let the processes work until the next kill."""
    try:
        await wire.signal.until(lambda: False, EVERY)
    except TimeoutError:
        return
