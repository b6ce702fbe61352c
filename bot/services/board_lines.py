"""What a page of the members' board says in each line, and the time a board is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from bot.domain.board import Place, Rivals, Window, window_before, window_end, window_start
from bot.domain.frozen import frozen
from bot.storage import board as store
from bot.storage import season as season_store
from bot.storage.member import Known


@frozen
class Ask:
    """What somebody wants to see of a board.

    Attributes:
        rivals: members or groups.
        window: which stretch of time.
        start: the first day of a past one; None for the one that runs.
        page: counted from 0; one that is too high is the last.
        around_me: whether it is the page that the asker stands on instead.
    """

    rivals: Rivals = Rivals.MEMBERS
    window: Window = Window.WEEK
    start: date | None = None
    page: int = 0
    around_me: bool = False


@frozen
class Stretch:
    """The time a board is about.

    Attributes:
        start: its first study day; None for a season where none runs.
        end: its last one; None where it has none yet.
        name: what the season is called.
        over: whether it is one of the past.
        seasons: whether this guild has, or had, any season.
    """

    window: Window
    start: date | None
    end: date | None
    name: str | None
    over: bool
    seasons: bool


@frozen
class MemberLine:
    """A line of the members' board.

    Attributes:
        name: how the member was last called; None where nothing is known.
        moved: places won (lost, below 0) since the week before, on a week's board; None for who was not on that one.
        lately: points of this week, on the other boards; None on a week's and on one that is over.
    """

    rank: int
    user_id: int
    name: str | None
    score: int
    moved: int | None
    lately: int | None


def stretch_of(tx: Connection, guild_id: int, ask: Ask, today: date) -> Stretch:
    """Return the time that is asked for; a past season whose beginning was taken back is one that never ran."""
    seasons = season_store.all_of(tx, guild_id)
    season = None
    if ask.window is Window.SEASON:
        wanted = ask.start or today
        there = (one for one in seasons if one.first_day <= wanted and (not one.last_day or wanted <= one.last_day))
        season = next(there, None)
    start = window_start(ask.window, ask.start or today, season and season.first_day)
    end = window_end(ask.window, start, season and season.last_day) if start else None
    over = ask.start is not None and end is not None and end < today
    return Stretch(ask.window, start, end, season and season.name, over, bool(seasons))


def member_lines(
    tx: Connection,
    guild_id: int,
    stretch: Stretch,
    today: date,
    places: Sequence[Place],
    people: Mapping[int, Known],
) -> tuple[MemberLine, ...]:
    """Return what the lines of a page say.

    Args:
        tx: a transaction.
        guild_id: the guild.
        stretch: the time the board is about.
        today: the guild's study day.
        places: the lines, with their ranks.
        people: what is known of the members on them, by id.
    """
    who = [one.who for one in places]
    before = _ranks_before(tx, guild_id, stretch, who)
    lately = _this_week(tx, guild_id, today, who) if stretch.window is not Window.WEEK and not stretch.over else None
    return tuple(
        MemberLine(
            rank=one.rank,
            user_id=one.who,
            name=people[one.who].name if one.who in people else None,
            score=one.score,
            moved=before[one.who] - one.rank if one.who in before else None,
            lately=None if lately is None else lately.get(one.who, 0),
        )
        for one in places
    )


def _ranks_before(tx: Connection, guild_id: int, stretch: Stretch, who: Sequence[int]) -> Mapping[int, int]:
    """Return the ranks that members had in the week before a week; who was not on that board is absent."""
    start = window_before(stretch.window, stretch.start) if stretch.start and stretch.window is Window.WEEK else None
    board_id = store.find(tx, guild_id, stretch.window, start) if start else None
    if board_id is None:
        return {}
    scores = {user_id: score for user_id, score in store.scores(tx, board_id, who).items() if score > 0}
    ranks = {score: store.above(tx, board_id, score) + 1 for score in set(scores.values())}
    return {user_id: ranks[score] for user_id, score in scores.items()}


def _this_week(tx: Connection, guild_id: int, today: date, who: Sequence[int]) -> Mapping[int, int]:
    start = window_start(Window.WEEK, today, None)
    board_id = store.find(tx, guild_id, Window.WEEK, start) if start else None
    return {} if board_id is None else store.scores(tx, board_id, who)
