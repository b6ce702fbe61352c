"""Streaks: what was kept counts, what is excused breaks nothing, a freeze is used by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.streak import EXCUSES, MOST_FREEZES, DayKind, Streak, streak

FIRST = date(2026, 11, 2)
SIGNS = {
    "k": DayKind.KEPT,
    "r": DayKind.REST,
    "v": DayKind.VACATION,
    "o": DayKind.OUTAGE,
    "p": DayKind.REPAIRED,
}


def walk(text: str, owed: Mapping[date, bool] | None = None) -> Streak:
    """Return the streak of days written as signs, a dot for nothing; the last one is today."""
    log = {FIRST + timedelta(days=i): SIGNS[sign] for i, sign in enumerate(text) if sign in SIGNS}
    today = FIRST + timedelta(days=len(text) - 1)
    return streak(FIRST, today, log, lambda day: (owed or {}).get(day, True))


def kinds(found: Streak) -> list[DayKind]:
    """Return what each day was."""
    return [day.kind for day in found.days]


def test_days_in_a_row_are_counted_and_today_is_open_until_it_is_over() -> None:
    assert walk("kkk").length == 3
    assert walk("kkk.").length == 3
    assert kinds(walk("kkk."))[-1] is DayKind.OPEN


def test_a_missed_day_begins_anew_and_the_longest_is_remembered() -> None:
    found = walk("kkk.kk")
    assert (found.length, found.longest) == (2, 3)
    assert kinds(found)[3] is DayKind.MISSED


def test_a_freeze_is_earned_by_seven_kept_days_and_used_by_itself() -> None:
    found = walk("kkkkkkk.k")
    assert kinds(found)[7] is DayKind.FREEZE
    assert (found.length, found.freezes, found.to_next_freeze) == (8, 0, 6)


def test_two_freezes_at_most_are_held() -> None:
    assert walk("k" * 30).freezes == MOST_FREEZES
    found = walk("k" * 30 + "...k")
    assert kinds(found)[30:33] == [DayKind.FREEZE, DayKind.FREEZE, DayKind.MISSED]
    assert found.length == 1


def test_what_is_excused_neither_adds_nor_breaks_nor_takes_a_freeze() -> None:
    found = walk("kkkkkkkrvopk")
    assert (found.length, found.freezes) == (8, 1)


def test_a_day_on_which_nothing_was_scheduled_is_owed_by_nobody() -> None:
    sunday = FIRST + timedelta(days=2)
    found = walk("kk.k", owed={sunday: False})
    assert kinds(found)[2] is DayKind.NOT_OWED
    assert found.length == 3


def test_a_kept_day_counts_even_where_nothing_was_owed() -> None:
    assert walk("kkk", owed=dict.fromkeys([FIRST], False)).length == 3


def test_a_freeze_is_not_wasted_on_a_streak_that_is_broken() -> None:
    found = walk("kkkkkkk" + "..." + "k")
    assert found.freezes == 0
    assert kinds(found)[7:10] == [DayKind.FREEZE, DayKind.MISSED, DayKind.MISSED]
    found = walk("kkkkkkk" * 2 + "...." + "kkkkkkk" + ".")
    assert found.freezes == 1, "missed days after the streak was broken take nothing"


def test_a_repair_mends_a_broken_streak_on_every_recomputing() -> None:
    assert walk("kkkk.kk").length == 2
    assert walk("kkkkpkk").length == 6


@given(st.text(alphabet="k.rvop", min_size=1, max_size=120))
def test_the_streak_is_what_its_days_say(text: str) -> None:
    found = walk(text)
    assert len(found.days) == len(text)
    assert found.longest == max(day.length for day in found.days)
    assert found.length == found.days[-1].length
    assert 0 <= found.freezes <= MOST_FREEZES
    earned = text.count("k") // 7
    used = kinds(found).count(DayKind.FREEZE)
    assert used + found.freezes <= earned
    for before, day in zip([0, *(day.length for day in found.days)], found.days, strict=False):
        grows = day.kind is DayKind.KEPT
        ends = day.kind is DayKind.MISSED
        assert day.length == (0 if ends else before + grows)


@given(st.text(alphabet="k.", min_size=1, max_size=60), st.data())
def test_excusing_a_missed_day_never_shortens_a_streak(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from([sign for sign, kind in SIGNS.items() if kind in EXCUSES]))
    if text[place] == ".":
        assert walk(text[:place] + sign + text[place + 1 :]).longest >= walk(text).longest
