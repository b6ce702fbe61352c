"""How sure the bot is that it found what was asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.faq import SURE_FROM, SURE_LEAD, UNSURE_FROM, Band, Candidate, band

scores = st.lists(st.floats(0, 1), max_size=6).map(lambda found: sorted(found, reverse=True))


def _band(*found: float) -> Band:
    return band([Candidate(f"entry-{i}", score) for i, score in enumerate(found)])


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], Band.NO),
        ([0.0], Band.NO),
        ([UNSURE_FROM - 0.001], Band.NO),
        ([UNSURE_FROM], Band.UNSURE),
        ([SURE_FROM - 0.001], Band.UNSURE),
        ([SURE_FROM], Band.SURE),
        ([1.0], Band.SURE),
        ([SURE_FROM + 0.1, SURE_FROM + 0.1], Band.UNSURE),
        ([1.0, 1.0], Band.UNSURE),
        ([1.0, 1.0 - SURE_LEAD / 2], Band.UNSURE),
        ([1.0, 0.5], Band.SURE),
        ([SURE_FROM - 0.001, 0.0], Band.UNSURE),
    ],
)
def test_the_three_bands(found: list[float], expected: Band) -> None:
    assert _band(*found) is expected


@given(scores)
def test_one_answer_needs_a_high_score_and_a_lead(found: list[float]) -> None:
    judged = _band(*found)
    assert (judged is Band.NO) == (not found or found[0] < UNSURE_FROM)
    if judged is Band.SURE:
        assert found[0] >= SURE_FROM
        assert len(found) == 1 or found[0] - found[1] >= SURE_LEAD


@given(scores.filter(bool))
def test_a_better_match_is_never_judged_worse(found: list[float]) -> None:
    worth = [Band.NO, Band.UNSURE, Band.SURE]
    better = [min(1.0, found[0] + 0.1), *found[1:]]
    assert worth.index(_band(*better)) >= worth.index(_band(*found))
