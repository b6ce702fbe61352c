"""Words and marks: escaping, clipping, lists, bars, times, colors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import discord

from bot.domain.marks import safe as safe  # noqa: PLC0414  (texts are made safe by this name everywhere)
from bot.domain.roadmap import Count, State

ROADMAP: Final = discord.Color(0x7C9CFF)
PROMPT: Final = discord.Color(0x8BE0C4)
FAQ: Final = discord.Color(0xF3C969)
BOARD: Final = discord.Color(0xC9A4FF)
PLAIN: Final = discord.Color(0x9AA3B2)
TROUBLE: Final = discord.Color(0xFF9D76)

SIGNS: Final = {
    State.NOT_STARTED: "○",
    State.LEARNING: "◐",
    State.DONE: "✓",
    State.KNOWN: "◆",
    State.SKIPPED: "–",
}
STATE_NAMES: Final = {
    State.NOT_STARTED: "not started",
    State.LEARNING: "learning",
    State.DONE: "done",
    State.KNOWN: "known already",
    State.SKIPPED: "skipped",
}
LEGEND: Final = " · ".join(f"{SIGNS[state]} {STATE_NAMES[state]}" for state in State)

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Names at hand: to have a date formatted takes ten times as long, and a page names a dozen days."""


def clip(text: str, most: int) -> str:
    """Return ``text`` cut at a word to at most ``most`` characters."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    if " " in cut[most // 2 :]:
        cut = cut[: cut.rfind(" ")]
    return f"{cut.rstrip(' ,;:')}…"


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists them: ``A, B and C``."""
    every = list(names)
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} and {every[-1]}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: ``1 topic``, ``4 topics``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def weekday(day: date) -> str:
    """Return the day of the week in three letters."""
    return _WEEKDAYS[day.weekday()]


def month(day: date) -> str:
    """Return the month in three letters."""
    return _MONTHS[day.month - 1]


def day_name(day: date) -> str:
    """Return a day in a few letters: ``Mon 23 Nov``."""
    return f"{weekday(day)} {day.day} {month(day)}"


def hours(amount: float) -> str:
    """Return an effort: ``3 h``, ``2.5 h``."""
    return f"{amount:g} h"


def bar(counted: Count, width: int = 6) -> str:
    """Return a progress bar of ``width`` signs."""
    full = counted.percent * width // 100
    return "▰" * full + "▱" * (width - full)


def relative(instant: datetime) -> str:
    """Return a Discord time stamp that reads as "in 3 hours" on everybody's own clock."""
    return f"<t:{int(instant.timestamp())}:R>"


def clock_time(instant: datetime) -> str:
    """Return a Discord time stamp that reads as a time of day on everybody's own clock."""
    return f"<t:{int(instant.timestamp())}:t>"


def full_time(instant: datetime) -> str:
    """Return a Discord time stamp that reads as date and time of day on everybody's own clock."""
    return f"<t:{int(instant.timestamp())}:F>"


def person(user_id: int) -> str:
    """Return a mention of a person, or words for one whose data was deleted."""
    return f"<@{user_id}>" if user_id > 0 else "somebody whose data was deleted"
