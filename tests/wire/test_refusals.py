"""What Discord refuses: a sentence with the mend, no further calls, and never a word to the wrong place."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.occurrence import LEASE, OccurrenceState
from bot.domain.schedule import ScheduleState
from bot.storage import schedule as schedule_store
from tests.fakes.wire.faults import lost_after_storing, status
from tests.wire.conftest import Station
from tests.wire.place import added, posts, row, told

MESSAGES = "/channels/*/messages"


async def refused(station: Station, number: int, code: int) -> str:
    """Have the first post refused, tick on, and return the one thing the moderators were told."""
    await added(station.database, [station.guild], station.clock.now())
    daily = f"/channels/{station.guild.channel_id('daily')}/messages"
    station.wire.rules.add("POST", daily, status(number, {"code": code, "message": "no"}), None)
    for _ in range(3):
        await station.posting.tick()
        station.clock.move(seconds=LEASE.total_seconds())
    assert len([one for one in station.wire.requests if one.path == daily]) == 1, "no further calls"
    schedule = await station.database.read(lambda tx: schedule_store.get(tx, station.guild.id, 1))
    assert schedule is not None
    assert schedule.state is ScheduleState.BROKEN
    (sentence,) = told(station.wire)
    assert sentence == schedule.reason
    return sentence


async def test_f17_a_deleted_channel_is_named_as_gone(station: Station) -> None:
    assert "gone" in await refused(station, 404, 10003)


async def test_f18_a_lost_permission_is_named_with_its_channel(station: Station) -> None:
    sentence = await refused(station, 403, 50013)
    assert f"<#{station.guild.channel_id('daily')}>" in sentence
    assert "*Send Messages*" in sentence
    assert "Resume" in sentence


@pytest.mark.parametrize("code", [50008, 50024, 50083, 160005])
async def test_f20_forums_stages_and_closed_threads_are_refused_in_words(station: Station, code: int) -> None:
    assert "Choose a text channel" in await refused(station, 400, code)


async def test_f19_a_server_that_the_bot_has_left_is_not_asked_twice(station: Station) -> None:
    await station.wire.gateway.dispatch("GUILD_DELETE", {"id": str(station.guild.id)}, station.guild.id)
    await station.client.wait_for("guild_remove", timeout=5)
    assert "not a member" in await refused(station, 403, 50001)


async def test_f19_an_unavailable_server_is_waited_for_without_a_call(station: Station) -> None:
    away = {"id": str(station.guild.id), "unavailable": True}
    await station.wire.gateway.dispatch("GUILD_DELETE", away, station.guild.id)
    await station.client.wait_for("guild_unavailable", timeout=5)
    await added(station.database, [station.guild], station.clock.now())
    await station.posting.tick()
    assert station.wire.asked("POST", "/messages") == []
    await station.wire.gateway.dispatch("GUILD_CREATE", station.guild.created(station.wire.world.bot), station.guild.id)
    await station.client.wait_for("guild_available", timeout=5)
    station.clock.move(seconds=30)
    await station.posting.tick()
    assert station.wire.asked("GET", "/messages") == [], "nothing was sent, so nothing need be looked for"
    assert (await row(station.database, station.guild)).state is OccurrenceState.POSTED


@pytest.mark.parametrize("code", [50035, 200000])
async def test_f21_f23_another_exercise_goes_out_under_another_nonce(station: Station, code: int) -> None:
    await added(station.database, [station.guild], station.clock.now())
    station.wire.rules.add("POST", MESSAGES, status(400, {"code": code, "message": "no"}))
    await station.posting.tick()
    before = (await row(station.database, station.guild)).exercise_id
    await station.posting.tick()
    (post,) = (one for one in station.wire.messages.kept.values() if one["components"])
    assert post["nonce"].endswith(".1.2")
    assert list(posts(station.wire)) == [(str(station.guild.channel_id("daily")), 1, 2)]
    assert f"`{before}`" in told(station.wire)[0]
    assert ("AutoMod" in told(station.wire)[0]) == (code == 200000)


async def test_f22_a_post_that_somebody_deleted_meanwhile_is_not_made_again(station: Station) -> None:
    await added(station.database, [station.guild], station.clock.now())
    station.wire.rules.add("POST", MESSAGES, lost_after_storing(503))
    await station.posting.tick()
    station.wire.messages.kept.clear()
    station.clock.move(seconds=LEASE.total_seconds())
    await station.posting.tick()
    one = await row(station.database, station.guild)
    assert (one.state, one.reason) == (OccurrenceState.UNKNOWN, "It was posted, and somebody deleted it.")
    assert not posts(station.wire)


async def test_f24_a_429_of_the_edge_stops_everything_for_ten_minutes(station: Station) -> None:
    await added(station.database, station.wire.world.guilds, station.clock.now())
    station.wire.rules.add("POST", MESSAGES, status(429))
    await station.posting.tick()
    asked = len(station.wire.asked("POST", "/messages"))
    station.clock.move(minutes=9)
    await station.posting.tick()
    assert len(station.wire.asked("POST", "/messages")) == asked, "nothing is claimed meanwhile"
    station.clock.move(minutes=2)
    await station.posting.tick()
    assert sum(posts(station.wire).values()) == 3


async def test_f24_a_token_that_is_refused_stops_everything_until_the_restart(station: Station) -> None:
    await added(station.database, [station.guild], station.clock.now())
    station.wire.rules.add("POST", MESSAGES, status(401))
    for _ in range(3):
        await station.posting.tick()
        station.clock.move(hours=1)
    assert len(station.wire.asked("POST", "/messages")) == 1


async def test_f24_a_rate_limit_of_discords_own_is_waited_out(station: Station) -> None:
    await added(station.database, [station.guild], station.clock.now())
    slow = {"retry_after": 0.01, "global": True, "message": "slow down"}
    station.wire.rules.add("POST", MESSAGES, status(429, slow, {"Via": "1.1 google"}))
    await station.posting.tick()
    assert (await row(station.database, station.guild)).state is OccurrenceState.POSTED


async def test_f18_without_a_moderators_channel_the_schedule_alone_says_why(station: Station) -> None:
    await added(station.database, [station.guild], station.clock.now(), told=False)
    station.wire.rules.add("POST", MESSAGES, status(403, {"code": 50013, "message": "no"}))
    await station.posting.tick()
    assert not station.wire.messages.kept
    assert (await row(station.database, station.guild)).state is OccurrenceState.REFUSED


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.DELETED])
async def test_f16_a_schedule_paused_or_deleted_before_the_send_sends_nothing(
    station: Station, state: ScheduleState
) -> None:
    await added(station.database, [station.guild], station.clock.now())
    station.wire.rules.add("POST", MESSAGES, status(503))
    await station.posting.tick()
    await station.database.write(lambda tx: schedule_store.put_state(tx, station.guild.id, 1, state, None))
    station.clock.move(seconds=LEASE.total_seconds())
    await station.posting.tick()
    one = await row(station.database, station.guild)
    assert (one.state, one.reason) == (OccurrenceState.SKIPPED, f"The schedule was {state} before it went out.")
    assert len(station.wire.asked("POST", "/messages")) == 1


async def test_f16_a_schedule_moved_to_another_channel_leaves_what_is_under_way_where_it_was(station: Station) -> None:
    await added(station.database, [station.guild], station.clock.now())
    station.wire.rules.add("POST", MESSAGES, status(503))
    await station.posting.tick()
    one = await station.database.read(lambda tx: schedule_store.get(tx, station.guild.id, 1))
    assert one is not None
    other, now = station.guild.channel_id("study-hall"), station.clock.now()
    await station.database.write(
        lambda tx: schedule_store.change(tx, one, other, one.timing.at, one.timing.plan, one.options, now)
    )
    station.clock.move(seconds=LEASE.total_seconds())
    await station.posting.tick()
    assert list(posts(station.wire)) == [(str(station.guild.channel_id("daily")), 1, 1)]


async def test_sending_stops_for_those_that_wait_for_their_turn_as_well(station: Station) -> None:
    await added(station.database, station.wire.world.guilds, station.clock.now())
    station.wire.rules.add("POST", MESSAGES, status(401))
    async with asyncio.timeout(5):
        for _ in range(5):
            async with station.courier.calls:
                pass
        await station.posting.tick()
    assert len(station.wire.asked("POST", "/messages")) < 3
