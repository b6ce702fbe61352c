"""A tab of the simulated server's page, driven as a person would."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect


@dataclass(slots=True)
class Tab:
    """What a person does in the page."""

    page: Page
    pictures: Path

    def be(self, person: str) -> None:
        """Switch to a person."""
        self.page.bring_to_front()
        button = self.page.locator("#demo-people button", has_text=person)
        button.click()
        expect(button).to_have_attribute("aria-current", "true")

    def go(self, channel: str) -> None:
        """Go to a channel, a thread or the direct messages."""
        button = self.page.locator("#demo-channels button", has_text=channel)
        button.click()
        expect(button).to_have_attribute("aria-current", "page")
        expect(self.page.locator("#channel-name")).to_have_text(channel)

    def command(self, name: str, option: str = "", typed: str = "", choice: str = "") -> None:
        """Use a slash command as one types it, with a choice of its autocomplete where one is named."""
        keys = self.page.keyboard
        self.page.locator("#channel-composer-input").click()
        keys.type(name)
        expect(self.page.locator(".command-popup [role=option]").first).to_be_visible()
        keys.press("Enter")
        expect(self.page.locator(".command-chip")).to_have_text(name)
        if option:
            self.page.locator(".command-suggestion", has_text=option).click()
            keys.type(typed)
            expect(self.page.locator(".command-popup-heading")).to_have_text(f"OPTIONS MATCHING {typed.upper()}")
            self.page.wait_for_function("window.simcordPreview.commandPicker.autocomplete.state === 'answered'")
            self.settled()
        if choice:
            self.page.locator(".command-suggestion", has_text=choice).first.click()
        if choice or not option:
            expect(self.page.locator(".command-chip")).to_be_focused()
        keys.press("Enter")
        expect(self.page.locator(".command-row")).to_have_count(0)

    def settled(self) -> None:
        """Wait until nothing is under way between page and server; a tab in the background is not drawn."""
        self.page.bring_to_front()
        self.page.wait_for_function("window.simcordPreview.ready && !window.simcordPreview.pendingAction")

    def press(self, label: str) -> None:
        """Press the newest button of this label."""
        self.settled()
        self.page.locator("button.component-button", has_text=label).last.click()

    def sees(self, text: str) -> None:
        """Wait until the newest message holds a text."""
        expect(self.page.locator("#channel-message-list [data-message-id]").last).to_contain_text(text)

    def has(self, text: str) -> None:
        """Wait until some message holds a text."""
        messages = self.page.locator("#channel-message-list [data-message-id]")
        expect(messages.filter(has_text=text).last).to_be_visible()

    def snap(self, name: str) -> None:
        """Keep a picture, once every image is there."""
        self.page.wait_for_function("[...document.images].every((image) => image.complete)")
        self.settled()
        self.page.screenshot(path=self.pictures / f"{name}.png")
