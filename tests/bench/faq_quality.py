"""How often the right entry is found, and how well the bot knows when it is not: rows for every set and ranker.

Shares of the reported half. ``answered right`` and the other three say what a member would see: of questions that have
an answer, those answered rightly and wrongly; of questions that have none, those refused; of those that have one,
those refused. The rest are asked back about with up to three buttons.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from statistics import mean
from typing import Final

from bot.domain.calibration import Band
from tests.bench.faq_rankers import Fts5, Ours, PythonDiscord, Ranker, WRatio
from tests.bench.faq_sets import FOLDS, FaqSet, clinc150, cut, hint3, missing, misspelled, shipped
from tests.bench.row import Row

ALONE: Final = "FTS5 alone"
LEXICAL, SEMANTIC = "lexical", "semantic"
CLEAN: Final = "its own hit@1 without errors"
HINT3: Final = "HINT3, mean of two bots"

Figures = Mapping[str, float]
"""Shares by what they are of."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one ranker came to on one set."""

    questions: int
    strangers: int
    figures: Figures


def quality(encode: Callable[[str], bytes] | None, most: int) -> list[Row]:
    """Return the rows of every set that can be read.

    Args:
        encode: the encoder's; None leaves the semantic ranker out.
        most: questions of each kind asked of each set at most.
    """
    results: dict[str, dict[str, Outcome]] = {}
    for name, folds in _sets(short=most < 1000):
        measured = [_measured(cut(questions, most), encode) for questions in folds]
        results[name] = {ranker: _mean([one[ranker] for one in measured]) for ranker in measured[0]}
    bots = [results[name] for name in results if name.startswith("HINT3")]
    if bots:
        results[HINT3] = {ranker: _mean([one[ranker] for one in bots], summed=False) for ranker in bots[0]}
    return [row for name, rankers in results.items() for row in _rows(name, rankers)]


def _sets(*, short: bool) -> Iterator[tuple[str, list[FaqSet]]]:
    """Yield the sets with their folds; ``short`` takes the smallest, where it is only shown that measuring works."""
    if not missing():
        every = (hint3("powerplay11"), clinc150(1), hint3("curekart"), clinc150(5))
        for questions in every[:1] if short else every:
            yield questions.name, [questions]
    folds = list(islice(shipped(), 1 if short else FOLDS))
    yield folds[0].name, folds


def _measured(questions: FaqSet, encode: Callable[[str], bytes] | None) -> dict[str, Outcome]:
    plain = {
        "python-discord's way": PythonDiscord(questions.documents),
        "rapidfuzz WRatio": WRatio(questions.documents),
        ALONE: Fts5(questions.documents),
    }
    found = {name: _outcome(questions, _ranking(questions, ranker)) for name, ranker in plain.items()}
    for name, ours in ((LEXICAL, partial(Ours, encode=None)), (SEMANTIC, partial(Ours, encode=encode))):
        if name == LEXICAL or encode is not None:
            ranker = ours(questions)
            found[name] = _outcome(questions, {**_ranking(questions, ranker), **_bands(questions, ranker)})
    return found


def _outcome(questions: FaqSet, figures: Figures) -> Outcome:
    return Outcome(len(questions.asked), len(questions.strange), figures)


def _ranking(questions: FaqSet, ranker: Ranker) -> Figures:
    places: list[int] = []
    misspelled_first = 0
    best: list[float] = []
    for text, right in questions.asked:
        found = ranker(text)
        ids = [one for one, _ in found]
        places.append(ids.index(right) + 1 if right in ids else 0)
        best.append(found[0][1] if found else 0.0)
        again = ranker(misspelled(text))
        misspelled_first += bool(again) and again[0][0] == right
    strange = [found[0][1] if (found := ranker(text)) else 0.0 for text in questions.strange]
    count = len(places)
    return {
        "hit@1": sum(place == 1 for place in places) / count,
        "hit@3": sum(1 <= place <= 3 for place in places) / count,
        "MRR": sum(1 / place for place in places if place) / count,
        "hit@1, 6 % letter errors": misspelled_first / count,
        "AUROC of refusing": _auroc(best, strange),
    }


def _auroc(own: Sequence[float], strange: Sequence[float]) -> float:
    """Return how often a question that has an answer scores above one that has none; a tie counts half."""
    ordered = sorted(strange)
    beaten = sum((bisect_left(ordered, one) + bisect_right(ordered, one)) / 2 for one in own)
    return beaten / max(1, len(own) * len(ordered))


def _bands(questions: FaqSet, ranker: Ours) -> Figures:
    own = [(*ranker.band(text), right) for text, right in questions.asked]
    strange = [ranker.band(text)[0] for text in questions.strange]
    return {
        "answered right": mean(band is Band.SURE and shown[0] == right for band, shown, right in own),
        "answered wrong": mean(band is Band.SURE and shown[0] != right for band, shown, right in own),
        "asked back, right one among three": mean(band is Band.UNSURE and right in shown for band, shown, right in own),
        "refused wrongly": mean(band is Band.NO for band, _, _ in own),
        "refused rightly": mean(band is Band.NO for band in strange),
        "stranger answered": mean(band is Band.SURE for band in strange),
    }


def _mean(outcomes: Sequence[Outcome], *, summed: bool = True) -> Outcome:
    """Return the mean of folds by their questions, or of sets as they are."""
    of_none = {"AUROC of refusing", "refused rightly", "stranger answered"}

    def weight(one: Outcome, name: str) -> int:
        return (one.strangers if name in of_none else one.questions) if summed else 1

    def average(name: str) -> float:
        total = sum(weight(one, name) for one in outcomes)
        return sum(one.figures[name] * weight(one, name) for one in outcomes) / max(1, total)

    figures = {name: average(name) for name in outcomes[0].figures}
    return Outcome(sum(one.questions for one in outcomes), sum(one.strangers for one in outcomes), figures)


def _rows(name: str, rankers: Mapping[str, Outcome]) -> Iterator[Row]:
    alone = rankers[ALONE].figures
    over = f"{name}: {rankers[ALONE].questions} questions, {rankers[ALONE].strangers} strange"
    for ranker, outcome in rankers.items():
        if ranker == ALONE:
            continue
        for what, share in outcome.figures.items():
            least, least_over, most = _promise(name, ranker, what)
            beside, baseline = alone.get(what), ALONE
            if ranker == LEXICAL and what == "hit@1, 6 % letter errors":
                beside, baseline, least_over = outcome.figures["hit@1"], CLEAN, -0.1
            yield Row(
                f"FAQ {ranker}: {what}",
                over,
                "",
                [share],
                baseline if beside is not None else "",
                [beside if beside is not None else share],
                most=most,
                least=least,
                least_over=least_over,
            )


def _promise(name: str, ranker: str, what: str) -> tuple[float | None, float | None, float | None]:
    """Return the least, the least above FTS5 alone, and the most that is promised."""
    if ranker == LEXICAL and what in {"hit@1", "hit@3", "MRR"} and name != HINT3:
        return None, 0.0, None
    if ranker == SEMANTIC and name == HINT3:
        return (
            {"AUROC of refusing": 0.85}.get(what),
            {"hit@1": 0.12, "hit@3": 0.07}.get(what),
            {"answered wrong": 0.09}.get(what),
        )
    return None, None, None
