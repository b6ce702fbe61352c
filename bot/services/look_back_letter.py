"""The message about a member's week: when it is due, and what stops it. ``bot.services.reminder`` takes it there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.day import study_day
from bot.domain.look_back import Way, ends_today, evening, next_look_back, week_of
from bot.domain.reminder import LATEST_LOOK_BACK, ReminderKind, too_late
from bot.domain.streak import DayKind
from bot.storage import guild as guild_store
from bot.storage import look_back as store
from bot.storage import member as member_store
from bot.storage import reminder as reminder_store
from bot.storage import streak as streak_store
from bot.storage.look_back import Choice
from bot.storage.member import Member


def planned(tx: Connection, person: Member, way: Way, now: datetime) -> Choice:
    """Return a choice with the instant at which the message about the week is due next; none for ``/today``."""
    if way is Way.TODAY:
        return Choice(way)
    rule = person.day_rule(guild_store.get(tx, person.guild_id).day_rule)
    return Choice(way, next_look_back(evening(person.remind_at), rule, now))


def replan(tx: Connection, person: Member, now: datetime) -> None:
    """Set anew when a member's message about the week is due, after a zone or an hour changed."""
    choice = store.choice(tx, person.guild_id, person.user_id)
    if choice is not None and choice.way is Way.MESSAGE:
        store.put_choice(tx, person.guild_id, person.user_id, planned(tx, person, Way.MESSAGE, now))


def replan_all(tx: Connection, guild_id: int, now: datetime) -> None:
    """Set anew when each member of a guild gets that message, after the guild's zone changed."""
    people = member_store.several(tx, guild_id, store.written_to(tx, guild_id))
    for person in people.values():
        replan(tx, person, now)


def plan(tx: Connection, due: Iterable[tuple[int, int]], now: datetime) -> None:
    """Make the message of each of these members whose week is to be looked back on, unless a vacation is on.

    Whoever takes no direct messages is not tried: the week waits in ``/today`` from then on.
    """
    for whose in due:
        choice, person = store.choice(tx, *whose), member_store.get(tx, *whose)
        if choice is None or person is None or choice.next_at is None or choice.next_at > now:
            continue
        if person.unreachable_since is not None:
            fall_back(tx, *whose, now)
            continue
        due_at, rule = choice.next_at, person.day_rule(guild_store.get(tx, person.guild_id).day_rule)
        day = study_day(due_at, rule)
        number = week_of(day).toordinal()
        late = too_late(ReminderKind.LOOK_BACK, due_at, now)
        wanted = ends_today(day) and not late and not _away(tx, whose, day)
        if wanted and reminder_store.state_of(tx, *whose, ReminderKind.LOOK_BACK, number) is None:
            reminder_store.put(tx, *whose, ReminderKind.LOOK_BACK, number, due_at, now)
        # after a long absence, the one of this evening may still be in time
        store.put_choice(tx, *whose, planned(tx, person, Way.MESSAGE, now - LATEST_LOOK_BACK if late else now))


def fall_back(tx: Connection, guild_id: int, user_id: int, now: datetime) -> None:
    """Let a member's week wait in ``/today``, since Discord refuses messages to the member."""
    choice = store.choice(tx, guild_id, user_id)
    if choice is not None and choice.way is Way.MESSAGE:
        refused = replace(choice, way=Way.TODAY, next_at=None, refused_at=now)
        store.put_choice(tx, guild_id, user_id, refused)


def still_wanted(tx: Connection, guild_id: int, user_id: int) -> bool:
    """Whether a member still wants a message about the week."""
    choice = store.choice(tx, guild_id, user_id)
    return choice is not None and choice.way is Way.MESSAGE


def _away(tx: Connection, whose: tuple[int, int], day: date) -> bool:
    """Whether a study day lies in a vacation that nothing was done on."""
    kinds = {kind for one, kind in streak_store.days(tx, *whose) if one == day}
    return DayKind.VACATION in kinds and DayKind.KEPT not in kinds
