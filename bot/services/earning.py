"""Which acts score: after each, points are made to agree with the road, the log of days and the answers.

Nothing is said of what changed: what stands is looked up in the same transaction, earned where it stands and taken back
where it does not. So no way of undoing or redoing, of two presses or twenty, can leave points beside their act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.pack import Pack
from bot.domain.points import PointsTable, Reason
from bot.domain.roadmap import Mark, State
from bot.services.points import NOTHING, Book, Earning, Gain
from bot.storage import roadmap as roadmap_store
from bot.storage import streak as streak_store


def settle_topics(book: Book, pack: Pack, topic_ids: Iterable[str], marks: Mapping[str, Mark] | None = None) -> Gain:
    """Settle topics: done ones score by their effort, a link to own work beside one scores too.

    What is known or skipped scores nothing: it was not learned here. ``marks`` are those of the topics as they stand
    by now, where the act that just wrote them says so.
    """
    if marks is None:
        marks = roadmap_store.marks(book.tx, *book.whose)
    gain = NOTHING
    for topic_id in topic_ids:
        mark, topic = marks.get(topic_id, Mark()), pack.topics.get(topic_id)
        done = Earning(Reason.TOPIC, topic_id, topic.hours if topic else 0)
        gain += book.settle(pack.points, done, stands=mark.state is State.DONE)
        gain += book.settle(pack.points, Earning(Reason.EVIDENCE, topic_id), stands=bool(mark.evidence))
    return gain


def settle_days(book: Book, table: PointsTable, source: str) -> Gain:
    """Settle the study days that an act (``source`` in the log of days) kept or keeps no more.

    A day scores once, with its first act, until the last act that keeps it is taken back.
    """
    gain = NOTHING
    for day, kept in sorted(streak_store.kept_of(book.tx, *book.whose, source).items()):
        gain += book.settle(table, Earning(Reason.DAY, day.isoformat()), stands=kept)
    return gain
