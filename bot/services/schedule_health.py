"""How a schedule does: what became of its last posts, what comes, and how long the exercises last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.domain.choice import group_stage
from bot.domain.clock_change import ClockChange, coming_change
from bot.domain.frozen import frozen
from bot.domain.occurrence import OccurrenceState
from bot.domain.pack import Pack
from bot.domain.schedule import ScheduleState, Slot, WeekPlan
from bot.domain.supply import Supply, supply
from bot.domain.track import Stage
from bot.services.schedule_page import ScheduleLine, line_of
from bot.storage import occurrence as occurrence_store
from bot.storage import roadmap as roadmap_store
from bot.storage import schedule as store
from bot.storage import supply as supply_store
from bot.storage.occurrence import Recorded
from bot.storage.schedule import Schedule

LAST: Final = 30
NEXT: Final = 3
PARTS: Final = (Slot.PRACTICE, Slot.KAGGLE, Slot.ARXIV)
PART_NAMES: Final = {Slot.PRACTICE: "practice prompts", Slot.KAGGLE: "Kaggle tasks", Slot.ARXIV: "papers"}


class Moderators(Protocol):
    """Reaches the moderators of a guild."""

    async def tell_moderators(self, guild_id: int, sentence: str) -> None:
        """Tell the moderators of a guild something they must know."""
        ...


@frozen
class Happened:
    """What became of the post of one date. ``late``: how long after its time it went out; None where it did not."""

    day: date
    slot: Slot
    state: OccurrenceState
    late: timedelta | None
    reason: str | None


@frozen
class Health:
    """How a schedule does.

    Attributes:
        line: the schedule, with its next three posts.
        last: what became of its last thirty dates, the newest first.
        change: the coming change of the clock at its place, if one is near.
        stage: where the group is on the road.
        stage_supply: what is left of the practice prompts of that stage.
        supplies: what is left of each part that the schedules of this guild take from.
    """

    line: ScheduleLine
    last: tuple[Happened, ...]
    change: ClockChange | None
    stage: Stage
    stage_supply: Supply
    supplies: tuple[Supply, ...]


def health_of(tx: Connection, pack: Pack, one: Schedule, now: datetime) -> Health:
    """Return how a schedule does at an instant."""
    recent = occurrence_store.recent(tx, one.guild_id, one.schedule_id, LAST)
    plans = _plans(tx, one.guild_id, but=one)
    plans.append(one.timing.plan)
    stage = _stage(tx, pack, one.guild_id)
    prompts = pack.exercises.prompts
    there = [name for name in prompts if any(pack.stage_of[topic].id == stage.id for topic in prompts[name].topics)]
    return Health(
        line=line_of(tx, one, now, NEXT),
        last=tuple(_happened(each) for each in recent),
        change=coming_change(one.timing.zone, now),
        stage=stage,
        stage_supply=supply(Slot.PRACTICE, there, supply_store.used(tx, one.guild_id, there), plans),
        supplies=_supplies(tx, pack, one.guild_id, plans),
    )


def _happened(one: Recorded) -> Happened:
    sent = one.posted_at if one.state is OccurrenceState.POSTED else None
    late = None if sent is None else max(timedelta(), sent - one.due_at)
    return Happened(one.local_date, one.slot, one.state, late, one.reason)


def low_parts(tx: Connection, pack: Pack, guild_id: int) -> tuple[Supply, ...]:
    """Return the parts of a guild's weeks that last a week or less."""
    return tuple(one for one in _supplies(tx, pack, guild_id, _plans(tx, guild_id)) if one.low)


def warn(tx: Connection, guild_id: int, parts: Iterable[Supply], now: datetime) -> list[str]:
    """Return what a guild's moderators have not been told yet of parts that run low, and record that they are."""
    return [low_sentence(one) for one in parts if supply_store.warn_once(tx, guild_id, one.slot, one.passed, now)]


def low_sentence(one: Supply) -> str:
    """Return what moderators are told of a part that runs low."""
    return (
        f"{one.left} of {one.total} {PART_NAMES[one.slot]} are left: enough for {one.days} days at {one.a_week} a "
        "week. After that they come again from the first. Give those days something else with Edit in /schedule, or "
        "ask whoever runs this bot for more content."
    )


def _stage(tx: Connection, pack: Pack, guild_id: int) -> Stage:
    return group_stage(pack, roadmap_store.guild_marks(tx, guild_id).values())


def _plans(tx: Connection, guild_id: int, but: Schedule | None = None) -> list[WeekPlan]:
    """Return the weeks of a guild's active schedules, without one of them."""
    return [
        each.timing.plan
        for each in store.all_of(tx, guild_id)
        if each.state is ScheduleState.ACTIVE and (but is None or each.schedule_id != but.schedule_id)
    ]


def _supplies(tx: Connection, pack: Pack, guild_id: int, plans: list[WeekPlan]) -> tuple[Supply, ...]:
    exercises = pack.exercises
    shelves: Mapping[Slot, Mapping[str, object]] = {
        Slot.PRACTICE: exercises.prompts,
        Slot.KAGGLE: exercises.tasks,
        Slot.ARXIV: exercises.papers,
    }
    every = (
        supply(slot, shelves[slot], supply_store.used(tx, guild_id, shelves[slot].keys()), plans) for slot in PARTS
    )
    return tuple(one for one in every if one.a_week)
