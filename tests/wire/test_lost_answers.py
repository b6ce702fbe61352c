"""Answers that are lost on the wire: a post that arrived is found again, one that did not is sent again."""

from __future__ import annotations

import pytest

from bot.domain.occurrence import LEASE, OccurrenceState
from tests.fakes.wire.faults import Fault, drop, lost_after_storing, status
from tests.wire.conftest import Station
from tests.wire.place import added, posts, row, told

MESSAGES = "/channels/*/messages"
A_LEASE = LEASE.total_seconds()


async def due(station: Station) -> None:
    """Give the first server a post that is due now."""
    await added(station.database, [station.guild], station.clock.now())


async def test_a_post_arrives_with_its_buttons_its_nonce_and_no_ping(station: Station) -> None:
    await due(station)
    await station.posting.tick()
    (message,) = station.wire.messages.kept.values()
    one = await row(station.database, station.guild)
    assert (one.state, one.message_id) == (OccurrenceState.POSTED, int(message["id"]))
    assert message["nonce"].endswith(".1.1")
    labels = [button["label"] for button in message["components"][0]["components"]]
    assert labels == ["Done", "Help", "Answers", "Later", "Quiz"]
    asked = station.wire.bodies[-1]
    assert asked["enforce_nonce"] is True
    assert not any(asked["allowed_mentions"].values())


async def test_f05_where_history_may_not_be_read_it_is_not_sent_again_and_is_told(station: Station) -> None:
    await due(station)
    station.wire.rules.add("POST", MESSAGES, lost_after_storing(503))
    station.wire.rules.add("GET", MESSAGES, status(403, {"code": 50013, "message": "Missing Permissions"}), None)
    await station.posting.tick()
    station.clock.move(seconds=A_LEASE)
    await station.posting.tick()
    assert set(posts(station.wire).values()) == {1}
    assert (await row(station.database, station.guild)).state is OccurrenceState.UNKNOWN
    (sentence,) = told(station.wire)
    assert "*Read Message History*" in sentence


async def test_f06_a_500_after_storing_is_retried_under_the_same_nonce(station: Station) -> None:
    await due(station)
    station.wire.rules.add("POST", MESSAGES, lost_after_storing(500))
    await station.posting.tick()
    assert len(station.wire.asked("POST", "/messages")) == 2
    assert set(posts(station.wire).values()) == {1}
    assert (await row(station.database, station.guild)).state is OccurrenceState.POSTED


@pytest.mark.parametrize("fault", [lost_after_storing(503), lost_after_storing()], ids=["503", "dropped"])
async def test_f07_what_arrived_before_the_answer_was_lost_is_found(station: Station, fault: Fault) -> None:
    await due(station)
    station.wire.rules.add("POST", MESSAGES, fault)
    await station.posting.tick()
    assert (await row(station.database, station.guild)).state is OccurrenceState.SENDING
    station.wire.messages.nonce_window = 0
    station.clock.move(seconds=A_LEASE)
    await station.posting.tick()
    assert len(station.wire.asked("POST", "/messages")) == 1
    assert (await row(station.database, station.guild)).state is OccurrenceState.POSTED


@pytest.mark.parametrize("fault", [status(503), drop()], ids=["503", "dropped"])
async def test_f07_what_never_arrived_is_sent_again(station: Station, fault: Fault) -> None:
    await due(station)
    station.wire.rules.add("POST", MESSAGES, fault)
    await station.posting.tick()
    station.clock.move(seconds=A_LEASE)
    await station.posting.tick()
    assert set(posts(station.wire).values()) == {1}


async def test_f07_a_history_that_fails_leads_to_no_send(station: Station) -> None:
    await due(station)
    station.wire.rules.add("POST", MESSAGES, lost_after_storing(503))
    station.wire.rules.add("GET", MESSAGES, status(503))
    station.wire.messages.nonce_window = 0
    for _ in range(3):
        await station.posting.tick()
        station.clock.move(seconds=A_LEASE)
    assert len(station.wire.asked("POST", "/messages")) == 1
    assert (await row(station.database, station.guild)).state is OccurrenceState.POSTED


async def test_f04_it_is_found_behind_hundreds_of_other_messages(station: Station) -> None:
    await due(station)
    channel = station.guild.channel_id("daily")
    for _ in range(250):
        station.wire.messages.put(channel, {"content": "talk"})
    station.wire.rules.add("POST", MESSAGES, lost_after_storing(503))
    station.wire.messages.nonce_window = 0
    await station.posting.tick()
    station.clock.move(minutes=20)
    await station.posting.tick()
    assert len(station.wire.asked("GET", "/messages")) == 3
    assert set(posts(station.wire).values()) == {1}
    assert (await row(station.database, station.guild)).state is OccurrenceState.POSTED


async def test_f11_a_send_whose_end_nobody_saw_is_read_back_next_day_and_never_sent_late(station: Station) -> None:
    first, second, _ = station.wire.world.guilds
    await added(station.database, [first, second], station.clock.now())
    station.wire.rules.add("POST", f"/channels/{first.channel_id('daily')}/messages", lost_after_storing(503))
    station.wire.rules.add("POST", f"/channels/{second.channel_id('daily')}/messages", status(503))
    await station.posting.tick()
    station.clock.move(hours=13)
    await station.posting.tick()
    assert len(station.wire.asked("POST", "/messages")) == 2
    assert (await row(station.database, first)).state is OccurrenceState.POSTED
    missed = await row(station.database, second)
    assert (missed.state, missed.reason) == (OccurrenceState.MISSED, "It could not be sent in time.")
