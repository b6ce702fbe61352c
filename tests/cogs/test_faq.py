"""``/faq`` as a member uses it."""

from __future__ import annotations

import pytest

from tests.cogs.page import answered, components, description, labels, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World


async def test_a_question_is_answered_with_related_ones_beside_it(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="do i need a degree"))
    assert message.flags.ephemeral
    assert message.embeds[0].title == "Do I need a degree to become an ML engineer?"
    related = labels(message)[0]
    await world.alice.click(message, label=related)
    assert (message.embeds[0].title or "").startswith(related.rstrip("…"))


async def test_an_answer_can_be_shared_and_others_open_it_for_themselves(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="need-a-degree"))
    shared = answered(await world.alice.click(message, label="Share"))
    assert not shared.flags.ephemeral
    before = shared.embeds[0].title
    own = answered(await world.bob.click(shared, label=labels(shared)[0]))
    assert own.flags.ephemeral
    assert shared.embeds[0].title == before


async def test_guesses_open_the_answer_and_none_of_these_opens_the_categories(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="random forest vs xgboost"))
    assert message.embeds[0].title == "Did you mean one of these?"
    await world.alice.click(message, label="None of these")
    assert message.embeds[0].title == "What would you like to know?"
    message = answered(await world.alice.slash(world.hall, "faq", question="random forest vs xgboost"))
    guess = labels(message)[0]
    await world.alice.click(message, label=guess)
    assert (message.embeds[0].title or "").startswith(guess.rstrip("…"))


async def test_somebodys_question_in_the_channel_is_looked_up_by_the_message_menu(world: World) -> None:
    asked = await world.bob.send(world.hall, "Do I need a degree??")
    found = answered(await world.alice.context_menu(world.hall, "Find in FAQ", asked))
    assert found.flags.ephemeral
    assert found.embeds[0].title == "Do I need a degree to become an ML engineer?"


async def test_nothing_found_says_so_and_offers_a_way_on(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="@everyone **pizza** zzz"))
    assert "no answer" in (message.embeds[0].title or "")
    assert "@everyone" not in description(message)
    form = await world.alice.click(message, label="Ask in other words")
    await world.alice.submit_modal(form, {"text": "do i need a degree"})
    assert "degree" in (message.embeds[0].title or "")


async def test_browsing_by_category_turns_pages(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq"))
    await pick(world.alice, message, "Choose a category", "ml-concepts")
    assert message.embeds[0].footer.text == "1–10 of 17"
    await world.alice.click(message, label="More questions")
    assert message.embeds[0].footer.text == "11–17 of 17"
    menu = next(one for one in components(message) if one.get("options"))
    await world.alice.select(message, [menu["options"][0]["value"]], custom_id=menu["custom_id"])
    assert message.embeds[0].footer.text == "FAQ · Machine-learning concepts"
    await world.alice.click(message, label="All categories")
    assert message.embeds[0].title == "What would you like to know?"


async def test_a_topic_beside_an_answer_opens_for_the_presser(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="cross-validation-why"))
    topic = next(label for label in labels(message) if label.startswith("Topic: "))
    await world.alice.click(message, label=topic)
    assert "Afterwards you can" in description(message)


async def test_autocomplete_offers_questions(world: World) -> None:
    choices = await world.alice.autocomplete(world.hall, "faq", "question", "do i need a deg")
    assert "need-a-degree" in [choice["value"] for choice in choices]
    assert len(await world.alice.autocomplete(world.hall, "faq", "question", "")) == 25


@pytest.mark.parametrize(
    "question",
    [
        '"',
        "'; DROP TABLE entry; --",
        "NEAR(a b) OR NOT *",
        "asked : x",
        "{0.__class__}",
        "🤖🤖🤖",
        "x" * 4000,
        "word " * 700,
        "مرحبا كيف أبدأ",
        "\u202eabc\u200b",
        "((((",
        "^a + b*",
        "-",
    ],
)
async def test_any_text_is_a_legal_question(world: World, question: str) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question=question))
    assert message.embeds[0].title
    assert isinstance(await world.alice.autocomplete(world.hall, "faq", "question", question[:100]), list)


async def test_an_entry_that_is_gone_is_told(world: World) -> None:
    result = await world.alice.click(await forged(world, "s1:fe:no-such-entry"), label="forged")
    assert "/faq" in trouble(result)
