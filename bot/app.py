"""The composition root: settings in, a bot that is ready to log in out. The only file that knows every class."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex
from shutil import disk_usage
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.cards.renderer import Cards
from bot.client import Services, Syllabot
from bot.clock import Clock
from bot.courier.attachment import Fetch, attached, attached_at_once
from bot.courier.courier import Courier
from bot.courier.quiz import QuizCourier
from bot.domain.cluster import ALL, Part
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.jobs import TICK, Jobs, make_scheduler
from bot.messenger import DirectMessenger
from bot.packs.content_files import ContentFiles
from bot.roster import GatewayRoster
from bot.services.answer import AnswerService
from bot.services.board import BoardService
from bot.services.board_history import BoardHistoryService
from bot.services.cluster import ClusterService
from bot.services.content import ContentService
from bot.services.content_entry import ContentEntryService
from bot.services.content_history import ContentHistory
from bot.services.faq import FaqService
from bot.services.feed import FeedService
from bot.services.follow_up import FollowUpService
from bot.services.form import FormService
from bot.services.gap import GapService
from bot.services.group import GroupService
from bot.services.group_balance import GroupBalanceService
from bot.services.group_care import GroupCareService
from bot.services.group_page import GroupPageService
from bot.services.identify import IdentifyService
from bot.services.later import LaterService
from bot.services.ledger import LedgerService
from bot.services.letter import LetterService
from bot.services.look_back import LookBackService
from bot.services.member import MemberService
from bot.services.membership import MembershipService
from bot.services.names import NamesService
from bot.services.outage import OutageService
from bot.services.pace import PaceService
from bot.services.pace_plan import PacePlanService
from bot.services.packs import Packs
from bot.services.placement import PlacementService
from bot.services.portfolio import PortfolioService
from bot.services.posting import PostingService
from bot.services.privacy import PrivacyService
from bot.services.profile import ProfileService
from bot.services.progress import ProgressService
from bot.services.prompt import PromptService
from bot.services.quiz import QuizService
from bot.services.quiz_play import QuizPlay
from bot.services.recap import RecapService
from bot.services.rehearsal import Rehearsal
from bot.services.reminder import ReminderService
from bot.services.report import ReportService
from bot.services.retention import RetentionService
from bot.services.review import ReviewService
from bot.services.roadmap import RoadmapService
from bot.services.schedule import ScheduleService
from bot.services.search import SearchService
from bot.services.season import SeasonService
from bot.services.setup import SetupService
from bot.services.showcase import ShowcaseService
from bot.services.streak import StreakService
from bot.services.suggest import SuggestService
from bot.services.thanks import ThanksService
from bot.services.today import TodayService
from bot.services.trouble import Troubles, TroubleWatch
from bot.services.why import WhyService
from bot.shards import ShardedSyllabot
from bot.sources.outside import Outside
from bot.storage.database import Database, Place
from bot.storage.guild import moderator_channel
from bot.sync import AGAIN

LOOK_AT_POOLS: Final = timedelta(hours=12)
LOOK_AT_SOURCES: Final = timedelta(minutes=5)
PREPARE_AFTER: Final = timedelta(seconds=2)
"""Whoever starts the bot asks it something first."""
LOOK_FOR_REMINDERS: Final = timedelta(seconds=20)
WRITE_NAMES: Final = timedelta(seconds=15)
LOOK_AT_DRAFTS: Final = timedelta(hours=6)
FORGET: Final = timedelta(hours=24)
FORGET_INTERACTIONS: Final = timedelta(minutes=15)
NOTE_ALIVE: Final = timedelta(minutes=1)
LOOK_FOR_TROUBLE: Final = timedelta(minutes=10)


@frozen
class ForGood:
    """What a bot needs that runs until it is told to stop. It measures the FAQ and, with the extra, finds by meaning.

    Attributes:
        heartbeat: the file to write heartbeats to.
        outside: asks arXiv and Kaggle; whoever made it closes it.
        part: which process of the bot it is.
    """

    heartbeat: Path
    outside: Outside
    part: Part = ALL


@frozen
class _Ground:
    """What the services stand on."""

    database: Database
    packs: Packs
    clock: Clock
    cards: Cards
    search: SearchService
    roster: GatewayRoster
    fetch: Fetch
    courier: Courier
    cluster: ClusterService


@asynccontextmanager
async def assembled(
    place: Place,
    pack: Pack,
    clock: Clock,
    *,
    scheduler: AsyncIOScheduler | None = None,
    paced: bool = True,
    for_good: ForGood | None = None,
) -> AsyncGenerator[Syllabot]:
    """Build the bot on a database that is at the current schema; close both at the end.

    Args:
        place: the SQLite file or the server's database, prepared by ``bot.storage.upgrade`` or ``bot.storage.server``.
        pack: what there is to learn.
        clock: tells the time to everything in it.
        scheduler: drives the jobs; one of APScheduler's own timers by default.
        paced: whether calls to Discord keep a pace; not for a simulated one, whose loop's clock stands still.
        for_good: what one needs besides that runs for good; without it, it asks nobody and writes no heartbeat.
    """
    database = await Database.open(place)
    cards, packs, search = Cards(), Packs(database, pack), SearchService(database, apart=for_good is not None)
    try:
        await search.take(pack)
        cluster = ClusterService(database, for_good.part if for_good else ALL)
        await cluster.recall()
        courier = _courier(database, clock, cluster, paced=paced)
        posting = PostingService(database, packs, clock, courier, token_hex(8), cluster.share)
        fetch = attached if paced else attached_at_once
        ground = _Ground(database, packs, clock, cards, search, GatewayRoster(), fetch, courier, cluster)
        jobs = Jobs(scheduler or make_scheduler(), clock, for_good.heartbeat if for_good else None)
        bot = _bot(_services(ground, posting), database, jobs, courier, clock, cluster)
        ground.roster.serve(bot)
        _write_to_channels(jobs, ground, posting, bot.services.quiz_play)
        _write_to_people(jobs, ground, bot)
        jobs.every(WRITE_NAMES, "names", bot.services.names.write)
        jobs.every(NOTE_ALIVE, "alive", OutageService(database, clock, cluster.share).beat)
        if cluster.share().leads:
            _once_for_all(jobs, ground, bot, for_good.outside if for_good else None)
        if for_good is not None:
            await search.load()
            jobs.once(PREPARE_AFTER, "search", search.prepare)
            jobs.once(PREPARE_AFTER, "rehearsal", Rehearsal(database, packs, clock).run)
        try:
            yield bot
        finally:
            await bot.close()
    finally:
        await cards.close()
        search.close()
        await database.close()


def _courier(database: Database, clock: Clock, cluster: ClusterService, *, paced: bool) -> Courier:
    def told(guild_id: int) -> Awaitable[int | None]:
        return database.read(lambda tx: moderator_channel(tx, guild_id))

    return Courier(clock, told, share=cluster.share, paced=paced)


def _bot(
    services: Services, database: Database, jobs: Jobs, courier: Courier, clock: Clock, cluster: ClusterService
) -> Syllabot:
    """Return the bot, with as many connections as it needs; one alone needs nothing that keeps several apart."""
    parts = services, database, jobs, courier, clock, cluster
    return ShardedSyllabot(IdentifyService(database, clock), *parts) if cluster.is_sharded else Syllabot(*parts)


def _write_to_channels(jobs: Jobs, on: _Ground, posting: PostingService, quizzes: QuizPlay) -> None:
    """Begin what goes out to channels."""
    jobs.every(TICK, "posts", posting.begin)
    follow_ups = FollowUpService(on.database, on.packs, on.clock, on.courier, on.cluster.share)
    jobs.every(TICK, "follow_ups", follow_ups.tick)
    jobs.follow(TICK, "quiz", quizzes)


def _write_to_people(jobs: Jobs, on: _Ground, bot: Syllabot) -> None:
    """Begin what goes out by direct message: to members, and to the bot's owner what only the owner can mend."""
    messenger, path = DirectMessenger(bot, bot.courier.calls, bot.courier.stopped), on.database.path
    reminders = ReminderService(on.database, on.packs, on.clock, messenger, token_hex(8), on.cluster.share)
    jobs.every(LOOK_FOR_REMINDERS, "reminders", reminders.tick)
    jobs.every(LOOK_FOR_REMINDERS, "letters", LetterService(on.database, on.clock, messenger, on.cluster.share).tick)
    troubles = Troubles(on.database, on.clock, messenger)
    # the disk of a server is for whoever keeps the server
    free = (lambda: sys.maxsize) if path is None else (lambda: disk_usage(path.parent).free)
    watch = TroubleWatch(on.database, on.clock, troubles, bot.services.posting.tally, free)
    jobs.every(LOOK_FOR_TROUBLE, "troubles", watch.look)
    jobs.every(AGAIN, "commands", partial(bot.commands_sync.try_again, troubles.report))


def _once_for_all(jobs: Jobs, on: _Ground, bot: Syllabot, outside: Outside | None) -> None:
    """Begin what is done once for all servers; of several processes the first one does it."""
    services = bot.services
    jobs.every(LOOK_AT_DRAFTS, "drafts", services.content.tidy)
    jobs.every(FORGET, "retention", services.retention.tick)
    jobs.every(FORGET_INTERACTIONS, "interactions", bot.interactions.tidy)
    jobs.every(LOOK_AT_POOLS, "pools", partial(services.schedule.warn_low_pools, on.courier))
    if outside is not None:
        jobs.every(LOOK_AT_SOURCES, "sources", FeedService(on.database, on.clock, outside, outside.kaggle).tick)


def _below(on: _Ground) -> tuple[NamesService, ContentHistory, ContentFiles, ContentEntryService]:
    """Return what several services are given."""
    history, files = ContentHistory(on.database, on.packs, on.clock), ContentFiles()
    return NamesService(on.database, on.clock), history, files, ContentEntryService(history, files)


def _learning(on: _Ground) -> partial[Services]:
    """Return the services but for the others: those by which members see where they stand and what comes back."""
    database, packs, clock = on.database, on.packs, on.clock
    return partial(
        Services,
        review=ReviewService(database, packs, clock),
        look_back=LookBackService(database, packs, clock),
        pace=PaceService(database, packs, clock, on.cards),
        pace_plan=PacePlanService(database, packs, clock),
    )


def _services(on: _Ground, posting: PostingService) -> Services:
    database, packs, clock, (names, history, files, entries) = on.database, on.packs, on.clock, _below(on)
    return _learning(on)(
        packs=packs,
        roadmap=RoadmapService(database, packs, clock),
        placement=PlacementService(database, packs, clock),
        faq=FaqService(database, packs, clock, on.search),
        setup=SetupService(database, clock),
        profile=ProfileService(database, clock),
        schedule=ScheduleService(database, packs, clock),
        streak=StreakService(database, clock, on.cards),
        why=WhyService(database, packs, clock),
        member=MemberService(database, clock),
        prompt=PromptService(database, packs, clock),
        answer=AnswerService(database, packs, clock),
        later=LaterService(database, packs, clock),
        today=TodayService(database, packs, clock),
        thanks=ThanksService(database, packs, clock),
        group=GroupService(database, clock),
        group_page=GroupPageService(database, packs, clock),
        group_care=GroupCareService(database, clock),
        group_balance=GroupBalanceService(database, packs, clock),
        posting=posting,
        board=BoardService(database, clock),
        board_history=BoardHistoryService(database, clock),
        membership=MembershipService(database, clock, on.roster),
        pictures=on.cards,
        season=SeasonService(database, clock),
        ledger=LedgerService(database, packs, clock),
        names=names,
        recap=RecapService(database, clock),
        showcase=ShowcaseService(database, packs, clock),
        portfolio=PortfolioService(database, packs),
        progress=ProgressService(packs, on.cards),
        content=ContentService(database, history, files, clock),
        content_history=history,
        fetch=on.fetch,
        content_entry=entries,
        form=FormService(database, clock),
        gap=GapService(database, entries, clock),
        suggest=SuggestService(database, entries, clock),
        report=ReportService(database, entries, clock),
        privacy=PrivacyService(database, names, clock),
        retention=RetentionService(database, clock),
        quiz=QuizService(database, packs, clock),
        quiz_play=QuizPlay(database, clock, QuizCourier(on.courier), on.cluster.share),
    )
