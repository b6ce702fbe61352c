"""``/today`` as members use it."""

from __future__ import annotations

from datetime import time

from bot.domain.schedule import BALANCED
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from tests.cogs.page import answered, description, labels, pick
from tests.cogs.posted import posted, record, sent_as
from tests.conftest import World
from tests.fakes.clock import FakeClock


async def test_the_days_post_with_ones_own_state(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    page = answered(await world.alice.slash(world.hall, "today"))
    assert page.flags.ephemeral
    assert page.embeds[0].title == "The six that shrank"
    assert f"https://discord.com/channels/{world.guild.id}/{world.hall.id}/{message.id}" in description(page)
    assert "No streak yet" in description(page)
    assert f"Your day ends <t:{int(clock.now().replace(hour=4).timestamp()) + 86400}:R>" in description(page)
    assert labels(page)[:4] == ["Done", "Help", "Answers", "Later"]
    await world.alice.click(page, label="Done")
    assert page.content == "Counted for Monday. 1 day in a row. +12 points."
    last = world.hall.last_message
    assert last is not None
    assert "1 done" in (last.embeds[0].description or "")
    form = await world.alice.click(page, label="Write my answer")
    await world.alice.submit_modal(form, {"text": "mine", "audience": "private"})
    page = answered(await world.alice.slash(world.hall, "today"))
    assert "**Done** at" in description(page)
    assert "answer kept for you" in description(page)
    assert "**1 day in a row**, today included" in description(page)
    assert labels(page)[0] == "Change my answer"


async def test_several_posts_of_a_day(world: World, database: Database, clock: FakeClock) -> None:
    await posted(world, database, clock)
    other = sent_as(world.guild.id, clock, "f-name-the-task", clock.now().date().replace(day=22))
    await database.write(lambda tx: record(tx, other, 8))
    page = answered(await world.alice.slash(world.hall, "today"))
    assert page.embeds[0].title == "Name the task before the model"
    await pick(world.alice, page, "Today's posts", "1")
    assert page.embeds[0].title == "The six that shrank"


async def test_a_day_without_a_post_says_what_comes_and_offers_the_road(
    world: World, database: Database, clock: FakeClock
) -> None:
    page = answered(await world.alice.slash(world.hall, "today"))
    assert page.embeds[0].title == "There are no daily posts here yet"
    assert "setup" in description(page)
    (topic,) = labels(page)
    assert topic.startswith("Next topic: ")
    await world.alice.click(page, label=topic)
    assert "Afterwards you can" in description(page)
    guild_id, now = world.guild.id, clock.now()
    await database.write(lambda tx: schedule_store.add(tx, guild_id, world.hall.id, time(18), BALANCED, now))
    page = answered(await world.alice.slash(world.hall, "today"))
    assert page.embeds[0].title == "Nothing is posted for today yet"
    assert f"<t:{int(now.replace(hour=18).timestamp())}:R> in <#{world.hall.id}>" in description(page)


async def test_yesterdays_post_is_not_todays(world: World, database: Database, clock: FakeClock) -> None:
    await posted(world, database, clock)
    clock.move(hours=18)
    page = answered(await world.alice.slash(world.hall, "today"))
    assert page.embeds[0].title == "The six that shrank", "at three in the night it is still the same study day"
    clock.move(hours=2)
    page = answered(await world.alice.slash(world.hall, "today"))
    assert page.embeds[0].title == "There are no daily posts here yet"
