"""What a moderator sees once a load was decided about."""

from __future__ import annotations

from typing import Final

import discord

from bot.domain.entry import Kind
from bot.domain.marks import safe_title
from bot.services.content_history import Load
from bot.ui.components import Style, button, rows
from bot.ui.content_history import AskRollback, HistoryPage
from bot.ui.reply import Reply
from bot.ui.text import PLAIN, clip, safe

WHERE: Final = {
    Kind.FAQ: "Members find it in /faq now.",
    Kind.TOPIC: "Members see it in /roadmap now. Nobody's progress is lost.",
    Kind.PROMPT: "Daily posts draw on it from the next one on.",
    Kind.CARD: "The cards are kept; nothing asks them yet.",
    Kind.RESOURCE: "Members find them in /roadmap: on the pages of their topics, and in the menu Guide.",
}


def applied_page(load: Load, *, again: bool) -> Reply:
    """Return what a load did.

    Args:
        load: as it is recorded.
        again: whether it had been applied before this press.
    """
    embed = discord.Embed(title=clip(f"Loaded: {safe_title(load.file_name)}", 250), color=PLAIN)
    first = "This was applied already, once." if again else "Applied."
    embed.description = f"{first} {safe(load.summary).capitalize()}.\n{WHERE.get(load.kind, '')}"
    embed.set_footer(text=f"Load {load.number}. It can be rolled back at any time.")
    back = button("Roll back", AskRollback(number=load.number, page=0), Style.DANGER)
    return Reply(None, embed, rows([button("All loads", HistoryPage(before=0)), back]))


def nothing_applied() -> Reply:
    """Return what is said where there was nothing to apply."""
    embed = discord.Embed(title="Nothing changed", color=PLAIN)
    embed.description = "Everything in that file was here already. The file waits no longer."
    return Reply(None, embed, rows([button("All loads", HistoryPage(before=0))]))


def cancelled() -> Reply:
    """Return what is said once a file was put aside."""
    embed = discord.Embed(title="Put aside", color=PLAIN)
    embed.description = "Nothing was changed, and the file is forgotten. Attach it again with /content load."
    return Reply(None, embed, None)
