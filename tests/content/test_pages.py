"""Every page of the shipped content, drawn as members see it, fits Discord's limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.pack import Pack
from bot.domain.roadmap import Mark, State, States, count, current_stage, suggestions
from bot.services.faq import Answer, NothingFound, Unsure
from bot.services.placement import PlacementPage
from bot.services.roadmap import EVIDENCE_CHARACTERS, NOTE_CHARACTERS, RoadmapPage, StagePeople
from bot.services.topic import NeedsConfirming, TopicPage
from bot.ui import faq, guide, placement, roadmap, topic
from bot.ui.reply import Reply
from tests.content.discord_limits import faults, form_faults

WHO: Final = 2**63 - 1
"""The longest id there can be."""
NAME: Final = "W" * 32
EVIDENCE: Final = "https://example.org/".ljust(EVIDENCE_CHARACTERS, "x")
NOTE: Final = ("*_`~|>[]()<@&#\\" * NOTE_CHARACTERS)[:NOTE_CHARACTERS]
"""A note of nothing but signs that must be escaped, so that it grows."""


def _assert_sound(pages: Iterator[tuple[str, Reply]]) -> None:
    seen = 0
    refused: list[str] = []
    for name, page in pages:
        seen += 1
        refused += [f"{name}: {fault}" for fault in faults(page)]
    assert not refused, "\n".join(refused)
    assert seen, "no page was drawn"


def _roads(pack: Pack) -> Iterator[tuple[str, States]]:
    """Yield how members may stand: at the start, before and in every stage, at the end."""
    yield "fresh", {}
    for state in (State.DONE, State.KNOWN, State.SKIPPED, State.LEARNING):
        yield f"all {state}", dict.fromkeys(pack.topics, state)
    for stage in pack.track.stages:
        before = [one.id for other in pack.track.stages if other.order < stage.order for one in other.topics]
        yield f"before {stage.id}", dict.fromkeys(before, State.DONE)
        yield f"in {stage.id}", dict.fromkeys(before, State.SKIPPED) | {stage.topics[0].id: State.LEARNING}


def _road(pack: Pack, states: States) -> RoadmapPage:
    return RoadmapPage(
        placed=True,
        states=states,
        overall=count(pack.topics.values(), states),
        stages=tuple((stage, count(stage.topics, states)) for stage in pack.track.stages),
        current=current_stage(pack, states),
        next_topics=suggestions(pack, states),
    )


def _topic(pack: Pack, topic_id: str, state: State, *, full: bool = False) -> TopicPage:
    here = pack.topic(topic_id)
    return TopicPage(
        topic=here,
        stage=pack.stage_of[topic_id],
        mark=Mark(state, EVIDENCE if full and state is State.DONE else None),
        requires=tuple((pack.topic(one), state) for one in here.requires),
        later=tuple(pack.topic(one) for one in pack.dependents[topic_id]),
        note=NOTE if full else None,
    )


def _answer(pack: Pack, entry_id: str) -> Answer:
    entry = pack.entry(entry_id)
    return Answer(entry, pack.category_of[entry_id], tuple(pack.entry(one) for one in entry.related))


def test_the_road(pack: Pack) -> None:
    def pages() -> Iterator[tuple[str, Reply]]:
        for name, states in _roads(pack):
            road = _road(pack, states)
            yield f"home {name}", roadmap.home(road, WHO, NAME)
            yield f"home with reasons {name}", roadmap.home(road, WHO, NAME, why=True, notice="x" * 200)
            yield f"shared home {name}", roadmap.shared_home(road, NAME, WHO, b"png")
            for second in (False, True):
                yield f"reset {name}", roadmap.reset_question(road, WHO, second=second)
        crowd = tuple(range(WHO - 500, WHO))
        groups = [StagePeople(stage, crowd) for stage in (*pack.track.stages, None)]
        yield "people", roadmap.people(groups, WHO)
        yield "nobody", roadmap.people([], WHO)

    _assert_sound(pages())


def test_stages(pack: Pack) -> None:
    _assert_sound(
        (f"{stage.id} {name}", roadmap.stage_page(stage, states, WHO))
        for stage in pack.track.stages
        for name, states in _roads(pack)
    )


def test_topics(pack: Pack) -> None:
    def pages() -> Iterator[tuple[str, Reply]]:
        for topic_id in pack.topics:
            for state in State:
                page = _topic(pack, topic_id, state, full=True)
                yield f"{topic_id} {state}", topic.topic_page(page, WHO, "x" * 200)
                yield f"{topic_id} {state}, shared", topic.shared_topic(page, WHO)
                yield f"{topic_id} {state}, bare", topic.topic_page(_topic(pack, topic_id, state), WHO)
            needed = pack.topic(topic_id).requires
            if needed:
                missing = tuple(pack.topic(one) for one in needed)
                yield f"{topic_id} asked", topic.confirm(NeedsConfirming(pack.topic(topic_id), missing), WHO)

    _assert_sound(pages())


def test_forms_of_topics(pack: Pack) -> None:
    pages = [_topic(pack, topic_id, State.DONE, full=True) for topic_id in pack.topics]
    forms = [form for page in pages for form in (topic.note_form(page, WHO), topic.link_form(page, WHO))]
    assert [fault for form in (*forms, faq.ask_form()) for fault in form_faults(form)] == []


def test_chapters(pack: Pack) -> None:
    def pages() -> Iterator[tuple[str, Reply]]:
        for chapter in pack.chapters:
            yield chapter.id, guide.chapter_page(chapter, pack, WHO)
            yield f"{chapter.id}, shared", guide.shared_chapter(chapter, WHO)

    _assert_sound(pages())


def test_answers(pack: Pack) -> None:
    def pages() -> Iterator[tuple[str, Reply]]:
        for entry_id in pack.entries:
            yield entry_id, faq.answer(_answer(pack, entry_id), pack)
            yield f"{entry_id}, shared", faq.shared_answer(_answer(pack, entry_id), WHO)

    _assert_sound(pages())


def test_categories_and_what_is_not_found(pack: Pack) -> None:
    def pages() -> Iterator[tuple[str, Reply]]:
        yield "categories", faq.categories(pack)
        for category in pack.categories:
            for page in range(-1, len(category.entries) // faq.PAGE + 2):
                yield f"{category.id} {page}", faq.category_page(category, page)
        longest = tuple(sorted(pack.entries.values(), key=lambda entry: -len(entry.question))[:3])
        for question in ("", "*" * 4000, "how " * 1000, "\u202e" * 4000):
            yield "nothing", faq.finding(NothingFound(question, noted=len(question) % 2 == 0), pack)
            for some in (1, 2, 3):
                yield "unsure", faq.finding(Unsure(question, longest[:some]), pack)

    _assert_sound(pages())


def test_the_placement_at_every_stage(pack: Pack) -> None:
    def pages() -> Iterator[tuple[str, Reply]]:
        yield "welcome", placement.welcome(pack, WHO)
        for background in (None, *pack.track.backgrounds):
            offered = tuple(pack.topic(one) for one in (background.knows if background else ()))
            for stage in pack.track.stages:
                for name, states in _roads(pack):
                    page = PlacementPage(background, stage, states, offered)
                    yield f"{stage.id} {name}", placement.ticking(page, pack, WHO)

    _assert_sound(pages())
