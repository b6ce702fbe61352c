"""Whom a post met is counted once, when it is posted; showing it anew reads nobody else's marks."""

from __future__ import annotations

import pytest

from bot.domain.occurrence import Crowd
from bot.domain.pack import Pack
from bot.domain.roadmap import Act, Change, Mark, State
from bot.services.packs import Packs
from bot.services.posting import PostingService
from bot.services.prompt import PromptService
from bot.storage import by_hand, roadmap
from bot.storage import occurrence as store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.posting.channel import GUILD


async def begin(database: Database, pack: Pack, clock: FakeClock, members: range) -> None:
    """Put members at the first stage of the road."""
    first = Change(next(iter(pack.topics)), Mark(), Mark(State.LEARNING))
    for user_id in members:
        await database.write(
            lambda tx, user_id=user_id: roadmap.record(tx, GUILD, user_id, Act.MARK, [first], clock.now())
        )


async def posted_to_three(service: PostingService, database: Database, pack: Pack, clock: FakeClock) -> store.Recorded:
    """Put three members on the road, and return the post that then goes out."""
    await begin(database, pack, clock, range(1, 4))
    clock.move(hours=1)
    await service.tick()
    row = await database.read(lambda tx: store.get(tx, GUILD, 1))
    assert row is not None
    return row


@pytest.mark.usefixtures("schedule")
async def test_a_post_shown_anew_tells_whom_it_met(
    service: PostingService, database: Database, pack: Pack, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await posted_to_three(service, database, pack, clock)
    assert row.crowd is not None
    assert row.crowd.members == 3
    await begin(database, pack, clock, range(4, 6))
    monkeypatch.setattr(roadmap, "guild_marks", None)
    shown = await PromptService(database, Packs(database, pack), clock).shown(GUILD, 1)
    assert shown is not None
    assert Crowd(shown.post.there, shown.post.members) == row.crowd


@pytest.mark.usefixtures("schedule")
async def test_a_post_that_goes_out_again_counts_again(
    service: PostingService, database: Database, pack: Pack, clock: FakeClock
) -> None:
    row = await posted_to_three(service, database, pack, clock)
    again = store.Plan(GUILD, 1, row.local_date, row.slot, row.exercise_id, row.channel_id, clock.now())
    assert await database.write(lambda tx: by_hand.plan_anew(tx, GUILD, row, again))
    planned = await database.read(lambda tx: store.get(tx, GUILD, 1))
    assert planned is not None
    assert planned.crowd is None
    await begin(database, pack, clock, range(4, 6))
    await service.tick()
    posted = await database.read(lambda tx: store.get(tx, GUILD, 1))
    assert posted is not None
    assert posted.crowd is not None
    assert posted.crowd.members == 5
