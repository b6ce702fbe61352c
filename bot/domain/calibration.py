"""How sure the bot may be of what it found: calibrated for each pack, and three bands by it.

A pack's own phrasings say how well it is found: each is left out of the index and asked, and each is asked once more
with its whole entry taken out, when nothing may be answered. From that comes the chance that the best candidate is the
right one, where every second question is about something that the FAQ does not hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.faq import Candidate

ALIKE: Final = 0.005
"""A lead so small is none: two entries that fit alike, such as one question given twice, are a reason to ask."""

Ranker = Literal["lexical", "semantic"]


class Band(Enum):
    """How sure the bot is that it found what was asked."""

    SURE = auto()
    UNSURE = auto()
    NO = auto()


class Figures(BaseModel):
    """What a pack's own phrasings came to, as shares from 0 to 1.

    Attributes:
        asked: phrasings that were left out and asked.
        right: of those, answered rightly; ``wrong``: answered wrongly; ``refused``: told that there is no answer.
        stranger_answered: of questions whose entry was taken out, answered all the same; ``stranger_refused``: refused.
    """

    model_config = ConfigDict(frozen=True)

    asked: int
    right: float
    wrong: float
    refused: float
    stranger_answered: float
    stranger_refused: float


class Calibration(BaseModel):
    """How a score becomes a chance, and from which chance on the bot answers or asks back.

    Attributes:
        ranker: whose scores it is for.
        weights: of the best score, of its lead over the second, of its lead over the third, and the constant.
        sure_from: the chance from which the answer is given.
        unsure_from: the chance from which up to three entries are offered.
        figures: what it rests on; None for the one that holds until a pack has been measured.
    """

    model_config = ConfigDict(frozen=True)

    ranker: Ranker
    weights: tuple[float, float, float, float]
    sure_from: float
    unsure_from: float
    figures: Figures | None = None

    def chance(self, scores: Sequence[float]) -> float:
        """Return the chance that the best of these scores, highest first, belongs to the right entry."""
        return self.chance_of((*views(scores), 1.0)) if scores else 0.0

    def chance_of(self, view: tuple[float, float, float, float]) -> float:
        """Return the chance for scores as ``views`` sees them, with 1 behind for the constant."""
        logit = sum(weight * value for weight, value in zip(self.weights, view, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))

    def band(self, candidates: Sequence[Candidate]) -> Band:
        """Judge the candidates for a question, best first: answer, ask back, or say that nothing was found."""
        if not candidates or candidates[0].chance < self.unsure_from:
            return Band.NO
        alike = len(candidates) > 1 and candidates[0].score - candidates[1].score < ALIKE
        return Band.SURE if candidates[0].chance >= self.sure_from and not alike else Band.UNSURE


def views(scores: Sequence[float]) -> tuple[float, float, float]:
    """Return what is looked at in scores, highest first: the best, and its leads over the second and the third."""
    best, second, third = (*scores[:3], 0.0, 0.0, 0.0)[:3]
    return best, best - second, best - third


UNTIL_MEASURED: Final[dict[Ranker, Calibration]] = {
    "lexical": Calibration(ranker="lexical", weights=(3.2, 2.0, 4.2, -4.0), sure_from=0.29, unsure_from=0.073),
    "semantic": Calibration(ranker="semantic", weights=(2.2, 2.8, 3.7, -3.2), sure_from=0.34, unsure_from=0.105),
}
"""For a pack too small to measure, and until the measuring is done: what the shipped pack came to."""
