"""The pages of a quiz round: what it would be, its one message from the first question to the scores, one's answers."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

import discord

from bot.domain.quiz import ANSWERING, SHARED_BY, Phase, Question, Round, RoundEnd, Score, length, missed
from bot.domain.recall import AGAIN_AFTER
from bot.domain.review import LETTERS, Letter
from bot.services.quiz import Locked, Offer
from bot.services.quiz_play import Screen
from bot.services.quiz_result import Mine, Taken
from bot.ui.components import Component, ComponentId, Style, button, rows
from bot.ui.home import OpenQuiz
from bot.ui.reply import Reply
from bot.ui.text import BOARD, PROMPT, clip, listed, person, plural, relative, safe

MOST_SCORES: Final = 15
MOST_TOPICS: Final = 6
HOW: Final = "Press a letter. You can change it until time is up, and nobody sees it before."
WHY: Final = "A right answer is a point. Speed does not count; equal ones share a place."


class Shown(StrEnum):
    """The letter under which a choice is shown."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class QuizStart(ComponentId, code="q2"):
    """Begin a round of ``size`` questions in a channel, for a study group or for everybody (0)."""

    channel: int
    group: int
    size: int


class QuizAnswer(ComponentId, code="q3"):
    """Choose an answer; the letter as it is shown."""

    number: int
    question: int
    letter: Shown


class QuizStop(ComponentId, code="q4"):
    """Stop a round: ``sure`` is 0 for the question and 1 for doing it."""

    number: int
    sure: int


class QuizMine(ComponentId, code="q5"):
    """See one's own answers in a round that is over."""

    number: int


class QuizTake(ComponentId, code="q6"):
    """Put what one missed in a round into one's own review."""

    number: int


def quiz_button(group_id: int = 0, post: int = 0, label: str = "Quiz round") -> Component:
    """Return the button that shows what a round would be."""
    return button(label, OpenQuiz(group=group_id, post=post))


def offer(found: Offer, channel_id: int) -> Reply:
    """Return what a round in a channel would be, to be begun."""
    whom = f"**{found.group}**" if found.group else "everybody here"
    what = (
        f"Multiple choice in <#{channel_id}> for {whom}: {ANSWERING.seconds} seconds a question, answers stay "
        "secret until time is up, scores at the end. Nobody is pinged."
    )
    embed = discord.Embed(title="Quiz round", description=f"{what}\n\n{_from(found)}", color=PROMPT)
    embed.set_footer(text="Only you see this page. The round is for the channel.")
    group = found.group_id or 0
    starts = [
        button(
            f"{size} questions · {round(length(size) / timedelta(minutes=1))} min",
            QuizStart(channel=channel_id, group=group, size=size),
            Style.PRIMARY if not at else Style.PLAIN,
        )
        for at, size in enumerate(found.sizes)
    ]
    return Reply(embed=embed, view=rows(starts))


def started(one: Round) -> Reply:
    """Return what its starter is told once a round is posted."""
    link = f"https://discord.com/channels/{one.guild_id}/{one.channel_id}/{one.message_id}"
    return Reply(embed=discord.Embed(description=f"The round is on: [go to it]({link}).", color=PROMPT), view=rows())


def shut(channel_id: int) -> str:
    """Return why there is no round in a channel, and the mend."""
    return (
        f"I can't write in <#{channel_id}>, so there is no round. Give **Syllabot** *Send Messages* and *Embed Links* "
        "there (*Send Messages in Threads* for a thread), then start it again."
    )


def screen(what: Screen) -> Reply:
    """Return the message of a round as it is to be now. Its first line stays the same from beginning to end."""
    one = what.one
    first = f"**Quiz round** · {plural(one.size, 'question')}, {ANSWERING.seconds} seconds each"
    stop = button("Stop", QuizStop(number=one.number, sure=0), Style.DANGER)
    if one.phase is Phase.SCORES:
        return Reply(first, _scores(what), rows(_after(what)))
    if what.question is None:
        return Reply(first, _gathering(what), rows([stop]))
    if one.phase is Phase.TELL:
        return Reply(first, _told(what, what.question), rows([stop]))
    letters = [
        button(letter, QuizAnswer(number=one.number, question=what.question.number, letter=letter)) for letter in Shown
    ]
    return Reply(first, _asked(what, what.question), rows(letters, [stop]))


def locked(found: Locked) -> Reply:
    """Return what somebody is told who chose an answer."""
    card = found.question.card
    text = card.choices[LETTERS.index(found.question.of_card(found.letter))].text
    return Reply(f"Locked in: **{found.letter}** {text}\nPress another letter to change it, until time is up.")


def stop_question(one: Round) -> Reply:
    """Ask whether a round is to be stopped."""
    text = "The scores so far are shown. The question that is being asked does not count."
    embed = discord.Embed(title="Stop the round for everybody?", description=text, color=PROMPT)
    return Reply(embed=embed, view=rows([button("Stop it", QuizStop(number=one.number, sure=1), Style.DANGER)]))


def stopped() -> Reply:
    """Return what whoever stopped a round is told."""
    return Reply(embed=discord.Embed(description="The round is stopped, its scores are shown.", color=PROMPT))


def mine(found: Mine) -> Reply:
    """Return one's own answers in a round, and the way of what was missed into one's own review."""
    right = len(found.questions) - found.missed
    embed = discord.Embed(title=f"Your answers · {right} of {len(found.questions)}", color=PROMPT)
    embed.description = "\n\n".join(_own(one, found) for one in found.questions)
    return Reply(embed=embed, view=rows([_take(found.number, found.missed)] if found.missed else []))


def taken(found: Taken) -> Reply:
    """Return what became of what somebody missed."""
    soon, its = found.added - found.later, "its topic" if found.later == 1 else "their topics"
    text = f"**{plural(found.added, 'card')}** you missed will be asked again"
    if not found.added:
        text = "The cards you missed are no longer in the content, so there is nothing to add."
    elif found.again:
        when = "/today brings it." if soon else f"It comes once you begin {its}."
        text = f"What you missed in this round is in your review already. {when}"
    elif soon:
        only = f" {found.later} of them only once you begin {its}." if found.later else ""
        text += f": in /today, {AGAIN_AFTER // timedelta(minutes=1)} minutes from now.{only}"
    else:
        text += f" once you begin {its} on your road."
    return Reply(embed=discord.Embed(description=text, color=PROMPT), view=rows())


def _from(found: Offer) -> str:
    if not found.shared:
        return f"You share too few topics yet, so the questions are from your stage: **{found.stage}**."
    told = [f"*{title}*" for title in found.topics[:MOST_TOPICS]]
    more = len(found.topics) - len(told)
    names = listed([*told, *([f"{more} more"] if more else [])])
    text = f"From what at least {SHARED_BY} of you have begun, finished or known: {names}."
    if found.stage:
        text += f" That gives {plural(found.shared, 'question')}; the others are from your stage, **{found.stage}**."
    return text


def _gathering(what: Screen) -> discord.Embed:
    one = what.one
    lines = [f"First question {relative(one.due_at)}. Everybody here can play; {person(one.started_by)} started it."]
    if one.shared == one.size:
        lines.append(f"About {_topics(what)}: what at least {SHARED_BY} of you have begun, finished or known.")
    elif one.shared:
        lines.append(
            f"{one.shared} of {one.size} are from what at least {SHARED_BY} of you have begun, finished or known; you "
            f"share too little for more, so the others are from your stage, **{one.stage}**."
        )
    else:
        lines.append(f"You share too few topics yet, so all questions are from your stage, **{one.stage}**.")
    embed = discord.Embed(title="A quiz round begins", description="\n\n".join(lines), color=PROMPT)
    embed.set_footer(text=HOW)
    return embed


def _topics(what: Screen) -> str:
    told = [f"*{title}*" for title in what.topics[:MOST_TOPICS]]
    more = len(what.topics) - len(told)
    return listed([*told, *([f"{more} more"] if more else [])])


def _asked(what: Screen, question: Question) -> discord.Embed:
    choices = "\n".join(f"**{shown}** {text}" for shown, text, _ in _choices(question))
    embed = _page(what, question, "", [question.card.front, choices, f"Time is up {relative(what.one.due_at)}."])
    embed.set_footer(text=HOW)
    return embed


def _told(what: Screen, question: Question) -> discord.Embed:
    right = question.as_shown(question.card.right)
    lines: list[str] = []
    for shown, text, why in _choices(question):
        number = what.chosen.get(question.of_card(shown), 0)
        who = f" · {number} chose it" if number else ""
        lines.append(f"{'✓' if shown == right else '✗'} **{shown}** {text}{who}\n{why}")
    every = sum(what.chosen.values())
    good = what.chosen.get(question.card.right, 0)
    tally = f"{good} of {every} got it right." if every else "Nobody answered in time."
    last = question.number == what.one.size
    then = f"{'Scores' if last else 'Next question'} {relative(what.one.due_at)}."
    return _page(what, question, f" · {right} is right", [question.card.front, "\n".join(lines), f"{tally} {then}"])


def _page(what: Screen, question: Question, more: str, parts: list[str]) -> discord.Embed:
    embed = discord.Embed(title=f"Question {question.number} of {what.one.size}{more}", color=PROMPT)
    embed.description = "\n\n".join([f"*{question.topic}*", *parts])
    return embed


def _choices(question: Question) -> list[tuple[Letter, str, str]]:
    """Return the choices as they are shown: letter, text and reason."""
    cards = (question.card.choices[LETTERS.index(letter)] for letter in question.order)
    return [(shown, choice.text, choice.why) for shown, choice in zip(LETTERS, cards, strict=True)]


def _scores(what: Screen) -> discord.Embed:
    one = what.one
    lines = [f"**{score.rank}** · {_name(what, score)} · {score.right} of {one.asked}" for score in what.scores]
    if len(lines) > MOST_SCORES:
        lines = [*lines[:MOST_SCORES], f"and {len(lines) - MOST_SCORES} more"]
    if what.hidden:
        lines.append(f"{plural(what.hidden, 'player')} off the boards {'is' if what.hidden == 1 else 'are'} not named.")
    parts = [_ending(one), "\n".join(lines) or _nobody(one)]
    if what.hardest is not None:
        parts.append(f"**Missed most** {what.hardest.card.front}")
    embed = discord.Embed(title="Quiz round · scores", color=BOARD)
    embed.description = "\n\n".join(part for part in parts if part)
    if what.scores or what.hidden:
        embed.set_footer(text=WHY)
    return embed


def _nobody(one: Round) -> str:
    return "Nobody answered this time." if one.asked else "No question was finished, so there are no scores."


def _ending(one: Round) -> str:
    counts = f"{one.asked} of {plural(one.size, 'question')} count."
    match one.ended:
        case RoundEnd.STOPPED:
            return f"{person(one.ended_by or 0)} stopped it. {counts}"
        case RoundEnd.AWAY:
            return f"I was away for too long, so the round ends here. {counts}"
        case _:
            return ""


def _name(what: Screen, score: Score) -> str:
    known = what.names.get(score.user_id)
    return f"**{safe(known)}**" if known else person(score.user_id)


def _after(what: Screen) -> list[Component]:
    one = what.one
    again = quiz_button(one.group_id or 0, label="Another round")
    if not what.scores and not what.hidden:
        return [again]
    return [_take(one.number), button("My answers", QuizMine(number=one.number)), again]


def _take(number: int, how_many: int = 0) -> Component:
    what = f"the {how_many} I missed" if how_many else "what I missed"
    return button(f"Add {what} to my review", QuizTake(number=number), Style.PRIMARY)


def _own(one: Question, found: Mine) -> str:
    letter, card = found.letters.get(one.number), one.card
    front = f"**{one.number}** {clip(card.front, 160)}"
    if one not in missed([one], found.letters, one.number):
        return f"{front}\n✓ {card.answer.text}"
    yours = f"✗ {card.choices[LETTERS.index(letter)].text}" if letter else "✗ no answer in time"
    return f"{front}\n{yours}\n✓ {card.answer.text}"
