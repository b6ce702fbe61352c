"""The page *My week*, its message, and what ``/today`` says of it on the week's last day. Nobody else sees it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import discord

from bot.domain.look_back import MOST_CHARACTERS, Did, Goal, Kept, LookBack, Way
from bot.domain.recap import span_in_words
from bot.services.look_back import LookBackPage
from bot.services.look_back_week import WeekEnd
from bot.ui.components import (
    Component,
    ComponentId,
    Style,
    button,
    form,
    link_button,
    menu,
    option,
    rows,
    text_field,
)
from bot.ui.reply import Reply
from bot.ui.review import OpenToday
from bot.ui.text import ROADMAP, clip, hours, listed, plural, safe

NAMED: Final = 4
"""Topics named in a line; the others are counted."""
OFF: Final = "off"
"""The choice in the menu that stands for no look back."""
KEPT_WORDS: Final = {Kept.KEPT: "kept", Kept.PARTLY: "partly kept", Kept.NOT: "not this time"}
QUIET: Final = "A quiet week. That happens, and nothing is lost: your road waits where you left it."


class LookBackVerb(StrEnum):
    """What the page's buttons do."""

    OPEN = "open"
    GOAL = "goal"
    KEPT = "kept"
    PARTLY = "partly"
    NOT = "not"


class LookBackPress(ComponentId, code="lb"):
    """A button of the page: ``week`` is its Monday as ``date.toordinal`` counts, 0 for the week of the press."""

    verb: LookBackVerb
    week: int


class GoalForm(ComponentId, code="lg"):
    """The form of a goal, for the week after the one of ``week``."""

    week: int


class LookBackMenu(ComponentId, code="lw"):
    """The menu of how the week comes."""


def look_back_page(page: LookBackPage, notice: str | None = None) -> Reply:
    """Return a member's week, with the goals and the choice of how it comes.

    Args:
        page: the week.
        notice: a first line that says what was just done.
    """
    found = page.found
    embed = _embed(found)
    if page.refused:
        embed.set_footer(text="I could not write to you. Choose the message below once you take direct messages again.")
    judged = found.goal is not None and found.goal.kept is not None
    asks = found.over and found.goal is not None and not judged
    goal = button(
        "Goal of next week" if page.this_week else "Goal of this week",
        LookBackPress(verb=LookBackVerb.GOAL, week=found.week.toordinal()),
        Style.PLAIN if asks else Style.PRIMARY,
    )
    return Reply(notice, embed, rows(_verdicts(found) if asks else [], [goal, _other(page), _today()], [_ways(page)]))


def message(found: LookBack, link: str) -> Reply:
    """Return a member's week as a direct message. Its buttons would need the server, so the one here leads there."""
    embed = _embed(found)
    embed.set_footer(text="You asked for this once a week. In the server, /today has My week; to stop it: /profile.")
    return Reply(embed=embed, view=rows([link_button("Open the server", link)]))


def message_title(found: LookBack) -> str:
    """Return the title by which a message about a week is found again."""
    return f"Your week, {span_in_words(found.week)}"


def goal_form(page: LookBackPage) -> discord.ui.Modal:
    """Return the form of the goal, filled with what there is."""
    goal = page.found.next_goal
    field = text_field(
        "goal",
        "One sentence of your own",
        example="Two topics, and the project begun",
        value=goal.text if goal else "",
        most=MOST_CHARACTERS,
        required=False,
    )
    title = "Goal of next week" if page.this_week else "Goal of this week"
    return form(title, GoalForm(week=page.found.week.toordinal()), field)


def way_of(value: str) -> Way | None:
    """Return what was chosen in the menu; None for no look back."""
    return None if value == OFF else Way(value)


def week_line(end: WeekEnd) -> str:
    """Return what ``/today`` says on the last day of a week."""
    line = "**Your week ends today.** My week has what it brought."
    if end.goal is not None:
        line += f" Its goal was: {_said(end.goal)}"
    if end.refused:
        line += "\nI could not write to you, so it waits here from now on. To change that: My week, the menu."
    return line


def week_button(end: WeekEnd) -> Component:
    """Return the button that opens the page."""
    return button("My week", LookBackPress(verb=LookBackVerb.OPEN, week=end.week.toordinal()))


def open_button() -> Component:
    """Return the button that opens the week of its press."""
    return button("My week", LookBackPress(verb=LookBackVerb.OPEN, week=0))


def _embed(found: LookBack) -> discord.Embed:
    embed = discord.Embed(title=message_title(found), color=ROADMAP)
    lines = [_what(found), f"**Days** {found.kept_days} of 7 kept{_streak(found)}", _standing(found), _coming(found)]
    embed.description = "\n".join([*lines, "", *_goals(found)])
    return embed


def _what(found: LookBack) -> str:
    if found.did.nothing:
        return QUIET if found.over else "Nothing yet this week. One topic, post or review begins it."
    return f"**What you did** {' · '.join(_parts(found.did))}"


def _parts(did: Did) -> list[str]:
    parts: list[str] = []
    if did.topics:
        named = [topic.title for topic in did.topics[:NAMED]]
        more = [f"{len(did.topics) - NAMED} more"] if len(did.topics) > NAMED else []
        parts.append(f"{plural(len(did.topics), 'topic')}, {hours(did.hours)}: {listed([*named, *more])}")
    if did.prompts:
        parts.append(plural(did.prompts, "daily post"))
    if did.reviews:
        percent = round(did.remembered * 100 / did.reviews)
        parts.append(f"{plural(did.cards, 'review card')}, {percent} % remembered")
    return parts


def _streak(found: LookBack) -> str:
    return f" · {plural(found.streak, 'day')} in a row" if found.streak else ""


def _standing(found: LookBack) -> str:
    parts = [f"{found.road.finished} of {found.road.total} topics, {found.road.percent} %"]
    if found.place is not None:
        parts.append(f"place {found.place.rank} on the week's board, {plural(found.place.score, 'point')}")
    line = f"**Where you stand** {' · '.join(parts)}"
    return f"{line}\n{found.pace}" if found.pace else line


def _coming(found: LookBack) -> str:
    parts: list[str] = []
    if found.next_topics:
        parts.append(listed(topic.title for topic in found.next_topics))
    if found.reviews_ahead:
        parts.append(f"{plural(found.reviews_ahead, 'review card')} in the next 7 days")
    if found.season is not None:
        parts.append(f"the season {safe(found.season)} has ended: /leaderboard has its places")
    return f"**What comes** {' · '.join(parts) or 'whatever you choose: the road is behind you'}"


def _goals(found: LookBack) -> list[str]:
    lines: list[str] = []
    if found.goal is not None:
        lines.append(f"**Goal of this week** {_said(found.goal)}")
        if found.over and found.goal.kept is None:
            lines.append("Was it kept? It is for you alone, and scores nothing.")
    lines.append(f"**Goal of the week after** {_said(found.next_goal) if found.next_goal else 'none yet'}")
    return lines


def _said(goal: Goal) -> str:
    verdict = f" ({KEPT_WORDS[goal.kept]})" if goal.kept is not None else ""
    return f"“{safe(clip(goal.text, MOST_CHARACTERS))}”{verdict}"


def _verdicts(found: LookBack) -> list[Component]:
    week = found.week.toordinal()
    words = ((LookBackVerb.KEPT, "Kept"), (LookBackVerb.PARTLY, "Partly"), (LookBackVerb.NOT, "Not this time"))
    return [button(label, LookBackPress(verb=verb, week=week)) for verb, label in words]


def _other(page: LookBackPage) -> Component:
    if not page.this_week:
        return button("This week", LookBackPress(verb=LookBackVerb.OPEN, week=0))
    last = page.found.week.toordinal() - 7
    return button("Last week", LookBackPress(verb=LookBackVerb.OPEN, week=last))


def _today() -> Component:
    return button("Today", OpenToday())


def _ways(page: LookBackPage) -> Component:
    choices = [
        option("My week does not come by itself", OFF, ticked=page.way is None),
        option(f"By direct message, Sundays at {page.at:%H:%M}", Way.MESSAGE, ticked=page.way is Way.MESSAGE),
        option("In /today, on Sundays", Way.TODAY, ticked=page.way is Way.TODAY),
    ]
    return menu("How my week comes", LookBackMenu(), choices)
