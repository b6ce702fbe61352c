"""The page of ``/help``: what this person can do here, by task."""

from __future__ import annotations

from collections.abc import Callable

import discord

from bot.ui.components import Style, button, rows
from bot.ui.faq import AskForm, OpenCategories
from bot.ui.home import OpenRoad
from bot.ui.reply import Reply
from bot.ui.text import PLAIN

MEMBER_TASKS = (
    ("Do today's prompt, and see your streak and when your day ends", "today"),
    ("Review what you learned: two minutes of cards, the due ones first", "today"),
    ("See what to learn next, and mark what you have done", "roadmap"),
    ("Open one topic: `topic` takes any word of its title", "roadmap"),
    ("See your streak and why each day counts, rest, take a vacation", "streak"),
    ("See your study group, join one, or leave it", "group"),
    ("Play a quiz round: **Quiz** under a daily post, **Quiz round** on your group's page", "group"),
    ("See who earned how much, your place, and your group's", "leaderboard"),
    ("Ask a question, or look through the answers", "faq"),
    ("Suggest a prompt, a question or a resource", "suggest"),
    ("Look back on your week, and set a goal for the next one: **My week**", "profile"),
    ("Choose your own time zone and a daily reminder", "profile"),
)
MESSAGE_MENUS = (
    "**Apps > Find in FAQ** in a message's menu · Look up what somebody asked\n"
    "**Apps > This helped me** in a message's menu · Give its author credit\n"
    "**Apps > Suggest as prompt** in a message's menu · Pass it to the moderators"
)
MODERATOR_TASKS = (
    ("Daily posts: when, where and what; post now, pause, health", "schedule"),
    ("Load questions, prompts, cards, resources or topics from a file; nothing changes before Apply", "content load"),
    ("See what was loaded and edited, and roll it back", "content history"),
    ("Look through the content and change it; suggestions, reports, questions without answer", "content manage"),
    ("Take the content out as a file, or a template", "content export"),
)
MANAGER_TASKS = (("Choose the time zone, the moderators and the channels", "setup"),)


def help_page(mention: Callable[[str], str], *, manages: bool, moderates: bool, moderator_role_id: int | None) -> Reply:
    """Return the page.

    Args:
        mention: turns a command's name into what is shown for it.
        manages: whether the person may use ``/setup``.
        moderates: whether the person may use the moderators' commands.
        moderator_role_id: the role of this server's moderators, if one was chosen.
    """
    embed = discord.Embed(title="What you can do here", color=PLAIN)
    embed.description = f"{_tasks(MEMBER_TASKS, mention)}\n{MESSAGE_MENUS}"
    if moderates:
        embed.add_field(name="For you, because you moderate here", value=_tasks(MODERATOR_TASKS, mention), inline=False)
    if manages:
        embed.add_field(
            name="For you, because you manage this server", value=_tasks(MANAGER_TASKS, mention), inline=False
        )
    moderators = f"the people with <@&{moderator_role_id}>" if moderator_role_id else "the people who manage it"
    embed.add_field(name="Moderators of this server", value=f"Are {moderators}.", inline=False)
    embed.set_footer(text="Pages open for you alone. What others see says so: Share.")
    return Reply(
        embed=embed,
        view=rows(
            [
                button("My roadmap", OpenRoad(), Style.PRIMARY),
                button("Ask a question", AskForm()),
                button("All questions", OpenCategories()),
            ]
        ),
    )


def _tasks(tasks: tuple[tuple[str, str], ...], mention: Callable[[str], str]) -> str:
    return "\n".join(f"{mention(command)} · {task}" for task, command in tasks)
