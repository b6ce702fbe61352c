"""A post's buttons as members press them."""

from __future__ import annotations

import discord
import pytest
import simcord
from simcord.results import ResponseMessage

from bot.storage.database import Database
from tests.cogs.page import answered, description, labels, pick, trouble
from tests.cogs.posted import posted
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock


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
    button = next(label for label in labels(page) if label.endswith("my answer") and not label.startswith("Take"))
    form = await actor.click(page, label=button)
    await actor.submit_modal(form, {"text": text, "audience": audience})


async def test_done_counts_at_once_and_once_and_can_be_taken_back(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    before = message.content
    page = await told(world.alice, message, "Done")
    assert page.content == "Counted for Monday. 1 day in a row."
    assert labels(page) == ["Write my answer", "Read the outline", "Answers", "Take it back"]
    assert now_on(world, message)[0].startswith("1 done · the day ends")
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
    assert page.content == "Counted for Monday. 1 day in a row."
    assert now_on(world, message)[0].startswith("1 done")


async def test_two_people_answer_and_read_each_other(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    for_alice = await told(world.alice, message, "Done")
    await write(world, world.alice, for_alice, "Fit the scaler on the training rows.", "shared")
    assert for_alice.content == "Shared with the group. It counts as done."
    assert "Answers 1" in now_on(world, message)[1]
    first = await told(world.bob, message, "Answers 1")
    assert "Try it yourself first" in description(first)
    assert "1 answer shared" in description(first)
    await world.bob.click(first, label="Done")
    await write(world, world.bob, first, "@everyone **look** <@1> [x](https://evil.example)", "shared")
    assert now_on(world, message) == ("2 done" + now_on(world, message)[0][6:], ["Done", "Help", "Answers 2", "Later"])
    await world.bob.click(first, label="Answers 2")
    assert f"<@{world.alice.id}>" in description(first)
    assert "Fit the scaler on the training rows." in description(first)
    read = await told(world.alice, message, "Answers 2")
    assert f"<@{world.bob.id}>" in description(read)
    assert "@everyone" not in description(read)
    assert "\\*\\*look\\*\\*" in description(read)
    assert "\\[x\\](https://evil.example)" in description(read), "a masked link shows as typed"
    assert f"<@{world.alice.id}> (you)" in description(read)
    posts = [request.json for request in world.env.http_requests if request.json and "allowed_mentions" in request.json]
    assert all(one["allowed_mentions"] == {"parse": []} for one in posts)


async def test_a_private_answer_is_for_its_writer_and_can_be_changed_and_taken_back(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    page = await told(world.alice, message, "Done")
    await write(world, world.alice, page, "for me", "private")
    assert page.content == "Kept for you alone. It counts as done."
    own = await told(world.alice, message, "Answers")
    assert "only you can read it\nfor me" in description(own)
    others = await told(world.bob, message, "Answers")
    await world.bob.click(others, label="Show them anyway")
    assert "Nobody has shared an answer yet" in description(others)
    assert "for me" not in description(others)
    form = await world.alice.click(own, label="Change my answer")
    shown = str(form.modal)
    assert "for me" in shown
    await world.alice.submit_modal(form, {"text": "for all", "audience": "shared"})
    await world.bob.click(others, label="Done")
    await world.bob.click(others, label="Answers 1")
    assert "for all" in description(others)
    await world.alice.click(own, label="Take my answer back")
    assert "nobody can read it any more" in own.content
    assert now_on(world, message) == ("2 done" + now_on(world, message)[0][6:], ["Done", "Help", "Answers", "Later"])


async def test_many_and_long_answers_turn_pages_and_open_in_full(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    service = world.bot.services.answer
    number = 1
    for user_id in range(1, 8):
        clock.move(seconds=1)
        await service.write(world.guild.id, user_id, number, f"{'*' * 1490} {user_id}", shared=True)
    page = await told(world.bob, message, "Answers")
    await world.bob.click(page, label="Show them anyway")
    assert page.embeds[0].footer.text == "1–5 of 7"
    await world.bob.click(page, label="More answers")
    assert page.embeds[0].footer.text == "6–7 of 7"
    await pick(world.bob, page, "Read one in full", "7")
    assert description(page).endswith("\\* 7")
    await world.bob.click(page, label="Back to the answers")
    await world.bob.click(page, label="Earlier answers")
    assert page.embeds[0].footer.text == "1–5 of 7"
    await service.take_back(world.guild.id, 2, number)
    assert "taken back" in trouble(await pick(world.bob, page, "Read one in full", "2"))


async def test_the_outline_is_shown_after_done_or_when_asked_twice(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    page = await told(world.alice, message, "Done")
    await world.alice.click(page, label="Read the outline")
    item = world.bot.services.pack.exercises.prompts["f-scaled-six"]
    assert item.outline[0] in description(page)
    other = await told(world.bob, await forged(world, "s1:dp:outline:1"), "forged")
    assert "Try it yourself first" in description(other)
    await world.bob.click(other, label="Show it anyway")
    assert item.outline[0] in description(other)


async def test_help_gives_a_hint_and_another_one_that_counts(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    page = await told(world.alice, message, "Help")
    exercises = world.bot.services.pack.exercises.prompts
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
    await pick(world.alice, page, "Choose a time", "evening")
    at = int(clock.now().replace(hour=20).timestamp())
    assert f"<t:{at}:t>" in description(page)
    clock.move(hours=12)
    assert "over for today" in trouble(await pick(world.alice, page, "Choose another time", "evening"))
    await world.alice.click(page, label="Don't remind me")
    assert "Taken back" in page.content
    await world.alice.click(page, label="Done")
    assert "nothing to remind you of" in description(await told(world.alice, message, "Later"))


async def test_an_old_post_counts_for_the_day_it_is_pressed(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    clock.move(days=100)
    page = await told(world.alice, message, "Done")
    assert page.content.startswith("Counted for Wednesday.")
    assert "of Monday, November 23; it counts on the day you press Done" in description(page)


async def test_an_exercise_that_is_gone_still_counts(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    await database.write(lambda tx: tx.exec_driver_sql("UPDATE occurrence SET exercise_id = 'gone'"))
    assert "no longer in the content" in description(await told(world.bob, message, "Help"))
    page = await told(world.alice, message, "Done")
    assert page.content == "Counted for Monday. 1 day in a row."
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
    assert page.content == "Counted for Monday. 1 day in a row."
