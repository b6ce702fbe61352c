"""The calendar of a streak: its words, its months, and that color never speaks alone."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest

from bot.cards.streak import LABELS, meaning, streak_values
from bot.domain.streak import DayKind, StreakCard
from bot.settings import ROOT

TODAY = date(2026, 11, 25)
TEMPLATE = (ROOT / "bot" / "cards" / "templates" / "streak.svg").read_text(encoding="utf-8")


def card(kinds: list[DayKind], **changes: int) -> StreakCard:
    """Return the card of days that end today."""
    days = [(TODAY - timedelta(days=len(kinds) - 1 - i), kind) for i, kind in enumerate(kinds)]
    numbers = {"length": 5, "longest": 9, "freezes": 1, "to_next_freeze": 3} | changes
    return StreakCard("Sofia", TODAY, time(4), days=tuple(days), **numbers)


def test_every_kind_of_day_has_its_sign_and_its_word() -> None:
    assert set(LABELS) == set(DayKind)
    for kind in DayKind:
        assert f'kind == "{kind}"' in TEMPLATE
    legend = [one["kind"] for one in streak_values(card(list(DayKind)))["legend"]]
    assert sorted(legend) == sorted(DayKind)


def test_nothing_is_written_too_small() -> None:
    assert min(int(size) for size in re.findall(r'font-size="(\d+)"', TEMPLATE)) >= 15


def test_today_is_framed_and_the_days_stand_in_their_weeks() -> None:
    cells = streak_values(card([DayKind.KEPT] * 10))["cells"]
    first = (TODAY - timedelta(days=9)).weekday()
    assert [i for i, one in enumerate(cells) if one["kind"] == "kept"] == list(range(first, first + 10))
    assert [i for i, one in enumerate(cells) if one["today"]] == [first + 9]


@pytest.mark.parametrize(
    ("kinds", "changes", "said"),
    [
        ([DayKind.OPEN], {"length": 0}, "One prompt, topic or review before 04:00 starts a streak."),
        ([DayKind.OPEN], {}, "One prompt, topic or review before 04:00 makes it 6."),
        ([DayKind.REST], {}, "Nothing is owed today; the streak stands."),
        ([DayKind.KEPT], {}, "Today is kept. 3 more kept days earn a freeze."),
        ([DayKind.KEPT], {"to_next_freeze": 1}, "Today is kept. 1 more kept day earns a freeze."),
        ([DayKind.KEPT], {"to_next_freeze": 0}, "Today is kept, and 2 missed days are covered."),
    ],
)
def test_the_line_says_what_it_means_for_me(kinds: list[DayKind], changes: dict[str, int], said: str) -> None:
    assert meaning(card(kinds, **changes)) == said
