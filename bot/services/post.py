"""What a post shows, put together from its occurrence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.answer import Counts
from bot.domain.day import ends_at, study_day
from bot.domain.item import Item
from bot.domain.occurrence import Occurrence
from bot.domain.pack import Pack
from bot.domain.roadmap import current_stage
from bot.domain.schedule import USUAL, PostOptions
from bot.domain.track import Stage
from bot.services.item import find_item
from bot.storage import guild as guild_store
from bot.storage import prompt as prompt_store
from bot.storage import roadmap as roadmap_store
from bot.storage import schedule as schedule_store


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class PostKey:
    """What is known of a post before it is put together: which occurrence, of which schedule, due when."""

    guild_id: int
    number: int
    generation: int
    schedule_id: int
    day: date
    due_at: datetime
    exercise_id: str


def post_key(one: Occurrence) -> PostKey:
    """Return what is known of the post of an occurrence."""
    return PostKey(
        one.guild_id, one.number, one.generation, one.schedule_id, one.local_date, one.due_at, one.exercise_id
    )


def post_of(tx: Connection, pack: Pack, key: PostKey) -> Post | None:
    """Return a post as it is to be shown; None where its exercise is no longer known."""
    item = find_item(tx, pack, key.exercise_id)
    if item is None:
        return None
    rule = guild_store.get(tx, key.guild_id).day_rule
    everybody = roadmap_store.guild_marks(tx, key.guild_id).values()
    at = [stage.id for states in everybody if (stage := current_stage(pack, states)) is not None]
    stage = next((pack.stage_of[topic] for topic in item.topics if topic in pack.stage_of), None)
    schedule = schedule_store.get(tx, key.guild_id, key.schedule_id)
    return Post(
        number=key.number,
        generation=key.generation,
        day=key.day,
        item=item,
        stage=stage,
        there=0 if stage is None else at.count(stage.id),
        members=len(at),
        counts=prompt_store.counts(tx, key.guild_id, key.number),
        ends_at=ends_at(study_day(key.due_at, rule), rule),
        options=USUAL if schedule is None else schedule.options,
    )
