"""Calibration by leave-one-out: a pack's own phrasings say how much its scores are worth.

Every phrasing is asked twice: left out of its own entry, when that entry is the right answer, and with the whole entry
taken out, when nothing is. A logistic regression over the best score and its leads turns scores into chances; the
bounds of the three bands are the widest that keep within ``WRONG``, ``STRANGERS`` and ``REFUSED`` on those questions.
Pure Python, in steps, so that whoever runs it can stop between them; a pack of many phrasings is sampled evenly.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Sequence
from typing import Final

from bot.domain.calibration import Calibration, Figures, Ranker, views
from bot.domain.frozen import frozen
from bot.domain.synonym import Synonym
from bot.search.document import Document
from bot.search.lexical import LexicalIndex
from bot.search.meaning import Meanings
from bot.search.synonyms import Synonyms

MOST_ASKED: Final = 600
FEWEST_ASKED: Final = 20
"""Fewer phrasings than this say nothing: the calibration that holds until measured stays."""
FEWEST_RIGHT: Final = 10
WRONG: Final = 0.05
"""The most that may be answered wrongly, of questions that have an answer."""
STRANGERS: Final = 0.2
"""The most that may be answered at all, of questions that have none."""
REFUSED: Final = 0.05
"""The most that may be refused although the right entry was among the first three."""
LEAST_SURE: Final = 0.25
RIDGE: Final = 0.0003

View = tuple[float, float, float, float]


@frozen
class _Asked:
    """One question put to the index, with the place of the right entry, None where it was not among three."""

    view: View
    place: int | None
    stranger: bool


def calibrated(
    documents: Sequence[Document], synonyms: Iterable[Synonym] = (), meanings: Meanings | None = None
) -> Generator[None, None, Calibration | None]:
    """Measure a pack; yields between steps of a few milliseconds, and returns the calibration.

    Args:
        documents: the entries. An index of their own is made of them, since leaving out changes it.
        synonyms: the field's.
        meanings: the entries' vectors in order, for the semantic ranker; None for the lexical one.

    Returns:
        None where there are too few phrasings, or too few that find their entry by the others.
    """
    every = [
        (number, place) for number, one in enumerate(documents) if len(one.asked) > 1 for place in range(len(one.asked))
    ]
    if len(every) < FEWEST_ASKED:
        return None
    index = LexicalIndex(documents, Synonyms(synonyms))
    yield
    asked: list[_Asked] = []
    step = max(1.0, len(every) / MOST_ASKED)
    for at in range(min(len(every), MOST_ASKED)):
        number, phrasing = every[int(at * step)]
        asked += _left_out(index, number, phrasing, meanings)
        yield
    if sum(one.place == 0 for one in asked) < FEWEST_RIGHT:
        return None
    weights = _fitted(asked)
    yield
    return _bounded("lexical" if meanings is None else "semantic", weights, asked)


def _left_out(index: LexicalIndex, number: int, phrasing: int, meanings: Meanings | None) -> list[_Asked]:
    text = index.documents[number].asked[phrasing]
    with index.without(number, phrasing):
        found = {one.number: 1.0 if one.verbatim else one.score for one in index.hits(text)}
    verbatim = {other: 1.0 for other, score in found.items() if score == 1.0}
    if meanings is None:
        ranked = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    else:
        vector = meanings.vector(number, phrasing)
        without = {number: meanings.cosine_without(number, phrasing, vector)}
        near = meanings.best(vector, found, 5, without)
        ranked = sorted(((one.number, verbatim.get(one.number, one.score)) for one in near), key=lambda one: -one[1])
    places = [other for other, _ in ranked]
    right = places.index(number) if number in places[:3] else None
    others = [score for other, score in ranked if other != number]
    return [
        _Asked((*views([score for _, score in ranked]), 1.0), right, stranger=False),
        _Asked((*views(others), 1.0), None, stranger=True),
    ]


def _fitted(asked: Sequence[_Asked]) -> View:
    """Return the weights of a logistic regression. A view that would speak against a good score is left out."""
    used = (True, True, True)
    while True:
        weights = _regressed(asked, used)
        worst = min(weights[:3])
        if worst >= 0 or sum(used) == 1:
            return weights
        used = tuple(keep and weight != worst for keep, weight in zip(used, weights[:3], strict=True))


def _regressed(asked: Sequence[_Asked], used: Sequence[bool]) -> View:
    """Return the weights of the views that are used, 0 of the others, by Newton's method with a little ridge."""
    seen = [[value if i == 3 or used[i] else 0.0 for i, value in enumerate(one.view)] for one in asked]
    own = [1.0 if one.place == 0 else 0.0 for one in asked]
    weights = [0.0] * 4
    for _ in range(25):
        slope = [RIDGE * len(asked) * weight if i < 3 else 0.0 for i, weight in enumerate(weights)]
        curve = [[RIDGE * len(asked) * (i == j and i < 3) + 1e-9 * (i == j) for j in range(4)] for i in range(4)]
        for view, right in zip(seen, own, strict=True):
            logit = sum(weight * value for weight, value in zip(weights, view, strict=True))
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
            spread = chance * (1 - chance)
            for i, value in enumerate(view):
                slope[i] += (chance - right) * value
                for j in range(4):
                    curve[i][j] += spread * value * view[j]
        change = _solved(curve, slope)
        weights = [weight - by for weight, by in zip(weights, change, strict=True)]
        if max(map(abs, change)) < 1e-6:
            break
    return (weights[0], weights[1], weights[2], weights[3])


def _solved(matrix: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
    """Return x of matrix x = values, by elimination with pivots."""
    rows = [[*row, value] for row, value in zip(matrix, values, strict=True)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    found = [0.0] * size
    for i in reversed(range(size)):
        found[i] = (rows[i][size] - sum(rows[i][k] * found[k] for k in range(i + 1, size))) / rows[i][i]
    return found


def _bounded(ranker: Ranker, weights: View, asked: Sequence[_Asked]) -> Calibration:
    plain = Calibration(ranker=ranker, weights=weights, sure_from=1.0, unsure_from=0.0)
    chances = [plain.chance_of(one.view) for one in asked]
    own = [(chance, one.place) for chance, one in zip(chances, asked, strict=True) if not one.stranger]
    strangers = [chance for chance, one in zip(chances, asked, strict=True) if one.stranger]

    def kept(bound: float) -> bool:
        wrong = sum(chance >= bound and place != 0 for chance, place in own)
        return wrong <= WRONG * len(own) and sum(one >= bound for one in strangers) <= STRANGERS * len(strangers)

    sure = next((step / 100 for step in range(int(LEAST_SURE * 100), 100) if kept(step / 100)), 0.99)
    among = sorted(chance for chance, place in own if place is not None)
    unsure = min(among[int(REFUSED * len(own))] if len(among) > REFUSED * len(own) else 0.0, sure)
    figures = Figures(
        asked=len(own),
        right=sum(chance >= sure and place == 0 for chance, place in own) / len(own),
        wrong=sum(chance >= sure and place != 0 for chance, place in own) / len(own),
        refused=sum(chance < unsure for chance, _ in own) / len(own),
        stranger_answered=sum(one >= sure for one in strangers) / len(strangers),
        stranger_refused=sum(one < unsure for one in strangers) / len(strangers),
    )
    return plain.model_copy(update={"sure_from": sure, "unsure_from": unsure, "figures": figures})
