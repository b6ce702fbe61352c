"""Days of a busy guild: what each adds to the memory, the tasks, the open files and the database of one process.

Six days in the usual run; ``FULL=1`` in the environment makes them sixty. SimCord keeps everything that was ever sent:
what it no longer needs is thrown away before each measurement, all but the posts of the last days.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import linear_regression
from typing import Final

import psutil
import simcord

from bot.demo.clock import DemoClock
from bot.demo.host import Host
from bot.jobs import repeat
from bot.packs.load import load_pack
from bot.run import LOOK_FOR_BACKUP
from bot.services.backup import BackupService, Keeping
from bot.settings import ROOT
from bot.storage.backup import beside, copies
from bot.storage.upgrade import migrate
from bot.ui.patience import REMEMBERED
from tests.bench.row import Effort, Row
from tests.bench.soak_day import Guildlife
from tests.bench.soak_held import held, objects_of_ours
from tests.fakes.hasty import hurried
from tests.year.year import clocked

BEGIN: Final = date(2026, 1, 5)
MEMBERS: Final = 40
DAYS, FULL_DAYS, SHORT_DAYS = 6, 60, 2
SHORT: Final = 10
"""Calls below which a run is only shown to work."""
MOST_FILES: Final = 3 + 7 + 4 + 1 + 1
"""The database with its log and index, copies of 7 days and 4 weeks, the note on the last one, the row's bound."""
WARM: Final = 14
"""Days after which caches are full; the first days fill SQLite's own, of 2 MiB for each of three connections."""
SEEN: Final = "Seen._ids"
"""The ids of the last interactions, so that what comes twice is dropped: full after some weeks, and then no larger."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What stood at the end of a day."""

    memory: float
    objects: float
    tasks: float
    files: float
    threads: float
    database: float
    entries: float
    seen: float
    beside: float
    acts: int


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return a row for each thing that may grow: by how much a day, over the second half of the days.

    Args:
        effort: few calls mean two days of six members.
        folder: an empty one, for databases.
    """
    defaults = simcord.Env._settle_internal.__kwdefaults__  # pyright: ignore[reportPrivateUsage]
    assert defaults is not None
    defaults["idle"] = 0.0005  # as in the tests: SimCord sleeps 50 ms after each action
    small = effort.calls < SHORT
    days = SHORT_DAYS if small else FULL_DAYS if os.environ.get("FULL") else DAYS
    members = 6 if small else MEMBERS
    path = folder / "syllabot.db"
    migrate(path)
    figures = await _lived(path, days, members)
    return _rows(figures, f"{days} days of {members} members, {figures[-1].acts:,} acts; over the second half")


async def _lived(path: Path, days: int, members: int) -> list[Figures]:
    pack, clock = load_pack(ROOT / "content" / "ml-engineer"), DemoClock()
    figures: list[Figures] = []
    with hurried(), clocked(clock):
        async with Host(path, pack, clock) as host:
            nightly = BackupService(path, Keeping(beside(path)), clock)
            repeat(host.scheduler, LOOK_FOR_BACKUP, "backup", nightly.tick)
            life = await Guildlife.founded(host, pack, members, BEGIN)
            for number in range(days):
                await life.live(BEGIN + timedelta(days=number))
                _forget(host.env, life.channel.id)
                figures.append(await _figures(host, life))
        assert len(copies(path)) >= min(days - 1, 7), "a night went by without a backup"
    return figures


def _forget(env: simcord.Env, channel_id: int) -> None:
    """Throw away what SimCord keeps of the day."""
    backend = env.backend
    assert not env.errors, env.errors
    for kept in (backend.http_requests, backend.transcript, backend.interactions, backend.interaction_tokens):
        kept.clear()
    backend.cdn._blobs.clear()  # pyright: ignore[reportPrivateUsage]
    for place, messages in backend.messages.items():
        posts = [number for number, one in messages.items() if one.visible_to(None)][-3:]
        for number in [one for one in messages if place != channel_id or one not in posts]:
            del messages[number]


async def _figures(host: Host, life: Guildlife) -> Figures:
    gc.collect()
    # what was freed and not given back is no growth
    ctypes.CDLL(None).malloc_trim(0)
    process, entries, path = psutil.Process(), held(host.bot), host.database.path
    assert path is not None
    pages = await host.database.read(
        lambda tx: tx.exec_driver_sql("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").scalar()
    )
    return Figures(
        memory=process.memory_info().rss / 2**20,
        objects=objects_of_ours(),
        tasks=len(asyncio.all_tasks()),
        files=process.num_fds(),
        threads=process.num_threads(),
        database=(pages or 0) / 1024,
        entries=entries.total() - entries[SEEN],
        seen=entries[SEEN],
        beside=sum(one.is_file() for one in path.parent.rglob("*")),
        acts=life.acts,
    )


def _rows(figures: list[Figures], over: str) -> list[Row]:
    def row(what: str, unit: str, of: Callable[[Figures], float], most: float) -> Row:
        levels = [of(one) for one in figures]
        late = levels[len(levels) // 2 - 1 :]
        a_day = max(0.0, linear_regression(range(len(late)), late).slope)
        return Row(f"Soak: {what}", over, f"{unit}/day", [a_day], f"{unit} at the end", levels[-1:], most, binding=True)

    full = f"interactions remembered so that none counts twice, full at {2 * REMEMBERED:,}"
    seen, beside = [one.seen for one in figures], [one.beside for one in figures]
    return [
        row("memory", "MiB", lambda one: one.memory, 0.5 if len(figures) > WARM else 2.5),
        row("objects of our classes", "", lambda one: one.objects, 50),
        row("tasks", "", lambda one: one.tasks, 0.1),
        row("open files", "", lambda one: one.files, 0.1),
        row("threads", "", lambda one: one.threads, 0.1),
        row("database", "KiB", lambda one: one.database, 200),
        row("entries in our containers and caches", "", lambda one: one.entries, 50),
        Row(
            "Soak: files in the data folder",
            "the database, its log, and the backups that are kept",
            "",
            beside[-1:],
            "",
            beside[-1:],
            MOST_FILES,
            binding=True,
        ),
        Row("Soak: interactions remembered", full, "", seen[-1:], "", seen[-1:], 2 * REMEMBERED, binding=True),
    ]
