"""What moderators type: times, subject classes, words."""

from __future__ import annotations

from datetime import time

import pytest

from bot.domain.wishes import categories_from, keywords_from, time_from
from bot.errors import BadInputError


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("18:30", time(18, 30)), ("6:30 pm", time(18, 30)), (" 6.30PM ", time(18, 30)), ("6 p.m.", time(18)),
        ("9", time(9)), ("09h05", time(9, 5)), ("12 am", time(0)), ("12:15 pm", time(12, 15)), ("0:00", time(0)),
        ("noon", time(12)), ("Midnight", time(0)), ("23:59", time(23, 59)),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read(text: str, at: time) -> None:
    assert time_from(text) == at


@pytest.mark.parametrize(
    "text", ["", "24:00", "9:60", "13 pm", "0 am", "half past six", "9:5", "18:30:00", "-1", "١٨:٣٠", "9 to 10"]
)
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInputError, match="18:30 or 6:30 pm"):
        time_from(text)


def test_subject_classes_are_read_in_any_case_and_once() -> None:
    assert categories_from("cs.lg, stat.ML cs.LG\nmath-ph;cond-mat.mes-hall") == (
        "cs.LG", "stat.ML", "math-ph", "cond-mat.mes-hall",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", " , ", "cs.", "machine-learning", "cs.LG&x=1", "hello", " ".join(
    f"cs.A{letter}" for letter in "BCDEFGHIJ"
)])  # fmt: skip
def test_what_is_no_subject_class_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        categories_from(text)


def test_words_to_look_for_are_read_in_small_letters_and_once() -> None:
    assert keywords_from("Survey,  state   space , survey,,") == ("survey", "state space")
    assert keywords_from("") == ()
    with pytest.raises(BadInputError):
        keywords_from(",".join(f"word {i}" for i in range(13)))
    with pytest.raises(BadInputError):
        keywords_from("x" * 41)
