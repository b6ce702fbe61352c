"""What the tests about looking back share."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.ui.reminder import reminder
from tests.fakes.clock import FakeClock
from tests.services.reminding.letters import ANA, GUILD, TODAY, Post

SUNDAY = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)
MONDAY = TODAY.toordinal()
ME = GUILD, ANA


def until(clock: FakeClock, instant: datetime) -> None:
    """Move the clock to an instant."""
    clock.move(seconds=(instant - clock.now()).total_seconds())


def said(post: Post) -> str:
    """Return the text of the last message that arrived."""
    embed = reminder(post.arrived[-1]).embed
    assert embed is not None
    return embed.description or ""
