"""What a post shows, put together from its occurrence."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.answer import Counts
from bot.domain.day import ends_at, study_day
from bot.domain.frozen import frozen
from bot.domain.item import Item
from bot.domain.occurrence import Crowd, Occurrence
from bot.domain.pack import Pack
from bot.domain.recap import Recap, recap_item, week_of
from bot.domain.roadmap import current_stage
from bot.domain.schedule import USUAL, PostOptions
from bot.domain.track import Stage
from bot.services.item import find_item
from bot.services.recap import recap_of
from bot.storage import guild as guild_store
from bot.storage import prompt as prompt_store
from bot.storage import roadmap as roadmap_store
from bot.storage import schedule as schedule_store


@frozen
class Post:
    """A post as it is shown.

    Attributes:
        number: the occurrence.
        generation: 1, and one more for each time it was posted anew.
        day: the local date it is for.
        item: what to do.
        stage: the stage of the road the item belongs to; None where it belongs to none.
        there: how many members are at that stage.
        members: how many members are on the road.
        counts: how many did it, and shared an answer.
        ends_at: when the guild's study day of the post is over.
        options: thread, pin and the role to mention.
        recap: the week it tells of; None for an exercise.
        guild_id: the guild, where a recap leads to its messages.
    """

    number: int
    generation: int
    day: date
    item: Item
    stage: Stage | None
    there: int
    members: int
    counts: Counts
    ends_at: datetime
    options: PostOptions = USUAL
    recap: Recap | None = None
    guild_id: int = 0


@frozen
class PostKey:
    """What is known of a post before it is put together: which occurrence, of which schedule, due when.

    ``crowd``: whom it met when it was posted; None where it was not, and everybody is to be counted.
    """

    guild_id: int
    number: int
    generation: int
    schedule_id: int
    day: date
    due_at: datetime
    exercise_id: str
    crowd: Crowd | None = None


def post_key(one: Occurrence) -> PostKey:
    """Return what is known of the post of an occurrence."""
    return PostKey(
        one.guild_id, one.number, one.generation, one.schedule_id, one.local_date, one.due_at, one.exercise_id
    )


def post_of(tx: Connection, pack: Pack, key: PostKey) -> Post | None:
    """Return a post as it is to be shown; None where its exercise is no longer known."""
    week = week_of(key.exercise_id)
    item = find_item(tx, pack, key.exercise_id) if week is None else recap_item(key.exercise_id)
    if item is None:
        return None
    options = schedule_store.options_of(tx, key.guild_id, key.schedule_id)
    if week is not None:
        return _recap(tx, key, item, recap_of(tx, pack, key.guild_id, week), options)
    rule = guild_store.day_rule(tx, key.guild_id)
    stage = next((pack.stage_of[topic] for topic in item.topics if topic in pack.stage_of), None)
    crowd = key.crowd or _crowd(tx, pack, key.guild_id, stage)
    return Post(
        number=key.number,
        generation=key.generation,
        day=key.day,
        item=item,
        stage=stage,
        there=crowd.there,
        members=crowd.members,
        counts=prompt_store.counts(tx, key.guild_id, key.number),
        ends_at=ends_at(study_day(key.due_at, rule), rule),
        options=options,
    )


def _crowd(tx: Connection, pack: Pack, guild_id: int, stage: Stage | None) -> Crowd:
    """Return how many are at a stage now; it reads the marks of the whole guild."""
    everybody = roadmap_store.guild_marks(tx, guild_id).values()
    at = [here.id for states in everybody if (here := current_stage(pack, states)) is not None]
    return Crowd(0 if stage is None else at.count(stage.id), len(at))


def _recap(tx: Connection, key: PostKey, item: Item, recap: Recap, options: PostOptions) -> Post:
    rule = guild_store.day_rule(tx, key.guild_id)
    return Post(
        number=key.number,
        generation=key.generation,
        day=key.day,
        item=item,
        stage=None,
        there=0,
        members=0,
        counts=Counts(0, 0),
        ends_at=ends_at(study_day(key.due_at, rule), rule),
        options=options,
        recap=recap,
        guild_id=key.guild_id,
    )
