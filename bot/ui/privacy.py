"""The pages of **My data**: what is kept about a member here, as files, and its deletion, asked twice."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import discord

from bot.services.privacy import Export
from bot.ui.components import ComponentId, Style, button, rows
from bot.ui.reply import Document, Reply
from bot.ui.text import PLAIN, TROUBLE, plural

GOES: Final = (
    "**What goes**: your name and choices, your road with notes and links, answers, prompts done, votes, streak, "
    "reminders, suggestions, reports, and your place in a study group."
)
STAYS: Final = (
    "**What stays, without you**: points, as those of nobody, so that your group's sum and everybody's boards stay "
    "right; thanks you gave to others; what you did as a moderator, without your name."
)
ELSEWHERE: Final = (
    "Messages in channels are Discord's: delete your own there, and ask a moderator about those the bot posted. "
    "Backups forget you when they run out, after 30 days at most."
)


class PrivacyVerb(StrEnum):
    """What the pages' buttons do."""

    OPEN = "open"
    EXPORT = "export"
    ASK = "ask"
    ASK_AGAIN = "again"
    DELETE = "delete"


class PrivacyPress(ComponentId, code="fd"):
    """A button of the pages; all of it is about whoever presses."""

    verb: PrivacyVerb


def my_data(kept: Mapping[str, int]) -> Reply:
    """Return the page: what is kept, by what it is."""
    embed = discord.Embed(title="Your data in this server", color=PLAIN)
    lines = [f"{what[0].upper()}{what[1:]}: **{number}**" for what, number in kept.items()]
    embed.description = "\n".join(lines) if lines else "Nothing is kept about you here."
    embed.set_footer(text="Should the bot be removed from this server, everything goes 30 days later.")
    return Reply(
        embed=embed,
        view=rows(
            [
                button("Export as files", PrivacyPress(verb=PrivacyVerb.EXPORT), Style.PRIMARY),
                button("Delete my data", PrivacyPress(verb=PrivacyVerb.ASK), Style.DANGER),
            ]
        ),
    )


def exported(export: Export) -> Reply:
    """Return the files as a message."""
    embed = discord.Embed(title="Everything about you in this server", color=PLAIN)
    embed.description = (
        f"{plural(export.rows, 'row')}, twice the same: **JSON** for programs, **CSV** for a spreadsheet, with one "
        "value a line. Other people's ids are left out. Times are UTC."
    )
    embed.set_footer(text="Only you see this. It holds your private notes: mind where you keep it.")
    return Reply(
        embed=embed, documents=(Document(export.as_json, "my-data.json"), Document(export.as_csv, "my-data.csv"))
    )


def ask(kept: Mapping[str, int]) -> Reply:
    """Return the first question before a deletion: what goes and what stays."""
    embed = discord.Embed(title="Delete your data in this server?", color=TROUBLE)
    total = f"That is {plural(sum(kept.values()), 'row')} now. Export them first if you may want them."
    embed.description = f"{GOES}\n\n{STAYS}\n\n{ELSEWHERE}\n\n{total}"
    return Reply(
        embed=embed,
        view=rows(
            [
                button("Keep my data", PrivacyPress(verb=PrivacyVerb.OPEN)),
                button("Go on", PrivacyPress(verb=PrivacyVerb.ASK_AGAIN), Style.DANGER),
            ]
        ),
    )


def ask_again() -> Reply:
    """Return the last question before a deletion."""
    embed = discord.Embed(title="This can't be taken back", color=TROUBLE)
    embed.description = "Your road, streak and notes in this server will be gone, and nobody can bring them back. Sure?"
    return Reply(
        embed=embed,
        view=rows(
            [
                button("Keep my data", PrivacyPress(verb=PrivacyVerb.OPEN)),
                button("Delete it for good", PrivacyPress(verb=PrivacyVerb.DELETE), Style.DANGER),
            ]
        ),
    )


def deleted() -> Reply:
    """Return the page after a deletion."""
    embed = discord.Embed(title="Your data is deleted", color=PLAIN)
    embed.description = (
        "The bot knows nothing about you in this server any more. If you use it again, you begin anew, and it notes "
        f"your name.\n\n{ELSEWHERE}"
    )
    return Reply(embed=embed, view=rows())
