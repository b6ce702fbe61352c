"""The weekly recap in a server: begun in /schedule, posted by the tick, its button works, it is found again."""

from __future__ import annotations

from datetime import timedelta

import discord

from bot.domain.occurrence import Occurrence
from bot.domain.schedule import Slot
from bot.services.courier import Posted
from bot.services.points import adjust
from bot.storage import occurrence as store
from bot.storage.database import Database
from tests.cogs.page import answered, description, labels, pick
from tests.conftest import World
from tests.fakes.clock import FakeClock


async def test_it_is_made_in_the_panel_posted_and_pressed(world: World, database: Database, clock: FakeClock) -> None:
    guild_id, alice = world.guild.id, world.alice.user.id
    await world.bot.services.setup.put_welcome_channel(guild_id, world.hall.id)
    panel = answered(await world.manager.slash(world.hall, "schedule"))
    editor = answered(await world.manager.click(panel, label="Weekly recap"))
    assert editor.embeds[0].title == "New weekly recap"
    assert "Days" not in labels(editor)
    editor = answered(await pick(world.manager, editor, "Day of the recap", "1"))
    assert "Tue weekly recap" in description(editor)
    preview = answered(await world.manager.click(editor, label="Preview and start"))
    assert description(preview).startswith("A quiet week")
    await world.manager.click(preview, label="Start")
    week = clock.now() - timedelta(days=5)
    await database.write(lambda tx: adjust(tx, guild_id, alice, 12, "well done", world.manager.user.id, week))
    clock.move(days=1)
    await world.bot.services.posting.tick()
    message = world.hall.last_message
    assert message is not None
    assert message.content == "**Our week, 16 to 22 November**"
    assert f"🥇 <@{alice}> · 12 points" in (message.embeds[0].description or "")
    mine = answered(await world.alice.click(message, label="My week"))
    assert mine.flags.ephemeral
    assert "place 1 of 1" in description(mine)
    assert "No points that week" in description(answered(await world.bob.click(message, label="My week")))
    (one,) = await database.read(lambda tx: store.recent(tx, guild_id, 1, 9))
    since = discord.utils.snowflake_time(one.message_id or 0)
    sought = Occurrence(
        guild_id, one.number, 1, one.local_date, Slot.RECAP, one.exercise_id, world.hall.id, since, 1, 2, since
    )
    assert await world.bot.courier.find(sought) == Posted(one.message_id or 0)
