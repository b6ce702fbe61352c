"""A pack: everything one study group learns from, checked and indexed. Immutable and shared between guilds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Self, TypeVar

from bot.domain.faq import FaqCategory, FaqEntry
from bot.domain.frozen import frozen
from bot.domain.guide import Chapter
from bot.domain.points import USUAL, PointsTable
from bot.domain.prompt import Exercises
from bot.domain.review import Cards
from bot.domain.synonym import Synonym
from bot.domain.track import Stage, Topic, Track
from bot.errors import NotFoundError

if TYPE_CHECKING:
    from bot.domain.entry import OwnResource

Entry = TypeVar("Entry", Stage, Chapter, FaqCategory)


@frozen
class Pack:
    """A track, the guide's chapters, the FAQ, what daily posts hold and the review cards, with look-ups by id.

    Attributes:
        topics: every topic by its id, in the order of the road.
        stage_of: topic id to its stage, in the order of the road.
        dependents: topic id to the topics that require it.
        resources: what a server collected beside the topics, by id; the shipped pack has none.
        waiting: topic id to every topic that can't begin before it, directly or through others.
        read_exercises: returns what daily posts hold; it may read them the first time.
        points: what scores how much.
    """

    track: Track
    chapters: tuple[Chapter, ...]
    categories: tuple[FaqCategory, ...]
    topics: Mapping[str, Topic]
    stage_of: Mapping[str, Stage]
    dependents: Mapping[str, tuple[str, ...]]
    waiting: Mapping[str, frozenset[str]]
    entries: Mapping[str, FaqEntry]
    category_of: Mapping[str, FaqCategory]
    read_exercises: Callable[[], Exercises]
    resources: Mapping[str, OwnResource]
    synonyms: tuple[Synonym, ...] = ()
    points: PointsTable = USUAL

    @property
    def exercises(self) -> Exercises:
        """What daily posts hold. The first look may take a moment, so the event loop is no place for it."""
        return self.read_exercises()

    @property
    def cards(self) -> Cards:
        """The review cards; read together with what daily posts hold."""
        return self.exercises.cards

    @classmethod
    def of(
        cls,
        track: Track,
        chapters: Iterable[Chapter],
        categories: Iterable[FaqCategory],
        exercises: Exercises | Callable[[], Exercises] | None = None,
        synonyms: Iterable[Synonym] = (),
        resources: Mapping[str, OwnResource] | None = None,
    ) -> Self:
        """Index checked content. Stages, chapters and categories come out in their order.

        Args:
            track: the road.
            chapters: the guide's.
            categories: the FAQ's.
            exercises: what daily posts hold, or what reads them at their first need.
            synonyms: words that stand for each other when questions are looked up.
            resources: what a server collected beside the topics.
        """
        found = exercises or Exercises()
        track = track.model_copy(update={"stages": tuple(sorted(track.stages, key=lambda stage: stage.order))})
        shelves = tuple(sorted(categories, key=lambda category: category.order))
        topics = {topic.id: topic for stage in track.stages for topic in stage.topics}
        waiting: dict[str, list[str]] = {topic_id: [] for topic_id in topics}
        for topic in topics.values():
            for needed in topic.requires:
                waiting[needed].append(topic.id)
        return cls(
            track=track,
            chapters=tuple(sorted(chapters, key=lambda chapter: chapter.order)),
            categories=shelves,
            topics=topics,
            stage_of={topic.id: stage for stage in track.stages for topic in stage.topics},
            dependents={topic_id: tuple(later) for topic_id, later in waiting.items()},
            waiting={topic_id: frozenset(_reachable(waiting, topic_id)) for topic_id in topics},
            entries={entry.id: entry for category in shelves for entry in category.entries},
            category_of={entry.id: category for category in shelves for entry in category.entries},
            read_exercises=found if callable(found) else lambda: found,
            synonyms=tuple(synonyms),
            resources=resources or {},
        )

    def topic(self, topic_id: str) -> Topic:
        """Return the topic of this id.

        Raises:
            NotFoundError: where the pack has no such topic.
        """
        try:
            return self.topics[topic_id]
        except KeyError:
            raise NotFoundError("That topic isn't on this roadmap. Open /roadmap to see the ones that are.") from None

    def stage(self, stage_id: str) -> Stage:
        """Return the stage of this id.

        Raises:
            NotFoundError: where the track has no such stage.
        """
        return _by_id(
            self.track.stages, stage_id, "That stage isn't on this roadmap. Open /roadmap to see the ones that are."
        )

    def chapter(self, chapter_id: str) -> Chapter:
        """Return the guide's chapter of this id.

        Raises:
            NotFoundError: where the guide has no such chapter.
        """
        return _by_id(
            self.chapters, chapter_id, "That chapter isn't in the guide. Open /roadmap and pick one from **Guide**."
        )

    def entry(self, entry_id: str) -> FaqEntry:
        """Return the FAQ entry of this id.

        Raises:
            NotFoundError: where the FAQ has no such entry.
        """
        try:
            return self.entries[entry_id]
        except KeyError:
            raise NotFoundError("That question isn't in the FAQ any more. Ask again with /faq.") from None

    def category(self, category_id: str) -> FaqCategory:
        """Return the FAQ category of this id.

        Raises:
            NotFoundError: where the FAQ has no such category.
        """
        return _by_id(
            self.categories, category_id, "That category isn't in the FAQ any more. Open /faq to see the ones that are."
        )

    def background_knows(self, background_id: str) -> tuple[str, ...]:
        """Return the topics that people of this background usually know already; empty for an unknown background."""
        for background in self.track.backgrounds:
            if background.id == background_id:
                return background.knows
        return ()


def _by_id(every: Iterable[Entry], entry_id: str, missing: str) -> Entry:
    """Return the one of this id; NotFoundError, saying ``missing``, where there is none."""
    for one in every:
        if one.id == entry_id:
            return one
    raise NotFoundError(missing)


def _reachable(edges: Mapping[str, Iterable[str]], start: str) -> set[str]:
    """Return everything that ``edges`` lead to from ``start``."""
    seen: set[str] = set()
    ahead = list(edges[start])
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead.extend(edges[here])
    return seen
