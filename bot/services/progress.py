"""The picture of a member's road."""

from __future__ import annotations

from typing import Protocol

from bot.domain.card import ProgressCard
from bot.domain.roadmap import hours_left
from bot.services.packs import Packs
from bot.services.roadmap import RoadmapPage


class Renderer(Protocol):
    """Draws pictures."""

    async def progress(self, card: ProgressCard) -> bytes | None:
        """Return a member's road as a PNG; None where it can't be drawn now."""
        ...


class ProgressService:
    """Has roads drawn."""

    def __init__(self, packs: Packs, renderer: Renderer) -> None:
        self._packs = packs
        self._renderer = renderer

    async def picture(self, guild_id: int, page: RoadmapPage, name: str) -> bytes | None:
        """Return a member's road as a PNG; None where it can't be drawn now, and the words must do."""
        pack = await self._packs.of(guild_id)
        return await self._renderer.progress(progress_card(pack.track.title, page, name))


def progress_card(track: str, page: RoadmapPage, name: str) -> ProgressCard:
    """Return what the picture of a road shows."""
    stages = tuple((stage.title, counted.percent) for stage, counted in page.stages)
    orders = [stage.id for stage, _ in page.stages]
    current = None if page.current is None else orders.index(page.current.id)
    return ProgressCard(
        name=name,
        track=track,
        percent=page.overall.percent,
        finished=page.overall.finished,
        total=page.overall.total,
        stages=stages,
        current=current,
        meaning=_meaning(page),
    )


def _meaning(page: RoadmapPage) -> str:
    if page.current is None:
        return "Through the whole road. Every topic is done, known or skipped."
    left = f"about {hours_left(page.current.topics, page.states):g} h left in stage {page.current.order}"
    return f"Next: {page.next_topics[0].topic.title} · {left}" if page.next_topics else left.capitalize()
