"""What the sources brought, for a day of a schedule: a paper or a competition that this guild has not had."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection

from bot.domain.feed import ARXIV, COMPETITION_PREFIX, KAGGLE, Competition, FeedPaper, competition_from, paper_from
from bot.domain.item import tasks_for
from bot.domain.pack import Pack
from bot.domain.prompt import Exercises
from bot.domain.schedule import PostOptions, Slot
from bot.domain.track import Stage
from bot.storage import feed as store
from bot.storage import supply as supply_store
from bot.storage.schedule import Schedule

FRESH: Final = timedelta(days=14)
"""How old a paper may be, and how long ago a competition may have been seen: longer than any weekend or holiday."""
MOST: Final = 500
"""How many kept items are looked at, the latest found first."""
TIME_LEFT: Final = timedelta(days=7)
FARTHEST: Final = timedelta(days=365)
"""A deadline farther away is none: so Kaggle marks what stays open for good, and the evergreen tasks cover that."""


def fresh_choice(tx: Connection, pack: Pack, schedule: Schedule, slot: Slot, stage: Stage, now: datetime) -> str | None:
    """Return the fresh paper or competition that a day of a schedule should bring; None for something of the pack.

    Args:
        tx: the transaction the day is planned in.
        pack: holds what goes with a fresh item; without that there is none.
        schedule: whose day; its options say which papers.
        slot: what kind of day.
        stage: the stage the group is at.
        now: when.
    """
    if slot is Slot.ARXIV and pack.exercises.reading:
        return _paper(tx, schedule, now)
    if slot is Slot.KAGGLE and pack.exercises.competitions:
        return _competition(tx, pack.exercises, schedule.guild_id, level_of(stage), now)
    return None


def level_of(stage: Stage) -> int:
    """Return the level that suits a group at a stage: 1 first contact, 2 in practice, 3 hard."""
    return 1 if stage.order <= 2 else 2 if stage.order <= 5 else 3


def _paper(tx: Connection, schedule: Schedule, now: datetime) -> str | None:
    """Return a paper this guild has not had: one that names a keyword in its title first, then the newest."""
    kept = [paper_from(one) for one in store.since(tx, ARXIV, now - FRESH, MOST)]
    options = schedule.options
    fitting = [(rank, paper) for paper in kept if (rank := _rank(paper, options, now)) is not None]
    had = supply_store.used(tx, schedule.guild_id, [paper.item_id for _, paper in fitting])
    left = [(rank, now - paper.published, paper.item_id) for rank, paper in fitting if paper.item_id not in had]
    return min(left, default=(0, FRESH, None))[2]


def _rank(paper: FeedPaper, options: PostOptions, now: datetime) -> int | None:
    """Return how well a paper fits, the less the better; None where it does not."""
    if paper.withdrawn or not now - FRESH <= paper.published <= now:
        return None
    if not set(options.categories).intersection(paper.categories):
        return None
    return _place(paper, options.keywords)


@lru_cache(maxsize=4 * MOST)
def _place(paper: FeedPaper, keywords: tuple[str, ...]) -> int | None:
    """Return 0 where the title holds one of the keywords or there are none, 1 where the abstract does, else None."""
    words = _any_of(keywords)
    if words is None or words.search(paper.title):
        return 0
    return 1 if words.search(paper.abstract) else None


@lru_cache(maxsize=64)
def _any_of(keywords: Sequence[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds one of the keywords as a word, in any case; None where there are none."""
    phrases = ["[\\s-]+".join(map(re.escape, re.split(r"[\s-]+", one.strip()))) for one in keywords if one.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE) if phrases else None


def _competition(tx: Connection, exercises: Exercises, guild_id: int, level: int, now: datetime) -> str | None:
    """Return a competition this guild has not had, the one that ends first; None right after another one."""
    last = supply_store.latest_exercise(tx, guild_id, Slot.KAGGLE)
    if last is not None and last.startswith(COMPETITION_PREFIX):
        return None
    kept = [competition_from(one) for one in store.since(tx, KAGGLE, now - FRESH, MOST)]
    fitting = {one.item_id: one.deadline for one in kept if _suits(exercises, one, level, now) and one.deadline}
    had = supply_store.used(tx, guild_id, list(fitting))
    left = [(deadline, item_id) for item_id, deadline in fitting.items() if item_id not in had]
    return min(left)[1] if left else None


def _suits(exercises: Exercises, one: Competition, level: int, now: datetime) -> bool:
    if one.submissions_closed or one.deadline is None or (one.enabled is not None and one.enabled > now):
        return False
    if not TIME_LEFT <= one.deadline - now <= FARTHEST:
        return False
    return any(level in task.levels for task in tasks_for(exercises, one))
