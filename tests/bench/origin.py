"""Where figures come from: when, on which machine, with which versions, of which commit."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, Self

import psutil

from bot.settings import ROOT

PACKAGES: Final = ("discord.py", "aiohttp", "SQLAlchemy", "aiosqlite", "APScheduler", "rapidfuzz", "resvg_py")
CPU: Final = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of one group's figures.

    Attributes:
        at: when the measuring began, to the minute, in UTC.
        commit: the commit, and whether files differed from it.
        machine: its processor, cores and memory.
        versions: of Python, SQLite and the packages that matter.
        load: how many processes wanted a core in the minute before; figures from a busy machine are worth little.
        effort: how much was measured.
        seconds: how long the group took.
        waited: how many of them were waited until nobody disturbed the machine.
    """

    at: str
    commit: str
    machine: str
    versions: str
    load: float
    effort: str
    seconds: float = 0.0
    waited: float = 0.0

    @classmethod
    def now(cls, effort: str) -> Self:
        """Return the origin of what is measured from now on."""
        return cls(
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", _commit(), _machine(), _versions(), os.getloadavg()[0], effort
        )


def _git(*words: str) -> str:
    """Return what git says; nothing where there is no git, or no repository."""
    try:
        found = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""


def _commit() -> str:
    commit = _git("rev-parse", "--short=12", "HEAD") or "unknown"
    # the report is written by the run itself
    changed = [line for line in _git("status", "--porcelain").splitlines() if not line.endswith("docs/benchmarks.md")]
    return f"{commit} with uncommitted changes" if changed else commit


def _machine() -> str:
    lines = CPU.read_text(encoding="utf-8").splitlines() if CPU.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    return f"{model}, {os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, {platform.system()}"


def _versions() -> str:
    own = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    return ", ".join([*own, *(f"{name} {version(name)}" for name in PACKAGES)])
