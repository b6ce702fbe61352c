"""The message menu **This helped me**."""

from __future__ import annotations

import discord
from simcord.asserts import assert_error

from bot.errors import BadInputError
from tests.cogs.page import answered, labels, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World

MENU = "This helped me"


async def test_thanks_are_private_until_they_are_said(world: World) -> None:
    message = await world.bob.send(world.hall, "Fit the scaler on the training rows only.")
    result = answered(await world.alice.context_menu(world.hall, MENU, message))
    assert result.flags.ephemeral
    assert f"<@{world.bob.id}> gets credit for it, 1 thanks so far" in result.content
    assert world.hall.last_message is not None
    assert world.hall.last_message.id == message.id
    said = await world.alice.click(result, label="Say it here")
    assert result.content == "Said below, for everybody here."
    assert labels(result) == []
    (public,) = said.followups
    assert not public.flags.ephemeral
    address = f"https://discord.com/channels/{world.guild.id}/{world.hall.id}/{message.id}"
    assert public.content == f"<@{world.alice.id}> says that [this message]({address}) by <@{world.bob.id}> helped."
    sent = world.env.http_requests[-1].json
    assert sent is not None
    assert sent["allowed_mentions"] == {"parse": []}
    again = answered(await world.alice.context_menu(world.hall, MENU, message))
    assert "before" in again.content
    assert labels(again) == []


async def test_neither_oneself_nor_a_bot_is_thanked(world: World) -> None:
    own = await world.alice.send(world.hall, "I am great.")
    assert "your own message" in trouble(await world.alice.context_menu(world.hall, MENU, own))
    bots = await forged(world, "s1:ro")
    assert "A bot wrote that" in trouble(await world.alice.context_menu(world.hall, MENU, bots))
    assert_error(world.env, BadInputError)


async def test_thanks_that_were_never_given_are_not_said(world: World) -> None:
    result = await world.alice.click(await forged(world, "s1:ds:123"), label="forged")
    assert "This helped me" in trouble(result)


async def test_whoever_may_not_write_there_says_nothing_there(world: World) -> None:
    quiet = discord.PermissionOverwrite(send_messages=False)
    channel = world.guild.create_text_channel("news", overwrites={world.alice: quiet})
    message = await world.bob.send(channel, "Read this.")
    result = answered(await world.alice.context_menu(channel, MENU, message))
    assert "can't write in this channel" in trouble(await world.alice.click(result, label="Say it here"))
    assert channel.last_message is not None
    assert channel.last_message.id == message.id
