"""The Discord client: loads the cogs, syncs commands when they changed, leads every failure down one path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.courier.attachment import Fetch
from bot.courier.courier import Courier
from bot.domain.frozen import frozen
from bot.guild_memory import keep_little
from bot.jobs import Jobs
from bot.log import get_logger
from bot.services.answer import AnswerService
from bot.services.board import BoardService, Renderer
from bot.services.board_history import BoardHistoryService
from bot.services.cluster import ClusterService
from bot.services.content import ContentService
from bot.services.content_entry import ContentEntryService
from bot.services.content_history import ContentHistory
from bot.services.faq import FaqService
from bot.services.form import FormService
from bot.services.gap import GapService
from bot.services.group import GroupService
from bot.services.group_balance import GroupBalanceService
from bot.services.group_care import GroupCareService
from bot.services.group_page import GroupPageService
from bot.services.interaction import InteractionService
from bot.services.later import LaterService
from bot.services.ledger import LedgerService
from bot.services.look_back import LookBackService
from bot.services.member import MemberService
from bot.services.membership import MembershipService
from bot.services.names import NamesService
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
from bot.services.report import ReportService
from bot.services.retention import RetentionService
from bot.services.review import ReviewService
from bot.services.roadmap import RoadmapService
from bot.services.schedule import ScheduleService
from bot.services.season import SeasonService
from bot.services.setup import SetupService
from bot.services.showcase import ShowcaseService
from bot.services.streak import StreakService
from bot.services.suggest import SuggestService
from bot.services.thanks import ThanksService
from bot.services.today import TodayService
from bot.services.why import WhyService
from bot.storage.database import Database
from bot.sync import CommandSync
from bot.tree import Tree
from bot.ui.callback import Sessions, unechoed
from bot.ui.components import VERSION
from bot.ui.errors import report
from bot.ui.patience import Seen, UnderWay
from bot.ui.reply import Interaction
from bot.ui.router import Router, is_press

COGS: Final = (
    "cogs.roadmap",
    "cogs.topic",
    "cogs.guide",
    "cogs.resource",
    "cogs.placement",
    "cogs.faq",
    "cogs.profile",
    "cogs.privacy",
    "cogs.retention",
    "cogs.setup",
    "cogs.schedule",
    "cogs.schedule_edit",
    "cogs.help",
    "cogs.streak",
    "cogs.why",
    "cogs.member",
    "cogs.ledger",
    "cogs.prompt",
    "cogs.today",
    "cogs.review",
    "cogs.quiz",
    "cogs.look_back",
    "cogs.thanks",
    "cogs.group",
    "cogs.group_care",
    "cogs.pace",
    "cogs.group_balance",
    "cogs.board",
    "cogs.season",
    "cogs.recap",
    "cogs.showcase",
    "cogs.portfolio",
    "cogs.content_group",
    "cogs.content",
    "cogs.content_history",
    "cogs.content_export",
    "cogs.manage",
    "cogs.gap",
    "cogs.suggest",
    "cogs.report",
)
FINISH_WITHIN: Final = 15.0
"""Seconds for posts that are on their way when the bot is told to stop."""
ANSWER_WITHIN: Final = 3.0
"""Seconds for answers that are on their way then: Discord takes none later, but for those it was told to wait for."""

log = get_logger(__name__)


@frozen
class Services:
    """What the cogs are given."""

    packs: Packs
    roadmap: RoadmapService
    placement: PlacementService
    faq: FaqService
    setup: SetupService
    profile: ProfileService
    schedule: ScheduleService
    streak: StreakService
    why: WhyService
    member: MemberService
    prompt: PromptService
    answer: AnswerService
    later: LaterService
    today: TodayService
    review: ReviewService
    look_back: LookBackService
    thanks: ThanksService
    group: GroupService
    group_page: GroupPageService
    group_care: GroupCareService
    group_balance: GroupBalanceService
    posting: PostingService
    board: BoardService
    board_history: BoardHistoryService
    membership: MembershipService
    pictures: Renderer
    season: SeasonService
    ledger: LedgerService
    names: NamesService
    recap: RecapService
    showcase: ShowcaseService
    portfolio: PortfolioService
    progress: ProgressService
    pace: PaceService
    pace_plan: PacePlanService
    content: ContentService
    content_history: ContentHistory
    fetch: Fetch
    content_entry: ContentEntryService
    form: FormService
    gap: GapService
    suggest: SuggestService
    report: ReportService
    privacy: PrivacyService
    retention: RetentionService
    quiz: QuizService
    quiz_play: QuizPlay


class Syllabot(commands.Bot):
    """The bot. It asks for the GUILDS intent alone: everything else comes with interactions."""

    def __init__(
        self,
        services: Services,
        database: Database,
        jobs: Jobs,
        courier: Courier,
        clock: Clock,
        cluster: ClusterService | None = None,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            tree_cls=Tree,
        )
        keep_little(self)
        self.cluster = cluster or ClusterService(database)
        self.interactions = InteractionService(database, clock, self.cluster.share)
        self.services = services
        self.courier = courier
        courier.serve(self)
        self.router = Router()
        self.commands_seen, self._presses_seen, self.under_way = Seen(), Seen(), UnderWay()
        self.arrivals: list[Callable[[Interaction], None]] = [self._note_name]
        self.answering: Sessions | None = None
        self.database = database
        self._jobs = jobs
        self.commands_sync = CommandSync(self.tree, database, clock, self.cluster.share)

    async def setup_hook(self) -> None:
        """Load the cogs, sync the commands if they changed, start the jobs. Called once, after login."""
        for cog in COGS:
            await self.load_extension(cog)
        await self.commands_sync.sync()
        self._jobs.start()

    async def add_cog(self, cog: commands.Cog, /, **options: Any) -> None:  # noqa: ANN401  (as discord.py declares it)
        """Add a cog and route its components."""
        await super().add_cog(cog, **options)
        self.router.add(cog)

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (as discord.py declares it)
        """Tell of an event. What needs no task of its own is done here: each would cost more than it does."""
        if event_name == "app_command_completion":
            self.under_way.end(args[0])
            return
        if event_name == "interaction":
            self._arrived(args[0])
            if not is_press(args[0]):
                return  # commands go through the tree
        super().dispatch(event_name, *args, **kwargs)

    def _arrived(self, interaction: Interaction) -> None:
        try:
            for note in self.arrivals:
                note(interaction)
        except Exception:
            log.exception("arrival_not_noted")

    def _note_name(self, interaction: Interaction) -> None:
        if interaction.guild_id is not None:
            self.services.names.note(interaction.guild_id, interaction.user.id, interaction.user.display_name)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Route a press or a form."""
        if not self._presses_seen.is_new(interaction):
            return
        self.under_way.begin(interaction)
        unechoed(self.answering)
        try:
            if await self.is_ours(interaction):
                await self.router.dispatch(interaction)
        except Exception as error:  # noqa: BLE001  (this is where they all end)
            custom_id = str((interaction.data or {}).get("custom_id", ""))
            ours = custom_id.startswith(f"{VERSION}:")
            await report(interaction, error, f"component {custom_id.split(':')[1] if ours else 'foreign'}")
        finally:
            self.under_way.end(interaction)

    async def is_ours(self, interaction: Interaction) -> bool:
        """Whether this process deals with an interaction. Suggestions while typing change nothing."""
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        return await self.interactions.is_ours(interaction.id)

    def mention(self, command: str) -> str:
        """Return a command as members can press it in a message."""
        command_id = self.commands_sync.ids.get(command.partition(" ")[0])
        return f"</{command}:{command_id}>" if command_id else f"`/{command}`"

    def beat(self) -> None:
        """Say that the process is alive, as long as the jobs that do so have not begun."""
        self._jobs.beat()

    async def finish(self) -> None:
        """Begin no post any more and let those under way come to their end; members are still answered."""
        await self.services.posting.leave(FINISH_WITHIN)

    async def close(self) -> None:
        """Let what is being posted come to its end, then leave Discord. Whoever opened the database closes it."""
        await self.finish()
        await self.under_way.ended(ANSWER_WITHIN)
        self._jobs.stop()
        await super().close()
        if self.answering is not None:
            await self.answering.aclose()
