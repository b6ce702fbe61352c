"""Cards to draw, and names that try to break them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.card import BoardRow, GroupCard, GroupMember, LeaderboardCard, PaceCard, ProgressCard

HOSTILE = (
    '<svg onload="x">&amp;',
    "]]><script>",
    "{{ 7 * 7 }}",
    "\u202eevil\u202c",
    "e" + "\u0301" * 500,
    "W" * 100,
    "\0\ud83d",
    "",
    "🦊",
    "👩🏽\u200d💻 ab 👨\u200d👩\u200d👧 🇩🇪 1️⃣ ❤️",
    "\u200d\ufe0f\u20e3",
    "محمد الحسن",
    "Ana محمد 🦊 林薇 राहुल",
    "\U00013000\U0001f9ff\ue000",
    "林" * 32,
)


def leaderboard(name: str = "Sofia", **changes: Any) -> LeaderboardCard:
    """Return a page of a board on which one member has this name."""
    rows = (
        BoardRow(1, name, 412, "412", 2),
        BoardRow(2, "Lin Wei", 398, "398", 0),
        BoardRow(3, "Mateusz", 377, "377", -1),
        BoardRow(4, name, 3, "3", None, mine=True),
    )
    card = LeaderboardCard("This week", "Members · 47 active", rows, 412, None, "21 points to 3rd place")
    return replace(card, **changes)


def group(name: str = "Night owls") -> GroupCard:
    """Return a study group of this name, and a member of the same."""
    members = GroupMember(name, 4, 41, 58, captain=True, mine=True), GroupMember("Jonas", None, 100, 0)
    return GroupCard(name, "2 of 8 members", (("58", "points"), ("9", "topics")), members, 8, f"Next: {name}")


def progress(name: str = "Sofia") -> ProgressCard:
    """Return the road of a member of this name."""
    return ProgressCard(
        name, "ML engineer", 31, 18, 58, (("Basics", 100), (name, 50), ("MLOps", 0)), 1, f"Next: {name}"
    )


def pace(name: str = "Sofia") -> PaceCard:
    """Return the pace of a member of this name."""
    plan = (date(2026, 8, 2), 0.0), (date(2026, 12, 20), 120.0), (date(2027, 8, 8), 415.0)
    own = (date(2026, 8, 10), 8.0), (date(2026, 11, 20), 93.0)
    ends = date(2027, 7, 3), date(2028, 9, 9)
    today = date(2026, 11, 23)
    return PaceCard("2 topics behind the group, 9 h", name, today, 93, 415, own, plan, ends, f"Next: {name}")
