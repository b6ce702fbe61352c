"""What is kept about a member in a guild, table by table, and what becomes of it when the member asks for deletion.

``HOLDINGS`` names every table. What belongs to the member alone is deleted. What others' figures rest on (the ledger,
the boards' sums, thanks given to somebody) stays under a number below zero that leads back to nobody: the anonymous
row. What a member did as a moderator stays without a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, delete, false, func, insert, literal, or_, select, update

from bot.domain.frozen import frozen
from bot.storage.board import board
from bot.storage.member import member
from bot.storage.schema import EPOCH
from bot.storage.tables import metadata

NOBODY: Final = 0
"""Stands where somebody acted who had their data deleted, and where a column must say who."""


@frozen
class Holding:
    """What one table holds about a member.

    Attributes:
        table: its name.
        what: what a row is, in words a member knows; empty for a table without members.
        deleted: columns with a member; the member's rows are deleted.
        unnamed: columns with a member; the member's rows stay, under the anonymous number.
        acted: columns that say who did it; the member's name is taken out of rows about others.
        cleared: what a row that stays is changed to besides.
        texts: texts of ids with colons between them; the member's becomes the anonymous number.
        quoted: such texts too; a row that names the member is deleted.
    """

    table: str
    what: str = ""
    deleted: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    acted: tuple[str, ...] = ()
    cleared: tuple[tuple[str, object], ...] = ()
    texts: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()


_USER: Final = ("user_id",)
HOLDINGS: Final = (
    Holding("member", "name, zone and choices", _USER, acted=("left_off_by",)),
    Holding("progress_act", "steps on the road", _USER),
    Holding("progress_change", "marks changed by a step", _USER),
    Holding("topic_mark", "marks on topics", _USER),
    Holding("topic_note", "private notes", _USER),
    Holding("prompt_answer", "answers to prompts", _USER),
    Holding("prompt_done", "prompts done", _USER),
    Holding("prompt_instead", "prompts asked for instead", _USER),
    Holding("prompt_vote", "votes on prompts", _USER),
    Holding("streak_day", "days of the streak", _USER, acted=("by_user_id",)),
    Holding("reminder", "reminders", _USER),
    Holding("review_card", "review cards", _USER),
    Holding("review_event", "answers to review cards", _USER),
    Holding("quiz_round", "quiz rounds begun or stopped", acted=("started_by", "ended_by")),
    Holding("quiz_answer", "answers in quiz rounds", unnamed=_USER),
    Holding("look_back", "looking back on weeks", _USER),
    Holding("week_goal", "goals of weeks", _USER),
    Holding("letter", "messages the bot had for you", _USER),
    Holding("form", "forms not sent yet", _USER),
    Holding("showcase", "projects shown", _USER),
    Holding("faq_vote", "votes on answers of the FAQ", _USER),
    Holding("suggestion", "suggestions", ("user_id", "author_id"), acted=("actor_id",)),
    Holding("report", "reports", _USER, acted=("actor_id",), quoted=("thing",)),
    Holding("group_member", "place in a study group", _USER),
    Holding("group_invite", "invitations", _USER, acted=("by_user_id",)),
    Holding("content_draft", "files not loaded yet", ("actor_id",)),
    Holding(
        "points", "rows of points", unnamed=_USER, acted=("by_user_id",), cleared=(("note", None),), texts=("source",)
    ),
    Holding("standing", "places on boards", unnamed=_USER, cleared=(("shown", 0),)),
    Holding("group_share", "shares in a group's points", unnamed=_USER),
    Holding("thanks", "thanks", ("author_id",), unnamed=_USER),
    Holding("group", "study groups looked after", acted=("captain_id",)),
    Holding("pace_plan", "plans of a pace", acted=("by_user_id",)),
    Holding("audit", "acts as a moderator", acted=("actor_id",), texts=("subject",)),
    Holding("content_load", "loads and edits of content", acted=("actor_id",)),
    *(
        Holding(name)
        for name in (
            "board", "bot_state", "content_change", "content_entry", "faq_gap", "faq_suggestion", "feed_item",
            "feed_source", "group_standing", "guild", "guild_removal", "interaction_seen", "occurrence", "outage",
            "points_rule", "quiz_question", "schedule", "season", "supply_warning", "text_vector",
        )
    ),
)  # fmt: skip
"""Every table; the ones without a member last."""
ANOTHER: Final = "another member"
LONG_NUMBER: Final = re.compile(r"\d{15,}")
"""What may be somebody's id."""


def of_guild(table: Table, guild_id: int) -> ColumnElement[bool]:
    """Return what holds for a guild's rows of a table; nothing where the table belongs to no guild."""
    if "guild_id" in table.c:
        return table.c.guild_id == guild_id
    if "board_id" in table.c:
        return table.c.board_id.in_(select(board.c.board_id).where(board.c.guild_id == guild_id))
    return false()


def counts(tx: Connection, guild_id: int, user_id: int) -> dict[str, int]:
    """Return how many rows there are about a member in a guild, by what they are, without what is none."""
    found: dict[str, int] = {}
    for holding, table, mine in _held(guild_id, user_id):
        number = tx.execute(select(func.count()).select_from(table).where(mine)).scalar_one()
        if number:
            found[holding.what] = number
    return found


def rows(tx: Connection, guild_id: int, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return every row about a member in a guild, by table. The ids of other people are left out of them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for holding, table, mine in _held(guild_id, user_id):
        people = {*holding.deleted, *holding.unnamed, *holding.acted}
        kept = [dict(row) for row in tx.execute(select(table).where(mine)).mappings()]
        if kept:
            texts = {*holding.texts, *holding.quoted}
            found[holding.table] = [_own_view(row, people, texts, user_id) for row in kept]
    return found


def erase(tx: Connection, guild_id: int, user_id: int, now: datetime) -> None:
    """Delete what is about a member in a guild, and put an anonymous number where others' figures rest on a row."""
    nameless = _anonymous(tx, guild_id, now)
    # rows that hang on others come after them in sorted_tables
    order = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
    for holding in sorted(HOLDINGS, key=lambda one: -order[one.table]):
        _erase_in(tx, holding, (guild_id, user_id), nameless)


def _erase_in(tx: Connection, holding: Holding, whose: tuple[int, int], nameless: int) -> None:
    guild_id, user_id = whose
    table = metadata.tables[holding.table]
    here = of_guild(table, guild_id)
    gone = [table.c[name] == user_id for name in holding.deleted]
    gone += [_names(table, name, user_id) for name in holding.quoted]
    if gone:
        tx.execute(delete(table).where(here, or_(*gone)))
    for name in holding.unnamed:
        tx.execute(
            update(table).where(here, table.c[name] == user_id).values({name: nameless, **dict(holding.cleared)})
        )
    for name in holding.acted:
        nobody = None if table.c[name].nullable else NOBODY
        tx.execute(update(table).where(here, table.c[name] == user_id).values({name: nobody}))
    for name in holding.texts:
        marked = func.replace(literal(":") + table.c[name] + ":", f":{user_id}:", f":{nameless}:")
        plain = func.substr(marked, 2, func.length(marked) - 2)
        tx.execute(update(table).where(here, _names(table, name, user_id)).values({name: plain}))


def _anonymous(tx: Connection, guild_id: int, now: datetime) -> int:
    """Return a number that stands for nobody, with a member's row that keeps it off every board and list."""
    lowest = select(func.min(member.c.user_id)).where(member.c.guild_id == guild_id)
    number = min(tx.execute(lowest).scalar() or 0, 0) - 1
    tx.execute(insert(member).values(guild_id=guild_id, user_id=number, first_seen_at=EPOCH, hidden=1, left_at=now))
    return number


def _held(guild_id: int, user_id: int) -> Iterator[tuple[Holding, Table, ColumnElement[bool]]]:
    """Yield each table that may hold something about a member, and what such rows have in common."""
    for holding in HOLDINGS:
        people = (*holding.deleted, *holding.unnamed, *holding.acted)
        if people:
            table = metadata.tables[holding.table]
            mine = of_guild(table, guild_id) & or_(*(table.c[name] == user_id for name in people))
            yield holding, table, mine


def _names(table: Table, name: str, user_id: int) -> ColumnElement[bool]:
    """Return what holds where a text of ids names a member."""
    return (literal(":") + table.c[name] + ":").contains(f":{user_id}:")


def _own_view(row: dict[str, Any], people: set[str], texts: set[str], user_id: int) -> dict[str, Any]:
    """Return a row as the member may have it: whoever else stands in it is not named."""
    seen = dict(row)
    for name in people:
        if seen[name] not in {None, user_id, NOBODY}:
            seen[name] = ANOTHER
    for name in texts:
        seen[name] = LONG_NUMBER.sub(lambda found: found[0] if int(found[0]) == user_id else "...", seen[name])
    return seen
