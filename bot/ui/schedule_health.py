"""The health of a schedule in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.domain.clock_change import ClockChange
from bot.domain.occurrence import OccurrenceState
from bot.domain.schedule import ScheduleState, Slot
from bot.domain.supply import Supply
from bot.services.schedule_health import Happened, Health
from bot.ui.post import KINDS
from bot.ui.text import clip, day_name, full_time, relative

A_LINE: Final = 3
"""How many posts that went out stand on one line."""
REASON_CHARACTERS: Final = 90

STATES: Final = {
    OccurrenceState.POSTED: ("✓", "posted, and how late"),
    OccurrenceState.MISSED: ("✗", "missed"),
    OccurrenceState.SKIPPED: ("–", "left out"),
    OccurrenceState.REFUSED: ("⊘", "refused by Discord"),
    OccurrenceState.UNKNOWN: ("?", "nobody knows"),
    OccurrenceState.PLANNED: ("○", "about to go out"),
    OccurrenceState.SENDING: ("◐", "going out"),
}


def told(health: Health, wrong: Sequence[str]) -> str:
    """Return what is wrong and how to mend it, and what became of the last posts."""
    lines = ["", *_trouble(health, wrong)]
    if not health.last:
        return "\n".join([*lines, "", "Nothing was due yet."])
    seen = [STATES[state] for state in STATES if any(one.state is state for one in health.last)]
    legend = " · ".join(f"{sign} {word}" for sign, word in seen)
    return "\n".join([*lines, "", f"**Last {len(health.last)}** · {legend}", *_history(health.last)])


def _trouble(health: Health, wrong: Sequence[str]) -> list[str]:
    line, found = health.line, list(wrong)
    if line.state is ScheduleState.BROKEN:
        found.append(
            f"It has stopped. {line.reason or 'Discord would not take its posts.'} Then press Back and Resume."
        )
    if line.state is ScheduleState.PAUSED:
        found.append("It is paused. Press Back and Resume to go on.")
    found += [
        f"{KINDS[one.slot]} runs low: {one.left} left for {one.days} days. Give those days something else with Edit, "
        "or they begin again from the first."
        for one in health.supplies
        if one.low
    ]
    return [f"✗ {one}" for one in found] or ["✓ Nothing is wrong."]


def _history(last: Sequence[Happened]) -> list[str]:
    lines: list[str] = []
    run: list[str] = []
    for one in last:
        if one.state is OccurrenceState.POSTED:
            run.append(f"✓ {day_name(one.day)} +{span(one.late or timedelta())}")
        if len(run) == A_LINE or (run and one.state is not OccurrenceState.POSTED):
            lines.append(" · ".join(run))
            run = []
        if one.state is not OccurrenceState.POSTED:
            sign, word = STATES[one.state]
            reason = f": {clip(one.reason, REASON_CHARACTERS)}" if one.reason else ""
            lines.append(f"{sign} {day_name(one.day)} {word}{reason}")
    return [*lines, *([" · ".join(run)] if run else [])]


def ahead_lines(health: Health) -> list[str]:
    """Return the next posts on everybody's clock, and the warning of a coming change of the clock."""
    line = health.line
    lines = [f"{full_time(due.due_at)} ({relative(due.due_at)}) · {KINDS[due.slot]}" for due in line.ahead]
    if line.state is not ScheduleState.ACTIVE:
        lines.insert(0, "If it were resumed now:")
    if line.left_out is not None:
        lines.append(f"{day_name(line.left_out)} is left out.")
    if health.change is not None:
        lines.append(change_sentence(health.change, line.timing.zone, f"{line.timing.at:%H:%M}"))
    return lines


def change_sentence(change: ClockChange, zone: str, at: str) -> str:
    """Return what a change of the clock does to a post of a fixed local time."""
    forward = change.by > timedelta()
    return (
        f"On {day_name(change.day)} clocks go {'forward' if forward else 'back'} by {span(abs(change.by))} in {zone}. "
        f"The post stays at {at} there; for members elsewhere it comes {span(abs(change.by))} "
        f"{'earlier' if forward else 'later'}."
    )


def supply_lines(health: Health) -> list[str]:
    """Return for how many days each part lasts."""
    lines: list[str] = []
    for one in health.supplies:
        lines.append(f"**{KINDS[one.slot]}** {_lasts(one)} at {one.a_week} a week")
        if one.slot is Slot.PRACTICE and health.stage_supply.total:
            lines.append(f"of stage {health.stage.order}, where the group is: {_lasts(health.stage_supply)}")
    if any(one.slot is not Slot.PRACTICE for one in health.supplies):
        lines.append("Fresh papers and competitions that fit come first, and are not counted here.")
    return lines


def _lasts(one: Supply) -> str:
    again = " before they come again" if one.passed else ""
    return f"{one.left} of {one.total} left{again}: {one.days} days"


def span(length: timedelta) -> str:
    """Return a length of time in one unit: ``4 s``, ``12 min``, ``5 h``."""
    seconds = int(length.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    if seconds % 3600 == 0 or seconds >= 7200:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min"
