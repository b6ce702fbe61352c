"""The two-minute review: the cards that are due of what a member has begun or finished, and what each grade makes.

A sitting is nothing that is kept: every button carries its card, how often that was asked when the page was made, and
how many cards the sitting has behind it. So a page of any age works, and a press that comes twice counts once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import ends_at, study_day
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.points import Reason
from bot.domain.recall import (
    A_SITTING,
    DAYS_AHEAD,
    KEEPS_THE_DAY,
    REVIEWED,
    DayTally,
    Grade,
    Memory,
    Today,
    asked,
    coming,
)
from bot.domain.review import ReviewCard
from bot.domain.streak import Streak
from bot.services.earning import settle_days
from bot.services.packs import Packs
from bot.services.points import NOTHING, Book, Earning, Gain
from bot.services.recall import after
from bot.services.review_cards import Desk, desk_of, dues, queue, record, times
from bot.services.streak import Standing, StreakPage, keep, page_of, standing_of, streak_of
from bot.storage import member as member_store
from bot.storage import review as store
from bot.storage import streak as streak_store
from bot.storage.database import Database

A_WHILE: Final = timedelta(hours=1)
"""What comes back sooner is told by its wait, not by its day."""


@frozen
class Asked:
    """A card as it is asked.

    Attributes:
        card: the card.
        topic: the title of its topic.
        seen: how often the member was asked it before.
        done: how many cards the sitting has behind it.
        of: how many it will be in all, as far as that is known.
    """

    card: ReviewCard
    topic: str
    seen: int
    done: int
    of: int


@frozen
class Told:
    """A card with its answer, and when it comes back after each grade: a study day, or a wait of minutes."""

    asked: Asked
    comes: Mapping[Grade, date | timedelta]
    today: date


@frozen
class Rested:
    """The end of a sitting.

    Attributes:
        day: what was reviewed on the member's study day.
        left: how many cards can be asked right now.
        soon: how many come back later on this study day.
        coming: how many come on each of the next days, today first.
        streak: the member's streak.
        kept: whether reviews have kept the day.
        begun: whether any topic is reviewed at all.
    """

    day: DayTally
    left: int
    soon: int
    coming: tuple[tuple[date, int], ...]
    streak: Streak
    kept: bool
    begun: bool


Step: TypeAlias = Asked | Rested


@frozen
class Graded:
    """What a grade led to. ``counted``: whether it was recorded; ``keeps``: whether it just kept the day."""

    step: Step
    counted: bool
    keeps: bool = False
    gain: Gain = NOTHING


class ReviewService:
    """Use-cases of the review. Every method takes the guild and the member it is about."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def begin(self, guild_id: int, user_id: int, done: int = 0) -> Step:
        """Return the first card of a sitting that has ``done`` cards behind it, or that there is none now."""
        pack = await self._packs.with_exercises(guild_id)
        return await self._database.read(lambda tx: _next(tx, self._desk(tx, pack, guild_id, user_id), done))

    async def stop(self, guild_id: int, user_id: int) -> Rested:
        """Return what the day has behind it and what comes."""
        pack = await self._packs.with_exercises(guild_id)

        def read(tx: Connection) -> Rested:
            desk = self._desk(tx, pack, guild_id, user_id)
            return _rested(tx, desk, len(queue(tx, desk)))

        return await self._database.read(read)

    async def show(self, guild_id: int, user_id: int, card_id: str, seen: int, done: int) -> Told | Step:
        """Return a card's answer; the next card where this one was graded since, or is not asked any more."""
        pack = await self._packs.with_exercises(guild_id)

        def read(tx: Connection) -> Told | Step:
            desk = self._desk(tx, pack, guild_id, user_id)
            card, memory = asked(card_id, pack.cards, desk.states), store.memory(tx, guild_id, user_id, card_id)
            if card is None or times(memory) != seen:
                return _next(tx, desk, done)
            shown = _asked(desk, card, seen, done, done + max(1, len(queue(tx, desk, A_SITTING))))
            comes = {grade: _comes(after(memory, grade, desk.today.now), desk.today) for grade in Grade}
            return Told(shown, comes, desk.today.day)

        return await self._database.read(read)

    async def grade(self, guild_id: int, user_id: int, card_id: str, seen: int, grade: Grade, done: int) -> Graded:
        """Record how a card was remembered, and return what comes next.

        A press that comes twice, or for a card that is not asked any more, records nothing.

        Args:
            guild_id: the guild.
            user_id: the member.
            card_id: the card.
            seen: how often it was asked when the page was made.
            grade: how it was remembered.
            done: how many cards the sitting had behind it.

        Raises:
            StorageError: where nothing was saved.
        """
        pack = await self._packs.with_exercises(guild_id)

        def write(tx: Connection) -> Graded:
            desk = self._desk(tx, pack, guild_id, user_id)
            card = asked(card_id, pack.cards, desk.states)
            if card is None or not record(tx, desk.whose, card, seen, grade, desk.today):
                return Graded(_next(tx, desk, done + (card is not None)), counted=False)
            waiting = queue(tx, desk, A_SITTING)
            keeps, gain = _keep_the_day(tx, desk, anything=bool(waiting))
            return Graded(_next(tx, desk, done + 1, waiting), counted=True, keeps=keeps, gain=gain)

        return await self._database.write(write)

    async def coming(self, guild_id: int, user_id: int) -> tuple[tuple[date, int], ...]:
        """Return how many cards come on each of the next days, today first; cards never seen are not counted."""
        pack = await self._packs.with_exercises(guild_id)
        return await self._database.read(lambda tx: _ahead(tx, self._desk(tx, pack, guild_id, user_id)))

    async def beside_streak(self, guild_id: int, user_id: int) -> tuple[StreakPage, tuple[tuple[date, int], ...]]:
        """Return what a member sees of the own streak, and what ``coming`` does, both by one look."""
        pack, now = await self._packs.with_exercises(guild_id), self._clock.now()

        def read(tx: Connection) -> tuple[Standing, tuple[tuple[date, int], ...]]:
            standing = standing_of(tx, guild_id, user_id, now)
            today = Today(now, standing.rule, standing.today, ends_at(standing.today, standing.rule))
            return standing, _ahead(tx, desk_of(tx, pack, guild_id, user_id, today))

        standing, ahead = await self._database.read(read)
        return page_of(standing), ahead

    def _desk(self, tx: Connection, pack: Pack, guild_id: int, user_id: int) -> Desk:
        rule = member_store.day_rule(tx, guild_id, user_id)
        return desk_of(tx, pack, guild_id, user_id, Today.at(self._clock.now(), rule))


def _next(tx: Connection, desk: Desk, done: int, waiting: list[tuple[str, int]] | None = None) -> Step:
    """Return the next card of a sitting, or its end; ``waiting`` is the queue's beginning where that was read."""
    cards = queue(tx, desk, A_SITTING) if waiting is None else waiting
    if not cards or done >= A_SITTING:
        return _rested(tx, desk, len(queue(tx, desk)) if cards else 0)
    card_id, seen = cards[0]
    return _asked(desk, desk.pack.cards.by_id[card_id], seen, done, done + len(cards))


def _asked(desk: Desk, card: ReviewCard, seen: int, done: int, every: int) -> Asked:
    topic = desk.pack.topics.get(card.topic)
    title = topic.title if topic else card.topic
    return Asked(card, title, seen, done, max(done + 1, min(every, A_SITTING)))


def _rested(tx: Connection, desk: Desk, left: int) -> Rested:
    day, now = desk.today.day, desk.today.now
    soon = sum(one.due_at < desk.today.ends_at and not desk.today.asks(one) for one in dues(tx, desk, 1))
    counted = store.of_day(tx, *desk.whose, day)
    kept = day in streak_store.days_of(tx, *desk.whose, _source(day))
    begun = any(desk.states.get(topic_id) in REVIEWED for topic_id in desk.pack.cards.of_topic)
    return Rested(counted, left, soon, _ahead(tx, desk), streak_of(tx, *desk.whose, now), kept, begun)


def _ahead(tx: Connection, desk: Desk) -> tuple[tuple[date, int], ...]:
    return coming(dues(tx, desk, DAYS_AHEAD), desk.today)


def _comes(memory: Memory, today: Today) -> date | timedelta:
    wait = memory.due_at - today.now
    return wait if wait < A_WHILE else study_day(memory.due_at, today.rule)


def _keep_the_day(tx: Connection, desk: Desk, *, anything: bool) -> tuple[bool, Gain]:
    """Keep the study day once enough cards are done or not ``anything`` is left.

    Returns whether that was now, and its points.
    """
    day, now = desk.today.day, desk.today.now
    if day in streak_store.days_of(tx, *desk.whose, _source(day)):
        return False, NOTHING
    if anything and store.cards_of_day(tx, *desk.whose, day) < KEEPS_THE_DAY:
        return False, NOTHING
    keep(tx, *desk.whose, _source(day), now)
    table = desk.pack.points
    with Book(tx, *desk.whose, now) as book:
        gain = book.settle(table, Earning(Reason.REVIEW, day.isoformat()), stands=True)
        return True, gain + settle_days(book, table, _source(day))


def _source(day: date) -> str:
    return f"review:{day}"
