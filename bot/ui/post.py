"""The daily post: what everybody sees, and the ids of its buttons."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

import discord

from bot.domain.answer import Counts
from bot.domain.item import Item
from bot.domain.schedule import Slot
from bot.services.post import Post
from bot.ui.components import ComponentId, Rows, Style, button, rows
from bot.ui.home import OpenQuiz
from bot.ui.recap import RecapPress, recap_post
from bot.ui.reply import Reply
from bot.ui.text import PROMPT, clip, day_name, plural, relative

KINDS: Final = {
    Slot.PRACTICE: "Practice",
    Slot.KAGGLE: "Kaggle",
    Slot.ARXIV: "Paper",
    Slot.RECAP: "Recap",
    Slot.REST: "Rest",
}
DESCRIPTION_CHARACTERS: Final = 4000


class PostVerb(StrEnum):
    """What the buttons of a post do."""

    DONE = "done"
    HELP = "help"
    ANSWERS = "answers"
    LATER = "later"


class PostPress(ComponentId, code="d"):
    """A button of a post. The number and the generation also tell the bot its own posts apart."""

    number: int
    generation: int
    verb: PostVerb


def carries(message: discord.Message, number: int, generation: int) -> bool:
    """Whether a message is the post of an occurrence, by the ids on its buttons."""
    wanted = {PostPress(number=number, generation=generation, verb=verb).custom_id for verb in PostVerb}
    wanted.add(RecapPress(number=number, generation=generation).custom_id)
    lines = (line.children for line in message.components if isinstance(line, discord.ActionRow))
    return any(getattr(one, "custom_id", None) in wanted for line in lines for one in line)


def post(what: Post) -> Reply:
    """Return a post. Its first line is what a notification shows; a role in it is mentioned by whoever sends it."""
    if what.recap is not None:
        return recap_post(what.recap, what.number, what.generation, what.guild_id, what.options.ping_role_id)
    embed = discord.Embed(title=what.item.title, color=PROMPT)
    embed.set_author(name=clip(heading(what.item, what.day), 256))
    told = body(what.item)
    if what.stage is not None and what.members > 1 and what.there:
        members = plural(what.members, "member")
        told += f"\nFrom stage {what.stage.order}, where {what.there} of {members} {_is(what.there)}."
    embed.description = _with_tally(told, what.counts, what.ends_at)
    ping = f" <@&{what.options.ping_role_id}>" if what.options.ping_role_id else ""
    return Reply(
        f"**{_day(what.day)}:** {what.item.title}{ping}",
        embed,
        buttons(what.number, what.generation, what.counts.shared),
    )


def body(item: Item) -> str:
    """Return what there is to do, with its facts and links."""
    parts = [item.text.strip()]
    if item.question:
        parts.append(f"**Read it for this:** {item.question}")
    facts = [*item.facts, *([f"ends {relative(item.deadline)}"] if item.deadline else [])]
    if facts:
        parts.append(" · ".join(facts))
    if item.links:
        parts.append(" · ".join(f"[{label}]({address})" for label, address in item.links))
    return clip("\n\n".join(parts), DESCRIPTION_CHARACTERS)


def heading(item: Item, day: date) -> str:
    """Return one line that places an item: the date, what kind it is, how hard."""
    level = f" · level {item.level}" if item.level else ""
    return f"{day_name(day)} · {KINDS[item.slot]}{level}"


def thread_name(item: Item, day: date) -> str:
    """Return the name of the thread on a post, in Discord's 100 characters."""
    return clip(f"{day_name(day)} · {item.title}", 100)


@lru_cache(maxsize=256)
def buttons(number: int, generation: int, shared: int) -> Rows:
    """Return the buttons of a post to which so many shared an answer; many press on one post in a short time."""
    ids = {verb: PostPress(number=number, generation=generation, verb=verb) for verb in PostVerb}
    answers = f"Answers {shared}" if shared else "Answers"
    return rows(
        [
            button("Done", ids[PostVerb.DONE], Style.PRIMARY),
            button("Help", ids[PostVerb.HELP]),
            button(answers, ids[PostVerb.ANSWERS]),
            button("Later", ids[PostVerb.LATER]),
            button("Quiz", OpenQuiz(group=0, post=number)),
        ]
    )


def up_to_date(message: discord.Message | None, press: PostPress, counts: Counts) -> Reply:
    """Return a post that was pressed with its tally and its buttons brought up to date; its first line stays."""
    embed = message.embeds[0] if message and message.embeds else None
    if embed is not None:
        # it came with this press and nobody else has it: a copy takes as long as all of this page
        told, _, tally = (embed.description or "").rpartition("\n\n")
        embed.description = f"{told}\n\n{_done(counts)} · {tally.partition(' · ')[2]}"
    return Reply(embed=embed, view=buttons(press.number, press.generation, counts.shared))


def _with_tally(told: str, counts: Counts, ends_at: datetime) -> str:
    return f"{told}\n\n{_done(counts)} · end of the day: {relative(ends_at)}"


def _done(counts: Counts) -> str:
    return f"{counts.done} done" if counts.done else "Nobody is done yet"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _day(day: date) -> str:
    return f"{day:%A}, {day:%B} {day.day}"
