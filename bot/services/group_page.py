"""A study group's page: who is in it and how far, the week, what to learn together, and who may need company."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.board import Window
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
from bot.storage import board as board_store
from bot.storage import group_activity
from bot.storage import group_page as store
from bot.storage import guild as guild_store
from bot.storage.database import Database
from bot.storage.group import Group
from bot.storage.group_page import Companion, Visit

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
    joined: Mapping[int, Companion]
    states: Mapping[int, str]
    weeks: Mapping[int, Week]


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
        return _page(
            pack, facts, self._positions.of(pack, facts.states), person.user_id, page, moderates=person.moderates
        )

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
        return _page(
            pack,
            facts,
            self._positions.of(pack, facts.states),
            user_id,
            moderates=moderates(facts.visit.moderator_role_id),
        )

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
        return CompanyPage(facts.group, lines, next_in_common(pack, self._positions.of(pack, facts.states).values()))


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


def _page(
    pack: Pack, facts: _Facts, positions: Mapping[int, Position], viewer: int, page: int = 0, *, moderates: bool
) -> GroupPage:
    visit, joined = facts.visit, facts.joined
    captain_id = captain_of(visit.group, joined)
    shown = min(page, max(0, len(joined) - 1) // MEMBERS_PER_PAGE)
    on_page = list(joined)[shown * MEMBERS_PER_PAGE :][:MEMBERS_PER_PAGE]
    every = facts.weeks.values()
    is_member = viewer in joined
    return GroupPage(
        group=visit.group,
        captain_id=captain_id,
        size=len(joined),
        lines=tuple(_line(facts, positions[user_id], user_id, viewer) for user_id in on_page),
        page=shown,
        week=Week(
            sum(one.topics for one in every), sum(one.prompts for one in every), sum(one.points for one in every)
        ),
        stages=len(pack.track.stages),
        common=next_in_common(pack, positions.values()),
        is_member=is_member,
        cares=moderates or (is_member and viewer == captain_id),
        invited=visit.invited,
        in_a_group=visit.mine is not None,
        wants_company=not is_member or joined[viewer].wants_company,
    )


def _facts(tx: Connection, guild_id: int, group_id: int | None, viewer: int, now: datetime) -> _Facts | None:
    """Return what the page of a group, or of the viewer's own, is made of; None where it is gone."""
    visit = store.visit(tx, guild_id, viewer, group_id)
    if visit is None or visit.group.archived_at is not None:
        return None
    joined = store.companions(tx, guild_id, visit.group.group_id)
    states = group_activity.packed_states(tx, guild_id, joined)
    return _Facts(visit, joined, states, _weeks(tx, visit, joined, now))


def _weeks(tx: Connection, visit: Visit, joined: Collection[int], now: datetime) -> dict[int, Week]:
    """Return what each member did in the guild's week, and what that earned for this group."""
    guild_id = visit.group.guild_id
    today = study_day(now, visit.rule)
    monday = monday_of(today)
    points = board_store.shares(tx, guild_id, Window.WEEK, monday, visit.group.group_id)
    topics = group_activity.topics_done(tx, guild_id, joined, starts_at(monday, visit.rule))
    prompts = group_activity.prompts_done(tx, guild_id, joined, monday)
    return {one: Week(topics.get(one, 0), prompts.get(one, 0), points.get(one, 0)) for one in joined}


def _line(facts: _Facts, at: Position, user_id: int, viewer: int) -> MemberLine:
    one = facts.joined[user_id]
    return MemberLine(
        user_id=user_id,
        name=one.name,
        stage=at.stage,
        percent=at.percent,
        week=None if one.off_boards and user_id != viewer else facts.weeks[user_id],
    )


def _title(pack: Pack, topic_id: str | None) -> str | None:
    topic = pack.topics.get(topic_id or "")
    return topic.title if topic is not None else None
