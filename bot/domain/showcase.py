"""The showcase: finished projects that their authors show to the server."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.frozen import frozen
from bot.domain.roadmap import Mark, State
from bot.domain.track import Topic


class Standing(StrEnum):
    """Where a member's project stands with the showcase."""

    NO = "no"
    MAY_SHOW = "may_show"
    CHANGED = "changed"
    SHOWN = "shown"


@frozen
class Exhibit:
    """A project as it is shown.

    Attributes:
        topic: what it is a project of.
        link: where it is.
        channel_id: where it is shown.
        message_id: the message that shows it; None while it is on its way.
        before: the message that showed it with another link, and its channel; None where there was none.
    """

    topic: Topic
    link: str
    channel_id: int
    message_id: int | None = None
    before: tuple[int, int] | None = None


def standing(topic: Topic, mark: Mark, shown_link: str | None, *, has_place: bool) -> Standing:
    """Return where a project stands.

    Args:
        topic: only those with milestones are projects.
        mark: how the member stands with it.
        shown_link: the link that is shown now; None where nothing is.
        has_place: whether the server has a channel for it.
    """
    if shown_link is not None:
        changed = has_place and mark.evidence is not None and mark.evidence != shown_link
        return Standing.CHANGED if changed else Standing.SHOWN
    is_finished = bool(topic.milestones) and mark.state is State.DONE and mark.evidence is not None
    return Standing.MAY_SHOW if is_finished and has_place else Standing.NO
