"""Review cards by themselves: blanks, choices, what is asked and what is answered."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.domain.review import Cards, ChoiceCard, ClozeCard, Option, QuestionCard, ReviewCard


def _cloze(text: str) -> ClozeCard:
    return ClozeCard(id="t-cloze", topic="t1", kind="cloze", text=text)


def _choice(*texts: str) -> ChoiceCard:
    options = tuple(Option(text=text, why=f"because of {text}") for text in texts)
    return ChoiceCard(id="t-choice", topic="t1", kind="choice", front="Which of them?", choices=options, right="C")


def test_blanks_are_hidden_in_front_and_filled_on_the_back() -> None:
    card = _cloze("A set {1, 2} holds {{c1:: each }} value {{c2::once}}.")
    assert card.answers == ("each", "once")
    assert card.front == "A set {1, 2} holds […] value […]."
    assert card.back == "A set {1, 2} holds **each** value **once**."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("There is no blank in this one.", "one or two blanks"),
        ("Blanks {{c2::out}} of the {{c1::order}} of numbers.", "before"),
        ("One {{c1::blank}} and {{c1::another}} of the same number.", "before"),
        ("The {{c1::first}}, the {{c2::second}}, the {{c3::third}} of them.", "written as"),
        ("A {{blank}} without its number here.", "written as"),
        ("A blank {{c1::that is never closed.", "written as"),
        ("A blank {{c1::  }} that holds nothing.", "1 to 40"),
        (f"A blank {{{{c1::{'x' * 41}}}}} that holds too much.", "1 to 40"),
        ("{{c1::an answer alone}} {{c2::and another}}", "around"),
    ],
)
def test_what_is_no_cloze_is_refused_with_its_reason(text: str, wanted: str) -> None:
    with pytest.raises(ValidationError, match=wanted):
        _cloze(text)


def test_a_choice_knows_its_answer() -> None:
    card = _choice("one", "two", "three", "four")
    assert card.answer.text == "three"
    assert card.back == "C. three\nbecause of three"


@pytest.mark.parametrize("texts", ["abc", "abcde", "abcA"])
def test_there_are_four_choices_that_differ(texts: str) -> None:
    with pytest.raises(ValidationError, match="four choices that differ"):
        _choice(*texts)


def test_cards_are_found_by_id_and_by_topic() -> None:
    question = QuestionCard(id="t-question", topic="t1", kind="question", front="What is it?", back="It")
    choice = _choice("one", "two", "three", "four")
    other = question.model_copy(update={"id": "u-question", "topic": "t2"})
    cards = Cards.of([question, choice, other])
    assert list(cards.by_id) == ["t-question", "t-choice", "u-question"]
    assert cards.of_topic == {"t1": (question, choice), "t2": (other,)}
    assert cards.choices("t1") == (choice,)
    assert cards.choices("t2") == ()
    assert cards.choices("elsewhere") == ()


def test_the_kind_decides_what_a_card_is() -> None:
    card = TypeAdapter[ReviewCard](ReviewCard).validate_python(
        {"id": "t-cloze", "topic": "t1", "kind": "cloze", "text": "Two and two are {{c1::four}}."}
    )
    assert isinstance(card, ClozeCard)
