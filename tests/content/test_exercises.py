"""The shipped prompts, Kaggle tasks and papers: enough of them, spread as promised, none twice."""

from __future__ import annotations

from collections import Counter
from itertools import chain, combinations
from typing import get_args

import pytest
from rapidfuzz import fuzz, process, utils

from bot.domain.pack import Pack
from bot.domain.prompt import CompetitionCategory, Exercise, PromptKind

LEAST = {"math": 40, "ml-fundamentals": 40, "deep-learning": 40}
ELSEWHERE = 15


def everything(pack: Pack) -> list[Exercise]:
    """Return all that a daily post can hold."""
    found = pack.exercises
    return [*found.prompts.values(), *found.tasks.values(), *found.papers.values()]


def test_there_are_enough_of_each(pack: Pack) -> None:
    assert len(pack.exercises.prompts) >= 240
    assert len(pack.exercises.tasks) >= 52
    assert len(pack.exercises.papers) >= 60


def test_every_stage_has_its_share_of_prompts(pack: Pack) -> None:
    held = Counter(pack.exercises.stage_of.values())
    short = {stage.id: held[stage.id] for stage in pack.track.stages if held[stage.id] < LEAST.get(stage.id, ELSEWHERE)}
    assert short == {}


@pytest.mark.parametrize("stage_id", ["programming", "math", "ml-fundamentals", "deep-learning", "mlops", "applying"])
def test_kinds_and_levels_are_mixed(pack: Pack, stage_id: str) -> None:
    prompts = [one for one in pack.exercises.prompts.values() if pack.exercises.stage_of[one.id] == stage_id]
    kinds = Counter(prompt.kind for prompt in prompts)
    assert set(kinds) == set(get_args(PromptKind))
    assert max(kinds.values()) <= 0.4 * len(prompts)
    assert {prompt.level for prompt in prompts} == {1, 2, 3}


def test_every_topic_has_prompts_of_its_own_stage(pack: Pack) -> None:
    practised = Counter(chain.from_iterable(prompt.topics for prompt in pack.exercises.prompts.values()))
    assert [topic_id for topic_id in pack.topics if practised[topic_id] < 2] == []


def test_no_title_stands_twice(pack: Pack) -> None:
    titles = Counter(exercise.title.casefold() for exercise in everything(pack))
    assert [title for title, times in titles.items() if times > 1] == []


def test_no_two_are_nearly_the_same(pack: Pack) -> None:
    texts = {one.id: utils.default_process(one.text) for one in everything(pack)}
    near = [
        (one, other)
        for one, text in texts.items()
        for _, _, other in process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=85, limit=3)
        if other != one
    ]
    assert near == []


def test_no_paper_is_there_twice(pack: Pack) -> None:
    ids = Counter(paper.arxiv for paper in pack.exercises.papers.values())
    assert [one for one, times in ids.items() if times > 1] == []


def test_a_paper_is_not_older_than_its_arxiv_id_says(pack: Pack) -> None:
    for paper in pack.exercises.papers.values():
        if paper.arxiv[0].isdigit():
            assert paper.year == 2000 + int(paper.arxiv[:2]), paper.id


def test_kaggle_tasks_lead_to_kaggle(pack: Pack) -> None:
    away = [one.id for one in pack.exercises.tasks.values() if "kaggle.com/" not in one.link.url]
    assert away == []


def test_fresh_papers_and_competitions_have_enough_to_come_with(pack: Pack) -> None:
    assert len(pack.exercises.reading) >= 12
    assert len(pack.exercises.competitions) >= 8


def test_every_kind_of_competition_has_tasks_of_the_same_levels(pack: Pack) -> None:
    for kind in get_args(CompetitionCategory):
        levels = {task.levels for task in pack.exercises.competitions.values() if kind in task.categories}
        assert len(levels) == 1, f"{kind}: a task is chosen by the kind alone, so all of a kind suit the same groups"
    suited = {kind: task.levels for task in pack.exercises.competitions.values() for kind in task.categories}
    assert suited["Getting Started"] == suited["Playground"] == (1, 2)
    assert suited["Featured"] == suited["Research"] == (3,)


def test_no_reading_question_is_nearly_another(pack: Pack) -> None:
    found = [*pack.exercises.reading.values(), *pack.exercises.competitions.values()]
    for texts in (
        [one.question for one in pack.exercises.reading.values()],
        [one.text for one in pack.exercises.competitions.values()],
        [one.hint for one in found],
        [point for one in found for point in one.outline],
    ):
        plain = [utils.default_process(text) for text in texts]
        assert len(set(plain)) == len(plain)
        assert [pair for pair in combinations(plain, 2) if fuzz.ratio(*pair) >= 80] == []
