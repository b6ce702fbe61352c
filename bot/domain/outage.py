"""Days on which the bot itself was away: they are excused for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.day import DayRule, ends_at, starts_at, study_day

AWAY_FROM: Final = timedelta(minutes=5)
"""Without a sign of life for so long the bot was away. It notes every minute that it is alive: one note that comes late
on a busy machine, or fails, is no absence, and neither is a restart; five in a row are."""
EXCUSED_FROM: Final = timedelta(hours=2)
"""How long the bot must have been away within a study day, all its absences together, to excuse it."""


def excused_days(outages: Iterable[tuple[datetime, datetime]], rule: DayRule) -> set[date]:
    """Return the study days within which the bot was away for two hours or more, all outages of a day together.

    Args:
        outages: from when to when, aware; they don't overlap.
        rule: whose study days.
    """
    away: dict[date, timedelta] = {}
    for began, ended in outages:
        day = study_day(began, rule)
        while starts_at(day, rule) < ended:
            within = min(ended, ends_at(day, rule)) - max(began, starts_at(day, rule))
            away[day] = away.get(day, timedelta()) + within
            day += timedelta(days=1)
    return {day for day, length in away.items() if length >= EXCUSED_FROM}
