"""Every fact and figure of the guide is on a screen: drawn as members see it, not as it stands in the files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import discord
import pytest
import yaml

from bot.domain.pack import Pack
from bot.domain.roadmap import Mark, State
from bot.services.faq import Answer
from bot.services.topic import TopicPage
from bot.ui.faq import entry_embed
from bot.ui.guide import chapter_embed
from bot.ui.roadmap import stage_page
from bot.ui.topic import topic_embed

FACTS: Final[list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "guide_facts.yaml").read_text(encoding="utf-8")
)
SECTIONS: Final = {
    "intro", "1", "2", "3", "4a", "4b", "4c", "4d", "4e", "4f",
    "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "6", "7", "8", "9", "conclusion",
    "faq-1", "faq-2", "faq-3", "faq-4", "faq-5",
}  # fmt: skip
FIGURE: Final = re.compile(r"[$₹]\s?\d|\d[\d,.]*\s?%")
SOURCE: Final = "According to"


def _screen(pack: Pack, name: str) -> discord.Embed:
    kind, entry_id = name.split("/")
    match kind:
        case "guide":
            return chapter_embed(pack.chapter(entry_id))
        case "topic":
            topic = pack.topic(entry_id)
            requires = tuple((pack.topic(one), State.NOT_STARTED) for one in topic.requires)
            later = tuple(pack.topic(one) for one in pack.dependents[entry_id])
            page = TopicPage(topic, pack.stage_of[entry_id], Mark(), requires, later, note=None)
            return topic_embed(page, private=True)
        case "stage":
            embed = stage_page(pack.stage(entry_id), {}, user_id=1).embed
            assert embed is not None
            return embed
        case "faq":
            entry = pack.entry(entry_id)
            related = tuple(pack.entry(one) for one in entry.related)
            return entry_embed(Answer(entry, pack.category_of[entry_id], related))
        case _:
            raise AssertionError(f"no such kind of screen: {kind}")


def _text(embed: discord.Embed) -> str:
    """Return what a reader sees: every text of the page, without the marks that only style it."""
    fields = [text for field in embed.fields for text in (field.name, field.value)]
    texts = [embed.title, embed.description, *fields, embed.footer.text]
    return _plain("\n".join(text for text in texts if text))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[*`~]|(?m:^-# )|(?m:^- )|\b_|_\b", "", text).split()).casefold()


@pytest.mark.parametrize("fact", [pytest.param(one, id=one["id"]) for one in FACTS])
def test_a_fact_is_on_its_screen(fact: dict[str, Any], pack: Pack) -> None:
    shown = _text(_screen(pack, fact["screen"]))
    missing = [text for text in fact["shows"] if _plain(text) not in shown]
    assert not missing, f"{fact['screen']} does not show {missing}: {fact['fact']}"
    if any(FIGURE.search(text) for text in fact["shows"]):
        assert SOURCE.casefold() in shown, f"{fact['screen']} shows a figure and not whose it is"


def test_every_section_of_the_guide_has_its_facts() -> None:
    assert {fact["section"] for fact in FACTS} == SECTIONS
    assert len({fact["id"] for fact in FACTS}) == len(FACTS)
    assert all(fact["shows"] for fact in FACTS)
