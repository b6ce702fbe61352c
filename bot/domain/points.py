"""What scores how much, and what of it still counts today."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from bot.domain.content import ContentModel
from bot.domain.frozen import frozen


class Reason(StrEnum):
    """Why a row stands in the ledger."""

    TOPIC = "topic"
    PROMPT = "prompt"
    ANSWER = "answer"
    DAY = "day"
    EVIDENCE = "evidence"
    THANKS = "thanks"
    REVIEW = "review"
    ADJUSTMENT = "adjustment"


EARNED: Final = tuple(reason for reason in Reason if reason is not Reason.ADJUSTMENT)
"""What members earn by their own acts; an adjustment is a moderator's."""


class PointsRule(ContentModel):
    """What one kind of act scores."""

    points: Annotated[
        int, Field(ge=0, le=1000, description="Points for one act, or for each hour where per_hour is set.")
    ]
    per_hour: Annotated[bool, Field(description="Whether points are multiplied by the topic's effort in hours.")] = (
        False
    )
    daily_most: Annotated[int, Field(ge=0, le=10000, description="Points of this kind that count on one day at most.")]
    says: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=3, max_length=60), Field(description="Shown in lists.")
    ]


class PointsTable(ContentModel):
    """``points.yaml``: the rule of every kind of act."""

    topic: PointsRule
    prompt: PointsRule
    answer: PointsRule
    day: PointsRule
    evidence: PointsRule
    thanks: PointsRule
    review: PointsRule

    def rule(self, reason: Reason) -> PointsRule:
        """Return the rule of what members earn. Adjustments have none: KeyError."""
        if reason not in EARNED:
            raise KeyError(reason)
        rule: PointsRule = getattr(self, reason.value)
        return rule


USUAL: Final = PointsTable(
    topic=PointsRule(points=20, per_hour=True, daily_most=480, says="Topic done, by its hours"),
    prompt=PointsRule(points=10, daily_most=20, says="Daily prompt done"),
    answer=PointsRule(points=5, daily_most=10, says="Answer shared with the group"),
    day=PointsRule(points=2, daily_most=2, says="Study day kept"),
    evidence=PointsRule(points=5, daily_most=15, says="Link to own work"),
    thanks=PointsRule(points=3, daily_most=15, says="A message helped somebody"),
    review=PointsRule(points=2, daily_most=2, says="Reviews of the day done"),
)
"""The table of a pack that has none of its own. The figures are argued for in the shipped pack's ``points.yaml``."""


@frozen
class Override:
    """A guild's own figures for one reason."""

    points: int
    daily_most: int


def full_worth(rule: PointsRule, override: Override | None, hours: float) -> int:
    """Return the points of an act, whatever was scored on its day before; the arguments are those of ``worth``."""
    points = rule.points if override is None else override.points
    return round(points * hours) if rule.per_hour else points


def worth(rule: PointsRule, override: Override | None, hours: float, earned_today: int) -> int:
    """Return the points that an act scores.

    Args:
        rule: the pack's rule.
        override: the guild's own figures.
        hours: the effort of what was done, where the rule asks for it.
        earned_today: what the member has for this reason on this study day.
    """
    most = rule.daily_most if override is None else override.daily_most
    return max(0, min(full_worth(rule, override, hours), most - earned_today))


def rules_in_words(table: PointsTable, overrides: Mapping[Reason, Override]) -> list[tuple[str, int, int]]:
    """Return what scores how much: words, points, and the most of a day."""
    found: list[tuple[str, int, int]] = []
    for reason in EARNED:
        rule, own = table.rule(reason), overrides.get(reason)
        found.append((rule.says, own.points if own else rule.points, own.daily_most if own else rule.daily_most))
    return found
