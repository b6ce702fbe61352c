"""The picture of a study group, for its members and who looks after it; the page's words say the same."""

from __future__ import annotations

from typing import Final

from bot.domain.card import GroupCard, GroupMember
from bot.services.group_page import GroupPage, MemberLine
from bot.ui.reply import Picture, Reply
from bot.ui.text import hours

FILE: Final = "group.png"


def group_card(found: GroupPage, user_id: int) -> GroupCard | None:
    """Return what the picture of a group shows to a person; None to whom its members' weeks are not shown."""
    if not found.lines or not (found.is_member or found.cares):
        return None
    group, week = found.group, found.week
    how = "open to everybody" if group.is_open else "by invitation"
    common = found.common
    return GroupCard(
        name=" ".join(filter(None, (group.emoji, group.name))),
        subtitle=f"{found.size} of {group.size_limit} members · {how}",
        week=tuple(
            (f"{number:,}", word if number == 1 else f"{word}s")
            for number, word in ((week.points, "point"), (week.topics, "topic"), (week.prompts, "prompt"))
        ),
        members=tuple(
            _member(line, found.captain_id, user_id) for line in sorted(found.lines, key=lambda line: -line.percent)
        ),
        stages=found.stages,
        meaning=f"Next together: {common.topic.title} · {hours(common.topic.hours)}" if common is not None else "",
    )


def pictured(reply: Reply, card: GroupCard | None, png: bytes | None) -> Reply:
    """Return a group's page with its picture; as it is where there is none."""
    if card is None or png is None or reply.embed is None:
        return reply
    reply.embed.set_image(url=f"attachment://{FILE}")
    week = ", ".join(f"{figure} {word}" for figure, word in card.week)
    members = "; ".join(f"{one.name or 'a member'} {one.percent} %" for one in card.members)
    alt = f"{card.name}. {card.subtitle}. This week {week}. {members}. {card.meaning}".strip()
    return Reply(reply.content, reply.embed, reply.view, Picture(png, FILE, alt))


def _member(line: MemberLine, captain_id: int, user_id: int) -> GroupMember:
    return GroupMember(
        name=line.name or "",
        stage=line.stage.order if line.stage is not None else None,
        percent=line.percent,
        points=line.week.points if line.week is not None else None,
        captain=line.user_id == captain_id,
        mine=line.user_id == user_id,
    )
