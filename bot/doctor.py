"""Looks at everything the bot needs to run, and names the mend of what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import discord

from bot.clock import Clock
from bot.domain.calibration import Ranker
from bot.domain.day import zone_names
from bot.domain.feed import ARXIV, KAGGLE
from bot.errors import SettingsError, StorageError
from bot.health import STALE_AFTER, age
from bot.packs.load import check_pack
from bot.search import encoder
from bot.search.document import Document
from bot.search.stored import fingerprint, parse_stored, state_name
from bot.settings import Settings
from bot.storage import bot_state, feed
from bot.storage.backup import status_of
from bot.storage.bot_state import peek
from bot.storage.database import place_of
from bot.storage.feed import SourceState
from bot.storage.migrations import REVISIONS
from bot.storage.upgrade import look_at, revision, revision_of
from bot.sync import COMMANDS, failure_in

LATE_BACKUP: Final = timedelta(hours=50)
"""Older than two nights."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``mend`` says what to do where it is not well."""

    what: str
    well: bool
    found: str
    mend: str = ""


def examine(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Yield one finding for each thing the bot needs. Nothing is changed, and Discord is not called."""
    yield _token(settings)
    yield _database(settings)
    yield _backup(settings, clock.now())
    yield _content(settings.content_dir)
    yield _search()
    yield from _sureness(settings)
    yield _intents()
    yield _zones()
    yield _heartbeat(settings, clock)
    yield _commands(settings, clock)
    yield from _sources(settings, clock)


def _token(settings: Settings) -> Finding:
    if settings.token is None:
        return Finding(
            "token", True, "not set: the simulated server runs without one",
            "For a real server, set DISCORD_TOKEN in the environment or in .env.",
        )  # fmt: skip
    return Finding("token", True, "set")


def _database(settings: Settings) -> Finding:
    try:
        path = place_of(settings.database_path, settings.database_address)
        if isinstance(path, Path) and not path.exists():
            return Finding("database", True, f"none yet; {path} is made at the first start")
        found = revision(path, settings.backup_path) if isinstance(path, Path) else revision_of(path)
    except (SettingsError, StorageError) as error:
        return Finding("database", False, "unusable", error.sentence)
    if found == REVISIONS[-1]:
        return Finding("database", True, f"{path}, schema {found}")
    if found is None or found in REVISIONS:
        mend = "Start the bot, or run python -m bot db upgrade: a SQLite file is backed up first."
        return Finding("database", False, f"schema {found}, this version wants {REVISIONS[-1]}", mend)
    return Finding("database", False, f"schema {found} is newer than this version", "Run the newer version again.")


def _backup(settings: Settings, now: datetime) -> Finding:
    """Return when the last backup was made, and whether it was proved by restoring it."""
    if settings.database_url is not None:
        return Finding("backup", True, "none by the bot: DATABASE_URL is set", "Let pg_dump run nightly on the server.")
    last, by_hand = status_of(settings.backup_path), "python -m bot db backup makes one now."
    if last is None:
        return Finding(
            "backup", True, f"none yet in {settings.backup_path}: the running bot makes one a night", by_hand
        )
    age = now - datetime.fromisoformat(last.at)
    if last.trouble:
        return Finding("backup", False, f"the last one failed {_ago(age)}: {last.trouble}", f"Mend that; {by_hand}")
    found = f"{last.file}, made {_ago(age)}, restored for a test"
    if age > LATE_BACKUP:
        return Finding("backup", False, found, f"None since: keep the bot running at night. {by_hand}")
    return Finding("backup", True, found)


def _content(folder: Path) -> Finding:
    checked = check_pack(folder)
    if checked.pack is None:
        mend = f"Run python -m bot content check {folder}: it names each with its line."
        return Finding("content", False, f"{len(checked.faults)} faults", mend)
    pack = checked.pack
    found = f"{len(pack.topics)} topics, {len(pack.entries)} questions, {len(pack.chapters)} chapters"
    return Finding("content", True, found)


def _search() -> Finding:
    wrong = encoder.trouble()
    if wrong is None:
        return Finding("search", True, "by words and by meaning")
    if isinstance(wrong, encoder.NotInstalledError):
        return Finding("search", True, "by words alone", wrong.sentence)
    return Finding("search", False, "by words alone, though the extra semantic is installed", wrong.sentence)


def _sureness(settings: Settings) -> Iterator[Finding]:
    """Yield how sure the bot is of the FAQ's answers, by what the pack's own phrasings came to when left out."""
    rankers: tuple[Ranker, ...] = ("lexical", "semantic")
    checked = check_pack(settings.content_dir, exercises=False)
    for ranker in rankers:
        kept = parse_stored(_remembered(settings, state_name(ranker)))
        if kept is None or kept.calibration.figures is None:
            continue
        figures, calibration = kept.calibration.figures, kept.calibration
        found = (
            f"answers from a chance of {calibration.sure_from:.2f}, asks back from {calibration.unsure_from:.2f}. Of "
            f"{figures.asked} phrasings left out and asked, {figures.right:.0%} were answered rightly and "
            f"{figures.wrong:.0%} wrongly, {figures.refused:.0%} refused, the rest asked back about; of those "
            f"with no entry, {figures.stranger_answered:.0%} were answered and {figures.stranger_refused:.0%} refused"
        )
        pack = checked.pack
        fits = pack is None or kept.of == fingerprint([Document.of(one) for one in pack.entries.values()], pack, ranker)
        mend = "" if fits else "The content has changed since: the bot measures it anew when it runs."
        yield Finding(f"sureness, {ranker}", True, found, mend)


def _remembered(settings: Settings, name: str) -> str | None:
    """Return what the bot remembers under a name, where its database can be read."""
    try:
        place = place_of(settings.database_path, settings.database_address)
        return peek(place, name) if isinstance(place, Path) else look_at(place, lambda tx: bot_state.get(tx, name))
    except (SettingsError, StorageError):
        return None  # the finding about the database says so, with the mend


def _intents() -> Finding:
    asked = sorted(name for name, on in discord.Intents(guilds=True) if on)
    return Finding("intents", True, f"{', '.join(asked)} alone: no switch in the portal is needed")


def _zones() -> Finding:
    if len(zone_names()) > 300:
        return Finding("time zones", True, f"{len(zone_names())} known")
    return Finding("time zones", False, "the zone data is missing", "Install requirements/bot.txt: it holds tzdata.")


def _heartbeat(settings: Settings, clock: Clock) -> Finding:
    old = age(settings.heartbeat_path, clock)
    if old is None:
        return Finding("heartbeat", True, "none: the bot has not run on Discord from this folder")
    seconds = f"{old.total_seconds():.0f} s old"
    if old > STALE_AFTER:
        return Finding("heartbeat", True, f"{seconds}: the bot is not running now")
    return Finding("heartbeat", True, f"{seconds}: the bot is running")


def _commands(settings: Settings, clock: Clock) -> Finding:
    kept = _remembered(settings, COMMANDS)
    if kept is None:
        return Finding("commands", True, "none at Discord yet: the first start brings them there")
    failure = failure_in(kept)
    if failure is None:
        return Finding("commands", True, "as Discord took them last")
    found = f"not taken {_ago(clock.now() - failure.at)}: {failure.why}"
    return Finding("commands", False, found, "The running bot tries again by itself; at a status of 4xx, update it.")


def _sources(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Yield how each source is, as the running bot left it in the database."""
    states: dict[str, SourceState] = {}
    try:
        path = place_of(settings.database_path, settings.database_address)
        if (not isinstance(path, Path) or path.exists()) and revision_of(path) == REVISIONS[-1]:
            states = look_at(path, lambda tx: feed.sources(tx, (ARXIV, KAGGLE)))
    except (SettingsError, StorageError):
        return  # the finding about the database says so, with the mend
    yield _source(ARXIV, states.get(ARXIV), clock.now())
    if settings.kaggle_token is None:
        yield Finding(KAGGLE, True, "no token: the evergreen tasks serve", "For competitions, set KAGGLE_TOKEN.")
    else:
        yield _source(KAGGLE, states.get(KAGGLE), clock.now())


def _source(name: str, state: SourceState | None, now: datetime) -> Finding:
    if state is None:
        return Finding(name, True, "never asked: no schedule has posts of its kind yet, or the bot has not run")
    if state.down_since is None:
        return Finding(name, True, f"answered {_ago(now - state.asked_at)}")
    answered = f"last answer {_ago(now - state.answered_at)}" if state.answered_at else "no answer ever"
    found = f"down since {state.down_since:%Y-%m-%d %H:%M} UTC ({answered}): {state.reason}"
    return Finding(name, False, found, "Posts go out all the same; the bot asks again by itself.")


def _ago(length: timedelta) -> str:
    minutes = max(0, length // timedelta(minutes=1))
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"
