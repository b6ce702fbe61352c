"""What a server collected to learn from: on the pages of its topics, and all of it in the guide's menu."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import discord

from bot.domain.entry import OwnResource
from bot.domain.marks import safe_title
from bot.domain.pack import Pack
from bot.errors import NotFoundError
from bot.ui.components import Component, ComponentId, button, menu, rows
from bot.ui.content_row import jumps, page_of
from bot.ui.home import back_button
from bot.ui.reply import Reply
from bot.ui.text import ROADMAP, clip, plural, safe

COLLECTED: Final = "collected-here"
"""The choice in the guide's menu that leads here; no chapter's id."""
PAGE: Final = 10
WITH_TOPIC: Final = 5
MOST_NOTE: Final = 110
MOST_TITLE: Final = 90
MOST_LINE: Final = 380
OTHERS: Final = "Other things"


class ResourcePage(ComponentId, code="h2"):
    """Turn to a page of what a server collected."""

    page: int


class ResourceJump(ComponentId, code="h3"):
    """The menu of the pages."""


def collected_page(pack: Pack, user_id: int, page: int = 0) -> Reply:
    """Return a page of what a server collected, by section; ``page`` counts from 0 and is brought into range.

    Raises:
        NotFoundError: where nothing is collected any more.
    """
    found = sorted(pack.resources.values(), key=lambda one: (not one.section, one.section.casefold()))
    if not found:
        raise NotFoundError("This server has collected nothing of its own to learn from yet.")
    at = page_of(len(found), PAGE, page)
    lines: list[str] = []
    section = None
    for one in found[at.first : at.last]:
        if one.section != section:
            section = one.section
            lines += ["", f"**{safe(section) or OTHERS}**"]
        lines.append(resource_line(one))
    embed = discord.Embed(title="Collected on this server", description="\n".join(lines).strip(), color=ROADMAP)
    embed.set_footer(text=f"{at.position} · links that the moderators loaded or members suggested")
    names = [f"{one.section or OTHERS}: {one.title}" for one in found]
    jump: list[Component] = [menu("Jump to", ResourceJump(), jumps(at, PAGE, names))] if at.pages > 2 else []
    turning = [
        button(label, ResourcePage(page=at.number + by))
        for label, by in (("Previous", -1), ("Next", 1))
        if 0 <= at.number + by < at.pages
    ]
    return Reply(embed=embed, view=rows(jump, [*turning, back_button("My road", user_id)]))


def with_topic(own: Iterable[OwnResource], room: int) -> list[str]:
    """Return the lines for the page of a topic, in at most ``room`` characters; none where nothing belongs to it."""
    every = list(own)
    lines: list[str] = []
    for one in every[:WITH_TOPIC]:
        line = resource_line(one)
        room -= len(line) + 1
        if room < 120:
            break
        lines.append(line)
    left = len(every) - len(lines)
    if left and every:
        lines.append(f"- {plural(left, 'link')} more in */roadmap*, menu *Guide*, *Collected on this server*")
    return ["", "**Collected on this server**", *lines] if lines else []


def resource_line(one: OwnResource) -> str:
    """Return one thing to learn from as an item of a list."""
    note = f" · {safe(clip(one.note, MOST_NOTE))}" if one.note else ""
    title = safe_title(clip(one.title, MOST_TITLE))
    line = f"- [{title}]({one.url}) · {one.kind}{note}"
    return line if len(line) <= MOST_LINE else f"- [{title}]({one.url}) · {one.kind}"
