"""A reminder, as it arrives in a direct message."""

from __future__ import annotations

from typing import Final

import discord

from bot.domain.reminder import ReminderKind
from bot.services.reminder import Notice
from bot.ui.components import link_button, rows
from bot.ui.look_back import message, message_title
from bot.ui.post import body
from bot.ui.reply import Reply
from bot.ui.text import PROMPT, clip, plural

TEXT_CHARACTERS: Final = 600
OPEN: Final = "Open the post"
FOR_TODAY: Final = "for today"


def reminder(notice: Notice) -> Reply:
    """Return the message. Buttons of a post need its server, so the one here leads there."""
    if notice.week is not None:
        return message(notice.week, notice.link)
    if notice.kind is ReminderKind.REVIEW:
        return _reviews(notice)
    title = "The post you kept for later" if notice.item is None else notice.item.title
    embed = discord.Embed(title=title, color=PROMPT)
    if notice.item is not None:
        embed.description = clip(body(notice.item), TEXT_CHARACTERS)
    if notice.kind is ReminderKind.DAILY:
        first = "Today's post is still open."
        if notice.reviews:
            first = f"{first} {plural(notice.reviews, 'review card')} can be asked too: /today there."
        embed.set_footer(text="You asked for this once a day. To stop it: /profile in the server, Daily reminder.")
    else:
        first = "You asked to be reminded of this."
        embed.set_footer(text="This comes once. For another one, press Later on the post.")
    return Reply(first, embed, rows([link_button(OPEN, notice.link)]))


def has_title(notice: Notice, title: str) -> bool:
    """Whether a message of this title may be this notice. Where the link leads to a post, that alone tells."""
    if notice.week is not None:
        return title == message_title(notice.week)
    return notice.kind is not ReminderKind.REVIEW or title.endswith(FOR_TODAY)


def _reviews(notice: Notice) -> Reply:
    embed = discord.Embed(title=f"{plural(notice.reviews, 'review card')} {FOR_TODAY}", color=PROMPT)
    embed.description = (
        "Two minutes bring back what you learnt before it fades. In the server, /today has the button, and reviews "
        "keep your day."
    )
    embed.set_footer(text="You asked for this once a day. To stop it: /profile in the server.")
    return Reply(embed=embed, view=rows([link_button("Open the server", notice.link)]))
