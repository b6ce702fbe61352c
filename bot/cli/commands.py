"""The commands of ``python -m bot``."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.cli.start import simulated, start, told
from bot.clock import SystemClock
from bot.errors import SettingsError, StorageError, SyllabotError
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.storage.database import Place

app = typer.Typer(
    help="Syllabot keeps a machine-learning study group moving.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
content = typer.Typer(help="The content pack.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(content, name="content")
app.add_typer(db, name="db")


@app.command()
def run() -> None:
    """Run the bot: on Discord with DISCORD_TOKEN set, else in the simulated server.

    Exit codes: 0 told to stop, 1 something to look at, 2 settings, 3 Discord refuses the bot. After 2 and 3 a start
    changes nothing.
    """
    raise typer.Exit(start())


@app.command()
def demo(
    *, open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False
) -> None:
    """Open the simulated server in the browser, whether or not a token is set."""
    try:
        code = simulated(_settings(), open_browser=open_browser)
    except SyllabotError as error:
        _fail(error)
    raise typer.Exit(code)


@app.command()
def doctor() -> None:
    """Look at settings, database, content and intents, and name the mend of what is wrong."""
    from rich.console import Console  # noqa: PLC0415  (four megabytes that a running bot has no use for)
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from bot.doctor import examine  # noqa: PLC0415

    table = Table("", "what", "found", "what to do", show_lines=False)
    well = True
    for finding in examine(_settings(), SystemClock()):
        well = well and finding.well
        table.add_row("ok" if finding.well else "NOT OK", finding.what, escape(finding.found), escape(finding.mend))
    Console(highlight=False).print(table)
    raise typer.Exit(0 if well else 1)


@content.command("check")
def content_check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of the pack; the one in the settings by default.")
    ] = None,
) -> None:
    """Check a content pack and report every fault with file, line and key."""
    from bot.packs.load import check_pack  # noqa: PLC0415

    checked = check_pack(folder or _settings().content_dir)
    for fault in checked.faults:
        typer.echo(fault.sentence)
    if checked.pack is None:
        typer.echo(f"{len(checked.faults)} faults in {checked.files} files.")
        raise typer.Exit(1)
    pack = checked.pack
    typer.echo(
        f"No faults in {checked.files} files: {len(pack.track.stages)} stages, {len(pack.topics)} topics, "
        f"{len(pack.chapters)} chapters, {len(pack.entries)} questions, {len(pack.exercises.prompts)} prompts, "
        f"{len(pack.exercises.tasks)} Kaggle tasks, {len(pack.exercises.papers)} papers, "
        f"{len(pack.exercises.reading)} reading questions, {len(pack.exercises.competitions)} competition tasks, "
        f"{len(pack.cards.by_id)} review cards."
    )


@content.command("try")
def content_try(files: Annotated[list[Path], typer.Argument(help="Files as moderators would load them.")]) -> None:
    """Read files as a moderator's load would, and print what was understood. Nothing is changed."""
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from bot.domain.draft import UnusableFileError  # noqa: PLC0415
    from bot.packs.content_try import tried  # noqa: PLC0415

    table = Table("file", "kind", "format", "entries", "bad", "why")
    for path in files:
        try:
            cells = asyncio.run(tried(path.name, path.read_bytes(), _settings().content_dir))
        except OSError as error:
            cells = ("", "", "", "", f"can't be read: {error.strerror}")
        except UnusableFileError as error:
            cells = ("", "", "", "", error.problem.sentence)
        table.add_row(escape(path.name), *map(escape, cells))
    Console(highlight=False).print(table)


@content.command("schema")
def content_schema() -> None:
    """Print the JSON Schema of the content files."""
    from bot.packs.schema import json_schema  # noqa: PLC0415

    typer.echo(json.dumps(json_schema(), indent=2))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's schema; a SQLite file is backed up first."""
    from bot.storage.upgrade import prepare  # noqa: PLC0415

    settings = _settings()
    try:
        place = _place(settings)
        if isinstance(place, Path):
            typer.echo(prepare(place, SystemClock().now(), settings.backup_path))
            return
        from bot.storage import server  # noqa: PLC0415

        typer.echo(server.prepare_now(place))
    except SyllabotError as error:
        _fail(error)


@db.command("backup")
def db_backup() -> None:
    """Copy the database while the bot runs or not, and prove the copy by restoring it into a temporary file."""
    from bot.services.backup import BackupService, Keeping  # noqa: PLC0415
    from bot.storage.restore import check  # noqa: PLC0415

    settings = _settings_of_a_file("pg_dump --format=custom")
    keeping = Keeping(settings.backup_path, settings.backup_days, settings.backup_weeks)
    try:
        check(settings.database_path)
        made = BackupService(settings.database_path, keeping, SystemClock()).make("manual")
    except SyllabotError as error:
        _fail(error)
    typer.echo(f"{made.path} was made and restored for a test: {made.rows} rows, schema {made.schema}.")


@db.command("restore")
def db_restore(
    file: Annotated[Path | None, typer.Argument(help="The backup; the newest one by default.")] = None,
) -> None:
    """Put a backup in the place of the database; the file from before is kept beside it."""
    from bot.storage.backup import copies  # noqa: PLC0415
    from bot.storage.restore import restore  # noqa: PLC0415

    settings = _settings_of_a_file("pg_restore")
    path = settings.database_path
    found = copies(path, settings.backup_path)
    try:
        if file is None and not found:
            raise StorageError(f"There is no backup in {settings.backup_path}. Name one.")
        source = file or found[-1]
        kept = restore(path, source, SystemClock().now())
    except SyllabotError as error:
        _fail(error)
    typer.echo(f"{path} is now what {source} holds.")
    if kept is not None:
        typer.echo(f"The file from before is {kept}; it is deleted with the backups of 30 days ago.")


@db.command("check")
def db_check(
    file: Annotated[Path | None, typer.Argument(help="A database or a backup; the bot's own by default.")] = None,
) -> None:
    """Look a database file over: every page, every reference, the schema."""
    from bot.storage.restore import check  # noqa: PLC0415

    try:
        found = check(file or _settings().database_path)
    except SyllabotError as error:
        _fail(error)
    typer.echo(f"{found.path} is whole: {found.rows} rows, schema {found.schema}.")


@db.command("copy")
def db_copy(
    source: Annotated[str, typer.Option("--from", help="A SQLite file, or postgresql+asyncpg://… of a server.")],
    target: Annotated[str, typer.Option("--to", help="Where to, in the same way: empty, or a copy broken off.")],
) -> None:
    """Copy a database to the other engine, with the bot stopped, and prove table by table that the two are equal."""
    from bot.cli.copy import copy_shown  # noqa: PLC0415
    from bot.storage.database import place_of  # noqa: PLC0415

    try:
        places = [place_of(Path(one), one if "://" in one else None) for one in (source, target)]
        rows, tables = asyncio.run(copy_shown(*places))
    except SyllabotError as error:
        _fail(error)
    typer.echo(f"{rows} rows in {tables} tables were copied and proved equal: {places[0]} to {places[1]}.")


@db.command("rebuild-standings")
def db_rebuild_standings() -> None:
    """Compute every board anew from the ledger of points; exit code 1 where one had to be mended."""
    from bot.storage.migrations import REVISIONS  # noqa: PLC0415
    from bot.storage.upgrade import revision_of  # noqa: PLC0415

    settings = _settings()
    try:
        place = _place(settings)
        if isinstance(place, Path) and not place.exists():
            raise StorageError(f"There is no database at {place}. Name its folder in BOT_DATA_DIR.")
        if revision_of(place) != REVISIONS[-1]:
            raise StorageError(f"The database {place} has another schema. Run *python -m bot db upgrade* first.")
        mended = asyncio.run(_rebuild_standings(place))
    except SyllabotError as error:
        _fail(error)
    raise typer.Exit(1 if mended else 0)


async def _rebuild_standings(place: Place) -> int:
    """Rebuild, say how each server turned out as it does, and return how many had to be mended."""
    from bot.services.points import rebuild_all  # noqa: PLC0415
    from bot.storage.database import Database  # noqa: PLC0415

    database = await Database.open(place)
    mended = servers = 0
    try:
        async for one in rebuild_all(database):
            outcome = "same as the ledger" if one.same else "differed from the ledger, and is mended"
            typer.echo(f"{one.at} of {one.of} · server {one.guild_id}: {outcome}")
            servers, mended = one.of, mended + (not one.same)
    finally:
        await database.close()
    typer.echo(f"{servers} servers with points, {mended} mended." if servers else "No server has points yet.")
    return mended


def _place(settings: Settings) -> Place:
    from bot.storage.database import place_of  # noqa: PLC0415

    return place_of(settings.database_path, settings.database_address)


def _settings_of_a_file(instead: str) -> Settings:
    """Return the settings where the database is a file; a server's has tools of its own."""
    settings = _settings()
    if settings.database_url is not None:
        _fail(StorageError(f"DATABASE_URL is set: the database is a PostgreSQL server's. Use its {instead}."))
    return settings


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        _fail(error)


def _fail(error: SyllabotError) -> NoReturn:
    raise typer.Exit(told(error))
