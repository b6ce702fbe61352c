"""What a person typed shows as typed, and can do nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.roadmap import Count
from bot.ui.text import bar, clip, listed, person, plural, safe

ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ADDRESS = re.compile(r"https?://\S+")
MARKS = frozenset("*_~|`>[]#<\\")


@given(st.text(max_size=300))
@example("[x](http://y.z)")
@example("\\\\[x](http://y.z)")
@example("\\[x](y)")
@example("<@1> <#2> <:a:3> </x:4> <t:5:R>")
def test_no_mark_is_left_that_discord_would_read(text: str) -> None:
    assert not MARKS & set(ESCAPED.sub("", ADDRESS.sub("", safe(text))))


@pytest.mark.parametrize("text", ["@everyone", "@here", "<@123>", "<@&123>", "<@!123>"])
def test_nobody_is_mentioned(text: str) -> None:
    assert text not in safe(text)


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2066", "\u061c", "\ufeff", "\x00"])
def test_nothing_invisible_turns_the_text(sign: str) -> None:
    assert safe(f"a{sign}b") == "ab"


@pytest.mark.parametrize(
    "link", ["https://github.com/me/my_repo_x", "https://medium.com/@me/a-b#c", "http://a.org/?q=1"]
)
def test_a_web_address_stays_one_that_can_be_pressed(link: str) -> None:
    assert safe(f"see {link} *now*") == f"see {link} \\*now\\*"


def test_an_address_hides_no_mark_and_no_mention() -> None:
    assert safe("https://a.org/**b**") == "https://a.org/\\*\\*b\\*\\*"
    assert "@everyone" not in safe("https://a.org/@everyone")


def test_plain_text_stays_as_it_is() -> None:
    assert safe("Learned it at 10:30 (again), 50 % - done!") == "Learned it at 10:30 (again), 50 % - done!"


@given(st.text(max_size=200), st.integers(2, 100))
def test_clipping_keeps_within_the_bound(text: str, most: int) -> None:
    assert len(clip(text, most)) <= most
    assert clip(text, 300) == text


def test_words() -> None:
    assert listed([]) == ""
    assert listed(["A", "B", "C"]) == "A, B and C"
    assert plural(1, "topic") == "1 topic"
    assert plural(2, "topic") == "2 topics"
    assert plural(1290, "point") == "1,290 points"


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_bar_is_full_only_when_all_is_done(finished: int, left: int) -> None:
    counted = Count(finished, finished + left)
    assert len(bar(counted)) == 6
    assert ("▱" not in bar(counted)) == (left == 0)


def test_who_had_their_data_deleted_is_not_mentioned() -> None:
    assert person(21) == "<@21>"
    assert person(0) == "somebody whose data was deleted"
