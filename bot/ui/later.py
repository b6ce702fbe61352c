"""The pages of *Later*: when to be reminded of a post."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.reminder import Later
from bot.services.later import LaterPage
from bot.ui.components import ComponentId, menu, option, rows
from bot.ui.prompt import PromptVerb, after_done, before_done, own_embed, press_button
from bot.ui.reply import Reply
from bot.ui.text import clock_time, relative

LABELS: Final = {
    Later.HOUR: "In an hour",
    Later.THREE_HOURS: "In three hours",
    Later.EVENING: "This evening",
    Later.MORNING: "In the morning",
    Later.TOMORROW: "Tomorrow at this time",
}
APART: Final = timedelta(minutes=20)
CLOSED: Final = (
    "My last message didn't reach you: your direct messages are closed. Open them in this server's "
    "**Privacy Settings > Direct Messages**, or nothing will arrive."
)
MAY_BE_CLOSED: Final = (
    "It comes as a direct message. If yours are closed for this server, nothing arrives: see **Privacy Settings**."
)


class LaterMenu(ComponentId, code="dl"):
    """The menu of times to be reminded at."""

    number: int


def later(what: LaterPage, said: str | None = None) -> Reply:
    """Return the page of times; ``said`` is what the last press did."""
    page = what.page
    embed = own_embed(page)
    if page.done is not None:
        embed.description = "You have done this one already, so there is nothing to remind you of."
        return Reply(said, embed, rows(after_done(page)))
    waiting = (
        f"I'll write to you at {clock_time(page.remind_at)}, {relative(page.remind_at)}." if page.remind_at else ""
    )
    embed.description = "\n".join(
        [waiting or "When shall I remind you?", CLOSED if what.unreachable else MAY_BE_CLOSED]
    )
    zone = ZoneInfo(what.zone)
    options = [
        option(f"{LABELS[key]} · {at.astimezone(zone):%a %H:%M}", key, f"In your time zone, {what.zone}")
        for key, at in _apart(what.times)
    ]
    placeholder = "Choose another time" if page.remind_at else "Choose a time"
    forget = [press_button("Don't remind me", PromptVerb.FORGET, page)] if page.remind_at else []
    buttons = [one for one in before_done(page) if one["label"] != "Later"]
    return Reply(said, embed, rows([menu(placeholder, LaterMenu(number=page.number), options)], [*buttons, *forget]))


def _apart(times: Mapping[Later, datetime]) -> list[tuple[Later, datetime]]:
    """Return the times without those that nearly repeat the one before."""
    found: list[tuple[Later, datetime]] = []
    for key, at in times.items():
        if not found or at - found[-1][1] >= APART:
            found.append((key, at))
    return found
