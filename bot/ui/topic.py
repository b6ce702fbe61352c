"""A topic's page: what it is, where one stands with it, and every way to mark it."""

from __future__ import annotations

from enum import StrEnum

import discord

from bot.domain.content import EntryId
from bot.domain.pack import Pack
from bot.domain.recall import FAILING
from bot.domain.roadmap import Act, State
from bot.domain.track import Stage, Topic
from bot.services.points import Gain
from bot.services.roadmap import EVIDENCE_CHARACTERS, NOTE_CHARACTERS, TakenBack
from bot.services.topic import Marked, MarkOutcome, NeedsConfirming, TopicPage, Unchanged
from bot.ui.components import Component, ComponentId, Style, button, form, rows, text_field
from bot.ui.home import back_button
from bot.ui.points import gained
from bot.ui.reply import Reply
from bot.ui.resource import with_topic
from bot.ui.showcase import show_buttons
from bot.ui.text import ROADMAP, SIGNS, STATE_NAMES, clip, hours, listed, plural, safe


class TopicVerb(StrEnum):
    """What a topic's buttons do."""

    OPEN = "open"
    START = "start"
    DONE = "done"
    DONE_ANYWAY = "anyway"
    KNOW = "know"
    SKIP = "skip"
    NOTE = "note"
    LINK = "link"
    UNDO = "undo"
    SHARE = "share"


class OpenTopic(ComponentId, code="to"):
    """Open a topic, for whoever presses."""

    topic_id: EntryId


class TopicPress(ComponentId, code="t"):
    """A button of a topic's page."""

    verb: TopicVerb
    topic_id: EntryId
    owner: int


class TopicForm(ComponentId, code="tf"):
    """A form of a topic's page: the private note, or the link to one's own work."""

    verb: TopicVerb
    topic_id: EntryId
    owner: int


def topic_page(page: TopicPage, user_id: int, notice: str | None = None) -> Reply:
    """Return a topic's page for one member, with the private note.

    After a press (``notice``) the page is short, so that what the press did and the buttons are seen together.
    """
    if notice is None:
        return Reply(embed=topic_embed(page, private=True), view=_topic_view(page, user_id))
    return Reply(notice, _short_embed(page), _topic_view(page, user_id, short=True))


def shared_topic(page: TopicPage, user_id: int) -> Reply:
    """Return a topic's page as the whole channel sees it, without the private note."""
    view = rows([button("Open it for me", OpenTopic(topic_id=page.topic.id))])
    return Reply(f"<@{user_id}> shares a topic.", topic_embed(page, private=False), view)


def topic_embed(page: TopicPage, *, private: bool) -> discord.Embed:
    """Return a topic's page. What concerns the member alone is there only when ``private``."""
    topic = page.topic
    head = f"Stage {page.stage.order} · {page.stage.title} · {hours(topic.hours)}"
    if private:
        head = _head(page)
    parts = [head, "", topic.why]
    parts += ["", "**Afterwards you can**", *(f"- {check}" for check in topic.checks)]
    if page.requires:
        parts += ["", f"**Builds on** {listed(_required(needed, private=private) for needed in page.requires)}"]
    parts += ["", "**Practice**", topic.practice.task, f"*Done when:* {topic.practice.done_when}"]
    if topic.milestones:
        steps = (f"{i}. **{step.title}**: {step.done_when}" for i, step in enumerate(topic.milestones, 1))
        parts += ["", "**Milestones**", *steps]
    parts += ["", "**Learn it from**", *(f"- [{one.title}]({one.url}) · {one.kind}" for one in topic.resources)]
    parts += with_topic(page.collected, 4000 - len("\n".join(parts)))
    embed = discord.Embed(title=topic.title, description="\n".join(parts), color=ROADMAP)
    if private:
        _add_own(embed, page)
    if page.later:
        embed.set_footer(text=clip(f"Opens the way to {listed(topic.title for topic in page.later)}", 300))
    return embed


def _short_embed(page: TopicPage) -> discord.Embed:
    embed = discord.Embed(title=page.topic.title, color=ROADMAP)
    embed.description = "\n".join([_head(page), "", "**You can**", *(f"- {check}" for check in page.topic.checks)])
    _add_own(embed, page)
    return embed


def _head(page: TopicPage) -> str:
    state = f"{SIGNS[page.mark.state]} {STATE_NAMES[page.mark.state].capitalize()}"
    return f"{state} · stage {page.stage.order} {page.stage.title} · {hours(page.topic.hours)}"


def _add_own(embed: discord.Embed, page: TopicPage) -> None:
    """Add what only the member sees: why to open it again, the link to their work, and their note."""
    if page.lapses >= FAILING:
        start = "Start" if page.mark.state is State.KNOWN else "Start again"
        why = f"Its review cards were forgotten {page.lapses} times since you marked it. That happens; it is worth "
        embed.add_field(name="Open it again?", value=f"{why}another look: press **{start}**.", inline=False)
    if page.mark.evidence:
        embed.add_field(name="Your work", value=f"<{page.mark.evidence}>", inline=False)
    if page.note:
        embed.add_field(name="Your note, seen by you alone", value=safe(page.note), inline=False)


def _required(needed: tuple[Topic, State], *, private: bool) -> str:
    topic, state = needed
    return f"{SIGNS[state]} {topic.title}" if private else topic.title


def _topic_view(page: TopicPage, user_id: int, *, short: bool = False) -> discord.ui.View:
    state, topic_id = page.mark.state, page.topic.id

    def press(label: str, verb: TopicVerb, style: Style = Style.PLAIN) -> Component:
        return button(label, TopicPress(verb=verb, topic_id=topic_id, owner=user_id), style)

    marking: list[Component] = []
    if state is not State.LEARNING:
        style = Style.PRIMARY if state is State.NOT_STARTED else Style.PLAIN
        marking.append(press("Start" if state is not State.DONE else "Start again", TopicVerb.START, style))
    if state is not State.DONE:
        marking.append(press("Done", TopicVerb.DONE, Style.PRIMARY if state is State.LEARNING else Style.PLAIN))
    if state is not State.KNOWN:
        marking.append(press("I know this", TopicVerb.KNOW))
    if state is not State.SKIPPED:
        marking.append(press("Skip", TopicVerb.SKIP))
    marking.append(press("Note", TopicVerb.NOTE))
    marking += show_buttons(page.showcase, topic_id, user_id)
    below = [press("Undo", TopicVerb.UNDO), press("Share", TopicVerb.SHARE)]
    if state is State.DONE:
        below.insert(0, press("Change the link" if page.mark.evidence else "Add a link", TopicVerb.LINK))
    if short:
        below.append(press("Whole topic", TopicVerb.OPEN))
    return rows(marking, [*below, back_button("My road", user_id)])


def marked(outcome: MarkOutcome) -> str:
    """Return the first line that tells what a press on a topic did."""
    title = f"**{outcome.topic.title}**"
    match outcome:
        case Unchanged(state=state):
            return f"{title} is {STATE_NAMES[state]} as it was. Nothing changed."
        case NeedsConfirming():
            return f"{title} builds on topics that are still open."
        case Marked(state=State.LEARNING):
            return f"You've started {title}. Press Done when you can do what it lists.{gained(outcome.gain)}"
        case Marked(state=State.SKIPPED):
            went = gained(outcome.gain)
            return f"{title} is skipped: it no longer counts in your total and keeps nothing waiting.{went}"
        case Marked(state=state, opened=opened):
            word = "done" if state is State.DONE else "something you know already, and counts"
            news = f" That opens {listed(f'**{topic.title}**' for topic in opened)}." if opened else ""
            return f"{title} is {word}.{gained(outcome.gain)}{news}"


def confirm(outcome: NeedsConfirming, user_id: int) -> Reply:
    """Ask before a topic is marked done while its prerequisites are open."""
    topic = outcome.topic
    embed = discord.Embed(
        title=f"Done already: {topic.title}",
        description=(
            f"It builds on {listed(f'**{one.title}**' for one in outcome.missing)}, "
            f"which {'is' if len(outcome.missing) == 1 else 'are'} still open on your road. "
            "If you know that part, open it and press *I know this*; or mark this one done anyway."
        ),
        color=ROADMAP,
    )

    def press(label: str, verb: TopicVerb, topic_id: str) -> Component:
        return button(label, TopicPress(verb=verb, topic_id=topic_id, owner=user_id))

    missing = [press(f"Open {one.title}", TopicVerb.OPEN, one.id) for one in outcome.missing[:5]]
    choices = [press("Back", TopicVerb.OPEN, topic.id), press("Done anyway", TopicVerb.DONE_ANYWAY, topic.id)]
    return Reply(marked(outcome), embed, rows(missing, choices))


def taken_back(outcome: TakenBack | None, pack: Pack) -> str:
    """Return the first line that tells what an undo did."""
    if outcome is None:
        return "There is nothing left to take back."
    if outcome.act is Act.RESET:
        amount = plural(len(outcome.changes), "topic is", "topics are")
        return f"The fresh start is taken back: {amount} as before.{gained(outcome.gain)}"
    titles = [_title(pack, change.topic_id) for change in outcome.changes]
    if outcome.act is Act.EVIDENCE:
        return f"Taken back: the link of **{titles[0]}** is as it was before.{gained(outcome.gain)}"
    if len(titles) == 1:
        state = outcome.changes[0].before.state
        back = "back at not started" if state is State.NOT_STARTED else f"{STATE_NAMES[state]} again"
        return f"Taken back: **{titles[0]}** is {back}.{gained(outcome.gain)}"
    return f"Taken back: {plural(len(titles), 'topic')} are as they were before the last change."


def _title(pack: Pack, topic_id: str) -> str:
    topic = pack.topics.get(topic_id)
    return topic.title if topic else topic_id


def kept(verb: TopicVerb, text: str, gain: Gain) -> str:
    """Return the first line that tells what a form did, and what that brought."""
    what = "note" if verb is TopicVerb.NOTE else "link"
    return f"Your {what} is {'kept' if text.strip() else 'removed'}.{gained(gain)}"


def topic_choice(topic: Topic, stage: Stage) -> str:
    """Return a topic as an autocomplete shows it, at most 100 characters."""
    return clip(f"{topic.title} · stage {stage.order}", 100)


def note_form(page: TopicPage, user_id: int) -> discord.ui.Modal:
    """Return the form for the private note."""
    field = text_field(
        "text",
        "Your note, seen by you alone",
        example="What clicked, what to look up again. Empty removes the note.",
        value=page.note or "",
        most=NOTE_CHARACTERS,
        required=False,
        long=True,
    )
    return form(page.topic.title, TopicForm(verb=TopicVerb.NOTE, topic_id=page.topic.id, owner=user_id), field)


def link_form(page: TopicPage, user_id: int) -> discord.ui.Modal:
    """Return the form for the link to one's own work."""
    field = text_field(
        "text",
        "Link to your work",
        example="https://github.com/you/project",
        value=page.mark.evidence or "",
        most=EVIDENCE_CHARACTERS,
        required=False,
    )
    return form(page.topic.title, TopicForm(verb=TopicVerb.LINK, topic_id=page.topic.id, owner=user_id), field)
