"""What the posts of this process came to, counted since its start: for its metrics and for who runs the bot."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

LATENESS: Final = (1, 5, 15, 30, 60, 300, 900, 3600, 21_600)
"""Seconds after its due time at which a post is counted into the next drawer."""


class Tally:
    """Counts of one process.

    Attributes:
        results: how many posts ended in each way.
        lateness: how many posts went out within each of ``LATENESS``, and those that took longer last.
        late_seconds: the lateness of all of them together.
        missed: posts that nobody got because the bot or Discord was away.
        looked_at: when posts that are due were last looked for, to the end; None before the first time.
    """

    def __init__(self) -> None:
        self.results: Counter[str] = Counter()
        self.lateness: list[int] = [0] * (len(LATENESS) + 1)
        self.late_seconds = 0.0
        self.missed = 0
        self.looked_at: datetime | None = None

    def ended(self, result: str, number: int = 1) -> None:
        """Count posts that ended in this way."""
        self.results[result] += number

    def went_out(self, late: timedelta) -> None:
        """Count a post by how late it went out."""
        seconds = max(0.0, late.total_seconds())
        self.late_seconds += seconds
        drawer = next((place for place, most in enumerate(LATENESS) if seconds <= most), len(LATENESS))
        self.lateness[drawer] += 1
