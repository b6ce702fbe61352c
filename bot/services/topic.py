"""One topic, as a member stands with it: what its page shows, how a mark turns out, and the day it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection

from bot.domain.day import study_day
from bot.domain.entry import OwnResource
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.roadmap import Act, Change, Mark, State
from bot.domain.showcase import Standing
from bot.domain.track import Stage, Topic
from bot.services.earning import settle_days, settle_topics
from bot.services.points import NOTHING, Book, Gain
from bot.services.showcase import standing_of
from bot.services.streak import keep
from bot.storage import review as review_store
from bot.storage import roadmap as roadmap_store
from bot.storage import streak as streak_store
from bot.storage.acting import Actor
from bot.storage.roadmap import RecordedAct


@frozen
class TopicPage:
    """One topic, as one member stands with it.

    ``gain`` is what the press that led here brought, ``collected`` what the server collected to learn it from,
    ``lapses`` how often cards of a finished topic, learnt before, were forgotten since it was finished.
    """

    topic: Topic
    stage: Stage
    mark: Mark
    requires: tuple[tuple[Topic, State], ...]
    later: tuple[Topic, ...]
    note: str | None
    gain: Gain = NOTHING
    showcase: Standing = Standing.NO
    collected: tuple[OwnResource, ...] = ()
    lapses: int = 0


@frozen
class Marked:
    """A topic moved. ``opened`` are the topics whose last missing prerequisite it was; ``gain`` is what it brought.

    ``page`` is the topic's page from then on.
    """

    topic: Topic
    state: State
    opened: tuple[Topic, ...]
    page: TopicPage
    gain: Gain = NOTHING


@frozen
class Unchanged:
    """The topic was in that state already; nothing was recorded. ``page`` is its page."""

    topic: Topic
    state: State
    page: TopicPage


@frozen
class NeedsConfirming:
    """Done was pressed while prerequisites are open; nothing was recorded yet."""

    topic: Topic
    missing: tuple[Topic, ...]


MarkOutcome: TypeAlias = Marked | Unchanged | NeedsConfirming


def page_of(
    tx: Connection, pack: Pack, guild_id: int, user_id: int, topic: Topic, marks: Mapping[str, Mark]
) -> TopicPage:
    """Return a topic's page; ``marks`` are the member's on all topics."""
    mark = marks.get(topic.id, Mark())
    return TopicPage(
        topic=topic,
        stage=pack.stage_of[topic.id],
        mark=mark,
        requires=tuple((pack.topics[needed], marks.get(needed, Mark()).state) for needed in topic.requires),
        later=tuple(pack.topics[later] for later in pack.dependents[topic.id]),
        note=roadmap_store.note(tx, guild_id, user_id, topic.id),
        showcase=standing_of(tx, guild_id, user_id, topic, mark),
        collected=tuple(one for one in pack.resources.values() if topic.id in one.topics),
        lapses=review_store.lapses(tx, guild_id, user_id, topic.id) if mark.state.counts else 0,
    )


def moved(tx: Connection, pack: Pack, guild_id: int, user_id: int, change: Change, now: datetime, actor: Actor) -> Gain:
    """Let a mark that was recorded count: done keeps the day, moving away from done on that day takes it back.

    Returns:
        what it brought or cost in points.
    """
    source = f"topic:{change.topic_id}"
    if change.after.state is State.DONE:
        keep(tx, guild_id, user_id, source, now, actor.rule)
    elif change.before.state is State.DONE:
        today = study_day(now, actor.rule)
        streak_store.withdraw(tx, guild_id, user_id, source, now, since=today)
    with Book(tx, guild_id, user_id, now, actor) as book:
        gain = settle_topics(book, pack, [change.topic_id], {change.topic_id: change.after})
        return gain + settle_days(book, pack.points, source)


def moved_back(tx: Connection, pack: Pack, guild_id: int, user_id: int, recorded: RecordedAct, now: datetime) -> Gain:
    """Undo what an act meant, after it was taken back itself, and return what that brought or cost in points.

    What kept no day, such as the placement, takes none back.
    """
    with Book(tx, guild_id, user_id, now) as book:
        gain = settle_topics(book, pack, [change.topic_id for change in recorded.changes])
        if recorded.act is not Act.MARK:
            return gain
        for change in recorded.changes:
            source = f"topic:{change.topic_id}"
            if change.after.state is State.DONE:
                streak_store.withdraw_written(tx, guild_id, user_id, source, recorded.at, now)
            elif change.before.state is State.DONE:
                streak_store.restore(tx, guild_id, user_id, source, recorded.at)
            gain += settle_days(book, pack.points, source)
        return gain
