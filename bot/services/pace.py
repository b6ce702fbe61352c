"""The pace of a member beside the plan of the group, or of the server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain import forecast, pace
from bot.domain.card import PaceCard
from bot.domain.day import study_day
from bot.domain.faq import FaqEntry
from bot.domain.forecast import Finished, Range, Window
from bot.domain.frozen import frozen
from bot.domain.pace import CohortPlan, Gap, Meeting
from bot.domain.pack import Pack
from bot.domain.roadmap import State, States, current_stage, state_of
from bot.domain.streak import DayKind
from bot.domain.track import Stage
from bot.services.packs import Packs
from bot.storage import group as group_store
from bot.storage import member as member_store
from bot.storage import pace as store
from bot.storage import roadmap as roadmap_store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from bot.storage.pace import SERVER

LATE: Final = 3
"""Topics behind the plan from which on a member is shown how to meet the group."""
HOW_LONG: Final = "how-long"
"""The question of the FAQ that says how long the whole road takes people."""


class Renderer(Protocol):
    """Draws pictures."""

    async def pace(self, card: PaceCard) -> bytes | None:
        """Return a pace as a PNG; None where it can't be drawn now."""
        ...


@frozen
class Beside:
    """A member beside a plan.

    Attributes:
        group: the name of the group whose plan it is; None for the server's.
        plan: the plan.
        last_day: its last day, moved by the member's days off.
        hours: what it expects of the member by today.
        gap: by which topics the two differ.
        days_off: how many days of rest and vacation moved it so far.
        meeting: how to meet the group; None for who is not far behind.
        line: the hours it expects, week by week, for the picture.
    """

    group: str | None
    plan: CohortPlan
    last_day: date
    hours: float
    gap: Gap
    days_off: int
    meeting: Meeting | None
    line: tuple[tuple[date, float], ...]


@frozen
class PacePage:
    """A member's pace.

    Attributes:
        today: the member's study day now.
        began: the member's first day on the road; None for who has not begun.
        done: hours of the road behind the member, what was known before included.
        total: hours of the whole road, without what the member skipped.
        seen: what was done in the last four weeks.
        stage: where the member is; None at the end of the road.
        stage_ends: when this stage ends; None where too little is known.
        road_ends: when the road ends, likewise.
        beside: the plan; None where nobody made one.
        own: hours after each day on which they changed, for the picture.
        how_long: what the FAQ says of how long it takes people.
    """

    today: date
    began: date | None
    done: float
    total: float
    seen: Window
    stage: Stage | None
    stage_ends: Range | None
    road_ends: Range | None
    beside: Beside | None
    own: tuple[tuple[date, float], ...]
    how_long: FaqEntry | None


@frozen
class _Facts:
    """What a pace is reckoned from, as it stands in the database."""

    today: date
    states: States
    finished: Mapping[str, Finished]
    began: date | None
    off: frozenset[date]
    away: frozenset[date]
    plan: CohortPlan | None
    group: str | None


class PaceService:
    """Use-cases of the page *Pace*."""

    def __init__(self, database: Database, packs: Packs, clock: Clock, renderer: Renderer) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock
        self._renderer = renderer

    async def page(self, guild_id: int, user_id: int) -> PacePage:
        """Return a member's pace, beside the plan of the member's group, or else of the server."""
        pack = await self._packs.of(guild_id)
        now = self._clock.now()
        return await self._database.read(lambda tx: page_of(tx, pack, guild_id, user_id, now))

    async def picture(self, page: PacePage, name: str) -> bytes | None:
        """Return the pace as a PNG; None where it can't be drawn now, and the words must do."""
        ends = page.road_ends
        return await self._renderer.pace(
            PaceCard(
                title=headline(page),
                name=name,
                today=page.today,
                done=page.done,
                total=page.total,
                own=page.own,
                plan=page.beside.line if page.beside is not None else (),
                ends=(ends.first, ends.last) if ends is not None else None,
                meaning=meaning(page),
            )
        )


def page_of(tx: Connection, pack: Pack, guild_id: int, user_id: int, now: datetime) -> PacePage:
    """Return a member's pace at an instant, as a unit of work."""
    return _page(pack, _facts(tx, guild_id, user_id, now))


def _facts(tx: Connection, guild_id: int, user_id: int, now: datetime) -> _Facts:
    rule = member_store.day_rule(tx, guild_id, user_id)
    days = streak_store.days(tx, guild_id, user_id)
    kept = {day for day, kind in days if kind is DayKind.KEPT}
    away = {day for day, kind in days if kind is DayKind.VACATION} - kept
    rest = {day for day, kind in days if kind is DayKind.REST} - kept
    began = store.began(tx, guild_id, user_id)
    plan, group = _plan_of(tx, guild_id, user_id)
    return _Facts(
        today=study_day(now, rule),
        states={one: mark.state for one, mark in roadmap_store.marks(tx, guild_id, user_id).items()},
        finished={
            one: Finished(study_day(found.at, rule), found.worked)
            for one, found in store.reached(tx, guild_id, user_id).items()
        },
        began=study_day(began, rule) if began is not None else None,
        off=frozenset(away | rest),
        away=frozenset(away),
        plan=plan,
        group=group,
    )


def headline(page: PacePage) -> str:
    """Return where a member stands, in a few words: ``2 topics behind the group, 5 h``."""
    beside = page.beside
    if page.stage is None:
        return "Through the whole road"
    if beside is None:
        return f"About {page.seen.a_week:.0f} h a week" if page.road_ends is not None else "The road ahead of you"
    whom = "the group" if beside.group else "the plan"
    found = beside.gap
    if found.behind:
        return f"{_topics(len(found.behind))} behind {whom}, {found.hours_behind:g} h"
    if found.ahead:
        return f"{_topics(len(found.ahead))} ahead of {whom}, {found.hours_ahead:g} h"
    if page.today < beside.plan.first_day:
        return f"The plan begins on {day_words(beside.plan.first_day)}"
    return f"In step with {whom}"


def meaning(page: PacePage) -> str:
    """Return when the road may end, in one line."""
    if page.stage is None:
        return "Every topic is done, known or skipped."
    if page.road_ends is None:
        return "A forecast takes two weeks and two topics that you finish in them."
    return f"The road ends {span_words(page.road_ends)}, in 8 of 10 cases."


def span_words(found: Range) -> str:
    """Return a range in words: ``between 3 Mar 2027 and 9 Aug 2027``."""
    if found.open_end:
        return f"after {day_words(found.first)}"
    return f"between {day_words(found.first)} and {day_words(found.last)}"


def day_words(day: date) -> str:
    """Return a day with its year: ``3 Mar 2027``."""
    return f"{day.day} {day:%b %Y}"


def _topics(number: int) -> str:
    return f"{number} topic{'' if number == 1 else 's'}"


def _plan_of(tx: Connection, guild_id: int, user_id: int) -> tuple[CohortPlan | None, str | None]:
    """Return the plan a member follows, and the name of the group whose it is."""
    group_id = group_store.group_of(tx, guild_id, user_id)
    if group_id is not None and (plan := store.get(tx, guild_id, group_id)) is not None:
        group = group_store.get(tx, guild_id, group_id)
        return plan, group.shown_name if group is not None else None
    return store.get(tx, guild_id, SERVER), None


def _page(pack: Pack, facts: _Facts) -> PacePage:
    every = tuple(pack.topics.values())
    stage = current_stage(pack, facts.states)
    seen = forecast.window(facts.finished, pack.topics, facts.began or facts.today, facts.today, facts.away)
    left = forecast.still_to_do(every, facts.states)
    in_stage = forecast.still_to_do(stage.topics, facts.states) if stage is not None else 0.0
    return PacePage(
        today=facts.today,
        began=facts.began,
        done=sum(topic.hours for topic in every if state_of(facts.states, topic.id).counts),
        total=sum(topic.hours for topic in every if state_of(facts.states, topic.id) is not State.SKIPPED),
        seen=seen,
        stage=stage,
        stage_ends=forecast.forecast(in_stage, seen, facts.today, facts.away),
        road_ends=forecast.forecast(left, seen, facts.today, facts.away),
        beside=_beside(pack, facts, seen) if facts.plan is not None else None,
        own=pace.curve(facts.finished, pack.topics),
        how_long=pack.entries.get(HOW_LONG),
    )


def _beside(pack: Pack, facts: _Facts, seen: Window) -> Beside | None:
    plan, stages = facts.plan, pack.track.stages
    if plan is None:
        return None
    on = pace.spans(stages, plan)
    days = pace.elapsed(plan, facts.today, facts.off)
    found = pace.gap(on, days, facts.states)
    line = pace.line(on, plan, facts.off, facts.states)
    a_week = max(seen.a_week, sum(one.topic.hours for one in on) * 7 / plan.days(stages))
    late = len(found.behind) >= LATE
    return Beside(
        group=facts.group,
        plan=plan,
        last_day=line[-1][0],
        hours=pace.planned_hours(on, days, facts.states),
        gap=found,
        days_off=sum(plan.first_day <= one < facts.today for one in facts.off),
        meeting=pace.meeting(on, days, facts.states, facts.today, a_week) if late else None,
        line=line,
    )
