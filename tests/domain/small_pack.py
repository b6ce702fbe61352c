"""A pack of a few topics, drawn as a table, for the rules of progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.content import Resource
from bot.domain.pack import Pack
from bot.domain.track import Background, Practice, Stage, Topic, Track

TEXT = "Words that are long enough to be a paragraph of content."


def small_pack(stages: Mapping[str, Mapping[str, Sequence[str]]]) -> Pack:
    """Return a pack of these stages, in order: stage id to topic id to what the topic requires."""
    made = [
        Stage(
            id=stage, order=i, title=stage.title(), summary=TEXT, topics=tuple(_topic(*one) for one in topics.items())
        )
        for i, (stage, topics) in enumerate(stages.items(), 1)
    ]
    background = Background(id="anyone", title="Anyone", hint=TEXT)
    return Pack.of(Track(id="small", title="Small", backgrounds=(background,), stages=tuple(made)), (), ())


def _topic(topic_id: str, requires: Sequence[str]) -> Topic:
    links = tuple(Resource(title=f"{topic_id} {i}", url=f"https://example.org/{i}", kind="docs") for i in range(2))
    return Topic(
        id=topic_id,
        title=topic_id.title(),
        skill="any",
        hours=2,
        requires=tuple(requires),
        why=TEXT,
        checks=(TEXT, TEXT),
        resources=links,
        practice=Practice(task=TEXT, done_when=TEXT),
    )
