"""The shipped content against the bars it was written to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest

from bot.domain.content import ContentModel
from bot.domain.pack import Pack
from bot.search.text import words
from bot.settings import ROOT

STAGES: Final = (
    "programming", "math", "ml-fundamentals", "deep-learning", "real-projects", "mlops", "portfolio", "applying",
)  # fmt: skip
"""The guide's eight steps, in its order."""
CHAPTERS: Final = ("who", "why", "pathways", "skills", "tools", "roles", "industries", "challenges", "tips")
SKILLS: Final = ("mathematics", "programming", "core-ml", "deep-learning", "data-engineering", "soft-skills")
"""The guide's skill areas (a) to (f)."""
PROJECTS: Final = ("project-movie-recommender", "project-fake-news", "project-stock-forecast", "project-medical-images")
GUIDE_QUESTIONS: Final = ("need-a-degree", "how-long", "which-language", "ds-vs-mle", "career-options")
"""The questions the guide itself answers."""

GUIDE: Final = ROOT.parent / "shared" / "guide" / "ml-engineer-guide.txt"
COPIED_WORDS: Final = 8
MONEY: Final = re.compile(r"[$₹€]\s?\d")


def test_the_stages_are_the_guides_steps(pack: Pack) -> None:
    assert tuple(stage.id for stage in pack.track.stages) == STAGES
    assert [stage.order for stage in pack.track.stages] == list(range(1, 9))


def test_there_are_enough_topics(pack: Pack) -> None:
    sizes = {stage.id: len(stage.topics) for stage in pack.track.stages}
    assert all(5 <= size <= 9 for size in sizes.values()), sizes
    assert sum(sizes.values()) >= 55
    assert len(pack.topics) == sum(sizes.values())


def test_every_topic_is_whole(pack: Pack) -> None:
    for topic in pack.topics.values():
        assert 2 <= len(topic.checks) <= 4, topic.id
        assert 2 <= len(topic.resources) <= 4, topic.id
        assert len({one.url for one in topic.resources}) == len(topic.resources), f"{topic.id} names a URL twice"
        assert len(set(topic.checks)) == len(topic.checks), topic.id
        assert topic.practice.task != topic.practice.done_when, topic.id


def test_titles_are_their_own(pack: Pack) -> None:
    titles = Counter(topic.title.casefold() for topic in pack.topics.values())
    assert [title for title, times in titles.items() if times > 1] == []


def test_prerequisites_lead_forward(pack: Pack) -> None:
    """A topic needs nothing of a later stage, and nothing twice."""
    for topic in pack.topics.values():
        later = [one for one in topic.requires if pack.stage_of[one].order > pack.stage_of[topic.id].order]
        assert later == [], f"{topic.id} needs {later} of a later stage"
        assert len(set(topic.requires)) == len(topic.requires), topic.id
    assert any(not topic.requires for topic in pack.track.stages[0].topics), "the road has a beginning"


def test_every_skill_area_is_taught(pack: Pack) -> None:
    areas = [item.id for item in pack.chapter("skills").items]
    assert tuple(areas) == SKILLS
    assert {topic.skill for topic in pack.topics.values()} == set(SKILLS)


def test_the_four_projects_have_milestones(pack: Pack) -> None:
    stage = pack.stage("real-projects")
    assert [topic.id for topic in stage.topics if topic.milestones] == list(PROJECTS)
    for project in PROJECTS:
        assert len(pack.topic(project).milestones) >= 3, project


def test_newcomers_find_themselves(pack: Pack) -> None:
    knows = {background.id: background.knows for background in pack.track.backgrounds}
    assert set(knows) == {"student", "developer", "switcher"}
    assert knows["switcher"] == ()
    assert all(knows[background] for background in ("student", "developer"))


def test_the_guides_chapters_are_there_and_lead_on(pack: Pack) -> None:
    assert tuple(chapter.id for chapter in pack.chapters) == CHAPTERS
    for chapter in pack.chapters:
        assert any(item.topics for item in chapter.items), f"{chapter.id} leads to no topic"
    assert len(pack.chapter("tools").items) == 7
    assert all(item.solution for item in pack.chapter("challenges").items)


def test_the_faq_is_large_enough(pack: Pack) -> None:
    assert len(pack.categories) >= 8
    assert len(pack.entries) >= 80
    assert set(GUIDE_QUESTIONS) <= pack.entries.keys()
    for entry in pack.entries.values():
        assert 3 <= len(entry.phrasings) <= 6, entry.id
        assert entry.id not in entry.related, f"{entry.id} is related to itself"
        assert len(set(entry.related)) == len(entry.related), entry.id
        assert len(set(entry.topics)) == len(entry.topics), entry.id


def test_nobody_finds_two_entries_by_one_phrasing(pack: Pack) -> None:
    asked = Counter(
        " ".join(words(text)) for entry in pack.entries.values() for text in (entry.question, *entry.phrasings)
    )
    assert [text for text, times in asked.items() if times > 1] == []


def test_figures_say_whose_they_are(pack: Pack) -> None:
    """An amount of money ages: wherever one is named, its source and its year are too."""
    bare = [entry.id for entry in pack.entries.values() if MONEY.search(entry.answer) and not entry.figure]
    bare += [
        f"{chapter.id}/{item.id}"
        for chapter in pack.chapters
        for item in chapter.items
        if MONEY.search(item.text) and not item.figure
    ]
    assert bare == []


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, ContentModel):
        content = content.model_dump()
    if isinstance(content, dict):
        for value in content.values():  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(value)
    elif isinstance(content, (list, tuple)):
        for value in content:  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(value)
    elif isinstance(content, str):
        yield content


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    found = re.findall(r"[a-z0-9]+", text.casefold())
    yield from (tuple(found[i : i + COPIED_WORDS]) for i in range(len(found) - COPIED_WORDS + 1))


def test_no_sentence_is_copied_from_the_guide(pack: Pack) -> None:
    if not GUIDE.is_file():
        pytest.skip("the guide's own text is not part of this repository: expected ../shared/guide beside it")
    guide = set(_runs(GUIDE.read_text(encoding="utf-8")))
    whole: Sequence[ContentModel] = (pack.track, *pack.chapters, *pack.categories)
    copied = {" ".join(run) for part in whole for text in _texts(part) for run in _runs(text) if run in guide}
    assert not copied, f"in the guide's own words: {sorted(copied)}"
