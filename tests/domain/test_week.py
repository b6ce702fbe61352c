"""Weeks in words and by day."""

from __future__ import annotations

import pytest

from bot.domain.schedule import BALANCED, Slot
from bot.domain.week import OWN, TEMPLATES, days_of, in_words, template_name, with_days
from bot.errors import BadInputError


def test_a_week_is_named_in_words() -> None:
    assert in_words(BALANCED) == "Mon, Wed, Fri, Sat practice · Tue Kaggle · Thu paper · Sun rest"
    assert in_words(TEMPLATES["Practice every day"]) == "every day practice"


def test_each_template_differs_and_brings_something() -> None:
    assert len(set(TEMPLATES.values())) == len(TEMPLATES)
    assert next(iter(TEMPLATES.values())) == BALANCED
    assert all(set(plan) != {Slot.REST} for plan in TEMPLATES.values())
    assert [template_name(plan) for plan in TEMPLATES.values()] == list(TEMPLATES)


def test_days_go_from_one_kind_to_another_and_lost_ones_become_rest() -> None:
    plan = with_days(BALANCED, Slot.PRACTICE, {0, 1})
    assert days_of(plan, Slot.PRACTICE) == (0, 1)
    assert days_of(plan, Slot.KAGGLE) == ()
    assert days_of(plan, Slot.ARXIV) == (3,)
    assert template_name(plan) == OWN
    assert days_of(with_days(plan, Slot.REST, {0}), Slot.PRACTICE) == (1,)


def test_a_week_of_rest_alone_is_refused() -> None:
    with pytest.raises(BadInputError, match="at least one day"):
        with_days(TEMPLATES["Light"], Slot.PRACTICE, ())
