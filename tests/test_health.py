"""The heartbeat, as the bot writes it and as a container's check reads it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.health import STALE_AFTER, age, beat, main
from bot.settings import ROOT
from tests.fakes.clock import FakeClock


@pytest.fixture
def heartbeat(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat"


def check(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the container's check."""
    return subprocess.run(
        [sys.executable, "-m", "bot.health", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


def stale(path: Path) -> None:
    beat(path, FakeClock(SystemClock().now() - STALE_AFTER - timedelta(seconds=1)))


def test_the_check_passes_on_a_fresh_heartbeat(heartbeat: Path) -> None:
    beat(heartbeat, SystemClock())
    done = check(str(heartbeat))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_check_fails_on_a_stale_heartbeat_and_says_how_old(heartbeat: Path) -> None:
    stale(heartbeat)
    done = check(str(heartbeat))
    assert done.returncode == 1
    assert f"no fresh heartbeat in {heartbeat}: the last is 6" in done.stderr


def test_the_check_looks_in_var_where_nothing_is_named(tmp_path: Path) -> None:
    assert check(folder=tmp_path).returncode == 1
    (tmp_path / "var").mkdir()
    beat(tmp_path / "var" / "heartbeat", SystemClock())
    assert check(folder=tmp_path).returncode == 0


@pytest.mark.parametrize("written", [None, "", "yesterday", "2026-11-23T"])
def test_a_heartbeat_that_is_none_fails(
    heartbeat: Path, capsys: pytest.CaptureFixture[str], written: str | None
) -> None:
    if written is not None:
        heartbeat.write_text(written)
    assert main([str(heartbeat)]) == 1
    assert "none was ever written" in capsys.readouterr().err


def test_a_beat_is_an_aware_instant_in_utc(heartbeat: Path, clock: FakeClock) -> None:
    beat(heartbeat, clock)
    written = datetime.fromisoformat(heartbeat.read_text(encoding="ascii"))
    assert written == clock.now()
    assert written.utcoffset() == timedelta()


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-8))])
def test_the_age_is_right_whatever_the_zone(heartbeat: Path, clock: FakeClock, zone: timezone) -> None:
    heartbeat.write_text(clock.now().astimezone(zone).isoformat())
    clock.move(seconds=42)
    assert age(heartbeat, clock) == timedelta(seconds=42)


def test_a_new_beat_replaces_the_old(heartbeat: Path, clock: FakeClock) -> None:
    beat(heartbeat, clock)
    clock.move(hours=1)
    assert age(heartbeat, clock) == timedelta(hours=1)
    beat(heartbeat, clock)
    assert age(heartbeat, clock) == timedelta()
