"""The showcase: a finished project is shown once, with a thread, and taken back by its author alone."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest
from simcord import MemberActor
from simcord.results import ResponseMessage

from bot.domain.pack import Pack
from bot.domain.roadmap import State
from bot.errors import BadInputError
from bot.storage import guild as guild_store
from bot.storage.database import Database
from tests.cogs.page import answered, description, labels, trouble
from tests.conftest import World

LINK = "https://github.com/alice/fraud"


@pytest.fixture
def project(pack: Pack) -> str:
    """The id of a project."""
    return next(topic.id for topic in pack.topics.values() if topic.milestones)


async def finished(world: World, database: Database, project: str, link: str | None = LINK) -> ResponseMessage:
    """Choose the hall for projects, let Alice finish one, and return the page of it."""
    guild_id, alice = world.guild.id, world.alice.user.id
    settings = await database.read(lambda tx: guild_store.get(tx, guild_id))
    await database.write(lambda tx: guild_store.put(tx, replace(settings, showcase_channel_id=world.hall.id)))
    service = world.bot.services.roadmap
    await service.mark(guild_id, alice, project, State.DONE, confirmed=True)
    if link:
        await service.add_evidence(guild_id, alice, project, link)
    return await page_of(world, world.alice, project)


def exhibits(world: World) -> list[discord.Message]:
    """Return the messages in the hall that show a project."""
    return [message for message in world.hall.history() if " finished **" in message.content]


async def page_of(world: World, actor: MemberActor, project: str) -> ResponseMessage:
    """Return a member's page of a project."""
    return answered(await actor.slash(world.hall, "roadmap", topic=project))


async def test_a_finished_project_is_shown_once_and_taken_back(
    world: World, database: Database, pack: Pack, project: str
) -> None:
    page = await finished(world, database, project)
    shown = answered(await world.alice.click(page, label="Show it"))
    assert "Its thread is open" in (shown.content or "")
    (message,) = exhibits(world)
    assert pack.topics[project].title in message.content
    assert LINK in (message.embeds[0].description or "")
    assert message.mentions == []
    with pytest.raises(BadInputError, match="in the showcase already"):
        await world.bot.services.showcase.claim(world.guild.id, world.alice.user.id, project)
    assert trouble(await world.bob.click(message, label="Take it back"))
    back = answered(await world.alice.click(message, label="Take it back"))
    assert "no longer in the showcase" in (back.content or "")
    assert "Show it" in labels(back)
    assert exhibits(world) == []


async def test_another_link_is_shown_in_place_of_the_first(world: World, database: Database, project: str) -> None:
    page = await finished(world, database, project)
    await world.alice.click(page, label="Show it")
    (first,) = exhibits(world)
    other = "https://github.com/alice/better"
    await world.bot.services.roadmap.add_evidence(world.guild.id, world.alice.user.id, project, other)
    await world.alice.click(await page_of(world, world.alice, project), label="Show the new link")
    (second,) = exhibits(world)
    assert second.id != first.id
    assert other in (second.embeds[0].description or "")


async def test_without_a_link_or_a_channel_nothing_is_offered(world: World, database: Database, project: str) -> None:
    page = await finished(world, database, project, link=None)
    assert "Show it" not in labels(page)
    await world.bot.services.showcase.put_channel(world.guild.id, None)
    await world.bot.services.roadmap.add_evidence(world.guild.id, world.alice.user.id, project, LINK)
    assert "Show it" not in labels(await page_of(world, world.alice, project))


async def test_where_the_bot_may_not_write_nothing_is_claimed(world: World, database: Database, project: str) -> None:
    page = await finished(world, database, project)
    channel = world.bot.get_channel(world.hall.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(channel.guild.me, send_messages=False)
    assert "I can't write in" in trouble(await world.alice.click(page, label="Show it"))
    await channel.set_permissions(channel.guild.me, send_messages=True)
    assert "is in" in (answered(await world.alice.click(page, label="Show it")).content or "")


async def test_moderators_choose_the_channel(world: World) -> None:
    panel = answered(await world.manager.slash(world.hall, "schedule"))
    settings = answered(await world.manager.click(panel, label="Showcase"))
    assert "nowhere yet" in description(settings)
    await world.bot.services.showcase.put_channel(world.guild.id, world.hall.id)
    panel = answered(await world.manager.slash(world.hall, "schedule"))
    again = answered(await world.manager.click(panel, label="Showcase"))
    assert world.hall.mention in description(again)


async def test_a_portfolio_comes_as_a_file(world: World, database: Database, project: str, pack: Pack) -> None:
    await finished(world, database, project)
    page = answered(await world.alice.slash(world.hall, "profile"))
    told = answered(await world.alice.click(page, label="Portfolio"))
    assert told.embeds[0].title == "Your portfolio"
    text = await world.bot.services.portfolio.readme(world.guild.id, world.alice.user.id, "Alice")
    assert LINK in text
    assert pack.topics[project].title in text.replace("\\", "")
    assert told.attachments[0].filename == "README.md"
