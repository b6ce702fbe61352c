"""The groups of rows in their order, what each is for, and how much of it a usual run measures.

Together the usual efforts take under a quarter of an hour on two cores; ``FULL=1`` in the environment takes the long
form of those that have one.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from tests.bench import (
    boards,
    calls,
    cards,
    clusters,
    commands,
    content,
    faq,
    growth,
    kills,
    memory,
    pace,
    points,
    posting,
    review,
    soak,
    start,
    storage,
    year,
)
from tests.bench.row import Effort, Row

Measure: TypeAlias = Callable[[Effort, Path], Awaitable[list[Row]]]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are measured together.

    Attributes:
        purpose: the question that they answer, in a line.
        measure: of an effort and an empty folder, the rows.
        usual: the effort of a usual run.
        full: the effort with ``FULL=1``.
    """

    purpose: str
    measure: Measure
    usual: Effort
    full: Effort

    @property
    def effort(self) -> Effort:
        """How much is to be measured in this run."""
        return self.full if os.environ.get("FULL") else self.usual


def _group(purpose: str, measure: Measure, usual: Effort, full: Effort | None = None) -> Group:
    return Group(purpose, measure, usual, full or usual)


GROUPS: Final[Mapping[str, Group]] = {
    "commands": _group(
        "What a command costs the process that answers it, over sockets, and how long its member waits",
        commands.measure,
        Effort(rounds=9, calls=20),
        Effort(rounds=21, calls=20),
    ),
    "start": _group(
        "From the start of the process to the first answer, and the memory then",
        start.measure,
        Effort(3, 1),
        Effort(9, 1),
    ),
    "memory": _group(
        "Memory at rest, by servers and by active members", memory.measure, Effort(rounds=1), Effort(rounds=3)
    ),
    "growth": _group(
        "What grows with the number of members, entries, schedules and servers, and how fast",
        growth.measure,
        Effort(rounds=3, calls=100),
        Effort(rounds=7),
    ),
    "storage": _group("Units of work a second, by engine", storage.measure, Effort(rounds=5, calls=500)),
    "points": _group("What scoring adds to an act", points.measure, Effort(rounds=3), Effort()),
    "boards": _group("Boards, beside the ways of the field", boards.measure, Effort(rounds=5)),
    "faq": _group("Answers: how often rightly, and how fast", faq.measure, Effort()),
    "content": _group("Loading a file at the limit of its size", content.measure, Effort(rounds=5, calls=1)),
    "cards": _group("Pictures, and what they take from the event loop", cards.measure, Effort(rounds=1, calls=200)),
    "review": _group("Who is due for a review, and what is", review.measure, Effort(rounds=3), Effort()),
    "pace": _group("How often the ranges of forecasts hold", pace.measure, Effort(rounds=5)),
    "calls": _group(
        "CPU of a call in the simulated server, beside a bot that sends the same message ready made",
        calls.measure,
        Effort(rounds=5, calls=100),
        Effort(),
    ),
    "year": _group("A simulated year of a server", year.measure, Effort(rounds=1), Effort(rounds=3)),
    "posting": _group(
        "Posts there exactly once while processes are killed; ten thousand due in the same minute",
        posting.measure,
        Effort(rounds=1, calls=1000),
    ),
    "kills": _group("Acts there after kill -9, once their member was told", kills.measure, Effort(rounds=1, calls=100)),
    "clusters": _group(
        "Several processes of one bot: one dies, all are replaced, and nobody identifies too soon",
        clusters.measure,
        Effort(rounds=1, calls=1),
    ),
    "soak": _group("What days of a busy server leave behind in one process", soak.measure, Effort(rounds=1, calls=100)),
}
