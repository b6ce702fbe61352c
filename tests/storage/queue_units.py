"""The repositories behind the moderators' queue, each function as a unit of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.entry import Kind
from bot.domain.letter import Letter, LetterKind, LetterState
from bot.domain.report import Ruling, Thing
from bot.domain.suggest import Decision
from bot.storage import form, letter, report, suggest
from bot.storage.letter import NewLetter
from bot.storage.suggest import NewSuggestion

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BEFORE: Final = NOW - timedelta(days=1)
ENTRY: Final = Thing(entry_id="one")
TEXTS: Final = {"question": "What?"}

Unit: TypeAlias = Callable[[Connection, int, int], object]


def _suggested_by(tx: Connection, guild_id: int, _user: int) -> object:
    return suggest.suggested_by(tx, guild_id, Kind.FAQ, "one")


READS: Final[dict[str, Unit]] = {
    "suggest.get": lambda tx, guild_id, _user: suggest.get(tx, guild_id, 1),
    "suggest.waiting": lambda tx, guild_id, _user: suggest.waiting(tx, guild_id, 9),
    "suggest.count_waiting": lambda tx, guild_id, _user: suggest.count_waiting(tx, guild_id),
    "suggest.count_since": lambda tx, guild_id, user_id: suggest.count_since(tx, guild_id, user_id, BEFORE),
    "suggest.of_member": lambda tx, guild_id, user_id: suggest.of_member(tx, guild_id, user_id, 9),
    "suggest.suggested_by": _suggested_by,
    "report.ruling_of": lambda tx, guild_id, user_id: report.ruling_of(tx, guild_id, user_id, ENTRY),
    "report.count_since": lambda tx, guild_id, user_id: report.count_since(tx, guild_id, user_id, BEFORE),
    "report.count_waiting": lambda tx, guild_id, _user: report.count_waiting(tx, guild_id),
    "report.waiting": lambda tx, guild_id, _user: report.waiting(tx, guild_id, 9),
    "report.one": lambda tx, guild_id, _user: report.one(tx, guild_id, ENTRY),
    "letter.untold": letter.untold,
    "form.get": lambda tx, guild_id, user_id: form.get(tx, guild_id, user_id, 1),
}
OF_A_GUILD: Final = {
    *("suggest.get", "suggest.waiting", "suggest.count_waiting", "suggest.suggested_by"),
    *("report.count_waiting", "report.waiting", "report.one"),
}


def _decide(tx: Connection, guild_id: int, user_id: int) -> None:
    number = suggest.add(tx, guild_id, NewSuggestion(user_id, Kind.FAQ, {"question": "Why?"}), NOW)
    assert suggest.decide(tx, guild_id, number, user_id, Decision.APPROVED, entry_id="one")


def _rule(tx: Connection, guild_id: int, user_id: int) -> None:
    assert report.rule(tx, guild_id, ENTRY, user_id, Ruling.KEPT, NOW)


def _letter(tx: Connection, guild_id: int, user_id: int) -> None:
    letter.put(tx, guild_id, NewLetter(user_id, LetterKind.DECLINED, "prompt", "What?"), NOW)


def _settle(tx: Connection, guild_id: int, user_id: int) -> None:
    letter.settle(tx, Letter(guild_id, 1, user_id, LetterKind.DECLINED, "prompt", "What?", "", NOW), LetterState.TOLD)


WRITES: Final[dict[str, Unit]] = {
    "suggest.add": lambda tx, guild_id, user_id: suggest.add(
        tx, guild_id, NewSuggestion(user_id, Kind.FAQ, TEXTS), NOW
    ),
    "suggest.decide": _decide,
    "report.put": lambda tx, guild_id, user_id: report.put(tx, guild_id, user_id, ENTRY, "wrong", NOW),
    "report.rule": _rule,
    "letter.put": _letter,
    "letter.settle": _settle,
    "form.put": lambda tx, guild_id, user_id: form.put(tx, guild_id, user_id, TEXTS, NOW),
    "form.drop": form.drop,
}
TAKES_BACK: Final = {"report.rule", "letter.settle", "form.drop"}
OF_ALL_GUILDS: Final = {"letter.claim"}
