"""Study groups: names, emoji, sizes, the common topic, and who may need company."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.group import Company, group_emoji, group_name, group_size, in_need, name_key, next_in_common
from bot.domain.pack import Pack
from bot.domain.roadmap import State, position, suggestions
from bot.errors import BadInputError

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_names_are_tidied_and_what_cannot_be_seen_is_none() -> None:
    assert group_name("  Night \n owls ") == "Night owls"
    assert group_name("夜猫") == "夜猫"
    for bad in ("", "x", "a" * 33, "\u200b\u200b\u200b", "\u3164\u3164", "\u202e\u2066 \u2800"):
        with pytest.raises(BadInputError):
            group_name(bad)


def test_names_that_look_alike_are_the_same() -> None:
    assert name_key("STRASSE") == name_key("straße") == name_key("ＳＴＲ\u200bＡＳＳＥ")
    assert name_key("Owls") != name_key("Owl")


FLAG = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize("good", ["🦉", "👩🏽‍🔬", "🇧🇷", "❤️", "4️⃣", "⚡", FLAG])
def test_one_emoji_is_taken(good: str) -> None:
    assert group_emoji(f" {good} ") == good


@pytest.mark.parametrize("bad", ["🦉🦉", "owl", "<:owl:123456789012345678>", ":owl:", "@everyone", "1", "🇧"])
def test_anything_else_is_refused(bad: str) -> None:
    with pytest.raises(BadInputError):
        group_emoji(bad)
    assert group_emoji("  ") is None


def test_sizes() -> None:
    assert (group_size(" 2"), group_size("50 ")) == (2, 50)
    for bad in ("1", "51", "", "-4", "8.5", "²", "٨", "9" * 5000):
        with pytest.raises(BadInputError):
            group_size(bad)


def test_the_common_topic_is_what_most_could_take_next(pack: Pack) -> None:
    first = suggestions(pack, {})[0].topic
    known: dict[str, State] = dict.fromkeys((topic.id for topic in pack.track.stages[0].topics), State.DONE)
    new, there = position(pack, {}), position(pack, known)
    found = next_in_common(pack, [new, new, there])
    assert found is not None
    assert (found.topic, found.members) == (first, 2)
    assert next_in_common(pack, [new, there]) is None, "nobody shares a next topic"
    assert next_in_common(pack, []) is None


def test_quiet_and_stuck_at_their_bounds() -> None:
    ten, three_weeks = NOW - timedelta(days=10), NOW - timedelta(weeks=3)
    acted = {1: ten, 2: ten + timedelta(seconds=1), 3: NOW, 4: NOW, 5: ten - timedelta(days=5)}
    learning = {1: ("a", three_weeks), 3: ("b", three_weeks), 4: ("c", three_weeks + timedelta(seconds=1))}
    found = in_need(acted, learning, NOW)
    assert [(one.user_id, one.why, one.topic_id) for one in found] == [
        (5, Company.QUIET, None),
        (1, Company.QUIET, None),
        (3, Company.STUCK, "b"),
    ]
