"""The answer to **This helped me**."""

from __future__ import annotations

from typing import Final

from bot.services.thanks import Counted, Thanked
from bot.ui.components import ComponentId, button, rows
from bot.ui.reply import Reply
from bot.ui.text import plural

SAID: Final = {
    Counted.YES: "Noted: <@{author}> gets credit for it, {received} so far.",
    Counted.BEFORE: "You have said so of this message before; it stands.",
    Counted.ENOUGH_FROM_YOU: (
        "Thanked, though it adds no credit: only three from you to the same person count within seven days."
    ),
    Counted.ENOUGH_TODAY: "Thanked, though it adds no credit: <@{author}> has had the five that count in a day.",
}


class SayThanks(ComponentId, code="ds"):
    """Say in the channel that a message helped."""

    message_id: int


def thanked(what: Thanked) -> Reply:
    """Return what is told to whoever gave thanks. Only the first time it is offered to say it aloud."""
    said = SAID[what.counted].format(author=what.author_id, received=plural(what.received, "thanks", "thanks"))
    if what.counted is Counted.BEFORE:
        return Reply(said)
    return Reply(
        f"{said}\n-# Only you see this.", view=rows([button("Say it here", SayThanks(message_id=what.message_id))])
    )


def said_here() -> Reply:
    """Return what the private page turns into once it is said in the channel."""
    return Reply("Said below, for everybody here.")


def in_channel(giver_id: int, author_id: int, address: str) -> Reply:
    """Return what everybody sees; nobody is pinged.

    Args:
        giver_id: who says it.
        author_id: whose message helped.
        address: the message.
    """
    return Reply(f"<@{giver_id}> says that [this message]({address}) by <@{author_id}> helped.")
