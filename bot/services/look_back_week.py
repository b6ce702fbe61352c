"""A member's week as units of work: what it brought, where that leaves one, what comes, and that it ends today.

Nothing of a week is stored but the goal. What was done counts on the study day it was done on; topics by their effort.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from bot.domain.board import Window
from bot.domain.day import DayRule, study_day
from bot.domain.forecast import Finished
from bot.domain.frozen import frozen
from bot.domain.look_back import LAST, WEEK, Did, Goal, LookBack, Place, ends_today, topics_of, week_of
from bot.domain.pack import Pack
from bot.domain.recall import Today
from bot.domain.roadmap import count, suggestions
from bot.domain.streak import DayKind
from bot.services.pace import headline, meaning
from bot.services.pace import page_of as pace_of
from bot.services.review_cards import desk_of, dues
from bot.services.streak import streak_of
from bot.storage import board as board_store
from bot.storage import look_back as store
from bot.storage import member as member_store
from bot.storage import pace as pace_store
from bot.storage import season as season_store
from bot.storage import streak as streak_store

NEXT_TOPICS: Final = 3
DAYS_TO_COME: Final = 8
"""Days whose reviews are counted: what is left of today, and the seven after it."""


@frozen
class WeekEnd:
    """That a member's week ends today, and its goal. ``refused``: whether a message about it was refused today."""

    week: date
    goal: Goal | None
    refused: bool


def looked_back(tx: Connection, pack: Pack, whose: tuple[int, int], week: date, now: datetime) -> LookBack:
    """Return the week of a member that begins on a Monday, with the standing and the outlook of now."""
    rule = member_store.day_rule(tx, *whose)
    today, pace = Today.at(now, rule), pace_of(tx, pack, *whose, now)
    desk = desk_of(tx, pack, *whose, today)
    days = {day for day, kind in streak_store.days(tx, *whose) if kind is DayKind.KEPT}
    coming = [one for one in dues(tx, desk, DAYS_TO_COME) if one.due_at >= today.ends_at]
    ended = (one.name for one in season_store.all_of(tx, whose[0]) if _within(one.last_day, week))
    known = pace.beside is not None or pace.road_ends is not None
    return LookBack(
        week=week,
        over=today.day >= week + LAST,
        did=_did(tx, pack, whose, week, rule),
        kept_days=sum(_within(day, week) for day in days),
        streak=streak_of(tx, *whose, now).length,
        road=count(pack.topics.values(), desk.states),
        pace=f"{headline(pace)}. {meaning(pace)}" if known else "",
        place=_place(tx, whose, week),
        next_topics=tuple(one.topic for one in suggestions(pack, desk.states, NEXT_TOPICS)),
        reviews_ahead=len(coming),
        season=next(ended, None),
        goal=store.goal(tx, *whose, week),
        next_goal=store.goal(tx, *whose, week + WEEK),
    )


def week_end(tx: Connection, guild_id: int, user_id: int, now: datetime, rule: DayRule) -> WeekEnd | None:
    """Return that a member's week ends today; None on other days, and for who does not look back."""
    today = study_day(now, rule)
    choice = store.choice(tx, guild_id, user_id) if ends_today(today) else None
    if choice is None:
        return None
    refused = choice.refused_at is not None and study_day(choice.refused_at, rule) == today
    return WeekEnd(week_of(today), store.goal(tx, guild_id, user_id, week_of(today)), refused)


def _did(tx: Connection, pack: Pack, whose: tuple[int, int], week: date, rule: DayRule) -> Did:
    reached = pace_store.reached(tx, *whose).items()
    finished = {topic_id: Finished(study_day(found.at, rule), found.worked) for topic_id, found in reached}
    counted = store.counted(tx, *whose, week)
    return Did(
        topics=topics_of(finished, pack.topics, week),
        prompts=counted.prompts,
        cards=counted.cards,
        remembered=counted.remembered,
        reviews=counted.reviews,
    )


def _place(tx: Connection, whose: tuple[int, int], week: date) -> Place | None:
    """Return a member's place on the board of a week; None for who is not shown on it."""
    guild_id, user_id = whose
    person = member_store.get(tx, guild_id, user_id)
    board_id = board_store.find(tx, guild_id, Window.WEEK, week)
    if board_id is None or person is None or not person.shown:
        return None
    score = board_store.score_of(tx, board_id, user_id) or 0
    return Place(board_store.above(tx, board_id, score) + 1, score) if score > 0 else None


def _within(day: date | None, week: date) -> bool:
    return day is not None and week <= day <= week + LAST
