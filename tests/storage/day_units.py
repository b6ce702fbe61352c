"""The functions of the repositories behind daily posts, each as a unit of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.answer import Answer, Counts, Vote
from bot.domain.occurrence import Crowd, OccurrenceState
from bot.domain.reminder import ReminderKind, ReminderState
from bot.domain.schedule import BALANCED, PostOptions, Slot
from bot.domain.streak import DayKind
from bot.storage import acting, by_hand, member, occurrence, prompt, reminder, schedule, streak, supply, thanks
from bot.storage.reminder import Reminder

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY: Final = date(2026, 11, 23)
LONG_AGO: Final = NOW - timedelta(days=99)
HELPER: Final = 31
ONCE: Final = {TODAY: (LONG_AGO, NOW + timedelta(days=1))}

Unit: TypeAlias = Callable[[Connection, int, int], object]


def _next_of(tx: Connection, guild_id: int, ask: Callable[[Connection, schedule.Schedule, datetime], object]) -> object:
    one = schedule.get(tx, guild_id, 1)
    return None if one is None else ask(tx, one, NOW)


READS: Final[dict[str, Unit]] = {
    "acting.of": acting.of,
    "member.day_rule": member.day_rule,
    "member.reminded": lambda tx, guild_id, _user: member.reminded(tx, guild_id),
    "supply.latest_exercise": lambda tx, guild_id, _user: supply.latest_exercise(tx, guild_id, Slot.PRACTICE),
    "occurrence.get": lambda tx, guild_id, _user: occurrence.get(tx, guild_id, 1),
    "occurrence.of_date": lambda tx, guild_id, _user: occurrence.of_date(tx, guild_id, 1, TODAY),
    "occurrence.posted_since": lambda tx, guild_id, _user: occurrence.posted_since(tx, guild_id, LONG_AGO),
    "occurrence.owed": lambda tx, guild_id, _user: sorted(occurrence.owed(tx, guild_id, ONCE)),
    "schedule.upcoming": lambda tx, guild_id, _user: _next_of(tx, guild_id, schedule.upcoming),
    "schedule.free_after": lambda tx, guild_id, _user: _next_of(tx, guild_id, schedule.free_after),
    "prompt.done": lambda tx, guild_id, user_id: prompt.done(tx, guild_id, user_id, 1),
    # what everybody did and shared is the guild's; prompt.counts tells it too
    "prompt.made": lambda tx, guild_id, user_id: replace(prompt.made(tx, guild_id, user_id, 1), counts=Counts(0, 0)),
    "prompt.had": prompt.had,
    "prompt.counts": lambda tx, guild_id, _user: prompt.counts(tx, guild_id, 1),
    "prompt.answer": lambda tx, guild_id, user_id: prompt.answer(tx, guild_id, user_id, 1),
    "prompt.shared_answers": lambda tx, guild_id, _user: prompt.shared_answers(tx, guild_id, 1, 9),
    "prompt.votes": lambda tx, guild_id, _user: prompt.votes(tx, guild_id, LONG_AGO),
    "prompt.instead": lambda tx, guild_id, user_id: prompt.instead(tx, guild_id, user_id, 1),
    "reminder.state_of": lambda tx, guild_id, user_id: reminder.state_of(tx, guild_id, user_id, ReminderKind.LATER, 1),
    "streak.standing": streak.standing,
    "streak.days_of": lambda tx, guild_id, user_id: streak.days_of(tx, guild_id, user_id, "prompt:1"),
    "streak.kept_of": lambda tx, guild_id, user_id: streak.kept_of(tx, guild_id, user_id, "prompt:1"),
    "streak.days": streak.days,
    "thanks.author_of": lambda tx, guild_id, user_id: thanks.author_of(tx, guild_id, user_id, 5),
    "thanks.counted_since": lambda tx, guild_id, _user: thanks.counted_since(tx, guild_id, HELPER, LONG_AGO),
    "thanks.received": lambda tx, guild_id, _user: thanks.received(tx, guild_id, HELPER),
}
OF_A_GUILD: Final = {
    "supply.used",
    "supply.latest_exercise",
    "acting.of",
    "member.day_rule",
    "member.reminded",
    "prompt.counts",
    "prompt.shared_answers",
    "prompt.votes",
    "thanks.counted_since",
    "thanks.received",
}
"""What is asked for a guild, or comes from the guild where the member chose nothing."""


def _put_profile(tx: Connection, guild_id: int, user_id: int) -> None:
    person = member.get(tx, guild_id, user_id)
    assert person is not None
    mine = member.Member(
        guild_id, user_id, NOW, person.background, person.placed_at, "Asia/Tokyo", time(3), time(18), NOW, NOW
    )
    member.put_profile(tx, mine)


def _change_schedule(tx: Connection, guild_id: int, _user: int) -> None:
    one = schedule.get(tx, guild_id, 1)
    assert one is not None
    schedule.change(tx, one, 6, time(10), BALANCED, PostOptions(thread=True, keywords=()), NOW)


def _plan_anew(tx: Connection, guild_id: int, _user: int) -> None:
    one = occurrence.of_date(tx, guild_id, 1, TODAY)
    assert one is not None
    over = occurrence.occurrence.c.number == one.number, occurrence.occurrence.c.guild_id == guild_id
    tx.execute(occurrence.occurrence.update().where(*over).values(state=OccurrenceState.POSTED))
    what = occurrence.Plan(guild_id, 1, TODAY, Slot.PRACTICE, "one", 5, NOW)
    assert by_hand.plan_anew(tx, guild_id, one, what)


def _remind(tx: Connection, guild_id: int, user_id: int) -> None:
    reminder.put(tx, guild_id, user_id, ReminderKind.LATER, 1, NOW, NOW)
    reminder.put(tx, guild_id, user_id, ReminderKind.LATER, 2, NOW, NOW)


def _settle_reminder(tx: Connection, guild_id: int, user_id: int) -> None:
    _remind(tx, guild_id, user_id)
    row = reminder.reminder
    mine = row.c.guild_id == guild_id, row.c.reminder_id == 1
    tx.execute(row.update().where(*mine).values(state=ReminderState.SENDING, owner="me", lease_until=NOW))
    one = Reminder(guild_id, 1, user_id, ReminderKind.LATER, 1, NOW, 1, NOW)
    assert reminder.settle(tx, one, "me", ReminderState.SENT)


WRITES: Final[dict[str, Unit]] = {
    "occurrence.put_crowd": lambda tx, guild_id, _user: occurrence.put_crowd(tx, guild_id, 1, Crowd(2, 9)),
    "member.put_profile": _put_profile,
    "member.put_left_off": lambda tx, guild_id, user_id: member.put_left_off(tx, guild_id, user_id, "copied", 9),
    "schedule.change": _change_schedule,
    "schedule.add_draft": lambda tx, guild_id, _user: schedule.add_draft(tx, guild_id, 5, time(9), BALANCED, NOW),
    "by_hand.plan_anew": _plan_anew,
    "by_hand.skip_planned": lambda tx, guild_id, _user: by_hand.skip_planned(tx, guild_id, 1, "gone"),
    "supply.warn_once": lambda tx, guild_id, _user: supply.warn_once(tx, guild_id, Slot.KAGGLE, 0, NOW),
    "schedule.put_pinned": lambda tx, guild_id, _user: schedule.put_pinned(tx, guild_id, 1, 77),
    "prompt.mark_done": lambda tx, guild_id, user_id: prompt.mark_done(tx, guild_id, user_id, 1, "one", TODAY, NOW),
    "prompt.unmark_done": lambda tx, guild_id, user_id: prompt.unmark_done(tx, guild_id, user_id, 1),
    "prompt.put_answer": lambda tx, guild_id, user_id: prompt.put_answer(
        tx, guild_id, Answer(1, user_id, "one", "what I think", True, NOW)
    ),
    "prompt.put_vote": lambda tx, guild_id, user_id: prompt.put_vote(
        tx, guild_id, user_id, "one", Vote.TOO_HARD, NOW
    ),
    "prompt.put_instead": lambda tx, guild_id, user_id: prompt.put_instead(tx, guild_id, user_id, 1, "another", NOW),
    "reminder.put": _remind,
    "reminder.drop": lambda tx, guild_id, user_id: reminder.drop(tx, guild_id, user_id, ReminderKind.LATER, 1),
    "reminder.settle": _settle_reminder,
    "streak.add": lambda tx, guild_id, user_id: streak.add(
        tx, guild_id, user_id, streak.NewDay(TODAY, DayKind.KEPT, "prompt:1"), NOW
    ),
    "streak.withdraw": lambda tx, guild_id, user_id: streak.withdraw(tx, guild_id, user_id, "prompt:1", NOW),
    "streak.withdraw_written": lambda tx, guild_id, user_id: streak.withdraw_written(
        tx, guild_id, user_id, "prompt:1", NOW, NOW
    ),
    "streak.restore": lambda tx, guild_id, user_id: streak.restore(tx, guild_id, user_id, "prompt:1", NOW),
    "thanks.add": lambda tx, guild_id, user_id: thanks.add(tx, guild_id, user_id, 5, HELPER, counted=True, now=NOW),
}  # fmt: skip
TAKES_BACK: Final = {"prompt.unmark_done", "reminder.drop", "streak.withdraw", "streak.withdraw_written"}
"""What would leave nothing to find."""
OF_ALL_GUILDS: Final = {"schedule.active_guilds", "schedule.wishes", "member.due_for_reminder", "reminder.claim"}
"""What the bot does for all guilds at once: each row goes back to its own guild by its id."""
