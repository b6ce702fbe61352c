"""Which change of the clock is near."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.clock_change import ClockChange, coming_change


@pytest.mark.parametrize(
    ("zone", "now", "change"),
    [
        ("Europe/Berlin", datetime(2026, 3, 16, tzinfo=UTC), ClockChange(date(2026, 3, 29), timedelta(hours=1))),
        ("Europe/Berlin", datetime(2026, 10, 20, tzinfo=UTC), ClockChange(date(2026, 10, 25), timedelta(hours=-1))),
        ("America/New_York", datetime(2026, 3, 7, tzinfo=UTC), ClockChange(date(2026, 3, 8), timedelta(hours=1))),
        (
            "Australia/Lord_Howe",
            datetime(2026, 10, 1, tzinfo=UTC),
            ClockChange(date(2026, 10, 4), timedelta(minutes=30)),
        ),
        ("Europe/Berlin", datetime(2026, 3, 14, tzinfo=UTC), None),
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), None),
        ("Asia/Tokyo", datetime(2026, 3, 20, tzinfo=UTC), None),
        ("UTC", datetime(2026, 3, 20, tzinfo=UTC), None),
    ],
)
def test_the_coming_change_is_found_two_weeks_ahead(zone: str, now: datetime, change: ClockChange | None) -> None:
    assert coming_change(zone, now) == change
