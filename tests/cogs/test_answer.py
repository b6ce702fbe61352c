"""Answers to a post as members write and read them."""

from __future__ import annotations

from bot.storage.database import Database
from tests.cogs.page import description, pick, trouble
from tests.cogs.posted import now_on, posted, told, write
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock


async def test_two_people_answer_and_read_each_other(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    for_alice = await told(world.alice, message, "Done")
    await write(world, world.alice, for_alice, "Fit the scaler on the training rows.", "shared")
    assert for_alice.content == "Shared with the group. It counts as done. +5 points."
    assert "Answers 1" in now_on(world, message)[1]
    first = await told(world.bob, message, "Answers 1")
    assert "Try it yourself first" in description(first)
    assert "1 answer shared" in description(first)
    await world.bob.click(first, label="Done")
    await write(world, world.bob, first, "@everyone **look** <@1> [x](https://evil.example)", "shared")
    assert now_on(world, message) == (
        "2 done" + now_on(world, message)[0][6:],
        ["Done", "Help", "Answers 2", "Later", "Quiz"],
    )
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
    await world.alice.click(own, label="Remove my answer")
    assert "nobody can read it any more" in own.content
    assert now_on(world, message) == (
        "2 done" + now_on(world, message)[0][6:],
        ["Done", "Help", "Answers", "Later", "Quiz"],
    )


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
    item = world.bot.services.packs.shipped.exercises.prompts["f-scaled-six"]
    assert item.outline[0] in description(page)
    other = await told(world.bob, await forged(world, "s1:dp:outline:1"), "forged")
    assert "Try it yourself first" in description(other)
    await world.bob.click(other, label="Show it anyway")
    assert item.outline[0] in description(other)
