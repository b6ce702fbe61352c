"""``/roadmap`` as a member uses it."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest
import simcord
from discord import app_commands
from simcord.asserts import assert_error
from simcord.results import ResponseMessage

from bot.app import assembled
from bot.domain.pack import Pack
from bot.ui.roadmap import HomePress, HomeVerb
from bot.ui.topic import TopicPress, TopicVerb
from tests.cogs.page import answered, components, description, pick, trouble
from tests.conftest import World, make_world
from tests.fakes.clock import FakeClock
from tests.fakes.scheduler import DrivenScheduler


async def open_road(world: World, actor: simcord.MemberActor | None = None) -> ResponseMessage:
    """Open a member's road, past the placement."""
    who = actor or world.alice
    message = answered(await who.slash(world.hall, "roadmap"))
    if message.embeds[0].title == "Where do you start?":
        await who.click(message, label="Start at the beginning")
    return message


async def open_topic(world: World, topic: str) -> ResponseMessage:
    """Open a topic's page as Alice."""
    return answered(await world.alice.slash(world.hall, "roadmap", topic=topic))


async def test_a_newcomer_is_placed_in_a_few_presses(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "roadmap"))
    assert message.flags.ephemeral
    assert message.embeds[0].title == "Where do you start?"
    await world.alice.click(message, label="Software developer")
    assert message.embeds[0].title == "What do you know already?"
    await world.alice.click(message, label="I know those 5")
    await pick(world.alice, message, "Topics of stage 1", "numpy-arrays")
    assert "6 of 9" in description(message), "a tick adds to what is known and takes nothing away"
    await world.alice.click(message, label="Undo")
    assert "5 of 9" in description(message)
    await world.alice.click(message, label="On to stage 2")
    await pick(world.alice, message, "Whole stages", "math")
    assert "9 of 9" in description(message)
    await world.alice.click(message, label="That is all: show my road")
    assert message.content == "Your road is ready."
    assert message.embeds[0].title == "What next, Alice"


async def test_the_road_names_what_is_next_and_why(world: World) -> None:
    message = await open_road(world)
    assert "Python" in description(message)
    assert "wait for it" in description(message)
    assert "Programming basics" in (message.embeds[0].fields[0].value or "")
    plain = len(description(message))
    await world.alice.click(message, label="Why these")
    assert len(description(message)) > plain


async def test_start_done_and_undo_turn_the_page_in_place(world: World) -> None:
    message = await open_topic(world, "python-first-steps")
    await world.alice.click(message, label="Start")
    assert "You've started" in message.content
    await world.alice.click(message, label="Done")
    assert message.content.startswith("**Python")
    assert "That opens" in message.content
    assert "✓ Done" in description(message)
    await world.alice.click(message, label="Undo")
    assert "learning again" in message.content
    await world.alice.click(message, label="Undo")
    await world.alice.click(message, label="Undo")
    assert message.content == "There is nothing left to take back."
    assert "○ Not started" in description(message)
    assert "Practice" not in description(message), "after a press the page is short"
    await world.alice.click(message, label="Whole topic")
    assert "Practice" in description(message)


async def test_done_with_open_prerequisites_asks_first(world: World) -> None:
    message = await open_topic(world, "Cross-validation")
    await world.alice.click(message, label="Done")
    assert "builds on topics that are still open" in message.content
    await world.alice.click(message, label="Back")
    assert "○ Not started" in description(message)
    await world.alice.click(message, label="Done")
    await world.alice.click(message, label="Done anyway")
    assert "✓ Done" in description(message)


async def test_known_and_skipped_say_what_they_mean(world: World) -> None:
    message = await open_topic(world, "bayes")
    await world.alice.click(message, label="I know this")
    assert "know already" in message.content
    await world.alice.click(message, label="Skip")
    assert "no longer counts" in message.content


async def test_a_note_is_private_and_a_link_is_kept(world: World) -> None:
    message = await open_topic(world, "python-first-steps")
    await world.alice.click(message, label="Done")
    form = await world.alice.click(message, label="Note")
    await world.alice.submit_modal(form, {"text": "read *again* @everyone"})
    assert message.content == "Your note is kept."
    assert "everyone" in (message.embeds[0].fields[0].value or "")
    assert "@everyone" not in (message.embeds[0].fields[0].value or "")
    form = await world.alice.click(message, label="Add a link")
    await world.alice.submit_modal(form, {"text": "https://github.com/alice/first"})
    assert "https://github.com/alice/first" in str(message.embeds[0].to_dict())
    shared = answered(await world.alice.click(message, label="Share"))
    assert not shared.flags.ephemeral
    assert "again" not in str(shared.embeds[0].to_dict())
    assert "github.com/alice" not in str(shared.embeds[0].to_dict())


async def test_a_wrong_link_is_told_and_the_mark_stays(world: World) -> None:
    message = await open_topic(world, "python-first-steps")
    await world.alice.click(message, label="Done")
    form = await world.alice.click(message, label="Add a link")
    result = await world.alice.submit_modal(form, {"text": "my project"})
    assert "without spaces" in trouble(result)
    assert "✓ Done" in description(message)


async def test_what_is_shared_opens_for_whoever_presses(world: World) -> None:
    message = await open_road(world)
    shared = answered(await world.alice.click(message, label="Share"))
    opened = answered(await world.bob.click(shared, label="Open my own roadmap"))
    assert opened.flags.ephemeral
    assert opened.embeds[0].title == "Where do you start?"
    assert shared.embeds[0].title == "What next, Alice"


async def test_a_menu_is_another_one_each_time_it_is_shown(world: World) -> None:
    """A client keeps its ticks by position and value; what was ticked before must mean nothing on the next page."""

    def values(message: ResponseMessage) -> set[str]:
        return {one["value"] for menu in components(message) for one in menu.get("options", [])}

    message = await open_road(world)
    before = values(message)
    await world.alice.click(message, label="Why these")
    assert before.isdisjoint(values(message))


async def test_who_can_not_write_in_a_channel_can_not_share_there(world: World) -> None:
    everyone = world.bot.get_guild(world.guild.id)
    assert everyone is not None
    shut = discord.PermissionOverwrite(send_messages=False)
    quiet = world.guild.create_text_channel("read-only", overwrites={everyone.default_role: shut})
    message = answered(await world.alice.slash(quiet, "roadmap", topic="bayes"))
    result = await world.alice.click(message, label="Share")
    assert "nothing was shared" in trouble(result)
    assert quiet.history() == []


async def test_other_peoples_buttons_are_refused_in_a_sentence(world: World) -> None:
    press = TopicPress(verb=TopicVerb.DONE, topic_id="python-first-steps", owner=world.alice.id)
    message = await forged(world, press.custom_id)
    result = await world.bob.click(message, label="forged")
    assert "belongs to" in trouble(result)
    assert "○ Not started" in description(await open_topic(world, "python-first-steps"))


@pytest.mark.parametrize(
    "custom_id",
    [
        "old-button",
        "s0:t:done:bayes:1",
        "s1:t:done:bayes",
        "s1:t:explode:bayes:1",
        "s1:t:done:BAYES!:1",
        "s1:nope",
        "s1:t:done:bayes:1:2",
        "s1:t:done:bayes:1e400",
    ],
)
async def test_old_and_forged_buttons_are_refused_in_a_sentence(world: World, custom_id: str) -> None:
    message = await forged(world, custom_id)
    result = await world.alice.click(message, label="forged")
    assert "older version" in trouble(result)


async def test_a_topic_that_is_gone_is_told(world: World) -> None:
    press = TopicPress(verb=TopicVerb.DONE, topic_id="no-such-topic", owner=world.alice.id)
    result = await world.alice.click(await forged(world, press.custom_id), label="forged")
    assert "isn't on this roadmap" in trouble(result)


async def test_starting_over_asks_twice_and_can_be_undone(world: World) -> None:
    topic = await open_topic(world, "python-first-steps")
    await world.alice.click(topic, label="Done")
    message = await open_road(world)
    await world.alice.click(message, label="Start over")
    await world.alice.click(message, label="Yes, start over")
    assert "Are you sure?" in description(message)
    await world.alice.click(message, label="Reset 1 topic")
    assert "Undo takes this back" in message.content
    assert (message.embeds[0].footer.text or "").startswith("0 of")
    await world.alice.click(message, label="Undo")
    assert (message.embeds[0].footer.text or "").startswith("1 of")


async def test_stage_guide_and_group_open_and_lead_back(world: World) -> None:
    message = await open_road(world)
    await pick(world.alice, message, "Open a stage", "math")
    assert message.embeds[0].title == "Stage 2 · Math and statistics"
    await pick(world.alice, message, "Open a topic", "bayes")
    assert message.embeds[0].title is not None
    assert message.embeds[0].title.startswith("Bayes")
    await world.alice.click(message, label="My road")
    await world.alice.click(message, label="Guide")
    await pick(world.alice, message, "Open a chapter", "roles")
    assert "NLP" in description(message)
    await world.alice.click(message, label="My road")
    await world.alice.click(message, label="Group")
    assert "Nobody has marked" in description(message)
    await world.alice.click(message, label="Back to my road")
    assert message.embeds[0].title == "What next, Alice"


async def test_the_group_shows_who_is_where(world: World) -> None:
    topic = await open_topic(world, "python-first-steps")
    await world.alice.click(topic, label="Start")
    message = await open_road(world, world.bob)
    await world.bob.click(message, label="Group")
    assert f"<@{world.alice.id}>" in description(message)


async def test_autocomplete_finds_topics_by_any_word(world: World) -> None:
    choices = await world.alice.autocomplete(world.hall, "roadmap", "topic", "valid")
    assert "cross-validation" in [choice["value"] for choice in choices]
    assert len(await world.alice.autocomplete(world.hall, "roadmap", "topic", "")) == 25


async def test_a_topic_nobody_knows_is_told(world: World) -> None:
    result = await world.alice.slash(world.hall, "roadmap", topic="underwater basket weaving")
    assert "no topic of that name" in trouble(result)
    assert_error(world.env, app_commands.CommandInvokeError)


async def test_buttons_and_forms_work_after_a_restart(database_path: Path, pack: Pack, clock: FakeClock) -> None:
    async with assembled(database_path, pack, clock, scheduler=DrivenScheduler(timezone="UTC"), paced=False) as bot:
        env = simcord.Env(bot)
        await env.start()
        try:
            world = make_world(env, bot)
            message = await open_topic(world, "python-first-steps")
            form = await world.alice.click(message, label="Note")
            await bot.close()
            async with assembled(
                database_path, pack, clock, scheduler=DrivenScheduler(timezone="UTC"), paced=False
            ) as fresh:
                await env.restart_bot(fresh)
                await world.alice.click(message, label="Done")
                assert "✓ Done" in description(message)
                await world.alice.submit_modal(form, {"text": "typed before the restart"})
                assert message.content == "Your note is kept."
        finally:
            await env.shutdown()


async def forged(world: World, custom_id: str) -> discord.Message:
    """Post a message of the bot's with one button of this id."""
    channel = world.bot.get_channel(world.hall.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="forged", custom_id=custom_id))
    view.stop()
    return await channel.send("a page", view=view)


def test_home_ids_hold_the_longest_ids() -> None:
    longest = TopicPress(verb=TopicVerb.DONE_ANYWAY, topic_id="a" * 40, owner=2**64 - 1)
    assert len(longest.custom_id) <= 100
    assert HomePress(verb=HomeVerb.RESET_NOW, owner=2**64 - 1).custom_id
