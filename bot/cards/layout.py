"""What all cards share: their width, margin and gradient."""

from __future__ import annotations

from typing import Final

WIDTH: Final = 900
MARGIN: Final = 36
ROWS: Final = 10
"""Lines drawn on one card at most."""


def filled(share: float, width: float, least: float) -> float:
    """Return how long a bar is, in pixels: nothing for nothing, and long enough to be seen for a little.

    Args:
        share: how full it is; what is over or under 0 to 1 is cut.
        width: the length of a full one.
        least: the shortest one that is drawn.
    """
    if share <= 0:
        return 0.0
    return round(max(least, min(share, 1.0) * width), 1)
