"""Runs the benchmarks: ``python -m tests.bench [--only GROUP] [--json FILE] [--page FILE]``.

``ONLY`` in the environment does the same as ``--only``. A promise that is not kept is shown as such; figures of speed
pass or fail nothing, but where acts are lost or something grows without bound the exit code is 1. A group that fails
is told at the end, and the others are measured all the same.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import traceback
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from rich.console import Console

from bot.log import configure
from tests.bench.apart import compiled
from tests.bench.calm import MACHINE
from tests.bench.groups import GROUPS
from tests.bench.origin import Origin
from tests.bench.report import JSON, PAGE, Measured, table, write_json, write_page
from tests.bench.row import Effort, Row


def run(name: str, effort: Effort | None = None) -> Measured:
    """Measure a group; with its own effort unless one is given."""
    group = GROUPS[name]
    given, long = effort or group.effort, " of the long form" if os.environ.get("FULL") else ""
    origin, began = Origin.now(f"{given.rounds} rounds of {given.calls}{long}"), perf_counter()
    waited = MACHINE.waited
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rows = asyncio.run(_awaited(group.measure(given, Path(folder))))
    return Measured(name, replace(origin, seconds=perf_counter() - began, waited=MACHINE.waited - waited), rows)


async def _awaited(rows: Awaitable[list[Row]]) -> list[Row]:
    return await rows


def main() -> None:
    """Read the command line, measure, and write after each group what there is by then."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What Syllabot costs.")
    only = os.environ.get("ONLY") or None
    parser.add_argument("--only", default=only, choices=list(GROUPS), help="one group of rows")
    parser.add_argument("--json", type=Path, default=JSON, metavar="FILE", help=f"every figure; by default {JSON.name}")
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help="the page to bring up to date")
    given = parser.parse_args()
    configure("WARNING", as_json=False)
    compiled()
    console = Console(width=None if os.environ.get("COLUMNS") else 220)
    every: list[Measured] = []
    failed: list[str] = []
    for name in [given.only] if given.only else GROUPS:
        try:
            every.append(run(name))
        except Exception:  # noqa: BLE001  (told below, and the run fails; the other groups are worth having)
            failed.append(name)
            traceback.print_exc()
            continue
        console.print(table(every[-1]))
        write_json(given.json, every)
        write_page(given.page, every[-1:])
    if failed:
        console.print(f"[red]Not measured, because they failed: {', '.join(failed)}")
    if failed or any(row.binding and row.holds is False for one in every for row in one.rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
