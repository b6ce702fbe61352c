"""The repository of quiz rounds, each function as a unit of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.quiz import Question, Round, RoundState
from bot.domain.review import ChoiceCard, Option
from bot.domain.roadmap import Act, Change, Mark, State
from bot.storage import quiz, roadmap

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WHY: Final = "Because it is so."
OPTIONS: Final = tuple(Option(text=text, why=WHY) for text in ("one", "two", "three", "four"))
CARD: Final = ChoiceCard(
    id="of-two", topic="counting", kind="choice", front="How many is it?", choices=OPTIONS, right="B"
)
ASKED: Final = Question(1, CARD, "Counting", ("C", "B", "A", "D"))
OTHERS: Final = (77, 78)
"""Two who share a topic."""

Unit: TypeAlias = Callable[[Connection, int, int], object]


def round_of(guild_id: int, channel_id: int, user_id: int = 21) -> Round:
    """Return a round that begins."""
    return Round(guild_id, 0, channel_id, None, 5, 5, "", user_id, NOW, RoundState.OPEN, 0, NOW + timedelta(seconds=15))


def _begin(tx: Connection, guild_id: int, user_id: int) -> None:
    """Begin a round in a channel of its own, and one more topic that two members share."""
    number = quiz.used(tx, guild_id).get(CARD.id, 0) + 1
    made = quiz.begin(tx, round_of(guild_id, 100 + number, user_id), [ASKED])
    assert made is not None
    assert made.number == number
    for who in OTHERS:
        roadmap.record(tx, guild_id, who, Act.MARK, [Change("shared", Mark(), Mark(State.DONE))], NOW)


def _put(tx: Connection, guild_id: int, _user: int) -> None:
    one = quiz.get(tx, guild_id, 1)
    assert one is not None
    quiz.put(tx, one, NOW)


READS: Final[dict[str, Unit]] = {
    "quiz.get": lambda tx, guild_id, _user: quiz.get(tx, guild_id, 1),
    "quiz.questions": lambda tx, guild_id, _user: quiz.questions(tx, guild_id, 1),
    "quiz.used": lambda tx, guild_id, _user: quiz.used(tx, guild_id),
    "quiz.answers": lambda tx, guild_id, _user: quiz.answers(tx, guild_id, 1),
    "quiz.shared_topics": lambda tx, guild_id, _user: quiz.shared_topics(tx, guild_id, None),
}
OF_A_GUILD: Final = set(READS)
"""What is asked for a guild, not for a member."""
WRITES: Final[dict[str, Unit]] = {
    "quiz.begin": _begin,
    "quiz.put": _put,
    "quiz.answer": lambda tx, guild_id, user_id: quiz.answer(tx, guild_id, user_id, 1, (1, "A"), NOW),
    "quiz.take": lambda tx, guild_id, user_id: quiz.take(tx, guild_id, user_id, 1, NOW),
}
TAKES_BACK: Final[set[str]] = set()
OF_ALL_GUILDS: Final = {"quiz.due", "quiz.next_at", "quiz.forget_old"}
