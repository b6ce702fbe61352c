"""``/setup`` and ``/help``, and joining a server."""

from __future__ import annotations

import discord
import simcord
from simcord.asserts import assert_error

from tests.cogs.page import answered, description, labels, menu_id, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World


async def open_panel(world: World) -> simcord.ResponseMessage:
    """Open the panel as the manager."""
    return answered(await world.manager.slash(world.hall, "setup"))


async def test_the_panel_sets_everything(world: World) -> None:
    message = await open_panel(world)
    role = world.guild.create_role("Mentors")
    await world.manager.select(message, [role], custom_id=menu_id(message, "Role of the moderators"))
    assert f"<@&{role.id}>" in description(message)
    assert "Server Settings > Integrations" in description(message)
    await world.manager.select(message, [world.hall], custom_id=menu_id(message, "Channel of the moderators"))
    await world.manager.select(message, [world.hall], custom_id=menu_id(message, "Channel for the welcome"))
    await pick(world.manager, message, "Start of a day", "0")
    assert "at 00:00" in description(message)
    assert description(message).count(f"<#{world.hall.id}>") == 2
    form = await world.manager.click(message, label="Time zone")
    await world.manager.submit_modal(form, {"text": "europe/berlin"})
    assert "Europe/Berlin" in description(message)
    await world.manager.select(message, [], custom_id=menu_id(message, "Role of the moderators"))
    assert "not chosen: only people with" in description(message)


async def test_everyone_can_not_be_the_moderators_role(world: World) -> None:
    message = await open_panel(world)
    menu = menu_id(message, "Role of the moderators")
    await world.manager.select(message, [world.guild.default_role], custom_id=menu)
    assert "@everyone" in message.content
    assert "not chosen: only people with" in description(await open_panel(world))


async def test_the_zone_can_come_with_the_command(world: World) -> None:
    choices = await world.manager.autocomplete(world.hall, "setup", "zone", "berl")
    assert choices[0]["value"] == "Europe/Berlin"
    message = answered(await world.manager.slash(world.hall, "setup", zone="Europe/Berlin"))
    assert "Europe/Berlin" in description(message)


async def test_a_wrong_zone_is_told_with_a_proposal_and_nothing_changes(world: World) -> None:
    message = await open_panel(world)
    form = await world.manager.click(message, label="Time zone")
    result = await world.manager.submit_modal(form, {"text": "berlin"})
    assert "Europe/Berlin" in trouble(result)
    assert "UTC" in description(await open_panel(world))


async def test_check_names_the_missing_right(world: World) -> None:
    me = world.bot.user
    assert me is not None
    shut = discord.PermissionOverwrite(send_messages=False, embed_links=False)
    closed = world.guild.create_text_channel("closed", overwrites={me: shut})
    message = await open_panel(world)
    await world.manager.select(message, [world.hall], custom_id=menu_id(message, "Channel of the moderators"))
    await world.manager.select(message, [closed], custom_id=menu_id(message, "Channel for the welcome"))
    await world.manager.click(message, label="Check")
    found = message.embeds[0].fields[0].value or ""
    assert f"<#{world.hall.id}>, and I can write there" in found
    assert "*Send Messages* and *Embed Links*" in found
    result = await world.manager.click(message, label="Post the welcome")
    assert "*Send Messages*" in trouble(result)


async def test_the_welcome_has_buttons_that_work_at_once(world: World) -> None:
    message = await open_panel(world)
    await world.manager.select(message, [world.hall], custom_id=menu_id(message, "Channel for the welcome"))
    await world.manager.click(message, label="Post the welcome")
    posted = world.hall.last_message
    assert posted is not None
    posts = [request for request in world.env.http_requests if request.path.endswith("/messages")]
    assert posts[-1].json is not None
    assert posts[-1].json["allowed_mentions"] == {"parse": []}
    opened = answered(await world.bob.click(posted, label="Start the roadmap"))
    assert opened.embeds[0].title == "Where do you start?"
    form = await world.bob.click(posted, label="Ask a question")
    answer = answered(await world.bob.submit_modal(form, {"text": "do i need a degree"}))
    assert answer.flags.ephemeral


async def test_only_managers_see_and_use_it_whatever_discord_lets_through(world: World) -> None:
    command = world.bot.tree.get_command("setup")
    assert isinstance(command, discord.app_commands.Command)
    assert command.default_permissions == discord.Permissions(manage_guild=True)
    for custom_id in ("s1:u:check", "s1:ud", "s1:ur", "s1:um", "s1:uw", "s1:u:welcome", "s1:u:zone"):
        result = await world.alice.click(await forged(world, custom_id), label="forged")
        assert "Manage Server" in trouble(result)
    command.default_permissions = None
    await world.bot.tree.sync()
    result = await world.alice.slash(world.hall, "setup")
    assert "Manage Server" in trouble(result)
    assert_error(world.env, discord.app_commands.CommandInvokeError)


async def test_help_shows_what_this_person_may_do(world: World) -> None:
    member = answered(await world.alice.slash(world.hall, "help"))
    assert "</roadmap:" in description(member)
    assert "setup" not in str(member.embeds[0].to_dict())
    manager = answered(await world.manager.slash(world.hall, "help"))
    assert "</setup:" in str(manager.embeds[0].to_dict())
    assert "My roadmap" in labels(member)


async def test_joining_a_server_posts_one_line_where_it_may(world: World) -> None:
    me = world.bot.user
    assert me is not None
    guild = world.env.create_guild("New here")
    shut = discord.PermissionOverwrite(send_messages=False)
    closed = guild.create_text_channel("rules", overwrites={me: shut})
    general = guild.create_text_channel("general")
    joined = world.bot.get_guild(guild.id)
    cog = world.bot.get_cog("SetupCog")
    assert cog is not None
    listeners = dict(cog.get_listeners())
    for _ in range(2):
        await listeners["on_guild_join"](joined)
    assert closed.history() == []
    assert len(general.history()) == 1
    assert "</setup:" in general.history()[0].content
