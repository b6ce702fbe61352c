"""The buttons that lead from ``/content manage`` to what waits for moderators."""

from __future__ import annotations

from bot.ui.components import Component, button
from bot.ui.gap import GapsPage, PhrasingsPage
from bot.ui.manage import Waiting
from bot.ui.report import ReportsPage
from bot.ui.suggest import QueuePage


def queue_buttons(waiting: Waiting) -> list[Component]:
    """Return the buttons, each with how much waits behind it."""
    return [
        button(f"Suggestions {waiting.suggestions}", QueuePage(page=0)),
        button(f"Reports {waiting.reports}", ReportsPage(page=0)),
        button(f"Questions without answer {waiting.gaps}", GapsPage(page=0)),
        button(f"Phrasings {waiting.phrasings}", PhrasingsPage(page=0)),
    ]
