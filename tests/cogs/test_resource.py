"""What moderators load to learn from is met by members: with its topic, and in the guide's menu."""

from __future__ import annotations

from simcord.results import ResponseMessage

from bot.ui.components import plain_value
from tests.cogs.page import answered, description, labels, menu_id, pick, trouble
from tests.conftest import World

HEAD = "title,url,section,note,topics\n"
ROWS = "".join(f"Talk {i:02},https://a.org/{i},{'Talks' if i < 12 else ''},About *{i}*,\n" for i in range(23))
OF_A_TOPIC = "".join(f"First [steps] {i},https://b.org/{i},Books,,python-first-steps\n" for i in range(7))


async def _load(world: World, table: str) -> None:
    message = answered(await world.manager.slash(world.hall, "content load", file=("links.csv", table.encode())))
    (apply,) = [one for one in labels(message) if one.startswith("Apply")]
    await world.manager.click(message, label=apply)
    assert "Members find them in /roadmap" in description(message)


async def _road(world: World) -> ResponseMessage:
    """Open a member's road, past the placement."""
    road = answered(await world.alice.slash(world.hall, "roadmap"))
    await world.alice.click(road, label="Start at the beginning")
    return road


async def test_the_guide_leads_to_what_the_server_collected(world: World) -> None:
    await _load(world, HEAD + ROWS)
    page = await _road(world)
    await world.alice.click(page, label="Guide")
    await pick(world.alice, page, "Open a chapter", "collected-here")
    assert page.flags.ephemeral
    assert "**Talks**\n- [Talk 00](https://a.org/0) · article · About \\*0\\*" in description(page)
    assert (page.embeds[0].footer.text or "").startswith("1–10 of 23")
    await world.alice.click(page, label="Next")
    assert "**Other things**\n- [Talk 12]" in description(page)
    await pick(world.alice, page, "Jump to", "2")
    assert description(page).count("\n- ") == 3
    await world.alice.click(page, label="My road")
    assert "What next" in str(page.embeds[0].title)


async def test_a_topics_page_names_what_belongs_to_it(world: World) -> None:
    await _load(world, HEAD + OF_A_TOPIC)
    topic = answered(await world.alice.slash(world.hall, "roadmap", topic="python-first-steps"))
    shown = description(topic).partition("**Collected on this server**\n")[2].splitlines()
    assert shown[0].startswith("- [First (steps) 0](https://b.org/0)")
    assert len(shown) == 6
    assert shown[-1].startswith("- 2 links more")


async def test_the_guide_is_as_it_was_where_nothing_is_collected(world: World) -> None:
    await _load(world, HEAD + ROWS[: ROWS.index("\n") + 1])
    road = await _road(world)
    await world.alice.click(road, label="Guide")
    menu = menu_id(road, "Open a chapter")
    await world.bot.services.content_history.rollback(world.guild.id, world.manager.id, 1, 1)
    fresh = answered(await world.alice.slash(world.hall, "roadmap"))
    await world.alice.click(fresh, label="Guide")
    assert "collected-here" not in str(fresh.components)
    stale = [one["value"] for row in road.components for one in row["components"][0].get("options", [])]
    (shown,) = [value for value in stale if plain_value(value) == "collected-here"]
    assert "collected nothing" in trouble(await world.alice.select(road, [shown], custom_id=menu))
