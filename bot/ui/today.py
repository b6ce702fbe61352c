"""The page of ``/today``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import discord

from bot.domain.streak import Streak
from bot.services.prompt import PromptPage
from bot.services.today import TodayPage
from bot.ui.components import Component, ComponentId, button, menu, option, rows
from bot.ui.look_back import week_button, week_line
from bot.ui.post import body, heading
from bot.ui.prompt import GONE, after_done, before_done, own_embed
from bot.ui.reply import Reply
from bot.ui.review import begin_button
from bot.ui.text import PROMPT, clip, clock_time, plural, relative
from bot.ui.topic import OpenTopic

BODY_CHARACTERS: Final = 3000
LABEL_CHARACTERS: Final = 60


class TodayMenu(ComponentId, code="dt"):
    """The menu of a day's posts, where there are several."""


def today(page: TodayPage, guild_id: int, mention: Callable[[str], str], number: int | None = None) -> Reply:
    """Return a member's day.

    Args:
        page: the day.
        guild_id: the guild, for the links to its posts.
        mention: turns a command's name into what is shown for it.
        number: the post to show; the latest that is not done, where none is named or it is not of today.
    """
    if not page.posts:
        return _without_post(page, mention)
    undone = [one for one in page.posts if one.done is None]
    shown = next((one for one in page.posts if one.number == number), (undone or page.posts)[0])
    embed = own_embed(shown)
    parts = [clip(body(shown.item), BODY_CHARACTERS) if shown.item else GONE, _state(shown, guild_id), _day(page)]
    embed.description = "\n\n".join(parts)
    buttons = before_done(shown) if shown.done is None else after_done(shown)
    return Reply(embed=embed, view=rows(buttons, _other_posts(page.posts, shown), _beside(page)))


def streak_line(streak: Streak, *, kept: bool) -> str:
    """Return a streak on one line: its length, whether today is in it, and the freezes in hand."""
    if not streak.length:
        line = "**No streak yet**: the first Done, topic or review starts one"
    else:
        line = f"**{plural(streak.length, 'day')} in a row**, {'today included' if kept else 'today still open'}"
    return f"{line} · {plural(streak.freezes, 'freeze')} in hand" if streak.freezes else line


def _day(page: TodayPage) -> str:
    week = f"\n\n{week_line(page.week_end)}" if page.week_end is not None else ""
    return f"{streak_line(page.streak, kept=page.kept)}\nYour day ends {relative(page.ends_at)}.{week}"


def _state(one: PromptPage, guild_id: int) -> str:
    parts: list[str] = []
    if one.done is not None:
        parts.append(f"**Done** at {clock_time(one.done.at)}")
    if one.answer is not None:
        parts.append("answer shared" if one.answer.shared else "answer kept for you")
    if one.replaced:
        parts.append("another exercise than the posted one")
    if one.remind_at is not None and one.done is None:
        parts.append(f"reminder {relative(one.remind_at)}")
    if one.message_id is not None:
        parts.append(f"[Go to the post](https://discord.com/channels/{guild_id}/{one.channel_id}/{one.message_id})")
    parts.append(f"{one.counts.done} done" if one.counts.done else "nobody is done yet")
    return f"{parts[0][:1].upper()}{parts[0][1:]}" + "".join(f" · {part}" for part in parts[1:])


def _without_post(page: TodayPage, mention: Callable[[str], str]) -> Reply:
    if page.next_post is not None:
        title = "Nothing is posted for today yet"
        coming = page.next_post
        told = f"The next post comes {relative(coming.due_at)} in <#{coming.channel_id}>."
        if coming.due_at >= page.ends_at:
            title = "No post today"
    elif page.scheduled:
        title, told = "No post today", "The daily posts rest: no date is ahead. Moderators see why in /schedule."
    else:
        title = "There are no daily posts here yet"
        told = "Moderators of this server start them with /setup."
    embed = discord.Embed(title=title, color=PROMPT)
    told = told.replace("/schedule", mention("schedule")).replace("/setup", mention("setup"))
    road = "A topic of your road keeps the day as well, and so do reviews." if page.next_topic and not page.kept else ""
    embed.description = "\n\n".join(part for part in (told, road, _day(page)) if part)
    return Reply(embed=embed, view=rows(_beside(page)) if _beside(page) else None)


def _beside(page: TodayPage) -> list[Component]:
    """Return what there is besides the posts: a week that ends, reviews, and the road."""
    week = [week_button(page.week_end)] if page.week_end is not None else []
    return [*week, *begin_button(page.reviews), *_next_topic(page)]


def _next_topic(page: TodayPage) -> list[Component]:
    if page.next_topic is None:
        return []
    return [
        button(clip(f"Next topic: {page.next_topic.title}", LABEL_CHARACTERS), OpenTopic(topic_id=page.next_topic.id))
    ]


def _other_posts(posts: Sequence[PromptPage], shown: PromptPage) -> list[Component]:
    if len(posts) < 2:
        return []
    options = [
        option(
            one.item.title if one.item else f"Post {one.number}",
            str(one.number),
            f"{'Done' if one.done else 'Open'}{f' · {heading(one.item, one.day)}' if one.item else ''}",
            ticked=one is shown,
        )
        for one in posts
    ]
    return [menu("Today's posts", TodayMenu(), options)]
