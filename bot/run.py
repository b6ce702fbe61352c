"""Runs the bot on Discord until it is told to stop."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from bot import __version__
from bot.app import ForGood, assembled
from bot.client import Syllabot
from bot.clock import Clock, SystemClock
from bot.domain.cluster import Part
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.errors import SettingsError
from bot.gateway import Gateway, OutgrownError
from bot.jobs import make_scheduler, once, repeat
from bot.log import get_logger
from bot.messenger import DirectMessenger
from bot.packs.apart import PackReading
from bot.services.backup import BackupService, Keeping
from bot.services.gateway import GatewayService
from bot.services.probe import ProbeService
from bot.services.trouble import Trouble, Troubles
from bot.settings import Settings
from bot.sources.outside import Addresses, Outside
from bot.storage.database import Place, place_of
from bot.storage.upgrade import prepare_apart
from bot.ui.rights import invite_link
from bot.web.rest import RestTally

LOOK_FOR_BACKUP: Final = timedelta(minutes=20)
SETTLED_AFTER: Final = timedelta(seconds=9)
"""By then what is begun soon after the start is done: content read, questions asked for nobody."""
ARENA_MAX: Final = -8
"""The number by which the C library knows the setting of how many heaps it makes (``M_ARENA_MAX``)."""
YOUNG: Final = 10_000
"""Objects after which the collector looks among them for circles. 700, as it comes, is less than one command makes."""
LEAVE_WITHIN: Final = 2.5
"""Seconds for whatever the connection is doing when the process is told to stop."""

log = get_logger(__name__)


def _to_log(line: str) -> None:
    log.info("announced", line=line)


async def serve(
    settings: Settings, announce: Callable[[str], None] = _to_log, reading: PackReading | None = None
) -> int:
    """Run the bot and return the process's exit code.

    Args:
        settings: what the operator set.
        announce: takes each line that the operator must see, whatever the log level.
        reading: the content, where it is being read already.

    Raises:
        SettingsError: where there is no token, or Discord does not know it.
        ContentError: where the content has faults.
        StorageError: where the database can't be used.
        RefusedError: where Discord refuses the bot until something is mended.
    """
    if settings.token is None:
        raise SettingsError("DISCORD_TOKEN is not set. Copy it from the page Bot of Discord's developer portal.")
    _share_one_heap()
    clock = SystemClock()
    pack = (reading or PackReading.begin(settings.content_dir)).pack()
    place = place_of(settings.database_path, settings.database_address)
    announce(await _prepared(place, settings, clock))
    _report_errors(settings)
    stopped, token = _stop_on_signals(), settings.token.get_secret_value()
    while not stopped.done():
        try:
            await _until_stopped(_Run(settings, token, clock, pack, place, stopped, announce))
        except OutgrownError as error:
            announce(error.sentence)
        else:
            break
    return 0


@frozen
class _Run:
    """What one life of the bot needs."""

    settings: Settings
    token: str
    clock: Clock
    pack: Pack
    place: Place
    stopped: asyncio.Future[None]
    announce: Callable[[str], None]


async def _until_stopped(of: _Run) -> None:
    """Run the bot until it is told to stop.

    Raises:
        OutgrownError: where it needs more connections to Discord; made anew, it has them.
    """
    settings, clock, scheduler = of.settings, of.clock, make_scheduler()
    part = Part(settings.cluster_id, settings.clusters, settings.shard_count)
    async with (
        aclosing(_outside(settings, clock)) as outside,
        assembled(
            of.place, of.pack, clock, scheduler=scheduler, for_good=ForGood(settings.heartbeat_path, outside, part)
        ) as bot,
        _watched(settings, bot, sessions := GatewayService(bot.database, clock, bot.cluster.share), clock),
    ):
        if isinstance(of.place, Path):
            repeat(scheduler, LOOK_FOR_BACKUP, "backup", _backups(of.place, settings, bot, clock).tick)
        once(scheduler, clock.now() + SETTLED_AFTER, "settled", _settle)
        gateway = Gateway(bot, sessions, clock, of.announce, outgrown=bot.cluster.outgrown, beat=bot.beat)
        running = asyncio.create_task(_connect(gateway, bot, of.token, of.announce))
        await asyncio.wait({running, of.stopped}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        else:
            log.info("stopping")
            await bot.finish()
            # it may still be logging in, and would then complain of the connection that close() takes from it
            running.cancel()
            await asyncio.wait({running}, timeout=LEAVE_WITHIN)


async def _prepared(place: Place, settings: Settings, clock: Clock) -> str:
    """Bring the database to this version's schema and say what was done."""
    if isinstance(place, Path):
        return prepare_apart(place, clock.now(), settings.backup_path)
    from bot.storage import server  # noqa: PLC0415  (an extra)

    return await server.prepare_apart(place)


def _backups(path: Path, settings: Settings, bot: Syllabot, clock: Clock) -> BackupService:
    """Return what makes the nightly copies of the SQLite file; the owner hears of one that failed."""
    keeping = Keeping(settings.backup_path, settings.backup_days, settings.backup_weeks)
    messenger = DirectMessenger(bot, bot.courier.calls, bot.courier.stopped)
    tell = partial(Troubles(bot.database, clock, messenger).report, Trouble.BACKUP)
    return BackupService(path, keeping, clock, tell)


def _outside(settings: Settings, clock: Clock) -> Outside:
    token = settings.kaggle_token.get_secret_value() if settings.kaggle_token else None
    return Outside(clock, Addresses(settings.arxiv_url, settings.arxiv_rss_url, settings.kaggle_url), token)


def _report_errors(settings: Settings) -> None:
    """Report to Sentry, where that is set.

    Raises:
        SettingsError: where the extra is not installed, or the address is none.
    """
    if settings.sentry_dsn is None:
        return
    try:
        from bot import sentry  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        raise SettingsError(
            "BOT_SENTRY_DSN is set, and sentry-sdk is missing: install requirements/sentry.txt, or unset it."
        ) from error
    try:
        sentry.begin(settings.sentry_dsn.get_secret_value(), __version__)
    except ValueError as error:
        raise SettingsError("BOT_SENTRY_DSN: expected the DSN, from the page Client Keys in Sentry.") from error


def counted(bot: Syllabot) -> RestTally:
    """Have every call of a bot counted that is not logged in yet, and sending stop where Discord refuses too many."""
    rest = RestTally()
    bot.http.http_trace = rest.trace()
    bot.answering = rest.untraced()
    bot.courier.heed(lambda: rest.invalid)
    return rest


def _watched(
    settings: Settings, bot: Syllabot, sessions: GatewayService, clock: Clock
) -> AbstractAsyncContextManager[None]:
    """Return what serves the pages for who watches over the process; nothing where no port is set."""
    rest = counted(bot)
    if settings.http_port is None:
        return nullcontext()
    from bot.web.server import Watched, serving  # noqa: PLC0415  (prometheus-client takes two megabytes)

    probe = ProbeService(bot.database, clock, bot.services.posting.tally, settings.backup_path)
    bot.arrivals.append(rest.came)
    of = Watched(bot, probe, bot.courier, rest, clock, settings.heartbeat_path, sessions)
    return serving(of, settings.http_host, settings.http_port)


def _share_one_heap() -> None:
    """Have all threads use one heap, where the C library knows how: in a heap of its own each leaves holes."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, 1)


def _give_back() -> None:
    """Give the memory that the start took and let go back to the system, where the C library knows how."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


async def _settle() -> None:
    """Give back what the first seconds took and let go; what is frozen is not walked, so it takes milliseconds."""
    gc.collect()
    _give_back()


async def _connect(gateway: Gateway, bot: Syllabot, token: str, announce: Callable[[str], None]) -> None:
    await gateway.login(token)
    # what the start has made stays until the end: the collector need not walk it again, which takes it 70 ms
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    _give_back()
    announce(f"Invite the bot to a server: {invite_link(bot.application_id or 0)}")
    await gateway.stay()


def _stop_on_signals() -> asyncio.Future[None]:
    """Return a future that is done when the process is told to stop."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[None] = loop.create_future()

    def stop() -> None:
        if not stopped.done():
            stopped.set_result(None)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    return stopped
