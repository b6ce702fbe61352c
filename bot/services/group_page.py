"""A study group's page: who is in it and how far, the week, what to learn together, and who may need company."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import monday_of, starts_at, study_day
from bot.domain.frozen import frozen
from bot.domain.group import CommonTopic, InNeed, in_need, next_in_common
from bot.domain.pack import Pack
from bot.domain.roadmap import Position
from bot.domain.track import Stage
from bot.errors import NotFoundError
from bot.services.group import GONE, Person, captain_of
from bot.services.group_care import require_care
from bot.services.packs import Packs
from bot.services.position import Positions
from bot.storage import group_activity
from bot.storage import group_page as store
from bot.storage import guild as guild_store
from bot.storage.database import Database
from bot.storage.group import Group
from bot.storage.group_page import Companion, Fellow, Visit

MEMBERS_PER_PAGE: Final = 10


@frozen
class Week:
    """What was done since Monday: topics, prompts, and the points they earned in the group."""

    topics: int
    prompts: int
    points: int


@frozen
class MemberLine:
    """A member of a group.

    Attributes:
        user_id: who.
        name: how the person was last called here; None where nobody knows.
        stage: where the person is on the road; None at its end.
        percent: how much of the road lies behind the person.
        week: what the person did this week; None for one who is hidden from the boards, but to the person alone.
    """

    user_id: int
    name: str | None
    stage: Stage | None
    percent: int
    week: Week | None


@frozen
class GroupPage:
    """A group as one person sees it.

    Attributes:
        group: the group.
        captain_id: who looks after it.
        size: how many members it has.
        lines: the members of this page, the longest first; of others' groups too.
        page: counts from 0.
        week: what all of them did this week.
        stages: how many stages the road has.
        common: what most of them could take next.
        is_member: whether the person is in it.
        cares: whether the person looks after it.
        invited: whether the person was invited into it.
        in_a_group: whether the person is in a group, this one or another.
        wants_company: whether the person may be shown as in need of company.
    """

    group: Group
    captain_id: int
    size: int
    lines: tuple[MemberLine, ...]
    page: int
    week: Week
    stages: int
    common: CommonTopic | None
    is_member: bool
    cares: bool
    invited: bool
    in_a_group: bool
    wants_company: bool

    @property
    def pages(self) -> int:
        """How many pages of members there are, one at least."""
        return max(1, -(-self.size // MEMBERS_PER_PAGE))

    @property
    def joinable(self) -> bool:
        """Whether the person may join it now."""
        fits = self.size < self.group.size_limit and not self.in_a_group
        return fits and (self.group.is_open or self.invited)


@frozen
class CompanyLine:
    """Somebody who may need company, the name, and the title of the topic that holds the person up."""

    need: InNeed
    name: str | None
    topic: str | None


@frozen
class CompanyPage:
    """Who may need company in a group, and what its members could learn together."""

    group: Group
    lines: tuple[CompanyLine, ...]
    common: CommonTopic | None


@frozen
class _Facts:
    """What a page is made of, as it stands in the database."""

    visit: Visit
    fellows: Sequence[Fellow]


@frozen
class _CompanyFacts:
    """What tells who may need company, as it stands in the database."""

    group: Group
    joined: Mapping[int, Companion]
    acted: Mapping[int, datetime]
    learning: Mapping[int, tuple[str, datetime]]
    states: Mapping[int, str]


class GroupPageService:
    """Reads what a group's page shows."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock
        self._positions = Positions(packs)

    async def page(self, guild_id: int, group_id: int, person: Person, page: int = 0) -> GroupPage:
        """Return a group as a person sees it; a page beyond the last is the last.

        Raises:
            NotFoundError: where the group is gone.
        """
        pack = await self._packs.of(guild_id)
        now = self._clock.now()
        facts = await self._database.read(lambda tx: _facts(tx, guild_id, group_id, person.user_id, now))
        if facts is None:
            raise NotFoundError(GONE)
        return _page(pack, self._positions, facts, person.user_id, page, moderates=person.moderates)

    async def own(self, guild_id: int, user_id: int, moderates: Callable[[int | None], bool]) -> GroupPage | None:
        """Return the group a member is in, as that member sees it; None for who is in none.

        Args:
            guild_id: the guild.
            user_id: the member.
            moderates: tells, of the role of the guild's moderators, whether the member is one.
        """
        pack = await self._packs.of(guild_id)
        now = self._clock.now()
        facts = await self._database.read(lambda tx: _facts(tx, guild_id, None, user_id, now))
        if facts is None:
            return None
        return _page(pack, self._positions, facts, user_id, moderates=moderates(facts.visit.moderator_role_id))

    async def company(self, guild_id: int, group_id: int, person: Person) -> CompanyPage:
        """Return who in a group may need company, for its captain and moderators alone.

        Left out are the person who asks, who does not want it, and who is on a vacation.

        Raises:
            NotFoundError: where the group is gone.
            NotAllowedError: where the person does not look after it.
        """
        pack = await self._packs.of(guild_id)
        now = self._clock.now()

        facts = await self._database.read(lambda tx: _company(tx, guild_id, group_id, person, now))
        lines = tuple(
            CompanyLine(
                need,
                facts.joined[need.user_id].name,
                _title(pack, need.topic_id),
            )
            for need in in_need(facts.acted, facts.learning, now)
        )
        return CompanyPage(facts.group, lines, next_in_common(pack, self._positions.of(pack, facts.states.values())))


def _company(tx: Connection, guild_id: int, group_id: int, person: Person, now: datetime) -> _CompanyFacts:
    group = require_care(tx, guild_id, group_id, person)
    joined = store.companions(tx, guild_id, group_id)
    today = study_day(now, guild_store.day_rule(tx, guild_id))
    left_out = group_activity.away(tx, guild_id, joined, today) | {person.user_id}
    left_out |= {user_id for user_id, one in joined.items() if not one.wants_company}
    acts = group_activity.last_acts(tx, guild_id, joined)
    return _CompanyFacts(
        group=group,
        joined=joined,
        acted={
            who: max(one.joined_at, acts.get(who, one.joined_at)) for who, one in joined.items() if who not in left_out
        },
        learning=group_activity.learning(tx, guild_id, joined),
        states=group_activity.packed_states(tx, guild_id, joined),
    )


def _page(pack: Pack, positions: Positions, facts: _Facts, viewer: int, page: int = 0, *, moderates: bool) -> GroupPage:
    visit, fellows = facts.visit, facts.fellows
    at = positions.of(pack, [one.states for one in fellows])
    captain_id = captain_of(visit.group, [one.user_id for one in fellows])
    page = min(page, max(0, len(fellows) - 1) // MEMBERS_PER_PAGE)
    on_page = slice(page * MEMBERS_PER_PAGE, (page + 1) * MEMBERS_PER_PAGE)
    topics = prompts = points = 0
    own: Fellow | None = None
    for one in fellows:
        topics += one.topics
        prompts += one.prompts
        points += one.points
        if one.user_id == viewer:
            own = one
    return GroupPage(
        group=visit.group,
        captain_id=captain_id,
        size=len(fellows),
        lines=tuple(map(_line, fellows[on_page], at[on_page], repeat(viewer))),
        page=page,
        week=Week(topics, prompts, points),
        stages=len(pack.track.stages),
        common=next_in_common(pack, at),
        is_member=own is not None,
        cares=moderates or (own is not None and viewer == captain_id),
        invited=visit.invited,
        in_a_group=visit.mine is not None,
        wants_company=own is None or own.wants_company,
    )


def _facts(tx: Connection, guild_id: int, group_id: int | None, viewer: int, now: datetime) -> _Facts | None:
    """Return what the page of a group, or of the viewer's own, is made of; None where it is gone."""
    visit = store.visit(tx, guild_id, viewer, group_id)
    if visit is None or visit.group.archived_at is not None:
        return None
    monday = monday_of(study_day(now, visit.rule))
    since = starts_at(monday, visit.rule)
    return _Facts(visit, store.fellows(tx, guild_id, visit.group.group_id, monday, since))


def _line(one: Fellow, at: Position, viewer: int) -> MemberLine:
    told = one.user_id == viewer or not one.off_boards
    week = Week(one.topics, one.prompts, one.points) if told else None
    return MemberLine(one.user_id, one.name, at.stage, at.percent, week)


def _title(pack: Pack, topic_id: str | None) -> str | None:
    topic = pack.topics.get(topic_id or "")
    return topic.title if topic is not None else None
