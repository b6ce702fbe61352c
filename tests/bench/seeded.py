"""Guilds with something in them, written into a database before a bot is started on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.domain.occurrence import Crowd
from bot.domain.pack import Pack
from bot.domain.points import Reason
from bot.domain.recall import Memory, Phase
from bot.domain.roadmap import Act, Change, Mark, State
from bot.domain.schedule import Slot
from bot.services.points import Earning, earn
from bot.storage import group as group_store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import occurrence as occurrence_store
from bot.storage import review as review_store
from bot.storage import roadmap as roadmap_store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.group import Group
from bot.storage.guild import Guild as Settings
from bot.storage.occurrence import Plan
from bot.storage.upgrade import migrate
from tests.cogs.posted import EXERCISE, record
from tests.fakes.hasty import hurried
from tests.fakes.wire.world import Guild
from tests.wire.place import EVERY_DAY, midday_zone

MARKED: Final = 15
"""Topics that each member has behind them."""
A_WEEK: Final = 3
"""Topics that each member did in one go, a week after those before them; the latest yesterday."""
DUE: Final = 3
"""Cards that each member has to review."""
IN_A_GROUP: Final = 8
POSTED_BEFORE: Final = timedelta(minutes=30)
_FIRST_MEMBER: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Whose:
    """A member: the place of the guild among all, and the user's id."""

    guild: int
    user_id: int


@dataclass(frozen=True, slots=True)
class Population:
    """What was written.

    Attributes:
        members: all of them, guild by guild in turn: neighbors are of different guilds.
        post: the number of the post of the day, in every guild.
        cards: those that every member has to review, each seen once.
    """

    members: Sequence[Whose]
    post: int
    cards: Sequence[str]


def members_of(guilds: int, each: int) -> list[Whose]:
    """Return so many members of each guild, the first of every guild before the second of any."""
    return [Whose(place, _FIRST_MEMBER + number * guilds + place) for number in range(each) for place in range(guilds)]


async def seed(path: Path, guild_ids: Sequence[int], each: int, pack: Pack) -> Population:
    """Write guilds in which every member has marks, points and due cards, and a post of today.

    Args:
        path: where the database will lie; it does not exist yet.
        guild_ids: whose.
        each: members of each guild.
        pack: whose topics and cards.

    Returns:
        Who and what is there.
    """
    migrate(path)
    now = datetime.now(UTC)
    members = members_of(len(guild_ids), each)
    cards = list(pack.cards.by_id)[:DUE]
    numbers: set[int] = set()
    mine: dict[int, list[int]] = {}
    for one in members:
        mine.setdefault(one.guild, []).append(one.user_id)

    def write(tx: Connection) -> None:
        for place, guild_id in enumerate(guild_ids):
            numbers.add(_guild(tx, Guild("", id=guild_id), mine[place], now))
            for user_id in mine[place]:
                _member(tx, guild_id, user_id, pack, now)

    with hurried():
        database = await Database.open(path)
    try:
        await database.write(write)
    finally:
        await database.close()
    (post,) = numbers
    return Population(members, post, cards)


def _guild(tx: Connection, guild: Guild, members: Sequence[int], now: datetime) -> int:
    """Write a guild's settings, its schedule, its group and the post of today; return that post's number."""
    zone = midday_zone(now)
    guild_store.put(tx, Settings(guild.id, zone=zone))
    schedule_store.add(tx, guild.id, guild.channel_id("daily"), time(9), EVERY_DAY, now)
    group_store.add(tx, Group(guild.id, 0, "Owls", None, IN_A_GROUP, True, members[0], None, None, now))
    for user_id in members[:IN_A_GROUP]:
        group_store.join(tx, guild.id, user_id, 1, now)
    due_at = now - POSTED_BEFORE
    plan = Plan(guild.id, 1, now.date(), Slot.PRACTICE, EXERCISE, guild.channel_id("daily"), due_at)
    number = record(tx, plan, guild.id + 900)
    occurrence_store.put_crowd(tx, guild.id, number, Crowd(1, len(members)))
    return number


def _member(tx: Connection, guild_id: int, user_id: int, pack: Pack, now: datetime) -> None:
    """Write one member: seen today, with topics done, points for two of them and cards that are due."""
    member_store.put_seen(tx, guild_id, user_id, f"Member{user_id % 97}", now)
    topics = list(pack.topics)[:MARKED]
    for first in range(0, MARKED, A_WEEK):
        done = [Change(topic_id, Mark(), Mark(State.DONE)) for topic_id in topics[first : first + A_WEEK]]
        ago = timedelta(days=1, weeks=(MARKED - A_WEEK - first) // A_WEEK)
        roadmap_store.record(tx, guild_id, user_id, Act.MARK, done, now - ago)
    earn(tx, pack.points, guild_id, user_id, Earning(Reason.TOPIC, topics[0], 1 + user_id % 5), now)
    old = Memory(Phase.REVIEW, None, 3.0, 5.0, now - timedelta(days=1), now - timedelta(days=4), 1, 0)
    review_store.put(tx, guild_id, user_id, dict.fromkeys(list(pack.cards.by_id)[:DUE], old))
