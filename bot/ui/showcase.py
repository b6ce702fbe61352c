"""The showcase: a finished project as everybody sees it, and where moderators choose its channel."""

from __future__ import annotations

from typing import Final

import discord

from bot.domain.content import EntryId
from bot.domain.showcase import Exhibit, Standing
from bot.ui.components import Component, ComponentId, button, channel_menu, link_button, rows
from bot.ui.reply import Reply
from bot.ui.text import ROADMAP, clip, safe

NAMES: Final = {
    Standing.MAY_SHOW: "Show it",
    Standing.CHANGED: "Show the new link",
    Standing.SHOWN: "Take it out of the showcase",
}


class ShowPress(ComponentId, code="vs"):
    """Show one's own finished project in the showcase."""

    topic_id: EntryId
    owner: int


class TakeDownPress(ComponentId, code="vt"):
    """Take one's own project out of the showcase, from the topic's page or from the message itself."""

    topic_id: EntryId
    owner: int


class OpenShowcaseSettings(ComponentId, code="vo"):
    """Open the page on which moderators choose where projects are shown."""


class ShowcaseChannelMenu(ComponentId, code="vm"):
    """The menu of channels for the showcase."""


def show_buttons(standing: Standing, topic_id: str, user_id: int) -> list[Component]:
    """Return the button of a topic's page that goes with where its project stands; none for what is no project."""
    if standing is Standing.NO:
        return []
    press = TakeDownPress if standing is Standing.SHOWN else ShowPress
    return [button(NAMES[standing], press(topic_id=topic_id, owner=user_id))]


def exhibit(what: Exhibit, user_id: int, name: str) -> Reply:
    """Return a project as it is posted. Nobody is pinged."""
    embed = discord.Embed(title=clip(what.topic.title, 200), color=ROADMAP)
    steps = "\n".join(f"✓ {step.title}" for step in what.topic.milestones)
    embed.description = f"By <@{user_id}>. What it took:\n{steps}\n\n<{what.link}>"
    embed.set_footer(text="Look at it, and say in the thread what you like and what you would try next.")
    view = rows(
        [link_button("Open the project", what.link)],
        [button("Take it back", TakeDownPress(topic_id=what.topic.id, owner=user_id))],
    )
    return Reply(f"**{safe(clip(name, 40))}** finished **{what.topic.title}**", embed, view)


def thread_title(what: Exhibit, name: str) -> str:
    """Return the name of the thread for feedback, in Discord's 100 characters."""
    return clip(f"{what.topic.title} · {' '.join(name.split())}", 100)


def shown(what: Exhibit, mend: str | None) -> str:
    """Return the first line after a project was shown; with what to mend where no thread could be opened."""
    told = f"**{what.topic.title}** is in <#{what.channel_id}>, with your link."
    return f"{told} Its thread is open for feedback." if mend is None else f"{told} It has no thread: {mend}"


def taken_down(title: str) -> str:
    """Return the first line after a project was taken out."""
    return f"**{title}** is no longer in the showcase. What others wrote in its thread stays theirs."


def still_there(channel_id: int) -> str:
    """Return the sentence where the message could not be deleted."""
    return f"I could not delete the message in <#{channel_id}>. Press again in a minute, or ask a moderator."


def settings(channel_id: int | None, notice: str | None = None) -> Reply:
    """Return the page on which moderators choose where projects are shown."""
    embed = discord.Embed(title="Showcase", color=ROADMAP)
    where = f"<#{channel_id}>" if channel_id else "nowhere yet"
    embed.description = (
        f"**Finished projects are shown in** {where}\n\nWho finishes a project of the road and adds its link may show "
        "it there by a button on the topic's page. Each gets a thread for feedback; its author can take it back."
    )
    return Reply(notice, embed, rows([channel_menu("Channel for projects", ShowcaseChannelMenu(), channel_id)]))
