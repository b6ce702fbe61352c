"""Thread and pin: done after the post, done again without harm, refused in words."""

from __future__ import annotations

import pytest

from bot.domain.occurrence import LEASE, FollowUp, OccurrenceState
from bot.domain.schedule import PostOptions
from bot.storage import occurrence as store
from bot.storage.occurrence import Recorded
from tests.fakes.wire.faults import lost_after_storing, status
from tests.wire.conftest import Station
from tests.wire.place import added, row, told

BOTH = PostOptions(thread=True, pin=True)


async def posted(station: Station, options: PostOptions = BOTH) -> Recorded:
    """Have the first server's post sent, and return its row."""
    await added(station.database, [station.guild], station.clock.now(), options)
    await station.posting.tick()
    return await row(station.database, station.guild)


async def test_a_thread_is_opened_and_the_latest_post_pinned_in_place_of_the_last(station: Station) -> None:
    first = await posted(station)
    assert first.follow_up is FollowUp.OPEN
    await station.follow_ups.tick()
    station.clock.move(days=1)
    await station.posting.tick()
    await station.follow_ups.tick()
    newest, oldest = await station.database.read(lambda tx: store.recent(tx, station.guild.id, 1, 9))
    assert [one.follow_up for one in (newest, oldest)] == [FollowUp.DONE, FollowUp.DONE]
    kept = station.wire.messages.kept
    assert [kept[one.message_id or 0]["pinned"] for one in (newest, oldest)] == [True, False]
    for one in (newest, oldest):
        message = kept[one.message_id or 0]
        title = message["embeds"][0]["title"]
        assert message["thread"]["name"] == f"{one.local_date:%a} {one.local_date.day} {one.local_date:%b} · {title}"
        assert one.thread_id == one.message_id


@pytest.mark.parametrize("path", ["/channels/*/messages/*/threads", "/channels/*/messages/pins/*"])
async def test_a_step_whose_answer_was_lost_is_done_once(station: Station, path: str) -> None:
    one = await posted(station)
    station.wire.rules.add("*", path, lost_after_storing(503))
    await station.follow_ups.tick()
    await station.follow_ups.tick()
    assert (await row(station.database, station.guild)).follow_up is FollowUp.OPEN
    station.clock.move(seconds=LEASE.total_seconds())
    await station.follow_ups.tick()
    after = await row(station.database, station.guild)
    assert (after.follow_up, after.thread_id) == (FollowUp.DONE, one.message_id)
    assert told(station.wire) == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/channels/*/messages/*/threads", "*Create Public Threads*"),
        ("/channels/*/messages/pins/*", "*Pin Messages*"),
    ],
)
async def test_a_refused_step_leaves_the_post_and_is_told_once(station: Station, path: str, name: str) -> None:
    await posted(station)
    station.wire.rules.add("*", path, status(403, {"code": 50013, "message": "Missing Permissions"}), None)
    await station.follow_ups.tick()
    station.clock.move(days=1)
    await station.posting.tick()
    await station.follow_ups.tick()
    for one in await station.database.read(lambda tx: store.recent(tx, station.guild.id, 1, 9)):
        assert (one.state, one.follow_up) == (OccurrenceState.POSTED, FollowUp.REFUSED)
        assert name in (one.reason or "")
    (sentence,) = told(station.wire)
    assert name in sentence


async def test_without_options_there_is_nothing_to_do(station: Station) -> None:
    one = await posted(station, PostOptions())
    assert one.follow_up is FollowUp.NONE
    assert await station.follow_ups.tick() == 0


async def test_only_the_one_chosen_role_is_mentioned(station: Station) -> None:
    role = station.guild.role_id("Moderators")
    await posted(station, PostOptions(ping_role_id=role))
    assert f"<@&{role}>" in next(iter(station.wire.messages.kept.values()))["content"]
    mentions = station.wire.bodies[-1]["allowed_mentions"]
    assert mentions["parse"] == []
    assert [int(one) for one in mentions["roles"]] == [role]
