"""The buttons that turn the pages of a list that begins with what is newest."""

from __future__ import annotations

from collections.abc import Callable

from bot.ui.components import Component, ComponentId, button


def turning(page: int, pages: int, to: Callable[[int], ComponentId]) -> list[Component]:
    """Return the buttons that turn the pages, with a way to both ends where there are many.

    Args:
        page: the one that is shown, counted from 0.
        pages: how many there are.
        to: returns what opens a page.
    """
    last = pages - 1
    wanted = (
        ("Newest", 0, page > 1),
        ("Newer", page - 1, page > 0),
        ("Older", page + 1, page < last),
        ("Oldest", last, page < last - 1),
    )
    return [button(label, to(there)) for label, there, useful in wanted if useful]
