"""Killing the process in which members act, a hundred times; ``FULL=1`` in the environment makes it a thousand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bot.storage.upgrade import migrate
from tests.bench.row import Effort, Row
from tests.kill.toll import run

FULL: Final = 10
"""How many times as many kills there are in full."""


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the row of what was acknowledged beside what was there afterwards, and of files that were not whole.

    Args:
        effort: ``calls`` processes are killed, ten times as many in full.
        folder: an empty one, for a database.
    """
    path = folder / "syllabot.db"
    migrate(path)
    toll = await run(path, effort.calls * (FULL if os.environ.get("FULL") else 1))
    told = toll.told.total()
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(toll.told.items()))
    over = f"{toll.kills:,} SIGKILLs, {toll.cut:,} of them with acts under way; acknowledged: {kinds}"
    kept = Row(
        "Acts there after kill -9", over, "acts", [float(told - len(toll.lost))], "acknowledged", [float(told)],
        most_off=0, binding=True,
    )  # fmt: skip
    whole = f"{toll.kills:,} files, integrity_check after each kill"
    return [
        kept,
        Row("Files not whole after kill -9", whole, "files", [float(toll.damaged)], "", [1.0], most=0.5, binding=True),
    ]
