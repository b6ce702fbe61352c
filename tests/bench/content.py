"""Loading a file at the limit of its size: until the report, until it is applied, and what both take from the loop.

The baseline of the times is PyYAML's own loader over the same file, in this process.
"""

from __future__ import annotations

import asyncio
import gc
import json
import shutil
import subprocess
import sys
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final, TypeVar

import yaml

from bot.domain.draft import MOST_TEXT, FileRequest
from bot.domain.plan_row import Verdict
from bot.packs.content_files import ContentFiles
from bot.packs.load import load_pack
from bot.services.content import ContentService
from bot.services.content_history import ContentHistory
from bot.services.packs import Packs
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.upgrade import migrate
from tests.bench.row import Effort, Row
from tests.fakes.clock import FakeClock

T = TypeVar("T")

GUILD, MO = 1, 2
BASELINE: Final = "PyYAML's CSafeLoader over the same file"
IDLE: Final = "the same loop, asleep"
BARE_WORKER: Final = "a Python process that imports nothing"
TICK: Final = 0.001
SHOW_PEAK: Final = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
"""The most that was resident, in KiB; ru_maxrss would count the process that this one was forked from."""
PEAK: Final = f"""
import sys
from bot.packs import worker
worker.limit()
worker.answer(sys.stdin.buffer.read())
{SHOW_PEAK}
"""


def full_file() -> bytes:
    """Return a YAML file of a little under 256 KiB with over 2,000 questions."""
    head = b"kind: faq\nentries:\n"
    rows: list[bytes] = []
    size = len(head)
    while True:
        i = len(rows)
        row = (
            f"  - question: How does method {i:04d} handle case {i * 7919 % 1000}?\n"
            f"    answer: It takes {i * 31 % 97} steps, and then case {i}.\n"
        ).encode()
        if size + len(row) > MOST_TEXT:
            return head + b"".join(rows)
        rows.append(row)
        size += len(row)


@dataclass(slots=True)
class _Figures:
    """What was measured, a figure for each round."""

    report: list[float] = field(default_factory=list[float])
    apply: list[float] = field(default_factory=list[float])
    compiled: list[float] = field(default_factory=list[float])
    plain: list[float] = field(default_factory=list[float])
    stall: list[float] = field(default_factory=list[float])
    idle: list[float] = field(default_factory=list[float])


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of a report, of applying it, of the loop's longest stall meanwhile, and of the worker's memory.

    Args:
        effort: its rounds; each loads the file into a new database.
        folder: an empty one, for databases.
    """
    data = full_file()
    figures = _Figures()
    entries = 0
    for number in range(effort.rounds):
        path = folder / f"{number}"
        path.mkdir()
        entries = await _round(figures, data, path / "bench.db")
        shutil.rmtree(path)
    over = f"{len(data) / 1024:.0f} KiB of YAML, {entries:,} new questions"
    memory, bare = _peaks(effort, PEAK, _request(data)), _peaks(effort, SHOW_PEAK, b"")
    stall = "report, apply, first look"
    return [
        Row("Content: report", over, "s", figures.report, BASELINE, figures.plain, 3.0),
        Row("Content: apply", over, "s", figures.apply, BASELINE, figures.plain, 1.0),
        Row("Content: first look at the server's pack", over, "s", figures.compiled, BASELINE, figures.plain),
        Row(
            "Content: longest stall of the loop",
            stall,
            "ms",
            figures.stall,
            IDLE,
            figures.idle,
            50.0,
        ),
        Row("Content: memory of the worker", over, "MiB", memory, BARE_WORKER, bare, 200.0),
    ]


async def _round(figures: _Figures, data: bytes, path: Path) -> int:
    """Load the file once; return how many entries were new."""
    migrate(path)
    database = await Database.open(path)
    packs = Packs(database, load_pack(ROOT / "content" / "ml-engineer"))
    clock = FakeClock()
    service = ContentService(database, ContentHistory(database, packs, clock), ContentFiles(), clock)
    # as bot.run does once it stands: what was loaded at start is never looked through again
    gc.collect()
    gc.freeze()
    stalls: list[float] = []
    await _watched(asyncio.sleep(0.2), stalls)
    figures.idle.append(max(stalls) * 1000)
    stalls.clear()
    report, seconds = await _watched(service.inspect(GUILD, MO, FileRequest("full.yaml", data)), stalls)
    figures.report.append(seconds)
    _, seconds = await _watched(service.apply(GUILD, MO, report.number, report.version), stalls)
    figures.apply.append(seconds)
    _, seconds = await _watched(packs.of(GUILD), stalls)
    figures.compiled.append(seconds)
    figures.stall.append(max(stalls) * 1000)
    await database.close()
    gc.unfreeze()
    before = perf_counter()
    yaml.load(data, Loader=yaml.CSafeLoader)
    figures.plain.append(perf_counter() - before)
    return report.plan.count(Verdict.NEW)


async def _watched(work: Awaitable[T], stalls: list[float]) -> tuple[T, float]:
    """Return what ``work`` returns and its seconds; note how late the loop came back to a timer meanwhile."""

    async def watch() -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(TICK)
            stalls.append(perf_counter() - before - TICK)

    watching = asyncio.create_task(watch())
    before = perf_counter()
    try:
        result = await work
        return result, perf_counter() - before
    finally:
        # whoever stalled the loop last must still be noticed
        await asyncio.sleep(2 * TICK)
        watching.cancel()


def _request(data: bytes) -> bytes:
    return json.dumps({"name": "full.yaml", "kind": None, "columns": []}).encode() + b"\n" + data


def _peaks(effort: Effort, code: str, given: bytes) -> list[float]:
    """Return the most memory that a process running ``code`` held, in MiB, for each round."""
    return [
        int(subprocess.run([sys.executable, "-c", code], cwd=ROOT, input=given, capture_output=True, check=True).stdout)
        / 1024
        for _ in range(effort.rounds)
    ]
