"""Every benchmark works. What it measures is nothing a test may hold anybody to."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from rich.console import Console

from bot.settings import ROOT
from tests.bench.__main__ import run
from tests.bench.calm import Calm
from tests.bench.command_kinds import READS, WRITES
from tests.bench.groups import GROUPS
from tests.bench.growth import LINEAR, exponent
from tests.bench.origin import Origin
from tests.bench.report import Measured, table, write_json, write_page
from tests.bench.row import Effort, Row

FEW = Effort(rounds=1, calls=4)

ELSEWHERE = {"clusters", "calls"}
"""Other tests run these: ``tests/wire/test_clusters.py``, and the group of reviews, which is one of the calls."""


@pytest.mark.parametrize("group", [name for name in GROUPS if name not in ELSEWHERE])
def test_a_group_of_rows_can_be_measured(group: str, tmp_path: Path) -> None:
    measured = run(group, FEW)
    assert measured.rows
    assert all(figure >= 0 for row in measured.rows for figure in (*row.ours, *row.beside))
    Console(width=200).print(table(measured))
    write_json(tmp_path / "build" / "figures.json", [measured])
    (told,) = json.loads((tmp_path / "build" / "figures.json").read_text(encoding="utf-8"))
    assert told["origin"]["machine"]
    assert len(told["rows"]) == len(measured.rows)


def measured(name: str, ours: float, at: str = "2026-11-23 09:00 UTC") -> Measured:
    """Return a group with one row."""
    row = Row("CPU | of it", "a day", "ms", [ours], "a bare bot", [2.0], most_times=2, also={"p99 ms": (4.0, 3.0)})
    return Measured(name, Origin(at, "abc", "a machine", "Python 3", 0.5, "1 round of 1", 3), [row])


def test_a_run_of_one_group_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    write_page(page, [measured("growth", 3.0), measured("commands", 9.0)])
    write_page(page, [measured("commands", 3.0, "2026-11-24 09:00 UTC")])
    text = page.read_text(encoding="utf-8")
    assert text.index("## commands") < text.index("## growth")
    assert "9.00" not in text
    assert text.count("2026-11-23 09:00 UTC, commit abc") == 1
    assert text.count("2026-11-24 09:00 UTC, commit abc") == 1
    assert "| CPU / of it | a day | 3.00 ms | 2.00, a bare bot | 1.50x | ≤ 2x, kept | p99 ms 4.00 (3.00) |" in text
    write_page(page, [])
    assert page.read_text(encoding="utf-8") == text


def test_an_exponent_is_the_slope_on_logarithmic_scales() -> None:
    sizes = (10, 100, 1_000)
    assert exponent(sizes, [0.1, 1.0, 10.0]) == pytest.approx(1)
    assert exponent(sizes, [5.0, 5.0, 5.0]) == pytest.approx(0)
    assert exponent(sizes, [1.0, 100.0, 10_000.0]) == pytest.approx(2)


def test_what_may_grow_faster_than_the_logarithm_is_argued_for() -> None:
    text = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    silent = [name for name in LINEAR if f"| {name} |" not in text]
    assert not silent, f"say in docs/scale.md why these may grow faster than the logarithm: {silent}"


def test_every_kind_of_call_is_told_apart() -> None:
    names = [one.name for one in (*READS, *WRITES)]
    assert len(set(names)) == len(names)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system can't tell a core")
async def test_the_cores_are_looked_at_and_left_as_they_were() -> None:
    before, calm = os.sched_getaffinity(0), Calm(patience=0)
    calm.disturbed()
    assert os.sched_getaffinity(0) == before
    await calm.wait()
    assert calm.waited == 0, "without patience it waits for nobody"
