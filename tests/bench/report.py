"""What a run leaves: a table in the terminal, every figure as JSON, and ``docs/benchmarks.md``.

The page has one section for each group. A run writes anew the sections of the groups that it measured and leaves the
others as they are, each with its own origin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rich.table import Table

from bot.settings import ROOT
from tests.bench.groups import GROUPS
from tests.bench.origin import Origin
from tests.bench.row import Row, spread

PAGE: Final = ROOT / "docs" / "benchmarks.md"
JSON: Final = ROOT / "build" / "benchmarks.json"
HEAD: Final = """# Benchmarks

Written by `make bench`; nothing here is typed by hand. Each group is a section with its own origin: `make bench` writes
all of them anew, `make bench ONLY=name` that one. Every row names its work and what it stands beside, measured by turns
in the same run. Figures are medians of the rounds, the least and the most in brackets; the ratio is the median of the
ratios of the rounds. A round of `commands` begins when no other machine of the same host is at work on the cores, and
is measured anew where one was at its end (`tests/bench/calm.py`). A promise that is not kept says so. What follows
from the figures stands in [scale.md](scale.md) and [architecture.md](architecture.md).
"""
_SECTION: Final = re.compile(r"<!-- (?P<name>[a-z]+) -->\n(?P<text>.*?)<!-- end -->\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Measured:
    """One group's rows, and where they come from."""

    name: str
    origin: Origin
    rows: Sequence[Row]


HEADINGS: Final = ("what", "over", "ours", "beside", "ratio", "promised", "also, ours (beside)")


def cells(row: Row) -> tuple[str, ...]:
    """Return a row's texts, one for each of ``HEADINGS``."""
    ours = f"{spread(row.ours)} {row.unit}"
    beside = f"{spread(row.beside)}, {row.baseline}" if row.baseline else ""
    kept = {True: f"{row.promise}, kept", False: f"{row.promise}, NOT KEPT", None: ""}[row.holds]
    also = "; ".join(f"{name} {mine:.2f} ({other:.2f})" for name, (mine, other) in row.also.items())
    return row.name, row.workload, ours, beside, f"{row.ratio:.2f}x" if row.baseline else "", kept, also


def table(measured: Measured) -> Table:
    """Return a group's rows as a table for the terminal."""
    title = f"{measured.name}: {GROUPS[measured.name].purpose}"
    shown = Table(title=title, caption=f"{measured.origin.machine}; {measured.origin.versions}")
    for heading in HEADINGS:
        shown.add_column(heading)
    for row in measured.rows:
        style = {True: "green", False: "red", None: None}[row.holds]
        shown.add_row(*cells(row), style=style)
    return shown


def write_json(path: Path, every: Sequence[Measured]) -> None:
    """Write every figure of a run."""
    found = [
        {"group": one.name, "origin": asdict(one.origin), "rows": [row.as_json() for row in one.rows]} for one in every
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def write_page(path: Path, every: Sequence[Measured]) -> None:
    """Write anew the sections of the groups that were measured; others stay as they are, gone groups go."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    kept = {one["name"]: one["text"] for one in _SECTION.finditer(old)}
    path.write_text(page(kept | {one.name: section(one) for one in every}), encoding="utf-8")


def page(sections: Mapping[str, str]) -> str:
    """Return the page with these sections, in the order of the groups."""
    return "\n".join(
        [HEAD, *(f"<!-- {name} -->\n{sections[name]}<!-- end -->\n" for name in GROUPS if name in sections)]
    )


def section(measured: Measured) -> str:
    """Return the section of a group, as Markdown."""
    of, group = measured.origin, GROUPS[measured.name]
    waited = f", {of.waited:,.0f} of them waited until nobody disturbed the machine" if of.waited >= 1 else ""
    lines = [
        f"## {measured.name}",
        "",
        f"{group.purpose}.",
        "",
        f"{of.at}, commit {of.commit}; {of.effort}, {of.seconds:,.0f} s{waited}, load {of.load:.1f} before.  ",
        f"{of.machine}; {of.versions}.",
        "",
        f"| {' | '.join(HEADINGS)} |",
        f"|{' --- |' * len(HEADINGS)}",
        *(f"| {' | '.join(one.replace('|', '/') for one in cells(row))} |" for row in measured.rows),
    ]
    return "\n".join(lines) + "\n"
