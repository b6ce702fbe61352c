"""The functions of the FAQ's repository, each as a unit of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.faq import Learned, Vote
from bot.storage import faq
from bot.storage.faq import SuggestionState

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LEARNED: Final = Learned("no diploma", "need-a-degree")

Unit: TypeAlias = Callable[[Connection, int, int], object]

READS: Final[dict[str, Unit]] = {
    "faq.evidence": lambda tx, guild_id, _user: faq.evidence(tx, guild_id, LEARNED),
    "faq.suggestions": lambda tx, guild_id, _user: faq.suggestions(tx, guild_id),
    "faq.gaps": lambda tx, guild_id, _user: faq.gaps(tx, guild_id, 9),
}


def _settle(tx: Connection, guild_id: int, _user: int) -> None:
    assert faq.settle(tx, guild_id, LEARNED, SuggestionState.ACCEPTED, NOW)


def _close_gap(tx: Connection, guild_id: int, _user: int) -> None:
    assert faq.close_gap(tx, guild_id, "what is dropout")


WRITES: Final[dict[str, Unit]] = {
    "faq.vote": lambda tx, guild_id, user_id: faq.vote(tx, guild_id, user_id, LEARNED, Vote.HELPED, NOW),
    "faq.suggest": lambda tx, guild_id, _user: faq.suggest(tx, guild_id, LEARNED, NOW),
    "faq.settle": _settle,
    "faq.log_gap": lambda tx, guild_id, _user: faq.log_gap(tx, guild_id, "what is dropout", NOW, passed_on=True),
    "faq.close_gap": _close_gap,
}
TAKES_BACK: Final = {"faq.settle", "faq.close_gap"}
OF_A_GUILD: Final = set(READS)
OF_ALL_GUILDS: Final = frozenset[str]()
