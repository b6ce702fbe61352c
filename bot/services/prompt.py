"""What members do with a post: done and taken back, and another exercise in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.answer import Answer, Counts, Done, Vote
from bot.domain.frozen import frozen
from bot.domain.instead import another, fingerprint
from bot.domain.item import Item
from bot.domain.occurrence import OccurrenceState
from bot.domain.pack import Pack
from bot.domain.points import PointsTable, Reason
from bot.domain.roadmap import current_stage
from bot.domain.schedule import Slot
from bot.domain.streak import Streak
from bot.errors import NotFoundError
from bot.services.earning import settle_days
from bot.services.item import find_item
from bot.services.packs import Packs
from bot.services.points import NOTHING, Book, Earning, Gain
from bot.services.post import Post, PostKey, post_of
from bot.services.streak import keep, streak_of
from bot.storage import occurrence as occurrence_store
from bot.storage import prompt as store
from bot.storage import roadmap as roadmap_store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from bot.storage.occurrence import Recorded
from bot.storage.prompt import Made

SENT: Final = (OccurrenceState.POSTED, OccurrenceState.SENDING, OccurrenceState.UNKNOWN)
"""A post can be pressed before the bot knows that it arrived."""


@frozen
class PromptPage:
    """One post, as one member stands with it.

    Attributes:
        number: the occurrence.
        generation: how often it was posted.
        day: the local date it was posted for.
        channel_id: where it stands.
        message_id: the message; None while that is not known.
        exercise_id: what the member does: the posted exercise, or the one in its place.
        item: that exercise; None where it is no longer in the content.
        replaced: whether it is another one than was posted.
        done: that the member did it; None where not.
        answer: what the member wrote.
        counts: how many did it and shared an answer.
        remind_at: when the member is reminded of it; None for not.
        gain: what the press that led here brought in points.
    """

    number: int
    generation: int
    day: date
    channel_id: int
    message_id: int | None
    exercise_id: str
    item: Item | None
    replaced: bool
    done: Done | None
    answer: Answer | None
    counts: Counts
    remind_at: datetime | None
    gain: Gain = NOTHING


@frozen
class Finished:
    """Done was pressed. ``day`` is the study day it counts for; ``again``: it was counted before."""

    page: PromptPage
    day: date
    streak: Streak
    again: bool


@frozen
class Withdrawn:
    """Done was taken back. ``day`` is the study day it had counted for; None where there was nothing to take back."""

    page: PromptPage
    day: date | None
    streak: Streak


@frozen
class Voted:
    """A vote was recorded. ``given``: another exercise stands on the page now; else nothing was left to give."""

    page: PromptPage
    given: bool


@frozen
class Shown:
    """A post and where it stands, to bring it up to date."""

    channel_id: int
    message_id: int
    post: Post


def sent(tx: Connection, guild_id: int, number: int) -> Recorded:
    """Return a post of a guild.

    Raises:
        NotFoundError: where the guild has none of that number.
    """
    row = occurrence_store.get(tx, guild_id, number)
    if row is None or row.slot is Slot.RECAP or (row.message_id is None and row.state not in SENT):
        raise NotFoundError("That post isn't there any more. Open /today to see what there is.")
    return row


def page_of(tx: Connection, pack: Pack, guild_id: int, user_id: int, row: Recorded) -> PromptPage:
    """Return a post as one member stands with it."""
    return page_with(tx, pack, row, store.made(tx, guild_id, user_id, row.number))


def page_with(tx: Connection, pack: Pack, row: Recorded, made: Made, gain: Gain = NOTHING) -> PromptPage:
    """Return a post as one member stands with it, who made this of it."""
    exercise_id = made.instead or row.exercise_id
    return PromptPage(
        number=row.number,
        generation=row.generation,
        day=row.local_date,
        channel_id=row.channel_id,
        message_id=row.message_id,
        exercise_id=exercise_id,
        item=find_item(tx, pack, exercise_id),
        replaced=exercise_id != row.exercise_id,
        done=made.done,
        answer=made.answer,
        counts=made.counts,
        remind_at=made.remind_at,
        gain=gain,
    )


def count(book: Book, table: PointsTable, row: Recorded) -> tuple[Made, Done, bool, Gain]:
    """Count a post for a member, once.

    Returns:
        how the member stands with it now, what was counted, whether that was before, and what it brought.
    """
    tx, whose, number = book.tx, book.whose, row.number
    made = store.made(tx, *whose, number)
    if made.done is not None:
        return made, made.done, True, NOTHING
    book.note_member()
    day = keep(tx, *whose, _source(number), book.now, book.actor.rule)
    done = Done(number, whose[1], made.instead or row.exercise_id, day, book.now)
    store.mark_done(tx, *whose, number, done.exercise_id, day, book.now)
    counts = Counts(made.counts.done + 1, made.counts.shared)
    return replace(made, done=done, counts=counts), done, False, _settle(book, table, number, done=True)


class PromptService:
    """Use-cases of a post's buttons. Every method takes the guild, the member and the number of the post.

    Every method raises NotFoundError where the guild has no such post.
    """

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._packs = packs

    async def open(self, guild_id: int, user_id: int, number: int) -> PromptPage:
        """Return a post as the member stands with it."""
        pack = await self._packs.with_exercises(guild_id)
        return await self._database.read(lambda tx: _page(tx, pack, guild_id, user_id, number))

    async def done(self, guild_id: int, user_id: int, number: int) -> Finished:
        """Count a post for the day it is pressed on, once for each member."""
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> Finished:
            row = sent(tx, guild_id, number)
            with Book(tx, guild_id, user_id, now) as book:
                made, done, again, gain = count(book, pack.points, row)
            page = page_with(tx, pack, row, made, gain)
            return Finished(page, done.day, streak_of(tx, guild_id, user_id, now, book.actor.rule), again)

        return await self._database.write(write)

    async def take_back(self, guild_id: int, user_id: int, number: int) -> Withdrawn:
        """Take back that a post was done, and the day that it kept."""
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> Withdrawn:
            row = sent(tx, guild_id, number)
            made = store.made(tx, guild_id, user_id, number)
            before, counts = made.done, made.counts
            if store.unmark_done(tx, guild_id, user_id, number):
                counts = Counts(counts.done - 1, counts.shared)
            streak_store.withdraw(tx, guild_id, user_id, _source(number), now)
            with Book(tx, guild_id, user_id, now) as book:
                gain = _settle(book, pack.points, number, done=False)
            page = page_with(tx, pack, row, replace(made, done=None, counts=counts), gain)
            return Withdrawn(page, before and before.day, streak_of(tx, guild_id, user_id, now, book.actor.rule))

        return await self._database.write(write)

    async def vote(self, guild_id: int, user_id: int, number: int, vote: Vote, shown: int) -> Voted:
        """Record how hard the member found the exercise, and give another one in its place.

        A vote on an exercise that is not in hand any more (``shown``, its fingerprint) is a second press of the same
        button: nothing is recorded, and the page shows what is in hand.
        """
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> Voted:
            row = sent(tx, guild_id, number)
            page = page_of(tx, pack, guild_id, user_id, row)
            if fingerprint(page.exercise_id) != shown:
                return Voted(page, given=True)
            store.put_vote(tx, guild_id, user_id, page.exercise_id, vote, now)
            other = _another(tx, pack, guild_id, user_id, page, vote)
            if other is None:
                return Voted(page, given=False)
            store.put_instead(tx, guild_id, user_id, number, other, now)
            item, replaced = find_item(tx, pack, other), other != row.exercise_id
            return Voted(replace(page, exercise_id=other, item=item, replaced=replaced), given=True)

        return await self._database.write(write)

    async def restore(self, guild_id: int, user_id: int, number: int) -> PromptPage:
        """Put the posted exercise back in the place of the one the member got."""
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> PromptPage:
            row = sent(tx, guild_id, number)
            store.put_instead(tx, guild_id, user_id, number, row.exercise_id, now)
            return page_of(tx, pack, guild_id, user_id, row)

        return await self._database.write(write)

    async def shown(self, guild_id: int, number: int) -> Shown | None:
        """Return a post as everybody is to see it now; None where it can't be shown anew."""
        pack = await self._packs.with_exercises(guild_id)

        def read(tx: Connection) -> Shown | None:
            row = sent(tx, guild_id, number)
            due_at, exercise_id = row.due_at, row.exercise_id
            key = PostKey(
                guild_id, number, row.generation, row.schedule_id, row.local_date, due_at, exercise_id, row.crowd
            )  # fmt: skip
            post = post_of(tx, pack, key)
            return None if post is None or row.message_id is None else Shown(row.channel_id, row.message_id, post)

        return await self._database.read(read)


def _page(tx: Connection, pack: Pack, guild_id: int, user_id: int, number: int) -> PromptPage:
    return page_of(tx, pack, guild_id, user_id, sent(tx, guild_id, number))


def _another(tx: Connection, pack: Pack, guild_id: int, user_id: int, page: PromptPage, vote: Vote) -> str | None:
    if page.item is None:
        return None
    had = store.had(tx, guild_id, user_id)
    stage = current_stage(pack, roadmap_store.states(tx, guild_id, user_id))
    return another(
        pack, page.item, vote, had, stage_id=stage and stage.id, salt=f"{guild_id}:{user_id}"
    )  # fmt: skip


def _settle(book: Book, table: PointsTable, number: int, *, done: bool) -> Gain:
    """Let the points of a post and of the day it kept stand exactly if it is done."""
    gain = book.settle(table, Earning(Reason.PROMPT, str(number)), stands=done)
    return gain + settle_days(book, table, _source(number))


def _source(number: int) -> str:
    return f"prompt:{number}"
