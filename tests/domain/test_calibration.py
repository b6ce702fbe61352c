"""How sure the bot is that it found what was asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calibration import UNTIL_MEASURED, Band, Calibration
from bot.domain.faq import Candidate

CALIBRATION = Calibration(ranker="lexical", weights=(4.0, 4.0, 2.0, -3.0), sure_from=0.6, unsure_from=0.2)
scores = st.lists(st.floats(0, 1), max_size=6).map(lambda found: sorted(found, reverse=True))


def _band(found: list[float]) -> Band:
    return CALIBRATION.band([Candidate("a", found[0], CALIBRATION.chance(found))] if found else [])


@pytest.mark.parametrize(
    ("chance", "expected"),
    [(0.0, Band.NO), (0.199, Band.NO), (0.2, Band.UNSURE), (0.599, Band.UNSURE), (0.6, Band.SURE), (1.0, Band.SURE)],
)
def test_the_three_bands(chance: float, expected: Band) -> None:
    assert CALIBRATION.band([Candidate("a", 0.5, chance)]) is expected
    assert CALIBRATION.band([]) is Band.NO


@given(scores)
def test_a_chance_is_a_chance(found: list[float]) -> None:
    assert all(0 <= one.chance(found) <= 1 for one in (CALIBRATION, *UNTIL_MEASURED.values()))


@given(scores.filter(bool))
def test_a_better_match_is_never_judged_worse(found: list[float]) -> None:
    worth = [Band.NO, Band.UNSURE, Band.SURE]
    assert worth.index(_band([min(1.0, found[0] + 0.1), *found[1:]])) >= worth.index(_band(found))


def test_a_calibration_comes_back_from_what_is_stored() -> None:
    assert Calibration.model_validate_json(CALIBRATION.model_dump_json()) == CALIBRATION
