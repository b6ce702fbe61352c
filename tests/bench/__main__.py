"""Runs the benchmarks and shows one table: ``python -m tests.bench [--only GROUP] [--json FILE]``.

``ONLY`` in the environment does the same as ``--only``. A promise that is not kept is shown as such; figures of speed
pass or fail nothing, but where acts are lost or something grows without bound the exit code is 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from rich.console import Console
from rich.table import Table

from bot.log import configure
from tests.bench import (
    boards,
    calls,
    cards,
    content,
    faq,
    kills,
    pace,
    points,
    posting,
    process_cpu,
    review,
    soak,
    start,
    storage,
    year,
)
from tests.bench.row import Effort, Row, spread

Group: TypeAlias = Callable[[Effort, Path], Awaitable[list[Row]]]

GROUPS: Final[Mapping[str, tuple[Group, Effort]]] = {
    "calls": (calls.measure, Effort()),
    "process": (process_cpu.measure, Effort()),
    "start": (start.measure, Effort(rounds=5, calls=1)),
    "faq": (faq.measure, Effort()),
    "storage": (storage.measure, Effort(calls=500)),
    "points": (points.measure, Effort()),
    "content": (content.measure, Effort(rounds=5, calls=1)),
    "boards": (boards.measure, Effort(rounds=5)),
    "review": (review.measure, Effort()),
    "year": (year.measure, Effort(rounds=3)),
    "cards": (cards.measure, Effort(rounds=1, calls=200)),
    "pace": (pace.measure, Effort(rounds=5)),
    "posting": (posting.measure, Effort(rounds=1, calls=1000)),
    "kills": (kills.measure, Effort(rounds=1, calls=100)),
    "soak": (soak.measure, Effort(rounds=1, calls=100)),
}


def run(names: list[str], effort: Effort | None = None) -> list[Row]:
    """Measure these groups and return their rows; each with its own effort unless one is given."""
    rows: list[Row] = []
    for name in names:
        group, usual = GROUPS[name]
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            rows += asyncio.run(_awaited(group(effort or usual, Path(folder))))
    return rows


async def _awaited(rows: Awaitable[list[Row]]) -> list[Row]:
    return await rows


def table(rows: list[Row]) -> Table:
    """Return the rows as a table."""
    shown = Table(title=f"Syllabot on Python {platform.python_version()}, {os.cpu_count()} CPUs")
    for heading in ("what", "over", "", "median (least..most)", "beside", "median (least..most)", "ratio", "promised"):
        shown.add_column(heading)
    for row in rows:
        kept = {True: f"[green]{row.promise} kept", False: f"[red]{row.promise} NOT KEPT", None: ""}[row.holds]
        figures = row.unit, spread(row.ours), row.baseline, spread(row.beside), f"{row.ratio:.2f}x"
        shown.add_row(row.name, row.workload, *(figures if row.baseline else (*figures[:2], "", "", "")), kept)
    return shown


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What Syllabot costs.")
    parser.add_argument(
        "--only", default=os.environ.get("ONLY") or None, choices=list(GROUPS), help="one group of rows"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there as well")
    given = parser.parse_args()
    configure("WARNING", as_json=False)
    rows = run([given.only] if given.only else list(GROUPS))
    Console(width=None if os.environ.get("COLUMNS") else 200).print(table(rows))
    if given.json:
        given.json.write_text(json.dumps([row.as_json() for row in rows], indent=2), encoding="utf-8")
    if any(row.binding and row.holds is False for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
