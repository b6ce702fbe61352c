"""The page of ``/profile``: what a member chose for themselves. Nobody else sees it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import discord

from bot.domain.day import LATEST_DAY_START
from bot.domain.recall import DESIRED, REVIEW_AT, TESTS
from bot.services.profile import ProfilePage
from bot.ui.components import Component, ComponentId, Style, button, form, menu, option, rows, text_field
from bot.ui.look_back import open_button
from bot.ui.points import LedgerPress
from bot.ui.portfolio import PortfolioPress
from bot.ui.privacy import PrivacyPress, PrivacyVerb
from bot.ui.reply import Reply
from bot.ui.review import retention_line
from bot.ui.text import PLAIN, clock_time, plural, relative, safe

NONE: Final = "none"
"""The choice in a menu that stands for the server's hour, or for no reminder."""
WHOLE_DAY: Final = range(24)
SHOWN: Final = "you are on them"
HIDDEN: Final = "you are left off them; your points still count for your group"
WELCOME: Final = "when you have been quiet for long, your group's captain may see it and write to you"
PRIVATE: Final = "nobody is told when you have been quiet for long"


class ProfileVerb(StrEnum):
    """What the page's buttons do."""

    ZONE = "zone"
    SERVER_ZONE = "server"
    TRY_AGAIN = "again"
    HOME = "home"
    HIDE = "hide"
    SHOW = "show"
    COMPANY = "company"
    ALONE = "alone"
    REVIEWS = "reviews"
    NO_REVIEWS = "noreviews"


class ProfilePress(ComponentId, code="q"):
    """A button of the page."""

    verb: ProfileVerb


class OwnZoneForm(ComponentId, code="qz"):
    """The form for one's own time zone."""


class OwnDayStartMenu(ComponentId, code="qd"):
    """The menu of hours at which one's own day may start."""


class DailyReminderMenu(ComponentId, code="qr"):
    """The menu of hours for the daily reminder."""


def profile(page: ProfilePage, notice: str | None = None) -> Reply:
    """Return the page.

    Args:
        page: what was chosen.
        notice: a first line that says what was just done.
    """
    embed = discord.Embed(title="Your profile in this server", color=PLAIN)
    thanked = plural(page.thanks, "message") if page.thanks else "none yet"
    lines = [
        f"**Time zone** {page.rule.zone}{_whose(page.person.zone)}",
        (
            f"**Your day starts** at {page.rule.day_start:%H:%M}{_whose(page.person.day_start)}. It is "
            f"{page.today:%A, %B} {page.today.day} for you, and that day ends {relative(page.day_ends_at)}, "
            f"at {clock_time(page.day_ends_at)}."
        ),
        f"**Daily reminder** {_reminder(page)}",
        f"**Reviews** {_reviews(page)}",
        f"**Memory** {retention_line(page.retention, round(DESIRED * 100), TESTS)}",
        f"**Your messages that helped others** {thanked}",
        f"**Boards** {_on_boards(page)}",
        f"**Company** {WELCOME if page.person.wants_company else PRIVATE}",
    ]
    if page.person.unreachable_since is not None:
        lines += ["", _mend(page)]
    embed.description = "\n".join(lines)
    embed.set_footer(text="Another zone or hour holds from now on. It rewrites no day that was counted.")
    return Reply(notice, embed, rows([_day_start(page)], [_reminder_hours(page)], _buttons(page), _boards(page)))


def zone_form(page: ProfilePage) -> discord.ui.Modal:
    """Return the form for one's own time zone."""
    field = text_field("text", "Time zone", example="Europe/Berlin", value=page.rule.zone, most=60)
    return form("Your time zone", OwnZoneForm(), field)


def hour_of(values: Sequence[str]) -> int | None:
    """Return the hour that was chosen in one of the menus; None for the choice without one."""
    return None if values[0] == NONE else int(values[0])


def _on_boards(page: ProfilePage) -> str:
    if page.person.left_off_reason is not None:
        why = safe(page.person.left_off_reason)
        return f"moderators leave you off them: {why}. Your points still count for your group"
    return HIDDEN if page.person.hidden else SHOWN


def _whose(own: object) -> str:
    return " (the server's)" if own is None else " (your own)"


def _reminder(page: ProfilePage) -> str:
    if page.person.remind_at is None:
        return "off"
    at = f"at {page.person.remind_at:%H:%M}, by direct message, on days with a post that you have not done"
    return at if page.person.next_reminder_at is None else f"{at}. The next one may come {_when(page)}."


def _reviews(page: ProfilePage) -> str:
    if not page.person.wants_reviews:
        return "wait in /today; no message about them"
    at = page.person.remind_at or REVIEW_AT
    return f"by direct message at {at:%H:%M}, on days with cards to ask; one message with the daily reminder"


def _when(page: ProfilePage) -> str:
    following = page.person.next_reminder_at
    return "" if following is None else relative(following)


def _mend(page: ProfilePage) -> str:
    since = page.person.unreachable_since
    told = "" if since is None else f" {relative(since)}"
    paused = " Your daily reminder is paused." if page.person.remind_at is not None or page.person.wants_reviews else ""
    return (
        f"✗ I could not write to you{told}: you take no direct messages from this server.{paused} To mend it, open the "
        "server's menu, *Privacy Settings*, switch on *Direct Messages*, then press Try again."
    )


def _day_start(page: ProfilePage) -> Component:
    own = page.person.day_start
    shared = f"My day starts with the server's, at {page.of_guild.day_start:%H:%M}"
    hours = [
        option(f"My day starts at {hour:02}:00", str(hour), ticked=own is not None and own.hour == hour)
        for hour in range(LATEST_DAY_START + 1)
    ]
    return menu("Start of my day", OwnDayStartMenu(), [option(shared, NONE, ticked=own is None), *hours])


def _reminder_hours(page: ProfilePage) -> Component:
    at = page.person.remind_at
    hours = [
        option(f"Remind me at {hour:02}:00", str(hour), ticked=at is not None and at.hour == hour) for hour in WHOLE_DAY
    ]
    return menu("Daily reminder", DailyReminderMenu(), [option("No daily reminder", NONE, ticked=at is None), *hours])


def _buttons(page: ProfilePage) -> list[Component]:
    unreachable = page.person.unreachable_since is not None
    found = [button("Time zone", ProfilePress(verb=ProfileVerb.ZONE), Style.PLAIN if unreachable else Style.PRIMARY)]
    if page.person.zone is not None:
        found.append(button("Use the server's zone", ProfilePress(verb=ProfileVerb.SERVER_ZONE)))
    found.append(button("Portfolio", PortfolioPress()))
    found.append(button("My data", PrivacyPress(verb=PrivacyVerb.OPEN)))
    if unreachable:
        found.append(button("Try again", ProfilePress(verb=ProfileVerb.TRY_AGAIN), Style.PRIMARY))
    return found


def _boards(page: ProfilePage) -> list[Component]:
    """Return the buttons about points, who sees what of them, and messages about reviews."""
    person = page.person
    show, tell = ("Hide me from the boards", ProfileVerb.HIDE), ("Keep it from my captain", ProfileVerb.ALONE)
    reviews = "Message me about reviews", ProfileVerb.REVIEWS
    if person.wants_reviews:
        reviews = "No messages about reviews", ProfileVerb.NO_REVIEWS
    if person.hidden:
        show = "Show me on the boards", ProfileVerb.SHOW
    if not person.wants_company:
        tell = "Let my captain see", ProfileVerb.COMPANY
    return [
        button("My points", LedgerPress(owner=person.user_id, of=person.user_id, page=0)),
        open_button(),
        *(button(label, ProfilePress(verb=verb)) for label, verb in (show, tell, reviews)),
    ]
