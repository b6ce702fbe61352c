"""The guide's chapters."""

from __future__ import annotations

import discord

from bot.domain.content import EntryId, Figure
from bot.domain.guide import Chapter, GuideItem
from bot.domain.pack import Pack
from bot.ui.components import Component, ComponentId, button, menu, option, rows
from bot.ui.home import back_button
from bot.ui.reply import Reply
from bot.ui.resource import COLLECTED
from bot.ui.text import ROADMAP, plural


class GuideMenu(ComponentId, code="gm"):
    """The menu of chapters."""

    owner: int


class OpenGuide(ComponentId, code="gc"):
    """Turn a member's page into the guide's contents."""

    owner: int


class GuideShare(ComponentId, code="gs"):
    """Show a chapter to the channel."""

    chapter_id: EntryId
    owner: int


class OpenChapter(ComponentId, code="go"):
    """Open a chapter, for whoever presses."""

    chapter_id: EntryId


class GuideTopics(ComponentId, code="gt"):
    """The menu of the topics that a chapter leads to."""

    owner: int


def guide_menu(pack: Pack, user_id: int) -> Component:
    """Return the menu of the guide's chapters."""
    options = [option(chapter.title, chapter.id) for chapter in pack.chapters[:24]]
    if pack.resources:
        options.append(option("Collected on this server", COLLECTED, plural(len(pack.resources), "link")))
    return menu("Open a chapter", GuideMenu(owner=user_id), options)


def guide_button(user_id: int) -> Component:
    """Return the button that turns a member's page into the guide's contents."""
    return button("Guide", OpenGuide(owner=user_id))


def contents_page(pack: Pack, user_id: int) -> Reply:
    """Return the guide's contents."""
    titles = "\n".join(f"**{i} · {chapter.title}**" for i, chapter in enumerate(pack.chapters, 1))
    embed = discord.Embed(title="The guide", description=f"The path beside the topics.\n\n{titles}", color=ROADMAP)
    return Reply(embed=embed, view=rows([guide_menu(pack, user_id)], [back_button("My road", user_id)]))


def chapter_page(chapter: Chapter, pack: Pack, user_id: int) -> Reply:
    """Return a chapter's page for one member."""
    topic_ids = list(dict.fromkeys(topic_id for item in chapter.items for topic_id in item.topics))[:25]
    topics = [option(pack.topics[one].title, one, pack.stage_of[one].title) for one in topic_ids]
    return Reply(
        embed=chapter_embed(chapter),
        view=rows(
            [menu("Topics that teach this", GuideTopics(owner=user_id), topics)] if topics else [],
            [guide_menu(pack, user_id)],
            [
                back_button("My road", user_id),
                button("Share", GuideShare(chapter_id=chapter.id, owner=user_id)),
            ],
        ),
    )


def shared_chapter(chapter: Chapter, user_id: int) -> Reply:
    """Return a chapter's page as the whole channel sees it."""
    view = rows([button("Open it for me", OpenChapter(chapter_id=chapter.id))])
    return Reply(f"<@{user_id}> shares a chapter of the guide.", chapter_embed(chapter), view)


def chapter_embed(chapter: Chapter) -> discord.Embed:
    """Return a chapter's text."""
    parts = [chapter.lead]
    for item in chapter.items:
        parts += ["", f"**{item.title}**", *_item(item)]
    if chapter.closing:
        parts += ["", chapter.closing]
    return discord.Embed(title=chapter.title, description="\n".join(parts), color=ROADMAP)


def _item(item: GuideItem) -> list[str]:
    lines = [item.text]
    if item.solution:
        lines.append(f"*What helps:* {item.solution}")
    if item.figure:
        lines.append(source_line(item.figure))
    if item.link:
        lines.append(f"[{item.link.title}]({item.link.url})")
    return lines


def source_line(figure: Figure) -> str:
    """Return where a figure comes from and how old it is."""
    return f"According to {figure.according_to}, {figure.as_of}"
