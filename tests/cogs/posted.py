"""A post in the simulated server, as the bot would have sent it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import discord
import simcord
from simcord.results import ResponseMessage
from sqlalchemy import Connection

from bot.domain.occurrence import OccurrenceState
from bot.domain.schedule import Slot
from bot.services.post import PostKey, post_of
from bot.storage import occurrence as store
from bot.storage.database import Database
from bot.ui.post import post
from tests.cogs.page import answered, labels
from tests.conftest import World
from tests.fakes.clock import FakeClock

EXERCISE: Final = "f-scaled-six"
"""A practice prompt of level 1 on a topic of stage 3."""


def sent_as(guild_id: int, clock: FakeClock, exercise_id: str, day: date, channel_id: int = 5) -> store.Plan:
    """Return the plan of a post that is due now."""
    return store.Plan(guild_id, 1, day, Slot.PRACTICE, exercise_id, channel_id, clock.now())


def record(tx: Connection, plan: store.Plan, message_id: int) -> int:
    """Record a post as sent; return its number."""
    assert store.plan(tx, plan)
    (one,) = store.claim(tx, "test", plan.due_at, 1)
    assert store.settle(
        tx, one, "test", OccurrenceState.POSTED, message_id=message_id, posted_at=plan.due_at + timedelta(seconds=1)
    )
    return one.number


async def posted(world: World, database: Database, clock: FakeClock, exercise_id: str = EXERCISE) -> discord.Message:
    """Post an exercise in the hall, due now, and return the message; the database knows it as sent."""
    channel = world.bot.get_channel(world.hall.id)
    assert isinstance(channel, discord.TextChannel)
    day = clock.now().date()
    plan = sent_as(world.guild.id, clock, exercise_id, day, world.hall.id)
    # its number stands on its buttons, so the row comes first
    number = await database.write(lambda tx: record(tx, plan, 1))
    key = PostKey(plan.guild_id, number, 1, 1, day, plan.due_at, exercise_id)
    shown = await database.read(lambda tx: post_of(tx, world.bot.services.packs.shipped, key))
    assert shown is not None
    message = await world.bot.courier.post(channel, post(shown))
    row = store.occurrence
    mine = row.c.guild_id == plan.guild_id, row.c.number == number
    await database.write(lambda tx: tx.execute(row.update().where(*mine).values(message_id=message.id)))
    return message


async def told(actor: simcord.MemberActor, message: discord.Message | ResponseMessage, label: str) -> ResponseMessage:
    """Press a button of a post and return the page that is told to the presser."""
    result = await actor.click(message, label=label)
    (page,) = result.followups or [answered(result)]
    assert page.flags.ephemeral
    return page


def now_on(world: World, message: discord.Message) -> tuple[str, list[str]]:
    """Return a post's tally and its buttons as everybody sees them now."""
    last = world.hall.last_message
    assert last is not None
    assert last.id == message.id, "something else was posted"
    shown = [str(one.label) for row in last.components for one in row.children]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType, reportUnknownArgumentType]
    return (last.embeds[0].description or "").rpartition("\n\n")[2], shown


async def write(world: World, actor: simcord.MemberActor, page: ResponseMessage, text: str, audience: str) -> None:
    """Fill in the form for an answer."""
    button = next(label for label in labels(page) if label.endswith("my answer") and not label.startswith("Remove"))
    form = await actor.click(page, label=button)
    await actor.submit_modal(form, {"text": text, "audience": audience})
