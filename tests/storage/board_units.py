"""The functions of the repositories behind points, boards and groups, as units of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.board import Window
from bot.domain.points import Override, Reason
from bot.domain.roadmap import Act, Change, Mark, State
from bot.domain.streak import DayKind
from bot.storage import (
    board,
    board_add,
    board_place,
    board_recount,
    group,
    group_activity,
    group_page,
    member,
    points,
    recap,
    roadmap,
    season,
    showcase,
    streak,
)
from bot.storage.group import Group
from bot.storage.points import Entry

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY: Final = date(2026, 11, 23)
GUEST: Final = 41
LONG_AGO, LATER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)

Unit: TypeAlias = Callable[[Connection, int, int], object]
WITHOUT_TABLES: Final = (board_add, board_place, board_recount, group_activity, group_page, recap)
"""Modules that have functions, and no table of their own."""

READS: Final[dict[str, Unit]] = {
    "member.known": lambda tx, guild_id, user_id: member.known(tx, guild_id, [user_id]),
    "member.several": lambda tx, guild_id, user_id: member.several(tx, guild_id, [user_id]),
    "points.latest": lambda tx, guild_id, user_id: points.latest(tx, guild_id, user_id, Reason.TOPIC, "a"),
    "points.before": lambda tx, guild_id, user_id: replace(
        points.before(tx, guild_id, user_id, Reason.TOPIC, "a", TODAY), own=None
    ),
    "points.of_member": lambda tx, guild_id, user_id: points.of_member(tx, guild_id, user_id, 9),
    "points.count_of_member": points.count_of_member,
    "points.adjustments": points.adjustments,
    "points.every": lambda tx, guild_id, _user: list(points.every(tx, guild_id)),
    "points.overrides": lambda tx, guild_id, _user: points.overrides(tx, guild_id),
    "board.starts": lambda tx, guild_id, _user: board.starts(tx, guild_id, Window.WEEK, 9),
    "board_recount.contents": lambda tx, guild_id, _user: [*board_recount.contents(tx, guild_id)["standing"]],
    "season.all_of": lambda tx, guild_id, _user: season.all_of(tx, guild_id),
    "group.get": lambda tx, guild_id, _user: group.get(tx, guild_id, 1),
    "group.all_of": lambda tx, guild_id, _user: group.all_of(tx, guild_id),
    "group.members": lambda tx, guild_id, _user: group.members(tx, guild_id, 1),
    "group.sizes": lambda tx, guild_id, _user: group.sizes(tx, guild_id),
    "group.group_of": group.group_of,
    "group_page.visit": group_page.visit,
    "group_page.fellows": lambda tx, guild_id, _user: group_page.fellows(tx, guild_id, 1, TODAY, NOW),
    "group_page.companions": lambda tx, guild_id, _user: group_page.companions(tx, guild_id, 1),
    "showcase.get": lambda tx, guild_id, user_id: showcase.get(tx, guild_id, user_id, "a"),
    "recap.earned": lambda tx, guild_id, user_id: recap.earned(tx, guild_id, user_id, TODAY, TODAY),
    "recap.helpers": lambda tx, guild_id, _user: recap.helpers(tx, guild_id, LONG_AGO, LATER, 9),
    "recap.sharers": lambda tx, guild_id, _user: recap.sharers(tx, guild_id, LONG_AGO, LATER, 9),
    "recap.doers": lambda tx, guild_id, _user: recap.doers(tx, guild_id, LONG_AGO.date(), LATER.date()),
    "recap.newcomers": lambda tx, guild_id, _user: recap.newcomers(tx, guild_id, LONG_AGO, LATER),
    "group.invites": group.invites,
    "group.invited": lambda tx, guild_id, _user: group.invited(tx, guild_id, 1),
    "group.without_group": lambda tx, guild_id, _user: group.without_group(tx, guild_id, 9),
    "group_activity.states": lambda tx, guild_id, user_id: group_activity.states(tx, guild_id, [user_id]),
    "group_activity.packed_states": lambda tx, guild_id, user_id: group_activity.packed_states(tx, guild_id, [user_id]),
    "group_activity.learning": lambda tx, guild_id, _user: group_activity.learning(tx, guild_id, [GUEST]),
    "group_activity.last_acts": lambda tx, guild_id, user_id: group_activity.last_acts(tx, guild_id, [user_id]),
    "group_activity.away": lambda tx, guild_id, _user: group_activity.away(tx, guild_id, [GUEST], TODAY),
}
OF_A_GUILD: Final = {
    "recap.helpers",
    "recap.sharers",
    "recap.doers",
    "recap.newcomers",
    "points.every",
    "points.overrides",
    "board.starts",
    "board_recount.contents",
    "season.all_of",
    "group_page.fellows",
    "group_page.companions",
    "group.get",
    "group.all_of",
    "group.members",
    "group.sizes",
    "group.invited",
    "group.without_group",
    "group_activity.learning",
    "group_activity.away",
}
"""What is asked for a guild, not for a member."""


def _append(tx: Connection, guild_id: int, user_id: int) -> None:
    points.append(tx, guild_id, Entry(user_id, None, 7, Reason.TOPIC, "a", TODAY, NOW))
    points.append(tx, guild_id, Entry(user_id, None, -3, Reason.ADJUSTMENT, "b", TODAY, NOW, "Twice", GUEST))


def _stand(tx: Connection, guild_id: int, user_id: int) -> None:
    board_id = board_add.ensure(tx, guild_id, Window.WEEK, TODAY)
    board_add.add(tx, [board_id], user_id, 7, shown=True)
    board_add.add_for_group(tx, [board_id], 1, user_id, 7)


def _found(tx: Connection, guild_id: int, user_id: int) -> Group:
    return group.add(tx, Group(guild_id, 0, "Owls", None, 8, True, user_id, None, None, NOW))


def _rename(tx: Connection, guild_id: int, user_id: int) -> None:
    group.put(tx, Group(guild_id, 1, "Night owls", "🦉", 9, False, user_id, 3, 4, NOW, None))


def _join(tx: Connection, guild_id: int, user_id: int) -> None:
    """Let a member join, and a busy guest who has not left the guild; one more stays without a group."""
    for one in (user_id, GUEST):
        group.join(tx, guild_id, one, 1, NOW)
    for one in (GUEST, GUEST + 1):
        member.ensure(tx, guild_id, one, NOW)
    steps = [Change(topic_id, Mark(), Mark(state)) for topic_id, state in (("a", State.DONE), ("b", State.LEARNING))]
    roadmap.record(tx, guild_id, GUEST, Act.MARK, steps, NOW)
    streak.add(tx, guild_id, GUEST, streak.NewDay(TODAY, DayKind.VACATION, "vacation"), NOW)


def _begin(tx: Connection, guild_id: int, _user: int) -> None:
    season.begin(tx, guild_id, "Spring", TODAY, NOW)


WRITES: Final[dict[str, Unit]] = {
    "member.put_seen": lambda tx, guild_id, user_id: member.put_seen(tx, guild_id, user_id, "Ana", NOW),
    "member.put_still_here": lambda tx, guild_id, user_id: member.put_still_here(tx, guild_id, user_id, "Ana", NOW),
    "member.put_left": lambda tx, guild_id, user_id: member.put_left(tx, guild_id, user_id, NOW),
    "points.append": _append,
    "points.put_override": lambda tx, guild_id, _user: points.put_override(
        tx, guild_id, Reason.TOPIC, Override(5, 50)
    ),
    "board_add.ensure": _stand,
    "board_add.of_day": lambda tx, guild_id, _user: board_add.of_day(tx, guild_id, TODAY),
    "board.show": lambda tx, guild_id, user_id: board.show(tx, guild_id, user_id, shown=False),
    "board_recount.recount": lambda tx, guild_id, _user: board_recount.recount(
        tx, guild_id, Window.SEASON, TODAY, None
    ),
    "board_recount.remove": lambda tx, guild_id, _user: board_recount.remove(tx, guild_id, Window.SEASON, TODAY),
    "board_recount.clear": lambda tx, guild_id, _user: board_recount.clear(tx, guild_id),
    "showcase.put": lambda tx, guild_id, user_id: showcase.put(
        tx, guild_id, user_id, "a", showcase.Shown("https://example.org", 5, None, NOW)
    ),
    "showcase.put_message": lambda tx, guild_id, user_id: showcase.put_message(tx, guild_id, user_id, "a", 8),
    "showcase.remove": lambda tx, guild_id, user_id: showcase.remove(tx, guild_id, user_id, "a"),
    "season.begin": _begin,
    "season.put_end": lambda tx, guild_id, _user: season.put_end(tx, guild_id, 1, TODAY, NOW),
    "season.remove": lambda tx, guild_id, _user: season.remove(tx, guild_id, 1),
    "group.add": _found,
    "group.put": _rename,
    "group.join": _join,
    "group.put_here": lambda tx, guild_id, user_id: group.put_here(tx, guild_id, user_id, here=True),
    "group.leave": group.leave,
    "group.dissolve": lambda tx, guild_id, _user: group.dissolve(tx, guild_id, 1),
    "group.invite": lambda tx, guild_id, user_id: group.invite(tx, guild_id, user_id, 1, GUEST, NOW),
    "group.drop_invite": lambda tx, guild_id, user_id: group.drop_invite(tx, guild_id, user_id, 1),
}  # fmt: skip
TAKES_BACK: Final = {
    "showcase.remove",
    "board_recount.clear",
    "board_recount.remove",
    "season.remove",
    "group.leave",
    "group.drop_invite",
    "group.dissolve",
}
"""What would leave nothing to find."""
OF_ALL_GUILDS: Final = {"points.guilds", "board.guilds"}
OF_A_BOARD: Final = {"board_place.place"} | {
    f"board.{name}"
    for name in (
        "find", "top", "size", "score_of", "above", "position", "group_totals",
        "scores", "level", "around",
    )
} | {"board_add.add", "board_add.add_for_group"}  # fmt: skip
"""What is asked of a board, which belongs to one guild; ``find`` gives it."""
