"""A server's pack: the shipped one with the server's patches over it. What is not touched is shared, not copied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Final, TypeVar, cast

from bot.domain.content import ContentModel
from bot.domain.entry import (
    OWN_SHELF,
    OWN_SHELF_TITLE,
    Fields,
    Kind,
    OwnCategory,
    OwnResource,
    OwnStage,
    canonical,
    validated,
)
from bot.domain.faq import FaqCategory, FaqEntry
from bot.domain.overlay import Content
from bot.domain.pack import Pack
from bot.domain.prompt import Exercises
from bot.domain.review import Cards, ReviewCard
from bot.domain.track import Stage, Topic

Model = TypeVar("Model", bound=ContentModel)

LAST: Final = 999


class ShippedEntries(Mapping[Kind, Mapping[str, Fields]]):
    """Everything of a shipped pack that a server may change, in its canonical form; each kind when first asked for."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._known: dict[Kind, Mapping[str, Fields]] = {}

    def __getitem__(self, kind: Kind) -> Mapping[str, Fields]:
        if kind not in self._known:
            self._known[kind] = dict(_entries_of(self._pack, kind))
        return self._known[kind]

    def __iter__(self) -> Iterator[Kind]:
        return iter(Kind)

    def __len__(self) -> int:
        return len(Kind)


def _entries_of(pack: Pack, kind: Kind) -> Iterator[tuple[str, Fields]]:
    match kind:
        case Kind.FAQ:
            for category in pack.categories:
                yield from ((one.id, _written(kind, one, shelf=category.id)) for one in category.entries)
        case Kind.TOPIC:
            for stage in pack.track.stages:
                yield from ((one.id, _written(kind, one, shelf=stage.id)) for one in stage.topics)
        case Kind.CATEGORY:
            yield from ((one.id, _written(kind, one, leave_out={"entries"})) for one in pack.categories)
        case Kind.STAGE:
            yield from ((one.id, _written(kind, one, leave_out={"topics"})) for one in pack.track.stages)
        case Kind.PROMPT:
            yield from ((one.id, _written(kind, one)) for one in pack.exercises.prompts.values())
        case Kind.CARD:
            yield from ((one.id, _written(kind, one)) for one in pack.cards.by_id.values())
        case Kind.RESOURCE:
            return


def _written(kind: Kind, model: ContentModel, *, shelf: str = "", leave_out: set[str] | None = None) -> Fields:
    fields = model.model_dump(mode="json", exclude_defaults=True, exclude=leave_out)
    return canonical(kind, validated(kind, {**fields, "shelf": shelf} if shelf else fields))


def compiled(pack: Pack, content: Content) -> Pack:
    """Return a server's pack.

    Whatever names an entry that is retired no longer names it, so that every reference in the result leads somewhere.

    Args:
        pack: the shipped one; returned itself where the server changed nothing.
        content: its entries, and the server's patches over them.
    """
    if not content.patches:
        return pack
    topics = _changed(content, Kind.TOPIC, pack.topics)
    entries = _changed(content, Kind.FAQ, pack.entries)
    stages = _stages(pack, content, topics)
    known = {topic.id for stage in stages for topic in stage.topics}
    categories = _categories(pack, content, entries, known)
    track = pack.track.model_copy(
        update={
            "stages": stages,
            "backgrounds": tuple(_naming(one, "knows", known) for one in pack.track.backgrounds),
        }
    )
    chapters = tuple(
        one.model_copy(update={"items": tuple(_naming(item, "topics", known) for item in one.items)})
        for one in pack.chapters
    )
    resources = _changed(content, Kind.RESOURCE, cast("Mapping[str, OwnResource]", {}))
    # what daily posts hold is read by whoever looks at it first, as in the shipped pack
    exercises = cache(partial(_exercises, pack, content, stages))
    road_kept = known == set(pack.topics)
    made = Pack.of(track, pack.chapters if road_kept else chapters, categories, exercises, pack.synonyms, resources)
    return replace(made, points=pack.points)


def _changed(content: Content, kind: Kind, shipped: Mapping[str, Model]) -> dict[str, Model]:
    """Return the entries of a kind as they stand: the shipped objects themselves where nothing touched them."""
    touched = {entry_id for one, entry_id in content.patches if one is kind}
    found = {entry_id: model for entry_id, model in shipped.items() if entry_id not in touched}
    if not touched:
        return found
    return {
        entry_id: found.get(entry_id) or cast("Model", validated(kind, fields))
        for entry_id, fields in content.live(kind).items()
    }


def _on_shelves(
    content: Content, kind: Kind, home: Mapping[str, str], entries: Mapping[str, Model]
) -> dict[str, list[Model]]:
    """Return each shelf's entries, in order.

    Args:
        content: everything.
        kind: of the entries.
        home: the shelf of each shipped entry, for those that were not touched.
        entries: all of them.
    """
    shelves: dict[str, list[Model]] = {}
    for entry_id, entry in entries.items():
        own = content.fields(kind, entry_id) if (kind, entry_id) in content.patches else None
        shelf = home[entry_id] if own is None else str(own.get("shelf", OWN_SHELF))
        shelves.setdefault(shelf, []).append(entry)
    return shelves


def _stages(pack: Pack, content: Content, topics: Mapping[str, Topic]) -> tuple[Stage, ...]:
    home = {topic_id: stage.id for topic_id, stage in pack.stage_of.items()}
    shelves = _on_shelves(content, Kind.TOPIC, home, topics)
    known = set(topics)
    given = _changed(content, Kind.STAGE, {stage.id: stage for stage in pack.track.stages})
    stages: list[Stage] = []
    for stage_id, inside in shelves.items():
        stage = given.get(stage_id) or OwnStage(id=OWN_SHELF, order=LAST, title=OWN_SHELF_TITLE)
        held = tuple(_naming(topic, "requires", known) for topic in inside)
        stages.append(stage.model_copy(update={"id": stage_id, "topics": held}))
    # a road has at least one stage, even where all of its topics were retired
    return tuple(stages) or pack.track.stages[:1]


def _categories(
    pack: Pack, content: Content, entries: Mapping[str, FaqEntry], topics: Collection[str]
) -> tuple[FaqCategory, ...]:
    home = {entry_id: category.id for entry_id, category in pack.category_of.items()}
    shelves = _on_shelves(content, Kind.FAQ, home, entries)
    given = _changed(content, Kind.CATEGORY, {category.id: category for category in pack.categories})
    categories: list[FaqCategory] = []
    for category_id, inside in shelves.items():
        category = given.get(category_id) or OwnCategory(id=OWN_SHELF, order=LAST, title=OWN_SHELF_TITLE)
        held = tuple(_naming(_naming(one, "topics", topics), "related", entries) for one in inside)
        categories.append(category.model_copy(update={"id": category_id, "entries": held}))
    return tuple(categories)


def _exercises(pack: Pack, content: Content, stages: Sequence[Stage]) -> Exercises:
    shipped = pack.exercises
    topics = {topic.id: stage.id for stage in stages for topic in stage.topics}
    prompts = _changed(content, Kind.PROMPT, shipped.prompts)
    cards = _changed(content, Kind.CARD, shipped.cards.by_id)
    return replace(
        shipped,
        prompts={one: _naming(prompt, "topics", topics) for one, prompt in prompts.items()},
        stage_of={
            one: shipped.stage_of.get(one)
            or next((topics[topic] for topic in prompt.topics if topic in topics), stages[0].id)
            for one, prompt in prompts.items()
        },
        tasks={one.id: _naming(one, "topics", topics) for one in shipped.tasks.values()},
        papers={one.id: _naming(one, "topics", topics) for one in shipped.papers.values()},
        cards=Cards.of(cast("Iterable[ReviewCard]", cards.values())),
    )


def _naming(model: Model, key: str, known: Collection[str]) -> Model:
    """Return an entry without the ids under ``key`` that are not there; itself where all are."""
    named: tuple[str, ...] = getattr(model, key)
    kept = tuple(one for one in named if one in known)
    return model if len(kept) == len(named) else model.model_copy(update={key: kept})
