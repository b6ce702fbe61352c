"""Pictures: two hundred different boards, how long each takes, and what drawing costs the event loop."""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import Final

from bot.cards.renderer import Cards
from bot.domain.card import BoardRow, LeaderboardCard
from tests.bench.posting import Stalls
from tests.bench.row import Effort, Row

NAMES: Final = (
    "Amara Okafor", "Lin Wei 林薇", "Mateusz Zieliński", "Priya R. 🦊", "Jonas Lindqvist", "Sofia Marques",
    "محمد الحسن", "राहुल शर्मा", "Ольга", "W" * 32,
)  # fmt: skip
MOST_STALL_MS: Final = 10.0


def board(number: int) -> LeaderboardCard:
    """Return a full page of a board, unlike any other."""
    rows = tuple(
        BoardRow(place, f"{name[:24]} {number}", 1000 - 90 * place, f"{1000 - 90 * place}", place - 5, mine=place == 6)
        for place, name in enumerate(NAMES, 1)
    )
    return LeaderboardCard("This week", f"Members · {number} active", rows, 910, None, "23 points to 5th place")


async def measure(effort: Effort, _folder: Path) -> list[Row]:
    """Return how long the first, the usual and the slowest picture take, and the longest stall meanwhile."""
    at_rest = Stalls()
    at_rest.watch()
    await asyncio.sleep(min(effort.calls * 0.02, 4.0))
    resting = at_rest.stop()
    cards = Cards()
    try:
        first = await _taken(cards, board(-1))
        stalls = Stalls()
        stalls.watch()
        before = thread_time()
        taken = [await _taken(cards, board(number)) for number in range(effort.calls)]
        own = (thread_time() - before) * 1000 / effort.calls
        longest = stalls.stop()
        kept = await _taken(cards, board(effort.calls - 1))
    finally:
        await cards.close()
    over = f"{effort.calls} different boards, ten names in six scripts"
    return [
        Row("Picture of a board, p50", over, "ms", [median(taken)], "the first one, process included", [first]),
        Row("Picture of a board, slowest", over, "ms", [max(taken)], "p50", [median(taken)]),
        Row("Picture of a board, kept", "one of them again", "ms", [kept], "p50", [median(taken)]),
        Row("CPU of the event loop's thread", f"{over}, for each", "ms", [own], "p50", [median(taken)]),
        Row(
            "Longest stall while drawing", over, "ms", [longest], "the same loop with nothing to do",
            [max(resting, 0.001)], most=MOST_STALL_MS,
        ),
    ]  # fmt: skip


async def _taken(cards: Cards, card: LeaderboardCard) -> float:
    """Return how long a picture takes, in milliseconds."""
    begun = perf_counter()
    assert await cards.leaderboard(card) is not None
    return (perf_counter() - begun) * 1000
