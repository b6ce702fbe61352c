"""Four processes of one bot with sixteen shards: one dies, all are replaced under load, and who identifies when."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.storage.server import prepare
from tests.bench.row import Effort, Row
from tests.fakes.postgresql import fresh, served
from tests.wire.clusters import SHARDS, Outlived, Rolled, launched, outlived, rolled

PROCESSES: Final = 4
GUILDS: Final = 64
ALLOWED: Final = 5.0
"""Seconds from one IDENTIFY of a bucket to the next, as Discord wants it."""
BUCKETS: Final = 2


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of posts that were lost, of presses that were not answered, and of the least pause.

    Args:
        effort: not used; there is one run.
        folder: an empty one, for what the processes write.
    """
    del effort
    with served() as server:
        url = await fresh(server, "clusters")
        await prepare(url)
        async with launched(url, folder, PROCESSES, GUILDS, BUCKETS) as clusters:
            death, change = await outlived(clusters), await rolled(clusters)
            pause, sessions = clusters.wire.gateway.closest(), clusters.wire.gateway.identified
    of_all = f"{PROCESSES} processes, {SHARDS} shards"
    starts = f"{of_all}, {sessions} sessions in {BUCKETS} buckets, four starts at once and four one by one"
    least = Row("Least pause between IDENTIFYs", starts, "s", [pause], "as Discord wants it", [ALLOWED], least=ALLOWED)
    return [*_of_death(death, of_all), *_of_change(change, of_all), replace(least, binding=True)]


def _of_death(death: Outlived, of_all: str) -> list[Row]:
    over = f"{of_all}; one of them with {death.its_own} of {death.posts} posts away for 10 minutes as they are due"
    arrived, due = float(death.posts - death.losses), float(death.posts)
    return [
        Row("Posts there though one died", over, "posts", [arrived], "due", [due], most_off=0, binding=True),
        _none("Posts twice", over, "posts", death.duplicates),
    ]


def _of_change(change: Rolled, of_all: str) -> list[Row]:
    over = f"{of_all}; all replaced one by one, {change.members} members press Done meanwhile"
    members, sent = float(change.members), float(change.answers)
    done, presses = [float(change.done)], [float(change.presses)]
    return [
        Row("Acts done meanwhile", over, "acts", done, "members", [members], most_off=0, binding=True),
        _none("Members left without an answer", over, "members", change.unanswered),
        Row("Members who pressed again", over, "members", [float(change.again)], "members", [members]),
        Row("Answers sent", over, "answers", [sent], "presses", presses, most_over=0, binding=True),
        Row("Slowest acknowledgement", over, "s", [change.slowest], "as Discord wants it", [3.0], most=3.0),
    ]


def _none(name: str, over: str, unit: str, count: int) -> Row:
    """Return a row of what there may be none of."""
    return Row(name, over, unit, [float(count)], "", [1.0], most=0.5, binding=True)
