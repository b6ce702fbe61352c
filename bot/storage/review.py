"""Reviews of cards.

``review_event`` is the truth and only ever grows: one row for each time that a card was graded. ``review_card`` is what
the rows of a card add up to, written in the same transaction; ``bot.services.review_cards.rebuild`` computes it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, cast

from sqlalchemy import Column, Connection, Index, Integer, Row, Text, bindparam, delete, func, or_, select

from bot.domain.recall import DayTally, Due, Grade, Memory, Phase, Retention, Review, Today, tally
from bot.storage.roadmap import topic_mark
from bot.storage.schema import Instant, Real, Snowflake, guild_key, table, user_key
from bot.storage.upsert import insert

review_event: Final = table(
    "review_event",
    guild_key(),
    user_key(),
    Column("card_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("topic_id", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("phase", Integer, nullable=False),
    Column("day", Text, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)
Index("ix_review_event_guild_id_user_id", review_event.c.guild_id, review_event.c.user_id, review_event.c.day)

ALL: Final = 2**31
"""More rows than anybody has: each engine writes no limit in a way of its own."""

review_card: Final = table(
    "review_card",
    guild_key(),
    user_key(),
    Column("card_id", Text, primary_key=True),
    Column("phase", Integer, nullable=False),
    Column("step", Integer),
    Column("stability", Real, nullable=False),
    Column("difficulty", Real, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("lapses", Integer, nullable=False),
    without_rowid=True,
)
Index("ix_review_card_guild_id_user_id", review_card.c.guild_id, review_card.c.user_id, review_card.c.due_at)

MEMORY: Final = ("phase", "step", "stability", "difficulty", "due_at", "last_at", "reviews", "lapses")
PHASES: Final = {phase.value: phase for phase in Phase}

_GUILD, _USER = bindparam("guild", type_=Snowflake), bindparam("user", type_=Snowflake)
_MY_CARDS: Final = review_card.c.guild_id == _GUILD, review_card.c.user_id == _USER
_MY_EVENTS: Final = review_event.c.guild_id == _GUILD, review_event.c.user_id == _USER
_TOPIC: Final = bindparam("topic", type_=Text())
_MARKED: Final = select(topic_mark.c.since).where(
    topic_mark.c.guild_id == _GUILD, topic_mark.c.user_id == _USER, topic_mark.c.topic_id == _TOPIC
)
_LAPSES: Final = select(func.count()).where(
    *_MY_EVENTS,
    review_event.c.topic_id == _TOPIC,
    review_event.c.grade == Grade.AGAIN,
    review_event.c.phase == Phase.REVIEW.value,
    review_event.c.at > _MARKED.scalar_subquery(),
)
_ONE: Final = select(review_card).where(*_MY_CARDS, review_card.c.card_id == bindparam("card"))
_DUE: Final = (
    select(review_card.c.card_id, review_card.c.phase, review_card.c.due_at)
    .where(*_MY_CARDS, review_card.c.due_at < bindparam("until", type_=Instant))
    .order_by(review_card.c.due_at, review_card.c.card_id)
)
_ASKED: Final = (
    select(review_card.c.card_id, review_card.c.reviews)
    .where(
        *_MY_CARDS,
        review_card.c.due_at < bindparam("until", type_=Instant),
        or_(review_card.c.phase == Phase.REVIEW.value, review_card.c.due_at <= bindparam("now", type_=Instant)),
    )
    .order_by(review_card.c.due_at, review_card.c.card_id)
    .limit(bindparam("most"))
)
_MET: Final = select(review_card.c.card_id).where(*_MY_CARDS)
_OF_DAY: Final = (
    select(review_event.c.card_id, review_event.c.number, review_event.c.grade)
    .where(*_MY_EVENTS, review_event.c.day == bindparam("day"))
    .order_by(review_event.c.at, review_event.c.number)
)
_CARDS_OF_DAY: Final = select(func.count(review_event.c.card_id.distinct())).where(
    *_MY_EVENTS, review_event.c.day == bindparam("day")
)
_RETENTION: Final = select(func.count(), func.count().filter(review_event.c.grade != Grade.AGAIN)).where(
    *_MY_EVENTS, review_event.c.phase == Phase.REVIEW.value
)
_NEW: Final = insert(review_event).on_conflict_do_nothing()
_PUT: Final = insert(review_card)
_KEEP: Final = _PUT.on_conflict_do_update(
    index_elements=["guild_id", "user_id", "card_id"], set_={name: _PUT.excluded[name] for name in MEMORY}
)
"""Built once each: building a statement costs more than running it."""


def add(tx: Connection, guild_id: int, user_id: int, one: Review) -> bool:
    """Write that a card was graded; False where its review of that number is written already."""
    values = {
        "guild_id": guild_id,
        "user_id": user_id,
        "card_id": one.card_id,
        "number": one.number,
        "topic_id": one.topic_id,
        "grade": one.grade,
        "phase": one.phase.value,
        "day": one.day.isoformat(),
        "at": one.at,
    }
    return tx.execute(_NEW, values).rowcount > 0


def put(tx: Connection, guild_id: int, user_id: int, cards: Mapping[str, Memory]) -> None:
    """Save what stands of a member's cards, by id."""
    rows = [
        {"guild_id": guild_id, "user_id": user_id, "card_id": card_id}
        | {name: getattr(memory, name) for name in MEMORY}
        | {"phase": memory.phase.value}
        for card_id, memory in cards.items()
    ]
    if rows:
        tx.execute(_KEEP, rows)


def memory(tx: Connection, guild_id: int, user_id: int, card_id: str) -> Memory | None:
    """Return what stands of one of a member's cards; None where the member never saw it."""
    row = tx.execute(_ONE, {"guild": guild_id, "user": user_id, "card": card_id}).one_or_none()
    return None if row is None else _memory(row)


def memories(tx: Connection, guild_id: int, user_id: int) -> dict[str, Memory]:
    """Return what stands of all cards of a member, by id."""
    where = review_card.c.guild_id == guild_id, review_card.c.user_id == user_id
    return {row.card_id: _memory(row) for row in tx.execute(select(review_card).where(*where))}


def clear(tx: Connection, guild_id: int, user_id: int) -> None:
    """Forget what the history of a member adds up to, before it is added up anew."""
    tx.execute(delete(review_card).where(review_card.c.guild_id == guild_id, review_card.c.user_id == user_id))


def due(tx: Connection, guild_id: int, user_id: int, until: datetime) -> list[Due]:
    """Return the cards of a member that are due before an instant, the longest waiting first."""
    rows = tx.execute(_DUE, {"guild": guild_id, "user": user_id, "until": until}).all()
    return [Due(card_id, PHASES[phase], due_at) for card_id, phase, due_at in rows]


def waiting(
    tx: Connection, guild_id: int, user_id: int, today: Today, most: int | None = None
) -> Sequence[tuple[str, int]]:
    """Return the cards that a member can be asked now, the longest waiting first, and how often each was asked.

    Args:
        tx: the transaction.
        guild_id: the guild.
        user_id: the member.
        today: the member's study day.
        most: how many of them; None for all.
    """
    bound = {"guild": guild_id, "user": user_id, "until": today.ends_at, "now": today.now, "most": most or ALL}
    return cast("Sequence[tuple[str, int]]", tx.execute(_ASKED, bound).all())


def met(tx: Connection, guild_id: int, user_id: int) -> set[str]:
    """Return the ids of the cards that a member was asked at least once."""
    return set(tx.execute(_MET, {"guild": guild_id, "user": user_id}).scalars())


def of_day(tx: Connection, guild_id: int, user_id: int, day: date) -> DayTally:
    """Return what a member reviewed on a study day."""
    rows = tx.execute(_OF_DAY, {"guild": guild_id, "user": user_id, "day": day.isoformat()}).all()
    return tally((card_id, number, grade != Grade.AGAIN) for card_id, number, grade in rows)


def cards_of_day(tx: Connection, guild_id: int, user_id: int, day: date) -> int:
    """Return how many different cards a member reviewed on a study day."""
    return tx.execute(_CARDS_OF_DAY, {"guild": guild_id, "user": user_id, "day": day.isoformat()}).scalar_one()


def history(tx: Connection, guild_id: int, user_id: int) -> list[Review]:
    """Return all reviews of a member: card by card, each in the order its reviews count."""
    rows = review_event.c
    mine = select(review_event).where(rows.guild_id == guild_id, rows.user_id == user_id)
    return [_review(row) for row in tx.execute(mine.order_by(rows.card_id, rows.number))]


def retention(tx: Connection, guild_id: int, user_id: int) -> Retention:
    """Return how often a member was asked what was learnt before, and how often it was remembered."""
    tested, remembered = tx.execute(_RETENTION, {"guild": guild_id, "user": user_id}).one()
    return Retention(tested, remembered)


def lapses(tx: Connection, guild_id: int, user_id: int, topic_id: str) -> int:
    """Return how often cards of a topic, learnt before, were forgotten since the member's mark on it was set."""
    return tx.execute(_LAPSES, {"guild": guild_id, "user": user_id, "topic": topic_id}).scalar_one()


def _memory(row: Row[Any]) -> Memory:
    return Memory(
        PHASES[row.phase], row.step, row.stability, row.difficulty, row.due_at, row.last_at, row.reviews, row.lapses
    )


def _review(row: Row[Any]) -> Review:
    return Review(
        row.card_id, row.number, row.topic_id, Grade(row.grade), PHASES[row.phase], date.fromisoformat(row.day), row.at
    )
