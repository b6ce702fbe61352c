"""How often the bot may begin a session at Discord's gateway; past the limit Discord resets its token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.frozen import frozen

WITHIN: Final = timedelta(hours=1)
"""Sessions begun longer ago say nothing about a bot that dies again and again."""
FREE: Final = 5
"""Sessions within that time that nobody waits for: who sets a bot up restarts it often."""
FIRST: Final = timedelta(seconds=15)
LONGEST: Final = timedelta(minutes=10)
RESERVE: Final = 5
"""How many of Discord's allowance are left unused."""


@frozen
class Allowance:
    """How many sessions Discord still lets the bot begin, and when the count starts anew."""

    remaining: int
    resets_at: datetime


def recent(begun: Sequence[datetime], now: datetime) -> list[datetime]:
    """Return the sessions that still count, the oldest first; what lies ahead comes of a clock that was wrong."""
    return sorted(one for one in begun if now - WITHIN < one <= now)


def free_at(begun: Sequence[datetime], now: datetime, at_once: int = 1) -> datetime:
    """Return when the next session may begin, by those begun before: the more within the hour, the later.

    A process that begins ``at_once`` sessions at its start has begun once after so many of them.
    """
    counted = recent(begun, now)
    starts = len(counted) // at_once
    if starts < FREE:
        return now
    pause = min(LONGEST, FIRST * 2 ** (starts - FREE))
    return max(now, counted[-1] + pause)


def allowed_at(allowance: Allowance | None, now: datetime, at_once: int = 1) -> datetime:
    """Return when Discord's allowance lets the next session begin, and ``at_once`` of them in all."""
    if allowance is None or allowance.remaining >= RESERVE + at_once:
        return now
    return max(now, allowance.resets_at)
