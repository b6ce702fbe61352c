"""What a member is told of a decision, in a direct message or on a page."""

from __future__ import annotations

from typing import Final

import discord

from bot.domain.letter import Letter, LetterKind
from bot.ui.components import link_button, rows
from bot.ui.reply import Reply
from bot.ui.text import PROMPT, clip, safe

TITLES: Final = {
    LetterKind.APPROVED: "Your suggestion is in",
    LetterKind.DECLINED: "Your suggestion was not taken this time",
    LetterKind.REMOVED: "A moderator took something of yours down",
}


def letter(one: Letter) -> Reply:
    """Return the direct message."""
    embed = discord.Embed(title=TITLES[one.kind], description=letter_line(one), color=PROMPT)
    embed.set_footer(text="This comes once. In the server, /suggest shows your suggestions.")
    server = f"https://discord.com/channels/{one.guild_id}"
    return Reply(embed=embed, view=rows([link_button("Open the server", server)]))


def letter_line(one: Letter) -> str:
    """Return what was decided, in one or two sentences."""
    title = safe(clip(" ".join(one.title.split()), 100))
    match one.kind:
        case LetterKind.APPROVED:
            return f"Your {one.noun} **{title}** is part of the server's content now. Thank you."
        case LetterKind.DECLINED:
            return f"Your {one.noun} **{title}** was not taken. The moderators say: {safe(one.reason)}"
        case LetterKind.REMOVED:
            what = "answer" if one.noun == "answer" else f"{one.noun} that you suggested"
            return (
                f"The moderators took down the {what}, “{title}”. It happens to the best of us; your progress and "
                "streak stay as they are. Ask a moderator if you would like to know more."
            )
