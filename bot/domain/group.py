"""Study groups: who may make them, how one may be called, and who in one may need company."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.roadmap import Position
from bot.domain.track import Topic
from bot.errors import BadInputError

NAME_LEAST: Final = 2
NAME_CHARACTERS: Final = 32
SMALLEST: Final = 2
LARGEST: Final = 50
USUAL_SIZE: Final = 8
MOST_INVITED: Final = 20
"""Invitations of one group that are open at a time: each of them notifies somebody."""
QUIET_AFTER: Final = timedelta(days=10)
STUCK_AFTER: Final = timedelta(weeks=3)

_SIGNS: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
_SIGN: Final = f"[{_SIGNS}][\U0001f3fb-\U0001f3ff]?\ufe0f?[\U000e0020-\U000e007f]*"
_EMOJI: Final = re.compile(f"{_SIGN}(?:\u200d{_SIGN})*|[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3")

_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing."""


class GroupMakers(StrEnum):
    """Who may make a study group in a guild."""

    MODERATORS = "moderators"
    EVERYBODY = "everybody"


class Company(StrEnum):
    """Why somebody may need company."""

    QUIET = "quiet"
    STUCK = "stuck"


@frozen
class InNeed:
    """A member who may need company.

    Attributes:
        user_id: who.
        why: quiet for long, or on the same topic for long.
        since: when the last act was, or when the topic was begun.
        topic_id: the topic, where one holds the member up.
    """

    user_id: int
    why: Company
    since: datetime
    topic_id: str | None = None


@frozen
class CommonTopic:
    """The topic that most members of a group could take next, and how many of them."""

    topic: Topic
    members: int


def group_name(text: str) -> str:
    """Return the name a person typed, spaces tidied.

    Raises:
        BadInputError: where it is too short or too long.
    """
    name = " ".join(text.split())
    if not NAME_LEAST <= len(name) <= NAME_CHARACTERS or len(name_key(name)) < NAME_LEAST:
        raise BadInputError(f"A name has {NAME_LEAST} to {NAME_CHARACTERS} visible characters, such as *Owls*.")
    return name


def name_key(name: str) -> str:
    """Return what two names have in common that look alike: case, width and invisible signs don't tell them apart."""
    seen = "".join(
        sign
        for sign in unicodedata.normalize("NFKC", name)
        if unicodedata.category(sign) not in {"Cf", "Cc"} and sign not in _BLANK
    )
    return unicodedata.normalize("NFKC", " ".join(seen.casefold().split()))


def group_emoji(text: str) -> str | None:
    """Return the emoji a person typed; None for an empty text.

    Raises:
        BadInputError: where it is not exactly one emoji that everybody's device has.
    """
    emoji = text.strip()
    if emoji and not _EMOJI.fullmatch(emoji):
        raise BadInputError("That isn't one plain emoji. Take one such as 🦉, no server's own, or leave it empty.")
    return emoji or None


def group_size(text: str) -> int:
    """Return the size limit a person typed.

    Raises:
        BadInputError: where it is no number from ``SMALLEST`` to ``LARGEST``.
    """
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit()) or not SMALLEST <= int(typed[:9]) <= LARGEST:
        raise BadInputError(f"The size is a number from {SMALLEST} to {LARGEST}, such as {USUAL_SIZE}.")
    return int(typed)


def next_in_common(pack: Pack, members: Iterable[Position]) -> CommonTopic | None:
    """Return the topic that most members have among their next three; None where no two share one.

    Of several that as many share, the one that comes earliest among their next.
    """
    votes: dict[str, tuple[int, int]] = {}
    for one in members:
        for place, topic in enumerate(one.next_topics):
            sharing, places = votes.get(topic.id, (0, 0))
            votes[topic.id] = sharing + 1, places - place
    most = max(votes.values(), default=(0, 0))
    if most[0] < SMALLEST:
        return None
    wanted = {topic_id for topic_id, given in votes.items() if given == most}
    first = wanted.pop() if len(wanted) == 1 else next(one for one in pack.topics if one in wanted)
    return CommonTopic(pack.topics[first], most[0])


def in_need(
    acted: Mapping[int, datetime], learning: Mapping[int, tuple[str, datetime]], now: datetime
) -> tuple[InNeed, ...]:
    """Return who may need company, the longest first.

    Args:
        acted: when each member did something last, joining the group included.
        learning: the topic that each member has been learning for the longest, and since when.
        now: when this is asked.
    """
    found: list[InNeed] = []
    for user_id, at in acted.items():
        topic_id, since = learning.get(user_id, (None, now))
        if now - at >= QUIET_AFTER:
            found.append(InNeed(user_id, Company.QUIET, at))
        elif now - since >= STUCK_AFTER:
            found.append(InNeed(user_id, Company.STUCK, since, topic_id))
    return tuple(sorted(found, key=lambda one: (one.why, one.since, one.user_id)))
