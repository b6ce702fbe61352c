"""The weekly recap: gathered when it goes out, and each member's own week behind its button."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.board import GroupScore, Measure, Window, placed, ranked_groups
from bot.domain.day import starts_at, study_day
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.points import Reason
from bot.domain.recap import SHOWN, WEEK, FirstStep, GroupLine, Recap, Sharer, last_week, week_of
from bot.domain.streak import DayKind
from bot.errors import NotFoundError
from bot.services.streak import streak_of
from bot.storage import board as board_store
from bot.storage import group as group_store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import occurrence as occurrence_store
from bot.storage import recap as store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from bot.storage.guild import Guild

LOOKED_AT: Final = 40
"""Of how many members, those who did most, the streaks are reckoned; each takes about a millisecond."""
NEW_FOR: Final = timedelta(days=28)
"""How long ago somebody may have come and still take first steps."""
SHORTEST_STREAK: Final = 3
MOST_ON_PODIUM: Final = 5


@frozen
class MyWeek:
    """One member's week.

    Attributes:
        week: its Monday.
        earned: points by reason, the most first.
        rank: the place on the week's board; None for who scored nothing or hides.
        of: how many stand there.
        streak: in days, now.
    """

    week: date
    earned: tuple[tuple[Reason, int], ...]
    rank: int | None
    of: int
    streak: int

    @property
    def total(self) -> int:
        """All points of the week."""
        return sum(points for _, points in self.earned)


def quiet_twice(tx: Connection, pack: Pack, guild_id: int, week: date) -> bool:
    """Whether nothing happened in a week nor in the one before it: then nobody is told so again."""
    return all(recap_of(tx, pack, guild_id, one, streaks=False).quiet for one in (week, week - WEEK))


def told_week(tx: Connection, guild_id: int, now: datetime) -> date:
    """Return the Monday of the week that a recap tells of which is planned now."""
    return last_week(study_day(now, guild_store.get(tx, guild_id).day_rule))


def recap_of(tx: Connection, pack: Pack, guild_id: int, week: date, *, streaks: bool = True) -> Recap:
    """Return a week of a server. Who hides from boards, or left, is nowhere in it, and still counts in the sums.

    Args:
        tx: the transaction.
        pack: names the topics.
        guild_id: the guild.
        week: its Monday, as the guild's study days count.
        streaks: whether the streaks are reckoned; they take longest.
    """
    settings = guild_store.get(tx, guild_id)
    rule = settings.day_rule
    since, until = starts_at(week, rule), starts_at(week + WEEK, rule)
    done = store.doers(tx, guild_id, week, week + timedelta(days=6))
    helpers = store.helpers(tx, guild_id, since, until, LOOKED_AT)
    sharers = store.sharers(tx, guild_id, since, until, LOOKED_AT)
    board_id = board_store.find(tx, guild_id, Window.WEEK, week)
    best = [] if board_id is None else board_store.top(tx, board_id, LOOKED_AT)
    diligent = sorted(done, key=lambda one: (-done[one], one))
    seen = list(dict.fromkeys([*(one.who for one in best), *diligent]))[:LOOKED_AT]
    steps = _first_steps(tx, pack, guild_id, since, until, week)
    named = {*seen, *(one for one, _ in helpers), *(one for one, _, _ in sharers), *(one.user_id for one in steps)}
    away = _away(tx, guild_id, named)
    present = [one for one in seen if one not in away]
    lines = () if board_id is None else placed(1, 1, best)
    return Recap(
        week=week,
        active=0 if board_id is None else board_store.size(tx, board_id),
        podium=tuple(line for line in lines if line.rank <= SHOWN)[:MOST_ON_PODIUM],
        measure=settings.group_measure,
        groups=_groups(tx, settings, board_id),
        prompts=sum(done.values()),
        helpers=tuple(one for one in helpers if one[0] not in away)[:SHOWN],
        streaks=_streaks(tx, guild_id, present if streaks else [], until - timedelta(seconds=1)),
        first_steps=tuple(one for one in steps if one.user_id not in away),
        sharers=_sharers(tx, guild_id, [one for one in sharers if one[0] not in away][:SHOWN]),
    )


def _away(tx: Connection, guild_id: int, among: set[int]) -> set[int]:
    """Return who of them hides from boards or has left."""
    known = member_store.several(tx, guild_id, among)
    return {user_id for user_id, one in known.items() if one.off_boards or one.left_at is not None}


def _groups(tx: Connection, guild: Guild, board_id: int | None) -> tuple[GroupLine, ...]:
    if board_id is None:
        return ()
    guild_id, measure = guild.id, guild.group_measure
    names = {one.group_id: one.name for one in group_store.all_of(tx, guild_id)}
    sizes = group_store.sizes(tx, guild_id)
    scores = [
        GroupScore(one.group_id, one.total, one.active, sizes.get(one.group_id, 0))
        for one in board_store.group_totals(tx, board_id)
        if one.group_id in names and one.active
    ]
    return tuple(
        GroupLine(rank, names[one.group_id], one.mean if measure is Measure.MEAN else one.share, one.size)
        for rank, one in ranked_groups(scores, measure, guild.group_least)[:SHOWN]
    )


def _streaks(tx: Connection, guild_id: int, among: list[int], at: datetime) -> tuple[tuple[int, int], ...]:
    lengths = [(user_id, streak_of(tx, guild_id, user_id, at).length) for user_id in among]
    lengths.sort(key=lambda one: (-one[1], one[0]))
    return tuple(one for one in lengths if one[1] >= SHORTEST_STREAK)[:SHOWN]


def _first_steps(
    tx: Connection, pack: Pack, guild_id: int, since: datetime, until: datetime, week: date
) -> list[FirstStep]:
    found: list[FirstStep] = []
    for user_id in store.newcomers(tx, guild_id, since - NEW_FOR, until):
        kept = [row for row in streak_store.standing(tx, guild_id, user_id) if row.kind is DayKind.KEPT]
        first = min(kept, key=lambda row: (row.day, row.number), default=None)
        if first is not None and week <= first.day < week + WEEK:
            topic = pack.topics.get(first.source.removeprefix("topic:"))
            found.append(FirstStep(user_id, topic.title if topic else None))
    return found


def _sharers(tx: Connection, guild_id: int, sharers: list[tuple[int, int, int]]) -> tuple[Sharer, ...]:
    found: list[Sharer] = []
    for user_id, count, number in sharers:
        post = occurrence_store.get(tx, guild_id, number)
        if post is not None:
            found.append(Sharer(user_id, count, post.channel_id, post.message_id))
    return tuple(found)


class RecapService:
    """What the button of a recap opens."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def my_week(self, guild_id: int, user_id: int, number: int) -> MyWeek:
        """Return a member's own week, the one that a recap tells of.

        Args:
            guild_id: the guild.
            user_id: the member.
            number: the recap's occurrence.

        Raises:
            NotFoundError: where there is no such recap.
        """
        now = self._clock.now()

        def read(tx: Connection) -> MyWeek:
            post = occurrence_store.get(tx, guild_id, number)
            week = None if post is None else week_of(post.exercise_id)
            if week is None:
                raise NotFoundError("That recap is not known any more. The next one comes in a week.")
            return _my_week(tx, guild_id, user_id, week, now)

        return await self._database.read(read)


def _my_week(tx: Connection, guild_id: int, user_id: int, week: date, now: datetime) -> MyWeek:
    earned = store.earned(tx, guild_id, user_id, week, week + timedelta(days=6))
    board_id = board_store.find(tx, guild_id, Window.WEEK, week)
    score = None if board_id is None else board_store.score_of(tx, board_id, user_id)
    person = member_store.get(tx, guild_id, user_id)
    stands = score is not None and score > 0 and not (person is not None and person.off_boards)
    return MyWeek(
        week=week,
        earned=tuple(sorted(earned.items(), key=lambda one: (-one[1], one[0]))),
        rank=board_store.above(tx, board_id, score) + 1 if stands and board_id is not None and score else None,
        of=0 if board_id is None else board_store.size(tx, board_id),
        streak=streak_of(tx, guild_id, user_id, now).length,
    )
