"""Another exercise in place of one that was too hard or too easy."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2s
from zlib import crc32

from bot.domain.answer import Vote
from bot.domain.item import Item
from bot.domain.pack import Pack
from bot.domain.prompt import Prompt

LEVELS = range(1, 4)
MIDDLE = 2
"""The level of what nobody has judged."""


def another(pack: Pack, item: Item, vote: Vote, had: Collection[str], *, stage_id: str | None, salt: str) -> str | None:
    """Return the practice prompt to give in place of ``item``; None where nothing that fits is left.

    It is on one of the same topics, or at least of the same stage, and a level down or up; at the lowest and the
    highest level it is another one of that level.

    Args:
        pack: what there is.
        item: what was voted on; it may be a task or a paper.
        vote: which way to go.
        had: what the member has had; none of it comes again.
        stage_id: the stage to look in for an item that belongs to no topic of the road.
        salt: makes the order differ between members, and stay the same for one.
    """
    step = -1 if vote is Vote.TOO_HARD else 1
    wanted = min(max((item.level or MIDDLE) + step, LEVELS[0]), LEVELS[-1])
    topics = {topic_id for topic_id in item.topics if topic_id in pack.stage_of}
    stages = {pack.stage_of[topic_id].id for topic_id in topics} or {stage_id}

    def order(prompt: Prompt) -> tuple[bool, int, bytes]:
        mixed = blake2s(f"{salt}:{prompt.id}".encode()).digest()
        return topics.isdisjoint(prompt.topics), abs(prompt.level - wanted), mixed

    fitting = [
        prompt
        for prompt in pack.exercises.prompts.values()
        if prompt.id != item.id
        and prompt.id not in had
        and (prompt.level - wanted) * step >= 0
        and (not topics.isdisjoint(prompt.topics) or pack.exercises.stage_of[prompt.id] in stages)
    ]
    return min(fitting, key=order).id if fitting else None


def fingerprint(exercise_id: str) -> int:
    """Return a small number that tells exercises apart, for places that hold no ids of any length."""
    return crc32(exercise_id.encode())
