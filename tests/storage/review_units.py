"""The repository of reviews, each function as a unit of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.day import DayRule
from bot.domain.recall import Grade, Memory, Phase, Review, Today
from bot.storage import review

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER: Final = NOW + timedelta(minutes=1)
TODAY: Final = date(2026, 11, 23)
LEARNT: Final = Memory(Phase.REVIEW, None, 2.5, 5.5, NOW, NOW, 1, 0)

Unit: TypeAlias = Callable[[Connection, int, int], object]


READS: Final[dict[str, Unit]] = {
    "review.memory": lambda tx, guild_id, user_id: review.memory(tx, guild_id, user_id, "one"),
    "review.memories": review.memories,
    "review.due": lambda tx, guild_id, user_id: review.due(tx, guild_id, user_id, NOW + timedelta(days=1)),
    "review.waiting": lambda tx, guild_id, user_id: review.waiting(tx, guild_id, user_id, Today.at(NOW, DayRule())),
    "review.met": review.met,
    "review.of_day": lambda tx, guild_id, user_id: review.of_day(tx, guild_id, user_id, TODAY),
    "review.history": review.history,
    "review.cards_of_day": lambda tx, guild_id, user_id: review.cards_of_day(tx, guild_id, user_id, TODAY),
    "review.retention": review.retention,
    "review.lapses": lambda tx, guild_id, user_id: review.lapses(tx, guild_id, user_id, "b"),
}
OF_A_GUILD: Final = set[str]()


def _forget(tx: Connection, guild_id: int, user_id: int) -> None:
    """Forget a card of a topic that was marked before, once more each time."""
    number = len(review.history(tx, guild_id, user_id)) + 1
    assert review.add(tx, guild_id, user_id, Review("two", number, "b", Grade.AGAIN, Phase.REVIEW, TODAY, LATER))


WRITES: Final[dict[str, Unit]] = {
    "review.add": _forget,
    "review.put": lambda tx, guild_id, user_id: review.put(tx, guild_id, user_id, {"one": LEARNT}),
    "review.clear": review.clear,
}
TAKES_BACK: Final = {"review.clear"}
OF_ALL_GUILDS: Final = set[str]()
