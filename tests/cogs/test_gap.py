"""Questions without answer, phrasings, and **Save as FAQ answer**, in the simulated server."""

from __future__ import annotations

from simcord.results import ResponseMessage

from bot.domain.faq import Vote
from tests.cogs.page import answered, components, description, fill, labels, trouble
from tests.cogs.test_manage import managed
from tests.conftest import World


async def gaps(world: World, label: str = "Questions without answer 1") -> ResponseMessage:
    """Open the gap list."""
    page = await managed(world)
    await world.manager.click(page, label=label)
    return page


async def choose_first(world: World, page: ResponseMessage) -> None:
    """Open the first of a list."""
    menu = next(one for one in components(page) if one.get("options"))
    await world.manager.select(page, [menu["options"][0]["value"]], custom_id=menu["custom_id"])


async def test_a_gap_gets_its_answer_and_closes(world: World) -> None:
    for actor, question in ((world.alice, "pizza in lima?"), (world.bob, "pizzas in lima")):
        await actor.slash(world.hall, "faq", question=question)
    page = await gaps(world)
    assert "asked 2 times" in description(page), "alike ones are one"
    await choose_first(world, page)
    form = await world.manager.click(page, label="Write the answer")
    assert "in lima?" in str(form.modal)
    await fill(world.manager, form, {"answer": "At the **corner**."})
    assert page.content.startswith("Loaded"), description(page)
    assert "Every question found its answer" in description(page)
    assert description(answered(await world.alice.slash(world.hall, "faq", question="pizza in lima"))).startswith("At")


async def test_a_gap_that_is_none_of_ours_closes_once(world: World) -> None:
    await world.alice.slash(world.hall, "faq", question="pizza in lima?")
    page, stale = await gaps(world), await gaps(world)
    await choose_first(world, page)
    await choose_first(world, stale)
    await world.manager.click(page, label="Not a question for us")
    assert page.content.startswith("Closed")
    assert "already" in trouble(await world.manager.click(stale, label="Not a question for us"))
    form = await world.manager.click(stale, label="Write the answer")
    assert "already" in trouble(form)


async def test_a_phrasing_is_kept_with_one_press(world: World) -> None:
    faq = world.bot.services.faq
    asked = "ranking people by their gradients"
    for user_id in (1, 2, 3):
        await faq.vote(world.guild.id, user_id, "need-a-degree", asked, Vote.HELPED)
    page = await gaps(world, "Phrasings 1")
    assert asked in description(page)
    await world.manager.click(page, label="Keep it")
    assert page.content.startswith("Kept")
    found = answered(await world.alice.slash(world.hall, "faq", question=asked))
    assert found.embeds[0].title == "Do I need a degree to become an ML engineer?"


async def test_a_message_becomes_an_answer_with_its_authors_name(world: World) -> None:
    await world.bot.services.faq.pass_on(world.guild.id, "when does the seminar room open")
    said = await world.bob.send(world.hall, "When does the seminar room open? At nine, **except** on Sundays.")
    form = await world.manager.context_menu(world.hall, "Save as FAQ answer", said)
    shown = str(form.modal["components"] if form.modal else "")
    assert "? At nine" in shown
    assert "From a message by Bob" in shown
    assert "when does the seminar room open" in shown, "the question without answer is a phrasing"
    page = answered(await fill(world.manager, form, {"answer": "At nine.", "shelf": "ml-concepts"}))
    assert page.content.startswith("Saved"), description(page)
    found = answered(await world.alice.slash(world.hall, "faq", question="when does the seminar room open"))
    assert f"[From a message by Bob](https://discord.com/channels/{world.guild.id}/{world.hall.id}/{said.id})" in (
        description(found)
    )
    assert await world.bot.services.gap.gaps(world.guild.id) == []
    assert "Report" in labels(found)


async def test_a_refused_message_keeps_its_text(world: World) -> None:
    said = await world.bob.send(world.hall, "See [arxiv.org](https://evil.example) for it.")
    form = await world.manager.context_menu(world.hall, "Save as FAQ answer", said)
    page = answered(await fill(world.manager, form, {"question": "What is x?"}))
    assert "leads elsewhere" in description(page)
    form = await world.manager.click(page, label="Open the form again")
    await fill(world.manager, form, {"answer": "Short."})
    assert page.content.startswith("Saved")
