"""Points in a few words, wherever something was earned, and the way to the rows behind them."""

from __future__ import annotations

from bot.services.points import Gain
from bot.ui.components import ComponentId


class LedgerPress(ComponentId, code="jp"):
    """Open a page of the rows of the member ``of``: one's own, or for moderators anybody's. Pages count from 0."""

    owner: int
    of: int
    page: int


def signed(points: int) -> str:
    """Return points with their sign: ``+30``, ``−5``."""
    return f"+{points:,}" if points >= 0 else f"−{-points:,}"


def gained(gain: Gain) -> str:
    """Return what an act brought or cost as a sentence, with a space before it; nothing where it was nothing."""
    if gain.capped:
        limit = "today's limit for this is reached"
        return f" {signed(gain.points)} {_noun(gain.points)}; {limit}." if gain.points else f" No points: {limit}."
    return f" {signed(gain.points)} {_noun(gain.points)}." if gain.points else ""


def _noun(points: int) -> str:
    return "point" if abs(points) == 1 else "points"
