"""Suggestions from members, from the form to the word of what became of them."""

from __future__ import annotations

import pytest
from simcord.results import ResponseMessage

from bot.domain.entry import Kind
from tests.cogs.page import answered, description, fill, labels, pick, trouble
from tests.cogs.test_gap import choose_first
from tests.cogs.test_manage import HOSTILE, managed
from tests.cogs.test_roadmap import forged
from tests.conftest import World

PROMPT = {"title": "Explain a p-value", "text": "Explain it to a friend in three sentences."}


async def suggest(world: World, kind: str, texts: dict[str, str]) -> ResponseMessage:
    """Suggest as Alice and return her page."""
    page = answered(await world.alice.slash(world.hall, "suggest"))
    form = await pick(world.alice, page, "Suggest …", kind)
    await fill(world.alice, form, texts)
    return page


async def queue(world: World, waiting: int = 1) -> ResponseMessage:
    """Open the queue's first suggestion as a moderator."""
    page = await managed(world)
    await world.manager.click(page, label=f"Suggestions {waiting}")
    await choose_first(world, page)
    return page


async def test_a_prompt_is_suggested_approved_and_its_author_told(world: World) -> None:
    page = await suggest(world, "prompts", PROMPT)
    assert page.content.startswith("Thank you"), description(page)
    assert "9 of 10" in (page.embeds[0].footer.text or "")
    one = await queue(world)
    assert f"Suggested by <@{world.alice.id}>" in description(one)
    await world.manager.click(one, label="Approve")
    assert one.content.startswith("Approved"), description(one)
    pack = await world.bot.services.packs.of(world.guild.id)
    assert "explain-a-p-value" in pack.exercises.prompts
    news = answered(await world.alice.slash(world.hall, "suggest"))
    assert "is part of the server's content now" in description(news)
    again = answered(await world.alice.slash(world.hall, "suggest"))
    assert "is part of the server's content now" not in description(again), "news is told once"
    assert await world.bot.services.suggest.credit(world.guild.id, Kind.PROMPT, "explain-a-p-value") == world.alice.id


async def test_a_question_without_answer_needs_one_to_be_approved(world: World) -> None:
    await suggest(world, "faq", {"question": "Who waters the plants?"})
    one = await queue(world)
    assert "Approve" not in labels(one)
    number = (await world.bot.services.suggest.queue(world.guild.id)).shown[0].number
    bare = await world.manager.click(await forged(world, f"s1:wx:a:{number}"), label="forged")
    assert "no answer yet" in trouble(bare)
    form = await world.manager.click(one, label="Write the answer")
    await fill(world.manager, form, {"answer": "[arxiv.org](https://evil.example)"})
    assert "leads elsewhere" in description(one)
    form = await world.manager.click(one, label="Open the form again")
    await fill(world.manager, form, {"answer": "Bob does."})
    assert one.content.startswith("Approved"), description(one)
    found = answered(await world.alice.slash(world.hall, "faq", question="who waters the plants"))
    assert description(found).startswith("Bob does.")


async def test_declined_with_a_reason_the_author_reads_it(world: World) -> None:
    await suggest(world, "resources", {"title": "A book", "url": "https://example.org/book"})
    one = await queue(world)
    form = await world.manager.click(one, label="Decline")
    await fill(world.manager, form, {"reason": f"We have it {HOSTILE}"})
    assert one.content.startswith("Declined"), description(one)
    news = description(answered(await world.alice.slash(world.hall, "suggest")))
    assert "We have it" in news
    assert "@everyone" not in news
    assert "**x**" not in news


async def test_two_moderators_decide_once(world: World) -> None:
    await suggest(world, "prompts", PROMPT)
    first, second = await queue(world), await queue(world)
    form = await world.manager.click(second, label="Decline")
    await world.manager.click(first, label="Approve")
    assert first.content.startswith("Approved")
    refused = trouble(await fill(world.manager, form, {"reason": "No."}))
    assert refused.startswith(f"<@{world.manager.id}> approved that suggestion already")
    assert "already" in trouble(await world.manager.click(second, label="Approve"))


async def test_a_message_is_suggested_as_a_prompt(world: World) -> None:
    said = await world.bob.send(world.hall, "Compare two metrics on a rare class, and say which one you would show.")
    form = await world.alice.context_menu(world.hall, "Suggest as prompt", said)
    assert "rare class" in str(form.modal)
    page = answered(await fill(world.alice, form, {"title": "Two metrics"}))
    assert page.content.startswith("Thank you"), description(page)
    one = await queue(world)
    assert f"written by <@{world.bob.id}>" in description(one)
    assert "The message" in labels(one)


@pytest.mark.parametrize(
    ("kind", "texts", "reason"),
    [
        ("prompts", {"title": "x", "text": "too short"}, "at least"),
        ("resources", {"title": "A book", "url": "javascript:alert(1)"}, "https://"),
        ("prompts", {**PROMPT, "hint": "[arxiv.org](https://evil.example)"}, "leads elsewhere"),
        ("faq", {"question": "Do I need a degree to become an ML engineer?"}, "already"),
    ],
)
async def test_what_could_not_be_approved_is_refused_with_its_text(
    world: World, kind: str, texts: dict[str, str], reason: str
) -> None:
    page = await suggest(world, kind, texts)
    assert reason in description(page)
    form = await world.alice.click(page, label="Open the form again")
    assert next(iter(texts.values())) in str(form.modal)


async def test_hostile_words_show_as_typed(world: World) -> None:
    await suggest(world, "faq", {"question": f"What is {HOSTILE}?", "answer": f"[x](https://evil.example) {HOSTILE}"})
    page = await managed(world)
    await world.manager.click(page, label="Suggestions 1")
    assert "@everyone" not in description(page)
    await choose_first(world, page)
    shown = description(page)
    assert "@everyone" not in shown
    assert "\\[x\\]" in shown
    assert "\\*\\*x\\*\\*" in shown
