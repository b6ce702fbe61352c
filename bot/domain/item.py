"""One thing to do on a day, as it is shown: a practice prompt, a Kaggle task or competition, a paper."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2s
from typing import Final, TypeVar

from bot.domain.feed import Competition, FeedPaper, plain_abstract
from bot.domain.frozen import frozen
from bot.domain.marks import safe, safe_title
from bot.domain.prompt import CompetitionTask, Exercise, Exercises, KaggleTask, Paper, Prompt, ReadingQuestion
from bot.domain.schedule import Slot

ABSTRACT_CHARACTERS: Final = 700
TITLE_CHARACTERS: Final = 200
"""A title of elsewhere stands in an embed's title (256) and in a message's first line."""

Asked = TypeVar("Asked", ReadingQuestion, CompetitionTask)


@frozen
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


def fresh_paper(exercises: Exercises, paper: FeedPaper) -> Item | None:
    """Return a paper that arXiv brought as an item; None where the pack has no question to read it by.

    The question is always the same for the same paper, whatever its version.
    """
    asked = _always(paper.item_id, list(exercises.reading.values()))
    if asked is None:
        return None
    return Item(
        id=paper.item_id,
        slot=Slot.ARXIV,
        title=_title(paper.plain_title),
        text=safe(plain_abstract(paper.abstract, ABSTRACT_CHARACTERS)),
        hint=asked.hint,
        outline=asked.outline,
        question=asked.question,
        facts=(
            *([safe(authors_line(paper.authors))] if paper.authors else []),
            f"{paper.published:%B} {paper.published.year}",
            paper.primary,
        ),
        links=(("Its page on arXiv", paper.link), ("PDF", f"https://arxiv.org/pdf/{paper.arxiv_id}")),
    )


def fresh_competition(exercises: Exercises, competition: Competition) -> Item | None:
    """Return a competition that Kaggle brought as an item; None where the pack has no task for its kind."""
    asked = _always(competition.item_id, tasks_for(exercises, competition))
    if asked is None:
        return None
    told = safe(plain_abstract(competition.description, ABSTRACT_CHARACTERS))
    teams = () if competition.teams is None else (f"{competition.teams:,} team{'' if competition.teams == 1 else 's'}",)
    return Item(
        id=competition.item_id,
        slot=Slot.KAGGLE,
        title=_title(competition.title),
        text="\n\n".join(part for part in (told, asked.text.strip()) if part),
        hint=asked.hint,
        outline=asked.outline,
        facts=tuple(fact for fact in (safe(competition.category), safe(competition.reward), *teams) if fact),
        links=(("Open it on Kaggle", competition.url),),
        deadline=competition.deadline,
    )


def tasks_for(exercises: Exercises, competition: Competition) -> list[CompetitionTask]:
    """Return the pack's tasks for a competition's kind."""
    kind = competition.category.strip().casefold()
    return [one for one in exercises.competitions.values() if kind in {name.casefold() for name in one.categories}]


def _always(item_id: str, among: list[Asked]) -> Asked | None:
    """Return one of them, the same for an item as long as it is there, whatever is added or taken away beside it."""
    return max(among, key=lambda one: blake2s(f"{item_id}:{one.id}".encode()).digest(), default=None)


def _title(text: str) -> str:
    plain = safe_title(text)
    return plain if len(plain) <= TITLE_CHARACTERS else f"{plain[: TITLE_CHARACTERS - 1].rpartition(' ')[0]}…"


def authors_line(authors: tuple[str, ...]) -> str:
    """Return authors on one short line: up to three, and how many more."""
    shown = ", ".join(authors[:3])
    return f"{shown} and {len(authors) - 3} more" if len(authors) > 3 else shown
