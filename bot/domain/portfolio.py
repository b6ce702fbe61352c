"""A member's portfolio: a README of projects, links and stages, in Markdown as GitHub reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from bot.domain.pack import Pack
from bot.domain.roadmap import Mark, State, count
from bot.domain.track import Topic

MARKS: Final = re.compile(r"([\\`*_{}\[\]<>()#+.!|~&:@$^=]|(?<!\w)-|-(?!\w))")
"""Signs that Markdown, or GitHub's, may read as more than themselves; a backslash takes that away."""
NAME_CHARACTERS: Final = 80


def readme(pack: Pack, marks: Mapping[str, Mark], name: str) -> str:
    """Return the README.

    Args:
        pack: what the road holds.
        marks: where the member stands with each topic.
        name: how the member is called.
    """
    done = [topic for topic in pack.topics.values() if marks.get(topic.id, Mark()).state is State.DONE]
    projects = [topic for topic in done if topic.milestones]
    works = [topic for topic in done if not topic.milestones and marks[topic.id].evidence]
    states = {topic_id: mark.state for topic_id, mark in marks.items()}
    overall = count(pack.topics.values(), states)
    parts = [
        f"# {plain(name[:NAME_CHARACTERS]) or 'My portfolio'}",
        f"{plain(pack.track.title)}: {overall.finished} of {overall.total} topics, {overall.percent} %.",
    ]
    if projects:
        parts += ["## Projects", *(_project(topic, marks[topic.id]) for topic in projects)]
    if works:
        parts += ["## Other work", "\n".join(f"- {_linked(topic, marks[topic.id])}" for topic in works)]
    parts += ["## The road", _stages(pack, states), *_learned(pack, marks)]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Return a text on one line in which Markdown finds nothing."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))


def _project(topic: Topic, mark: Mark) -> str:
    steps = "\n".join(f"- **{plain(step.title)}**: {plain(step.done_when)}" for step in topic.milestones)
    return f"### {_linked(topic, mark)}\n\n{plain(topic.why)}\n\n{steps}"


def _linked(topic: Topic, mark: Mark) -> str:
    return f"[{plain(topic.title)}](<{_address(mark.evidence)}>)" if mark.evidence else plain(topic.title)


def _address(link: str) -> str:
    """Return an address in which nothing ends the link early."""
    return "".join(f"%{ord(sign):02X}" if sign in '<>"\\`' or sign.isspace() else sign for sign in link)


def _stages(pack: Pack, states: Mapping[str, State]) -> str:
    lines = ["| Stage | Finished | |", "| --- | --- | --- |"]
    for stage in pack.track.stages:
        counted = count(stage.topics, states)
        bar = "█" * (counted.percent // 10) + "░" * (10 - counted.percent // 10)
        lines.append(f"| {stage.order}\\. {plain(stage.title)} | {counted.finished} of {counted.total} | {bar} |")
    return "\n".join(lines)


def _learned(pack: Pack, marks: Mapping[str, Mark]) -> Iterable[str]:
    for stage in pack.track.stages:
        done = [topic for topic in stage.topics if marks.get(topic.id, Mark()).state is State.DONE]
        if done:
            yield f"**{plain(stage.title)}**: {', '.join(plain(topic.title) for topic in done)}"
