"""A copy from one database to another, with a progress bar."""

from __future__ import annotations

from rich.progress import Progress

from bot.clock import SystemClock
from bot.storage.copy import copied, ready
from bot.storage.database import Database, Place


async def copy_shown(source: Place, target: Place) -> tuple[int, int]:
    """Copy every table and return how many rows and tables the copy has.

    Raises:
        StorageError: where it can't be copied, or the two are not equal in the end.
    """
    await ready(source, target, SystemClock().now())
    here, there = await Database.open(source), await Database.open(target)
    proved: dict[str, int] = {}
    try:
        with Progress() as bar:
            task = bar.add_task("copying")
            async for step in copied(here, there):
                bar.update(task, description=step.table, completed=step.rows, total=step.of)
                if step.proved:
                    proved[step.table] = step.rows
    finally:
        await here.close()
        await there.close()
    return sum(proved.values()), len(proved)
