"""A post's buttons as members press them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import discord
import pytest

from bot.app import assembled
from bot.services.prompt import Finished
from bot.storage.database import Database
from bot.ui.reply import DEFER_AFTER, Reply
from cogs.prompt import PromptCog
from tests.cogs.page import answered, components, description, labels, pick, trouble
from tests.cogs.posted import now_on, posted, told, write
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock
from tests.fakes.scheduler import DrivenScheduler


async def test_done_counts_at_once_and_once_and_can_be_taken_back(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    before = message.content
    page = await told(world.alice, message, "Done")
    assert page.content == "Counted for Monday. 1 day in a row. +12 points."
    assert labels(page) == ["Write my answer", "Read the outline", "Answers", "Take it back"]
    assert now_on(world, message)[0].startswith("1 done · end of the day:")
    assert world.hall.last_message is not None
    assert world.hall.last_message.content == before
    again = await told(world.alice, message, "Done")
    assert again.content == "Counted already for Monday. 1 day in a row."
    assert now_on(world, message)[0].startswith("1 done")
    await world.alice.click(page, label="Take it back")
    assert page.content.startswith("Taken back: it doesn't count for Monday any more.")
    assert labels(page) == ["Done", "Help", "Answers", "Later"]
    assert now_on(world, message)[0].startswith("Nobody is done yet")
    await world.alice.click(again, label="Take it back")
    assert again.content.startswith("There was nothing to take back")
    await world.alice.click(page, label="Done")
    assert page.content == "Counted for Monday. 1 day in a row. +12 points."
    assert now_on(world, message)[0].startswith("1 done")


async def test_help_gives_a_hint_and_another_one_that_counts(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    page = await told(world.alice, message, "Help")
    exercises = world.bot.services.packs.shipped.exercises.prompts
    hint = exercises["f-scaled-six"].hint
    assert hint not in description(page)
    await world.alice.click(page, label="Show the hint")
    assert hint in description(page)
    await world.alice.click(page, label="Too easy")
    assert "level 2" in page.content
    assert page.embeds[0].title != "The six that shrank"
    given = page.embeds[0].title
    await world.alice.click(page, label="Back to the posted one")
    assert page.embeds[0].title == "The six that shrank"
    await world.alice.click(page, label="Too easy")
    assert page.embeds[0].title == given
    await world.alice.click(page, label="Too easy")
    assert "level 3" in page.content
    assert page.embeds[0].title not in {given, "The six that shrank"}
    await world.alice.click(page, label="Done")
    assert "in place of the posted one" in description(page)
    assert now_on(world, message)[0].startswith("1 done")


async def test_later_offers_times_and_takes_them_back(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    page = await told(world.alice, message, "Later")
    assert "Privacy Settings" in description(page)
    times = [str(one["label"]) for one in next(components(page))["options"]]
    assert times[0] == "In an hour · Mon 10:00"
    assert sum("Tue 09:00" in one for one in times) == 1, "two names for one time are one too many"
    await pick(world.alice, page, "Choose a time", "evening")
    at = int(clock.now().replace(hour=20).timestamp())
    assert f"<t:{at}:t>" in description(page)
    clock.move(hours=12)
    assert "over for today" in trouble(await pick(world.alice, page, "Choose another time", "evening"))
    await world.alice.click(page, label="Don't remind me")
    assert "Taken back" in page.content
    await world.alice.click(page, label="Done")
    assert "nothing to remind you of" in description(await told(world.alice, message, "Later"))


async def test_f33_an_old_post_counts_for_the_day_of_the_press(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    clock.move(days=100)
    page = await told(world.alice, message, "Done")
    assert page.content.startswith("Counted for Wednesday.")
    assert "of Monday, November 23; it counts on the day you press Done" in description(page)


async def test_f33_an_exercise_that_is_gone_still_counts(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    await database.write(lambda tx: tx.exec_driver_sql("UPDATE occurrence SET exercise_id = 'gone'"))
    assert "no longer in the content" in description(await told(world.bob, message, "Help"))
    page = await told(world.alice, message, "Done")
    assert page.content == "Counted for Monday. 1 day in a row. +12 points."
    assert "no longer in the content" in description(page)
    await write(world, world.alice, page, "still mine", "shared")
    assert page.content.startswith("Shared")
    await world.alice.click(page, label="Read the outline")
    assert "no longer in the content" in description(page)


@pytest.mark.parametrize(
    "custom_id",
    [
        "s1:d:9:1:done", "s1:d:1:1:help", "s1:dp:undo:1", "s1:dp:write:1", "s1:dv:too_hard:1:1", "s1:da:1:0",
        "s1:dy:1:0", "s1:dp:later:7",
    ],
)  # fmt: skip
async def test_a_number_of_no_post_here_gets_a_sentence(
    world: World, database: Database, clock: FakeClock, custom_id: str
) -> None:
    elsewhere = world.env.create_guild("Elsewhere")
    elsewhere.create_text_channel("hall")
    await database.write(
        lambda tx: tx.exec_driver_sql(
            "INSERT INTO occurrence (guild_id, number, schedule_id, local_date, kind, slot, exercise_id, channel_id, "
            "due_at, generation, state, tries, message_id) VALUES (?, 1, 1, '2026-11-23', 'daily', 'practice', "
            "'f-scaled-six', 5, 0, 1, 'posted', 1, 7)",
            (elsewhere.id,),
        )
    )
    assert clock.now()
    result = await world.alice.click(await forged(world, custom_id), label="forged")
    assert "/today" in trouble(result)


async def test_a_deleted_post_is_no_loss(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    page = await told(world.alice, message, "Help")
    await message.delete()
    await world.alice.click(page, label="Done")
    assert page.content == "Counted for Monday. 1 day in a row. +12 points."


async def test_done_that_takes_long_is_deferred_and_then_told(
    world: World, database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await posted(world, database, clock)
    original = world.bot.services.prompt.done
    free = asyncio.Event()

    async def slow(guild_id: int, user_id: int, number: int) -> Finished:
        await world.env.external_wait(free.wait(), reason="a slow database")
        return await original(guild_id, user_id, number)

    monkeypatch.setattr(world.bot.services.prompt, "done", slow)
    result = await world.alice.click(message, label="Done")
    await world.env.advance_time(DEFER_AFTER + 0.1)
    assert result.deferred
    free.set()
    await world.env.settle()
    assert now_on(world, message)[0].startswith("1 done")
    assert [one.content for one in result.followups] == ["Counted for Monday. 1 day in a row. +12 points."]
    assert result.followups[0].flags.ephemeral


async def test_done_is_told_even_where_the_post_vanishes_meanwhile(
    world: World, database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await posted(world, database, clock)
    original = world.bot.services.prompt.done

    async def while_it_is_deleted(guild_id: int, user_id: int, number: int) -> Finished:
        await message.delete()
        return await original(guild_id, user_id, number)

    monkeypatch.setattr(world.bot.services.prompt, "done", while_it_is_deleted)
    page = answered(await world.alice.click(message, label="Done"))
    assert page.content == "Counted for Monday. 1 day in a row. +12 points."
    assert page.flags.ephemeral


async def test_a_post_whose_embed_was_taken_off_still_counts(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    await message.edit(embed=None)
    page = await told(world.alice, message, "Done")
    assert page.content == "Counted for Monday. 1 day in a row. +12 points."


async def test_f33_presses_work_after_a_restart(
    world: World, database: Database, clock: FakeClock, database_path: Path
) -> None:
    message = await posted(world, database, clock)
    page = await told(world.alice, message, "Done")
    async with assembled(
        database_path, world.bot.services.packs.shipped, clock, scheduler=DrivenScheduler(timezone="UTC")
    ) as again:
        await world.env.restart_bot(again)
        assert (await told(world.bob, message, "Done")).content == "Counted for Monday. 1 day in a row. +12 points."
        await world.alice.click(page, label="Take it back")
        assert now_on(world, message)[0].startswith("1 done")


async def test_many_presses_elsewhere_share_an_edit_of_the_post(
    world: World, database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await posted(world, database, clock)
    edits: list[int] = []
    original = world.bot.courier.edit

    async def counted(what: discord.PartialMessage, reply: Reply) -> None:
        edits.append(what.id)
        await original(what, reply)

    monkeypatch.setattr(world.bot.courier, "edit", counted)
    # an extension is loaded as a module of its own, so its class is not the one imported here
    cog = cast("PromptCog", world.bot.get_cog("PromptCog"))

    for user_id in range(1, 21):
        await world.bot.services.prompt.done(world.guild.id, user_id, 1)
    # SimCord lets one press in at a time, so what a press ends with is called directly
    redraw = cog._redraw_post  # pyright: ignore[reportPrivateUsage]
    await asyncio.gather(*(redraw(world.guild.id, 1) for _ in range(20)))
    assert now_on(world, message)[0].startswith("20 done")
    assert edits == [message.id] * 2, "one in flight, and one more for all that came meanwhile"
