"""Two processes of one bot on one PostgreSQL; ``make bench`` has four, and Discord's slowest IDENTIFY."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.fakes.postgresql import Ground
from tests.wire.clusters import launched, outlived, rolled
from tests.wire.place import posts


@pytest.fixture
def url(ground: Ground) -> URL:
    """An empty database on a server."""
    ground.empty()
    return ground.url


async def test_one_of_two_dies_and_all_are_replaced_and_nothing_is_lost(url: URL, tmp_path: Path) -> None:
    async with launched(url, tmp_path, count=2, guilds=32) as clusters:
        death = await outlived(clusters)
        print(death)
        assert (death.posts, death.its_own, death.before) == (32, 16, 0), death
        assert (death.duplicates, death.losses) == (0, 0), death
        assert len(clusters.wire.asked("PUT", "/commands")) == 1, "one process brings the commands"
        change = await rolled(clusters)
        print(change)
        assert change.unanswered == 0, change
        assert change.done == change.members, change
        assert change.answers <= change.presses, "no interaction was dealt with twice"
        assert set(posts(clusters.wire).values()) == {1}, "who comes back posts nothing again"
        assert clusters.wire.gateway.closest() >= 5.0
