"""A row of the table: what was measured, over what work, beside which baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured.

    Attributes:
        rounds: how often each side is measured, ours and the baseline by turns.
        calls: how many calls make one round.
    """

    rounds: int = 7
    calls: int = 200


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of ours and of a baseline, one for each round.

    Attributes:
        name: what was measured.
        workload: over what.
        unit: of every figure.
        ours: the figures.
        baseline: what it stands beside.
        beside: the baseline's figures of the same rounds.
        most: the most that ours may be; None where nothing is promised.
        most_times: the most times the baseline that ours may be.
        least: the least that ours may be.
        least_over: the least that ours may stand above the baseline; below 0 it may stand below it.
        most_over: the most that ours may stand above the baseline.
        most_off: the most that ours may stand above or below the baseline.
        binding: whether the benchmark fails where the promise is not kept.
        also: what else was measured in the same calls, by name with its unit: ours and the baseline's.
    """

    name: str
    workload: str
    unit: str
    ours: Sequence[float]
    baseline: str
    beside: Sequence[float]
    most: float | None = None
    most_times: float | None = None
    least: float | None = None
    least_over: float | None = None
    most_over: float | None = None
    most_off: float | None = None
    binding: bool = False
    also: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])

    @property
    def ratio(self) -> float:
        """Ours over the baseline: the median of the rounds, each compared within itself."""
        return median(mine / other if other else math.inf for mine, other in zip(self.ours, self.beside, strict=True))

    @property
    def holds(self) -> bool | None:
        """Whether ours keeps its promise; None where there is none."""
        kept = [median(self.ours) <= self.most] if self.most is not None else []
        kept += [self.ratio <= self.most_times] if self.most_times is not None else []
        kept += [median(self.ours) >= self.least] if self.least is not None else []
        kept += [median(self.ours) - median(self.beside) >= self.least_over] if self.least_over is not None else []
        kept += [median(self.ours) - median(self.beside) <= self.most_over] if self.most_over is not None else []
        kept += [abs(median(self.ours) - median(self.beside)) <= self.most_off] if self.most_off is not None else []
        return all(kept) if kept else None

    @property
    def promise(self) -> str:
        """The promise in a few signs, such as ``≤ 3x``."""
        if self.most_times is not None:
            return f"≤ {self.most_times:g}x"
        if self.most_off is not None:
            return f"± {self.most_off:g} {self.unit}"
        if self.most_over is not None:
            return f"≤ {self.most_over:+g} {self.unit}"
        if self.least_over is not None:
            return f"≥ {self.least_over:+g}"
        if self.least is not None:
            return f"≥ {self.least:g}"
        return "" if self.most is None else f"< {self.most:g} {self.unit}"

    def as_json(self) -> dict[str, Any]:
        """Return everything, with the medians and the ratio."""
        worked_out = {"median": median(self.ours), "baseline_median": median(self.beside), "ratio": self.ratio}
        return {**asdict(self), **worked_out, "holds": self.holds}


def spread(figures: Sequence[float]) -> str:
    """Return the median with the least and the most: ``1.20 (1.10..1.40)``."""
    middle, least, most = (_short(figure) for figure in (median(figures), min(figures), max(figures)))
    return middle if len(figures) == 1 else f"{middle} ({least}..{most})"


def _short(figure: float) -> str:
    decimals = 0 if figure >= 100 else 1 if figure >= 10 else 2 if figure >= 1 else 3
    return f"{figure:,.{decimals}f}"
