"""The way to one's own road, from wherever one is."""

from __future__ import annotations

from bot.ui.components import Component, ComponentId, button


class OpenRoad(ComponentId, code="ro"):
    """Open one's own road, for whoever presses."""


class BackToRoad(ComponentId, code="rb"):
    """Turn one's own page back into the road."""

    owner: int


class OpenPace(ComponentId, code="so"):
    """Open one's own pace, for whoever presses."""


class PlanPress(ComponentId, code="sl"):
    """Open the plan of a group's pace; 0 for the server's."""

    group: int


class OpenQuiz(ComponentId, code="q1"):
    """See what a quiz round would be: for a study group, or for everybody (0), from a daily post or not (0)."""

    group: int
    post: int


class OpenSetup(ComponentId, code="lu"):
    """Turn a page of ``/setup`` back into its panel."""


def back_button(label: str, user_id: int) -> Component:
    """Return the button that turns a member's page back into their road."""
    return button(label, BackToRoad(owner=user_id))
