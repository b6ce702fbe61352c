"""Who has which shards and servers, what falls to others, and whose turn it is to begin a session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cluster import (
    IDENTIFY_EVERY,
    WHOLE,
    Share,
    Turn,
    bucket_of,
    budget_of,
    ordinal_of,
    shards_for,
    wait_for_turn,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SNOWFLAKES = st.integers(min_value=1, max_value=2**63 - 1)


@given(guild_id=SNOWFLAKES, clusters=st.integers(1, 9), more=st.integers(0, 30))
def test_every_guild_and_every_shard_is_of_one_process(guild_id: int, clusters: int, more: int) -> None:
    shares = [Share(number, clusters, clusters + more) for number in range(clusters)]
    (owner,) = [one for one in shares if one.owns(guild_id)]
    assert (guild_id >> 22) % owner.shards in owner.shard_ids(), "its events come to a shard of that process"
    assert sorted(shard for one in shares for shard in one.shard_ids()) == list(range(clusters + more))


@given(guild_id=SNOWFLAKES)
def test_one_process_has_everything(guild_id: int) -> None:
    assert WHOLE.owns(guild_id)
    assert (WHOLE.leads, WHOLE.is_whole, WHOLE.label) == (True, True, "")


@pytest.mark.parametrize("clusters", [1, 2, 4, 63])
def test_all_processes_together_stay_within_what_discord_allows(clusters: int) -> None:
    each = budget_of(clusters)
    assert clusters * each.calls <= 45 + 1e-9
    assert clusters * each.posts <= 35 + 1e-9
    assert clusters * each.invalid <= 500
    assert each.burst >= 1


@pytest.mark.parametrize(
    ("name", "number"),
    [("syllabot-3", 3), ("7", 7), ("study-bot-0", 0), (" bot-12\n", 12), ("bot", None), ("bot-", None), ("", None)],
)
def test_the_number_of_a_pod(name: str, number: int | None) -> None:
    assert ordinal_of(name) == number


def test_how_many_shards_there_are() -> None:
    assert shards_for(0, 1, 1) == 1
    assert shards_for(0, 7, 2) == 7
    assert shards_for(16, 7, 2) == 16
    assert shards_for(0, 1, 4) == 4, "each process gets one"


def test_buckets_go_round() -> None:
    assert [bucket_of(shard, 2) for shard in range(4)] == [0, 1, 0, 1]
    assert bucket_of(5, 0) == 0


def test_a_turn_waits_for_the_one_before() -> None:
    assert wait_for_turn(None, "me", NOW) == timedelta()
    assert wait_for_turn(Turn("me", NOW), "me", NOW + timedelta(seconds=1)) == timedelta(), "it is still mine"
    assert wait_for_turn(Turn("you", NOW), "me", NOW + timedelta(seconds=1)) == IDENTIFY_EVERY - timedelta(seconds=1)
    assert wait_for_turn(Turn("you", NOW), "me", NOW + IDENTIFY_EVERY) == timedelta()
    assert wait_for_turn(Turn("you", NOW + timedelta(days=1)), "me", NOW) == timedelta(), "nobody waits for a day"
