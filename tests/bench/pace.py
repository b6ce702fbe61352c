"""How often the ranges of forecasts hold: simulated cohorts of 200 members over 26 weeks; and what one costs."""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from time import process_time
from typing import Final

from bot.packs.load import load_pack
from bot.settings import ROOT
from tests.bench.row import Effort, Row
from tests.domain.cohort import Claim, claims, cohort

MEMBERS: Final = 200
SEEDS: Final = 1
"""The first cohort's; each round has the next. The rule was chosen on the cohorts 101 and 102."""


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of the range in which stages and the road end.

    Args:
        effort: rounds, a cohort each; with few calls the cohorts are small.
        folder: not used.
    """
    pack = load_pack(ROOT / "content" / "ml-engineer")
    members, every = (MEMBERS, 1) if effort.calls >= MEMBERS else (20, 8)
    rounds: list[list[Claim]] = []
    costs: list[float] = []
    for seed in range(SEEDS, SEEDS + effort.rounds):
        people = cohort(pack, members, seed)
        before = process_time()
        rounds.append([one for person in people for one in claims(pack, person, every)])
        costs.append((process_time() - before) / len(rounds[-1]) * 1000)
    over = f"{members} members, 26 weeks, {len(rounds[0]):,} forecasts a round"
    rows: list[Row] = []
    for of in ("stage", "road"):
        held = [100 * mean(one.holds for one in found if one.of == of) for found in rounds]
        rows.append(
            Row(f"Pace: 80 % ranges that hold, {of}", over, "%", held, "promised", [80.0] * len(held), most_off=6)
        )
        early = [100 * mean(one.came < one.found.first for one in found if one.of == of) for found in rounds]
        late = [100 * mean(one.came > one.found.last for one in found if one.of == of) for found in rounds]
        rows.append(Row(f"Pace: came earlier, {of}", over, "%", early, "came later", late))
    rows.append(Row("Pace: one forecast, with its window", over, "ms", costs, "", costs))
    return rows
