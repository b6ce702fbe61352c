"""APScheduler without timers of its own."""

from __future__ import annotations

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class DrivenScheduler(AsyncIOScheduler):
    """A scheduler that runs what is due only when it is woken: SimCord waits for every timer of the bot's."""

    def _start_timer(self, wait_seconds: float | None) -> None:
        self._stop_timer()
