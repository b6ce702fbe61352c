"""Finding things by their titles, while they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.pack import Pack
from bot.domain.track import Topic
from bot.errors import NotFoundError

PIECE: Final = 75.0
"""Likeness of a search to a piece of a title from which on it is shown."""


def nearest_titles(typed: str, titles: Mapping[str, str], most: int) -> list[str]:
    """Return up to ``most`` ids whose titles fit what was typed: those that hold it first, then typos.

    Args:
        typed: any text; nothing typed returns the first ``most``.
        titles: id to title, in the order in which they are offered.
        most: how many.
    """
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415  (three megabytes, from the first search on)

    wanted = utils.default_process(typed[:100])
    if not wanted:
        return list(titles)[:most]
    plain = {one: utils.default_process(title) for one, title in titles.items()}
    starting = [one for one, title in plain.items() if title.startswith(wanted)]
    holding = [one for one, title in plain.items() if one not in starting and all(w in title for w in wanted.split())]
    found = [*starting, *holding]
    if len(found) < most:
        near = process.extract(wanted, plain, scorer=fuzz.token_set_ratio, score_cutoff=68, limit=most)
        found += [one for _, _, one in near if one not in found]
    return found[:most]


def searched_titles(typed: str, titles: Mapping[str, str], most: int) -> list[str]:
    """Return up to ``most`` ids whose titles fit a search: those that hold all its words first, then the likest.

    Unlike ``nearest_titles`` it compares a search with a piece of a title, so long titles are found by a few words.
    """
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415

    wanted = utils.default_process(typed[:100])
    plain = {one: utils.default_process(title) for one, title in titles.items()}
    holding = [one for one, title in plain.items() if wanted and all(word in title for word in wanted.split())]
    near = process.extract(wanted, plain, scorer=fuzz.partial_ratio, score_cutoff=PIECE, limit=most) if wanted else []
    return list(dict.fromkeys([*holding, *(one for _, _, one in near)]))[:most]


def nearest_topics(pack: Pack, typed: str, most: int) -> list[Topic]:
    """Return up to ``most`` topics whose titles or ids fit what was typed."""
    ids = nearest_titles(typed, {topic.id: f"{topic.title} {topic.id}" for topic in pack.topics.values()}, most)
    return [pack.topics[topic_id] for topic_id in ids]


def find_topic(pack: Pack, text: str) -> str:
    """Return the id of the topic meant by ``text``, an id or a title as typed.

    Raises:
        NotFoundError: where no topic, or more than one, may be meant; the sentence names the nearest.
    """
    wanted = text.strip()
    if wanted in pack.topics:
        return wanted
    near = nearest_topics(pack, wanted, 3)
    from rapidfuzz import utils  # noqa: PLC0415

    plain = utils.default_process(wanted)
    exact = [topic for topic in near if utils.default_process(topic.title) == plain]
    if exact or len(near) == 1:
        return (exact or near)[0].id
    hint = f" Did you mean {', '.join(f'*{topic.title}*' for topic in near)}?" if near else ""
    raise NotFoundError(f"There is no topic of that name on the roadmap.{hint} /roadmap lists them by stage.")
