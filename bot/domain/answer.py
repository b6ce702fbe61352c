"""What members make of a post: done, an answer, a vote on how hard it was."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from bot.domain.frozen import frozen


class Vote(StrEnum):
    """How hard a member found an exercise."""

    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"


@frozen
class Done:
    """That a member did a post's exercise, or the one in its place, and on which study day of theirs."""

    number: int
    user_id: int
    exercise_id: str
    day: date
    at: datetime


@frozen
class Answer:
    """What a member wrote. ``shared``: whether the group may read it."""

    number: int
    user_id: int
    exercise_id: str
    text: str
    shared: bool
    at: datetime


@frozen
class Counts:
    """How many members did a post's exercise, and how many shared an answer."""

    done: int
    shared: int
