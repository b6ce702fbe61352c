"""Who may use ``/schedule`` and its buttons: checked at every call, whatever Discord shows."""

from __future__ import annotations

import discord
from discord import app_commands
from simcord.asserts import assert_error

from tests.cogs.page import answered, description, labels, trouble
from tests.cogs.test_roadmap import forged
from tests.cogs.test_schedule import started, states
from tests.conftest import World


async def test_only_moderators_use_it_whatever_discord_lets_through(world: World) -> None:
    await started(world)
    command = world.bot.tree.get_command("schedule")
    assert isinstance(command, app_commands.Command)
    command.default_permissions = None
    await world.bot.tree.sync()
    ids = [
        *(f"s1:w:1:{verb}" for verb in ("open", "edit", "start", "pause", "skip", "preview", "now", "health", "sure")),
        *("s1:wn", "s1:ws", "s1:wp", "s1:wg:1:1:1", "s1:we:1:time", "s1:we:1:days", "s1:wo:1:thread:1"),
        *("s1:wc:1", "s1:wt:1", "s1:wr:1", "s1:wd:1:practice", "s1:wf:1", "s1:wa:1"),
        *("s1:vn", "s1:vd:1", "s1:vo", "s1:vm"),
    ]
    for custom_id in ids:
        result = await world.alice.click(await forged(world, custom_id), label="forged")
        assert "Only moderators" in trouble(result), custom_id
    assert "Only moderators" in trouble(await world.alice.slash(world.hall, "schedule"))
    assert_error(world.env, discord.app_commands.CommandInvokeError)
    assert await states(world) == []


async def test_the_moderators_role_is_enough(world: World) -> None:
    role = world.guild.create_role("Mentors", permissions=discord.Permissions(manage_messages=True))
    mentor = world.guild.add_member(world.env.create_user("eve", global_name="Eve"), roles=[role])
    refused = await mentor.slash(world.hall, "schedule")
    assert "Only moderators" in trouble(refused)
    assert_error(world.env, discord.app_commands.CommandInvokeError)
    await world.bot.services.setup.put_moderator_role(world.guild.id, role.id)
    message = answered(await mentor.slash(world.hall, "schedule"))
    assert labels(message) == ["New schedule", "Weekly recap", "Showcase"]
    assert "</schedule:" in str(answered(await mentor.slash(world.hall, "help")).embeds[0].to_dict())
    assert "</setup:" not in str(answered(await mentor.slash(world.hall, "help")).embeds[0].to_dict())


async def test_another_servers_schedule_is_not_there(world: World) -> None:
    await started(world)
    other = world.env.create_guild("Elsewhere")
    lobby = other.create_text_channel("lobby")
    managers = other.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    stranger = other.add_member(world.env.create_user("zed", global_name="Zed"), roles=[managers])
    channel = world.bot.get_channel(lobby.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="forged", custom_id="s1:w:1:sure"))
    view.stop()
    page = await channel.send("a page", view=view)
    assert "not there any more" in trouble(await stranger.click(page, label="forged"))
    assert "Balanced" in description(answered(await world.manager.slash(world.hall, "schedule")))
