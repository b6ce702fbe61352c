"""My week as members live it, from the profile to the end of the week after."""

from __future__ import annotations

from tests.cogs.page import answered, description, fill, labels, pick, trouble
from tests.conftest import World
from tests.fakes.clock import FakeClock

TRICK = "**free** [nitro](https://example.org) @everyone"


async def test_a_goal_from_one_sunday_to_the_next(world: World, clock: FakeClock) -> None:
    page = answered(await world.alice.slash(world.hall, "profile"))
    await world.alice.click(page, label="My week")
    assert page.embeds[0].title == "Your week, 23 to 29 November"
    assert "Nothing yet this week" in description(page)
    await pick(world.alice, page, "How my week comes", "today")
    assert page.content == "Your week waits in /today on its last day."
    assert "My week" not in labels(answered(await world.alice.slash(world.hall, "today")))
    clock.move(days=6)
    page = answered(await world.alice.slash(world.hall, "today"))
    assert "**Your week ends today.**" in description(page)
    await world.alice.click(page, label="My week")
    assert "A quiet week." in description(page)
    await fill(world.alice, await world.alice.click(page, label="Goal of next week"), {"goal": TRICK})
    assert page.content == "Your goal is set. You see it again when that week ends."
    assert "“\\*\\*free\\*\\* \\[nitro\\](https://example.org) @\u200beveryone”" in description(page)
    assert "Kept" not in labels(page)
    clock.move(days=7)
    page = answered(await world.alice.slash(world.hall, "today"))
    assert "Its goal was: “\\*\\*free\\*\\*" in description(page)
    await world.alice.click(page, label="My week")
    assert labels(page) == ["Kept", "Partly", "Not this time", "Goal of next week", "Last week", "Today"]
    await world.alice.click(page, label="Partly")
    assert page.content == "Partly is a good part of the way."
    assert "(partly kept)" in description(page)
    assert "Kept" not in labels(page)
    await world.alice.click(page, label="Last week")
    assert page.embeds[0].title == "Your week, 23 to 29 November"
    assert labels(page) == ["Goal of this week", "This week", "Today"]
    await world.alice.click(page, label="Today")
    assert "**Your week ends today.**" in description(page)


async def test_bob_sees_nothing_of_it_and_an_old_page_says_so(world: World, clock: FakeClock) -> None:
    page = answered(await world.alice.slash(world.hall, "profile"))
    await world.alice.click(page, label="My week")
    await pick(world.alice, page, "How my week comes", "message")
    assert page.content == "Your week comes by direct message, in the evening of its last day."
    clock.move(days=6)
    assert "My week" in labels(answered(await world.alice.slash(world.hall, "today")))
    assert "My week" not in labels(answered(await world.bob.slash(world.hall, "today")))
    clock.move(days=14)
    assert "That week is long over" in trouble(await world.alice.click(page, label="Goal of next week"))
    await pick(world.alice, page, "How my week comes", "off")
    assert "does not come by itself any more" in (page.content or "")
