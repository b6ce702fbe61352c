"""What is kept in memory of each server: what the bot reads of it, and one copy of what repeats.

discord.py keeps whatever Discord tells of a server. The bot reads roles, text channels and forums with their threads,
and its own rights in these; the rest is taken out of what Discord tells before discord.py sees it. That hook uses two
private names of discord.py (``_connection`` and its ``parsers``), asserted when the bot is made: its public events come
when everything is kept already.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from sys import intern
from typing import Any, Final, TypeAlias

import discord

from bot.errors import SettingsError

Json: TypeAlias = dict[str, Any]
Parse: TypeAlias = Callable[[Json], object]

KINDS_LEFT_OUT: Final = frozenset(
    kind.value for kind in (discord.ChannelType.voice, discord.ChannelType.category, discord.ChannelType.stage_voice)
)
"""Channels that hold no text that the bot writes or reads; a category's rights are those of its channels already."""
OF_A_GUILD_LEFT_OUT: Final = frozenset(
    {
        *("emojis", "stickers", "soundboard_sounds", "stage_instances", "guild_scheduled_events"),
        *("presences", "voice_states", "features", "description", "incidents_data"),
        *("icon", "banner", "splash", "discovery_splash", "vanity_url_code"),
        *("rules_channel_id", "public_updates_channel_id", "safety_alerts_channel_id", "widget_channel_id"),
        *("afk_channel_id",),
    }
)
OF_A_ROLE_LEFT_OUT: Final = frozenset({"tags", "icon", "unicode_emoji"})
OF_A_CHANNEL_LEFT_OUT: Final = frozenset({"topic", "last_message_id", "parent_id", "icon_emoji", "theme_color"})


def keep_little(client: discord.Client) -> None:
    """Have a client that is not connected yet keep of each server only what the bot reads.

    Raises:
        SettingsError: where this version of discord.py has moved the names that this rests on.
    """
    parsers: Any = getattr(getattr(client, "_connection", None), "parsers", {})
    for event, keep in KEPT.items():
        if not callable(parsers.get(event)):
            raise SettingsError(
                "This version of discord.py has moved the names _connection or parsers that the memory of servers "
                "rests on: install the version that requirements/bot.txt locks."
            )
        parsers[event] = partial(keep, parsers[event])


def little_of(guild: Json) -> Json:
    """Return what is kept of a server, as Discord tells of it; what was told stays as it is."""
    one_copy: dict[str, int] = {}
    little = {key: value for key, value in guild.items() if key not in OF_A_GUILD_LEFT_OUT}
    little["roles"] = [_role(one, one_copy) for one in guild.get("roles") or ()]
    if "channels" in guild:
        little["channels"] = [_channel(one, one_copy) for one in guild["channels"] if _is_read(one)]
    return little


def _keep_guild(parse: Parse, guild: Json) -> None:
    parse(little_of(guild))


def _keep_channel(parse: Parse, channel: Json) -> None:
    if _is_read(channel):
        parse(_channel(channel, {}))


KEPT: Final[dict[str, Callable[[Parse, Json], None]]] = {
    "GUILD_CREATE": _keep_guild,
    "GUILD_UPDATE": _keep_guild,
    "CHANNEL_CREATE": _keep_channel,
    "CHANNEL_UPDATE": _keep_channel,
}


def _is_read(channel: Json) -> bool:
    return channel["type"] not in KINDS_LEFT_OUT


def _channel(told: Json, one_copy: dict[str, int]) -> Json:
    little = {key: value for key, value in told.items() if key not in OF_A_CHANNEL_LEFT_OUT}
    if "name" in told:
        little["name"] = intern(told["name"])
    overwrites: list[Json] = told.get("permission_overwrites") or []
    little["permission_overwrites"] = [
        {**one, **{key: _same(one[key], one_copy) for key in ("id", "allow", "deny") if key in one}}
        for one in overwrites
    ]
    return little


def _role(told: Json, one_copy: dict[str, int]) -> Json:
    shared = {key: _same(told[key], one_copy) for key in ("id", "permissions") if key in told}
    little = {key: value for key, value in told.items() if key not in OF_A_ROLE_LEFT_OUT}
    return {**little, **shared, "name": intern(told["name"])}


def _same(number: str | int, one_copy: dict[str, int]) -> int:
    """Return a number as the one that stands for all alike: discord.py makes none of its own where it is given one."""
    return one_copy.setdefault(str(number), int(number))
