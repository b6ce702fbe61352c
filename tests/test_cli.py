"""The command line, as an operator types it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from bot.cli.commands import app
from bot.domain.pack import Pack
from bot.domain.points import USUAL, Reason
from bot.packs.load import check_pack
from bot.packs.yaml_text import read_yaml
from bot.services.points import Earning, earn
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.upgrade import migrate
from tests.fakes.clock import FakeClock

SHIPPED = ROOT / "content" / "ml-engineer"
STAGE = "roadmap/1-programming.yaml"


@pytest.fixture(autouse=True)
def data_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep state in a folder of this test's own, and hide the settings of whoever runs the tests."""
    for name in os.environ:
        if name.upper().startswith(("BOT_", "DISCORD_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A pack of this test's own, to plant faults in."""
    return shutil.copytree(SHIPPED, tmp_path / "pack")


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, prog_name="python -m bot")


def in_a_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python as an operator's shell would, in the test's folder."""
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def flat(text: str) -> str:
    """Return a text without the frames and line ends that a table puts into it."""
    return "".join(text.replace("│", "").split())


@pytest.mark.parametrize(
    ("arguments", "commands"),
    [
        (("--help",), ("run", "demo", "doctor", "content", "db")),
        (("content", "--help"), ("check", "schema")),
        (("db", "--help"), ("upgrade", "backup", "restore", "check", "rebuild-standings")),
    ],
)
def test_help_lists_the_commands(arguments: tuple[str, ...], commands: tuple[str, ...]) -> None:
    done = ran(*arguments)
    assert done.exit_code == 0
    words = done.output.split()
    assert [name for name in commands if name not in words] == []


def test_an_unknown_command_is_refused() -> None:
    done = ran("fly")
    assert done.exit_code == 2
    assert "fly" in done.output


def test_content_check_in_a_fresh_process_says_what_the_loader_loads(pack: Pack) -> None:
    program = (
        "import sys; from bot.cli.commands import app; app(['content', 'check'], standalone_mode=False);"
        "print(*{'discord', 'sqlalchemy', 'alembic', 'apscheduler', 'simcord'} & set(sys.modules))"
    )
    done = in_a_process("-c", program)
    said, imported, *rest = done.stdout.split("\n")
    files = check_pack(SHIPPED).files
    assert (done.returncode, done.stderr, rest) == (0, "", [""])
    assert said == (
        f"No faults in {files} files: {len(pack.track.stages)} stages, {len(pack.topics)} topics, "
        f"{len(pack.chapters)} chapters, {len(pack.entries)} questions, {len(pack.exercises.prompts)} prompts, "
        f"{len(pack.exercises.tasks)} Kaggle tasks, {len(pack.exercises.papers)} papers, "
        f"{len(pack.exercises.reading)} reading questions, {len(pack.exercises.competitions)} competition tasks, "
        f"{len(pack.cards.by_id)} review cards."
    )
    assert imported == "", "a check needs no more than the reader of packs"


def test_content_check_names_file_line_and_key_of_every_fault(copied: Path) -> None:
    text = (copied / STAGE).read_text(encoding="utf-8")
    lines = text.splitlines()
    hours = next(number for number, line in enumerate(lines, 1) if line.strip() == "hours: 8")
    title = next(number for number, line in enumerate(lines, 1) if number > hours and line.strip().startswith("title:"))
    lines[hours - 1] = lines[hours - 1].replace("8", "eight")
    lines[title - 1] = lines[title - 1].partition("title")[0] + "title: ''"
    (copied / STAGE).write_text("\n".join(lines), encoding="utf-8")
    (copied / "faq" / "3-math.yaml").write_text("id: [", encoding="utf-8")
    done = ran("content", "check", str(copied))
    assert done.exit_code == 1
    assert (
        f"{STAGE}, line {hours}, `topics[0].hours`: found *eight*, expected a number such as 2 or 2.5." in done.output
    )
    assert f"{STAGE}, line {title}, `topics[1].title`: found nothing" in done.output
    assert "faq/3-math.yaml, line" in done.output
    faults = int(done.output.splitlines()[-1].split()[0])
    assert faults == len(done.output.splitlines()) - 1 >= 3


def test_content_check_takes_the_folder_of_the_settings(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (copied / STAGE).unlink()
    monkeypatch.setenv("BOT_CONTENT_DIR", str(copied))
    assert ran("content", "check").exit_code == 1
    assert ran("content", "check", str(SHIPPED)).exit_code == 0


def test_content_check_of_no_folder_says_so(tmp_path: Path) -> None:
    done = ran("content", "check", str(tmp_path / "none"))
    assert done.exit_code == 1
    assert "no such folder" in done.output


def test_content_schema_is_a_schema_that_the_shipped_pack_meets() -> None:
    done = ran("content", "schema")
    assert done.exit_code == 0
    schema = json.loads(done.stdout)
    Draft202012Validator.check_schema(schema)
    assert set(schema["$defs"]) >= {"track", "stage", "chapter", "faq"}
    faq = read_yaml((SHIPPED / "faq" / "1-getting-started.yaml").read_text(encoding="utf-8"), "faq").value
    assert isinstance(faq, dict)
    assert set(schema["$defs"]["faq"]["required"]) <= set(faq) <= set(schema["$defs"]["faq"]["properties"])


def test_db_upgrade_makes_a_database_and_then_has_nothing_to_do(data_dir: Path) -> None:
    first, second = ran("db", "upgrade"), ran("db", "upgrade")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output == f"A new database was made at {data_dir / 'syllabot.db'}.\n"
    assert "is up to date" in second.output
    with closing(sqlite3.connect(data_dir / "syllabot.db")) as connection:
        assert connection.execute("SELECT count(*) FROM progress_act").fetchone() == (0,)


def test_db_upgrade_refuses_what_it_cannot_trust_in_a_sentence(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "syllabot.db").write_text("no database" * 100)
    done = ran("db", "upgrade")
    assert done.exit_code == 1
    assert "There is no backup beside it" in done.stderr
    assert "Traceback" not in done.output


def test_db_upgrade_in_a_folder_that_cannot_be_made_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "file" / "var"))
    done = ran("db", "upgrade")
    assert done.exit_code == 1
    assert "BOT_DATA_DIR" in done.stderr


def test_doctor_passes_where_all_is_well() -> None:
    done = ran("doctor")
    assert done.exit_code == 0
    assert "NOT OK" not in done.output


def test_doctor_fails_where_something_is_not_and_names_the_mend(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.mkdir()
    migrate(data_dir / "syllabot.db")
    assert ran("doctor").exit_code == 0
    (data_dir / "syllabot.db").write_text("no database" * 100)
    monkeypatch.setenv("BOT_CONTENT_DIR", "/nowhere")
    done = ran("doctor")
    assert done.exit_code == 1
    assert done.output.count("NOT OK") == 2
    assert "contentcheck/nowhere" in flat(done.output)


@pytest.mark.parametrize("arguments", [("run",), ("demo",), ("doctor",), ("content", "check"), ("db", "upgrade")])
def test_bad_settings_are_all_listed_and_end_every_command(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret-but-no-token")
    monkeypatch.setenv("BOT_DEMO_PORT", "eighty")
    monkeypatch.setenv("BOT_LOG_LVL", "INFO")
    done = ran(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert [name for name in ("DISCORD_TOKEN", "BOT_DEMO_PORT", "BOT_LOG_LEVEL?") if name not in done.stderr] == []
    assert "secret-but" not in done.output


def test_run_with_a_token_of_the_wrong_form_ends_with_2(data_dir: Path) -> None:
    Path(".env").write_text("DISCORD_TOKEN=secret-but-no-token\n", encoding="utf-8")
    done = in_a_process("-m", "bot", "run")
    assert (done.returncode, done.stdout) == (2, "")
    assert "DISCORD_TOKEN: expected a bot token: three parts with dots between them" in done.stderr
    assert "secret-but" not in done.stderr
    assert not data_dir.exists()


def test_rebuild_standings_proves_equality_and_mends_what_was_tampered_with(data_dir: Path) -> None:
    missing = ran("db", "rebuild-standings")
    assert missing.exit_code == 1
    assert "There is no database at" in missing.output
    path = data_dir / "syllabot.db"
    assert ran("db", "upgrade").exit_code == 0
    none = ran("db", "rebuild-standings")
    assert (none.exit_code, none.output) == (0, "No server has points yet.\n")

    async def score() -> None:
        database = await Database.open(path)
        now = FakeClock().now()
        for guild_id in (11, 12):
            await database.write(
                lambda tx, guild_id=guild_id: earn(tx, USUAL, guild_id, 21, Earning(Reason.PROMPT, "1"), now)
            )
        await database.close()

    asyncio.run(score())
    same = ran("db", "rebuild-standings")
    assert same.exit_code == 0
    assert same.output.splitlines() == [
        "1 of 2 · server 11: same as the ledger",
        "2 of 2 · server 12: same as the ledger",
        "2 servers with points, 0 mended.",
    ]
    with closing(sqlite3.connect(path)) as connection, connection:
        boards = "SELECT board_id FROM board WHERE guild_id = 12"
        connection.execute(f"UPDATE standing SET score = 999 WHERE board_id IN ({boards})")
    tampered = ran("db", "rebuild-standings")
    assert tampered.exit_code == 1
    assert tampered.output.splitlines()[1:] == [
        "2 of 2 · server 12: differed from the ledger, and is mended",
        "2 servers with points, 1 mended.",
    ]
    assert ran("db", "rebuild-standings").exit_code == 0


def test_a_backup_is_made_checked_and_put_back(data_dir: Path) -> None:
    none = ran("db", "check")
    assert none.exit_code == 1
    assert "There is no file" in none.output
    assert ran("db", "restore").exit_code == 1
    assert ran("db", "upgrade").exit_code == 0
    made = ran("db", "backup")
    assert made.exit_code == 0
    assert "was made and restored for a test" in made.output
    assert "is whole" in ran("db", "check").output
    (copied,) = (data_dir / "backups").glob("*-manual.db")
    assert f"{copied} is whole" in ran("db", "check", str(copied)).output.replace("\n", "")
    (data_dir / "syllabot.db").write_bytes(b"no database at all " * 300)
    assert ran("db", "check").exit_code == 1
    assert ran("db", "backup").exit_code == 1
    back = ran("db", "restore")
    assert back.exit_code == 0
    assert "The file from before is" in back.output
    assert "is whole" in ran("db", "check").output


def test_a_restore_of_what_is_no_backup_changes_nothing(data_dir: Path, tmp_path: Path) -> None:
    assert ran("db", "upgrade").exit_code == 0
    before = (data_dir / "syllabot.db").read_bytes()
    (tmp_path / "holiday.jpg").write_bytes(b"a picture" * 900)
    done = ran("db", "restore", str(tmp_path / "holiday.jpg"))
    assert done.exit_code == 1
    assert "can't be read" in done.output
    assert (data_dir / "syllabot.db").read_bytes() == before
