"""``/faq`` as a member uses it."""

from __future__ import annotations

import pytest

from tests.cogs.page import answered, components, description, labels, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.services.test_faq import gaps


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


UNCLEAR = "best gpu for deep learning"


async def test_a_guess_opens_its_answer_and_counts_as_what_was_meant(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question=UNCLEAR))
    assert message.embeds[0].title == "Did you mean one of these?"
    guess = labels(message)[0]
    await world.alice.click(message, label=guess)
    assert (message.embeds[0].title or "").startswith(guess.rstrip("…"))
    assert str(message.embeds[0].footer.text).endswith(f"You asked: {UNCLEAR}")
    assert await _votes(world) == [(UNCLEAR, "picked")]


async def test_none_of_these_passes_the_question_on(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question=UNCLEAR))
    await world.alice.click(message, label="None of these: pass it on")
    assert message.embeds[0].title == "Passed on to the moderators"
    await pick(world.alice, message, "Choose a category", "ml-concepts")
    (gap,) = await gaps(world.bot.database, world.guild.id)
    assert (gap.question, gap.passed_on) == (UNCLEAR, 1)


async def test_an_answer_is_voted_on_once_and_the_question_goes_with_it(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="which programming language"))
    assert description(message).endswith("**Did that help?**")
    await world.alice.click(message, label="Yes")
    assert "found sooner" in (message.content or "")
    assert "Yes" not in labels(message)
    assert await _votes(world) == [("which programming language", "helped")]
    message = answered(await world.bob.slash(world.hall, "faq", question="which programming language"))
    await world.bob.click(message, label="No")
    assert message.embeds[0].title == "Passed on to the moderators"
    assert await _votes(world) == [("which programming language", "helped"), ("which programming language", "missed")]


async def test_an_answer_that_was_chosen_by_name_asks_for_no_vote(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="need-a-degree"))
    assert not {"Yes", "No"} & set(labels(message))
    assert "help?" not in description(message)


@pytest.mark.parametrize("question", ["x You asked: y", "…", "a" * 400, "which programming language " * 20])
async def test_a_page_carries_whatever_was_asked(world: World, question: str) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question=question))
    if "Yes" in labels(message):
        await world.alice.click(message, label="Yes")
    elif "None of these: pass it on" in labels(message):
        await world.alice.click(message, label="None of these: pass it on")
    assert message.embeds[0].title


async def test_a_message_without_answer_is_passed_on_only_by_a_press(world: World) -> None:
    said = await world.bob.send(world.hall, "pizza in lima?")
    message = answered(await world.alice.context_menu(world.hall, "Find in FAQ", said))
    assert await gaps(world.bot.database, world.guild.id) == []
    await world.alice.click(message, label="Pass it on")
    assert [gap.question for gap in await gaps(world.bot.database, world.guild.id)] == ["pizza in lima"]


async def _votes(world: World) -> list[tuple[str, str]]:
    """Return every vote: the question and what was said."""
    database = world.bot.services.faq._database  # pyright: ignore[reportPrivateUsage]
    rows = await database.read(lambda tx: tx.exec_driver_sql("SELECT question, vote FROM faq_vote").all())
    return sorted((str(question), str(vote)) for question, vote in rows)


async def test_somebodys_question_in_the_channel_is_looked_up_by_the_message_menu(world: World) -> None:
    asked = await world.bob.send(world.hall, "Do I need a degree??")
    found = answered(await world.alice.context_menu(world.hall, "Find in FAQ", asked))
    assert found.flags.ephemeral
    assert found.embeds[0].title == "Do I need a degree to become an ML engineer?"


async def test_nothing_found_says_so_and_offers_a_way_on(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "faq", question="@everyone **pizza** zzz"))
    assert "no answer" in (message.embeds[0].title or "")
    assert "@everyone" not in description(message)
    assert "noted for the moderators" in description(message)
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
