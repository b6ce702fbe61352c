"""What a server loaded over the shipped pack.

Truth are the loads and what each changed, which only grow; ``content_entry`` is what those add up to, written in the
same transaction, and can be rebuilt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    RowMapping,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    select,
)

from bot.domain.entry import Kind
from bot.domain.frozen import frozen
from bot.domain.overlay import Key, Patch, PatchChange
from bot.storage.roadmap import topic_mark
from bot.storage.schema import Instant, Snowflake, guild_key, table
from bot.storage.upsert import insert

content_load: Final = table(
    "content_load",
    guild_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", Snowflake, nullable=False),
    Column("act", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("undoes", Integer),
    Column("token", Text, nullable=False),
    UniqueConstraint("guild_id", "token"),
)

content_change: Final = table(
    "content_change",
    guild_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    Column("before", Text),
    Column("after", Text),
    ForeignKeyConstraint(["guild_id", "number"], ["content_load.guild_id", "content_load.number"]),
)

content_entry: Final = table(
    "content_entry",
    guild_key(),
    Column("kind", Text, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    Column("patch", Text, nullable=False),
    Column("number", Integer, nullable=False),
)

Packed: TypeAlias = Sequence[tuple[str, str, str]]
"""Rows of kind, id and patch as JSON."""


@frozen
class NewLoad:
    """A load to record.

    Attributes:
        actor_id: who did it.
        act: what it was: load, replace, edit, retire, restore, rollback, settle.
        kind: of the entries.
        file_name: of a load; empty else.
        summary: its counts, in words.
        token: names this act, so that doing it twice is doing it once.
        undoes: the load it takes back.
    """

    actor_id: int
    act: str
    kind: Kind
    file_name: str
    summary: str
    token: str
    undoes: int | None = None


@frozen
class Load:
    """A recorded load. ``undone_by`` is the newest load that took it back; None where none did."""

    number: int
    at: datetime
    actor_id: int
    act: str
    kind: Kind
    file_name: str
    summary: str
    undoes: int | None
    undone_by: int | None


def version(tx: Connection, guild_id: int) -> int:
    """Return the number of a guild's newest load; 0 where there was none. It changes whenever content does."""
    return tx.execute(
        select(func.coalesce(func.max(content_load.c.number), 0)).where(content_load.c.guild_id == guild_id)
    ).scalar_one()


def packed_patches(tx: Connection, guild_id: int) -> Packed:
    """Return what a guild says of entries as it is kept: cheap to fetch, to be unpacked off the database's thread."""
    columns = content_entry.c.kind, content_entry.c.entry_id, content_entry.c.patch
    mine = content_entry.c.guild_id == guild_id
    rows = tx.execute(select(*columns).where(mine).order_by(content_entry.c.kind, content_entry.c.entry_id))
    return [(kind, entry_id, text) for kind, entry_id, text in rows]


def rebuilt_patches(tx: Connection, guild_id: int) -> dict[Key, Patch]:
    """Return what the loads add up to: the same as what is kept."""
    change = content_change.c
    rows = tx.execute(
        select(change.kind, change.entry_id, change.after).where(change.guild_id == guild_id).order_by(change.number)
    )
    found = {(Kind(kind), entry_id): after for kind, entry_id, after in rows}
    return {key: Patch.from_json(after) for key, after in sorted(found.items()) if after is not None}


def count(tx: Connection, guild_id: int) -> int:
    """Return of how many entries a guild says something."""
    return tx.execute(select(func.count()).where(content_entry.c.guild_id == guild_id)).scalar_one()


def own_guilds(tx: Connection) -> set[int]:
    """Return the guilds that have content of their own."""
    return set(tx.execute(select(content_entry.c.guild_id).distinct()).scalars())


def add_load(tx: Connection, guild_id: int, new: NewLoad, changes: Iterable[PatchChange], now: datetime) -> int:
    """Record a load and put what it changes; return its number."""
    number = version(tx, guild_id) + 1
    values = {"guild_id": guild_id, "number": number, "at": now, "actor_id": new.actor_id, "act": new.act}
    texts = {"kind": new.kind, "file_name": new.file_name, "summary": new.summary, "token": new.token}
    tx.execute(insert(content_load).values(**values, **texts, undoes=new.undoes))
    rows = [
        {
            "guild_id": guild_id,
            "number": number,
            "kind": str(change.key[0]),
            "entry_id": change.key[1],
            "before": change.before and change.before.to_json(),
            "after": change.after and change.after.to_json(),
        }
        for change in changes
    ]
    if rows:
        tx.execute(insert(content_change), rows)
    _put_entries(tx, guild_id, number, rows)
    return number


def _put_entries(tx: Connection, guild_id: int, number: int, rows: Iterable[dict[str, Any]]) -> None:
    put = [
        {
            "guild_id": guild_id,
            "kind": row["kind"],
            "entry_id": row["entry_id"],
            "patch": row["after"],
            "number": number,
        }
        for row in rows
        if row["after"] is not None
    ]
    gone = [{"of_kind": row["kind"], "of_entry": row["entry_id"]} for row in rows if row["after"] is None]
    if put:
        statement = insert(content_entry)
        new = {"patch": statement.excluded.patch, "number": statement.excluded.number}
        tx.execute(statement.on_conflict_do_update(index_elements=["guild_id", "kind", "entry_id"], set_=new), put)
    if gone:
        mine = (
            content_entry.c.guild_id == guild_id,
            content_entry.c.kind == bindparam("of_kind"),
            content_entry.c.entry_id == bindparam("of_entry"),
        )
        tx.execute(delete(content_entry).where(*mine), gone)


def changes_of(tx: Connection, guild_id: int, number: int) -> dict[Key, PatchChange]:
    """Return what a load changed."""
    mine = content_change.c.guild_id == guild_id, content_change.c.number == number
    found: dict[Key, PatchChange] = {}
    for row in tx.execute(select(content_change).where(*mine)).mappings():
        key = Kind(row["kind"]), row["entry_id"]
        before, after = (None if text is None else Patch.from_json(text) for text in (row["before"], row["after"]))
        found[key] = PatchChange(key, before, after)
    return found


def load(tx: Connection, guild_id: int, number: int) -> Load | None:
    """Return one load of a guild."""
    row = tx.execute(_LOADS.where(content_load.c.number == number), {"guild": guild_id}).mappings().one_or_none()
    return None if row is None else _load(row)


def load_by_token(tx: Connection, guild_id: int, token: str) -> Load | None:
    """Return the load of this token; None where that act was not done."""
    row = tx.execute(_LOADS.where(content_load.c.token == token), {"guild": guild_id}).mappings().one_or_none()
    return None if row is None else _load(row)


def loads(tx: Connection, guild_id: int, most: int, before: int | None = None) -> list[Load]:
    """Return a guild's loads, the newest first; those before a number, for the next page."""
    wanted = _LOADS if before is None else _LOADS.where(content_load.c.number < before)
    rows = tx.execute(wanted.order_by(content_load.c.number.desc()).limit(most), {"guild": guild_id}).mappings()
    return [_load(row) for row in rows]


_later: Final = content_load.alias()
_LOADS: Final = select(
    content_load,
    select(func.max(_later.c.number))
    .where(_later.c.guild_id == content_load.c.guild_id, _later.c.undoes == content_load.c.number)
    .scalar_subquery()
    .label("undone_by"),
).where(content_load.c.guild_id == bindparam("guild"))


def _load(row: RowMapping) -> Load:
    names = ("number", "at", "actor_id", "act", "file_name", "summary", "undoes", "undone_by")
    return Load(kind=Kind(row["kind"]), **{name: row[name] for name in names})


def members_with(tx: Connection, guild_id: int, topic_ids: Collection[str]) -> int:
    """Return how many members of a guild have a mark on any of these topics."""
    members: set[int] = set()
    ids = list(topic_ids)
    for start in range(0, len(ids), 500):
        where = topic_mark.c.guild_id == guild_id, topic_mark.c.topic_id.in_(ids[start : start + 500])
        members |= set(tx.execute(select(topic_mark.c.user_id).where(*where).distinct()).scalars())
    return len(members)
