"""The weekly recap: what everybody sees, and one's own week behind its button."""

from __future__ import annotations

from typing import Final

import discord

from bot.domain.board import Measure, Place, Rivals, Window
from bot.domain.points import Reason
from bot.domain.recap import Recap, Sharer, span_in_words
from bot.services.recap import MyWeek
from bot.ui.board import MEDALS, OpenBoard
from bot.ui.components import ComponentId, Style, button, rows
from bot.ui.home import OpenRoad
from bot.ui.points import signed
from bot.ui.reply import Reply
from bot.ui.text import BOARD, clip, listed, plural, safe

MOST_NAMED: Final = 8
FIELD_CHARACTERS: Final = 1000
WORDS: Final = {
    Reason.TOPIC: "topics",
    Reason.PROMPT: "daily prompts",
    Reason.ANSWER: "shared answers",
    Reason.DAY: "kept days",
    Reason.EVIDENCE: "links to your work",
    Reason.THANKS: "helping others",
    Reason.REVIEW: "reviews",
    Reason.ADJUSTMENT: "given or taken by moderators",
}


class RecapPress(ComponentId, code="v"):
    """The button of a recap that opens one's own week. Number and generation tell the bot its own recaps apart."""

    number: int
    generation: int


def recap_post(recap: Recap, number: int, generation: int, guild_id: int, role_id: int | None) -> Reply:
    """Return a recap. Its first line is what a notification shows.

    Args:
        recap: the week.
        number: the occurrence.
        generation: of it.
        guild_id: the server, for links.
        role_id: a role that is mentioned by whoever sends it; None for none.
    """
    span = span_in_words(recap.week)
    embed = discord.Embed(color=BOARD)
    embed.description = _quiet() if recap.quiet else _told(recap, guild_id)
    if recap.groups:
        unit = "points each" if recap.measure is Measure.MEAN else "took part"
        lines = [
            f"{one.rank}. **{safe(clip(one.name, 40))}** · {_figure(one.figure, recap.measure)} {unit} · "
            f"{plural(one.size, 'member')}"
            for one in recap.groups
        ]
        embed.add_field(name="Groups", value=clip("\n".join(lines), FIELD_CHARACTERS), inline=False)
    if recap.podium:
        embed.set_footer(text="A new week has begun, and everybody starts at zero.")
    ping = f" <@&{role_id}>" if role_id else ""
    view = rows(
        [
            button("My week", RecapPress(number=number, generation=generation), Style.PRIMARY),
            button("This week's board", OpenBoard(rivals=Rivals.MEMBERS, window=Window.WEEK)),
            button("What next for me", OpenRoad()),
        ]
    )
    return Reply(f"**Our week, {span}**{ping}", embed, view)


def _quiet() -> str:
    return (
        "A quiet week: everybody needs one now and then. Nothing is lost, and the road is where you left it. "
        "Ten minutes today are a fine beginning."
    )


def _told(recap: Recap, guild_id: int) -> str:
    parts = [_sums(recap)]
    if recap.podium:
        parts.append("\n".join(_on_podium(one) for one in recap.podium))
    facts: list[str] = []
    if recap.helpers:
        facts.append(f"**Most helpful** {listed(f'<@{who}> ({times})' for who, times in recap.helpers)}. Thank you.")
    if recap.streaks:
        facts.append(f"**Streaks** {listed(f'<@{who}> ({days} days)' for who, days in recap.streaks)}")
    if recap.sharers:
        facts.append(f"**Answers to read** {listed(_shared(one, guild_id) for one in recap.sharers)}")
    if recap.first_steps:
        named = [
            f"<@{one.user_id}> ({safe(one.topic)})" if one.topic else f"<@{one.user_id}>"
            for one in recap.first_steps[:MOST_NAMED]
        ]
        more = len(recap.first_steps) - len(named)
        facts.append(f"**First steps** {listed([*named, *([f'{more} more'] if more else [])])}. Welcome.")
    return clip("\n\n".join([*parts, "\n".join(facts)]).strip(), 4000)


def _on_podium(one: Place) -> str:
    return f"{MEDALS[one.rank]} <@{one.who}> · {plural(one.score, 'point')}"


def _sums(recap: Recap) -> str:
    told: list[str] = []
    if recap.active:
        told.append(f"{plural(recap.active, 'of us', 'of us')} scored")
    if recap.prompts:
        told.append(f"{plural(recap.prompts, 'daily prompt')} done")
    return f"{' · '.join(told)}." if told else "Small steps count too."


def _shared(one: Sharer, guild_id: int) -> str:
    told = plural(one.answers, "answer")
    if one.message_id is None:
        return f"<@{one.user_id}> {told}"
    return f"<@{one.user_id}> [{told}](https://discord.com/channels/{guild_id}/{one.channel_id}/{one.message_id})"


def _figure(figure: float, measure: Measure) -> str:
    return f"{figure:.1f}".removesuffix(".0") if measure is Measure.MEAN else f"{figure * 100:.0f} %"


def my_week(found: MyWeek) -> Reply:
    """Return one's own week, for whoever pressed."""
    embed = discord.Embed(title=f"Your week, {span_in_words(found.week)}", color=BOARD)
    if found.earned:
        place = f", place {found.rank} of {found.of}" if found.rank else ""
        lines = [f"**{plural(found.total, 'point')}**{place}", ""]
        lines += [f"{WORDS[reason].capitalize()}: {signed(points)}" for reason, points in found.earned]
    else:
        lines = ["No points that week. The first ones of this week come from today's prompt or any topic."]
    if found.streak:
        lines += ["", f"Your streak now: {plural(found.streak, 'day')}."]
    embed.description = "\n".join(lines)
    return Reply(embed=embed, view=rows([button("What next for me", OpenRoad(), Style.PRIMARY)]))
