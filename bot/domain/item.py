"""One thing to do on a day, as it is shown: a practice prompt, a Kaggle task or competition, a paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.prompt import Exercise, Exercises, KaggleTask, Paper, Prompt
from bot.domain.schedule import Slot


@dataclass(frozen=True, slots=True)
class Item:
    """What a post shows and its buttons open.

    Attributes:
        id: the exercise's id in the pack, or ``arxiv:<id>`` and ``kaggle:<slug>`` for what a source brought.
        slot: what kind of day it fills.
        title: on one line.
        text: what to do, or what the paper is about.
        hint: a nudge.
        outline: what a good answer holds, point by point.
        level: 1 to 3; None where nobody has judged it.
        kind: a practice prompt's kind; None for anything else.
        topics: topics of the road it practises.
        question: what to find out by reading; None where ``text`` asks already.
        facts: short facts for one line: authors, year, minutes.
        links: label and address of what it is about.
        deadline: when a competition ends, in UTC.
    """

    id: str
    slot: Slot
    title: str
    text: str
    hint: str
    outline: tuple[str, ...]
    level: int | None = None
    kind: str | None = None
    topics: tuple[str, ...] = ()
    question: str | None = None
    facts: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    deadline: datetime | None = None


def shipped_item(exercises: Exercises, exercise_id: str) -> Item | None:
    """Return an exercise of the pack as an item; None where the pack holds none of that id."""
    if (prompt := exercises.prompts.get(exercise_id)) is not None:
        return _of_prompt(prompt)
    if (task := exercises.tasks.get(exercise_id)) is not None:
        return _of_task(task)
    if (paper := exercises.papers.get(exercise_id)) is not None:
        return _of_paper(paper)
    return None


def _of_prompt(prompt: Prompt) -> Item:
    return _item(prompt, Slot.PRACTICE, kind=prompt.kind)


def _of_task(task: KaggleTask) -> Item:
    return _item(task, Slot.KAGGLE, links=((task.link.title, task.link.url),))


def _of_paper(paper: Paper) -> Item:
    return _item(
        paper,
        Slot.ARXIV,
        question=paper.question,
        facts=(paper.paper_title, authors_line(paper.authors), str(paper.year), f"about {paper.minutes} min"),
        links=(("Read it on arXiv", f"https://arxiv.org/abs/{paper.arxiv}"),),
    )


def _item(
    exercise: Exercise,
    slot: Slot,
    *,
    kind: str | None = None,
    question: str | None = None,
    facts: tuple[str, ...] = (),
    links: tuple[tuple[str, str], ...] = (),
) -> Item:
    return Item(
        id=exercise.id,
        slot=slot,
        title=exercise.title,
        text=exercise.text,
        hint=exercise.hint,
        outline=exercise.outline,
        level=exercise.level,
        kind=kind,
        topics=exercise.topics,
        question=question,
        facts=facts,
        links=links,
    )


def authors_line(authors: tuple[str, ...]) -> str:
    """Return authors on one short line: up to three, and how many more."""
    shown = ", ".join(authors[:3])
    return f"{shown} and {len(authors) - 3} more" if len(authors) > 3 else shown
