"""The portfolio of a member, as a file for GitHub."""

from __future__ import annotations

import discord

from bot.ui.components import ComponentId
from bot.ui.reply import Document, Reply
from bot.ui.text import PLAIN


class PortfolioPress(ComponentId, code="vp"):
    """Write the presser's own portfolio."""


def portfolio(text: str) -> Reply:
    """Return the portfolio as a message with its file."""
    embed = discord.Embed(title="Your portfolio", color=PLAIN)
    embed.description = (
        "Everything you have done on the road, with your links, as a README. Put it on GitHub: a new repository with "
        "your user name as its name shows it on your profile. Read it once before; what you leave out is up to you."
    )
    embed.set_footer(text="It is written anew each time you ask. Only you see this.")
    return Reply(embed=embed, documents=(Document(text.encode(), "README.md"),))
