"""Measuring a pack by its own phrasings."""

from __future__ import annotations

import pytest

from bot.domain.calibration import Band, Calibration, views
from bot.search.calibrate import REFUSED, STRANGERS, WRONG, calibrated
from bot.search.document import Document
from bot.search.index import SearchIndex
from tests.search.packs import DOCUMENTS, outcome


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    found = outcome(calibrated(DOCUMENTS))
    assert found is not None
    return found


def test_every_phrasing_is_asked_and_the_bounds_keep_what_they_promise(calibration: Calibration) -> None:
    figures = calibration.figures
    assert figures is not None
    assert figures.asked == sum(len(one.asked) for one in DOCUMENTS)
    assert figures.wrong <= WRONG
    assert figures.stranger_answered <= STRANGERS
    assert figures.refused <= REFUSED + 0.02
    assert 0 <= calibration.unsure_from <= calibration.sure_from < 1
    assert figures.right > 0.5, "a pack whose phrasings say the same thing is answered"


def test_a_better_score_or_lead_is_never_a_lesser_chance(calibration: Calibration) -> None:
    assert all(weight > 0 for weight in calibration.weights[:3])
    assert calibration.chance([0.9, 0.2, 0.1]) > calibration.chance([0.9, 0.8, 0.1]) > calibration.chance([0.5, 0.45])
    assert calibration.chance([]) == 0.0
    assert views([0.5]) == (0.5, 0.5, 0.5)


def test_the_index_that_is_measured_is_left_as_it_was() -> None:
    index = SearchIndex(DOCUMENTS)
    lexical = index._lexical  # pyright: ignore[reportPrivateUsage]
    before = index.search("fix a car"), index.search("please fix my car")
    with lexical.without(0, 0):
        assert index.search("fix a car") != before[0]
    assert (index.search("fix a car"), index.search("please fix my car")) == before


def test_the_same_pack_gives_the_same_calibration(calibration: Calibration) -> None:
    assert outcome(calibrated(DOCUMENTS)) == calibration


@pytest.mark.parametrize(
    "documents",
    [[], DOCUMENTS[:1], DOCUMENTS[:6], [Document(str(i), (f"question {i}",)) for i in range(50)]],
    ids=["none", "one entry", "too few", "no phrasings"],
)
def test_too_little_to_measure_says_so(documents: list[Document]) -> None:
    assert outcome(calibrated(documents)) is None
    index = SearchIndex(documents)
    assert index.band(index.search("fix a car")) in set(Band)


def test_phrasings_that_never_find_each_other_say_nothing() -> None:
    scattered = [Document(str(i), (f"alpha{i} beta{i}", f"gamma{i} delta{i}", f"epsilon{i} zeta{i}")) for i in range(9)]
    assert outcome(calibrated(scattered)) is None


def test_a_pack_of_one_question_many_times_is_measured_without_trouble() -> None:
    same = [Document(str(i), ("what is it", "what is it", "what is it")) for i in range(40)]
    outcome(calibrated(same))
    index = SearchIndex(same)
    assert index.band(index.search("what is it")) is Band.UNSURE
