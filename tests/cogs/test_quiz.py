"""A quiz round with two people in the simulated server, from the button that begins it to the own review."""

from __future__ import annotations

from typing import Any

import discord
import simcord
from simcord.results import ResponseMessage

from bot.domain.pack import Pack
from bot.domain.quiz import ANSWERING, GATHERING, READING, Question, RoundEnd
from bot.domain.recall import Grade
from bot.domain.roadmap import State
from bot.storage import occurrence as occurrence_store
from bot.storage import quiz as store
from bot.storage import review as review_store
from bot.storage.database import Database
from tests.cogs.page import answered, description, labels, pick, trouble
from tests.cogs.posted import posted, told
from tests.cogs.test_group import make_group
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock
from tests.services.quizzes import right, wrong


async def share(world: World, pack: Pack, topics: int = 6) -> None:
    """Let Alice and Bob have finished the first topics of the road."""
    for one in (world.alice, world.bob):
        for topic_id in list(pack.topics)[:topics]:
            await world.bot.services.roadmap.mark(world.guild.id, one.id, topic_id, State.DONE, confirmed=True)


def shown(channel: simcord.ChannelHandle) -> discord.Message:
    """Return the message of a round as everybody sees it now."""
    message = channel.last_message
    assert message is not None
    assert message.content.startswith("**Quiz round** · 5 questions")
    return message


def text(message: discord.Message) -> str:
    """Return the page of a message."""
    return f"{message.embeds[0].title}\n{message.embeds[0].description}"


async def later(world: World, clock: FakeClock, seconds: float) -> None:
    """Let time pass, and the round go on."""
    clock.move(seconds=seconds)
    await world.bot.services.quiz_play.tick()


async def asked(world: World, database: Database, number: int, question: int) -> Question:
    """Return a question of a round."""
    return (await database.read(lambda tx: store.questions(tx, world.guild.id, number)))[question - 1]


def never_pings(world: World) -> bool:
    """Whether every message that the bot put on the wire, or changed, may notify nobody."""
    sent: list[dict[str, Any]] = [one.json for one in world.env.http_requests if one.json]
    rounds = [one for one in sent if "embeds" in one and "allowed_mentions" in one]
    return bool(rounds) and all(one["allowed_mentions"].get("parse") == [] for one in rounds)


async def play(world: World, database: Database, clock: FakeClock) -> None:
    """Play a round of five: Alice is right each time, Bob but for the last two."""
    await later(world, clock, GATHERING.total_seconds())
    for number in range(1, 6):
        message, one = shown(world.hall), await asked(world, database, 1, number)
        assert f"Question {number} of 5" in text(message)
        mine = answered(await world.alice.click(message, label=right(one)))
        assert mine.flags.ephemeral
        assert (mine.content or "").startswith(f"Locked in: **{right(one)}**")
        await world.bob.click(message, label=right(one) if number < 4 else wrong(one))
        assert text(shown(world.hall)) == text(message), "nobody sees who answered what"
        clock.move(seconds=ANSWERING.total_seconds())
        assert trouble(await world.bob.click(message, label=wrong(one))).startswith("Too late")
        await later(world, clock, 0)
        assert f"{right(one)} is right" in text(shown(world.hall))
        assert all(choice.why in text(shown(world.hall)) for choice in one.card.choices)
        assert f"{2 if number < 4 else 1} of 2 got it right." in text(shown(world.hall))
        await later(world, clock, READING.total_seconds())


async def test_a_round_from_the_groups_page_to_the_own_review(
    world: World, pack: Pack, database: Database, clock: FakeClock
) -> None:
    await share(world, pack)
    await make_group(world)
    assert "You are in" in (await _join(world)).content
    page = answered(await world.bob.slash(world.hall, "group"))
    await world.bob.click(page, label="Quiz round")
    assert labels(page) == ["5 questions · 3 min", "7 questions · 4 min", "10 questions · 6 min"]
    assert f"<#{world.hall.id}> for **🦉 Owls**" in description(page)
    before = len(world.env.http_requests)
    await world.bob.click(page, label="5 questions · 3 min")
    message = shown(world.hall)
    assert description(page).startswith("The round is on: [go to it](https://discord.com/channels/")
    assert f"/{message.id})" in description(page)
    assert "A quiz round begins" in text(message)
    await play(world, database, clock)
    end = shown(world.hall)
    assert end.id == message.id
    assert "**1** · **Alice** · 5 of 5\n**2** · **Bob** · 3 of 5" in text(end)
    assert never_pings(world)
    assert len([one for one in world.env.http_requests[before:] if one.json and one.json.get("nonce")]) == 1
    taken = await told(world.bob, end, "Add what I missed to my review")
    assert "**2 cards** you missed will be asked again: in /today, 10 minutes from now." in description(taken)
    history = await database.read(lambda tx: review_store.history(tx, world.guild.id, world.bob.id))
    assert [row.grade for row in history] == [Grade.AGAIN, Grade.AGAIN]
    again = await told(world.bob, end, "Add what I missed to my review")
    assert "in your review already" in description(again)
    own = await told(world.bob, end, "My answers")
    assert own.embeds[0].title == "Your answers · 3 of 5"
    assert description(own).count("✗") == 2
    assert labels(own) == ["Add the 2 I missed to my review"]
    assert "missed nothing" in trouble(await world.alice.click(end, label="Add what I missed to my review"))
    assert "answered nothing" in trouble(await world.manager.click(end, label="My answers"))
    another = await told(world.alice, end, "Another round")
    assert another.embeds[0].title == "Quiz round"


async def _join(world: World) -> ResponseMessage:
    page = answered(await world.bob.slash(world.hall, "group"))
    await pick(world.bob, page, "Join a group", "1")
    return page


async def test_a_round_in_the_thread_of_a_daily_post(
    world: World, pack: Pack, database: Database, clock: FakeClock
) -> None:
    await share(world, pack)
    message = await posted(world, database, clock)
    thread = await message.create_thread(name="Today")
    row = occurrence_store.occurrence
    await database.write(lambda tx: tx.execute(row.update().values(thread_id=thread.id)))
    page = await told(world.alice, message, "Quiz")
    assert f"<#{thread.id}> for everybody here" in description(page)
    await world.alice.click(page, label="5 questions · 3 min")
    async for last in thread.history(limit=1):
        assert last.content.startswith("**Quiz round**")
    busy = await told(world.bob, message, "Quiz")
    assert "being played here" in trouble(await world.bob.click(busy, label="5 questions · 3 min"))


async def test_where_somebody_or_the_bot_may_not_write_it_is_said(world: World, pack: Pack) -> None:
    await share(world, pack)
    channel = world.bot.get_channel(world.hall.id)
    assert isinstance(channel, discord.TextChannel)
    start = await forged(world, f"s1:q2:{world.hall.id}:0:5")
    await channel.set_permissions(channel.guild.me, send_messages=False, view_channel=True)
    told_so = trouble(await world.alice.click(start, label="forged"))
    assert told_so.startswith(
        f"I can't write in {channel.mention}. Give **Syllabot** *Send Messages* and *Embed Links* there"
    )
    await channel.set_permissions(channel.guild.me, send_messages=True, view_channel=True)
    await channel.set_permissions(channel.guild.default_role, send_messages=False)
    assert "You can't write" in trouble(await world.alice.click(start, label="forged"))
    assert world.hall.last_message is not None
    assert not world.hall.last_message.content.startswith("**Quiz")


async def test_forged_ids_and_other_servers_begin_and_change_nothing(world: World, pack: Pack) -> None:
    await share(world, pack)
    elsewhere = world.env.create_guild("Another server").create_text_channel("theirs")
    for custom_id, told_so in (
        (f"s1:q2:{elsewhere.id}:0:5", "That channel is gone"),
        (f"s1:q2:{world.hall.id}:0:6", "5, 7 or 10"),
        (f"s1:q2:{world.hall.id}:9:5", "group does not exist"),
        ("s1:q3:7:1:A", "no longer kept"),
        ("s1:q3:7:1:E", "older version"),
        ("s1:q4:7:1", "no longer kept"),
        ("s1:q5:7", "no longer kept"),
        ("s1:q6:7", "no longer kept"),
    ):
        sentence = trouble(await world.alice.click(await forged(world, custom_id), label="forged"))
        assert told_so in sentence, custom_id


async def test_its_starter_stops_a_round_and_another_member_does_not(
    world: World, pack: Pack, clock: FakeClock
) -> None:
    await share(world, pack)
    await world.alice.click(await forged(world, f"s1:q2:{world.hall.id}:0:5"), label="forged")
    message = shown(world.hall)
    await later(world, clock, GATHERING.total_seconds())
    assert "Only who started the round" in trouble(await world.bob.click(message, label="Stop"))
    page = await told(world.alice, message, "Stop")
    assert labels(page) == ["Stop it"]
    await world.alice.click(page, label="Stop it")
    assert "<@" in text(shown(world.hall))
    assert "stopped it. 0 of 5 questions count." in text(shown(world.hall))
    old = await forged(world, "s1:q3:1:1:A")
    assert "That round is over" in trouble(await world.bob.click(old, label="forged"))


async def test_a_round_whose_message_is_deleted_is_over_and_the_channel_is_free(
    world: World, pack: Pack, clock: FakeClock
) -> None:
    await share(world, pack)
    start = await forged(world, f"s1:q2:{world.hall.id}:0:5")
    await world.alice.click(start, label="forged")
    await shown(world.hall).delete()
    await later(world, clock, GATHERING.total_seconds())
    assert (await world.bot.services.quiz.round(world.guild.id, 1)).ended is RoundEnd.REFUSED
    await world.bob.click(start, label="forged")
    assert "A quiz round begins" in text(shown(world.hall))
