"""Draws pictures in one process of its own, started at the first one, and keeps the last ones drawn."""

from __future__ import annotations

import asyncio
import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from bot.cards.board import leaderboard_values
from bot.cards.group import group_values
from bot.cards.pace import pace_values
from bot.cards.progress import progress_values
from bot.cards.streak import streak_values
from bot.domain.card import GroupCard, LeaderboardCard, PaceCard, ProgressCard
from bot.domain.streak import StreakCard
from bot.log import get_logger

WITHIN: Final = 5.0
"""Seconds for a picture, waiting for others included; after that the page goes out without it."""
KEPT: Final = 64
"""Pictures kept; one takes 12 to 50 KB."""
WORKER: Final = (sys.executable, "-m", "bot.cards.worker")
ROOT: Final = Path(__file__).resolve().parents[2]
SECRETS: Final = frozenset({"DISCORD_TOKEN"})

_LENGTH: Final = struct.Struct(">I")

Card: TypeAlias = GroupCard | LeaderboardCard | PaceCard | ProgressCard | StreakCard
Some = TypeVar("Some", GroupCard, LeaderboardCard, PaceCard, ProgressCard, StreakCard)

log = get_logger(__name__)


@dataclass(slots=True)
class _Kept:
    """A picture, and the how-manieth look was the last at it."""

    png: bytes
    looked_at: int


class Cards:
    """The pictures of the bot.

    A plain process with pipes, not a pool: a pool's process imports the whole bot again, and one that hangs can't be
    ended.
    """

    def __init__(self, worker: tuple[str, ...] = WORKER, within: float = WITHIN) -> None:
        self._command = worker
        self._within = within
        self._worker: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._kept: dict[Card, _Kept] = {}
        self._looks = count()

    async def streak(self, card: StreakCard) -> bytes | None:
        """Return a streak as a PNG; None where it can't be drawn now."""
        return await self._picture("streak.svg", card, streak_values)

    async def leaderboard(self, card: LeaderboardCard) -> bytes | None:
        """Return a page of a board as a PNG; None where it can't be drawn now."""
        return await self._picture("leaderboard.svg", card, leaderboard_values)

    def kept_leaderboard(self, card: LeaderboardCard) -> bytes | None:
        """Return a page of a board where it was drawn before and is still kept; None where not. It never waits."""
        return self._kept_one(card)

    async def group(self, card: GroupCard) -> bytes | None:
        """Return a study group as a PNG; None where it can't be drawn now."""
        return await self._picture("group.svg", card, group_values)

    async def progress(self, card: ProgressCard) -> bytes | None:
        """Return a member's road as a PNG; None where it can't be drawn now."""
        return await self._picture("progress.svg", card, progress_values)

    async def pace(self, card: PaceCard) -> bytes | None:
        """Return a member's pace as a PNG; None where it can't be drawn now."""
        return await self._picture("pace.svg", card, pace_values)

    async def close(self) -> None:
        """End the process, if it runs."""
        self._end()

    async def _picture(self, template: str, card: Some, fill: Callable[[Some], Mapping[str, Any]]) -> bytes | None:
        """Return the picture of a card, kept or drawn: cards that are equal are filled in alike."""
        if (known := self._kept_one(card)) is not None:
            return known
        png = await self._drawn(template, _order(template, fill(card)))
        if png:
            self._kept[card] = _Kept(png, next(self._looks))
            if len(self._kept) > KEPT:
                oldest, _ = min(self._kept.items(), key=lambda one: one[1].looked_at)
                del self._kept[oldest]
        return png or None

    def _kept_one(self, card: Card) -> bytes | None:
        # looked up once: to compare and hash a card of many lines is dear, and moving it to the end does both again
        known = self._kept.get(card)
        if known is None:
            return None
        known.looked_at = next(self._looks)
        return known.png

    async def _drawn(self, template: str, order: bytes) -> bytes:
        """Return the worker's answer; nothing where it took too long or died twice."""
        try:
            async with asyncio.timeout(self._within), self._one_at_a_time:
                try:
                    return await self._asked(order)
                except (OSError, EOFError):
                    # it died since the last picture: a new one takes its place
                    self._end()
                    return await self._asked(order)
        except TimeoutError:
            self._end()
            log.warning("picture_late", template=template, seconds=self._within)
        except (OSError, EOFError):
            self._end()
            log.warning("picture_failed", template=template)
        return b""

    async def _asked(self, order: bytes) -> bytes:
        if self._worker is None:
            self._worker = await asyncio.to_thread(self._started)
        png = await asyncio.to_thread(_exchange, self._worker, order)
        if not png:
            log.warning("picture_refused")
        return png

    def _started(self) -> subprocess.Popen[bytes]:
        """Start a process that knows no secret and hears no Ctrl-C: it ends when its input does."""
        environment = {name: value for name, value in os.environ.items() if name not in SECRETS}
        return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                _shut(pipe)


def _order(template: str, values: Mapping[str, Any]) -> bytes:
    return json.dumps({"template": template, "values": values}, sort_keys=True).encode()


def _shut(pipe: Any) -> None:  # noqa: ANN401  (subprocess names no type for both)
    try:
        pipe.close()
    except OSError:
        log.debug("pipe_broken")


def _exchange(worker: subprocess.Popen[bytes], order: bytes) -> bytes:
    """Send an order and read the answer, in a thread.

    Raises:
        OSError: where the worker takes nothing.
        EOFError: where it ended before it had answered.
    """
    if worker.stdin is None or worker.stdout is None:
        raise EOFError
    worker.stdin.write(_LENGTH.pack(len(order)) + order)
    worker.stdin.flush()
    head = worker.stdout.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    png = worker.stdout.read(length)
    if len(png) < length:
        raise EOFError
    return png
