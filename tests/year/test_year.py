"""Weeks of a guild, across a change of the clocks: one post a day, and the streak that was lived."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.domain.pack import Pack
from bot.domain.streak import DayKind
from tests.year.year import Life, counted, due_days, live

BEGIN, DAYS = date(2026, 2, 20), 60
"""The clocks change on March 29."""


def hold(life: Life) -> None:
    """Assert that everything went out once and the streak is right."""
    assert life.posts == list(due_days(life))
    assert life.found is not None
    assert (life.found.length, life.found.longest, life.found.freezes) == counted(life)
    kinds = {one.day: one.kind for one in life.found.days}
    assert {day for day, kind in kinds.items() if kind is DayKind.KEPT} == life.kept
    assert {day for day, kind in kinds.items() if kind is DayKind.REST} == life.rested - life.kept


async def test_weeks_of_a_guild(database_path: Path, pack: Pack) -> None:
    life = await live(database_path, pack, DAYS, BEGIN)
    hold(life)
    assert life.found is not None
    seen = {one.kind for one in life.found.days}
    assert seen >= {DayKind.KEPT, DayKind.MISSED, DayKind.FREEZE, DayKind.REST, DayKind.OUTAGE, DayKind.NOT_OWED}
