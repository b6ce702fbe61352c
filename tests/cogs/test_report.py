"""Reports by members, and what moderators do about them, in the simulated server."""

from __future__ import annotations

from simcord.results import ResponseMessage

from bot.domain.points import Reason
from bot.storage import points
from bot.storage.database import Database
from tests.cogs.page import answered, description, fill, labels, pick, trouble
from tests.cogs.posted import posted, told, write
from tests.cogs.test_gap import choose_first
from tests.cogs.test_manage import HOSTILE, managed
from tests.conftest import World
from tests.fakes.clock import FakeClock


async def reports(world: World) -> ResponseMessage:
    """Open the first report as a moderator."""
    page = await managed(world)
    await world.manager.click(page, label="Reports 1")
    await choose_first(world, page)
    return page


async def test_an_answer_is_reported_once_and_kept(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="need-a-degree"))
    form = await world.alice.click(message, label="Report")
    said = answered(await fill(world.alice, form, {"reason": f"The link is dead {HOSTILE}"}))
    assert said.embeds[0].title == "Passed on to the moderators"
    form = await world.alice.click(message, label="Report")
    assert "already" in trouble(await fill(world.alice, form, {"reason": "again"}))
    page = await reports(world)
    shown = str(page.embeds[0].to_dict())
    assert "The link is dead" in shown
    assert "@everyone" not in shown
    assert str(world.alice.id) not in shown, "who reported is never shown"
    await world.manager.click(page, label="Keep")
    assert page.content == "Kept as it is."
    assert "Nothing is reported" in description(page)


async def test_a_reported_answer_is_retired(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="need-a-degree"))
    await fill(world.alice, await world.alice.click(message, label="Report"), {})
    page, stale = await reports(world), await reports(world)
    await world.manager.click(page, label="Remove")
    await world.manager.click(page, label="Remove it")
    assert page.content == "Removed."
    assert "already" in trouble(await world.manager.click(stale, label="Keep"))
    assert "need-a-degree" not in (await world.bot.services.packs.of(world.guild.id)).entries


async def test_a_shared_answer_is_taken_back_and_its_author_told_kindly(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    await write(world, world.bob, await told(world.bob, message, "Done"), f"Rude {HOSTILE}", "shared")
    await told(world.alice, message, "Done")
    read = await told(world.alice, message, "Answers 1")
    choice = answered(await world.alice.click(read, label="Report one"))
    form = await pick(world.alice, choice, "Choose it", str(world.bob.id))
    await fill(world.alice, form, {"reason": "Not kind"})
    stale = await reports(world)
    await write(world, world.bob, await told(world.bob, message, "Answers 1"), "Something else, kind.", "shared")
    await world.manager.click(stale, label="Remove")
    fresh = await reports(world)
    assert "Something else, kind." in description(fresh)
    await world.manager.click(fresh, label="Remove")
    await world.manager.click(fresh, label="Remove it")
    assert fresh.content == "Removed."
    ledger = await database.read(lambda tx: points.of_member(tx, world.guild.id, world.bob.id, 99))
    assert sum(one.delta for one in ledger if one.reason is Reason.ANSWER) == 0
    assert any(one.delta > 0 for one in ledger if one.reason is Reason.ANSWER), "the answer had scored"
    again = await told(world.alice, message, "Answers 1")
    assert "Nobody has shared an answer yet" in description(again)
    news = description(answered(await world.bob.slash(world.hall, "suggest")))
    assert "took down the answer" in news
    assert str(world.alice.id) not in news


async def test_ones_own_answer_is_not_reported(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    await write(world, world.bob, await told(world.bob, message, "Done"), "Mine.", "shared")
    own = await told(world.bob, message, "Answers 1")
    assert "Report one" not in labels(own)
