"""The page *Seasons and groups* of ``/setup``."""

from __future__ import annotations

from simcord.results import ResponseMessage

from tests.cogs.page import answered, description, labels, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World


async def seasons(world: World) -> ResponseMessage:
    """Open the page as the manager."""
    message = answered(await world.manager.slash(world.hall, "setup"))
    await world.manager.click(message, label="Seasons and groups")
    return message


async def test_a_season_begins_ends_and_both_are_taken_back(world: World) -> None:
    message = await seasons(world)
    assert "**Season** none runs" in description(message)
    form = await world.manager.click(message, label="Begin a season")
    await world.manager.submit_modal(form, {"name": "Autumn *1*", "first": ""})
    assert "The season is on" in message.content
    assert r"**Season** Autumn \*1\*, since Mon 23 Nov 2026" in description(message)
    form = await world.manager.click(message, label="End the season")
    await world.manager.submit_modal(form, {"last": ""})
    assert r"**Before** Autumn \*1\*, Mon 23 Nov to Mon 23 Nov 2026" in description(message)
    await world.manager.click(message, label="Let Autumn *1* run on")
    await world.manager.click(message, label="Take the beginning back")
    assert "**Season** none runs" in description(message)
    assert labels(message) == ["Back", "Begin a season", "Showcase", "Pace"]
    await world.manager.click(message, label="Back")
    assert message.embeds[0].title == "Set up Syllabot"


async def test_how_groups_are_made_and_compared(world: World) -> None:
    message = await seasons(world)
    await pick(world.manager, message, "Who makes groups", "everybody")
    assert "Everybody may make a group." in description(message)
    await pick(world.manager, message, "What groups are compared by", "share")
    assert "share of members who took part" in description(message)
    await pick(world.manager, message, "Members a group needs", "4")
    assert "needs 4 members" in description(message)


async def test_the_page_is_the_managers_alone(world: World) -> None:
    for code in ("ls", "lf", "lu", "lp:end:1", "lp:unbegin:1", "lp:resume:1"):
        result = await world.alice.click(await forged(world, f"s1:{code}"), label="forged")
        assert "Manage Server" in trouble(result)


async def test_a_wrong_day_is_told_and_nothing_begins(world: World) -> None:
    message = await seasons(world)
    form = await world.manager.click(message, label="Begin a season")
    assert "no date" in trouble(await world.manager.submit_modal(form, {"name": "Autumn", "first": "soon"}))
    assert "none runs" in description(await seasons(world))
