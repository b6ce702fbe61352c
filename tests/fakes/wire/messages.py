"""Messages kept in the stand-in, and Discord's rule that one nonce makes one message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from tests.fakes.wire.interactions import EPHEMERAL
from tests.fakes.wire.world import Json, Person, snowflake


class DeletedMessageError(Exception):
    """The nonce belongs to a message that was deleted: Discord does not make it again."""


def attached(channel_id: int, asked: Sequence[Json]) -> list[Json]:
    """Return the attachments that came with a request, as Discord writes them."""
    address = f"https://cdn.discordapp.com/attachments/{channel_id}"
    return [
        {**one, "id": str(snowflake()), **dict.fromkeys(("url", "proxy_url"), f"{address}/{one['filename']}")}
        for one in asked
    ]


@dataclass(slots=True)
class Messages:
    """All messages by id, oldest first.

    Attributes:
        author: who wrote them: the bot.
        nonce_window: seconds for which a nonce is remembered; Discord says "the past few minutes".
        now: the clock of that window.
    """

    author: Person
    nonce_window: float = 180.0
    now: Callable[[], float] = monotonic
    kept: dict[int, Json] = field(default_factory=dict[int, Json])
    _nonces: dict[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])

    def put(self, channel_id: int, content: Json) -> Json:
        """Keep a new message and return it; the first one where its enforced nonce was used already.

        Raises:
            DeletedMessageError: where that one was deleted.
        """
        nonce = content.get("nonce")
        if nonce is not None and content.get("enforce_nonce"):
            since, first = self._nonces.get(str(nonce), (float("-inf"), 0))
            if self.now() - since < self.nonce_window:
                if first not in self.kept:
                    raise DeletedMessageError
                return self.kept[first]
        message = self.written(channel_id, content)
        self.kept[int(message["id"])] = message
        if nonce is not None:
            self._nonces[str(nonce)] = (self.now(), int(message["id"]))
        return message

    def written(self, channel_id: int, content: Json) -> Json:
        """Return a message object, kept nowhere (as ephemeral ones are)."""
        shown = ("content", "embeds", "components", "nonce")
        return {
            "id": str(snowflake()),
            "channel_id": str(channel_id),
            "author": self.author.user(bot=True),
            "timestamp": datetime.now(UTC).isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": attached(channel_id, content.get("attachments") or ()),
            "pinned": False,
            "type": 0,
            "flags": int(content.get("flags") or 0),
            "content": "",
            "embeds": [],
            "components": [],
            **{name: content[name] for name in shown if content.get(name) is not None},
        }

    def change(self, message: Json, content: Json) -> None:
        """Change a message to what is asked for; attachments that are named by their ids stay."""
        there = {one["id"]: one for one in message["attachments"]}
        message.update(content)
        if (asked := content.get("attachments")) is not None:
            stay = [there[str(one["id"])] for one in asked if str(one["id"]) in there]
            new = [one for one in asked if str(one["id"]) not in there]
            message["attachments"] = stay + attached(int(message["channel_id"]), new)

    def of(self, channel_id: int, most: int = 50, before: int | None = None, after: int | None = None) -> list[Json]:
        """Return a channel's messages, newest first."""
        found = [
            message
            for message_id, message in self.kept.items()
            if message["channel_id"] == str(channel_id)
            and (before is None or message_id < before)
            and (after is None or message_id > after)
        ]
        return found[::-1][:most] if after is None else found[:most][::-1]

    def page(self, channel_id: int) -> Json:
        """Return an ephemeral page of the bot's, for a component to be pressed on."""
        return self.written(channel_id, {"flags": EPHEMERAL})
