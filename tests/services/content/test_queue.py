"""What waits for moderators, through the services: limits, races, and one transaction for each act."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.entry import Kind
from bot.domain.report import Thing
from bot.domain.suggest import MOST_A_DAY
from bot.errors import BadInputError, NotFoundError, SyllabotError
from bot.search.alike import alike, nearest
from bot.services.gap import GapService
from bot.services.report import ReportService
from bot.services.suggest import SuggestService
from bot.storage import audit, faq
from tests.services.content.conftest import GUILD, LEA, MO, OTHER_GUILD, Desk

ANA, BEN = 31, 32
PROMPT = {"title": "Explain a p-value", "text": "Explain it to a friend in three sentences."}


def suggesting(desk: Desk) -> SuggestService:
    """Return the service of suggestions."""
    return SuggestService(desk.database, desk.entries, desk.clock)


async def test_ten_a_day_and_more_tomorrow(desk: Desk) -> None:
    service = suggesting(desk)
    for i in range(MOST_A_DAY):
        await service.suggest(GUILD, ANA, Kind.PROMPT, {**PROMPT, "title": f"Number {i}"})
    with pytest.raises(BadInputError, match="within a day"):
        await service.suggest(GUILD, ANA, Kind.PROMPT, {**PROMPT, "title": "One more"})
    await service.suggest(GUILD, BEN, Kind.PROMPT, {**PROMPT, "title": "Of another"})
    desk.clock.move(days=1)
    assert (await service.suggest(GUILD, ANA, Kind.PROMPT, {**PROMPT, "title": "One more"})).left == MOST_A_DAY - 1
    assert (await service.queue(OTHER_GUILD)).of == 0
    second = await service.queue(GUILD, 1)
    assert (second.of, len(second.shown), second.index) == (12, 2, 1)


async def test_sent_twice_it_waits_once(desk: Desk) -> None:
    service = suggesting(desk)
    await service.suggest(GUILD, ANA, Kind.PROMPT, PROMPT)
    page = await service.suggest(GUILD, ANA, Kind.PROMPT, PROMPT)
    assert page.left == MOST_A_DAY - 1
    assert (await service.queue(GUILD)).of == 1


async def test_two_moderators_approve_at_once(desk: Desk) -> None:
    service = suggesting(desk)
    await service.suggest(GUILD, ANA, Kind.PROMPT, PROMPT)
    both = await asyncio.gather(service.approve(GUILD, MO, 1), service.approve(GUILD, LEA, 1), return_exceptions=True)
    assert sum(isinstance(one, SyllabotError) for one in both) == 1
    assert [one.act for one in await desk.history.history(GUILD)] == ["edit"]
    news = (await service.page(GUILD, ANA)).news
    assert len(news) == 1, "its author is told once"
    with pytest.raises(NotFoundError, match="already"):
        await service.decline(GUILD, MO, 1, "no")


async def test_an_approval_that_is_refused_changes_nothing(desk: Desk) -> None:
    service = suggesting(desk)
    await service.suggest(GUILD, ANA, Kind.PROMPT, PROMPT)
    await desk.entries.add(GUILD, MO, Kind.PROMPT, PROMPT, 0)
    with pytest.raises(BadInputError, match="already"):
        await service.approve(GUILD, MO, 1)
    assert (await service.queue(GUILD)).of == 1
    assert (await service.page(GUILD, ANA)).news == ()
    acts = [one.act for one in await desk.database.read(lambda tx: audit.recent(tx, GUILD, 9))]
    assert acts == ["content.edit"]


async def test_every_decision_stands_in_the_audit(desk: Desk) -> None:
    service = suggesting(desk)
    reports = ReportService(desk.database, desk.entries, desk.clock)
    gaps = GapService(desk.database, desk.entries, desk.clock)
    await service.suggest(GUILD, ANA, Kind.PROMPT, PROMPT)
    await service.approve(GUILD, MO, 1)
    await service.suggest(GUILD, ANA, Kind.PROMPT, {**PROMPT, "title": "Another"})
    await service.decline(GUILD, MO, 2, "We have it")
    await reports.report(GUILD, ANA, Thing("need-a-degree"), "")
    await reports.keep(GUILD, MO, Thing("need-a-degree"))
    now = desk.clock.now()
    await desk.database.write(lambda tx: faq.log_gap(tx, GUILD, "where is the key", now, passed_on=False))
    (group,) = await gaps.gaps(GUILD)
    await gaps.dismiss(GUILD, MO, group.mark)
    found = await desk.database.read(lambda tx: audit.recent(tx, GUILD, 9))
    acts = {one.act for one in found}
    assert acts == {"content.edit", "suggestion.approve", "suggestion.decline", "report.kept", "gap.dismiss"}
    assert not any("key" in one.subject for one in found), "never what a member wrote"


async def test_a_report_is_one_a_person_and_counts_with_others(desk: Desk) -> None:
    reports = ReportService(desk.database, desk.entries, desk.clock)
    thing = Thing("need-a-degree")
    await reports.report(GUILD, ANA, thing, "dead link")
    await reports.report(GUILD, BEN, thing, "")
    with pytest.raises(BadInputError, match="already"):
        await reports.report(GUILD, ANA, thing, "again")
    page = await reports.page(GUILD, thing)
    assert (page.reported.times, page.reported.reasons) == (2, ("dead link",))
    await reports.remove(GUILD, MO, thing, page.seen)
    with pytest.raises(NotFoundError):
        await reports.remove(GUILD, LEA, thing, page.seen + 1)
    with pytest.raises(NotFoundError):
        await reports.report(GUILD, ANA, Thing("no-such-entry"), "")


def test_questions_are_grouped_by_their_likeness() -> None:
    asked = [
        "where is the seminar room",
        "how do i install conda",
        "where the seminar room is",
        "install conda how do i",
    ]
    assert alike(asked) == [[0, 2], [1, 3]]
    assert alike([]) == []
    assert nearest("", asked, 5) == []
    assert nearest("The seminar room is where the lift is.", asked, 1)[0] in {asked[0], asked[2]}


async def test_what_means_something_else_stays_apart(desk: Desk) -> None:
    entries, _ = await desk.entries.entries(GUILD, Kind.FAQ)
    questions = [one.title for one in entries]
    together = [[questions[i] for i in group] for group in alike(questions) if len(group) > 1]
    assert together == [], "no two of the pack's questions are taken for one"
