"""The kill run in short; ``make bench`` has the long one."""

from __future__ import annotations

from pathlib import Path

from tests.wire.kills import run


async def test_killed_every_third_of_a_second_they_post_each_once(database_path: Path) -> None:
    figures = await run(database_path.parent, 120, within=40)
    print(figures)
    assert (figures.duplicates, figures.losses) == (0, 0), figures
    assert figures.kills >= 10, "too few died to prove anything"
