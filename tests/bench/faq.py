"""Looking things up in the shipped FAQ, beside rapidfuzz's WRatio over the questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Final

from rapidfuzz import fuzz, process, utils

from bot.packs.load import load_pack
from bot.services.faq import FaqService
from bot.settings import ROOT
from tests.bench.row import Effort, Row

BASELINE: Final = "rapidfuzz WRatio over the questions"


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return p50 and p95 of a question and of a keystroke.

    Args:
        effort: its rounds, each over all phrasings with a new index; as many as an eighth of its calls are typed out.
        folder: not needed.
    """
    pack = load_pack(ROOT / "content" / "ml-engineer")
    questions = [text for entry in pack.entries.values() for text in entry.phrasings]
    typed = questions[:: max(1, len(questions) // max(1, effort.calls // 8))]
    strokes = [text[:length] for text in typed for length in range(1, len(text) + 1)]
    titles = [utils.default_process(entry.question) for entry in pack.entries.values()]

    def wratio(most: int) -> Callable[[str], object]:
        return lambda text: process.extract(utils.default_process(text), titles, scorer=fuzz.WRatio, limit=most)

    asked, asked_beside, stroked, stroked_beside = [_Figures() for _ in range(4)]
    for _ in range(effort.rounds):
        service = FaqService(pack)
        asked.add(service.ask, questions)
        asked_beside.add(wratio(3), questions)
        stroked.add(service.complete, strokes)
        stroked_beside.add(wratio(25), strokes)
    workload = f"{len(questions)} phrasings of {len(pack.entries)} entries"
    keys = f"{len(strokes)} keystrokes of {len(typed)} phrasings"
    return [
        Row("FAQ: question, p50", workload, "ms", asked.p50, BASELINE, asked_beside.p50),
        Row("FAQ: question, p95", workload, "ms", asked.p95, BASELINE, asked_beside.p95),
        Row("FAQ: keystroke, p50", keys, "ms", stroked.p50, BASELINE, stroked_beside.p50),
        Row("FAQ: keystroke, p95", keys, "ms", stroked.p95, BASELINE, stroked_beside.p95),
    ]


class _Figures:
    """The p50 and p95 of each round, in ms."""

    def __init__(self) -> None:
        self.p50: list[float] = []
        self.p95: list[float] = []

    def add(self, work: Callable[[str], object], texts: Sequence[str]) -> None:
        """Measure a round."""
        taken: list[float] = []
        for text in texts:
            before = perf_counter()
            work(text)
            taken.append((perf_counter() - before) * 1000)
        cuts = quantiles(taken, n=20)
        self.p50.append(cuts[9])
        self.p95.append(cuts[18])
