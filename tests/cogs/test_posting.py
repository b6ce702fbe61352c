"""The daily post in a server, by the bot's own tick: it arrives, it is pressed, and what is refused is told."""

from __future__ import annotations

from datetime import time, timedelta

import discord

from bot.domain.occurrence import Occurrence, OccurrenceState
from bot.domain.schedule import PostOptions, Slot, WeekPlan
from bot.services.courier import Posted
from bot.storage import guild as guild_store
from bot.storage import occurrence as store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.guild import Guild
from tests.cogs.posted import now_on, told
from tests.conftest import World
from tests.fakes.clock import FakeClock

P = Slot.PRACTICE
EVERY_DAY: WeekPlan = (P, P, P, P, P, P, P)


async def due_in_an_hour(world: World, database: Database, clock: FakeClock) -> None:
    """Give the server a daily post in the hall, an hour from now; its moderators are told things in another channel."""
    guild_id, at = world.guild.id, time((clock.now() + timedelta(hours=1)).hour)
    moderators = world.guild.create_text_channel("moderators")
    settings = Guild(guild_id, moderator_channel_id=moderators.id)
    await database.write(lambda tx: guild_store.put(tx, settings))
    options = PostOptions(thread=True)
    await database.write(
        lambda tx: schedule_store.add(tx, guild_id, world.hall.id, at, EVERY_DAY, clock.now(), options)
    )
    clock.move(hours=1)


async def test_the_post_arrives_and_its_buttons_work(world: World, database: Database, clock: FakeClock) -> None:
    await due_in_an_hour(world, database, clock)
    await world.bot.services.posting.tick()
    message = world.hall.last_message
    assert message is not None
    await told(world.alice, message, "Done")
    assert now_on(world, message)[0].startswith("1 done")


async def test_it_is_found_again_by_its_buttons(world: World, database: Database, clock: FakeClock) -> None:
    await due_in_an_hour(world, database, clock)
    await world.bot.services.posting.tick()
    (one,) = await database.read(lambda tx: store.recent(tx, world.guild.id, 1, 9))
    # SimCord's messages carry the machine's time
    since = discord.utils.snowflake_time(one.message_id or 0)
    sought = Occurrence(
        world.guild.id, one.number, 1, one.local_date, P, one.exercise_id, world.hall.id, since, 1, 2, since
    )
    assert await world.bot.courier.find(sought) == Posted(one.message_id or 0)


async def test_f18_without_the_right_to_write_the_moderators_are_told_which_to_give(
    world: World, database: Database, clock: FakeClock
) -> None:
    await due_in_an_hour(world, database, clock)
    channel = world.bot.get_channel(world.hall.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(channel.guild.me, send_messages=False)
    await world.bot.services.posting.tick()
    (one,) = await database.read(lambda tx: store.recent(tx, world.guild.id, 1, 9))
    assert one.state is OccurrenceState.REFUSED
    heard = world.guild.channels["moderators"].last_message
    assert heard is not None
    sentence = heard.embeds[0].description or ""
    assert sentence.startswith(f"I can't write in {channel.mention}. Give **Syllabot** *Send Messages*")
    assert sentence.endswith("there, then press Resume in /schedule.")
