"""What pictures show: the facts of a board, a group and a road, ready to be drawn. Who writes them need not draw."""

from __future__ import annotations

from datetime import date

from bot.domain.frozen import frozen


@frozen
class BoardRow:
    """A line of a board.

    Attributes:
        rank: the place; equal ones share it.
        name: how the member or group is called, as they wrote it.
        value: what the bar shows, on the scale of the card's best line.
        shown: the value in a few signs: ``412``, ``37.5``, ``80 %``.
        moved: places gained since the window before, negative for lost ones; None where there is nothing to compare.
        mine: whether it is the viewer's.
    """

    rank: int
    name: str
    value: float
    shown: str
    moved: int | None = None
    mine: bool = False


@frozen
class LeaderboardCard:
    """A page of a board.

    Attributes:
        title: which window: ``This week``.
        subtitle: who and when: ``Members · Mon 16 to Sun 22 Nov · 47 active``.
        rows: the lines, the best first; ten at most are drawn.
        best: the value of a full bar: the first line's of the whole board.
        own: the viewer's line where it is not among them.
        meaning: what it means for the viewer, in one line.
        yours: the word before the viewer's own name: ``You`` on a board of members, ``Yours`` on one of groups.
    """

    title: str
    subtitle: str
    rows: tuple[BoardRow, ...]
    best: float
    own: BoardRow | None = None
    meaning: str = ""
    yours: str = "You"


@frozen
class GroupMember:
    """A member of a group, as its card shows it.

    Attributes:
        name: as they wrote it.
        stage: the order of the stage the member is at; None for one who is through the whole road.
        percent: how much of the whole road is behind the member, 0 to 100.
        points: this week's; None for one who keeps them to oneself.
        captain: whether it is the captain.
        mine: whether it is the viewer.
    """

    name: str
    stage: int | None
    percent: int
    points: int | None
    captain: bool = False
    mine: bool = False


@frozen
class GroupCard:
    """A study group.

    Attributes:
        name: as it was written, with its emoji before it if it has one.
        subtitle: size and whether it is open: ``7 of 8 members · by invitation``.
        week: this week in figures, each with its word: ``("212", "points")``; three are drawn.
        members: the furthest first; ten at most are drawn.
        stages: how many stages the road has.
        meaning: what comes next for all, in one line.
    """

    name: str
    subtitle: str
    week: tuple[tuple[str, str], ...]
    members: tuple[GroupMember, ...]
    stages: int
    meaning: str = ""


@frozen
class ProgressCard:
    """A member's road.

    Attributes:
        name: as they wrote it.
        track: the road's title, and what else is to be said of it.
        percent: of the whole road, 0 to 100.
        finished: how many topics.
        total: of how many.
        stages: title and percent of each, in order; ten at most are drawn.
        current: the place in ``stages`` where the member is; None at the end of the road.
        meaning: what comes next, in one line.
    """

    name: str
    track: str
    percent: int
    finished: int
    total: int
    stages: tuple[tuple[str, int], ...]
    current: int | None
    meaning: str


@frozen
class PaceCard:
    """What the picture of a pace shows.

    Attributes:
        title: where the member stands, in a few words.
        name: how the member is called.
        today: the member's study day now.
        done: hours behind the member.
        total: hours of the whole road.
        own: hours after each day on which they changed.
        plan: the hours a plan expects, oldest first; empty without one.
        ends: between which days the road ends in eight of ten cases; None where too little is known.
        meaning: what it means, in one line.
    """

    title: str
    name: str
    today: date
    done: float
    total: float
    own: tuple[tuple[date, float], ...]
    plan: tuple[tuple[date, float], ...]
    ends: tuple[date, date] | None
    meaning: str
