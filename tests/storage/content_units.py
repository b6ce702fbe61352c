"""The functions of the repositories behind loaded content, each as a unit of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.entry import Kind
from bot.domain.overlay import Patch, PatchChange
from bot.storage import audit, content, content_draft
from bot.storage.content import NewLoad

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PATCH: Final = Patch({"id": "one", "question": "What?", "answer": "That."}, None)

Unit: TypeAlias = Callable[[Connection, int, int], object]


def _load(tx: Connection, guild_id: int, user_id: int) -> None:
    number = content.version(tx, guild_id) + 1
    new = NewLoad(user_id, "load", Kind.FAQ, "a.csv", "1 new", f"draft:{number}")
    content.add_load(tx, guild_id, new, [PatchChange((Kind.FAQ, "one"), None, PATCH)], NOW)


def _draft(tx: Connection, guild_id: int, user_id: int) -> None:
    content_draft.put(tx, guild_id, user_id, "a.csv", "{}", NOW, b"a")


def _members_with(tx: Connection, guild_id: int, _user: int) -> int:
    return content.members_with(tx, guild_id, ["a", "b"])


READS: Final[dict[str, Unit]] = {
    "audit.recent": lambda tx, guild_id, _user: audit.recent(tx, guild_id, 9),
    "content.version": lambda tx, guild_id, _user: content.version(tx, guild_id),
    "content.packed_patches": lambda tx, guild_id, _user: content.packed_patches(tx, guild_id),
    "content.rebuilt_patches": lambda tx, guild_id, _user: content.rebuilt_patches(tx, guild_id),
    "content.count": lambda tx, guild_id, _user: content.count(tx, guild_id),
    "content.changes_of": lambda tx, guild_id, _user: content.changes_of(tx, guild_id, 1),
    "content.load": lambda tx, guild_id, _user: content.load(tx, guild_id, 1),
    "content.load_by_token": lambda tx, guild_id, _user: content.load_by_token(tx, guild_id, "draft:1"),
    "content.loads": lambda tx, guild_id, _user: content.loads(tx, guild_id, 9),
    "content.members_with": _members_with,
    "content_draft.source": lambda tx, guild_id, _user: content_draft.source(tx, guild_id, 1),
    "content_draft.get": lambda tx, guild_id, _user: content_draft.get(tx, guild_id, 1),
}
OF_A_GUILD: Final = set(READS)
"""All of it is a guild's, none a member's."""
WRITES: Final[dict[str, Unit]] = {
    "audit.add": lambda tx, guild_id, user_id: audit.add(tx, guild_id, user_id, "content.load", "load 1", NOW),
    "content.add_load": _load,
    "content_draft.put": _draft,
    "content_draft.put_same_as": lambda tx, guild_id, _user: content_draft.put_same_as(tx, guild_id, 1, '{"1": "a"}'),
    "content_draft.drop": lambda tx, guild_id, _user: content_draft.drop(tx, guild_id, 1),
}
TAKES_BACK: Final = {"content_draft.drop"}
"""What would leave nothing to find."""
OF_ALL_GUILDS: Final = {"content.own_guilds", "content_draft.drop_old"}
"""What the bot does for all guilds at once."""
