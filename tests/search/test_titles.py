"""Finding topics by their titles, while they are typed and as they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.pack import Pack
from bot.errors import NotFoundError
from bot.search.titles import find_topic, nearest_titles, nearest_topics

TITLES = {"cv": "Cross-validation", "lr": "Linear regression", "log": "Logistic regression"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["cv", "lr", "log"]),
        ("  ", ["cv", "lr", "log"]),
        ("l", ["lr", "log"]),
        ("cross", ["cv"]),
        ("CROSS-VAL", ["cv"]),
        ("cross val", ["cv"]),
        ("validation", ["cv"]),
        ("regression", ["lr", "log"]),
        ("logi", ["log"]),
        ("regression lin", ["lr"]),
        ("crss-validation", ["cv"]),
    ],
)
def test_what_is_typed_finds_its_titles(typed: str, found: list[str]) -> None:
    assert nearest_titles(typed, TITLES, 25)[: len(found)] == found


def test_no_more_than_asked_and_none_where_there_is_none() -> None:
    assert nearest_titles("regression", TITLES, 1) == ["lr"]
    assert nearest_titles("zzzzzz", TITLES, 25) == []
    assert nearest_titles("anything", {}, 25) == []
    assert nearest_titles("", {}, 25) == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.integers(1, 25))
def test_any_text_may_be_typed(pack: Pack, typed: str, most: int) -> None:
    found = [topic.id for topic in nearest_topics(pack, typed, most)]
    assert len(found) <= most
    assert len(set(found)) == len(found)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120))
def test_any_text_names_a_topic_or_none(pack: Pack, text: str) -> None:
    try:
        topic_id = find_topic(pack, text)
    except NotFoundError:
        return
    assert topic_id in pack.topics


def test_every_topic_is_offered_by_its_title_and_each_word_of_it(pack: Pack) -> None:
    for topic in pack.topics.values():
        assert topic in nearest_topics(pack, topic.title, 25)[:1], topic.title
        assert topic in nearest_topics(pack, topic.title[:6], 25), topic.title[:6]


def test_every_topic_is_meant_by_its_id_and_by_its_title(pack: Pack) -> None:
    for topic in pack.topics.values():
        assert find_topic(pack, topic.id) == topic.id
        assert find_topic(pack, f" {topic.title.upper()} ") == topic.id


def test_what_is_unclear_is_asked_back(pack: Pack) -> None:
    with pytest.raises(NotFoundError, match=r"Did you mean \*.+\* *.*/roadmap lists them"):
        find_topic(pack, "project")
    with pytest.raises(NotFoundError, match=r"^There is no topic of that name on the roadmap\. /roadmap lists"):
        find_topic(pack, "zzzzzzzz")
