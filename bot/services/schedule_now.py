"""Posting by hand: today's post at once, once more after it was posted, and what the next one will be."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from bot.domain.frozen import frozen
from bot.domain.occurrence import OPEN, OccurrenceState
from bot.domain.pack import Pack
from bot.domain.recap import recap_item
from bot.domain.schedule import ScheduleState, Slot
from bot.domain.week import recap_day
from bot.errors import NotAllowedError, NotFoundError
from bot.services.choice import chosen
from bot.services.item import find_item
from bot.services.post import Post, PostKey, post_of
from bot.services.schedule_page import Due, SchedulePage, due_next, page_of
from bot.storage import by_hand
from bot.storage import occurrence as occurrence_store
from bot.storage import schedule as store
from bot.storage.occurrence import Recorded
from bot.storage.schedule import Schedule

POSTED: Final = (OccurrenceState.POSTED, OccurrenceState.UNKNOWN)
NOTHING: Final = "There is nothing to post for that day: the content holds no such exercise."


class PostNow(StrEnum):
    """What became of a wish to post at once."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    ASKS = "asks"


@frozen
class PostedNow:
    """The answer to a wish to post at once.

    Attributes:
        what: whether it goes out now, is on its way already, or was posted already and needs a second word.
        page: the schedule as it is then.
        number: the occurrence of today.
        generation: how often it was planned; a second word names it, so that it counts once.
        channel_id: where today's post is.
        message_id: today's post, where it was posted.
    """

    what: PostNow
    page: SchedulePage
    number: int
    generation: int
    channel_id: int
    message_id: int | None


@frozen
class Preview:
    """What a schedule posts next, and when."""

    page: SchedulePage
    post: Post
    due: Due


def post_now(tx: Connection, pack: Pack, one: Schedule, again: tuple[int, int] | None, now: datetime) -> PostedNow:
    """Plan today's post of a schedule for now, where that was not done yet; see ``ScheduleService.post_now``."""
    if one.state is not ScheduleState.ACTIVE:
        raise NotAllowedError("This schedule does not post at the moment. Press Resume first, then Post now.")
    today = one.timing.local_date(now)
    found = occurrence_store.of_date(tx, one.guild_id, one.schedule_id, today)
    what = PostNow.PLANNED
    if found is not None and found.state in OPEN:
        what = PostNow.UNDER_WAY
    elif found is not None and found.state in POSTED and again != (found.number, found.generation):
        what = PostNow.ASKS
    else:
        _plan(tx, pack, one, found, now)
    planned = occurrence_store.of_date(tx, one.guild_id, one.schedule_id, today)
    assert planned is not None  # noqa: S101  (planned above, or found)
    page = page_of(tx, one.guild_id, one.schedule_id, now)
    return PostedNow(what, page, planned.number, planned.generation, planned.channel_id, planned.message_id)


def _plan(tx: Connection, pack: Pack, one: Schedule, found: Recorded | None, now: datetime) -> None:
    today = one.timing.local_date(now)
    slot = one.timing.slot(today) if found is None else found.slot
    if slot is Slot.REST:
        slot = Slot.PRACTICE if recap_day(one.timing.plan) is None else Slot.RECAP
    kept = found.exercise_id if found is not None and found.state in POSTED else ""
    known = kept and (recap_item(kept) or find_item(tx, pack, kept)) is not None
    exercise_id = kept if known else chosen(tx, pack, one, slot, now)
    if exercise_id is None:
        raise NotFoundError(NOTHING)
    what = occurrence_store.Plan(one.guild_id, one.schedule_id, today, slot, exercise_id, one.channel_id, due_at=now)
    if found is None:
        occurrence_store.plan(tx, what)
    else:
        by_hand.plan_anew(tx, one.guild_id, found, what)
    if one.skip_date == today:
        store.put_skip(tx, one.guild_id, one.schedule_id, None)
    if one.next_run_at is None or one.next_run_at > now or one.next_date == today:
        store.put_next(tx, one, store.free_after(tx, one, now))


def preview_of(tx: Connection, pack: Pack, one: Schedule, now: datetime) -> Preview:
    """Return what a schedule posts next, as it will be.

    Raises:
        NotFoundError: where it has nothing to post.
    """
    due = next(iter(due_next(tx, one, now, 1)), None)
    exercise_id = chosen(tx, pack, one, due.slot, now) if due else None
    if due is None or exercise_id is None:
        raise NotFoundError(NOTHING)
    key = PostKey(one.guild_id, 0, 1, one.schedule_id, due.day, due.due_at, exercise_id)
    post = post_of(tx, pack, key)
    if post is None:
        raise NotFoundError(NOTHING)
    return Preview(page_of(tx, one.guild_id, one.schedule_id, now), post, due)
