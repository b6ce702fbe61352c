"""Which acts score: after each, points are made to agree with the road, the log of days and the answers.

Nothing is said of what changed: what stands is looked up in the same transaction, earned where it stands and taken back
where it does not. So no way of undoing or redoing, of two presses or twenty, can leave points beside their act.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.pack import Pack
from bot.domain.points import PointsTable, Reason
from bot.domain.roadmap import Mark, State
from bot.services.points import NOTHING, Earning, Gain, earn, take_back
from bot.storage import roadmap as roadmap_store
from bot.storage import streak as streak_store


def settle(
    tx: Connection, table: PointsTable, guild_id: int, user_id: int, what: Earning, now: datetime, *, stands: bool
) -> Gain:
    """Let an act's points stand exactly if the act does, and return what that brought; negative what it took."""
    if stands:
        return earn(tx, table, guild_id, user_id, what, now)
    return Gain(-take_back(tx, guild_id, user_id, what.reason, what.source, now))


def settle_topics(
    tx: Connection, pack: Pack, guild_id: int, user_id: int, topic_ids: Iterable[str], now: datetime
) -> Gain:
    """Settle topics: done ones score by their effort, a link to own work beside one scores too.

    What is known or skipped scores nothing: it was not learned here.
    """
    marks = roadmap_store.marks(tx, guild_id, user_id)
    gain = NOTHING
    for topic_id in topic_ids:
        mark, topic = marks.get(topic_id, Mark()), pack.topics.get(topic_id)
        done = Earning(Reason.TOPIC, topic_id, topic.hours if topic else 0)
        gain += settle(tx, pack.points, guild_id, user_id, done, now, stands=mark.state is State.DONE)
        link = Earning(Reason.EVIDENCE, topic_id)
        gain += settle(tx, pack.points, guild_id, user_id, link, now, stands=bool(mark.evidence))
    return gain


def settle_days(tx: Connection, table: PointsTable, guild_id: int, user_id: int, source: str, now: datetime) -> Gain:
    """Settle the study days that an act (``source`` in the log of days) kept or keeps no more.

    A day scores once, with its first act, until the last act that keeps it is taken back.
    """
    gain = NOTHING
    for day in sorted(streak_store.days_of(tx, guild_id, user_id, source)):
        kept = streak_store.is_kept(tx, guild_id, user_id, day)
        gain += settle(tx, table, guild_id, user_id, Earning(Reason.DAY, day.isoformat()), now, stands=kept)
    return gain
