"""Looking things up, through the service."""

from __future__ import annotations

import pytest

from bot.domain.pack import Pack
from bot.errors import NotFoundError
from bot.services.faq import Answer, FaqService, NothingFound, Unsure


@pytest.fixture(scope="module")
def service(pack: Pack) -> FaqService:
    return FaqService(pack)


@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("do i need a degree", "need-a-degree"),
        ("How long does it take?", "how-long"),
        ("which programming language", "which-language"),
        ("difference between a data scientist and an ml engineer", "ds-vs-mle"),
        ("what is overfiting", "overfitting"),
        ("need-a-degree", "need-a-degree"),
        ("  PYTHON OR R  ", "python-or-r"),
    ],
)
def test_a_question_in_plain_words_is_answered(service: FaqService, question: str, entry_id: str) -> None:
    found = service.ask(question)
    assert isinstance(found, Answer)
    assert found.entry.id == entry_id
    assert found.related


def test_an_unclear_question_gets_three_guesses_at_most(service: FaqService) -> None:
    found = service.ask("random forest vs xgboost")
    assert isinstance(found, Unsure)
    assert "forest-or-boosting" in [entry.id for entry in found.entries]
    assert len(found.entries) <= 3


@pytest.mark.parametrize("question", ["pizza", "🤖", "?!", "zzzz qqqq", "مرحبا", "x" * 4000])
def test_what_the_faq_does_not_hold_is_said(service: FaqService, question: str) -> None:
    assert isinstance(service.ask(question), NothingFound)


def test_typing_completes_to_questions(service: FaqService) -> None:
    assert "need-a-degree" in [entry.id for entry in service.complete("do i need a deg")]
    assert "overfitting" in [entry.id for entry in service.complete("overfi")]
    assert len(service.complete("")) == 25


def test_an_entry_that_is_gone_is_told_in_words(service: FaqService) -> None:
    with pytest.raises(NotFoundError, match="/faq"):
        service.answer("no-such-entry")
