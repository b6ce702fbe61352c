"""``/streak`` and ``/member`` on the real surface."""

from __future__ import annotations

import discord
import pytest
from simcord import MemberActor
from simcord.asserts import assert_error
from simcord.results import ResponseMessage

from bot.domain.roadmap import State
from bot.domain.streak import DayKind
from bot.ui.streak import SIGNS
from tests.cogs.page import answered, description, labels, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock
from tests.services.streaks import posted


async def streak(world: World) -> ResponseMessage:
    """Open Alice's streak."""
    return answered(await world.alice.slash(world.hall, "streak"))


async def kept(world: World) -> str:
    """Let Alice finish a topic and return its title."""
    topic = next(iter(world.bot.services.packs.shipped.topics.values()))
    await world.bot.services.roadmap.mark(world.guild.id, world.alice.id, topic.id, State.DONE, confirmed=True)
    return topic.title


async def test_the_page_has_the_picture_and_says_the_same_in_words(world: World) -> None:
    await kept(world)
    message = await streak(world)
    assert message.flags.ephemeral
    assert message.embeds[0].title == "1 day in a row"
    assert "Today is kept" in description(message)
    (picture,) = message.attachments
    assert picture.filename == "streak.png"
    assert "1 day in a row" in (picture.description or "")
    assert message.embeds[0].image.url
    assert "✓ kept 1" in description(message)


async def test_a_day_rests_and_the_same_button_takes_it_back(world: World) -> None:
    message = await streak(world)
    await world.alice.click(message, label="Rest today")
    assert "Nothing is owed today" in description(message)
    assert "Take back: rest today" in labels(message)
    await world.alice.click(message, label="Take back: rest today")
    assert "Today is open" in description(message)
    assert len(message.attachments) == 1


async def test_an_old_page_rests_no_other_day(world: World, clock: FakeClock) -> None:
    message = await streak(world)
    clock.move(days=2)
    assert "That day is over" in trouble(await world.alice.click(message, label="Rest today"))


async def test_a_vacation_is_chosen_shown_and_ended(world: World) -> None:
    message = await streak(world)
    await world.alice.click(message, label="Vacation")
    assert message.attachments == []
    await pick(world.alice, message, "When", "2026-11-24.7")
    assert "Tue 24 Nov to Mon 30 Nov" in description(message)
    await world.alice.click(message, label="End the vacation")
    assert "Vacation from" not in description(message)
    await world.alice.click(message, label="Vacation")
    form = await world.alice.click(message, label="Other dates")
    await world.alice.submit_modal(form, {"first": "2026-12-20", "days": "14"})
    assert "Sun 20 Dec to Sat 2 Jan" in description(message)


async def test_why_lists_each_day_by_its_act_ten_a_page(world: World, clock: FakeClock) -> None:
    title = await kept(world)
    clock.move(days=24)
    message = await streak(world)
    await world.alice.click(message, label="Why")
    assert "1–10 of 25 days" in (message.embeds[0].footer.text or "")
    await world.alice.click(message, label="Oldest")
    assert f"**Mon 23 Nov** kept by {title}" in description(message)
    assert "21–25 of 25" in (message.embeds[0].footer.text or "")
    await world.alice.click(message, label="Newer")
    await world.alice.click(message, label="Back")
    assert len(message.attachments) == 1


async def test_sharing_shows_it_to_the_channel(world: World) -> None:
    await kept(world)
    result = await world.alice.click(await streak(world), label="Share")
    shared = answered(result)
    assert not shared.flags.ephemeral
    assert len(shared.attachments) == 1
    own = answered(await world.bob.click(shared, label="My streak"))
    assert own.flags.ephemeral
    assert own.embeds[0].title == "Your streak starts with one day"


async def test_without_a_picture_the_words_go_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(type(world.bot.services.streak), "picture", nothing)
    message = await streak(world)
    assert message.attachments == []
    assert not message.embeds[0].image
    assert "Today is open" in description(message)


async def mentor(world: World) -> MemberActor:
    """Return a moderator by the server's role, who may not manage it."""
    role = world.guild.create_role("Mentors", permissions=discord.Permissions(manage_messages=True))
    await world.bot.services.setup.put_moderator_role(world.guild.id, role.id)
    return world.guild.add_member(world.env.create_user("mia"), roles=[role])


async def missed(world: World, clock: FakeClock) -> None:
    """Let Alice keep a day and miss the next, on which something was due."""
    await kept(world)
    clock.move(days=1)
    await owe(world, clock)
    clock.move(days=1)


async def owe(world: World, clock: FakeClock) -> None:
    """Record that a post went out."""
    database = world.bot.database
    await database.write(lambda tx: posted(tx, world.guild.id, clock.now()))


async def test_a_moderator_repairs_a_day_and_the_member_reads_why(world: World, clock: FakeClock) -> None:
    await missed(world, clock)
    mia = await mentor(world)
    message = answered(await mia.slash(world.hall, "member", who=world.alice))
    assert message.flags.ephemeral
    assert "× Tue 24 Nov · missed" in description(message)
    form = await mia.click(message, label="Repair a day")
    await mia.submit_modal(form, {"day": "yesterday", "reason": "The *post* was late"})
    assert "✚ Tue 24 Nov · repaired" in description(message)
    why = await streak(world)
    assert why.embeds[0].title == "1 day in a row"
    await world.alice.click(why, label="Why")
    assert r"repaired by a moderator: The \*post\* was late" in description(why)
    await pick(mia, message, "Take a repair back", "2026-11-24")
    assert "× Tue 24 Nov · missed" in description(message)
    await mia.click(message, label="Why")
    assert f"Days of <@{world.alice.id}>" in description(message)
    await mia.click(message, label="Back")
    assert "Tue 24 Nov" in description(message)


async def test_what_broke_nothing_is_not_repaired(world: World, clock: FakeClock) -> None:
    await missed(world, clock)
    mia = await mentor(world)
    message = answered(await mia.slash(world.hall, "member", who=world.alice))
    for day, said in (("2026-11-23", "broke nothing"), ("tomorrow", "that is over"), ("soon", "no date")):
        form = await mia.click(message, label="Repair a day")
        assert said in trouble(await mia.submit_modal(form, {"day": day, "reason": "kind"}))


async def test_only_moderators_look_at_others_whatever_discord_lets_through(world: World) -> None:
    alice, bob = world.alice.id, world.bob.id
    for custom_id in (f"s1:kp:{alice}:{bob}", f"s1:kf:{alice}:{bob}", f"s1:kt:{alice}:{bob}", f"s1:kw:{alice}:{bob}:0"):
        result = await world.alice.click(await forged(world, custom_id), label="forged")
        assert "Only moderators" in trouble(result)
    command = world.bot.tree.get_command("member")
    assert isinstance(command, discord.app_commands.Command)
    command.default_permissions = None
    await world.bot.tree.sync()
    assert "Only moderators" in trouble(await world.alice.slash(world.hall, "member", who=world.bob))
    assert_error(world.env, discord.app_commands.CommandInvokeError)


def test_no_sign_at_the_head_of_a_line_is_markdown() -> None:
    assert not set(SIGNS.values()) & set("*+-#>_~|`")
    assert len(set(SIGNS.values())) == len(SIGNS) == len(DayKind)
