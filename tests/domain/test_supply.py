"""How long the exercises last."""

from __future__ import annotations

from bot.domain.schedule import BALANCED, Slot
from bot.domain.supply import supply
from bot.domain.week import TEMPLATES


def test_what_was_used_least_is_what_is_left() -> None:
    ids = [str(number) for number in range(10)]
    fresh = supply(Slot.PRACTICE, ids, {}, [BALANCED])
    assert (fresh.left, fresh.total, fresh.a_week, fresh.days, fresh.passed) == (10, 10, 4, 17, 0)
    used = supply(Slot.PRACTICE, ids, dict.fromkeys(ids[:6], 1), [BALANCED])
    assert (used.left, used.days, used.low) == (4, 7, True)
    again = supply(Slot.PRACTICE, ids, {**dict.fromkeys(ids, 1), "0": 2}, [BALANCED])
    assert (again.left, again.passed, again.low) == (9, 1, False)


def test_all_schedules_take_from_it_and_none_makes_it_last() -> None:
    both = supply(Slot.PRACTICE, ["a", "b"], {}, [BALANCED, TEMPLATES["Light"]])
    assert both.a_week == 7
    idle = supply(Slot.KAGGLE, ["a"], {}, [TEMPLATES["Light"]])
    assert (idle.days, idle.low) == (None, False)
    assert not supply(Slot.KAGGLE, [], {}, [BALANCED]).low
