"""The simulated server, started as ``python -m bot demo`` starts it and driven by Debian's Chromium.

Its screenshots are kept in the test's temporary folder (``pytest --basetemp``) and are there to be looked at.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from bot.settings import ROOT
from tests.demo.tab import Tab

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
STARTS_WITHIN = 30
STOPS_WITHIN = 3


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser; where there is none the test is skipped, but fails under CI."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true, and there is no Chromium: apt-get install chromium")
        pytest.skip("there is no Chromium: apt-get install chromium")
    return CHROMIUM


@dataclass(slots=True)
class Running:
    """A demo that runs."""

    process: subprocess.Popen[str]
    url: str
    said: list[str]


def start(port: int) -> Running:
    """Start the demo and wait for the address it prints."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "demo"],
        cwd=ROOT,
        env={**os.environ, "BOT_DEMO_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if line.strip().startswith("http://"):
            return Running(process, line.strip(), said)
    pytest.fail(f"the demo did not start: {''.join(said)}")


@pytest.fixture
def demo() -> Iterator[Running]:
    """A demo on the port after one that is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = start(taken.getsockname()[1])
        try:
            yield running
        finally:
            running.process.kill()
            running.process.communicate(timeout=STARTS_WITHIN)


def test_a_visit(demo: Running, chromium: str, tmp_path: Path) -> None:
    assert any("is taken; trying the next one." in line for line in demo.said)
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 800})

        def open_tab() -> Tab:
            page = context.new_page()
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.goto(demo.url)
            expect(page.locator("#demo-people button")).to_have_count(4)
            return Tab(page, tmp_path)

        tab, other = open_tab(), open_tab()
        expect(tab.page).to_have_title("Syllabot · simulated server")
        tab.has("What to try first")
        tab.snap("welcome")
        _uses_a_command_and_shares(tab)
        _a_second_person_presses(tab, other)
        _lets_a_day_pass(tab)
        _mistypes(tab)
        _restarts(tab, other)
        _moderates(tab)
        _loads_a_file(tab)
        _is_new(tab)
        assert troubles == []
        demo.process.send_signal(signal.SIGTERM)
        assert demo.process.wait(timeout=STOPS_WITHIN) == 0
        browser.close()


def _uses_a_command_and_shares(tab: Tab) -> None:
    """A member finds a topic as they type, and shares its page."""
    tab.be("Sofia")
    tab.go("daily")
    tab.has("done · end of the day")
    tab.snap("daily")
    tab.go("study-hall")
    tab.command("/roadmap", "topic", "cross", "Cross-validation")
    tab.sees("Afterwards you can")
    tab.snap("topic")
    tab.press("Share")
    tab.sees("shares a topic")


def _a_second_person_presses(tab: Tab, other: Tab) -> None:
    """Another tab, another person: what is shared is there, and its button opens their own page."""
    other.be("Tariq")
    expect(other.page.locator("#demo-channels .demo-unread", has_text="study-hall")).to_be_visible()
    other.go("study-hall")
    other.sees("@Sofia shares a topic")
    other.press("Open it for me")
    other.sees("Only you can see this")
    other.snap("second-person")
    tab.sees("shares a topic")


def _lets_a_day_pass(tab: Tab) -> None:
    """The clock is pushed forward, in every tab, and messages carry the new day."""
    before = tab.page.locator("#demo-now").inner_text()
    tab.page.get_by_role("button", name="+1 day").click()
    expect(tab.page.locator("#demo-toasts")).to_contain_text("The clock was pushed forward")
    expect(tab.page.locator("#demo-now")).not_to_have_text(before)
    days = tab.page.locator(".timeline-day-divider").count()
    tab.command("/roadmap")
    tab.sees("What next, Sofia")
    expect(tab.page.locator(".timeline-day-divider")).to_have_count(days + 1)
    tab.snap("day-after")


def _mistypes(tab: Tab) -> None:
    """A wrong input shows the bot's sentence as the bot shows it."""
    tab.command("/roadmap", "topic", "underwater basket")
    tab.sees("There is no topic of that name on the roadmap.")
    expect(tab.page.locator("#action-status")).to_be_hidden()
    tab.snap("error")


def _restarts(tab: Tab, other: Tab) -> None:
    """After a restart, which every tab is told, a button of an old message works."""
    tab.page.get_by_role("button", name="Restart the bot").click()
    for one in (tab, other):
        expect(one.page.locator("#demo-toasts")).to_contain_text("The bot was restarted")
    other.press("Note")
    form = other.page.locator("#modal-root")
    expect(form).to_contain_text("Your note, seen by you alone")
    form.locator("textarea").fill("Group folds by person.")
    other.snap("form")
    form.get_by_role("button", name="Submit").click()
    other.has("Group folds by person.")


def _moderates(tab: Tab) -> None:
    """The moderator has a channel and a panel of his own."""
    expect(tab.page.locator("#demo-channels button", has_text="moderators")).to_have_count(0)
    tab.be("Mo")
    tab.go("moderators")
    tab.command("/setup")
    tab.sees("Set up Syllabot")
    tab.press("Check")
    tab.sees("and I can write there")
    tab.snap("setup")
    tab.command("/setup")
    tab.press("Daily posts")
    tab.press("New schedule")
    tab.sees("New daily posts")
    tab.settled()
    expect(tab.page.get_by_text("no longer available")).to_have_count(0)


FILE = "question,answer\nWhere is the pizza evening?,At the harbor.\n"


def _loads_a_file(tab: Tab) -> None:
    """A file is dropped on the page, chosen by the button and sent; what the bot attaches is handed over."""
    _drop(tab, "early.csv", FILE)
    expect(tab.page.locator("#demo-toasts")).to_contain_text("First type the command")
    tab.page.locator("#channel-composer-input").click()
    tab.page.keyboard.type("/content load")
    expect(tab.page.locator(".command-popup [role=option]").first).to_be_visible()
    tab.page.keyboard.press("Enter")
    chosen = tab.page.locator(".command-file-choose")
    expect(chosen).to_be_focused()
    _drop(tab, "dropped.csv", FILE)
    expect(chosen).to_have_text("dropped.csv")
    tab.page.locator(".command-file-input").set_input_files(
        {"name": "chosen.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    expect(chosen).to_have_text("chosen.csv")
    tab.snap("file")
    tab.page.keyboard.press("Enter")
    tab.sees("chosen.csv · FAQ · 1 question read")
    tab.press("Apply 1")
    tab.sees("Applied. 1 new.")
    tab.command("/content export")
    tab.press("Export")
    tab.sees("faq.yaml")
    with tab.page.expect_download() as download:
        tab.page.locator("#channel-message-list button[aria-label^='Download']").last.click()
    assert "At the harbor." in download.value.path().read_text(encoding="utf-8")
    tab.snap("export")


def _drop(tab: Tab, name: str, text: str) -> None:
    """Drop a file on the page as the browser tells of it."""
    tab.page.evaluate(
        """([name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            for (const kind of ["dragover", "drop"])
                document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        [name, text],
    )


def _is_new(tab: Tab) -> None:
    """The newcomer is taken out of the moderators' channel and begins with a question."""
    tab.be("Lin")
    expect(tab.page.locator("#channel-name")).to_have_text("welcome")
    tab.press("Start the roadmap")
    tab.sees("Where do you start?")
    tab.snap("newcomer")
