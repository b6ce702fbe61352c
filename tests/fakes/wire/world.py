"""What exists in the stand-in: a bot, guilds with channels and roles, members; and how Discord writes them down."""

from __future__ import annotations

import itertools
import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

EPOCH_MS: Final = 1_420_070_400_000
EVERYTHING: Final = str((1 << 53) - 1)
"""All permissions, as Discord writes them."""
SHARD: Final = 1 << 22
"""How far ids must be apart for the next shard."""
JOINED: Final = "2026-01-01T00:00:00.000000+00:00"

_counter = itertools.count()


def snowflake() -> int:
    """Return a new id of this moment: discord.py reads an interaction's age from its id."""
    return (int(time.time() * 1000) - EPOCH_MS) << 22 | (next(_counter) & 0x3FFFFF)


@dataclass(frozen=True, slots=True)
class Person:
    """A user; in every guild, with every permission unless told otherwise."""

    name: str
    id: int = field(default_factory=snowflake)
    permissions: str = EVERYTHING

    def user(self, *, bot: bool = False) -> Json:
        """Return the user object."""
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "bot": bot,
            "public_flags": 0,
        }

    def member(self, *, roles: Sequence[int] = (), bot: bool = False) -> Json:
        """Return the member object, with its user and, as interactions have it, its permissions."""
        return {
            "user": self.user(bot=bot),
            "roles": [str(role) for role in roles],
            "joined_at": JOINED,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": self.permissions,
        }


@dataclass(frozen=True, slots=True)
class Guild:
    """A server with text channels and roles; the bot is in it."""

    name: str
    channels: tuple[str, ...] = ("welcome", "study-hall", "daily")
    roles: tuple[str, ...] = ("Moderators",)
    id: int = field(default_factory=snowflake)

    def channel_id(self, name: str | None = None) -> int:
        """Return a channel's id; the first channel's by default."""
        return self.id + 1 + (self.channels.index(name) if name else 0)

    def role_id(self, name: str) -> int:
        """Return a role's id."""
        return self.id + 1 + len(self.channels) + self.roles.index(name)

    def channel(self, name: str) -> Json:
        """Return a channel object."""
        return {
            "id": str(self.channel_id(name)),
            "guild_id": str(self.id),
            "type": 0,
            "name": name,
            "position": self.channels.index(name),
            "permission_overwrites": [],
            "nsfw": False,
            "topic": None,
            "rate_limit_per_user": 0,
            "permissions": EVERYTHING,
        }

    def thread(self, message_id: int, channel_id: str, name: str, owner: Person) -> Json:
        """Return the object of a thread on a message."""
        return {
            "id": str(message_id),
            "guild_id": str(self.id),
            "parent_id": channel_id,
            "owner_id": str(owner.id),
            "type": 11,
            "name": name,
            "message_count": 0,
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": JOINED,
                "locked": False,
            },
        }

    def _role(self, role_id: int, name: str) -> Json:
        return {
            "id": str(role_id),
            "name": name,
            "permissions": EVERYTHING,
            "position": role_id - self.id,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }

    def created(self, bot: Person) -> Json:
        """Return what GUILD_CREATE carries."""
        roles = [self._role(self.id, "@everyone"), *(self._role(self.role_id(name), name) for name in self.roles)]
        empty = ("emojis", "stickers", "features", "threads", "voice_states", "presences", "soundboard_sounds")
        zero = ("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level")
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": "1",
            "roles": roles,
            "channels": [self.channel(name) for name in self.channels],
            "members": [bot.member(bot=True)],
            "member_count": 2,
            "joined_at": JOINED,
            "large": False,
            "unavailable": False,
            "preferred_locale": "en-US",
            "nsfw_level": 0,
            "premium_tier": 0,
            "system_channel_flags": 0,
            "afk_timeout": 300,
            "stage_instances": [],
            "guild_scheduled_events": [],
            **{name: [] for name in empty},
            **dict.fromkeys(zero, 0),
        }


@dataclass(frozen=True, slots=True)
class World:
    """Everything that exists before the bot arrives; the guilds in the order of their ids.

    Attributes:
        grown: whether the guilds have channels of every kind, and what else servers have that are lived in.
    """

    guilds: tuple[Guild, ...] = field(default_factory=lambda: (Guild("Study group"),))
    bot: Person = field(default_factory=lambda: Person("syllabot"))
    grown: bool = False

    @classmethod
    def of(cls, guilds: int, more: int = 0, apart: int = 1000) -> World:
        """Return a world of so many guilds, their ids far enough apart for their channels and roles.

        Args:
            guilds: how many.
            more: channels, and roles, that each has beside the usual few, at most 400; with any it is lived in.
            apart: from one guild's id to the next one's; with ``SHARD`` they are on one shard after another.
        """
        first, usual = snowflake(), Guild("")
        channels = (*usual.channels, *(f"channel-{number}" for number in range(more)))
        roles = (*usual.roles, *(f"Role {number}" for number in range(more)))
        ids = range(first, first + guilds * apart, apart)
        found = tuple(Guild(f"Guild {number}", channels, roles, one) for number, one in enumerate(ids))
        return cls(found, grown=more > 0)

    @property
    def application(self) -> Json:
        """The application object; its id is the bot's."""
        return {
            "id": str(self.bot.id),
            "name": self.bot.name,
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "owner": Person("owner", id=1).user(),
            "team": None,
        }

    def guild_of(self, channel_id: int) -> Guild | None:
        """Return the guild that has this channel."""
        place = bisect_left(self.guilds, channel_id, key=lambda guild: guild.id) - 1
        if place >= 0 and channel_id - self.guilds[place].id <= len(self.guilds[place].channels):
            return self.guilds[place]
        return None
