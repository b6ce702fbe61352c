"""A member's cards as units of work: which are asked now, recording a grade, and computing all of it anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection

from bot.domain.day import starts_at
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.recall import NEW_A_DAY, Due, Grade, Memory, Phase, Review, Today, asked, new_cards
from bot.domain.review import ReviewCard
from bot.domain.roadmap import State
from bot.services.recall import after
from bot.storage import member as member_store
from bot.storage import review as store
from bot.storage import roadmap as roadmap_store


@frozen
class Desk:
    """What a unit of work is about: whose cards, of which pack, with which marks, at which instant."""

    pack: Pack
    whose: tuple[int, int]
    states: Mapping[str, State]
    today: Today


def record(
    tx: Connection, whose: tuple[int, int], card: ReviewCard, seen: int, grade: Grade, today: Today
) -> bool:  # fmt: skip
    """Record one grade in the history and in what it adds up to; False where the card was graded since."""
    memory = store.memory(tx, *whose, card.id)
    if times(memory) != seen:
        return False
    phase = Phase.LEARNING if memory is None else memory.phase
    if memory is None:
        # whoever has a card has a row as well
        member_store.ensure(tx, *whose, today.now)
    one = Review(card.id, seen + 1, card.topic, grade, phase, today.day, today.now)
    if not store.add(tx, *whose, one):
        return False
    store.put(tx, *whose, {card.id: after(memory, grade, today.now)})
    return True


def rebuilt(tx: Connection, guild_id: int, user_id: int) -> dict[str, Memory]:
    """Return what stands of a member's cards, computed from the history alone."""
    found: dict[str, Memory] = {}
    for one in store.history(tx, guild_id, user_id):
        found[one.card_id] = after(found.get(one.card_id), one.grade, one.at)
    return found


def rebuild(tx: Connection, guild_id: int, user_id: int) -> bool:
    """Compute what stands of a member's cards anew from the history; return whether it was right before."""
    before, found = store.memories(tx, guild_id, user_id), rebuilt(tx, guild_id, user_id)
    store.clear(tx, guild_id, user_id)
    store.put(tx, guild_id, user_id, found)
    return before == found


def ready(tx: Connection, pack: Pack, guild_id: int, user_id: int, today: Today) -> int:
    """Return how many cards can be asked now: those due, and new ones as far as the day's pace allows."""
    return len(queue(tx, desk_of(tx, pack, guild_id, user_id, today)))


def desk_of(tx: Connection, pack: Pack, guild_id: int, user_id: int, today: Today) -> Desk:
    """Return what a unit of work about a member's cards works on."""
    return Desk(pack, (guild_id, user_id), roadmap_store.states(tx, guild_id, user_id), today)


def times(memory: Memory | None) -> int:
    """Return how often a card was asked."""
    return 0 if memory is None else memory.reviews


def dues(tx: Connection, desk: Desk, days: int) -> list[Due]:
    """Return the cards due within so many study days, those left out whose topic or card is no longer reviewed."""
    until = starts_at(desk.today.day + timedelta(days=days), desk.today.rule)
    rows = store.due(tx, *desk.whose, until)
    return [one for one in rows if asked(one.card_id, desk.pack.cards, desk.states)]


def queue(tx: Connection, desk: Desk, most: int | None = None) -> list[tuple[str, int]]:
    """Return the cards to ask now and how often each was asked: the longest due first, then new ones.

    Args:
        tx: the transaction.
        desk: whose cards.
        most: how many of them; None for all. A sitting shows few, and whoever was away for long has hundreds due.
    """
    rows = store.waiting(tx, *desk.whose, desk.today, most)
    waiting = [one for one in rows if asked(one[0], desk.pack.cards, desk.states)]
    if most is not None and len(rows) == most:
        # those left out here, whose card or topic is reviewed no more, may stand before others
        return waiting if len(waiting) == most else queue(tx, desk)[:most]
    new = NEW_A_DAY - store.of_day(tx, *desk.whose, desk.today.day).new
    if new > 0:
        fresh = new_cards(desk.pack.cards, desk.states, store.met(tx, *desk.whose), new)
        waiting += [(card_id, 0) for card_id in fresh]
    return waiting[:most]
