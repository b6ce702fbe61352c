"""A review as members live it."""

from __future__ import annotations

from typing import TypeVar

from simcord.results import ResponseMessage

from bot.domain.pack import Pack
from bot.domain.recall import Grade
from bot.domain.review import ChoiceCard, ClozeCard
from bot.domain.roadmap import State
from bot.storage import review as store
from bot.storage.database import Database
from bot.ui.review import Pick
from tests.cogs.page import answered, components, description, labels
from tests.conftest import World
from tests.fakes.clock import FakeClock

Kind = TypeVar("Kind", ChoiceCard, ClozeCard)


async def _know(world: World, pack: Pack, topics: int) -> None:
    for topic_id in list(pack.cards.of_topic)[:topics]:
        await world.bot.services.roadmap.mark(world.guild.id, world.alice.id, topic_id, State.KNOWN)


async def _today(world: World) -> ResponseMessage:
    return answered(await world.alice.slash(world.hall, "today"))


def _press(message: ResponseMessage, label: str) -> str:
    return next(str(one["custom_id"]) for one in components(message) if str(one.get("label", "")).startswith(label))


async def _come_to(world: World, pack: Pack, page: ResponseMessage, kind: type[Kind]) -> Kind:
    """Answer cards until one of this kind is asked."""
    await world.alice.click(page, label=labels(page)[0])
    while True:
        shown = next(one for one in labels(page) if one == "Show" or one in list(Pick))
        card = pack.cards.by_id[_press(page, shown).split(":")[2]]
        if isinstance(card, kind):
            return card
        await _turn_over(world, pack, page)
        await world.alice.click(page, label=labels(page)[2])


async def _turn_over(world: World, pack: Pack, page: ResponseMessage) -> None:
    """Press Show, or the right choice."""
    shown = next(one for one in labels(page) if one == "Show" or one in list(Pick))
    card_id = _press(page, shown).split(":")[2]
    card = pack.cards.by_id[card_id]
    await world.alice.click(page, label=card.right if isinstance(card, ChoiceCard) else "Show")


async def test_two_minutes_from_today_to_the_end_of_the_sitting(world: World, pack: Pack, clock: FakeClock) -> None:
    await _know(world, pack, 2)
    page = await _today(world)
    assert labels(page)[0] == "Review 5 cards"
    await world.alice.click(page, label="Review 5 cards")
    for number in range(1, 6):
        assert page.embeds[0].title == f"Review · {number} of 5 · new"
        assert labels(page)[-1] == "Stop"
        await _turn_over(world, pack, page)
        assert labels(page) == ["Again · 10 min", "Hard · 15 min", "Good · Wed 25 Nov", "Easy · Tue 1 Dec", "Stop"]
        await world.alice.click(page, label="Good · Wed 25 Nov")
    assert page.content == "Reviews keep your day. +4 points."
    assert page.embeds[0].title == "All reviews of today are done"
    assert "5 cards today, 5 remembered at the first try." in description(page)
    assert "**1 day in a row**, today included." in description(page)
    assert "**Reviews ahead** today 0 · Tue 0 · Wed 5 · Thu 0" in description(page)
    await world.alice.click(page, label="Today")
    assert "**1 day in a row**, today included" in description(page)
    streak = answered(await world.alice.slash(world.hall, "streak"))
    assert "**Reviews ahead** today 0 · Tue 0 · Wed 5" in description(streak)
    clock.move(days=2)
    assert labels(await _today(world))[0] == "Review 8 cards", "five that are due and the last three of two topics"


async def test_a_choice_tells_why_and_a_wrong_one_comes_back(world: World, pack: Pack, database: Database) -> None:
    await _know(world, pack, 1)
    page = await _today(world)
    card = await _come_to(world, pack, page, ChoiceCard)
    wrong = "A" if card.right != "A" else "B"
    assert labels(page) == ["A", "B", "C", "D", "Stop"]
    await world.alice.click(page, label=wrong)
    assert all(one.why in description(page) for one in card.choices)
    assert f"✓ **{card.right}** {card.answer.text}" in description(page)
    assert f"✗ **{wrong}** " in description(page)
    assert labels(page) == ["Again · 10 min", "Stop"]
    await world.alice.click(page, label="Again · 10 min")
    await world.alice.click(page, label="Stop")
    assert "remembered at the first try." in description(page)
    assert "1 card comes back later today." in description(page)
    rows = await database.read(lambda tx: store.history(tx, world.guild.id, world.alice.id))
    assert [row.grade for row in rows if row.card_id == card.id] == [Grade.AGAIN]


async def test_a_cloze_is_asked_with_its_blanks_and_answered_without(world: World, pack: Pack) -> None:
    cloze = next(one for one in pack.cards.by_id.values() if isinstance(one, ClozeCard))
    await world.bot.services.roadmap.mark(world.guild.id, world.alice.id, cloze.topic, State.LEARNING)
    page = await _today(world)
    card = await _come_to(world, pack, page, ClozeCard)
    assert card.front in description(page)
    assert card.back not in description(page)
    await world.alice.click(page, label="Show")
    assert card.back in description(page)


async def test_two_pages_of_one_card_count_once_and_nobody_elses_cards_are_touched(
    world: World, pack: Pack, database: Database
) -> None:
    await _know(world, pack, 2)
    pages = [await _today(world) for _ in range(3)]
    for page in pages:
        await world.alice.click(page, label="Review 5 cards")
    for page in pages[:2]:
        await _turn_over(world, pack, page)
    for page in pages[:2]:
        await world.alice.click(page, label="Good · Wed 25 Nov")
    assert not pages[0].content
    assert (pages[1].content or "").startswith("That card was counted already")
    await _turn_over(world, pack, pages[2])
    assert labels(pages[2])[-1] == "Stop"
    assert len({page.embeds[0].description for page in pages}) == 1, "all of them are at the second card"
    for member, counted in ((world.alice, 1), (world.bob, 0)):
        rows = await database.read(lambda tx, member=member: store.history(tx, world.guild.id, member.id))
        assert len(rows) == counted


async def test_the_message_about_reviews_is_asked_for_in_the_profile(world: World) -> None:
    page = answered(await world.alice.slash(world.hall, "profile"))
    assert "**Memory** shown after 50 reviews" in description(page)
    await world.alice.click(page, label="Message me about reviews")
    assert "**Reviews** by direct message at 18:00" in description(page)
    await world.alice.click(page, label="No messages about reviews")
    assert "**Reviews** wait in /today" in description(page)


async def test_a_topic_that_keeps_failing_proposes_to_open_it_again(world: World, pack: Pack, clock: FakeClock) -> None:
    await _know(world, pack, 1)
    topic_id, cards = next(iter(pack.cards.of_topic.items()))
    reviews, me = world.bot.services.review, (world.guild.id, world.alice.id)
    for seen, grade in ((0, Grade.EASY), (1, Grade.AGAIN)):
        for card in cards[:3]:
            clock.move(seconds=1)
            assert (await reviews.grade(*me, card.id, seen, grade, 0)).counted
        clock.move(days=9)
    page = answered(await world.alice.slash(world.hall, "roadmap", topic=topic_id))
    (field,) = [one for one in page.embeds[0].fields if one.name == "Open it again?"]
    assert "forgotten 3 times" in (field.value or "")
    await world.alice.click(page, label="Start")
    assert not [one for one in page.embeds[0].fields if one.name == "Open it again?"]
