"""The check of Discord's limits notices what Discord would refuse."""

from __future__ import annotations

import discord
import pytest

from bot.ui.reply import Reply
from tests.content.discord_limits import faults


def _embed(text: str = "words", **fields: str) -> discord.Embed:
    embed = discord.Embed(title="A title", description=text)
    for name, value in fields.items():
        embed.add_field(name=name, value=value)
    return embed


def _view(*items: discord.ui.Item[discord.ui.View]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def _button(custom_id: str = "a", label: str = "Press") -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(label=label, custom_id=custom_id)


def _menu(*values: str, label: str = "One") -> discord.ui.Select[discord.ui.View]:
    return discord.ui.Select(custom_id="m", options=[discord.SelectOption(label=label, value=one) for one in values])


def test_a_sound_message_passes() -> None:
    assert faults(Reply("Hello", _embed(a="b"), _view(_button("a"), _button("b"), _menu("x", "y")))) == []


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(), "empty"),
        (Reply("x" * 2001), "2001"),
        (Reply(embed=_embed("x" * 4097)), "4097"),
        (Reply(embed=_embed("")), "description"),
        (Reply(embed=_embed(a="x" * 1025)), "1025"),
        (Reply(embed=_embed("x" * 4000, a="x" * 1000, b="x" * 1000)), "in all"),
        (Reply("a", view=_view(_button(label="x" * 81))), "81"),
        (Reply("a", view=_view(_button("x" * 101))), "101"),
        (Reply("a", view=_view(_button("a"), _button("a"))), "2 times"),
        (Reply("a", view=_view(_menu("x", "x"))), "twice"),
        (Reply("a", view=_view(_menu("x", label="y" * 101))), "101"),
    ],
)
def test_what_discord_refuses_is_noticed(reply: Reply, said: str) -> None:
    assert any(said in fault for fault in faults(reply)), faults(reply)
