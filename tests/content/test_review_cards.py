"""The shipped review cards: four for each topic, kinds mixed, none twice, nothing that gives the answer away."""

from __future__ import annotations

import re
from collections import Counter

from rapidfuzz import fuzz, process, utils

from bot.domain.content import PAGE_CHARACTERS
from bot.domain.pack import Pack
from bot.domain.review import LETTERS, ChoiceCard, ClozeCard, QuestionCard, ReviewCard

CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
MOST_WORDS = 60
"""A front with its choices: at 200 words a minute, 60 of them take 18 seconds to read."""


def everything(pack: Pack) -> list[ReviewCard]:
    """Return all cards."""
    return list(pack.cards.by_id.values())


def choices(pack: Pack) -> list[ChoiceCard]:
    """Return the multiple-choice cards."""
    return [card for card in everything(pack) if isinstance(card, ChoiceCard)]


def texts(card: ReviewCard) -> list[str]:
    """Return all that is shown of a card, as it is written."""
    match card:
        case QuestionCard():
            return [card.front, card.back]
        case ChoiceCard():
            return [card.front, *(text for one in card.choices for text in (one.text, one.why))]
        case ClozeCard():
            return [card.text]


def test_every_topic_has_four_cards_and_a_quiz_question(pack: Pack) -> None:
    short = [topic_id for topic_id in pack.topics if len(pack.cards.of_topic.get(topic_id, ())) < 4]
    assert short == []
    assert [topic_id for topic_id in pack.topics if not pack.cards.choices(topic_id)] == []
    assert len(everything(pack)) >= 264


def test_kinds_are_mixed(pack: Pack) -> None:
    held = Counter(card.kind for card in everything(pack))
    whole = sum(held.values())
    assert 0.40 <= held["question"] / whole <= 0.50
    assert 0.30 <= held["choice"] / whole <= 0.40
    assert 0.15 <= held["cloze"] / whole <= 0.25
    assert [topic_id for topic_id, cards in pack.cards.of_topic.items() if len({card.kind for card in cards}) < 2] == []


def test_an_id_begins_with_its_topic_and_a_card_stands_in_its_stage(pack: Pack) -> None:
    assert [card.id for card in everything(pack) if not card.id.startswith(f"{card.topic}-")] == []
    order = {topic_id: place for place, topic_id in enumerate(pack.topics)}
    places = [order[card.topic] for card in everything(pack)]
    assert places == sorted(places)


def test_no_two_ask_nearly_the_same(pack: Pack) -> None:
    fronts = {card.id: utils.default_process(card.front) for card in everything(pack)}
    near = [
        (one, other)
        for one, text in fronts.items()
        for _, _, other in process.extract(text, fronts, scorer=fuzz.ratio, score_cutoff=78, limit=3)
        if other != one
    ]
    assert near == []


def test_the_right_choice_stands_anywhere_and_is_not_told_by_its_length(pack: Pack) -> None:
    cards = choices(pack)
    places = Counter(card.right for card in cards)
    assert set(places) == set(LETTERS)
    assert max(places.values()) <= 0.3 * len(cards)
    longest = [card for card in cards if max(card.choices, key=lambda one: len(one.text)) is card.answer]
    shortest = [card for card in cards if min(card.choices, key=lambda one: len(one.text)) is card.answer]
    assert 0.1 * len(cards) <= len(longest) <= 0.4 * len(cards)
    assert 0.1 * len(cards) <= len(shortest) <= 0.4 * len(cards)


def test_every_choice_has_a_reason_of_its_own(pack: Pack) -> None:
    short = [card.id for card in choices(pack) if len({one.why.casefold() for one in card.choices}) < len(card.choices)]
    assert short == []


def test_blanks_are_not_filled_elsewhere_and_stand_outside_code(pack: Pack) -> None:
    clozes = [card for card in everything(pack) if isinstance(card, ClozeCard)]
    told = [
        (card.id, answer)
        for card in clozes
        for answer in card.answers
        if re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", card.front, re.IGNORECASE)
    ]
    assert told == []
    assert [card.id for card in clozes if any("{{" in code for code in CODE.findall(card.text))] == []


def test_a_card_fits_one_message_and_20_seconds(pack: Pack) -> None:
    for card in everything(pack):
        every = texts(card)
        assert sum(map(len, every)) + len(card.back) <= PAGE_CHARACTERS, card.id
        asked = [card.front, *(one.text for one in card.choices)] if isinstance(card, ChoiceCard) else [card.front]
        assert sum(len(text.split()) for text in asked) <= MOST_WORDS, card.id


def test_discord_shows_the_texts_as_they_are_written(pack: Pack) -> None:
    marked = [
        (card.id, text)
        for card in everything(pack)
        for text in texts(card)
        if re.search(r"[*_~|<>`]|^(?:[#>-]|\d+\.) ", CODE.sub("", text))
    ]
    assert marked == []
