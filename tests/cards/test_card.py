"""The cards of boards, groups and roads: their facts, their sizes, and that color never speaks alone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.cards.board import leaderboard_values
from bot.cards.group import group_values
from bot.cards.pace import BOTTOM, LEFT, RIGHT, TOP, pace_values
from bot.cards.progress import progress_values
from bot.domain.card import BoardRow
from bot.settings import ROOT
from tests.cards.samples import group, leaderboard, pace, progress

TEMPLATES = ROOT / "bot" / "cards" / "templates"
BACKGROUNDS = ("#111318", "#191c23", "#1d2230")


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["leaderboard.svg", "group.svg", "progress.svg", "streak.svg", "pace.svg"])
def test_words_are_large_and_stand_out(name: str) -> None:
    template = (TEMPLATES / name).read_text(encoding="utf-8")
    assert min(int(size) for size in re.findall(r'font-size="(\d+)"', template)) >= 15
    written = re.findall(r"<text[^>]*?fill=\"(#\w{6})\"", template)
    assert written
    for color in set(written) - {"#111318"}:
        for background in BACKGROUNDS:
            light, dark = sorted((_luminance(color), _luminance(background)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{color} on {background}"


def test_a_board_shows_ten_lines_and_mine_below_them() -> None:
    rows = tuple(BoardRow(i, str(i), 100 - i, str(100 - i)) for i in range(1, 15))
    own = BoardRow(40, "me", 1, "1", mine=True)
    values = leaderboard_values(leaderboard(rows=rows, best=99, own=own))
    assert [one["rank"] for one in values["rows"]] == [str(i) for i in range(1, 11)]
    assert values["own"]["y"] > values["rows"][-1]["y"]
    assert values["own"]["length"] == 14, "a little is seen too"


def test_equal_places_share_a_medal_and_a_long_way_is_cut() -> None:
    rows = (BoardRow(3, "a", 5, "5", 120), BoardRow(3, "b", 5, "5", -7), BoardRow(5, "c", 0, "0", 0))
    shown = leaderboard_values(leaderboard(rows=rows, best=0))["rows"]
    assert [one["medal"] for one in shown] == ["bronze", "bronze", ""]
    assert [one["far"] for one in shown] == ["99+", "7", "0"]
    assert [one["length"] for one in shown] == [0, 0, 0], "a board of nothing has no bars"


def test_a_group_shows_the_stage_each_member_is_at() -> None:
    first, second = group_values(group())["members"]
    assert [part["full"] for part in first["segments"]] == [True] * 3 + [False] * 5
    assert [part["here"] for part in first["segments"]].index(True) == 3
    assert all(part["full"] for part in second["segments"])
    assert second["where"] == "all done"


def test_the_ring_is_as_long_as_the_road() -> None:
    assert progress_values(progress())["arc"].startswith("M0 -96A96 96 0 0 1 ")
    assert [one["here"] for one in progress_values(progress())["stages"]] == [False, True, False]


def test_a_pace_reaches_from_the_first_day_to_the_range_of_its_end() -> None:
    values = pace_values(pace())
    plan = [tuple(map(float, point.split(","))) for point in values["plan"].split()]
    assert plan[-1][1] == TOP, "a plan ends with the whole road"
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in plan)
    (x, y), _, far = [tuple(map(float, point.split(","))) for point in values["cone"].split()]
    assert (x, y) == values["dot"], "the range begins where one stands"
    assert far[0] > RIGHT, "a far end is cut rather than that it squeezes the rest"
    assert [words for _, _, words in values["legends"]] == ["you", "the plan", "forecast, 8 of 10 cases"]
    assert len(values["months"]) <= 10


def test_a_pace_without_plan_or_forecast_shows_no_line_for_them() -> None:
    values = pace_values(replace(pace(), own=(), plan=(), ends=None, done=0))
    assert (values["own"], values["plan"], values["cone"]) == ("", "", "")
    assert [words for _, _, words in values["legends"]] == ["you"]
