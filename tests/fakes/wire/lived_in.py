"""A server that is lived in: channels of every kind, rights of their own, and all that Discord tells beside them.

The mix is that of a study server of some hundred members. Names, topics and ids differ from server to server, but for
those that many servers have.
"""

from __future__ import annotations

from typing import Final

from tests.fakes.wire.world import JOINED, Json

TEXT, VOICE, CATEGORY, NEWS, STAGE, FORUM = 0, 2, 4, 5, 13, 15
KINDS: Final = (
    *(CATEGORY, TEXT, TEXT, VOICE, TEXT, CATEGORY, TEXT, NEWS, TEXT, VOICE),
    *(CATEGORY, TEXT, VOICE, TEXT, FORUM, CATEGORY, TEXT, STAGE, TEXT, VOICE),
)
FIRST: Final = 3
"""Channels that stay as they are, but for what Discord tells of each."""
EVERYWHERE: Final = ("rules", "announcements", "introductions", "resources", "off-topic", "questions", "wins", "memes")
USUAL_RIGHTS: Final = (104_324_673, 104_324_673, 104_324_673, 2_248_473_465_835_073, 1_071_698_660_929)
EMOJIS, STICKERS, SOUNDS, THREADS = 25, 3, 4, 2
_NAMED: Final = 2
"""Of so many names one is the server's own."""


def lived_in(guild: Json) -> Json:
    """Return what GUILD_CREATE carries of a server, grown from the bare one: its first channels stay as they are."""
    number, channels, roles = int(guild["id"]), guild["channels"], guild["roles"]
    parents: list[str] = []
    for place, channel in enumerate(channels):
        kind = TEXT if place < FIRST else KINDS[(place - FIRST) % len(KINDS)]
        if kind == CATEGORY:
            parents.append(channel["id"])
        name = channel["name"] if place < FIRST else _name(EVERYWHERE, place, number)
        channel.update(_of_kind(kind, place, number), name=name, type=kind)
        channel["parent_id"] = parents[-1] if parents and kind != CATEGORY else None
        if place % 2 and place > FIRST:
            channel["permission_overwrites"] = _rights(guild, place)
    for place, role in enumerate(roles[2:]):
        role["permissions"] = str(USUAL_RIGHTS[place % len(USUAL_RIGHTS)])
        role["name"] = _name(("Admin", "Beginner", "Helper", "Bots", "Muted", "Student"), place, number)
        role["color"] = 0x3498DB + place if place % 3 == 0 else 0
        role["colors"] = {"primary_color": role["color"], "secondary_color": None, "tertiary_color": None}
        if place % 4 == 0:
            role["tags"] = {"bot_id": str(number + 500 + place), "integration_id": str(number + 600 + place)}
    return {**guild, **_beside(number, guild["channels"][1]["id"])}


def _name(usual: tuple[str, ...], place: int, number: int) -> str:
    return f"{usual[place % len(usual)]}-{number % 100_000}" if place % _NAMED else usual[place % len(usual)]


def _of_kind(kind: int, place: int, number: int) -> Json:
    """Return what only channels of a kind have."""
    if kind in {VOICE, STAGE}:
        return {"bitrate": 64_000, "user_limit": 0, "rtc_region": None, "last_message_id": None}
    if kind == CATEGORY:
        return {}
    if kind == FORUM:
        return {"available_tags": [], "default_sort_order": None, "last_message_id": None}
    topic = f"What to write in channel {place} of server {number}, and what had better go elsewhere."
    return {"last_message_id": str(number + 700 + place), "topic": topic if place % 2 else None}


def _rights(guild: Json, place: int) -> list[Json]:
    """Return a channel's own rights: hidden from everybody, and open to one role."""
    role = guild["roles"][place % len(guild["roles"])]
    hidden = {"id": guild["id"], "type": 0, "allow": "0", "deny": "1024"}
    return (
        [hidden, {"id": role["id"], "type": 0, "allow": "1024", "deny": "0"}] if role["id"] != guild["id"] else [hidden]
    )


def _beside(number: int, channel_id: str) -> Json:
    """Return what Discord tells of a server beside channels and roles."""
    emoji: Json = {"roles": [], "require_colons": True, "managed": False, "animated": False, "available": True}
    sticker = {"description": "A sticker", "tags": "wave", "type": 2, "format_type": 1, "available": True}
    sound = {"volume": 1.0, "emoji_id": None, "emoji_name": None, "available": True, "guild_id": str(number)}
    shut = {"archived": False, "auto_archive_duration": 1440, "archive_timestamp": JOINED, "locked": False}
    thread = {"guild_id": str(number), "parent_id": channel_id, "owner_id": "1", "type": 11, "message_count": 9}
    return {
        "emojis": [{**emoji, "id": str(number + 800 + one), "name": f"emoji_{one}"} for one in range(EMOJIS)],
        "stickers": [
            {**sticker, "id": str(number + 850 + one), "name": f"sticker {one}", "guild_id": str(number)}
            for one in range(STICKERS)
        ],
        "soundboard_sounds": [
            {**sound, "sound_id": str(number + 860 + one), "name": f"sound {one}"} for one in range(SOUNDS)
        ],
        "threads": [
            {**thread, "id": str(number + 880 + one), "name": f"Thread {one} of {number}", "member_count": 3}
            | {"thread_metadata": shut, "rate_limit_per_user": 0}
            for one in range(THREADS)
        ],
        "features": ["COMMUNITY", "NEWS", "AUTO_MODERATION", "WELCOME_SCREEN_ENABLED", "SOUNDBOARD"],
        "description": f"Server {number}: where we learn together",
        "icon": f"{number:032x}",
        "system_channel_id": channel_id,
        "rules_channel_id": channel_id,
    }
