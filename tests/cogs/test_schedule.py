"""``/schedule`` as a moderator uses it, from nothing to the first post and on."""

from __future__ import annotations

import discord
import pytest
from simcord.results import ResponseMessage

from bot.domain.occurrence import OccurrenceState
from bot.storage import occurrence as occurrence_store
from bot.storage.database import Database
from tests.cogs.page import answered, description, labels, menu_id, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock


async def begun(world: World) -> ResponseMessage:
    """Go from nothing to the editor, as the manager, by way of /setup."""
    message = answered(await world.manager.slash(world.hall, "setup"))
    await world.manager.click(message, label="Next: daily posts")
    return message


async def started(world: World) -> ResponseMessage:
    """Start daily posts in the hall and return the panel."""
    message = await begun(world)
    await world.manager.select(message, [world.hall], custom_id=menu_id(message, "Channel for the posts"))
    await world.manager.click(message, label="Preview and start")
    await world.manager.click(message, label="Start")
    return message


async def states(world: World) -> list[OccurrenceState]:
    """Return what is on record of the first schedule, the newest first."""
    return [one.state for one in (await world.bot.services.schedule.health(world.guild.id, 1)).last]


async def test_from_setup_to_start_in_four_presses(world: World) -> None:
    message = await begun(world)
    assert message.embeds[0].title == "New daily posts"
    assert "no channel yet" in description(message)
    assert "09:00 in UTC" in description(message)
    assert "Balanced: Mon, Wed, Fri, Sat practice" in description(message)
    await world.manager.click(message, label="Preview and start")
    assert "Choose the channel first" in message.content
    await world.manager.select(message, [world.hall], custom_id=menu_id(message, "Channel for the posts"))
    await world.manager.click(message, label="Preview and start")
    assert "**The first post**" in message.content
    assert labels(message) == ["Change something", "Start"], "nothing here counts"
    shown = message.embeds[0].title
    await world.manager.click(message, label="Start")
    assert message.content.startswith("Started. The next post goes to")
    assert f"<#{world.hall.id}> at 09:00" in description(message)
    assert labels(message)[:5] == ["Edit", "Pause", "Skip the next", "Preview", "Post now"]
    await world.manager.click(message, label="Preview")
    assert message.embeds[0].title == shown
    panel = answered(await world.manager.slash(world.hall, "setup"))
    assert "**Daily posts** the next <t:" in description(panel)
    await world.manager.click(panel, label="Daily posts")
    assert panel.embeds[0].title == "Daily posts"


async def test_the_welcome_channel_is_proposed_where_the_bot_may_post(world: World) -> None:
    panel = answered(await world.manager.slash(world.hall, "setup"))
    await world.manager.select(panel, [world.hall], custom_id=menu_id(panel, "Channel for the welcome"))
    await world.manager.click(panel, label="Next: daily posts")
    assert f"**Channel** <#{world.hall.id}>" in description(panel)


async def test_a_draft_stays_and_everything_can_be_chosen(world: World) -> None:
    message = await begun(world)
    form = await world.manager.click(message, label="Time")
    await world.manager.submit_modal(form, {"text": "6:30 pm"})
    assert "18:30" in description(message)
    await pick(world.manager, message, "Week", "Light")
    again = answered(await world.manager.slash(world.hall, "schedule"))
    await world.manager.click(again, label="Go on with it")
    assert "18:30" in description(again)
    assert "Light: Mon, Wed, Fri practice" in description(again)
    await world.manager.click(again, label="Days")
    menu = menu_id(again, "Kaggle on")
    options = next(c["options"] for row in again.components for c in row["components"] if c.get("custom_id") == menu)
    await world.manager.select(again, [options[0]["value"], options[6]["value"]], custom_id=menu)
    assert "**Monday** Kaggle" in description(again)
    assert "**Sunday** Kaggle" in description(again)
    await world.manager.click(again, label="Done")
    assert "Your own: Wed, Fri practice · Mon, Sun Kaggle" in description(again)
    await world.manager.click(again, label="Thread: off")
    await world.manager.click(again, label="Pin: off")
    assert "opens a thread · is pinned · mentions nobody" in description(again)
    await world.manager.click(again, label="Thread: on")
    assert "no thread · is pinned" in description(again)
    form = await world.manager.click(again, label="Papers")
    await world.manager.submit_modal(form, {"categories": "cs.cl", "keywords": ""})
    assert "**Fresh papers** cs.CL, any words" in description(again)


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [("Time", {"text": "half past"}, "18:30 or 6:30 pm"), ("Papers", {"categories": "robots"}, "cs.LG, stat.ML")],
)
async def test_a_wrong_text_is_told_with_an_example_and_changes_nothing(
    world: World, field: str, text: dict[str, str], told: str
) -> None:
    message = await begun(world)
    kept = {line for line in description(message).splitlines() if "**Time**" in line or "**Fresh papers**" in line}
    form = await world.manager.click(message, label=field)
    assert told in trouble(await world.manager.submit_modal(form, text))
    await world.manager.click(message, label="Thread: off")
    assert kept <= set(description(message).splitlines())


async def test_a_role_is_mentioned_and_never_everybody(world: World) -> None:
    message = await begun(world)
    menu = menu_id(message, "Role to mention")
    result = await world.manager.select(message, [world.guild.default_role], custom_id=menu)
    assert "Everybody at once is never mentioned" in trouble(result)
    role = world.guild.create_role("Learners")
    await world.manager.select(message, [role], custom_id=menu_id(message, "Role to mention"))
    assert "can't be mentioned yet" in message.content
    assert f"mentions <@&{role.id}>" in description(message)
    await world.manager.select(message, [], custom_id=menu_id(message, "Role to mention"))
    assert message.content == "Nobody is mentioned."


@pytest.mark.parametrize(
    ("shut", "named"),
    [
        (discord.PermissionOverwrite(send_messages=False), "*Send Messages*"),
        (discord.PermissionOverwrite(embed_links=False), "*Embed Links*"),
        (discord.PermissionOverwrite(read_message_history=False), "*Read Message History*"),
    ],
)
async def test_a_channel_without_rights_is_refused_at_once(
    world: World, shut: discord.PermissionOverwrite, named: str
) -> None:
    me = world.bot.user
    assert me is not None
    closed = world.guild.create_text_channel("closed", overwrites={me: shut})
    message = await begun(world)
    result = await world.manager.select(message, [closed], custom_id=menu_id(message, "Channel for the posts"))
    assert named in trouble(result)
    assert f"<#{closed.id}>" in trouble(result)
    assert "no channel yet" in description(answered(await world.manager.slash(world.hall, "schedule")))


async def test_a_thread_needs_its_permission(world: World) -> None:
    me = world.bot.user
    assert me is not None
    shut = discord.PermissionOverwrite(create_public_threads=False, pin_messages=False)
    closed = world.guild.create_text_channel("no-threads", overwrites={me: shut})
    message = await begun(world)
    await world.manager.select(message, [closed], custom_id=menu_id(message, "Channel for the posts"))
    assert "*Create Public Threads*" in trouble(await world.manager.click(message, label="Thread: off"))
    assert "*Pin Messages*" in trouble(await world.manager.click(message, label="Pin: off"))


async def test_skip_pause_and_delete(world: World) -> None:
    message = await started(world)
    await world.manager.click(message, label="Skip the next")
    assert "**Left out** Tuesday, November 24" in description(message)
    await world.manager.click(message, label="Don't skip Tue 24")
    assert "Left out" not in description(message)
    await world.manager.click(message, label="Pause")
    assert "Post now" not in labels(message)
    await world.manager.click(message, label="Resume")
    assert message.content.startswith("Started.")
    await world.manager.click(message, label="Delete")
    await world.manager.click(message, label="Keep it")
    assert message.embeds[0].title == "Daily posts"
    await world.manager.click(message, label="Delete")
    await world.manager.click(message, label="Delete it for good")
    assert "No daily posts yet" in description(message)
    stale = await world.manager.click(await forged(world, "s1:w:1:start"), label="forged")
    assert "not there any more" in trouble(stale)


async def test_two_schedules_are_chosen_by_a_menu(world: World) -> None:
    message = await started(world)
    await world.manager.click(message, label="New schedule")
    await world.manager.select(message, [world.hall], custom_id=menu_id(message, "Channel for the posts"))
    await pick(world.manager, message, "Week", "Weekend")
    await world.manager.click(message, label="Preview and start")
    await world.manager.click(message, label="Start")
    assert "**Weekend:** Sat Kaggle" in description(message)
    await pick(world.manager, message, "Choose a schedule", "1")
    assert "**Balanced:**" in description(message)
    assert "Weekend · next" in description(message)


async def test_post_now_is_todays_post_and_a_second_one_takes_a_second_word(world: World, database: Database) -> None:
    message = await started(world)
    await world.manager.click(message, label="Post now")
    assert "within 10 seconds" in message.content
    assert await states(world) == [OccurrenceState.PLANNED]
    await world.manager.click(message, label="Post now")
    assert "on its way" in message.content
    row = occurrence_store.occurrence
    posted = row.update().values(state=OccurrenceState.POSTED, message_id=77)
    await database.write(lambda tx: tx.execute(posted).rowcount)
    await world.manager.click(message, label="Post now")
    assert f"/{world.hall.id}/77" in description(message)
    assert await states(world) == [OccurrenceState.POSTED]
    await world.manager.click(message, label="Post it again")
    assert await states(world) == [OccurrenceState.PLANNED]
    old = await world.manager.click(await forged(world, "s1:wg:1:1:1"), label="forged")
    assert "on its way" in answered(old).content


async def test_the_health_page(world: World, clock: FakeClock) -> None:
    message = await started(world)
    await world.manager.click(message, label="Health")
    text = str(message.embeds[0].to_dict())
    assert "Nothing is wrong" in text
    assert "Nothing was due yet" in text
    assert text.count(":R>)") >= 3
    assert "at 4 a week" in text
    assert "Fresh papers and competitions that fit come first" in text
    me = world.bot.user
    assert me is not None
    hall = world.bot.get_channel(world.hall.id)
    assert isinstance(hall, discord.TextChannel)
    await hall.set_permissions(hall.guild.me, send_messages=False)
    await world.manager.click(message, label="Check again")
    assert "*Send Messages*" in description(message)


async def test_the_health_names_a_channel_and_a_role_that_are_gone(world: World) -> None:
    message = await started(world)
    elsewhere = world.guild.create_text_channel("elsewhere")
    role = world.guild.create_role("Learners", mentionable=True)
    await world.manager.click(message, label="Edit")
    await world.manager.select(message, [elsewhere], custom_id=menu_id(message, "Channel for the posts"))
    await world.manager.select(message, [role], custom_id=menu_id(message, "Role to mention"))
    assert message.content == f"Each post mentions <@&{role.id}>, and nobody else."
    channel = world.bot.get_channel(elsewhere.id)
    assert isinstance(channel, discord.TextChannel)
    there = channel.guild.get_role(role.id)
    assert there is not None
    await there.delete()
    await channel.delete()
    health = answered(await world.manager.click(await forged(world, "s1:w:1:health"), label="forged"))
    assert "That channel is gone" in description(health)
    assert "The role to mention is gone" in description(health)
    start = await world.manager.click(await forged(world, "s1:w:1:start"), label="forged")
    assert "That channel is gone" in trouble(start)


async def test_a_paused_schedule_is_resumed_from_the_editor(world: World) -> None:
    message = await started(world)
    await world.manager.click(message, label="Pause")
    await world.manager.click(message, label="Edit")
    assert "**State** ‖ paused" in description(message)
    await world.manager.click(message, label="Resume")
    assert message.content.startswith("Started.")
