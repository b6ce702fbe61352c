"""The bot's owner hears of each kind of trouble once a day, and of nothing else."""

from __future__ import annotations

import pytest

from bot.domain.feed import ARXIV
from bot.errors import StorageError
from bot.services.tally import Tally
from bot.services.trouble import DOWN_FOR, LOW, Trouble, Troubles, TroubleWatch
from bot.storage import feed
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


class Mailbox:
    """An owner who keeps what arrives."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.open = True

    async def tell_owner(self, sentence: str) -> bool:
        """Keep it, if the box is open."""
        if self.open:
            self.got.append(sentence)
        return self.open


@pytest.fixture
def owner() -> Mailbox:
    return Mailbox()


@pytest.fixture
def troubles(database: Database, clock: FakeClock, owner: Mailbox) -> Troubles:
    return Troubles(database, clock, owner)


async def test_a_kind_is_told_once_a_day_across_restarts(
    database: Database, clock: FakeClock, owner: Mailbox, troubles: Troubles
) -> None:
    assert await troubles.report(Trouble.BACKUP, "first")
    assert not await troubles.report(Trouble.BACKUP, "second")
    assert not await Troubles(database, clock, owner).report(Trouble.BACKUP, "after a restart")
    assert await troubles.report(Trouble.DISK, "another kind")
    clock.move(days=1)
    assert await troubles.report(Trouble.BACKUP, "next day")
    assert owner.got == ["first", "another kind", "next day"]


async def test_what_did_not_arrive_is_told_again(owner: Mailbox, troubles: Troubles) -> None:
    owner.open = False
    assert not await troubles.report(Trouble.BACKUP, "lost")
    owner.open = True
    assert await troubles.report(Trouble.BACKUP, "found")
    assert owner.got == ["found"]


async def test_a_database_that_takes_no_note_silences_nothing(
    database: Database, owner: Mailbox, troubles: Troubles, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_work: object) -> None:
        raise StorageError("full")

    monkeypatch.setattr(database, "write", full)
    assert await troubles.report(Trouble.DISK, "full")
    assert not await troubles.report(Trouble.DISK, "full")
    assert owner.got == ["full"]


async def test_the_watch_finds_each_kind_and_says_nothing_in_good_days(
    database: Database, clock: FakeClock, owner: Mailbox, troubles: Troubles
) -> None:
    tally, free = Tally(), [LOW]
    watch = TroubleWatch(database, clock, troubles, tally, lambda: free[0])
    await watch.look()
    assert owner.got == []

    down = feed.SourceState(ARXIV, clock.now(), None, clock.now() - DOWN_FOR, "HTTP 503", None)
    await database.write(lambda tx: feed.put_source(tx, down))
    tally.missed, free[0] = 2, LOW - 1
    await watch.look()
    await watch.look()
    assert len(owner.got) == 3
    disk, posts, source = owner.got
    assert "499 MB left" in disk
    assert "2 daily posts" in posts
    assert f"{ARXIV} (HTTP 503)" in source

    clock.move(days=1)
    free[0] = LOW
    await database.write(
        lambda tx: feed.put_source(tx, feed.SourceState(ARXIV, clock.now(), clock.now(), None, None, None))
    )
    await watch.look()
    assert len(owner.got) == 3, "what was told and is over is not told again"
