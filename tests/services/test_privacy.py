"""Deletion of a member and of a guild, and the export: every column of every table is looked at."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select

from bot.domain.board import Window
from bot.domain.entry import Kind
from bot.domain.guard import RUNS, unguarded
from bot.domain.letter import Letter, LetterKind, LetterState
from bot.domain.points import USUAL, Reason
from bot.domain.report import Thing
from bot.services.names import NamesService
from bot.services.points import Earning, adjust, earn, rebuild_all
from bot.services.privacy import PrivacyService
from bot.services.retention import RetentionService
from bot.storage import audit, board, group, letter, member, report, roadmap, suggest, thanks
from bot.storage.database import Database
from bot.storage.group import Group
from bot.storage.privacy import HOLDINGS
from bot.storage.schema import Snowflake
from bot.storage.tables import metadata
from tests.fakes.clock import FakeClock
from tests.hostile import CORPUS
from tests.storage.test_guilds_apart import fill

HERE, THERE = 900000000000000011, 900000000000000012
ANA, BEN, MO = 700000000000000021, 700000000000000022, 700000000000000023
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NO_PERSON = {"guild_id", "channel_id", "message_id", "thread_id", "role_id", "board_id", "interaction_id"}
OTHER_IDS = {
    "moderator_role_id", "moderator_channel_id", "welcome_channel_id", "showcase_channel_id", "ping_role_id",
    "pinned_message_id",
}  # fmt: skip


@pytest.fixture
def privacy(database: Database, clock: FakeClock) -> PrivacyService:
    return PrivacyService(database, NamesService(database, clock), clock)


def mentions(tx: Connection, who: int) -> Iterator[str]:
    """Yield each table and column in which an id stands, as a number or within a text."""
    for table in metadata.sorted_tables:
        for row in tx.execute(select(table)).mappings():
            for name, value in row.items():
                if str(who) in (value.decode(errors="replace") if isinstance(value, bytes) else str(value)):
                    yield f"{table.name}.{name}"


def live(tx: Connection) -> None:
    """Fill every table with Ana, and with what names her beside: as giver, receiver, moderator and captain."""
    fill(tx, HERE, ANA)
    fill(tx, HERE, BEN)
    thanks.add(tx, HERE, BEN, 31, ANA, counted=True, now=NOW)
    thanks.add(tx, HERE, ANA, 32, BEN, counted=True, now=NOW)
    earn(tx, USUAL, HERE, BEN, Earning(Reason.THANKS, f"32:{ANA}"), NOW)
    adjust(tx, HERE, BEN, 5, "for the talk", ANA, NOW)
    report.put(tx, HERE, MO, Thing(number=1, author_id=ANA), "rude", NOW)
    quoting = suggest.NewSuggestion(BEN, Kind.PROMPT, {"prompt": "Why?"}, source="31", author_id=ANA)
    suggest.add(tx, HERE, quoting, NOW)
    group.leave(tx, HERE, ANA)
    group.join(tx, HERE, ANA, 1, NOW)
    earn(tx, USUAL, HERE, ANA, Earning(Reason.EVIDENCE, "link"), NOW)
    audit.add(tx, HERE, MO, "report.removed", f"answer:1:{ANA}", NOW)
    group.add(tx, Group(HERE, 0, "Empty", None, 4, True, ANA, None, None, NOW))


def test_every_table_and_every_column_with_an_id_is_judged() -> None:
    assert sorted(one.table for one in HOLDINGS) == sorted(metadata.tables), (
        "What to do: say in HOLDINGS of bot/storage/privacy.py what the table holds about a member."
    )
    named = {f"{one.table}.{column}" for one in HOLDINGS for column in (*one.deleted, *one.unnamed, *one.acted)}
    ids = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if column.type is Snowflake and column.name not in NO_PERSON | OTHER_IDS
    }
    assert ids == named, "What to do: name the column in HOLDINGS, or among the ids above that are of no person."


async def test_after_deletion_no_column_of_any_table_names_the_member(
    database: Database, privacy: PrivacyService
) -> None:
    await database.write(live)
    before = set(await database.read(lambda tx: list(mentions(tx, ANA))))
    promised = {f"{one.table}.{name}" for one in HOLDINGS for name in (*one.deleted, *one.unnamed)}
    assert promised <= before, "the test fills too little"
    texts = {f"{one.table}.{name}" for one in HOLDINGS for name in (*one.texts, *one.quoted)}
    assert texts | {"group.captain_id", "points.by_user_id"} <= before, "the test fills too little"
    await privacy.delete(HERE, ANA)
    assert await database.read(lambda tx: list(mentions(tx, ANA))) == []
    assert dict(await privacy.kept(HERE, ANA)) == {}
    assert (await privacy.export(HERE, ANA)).rows == 0
    assert (await privacy.kept(HERE, BEN))["thanks"] > 0


async def test_what_is_kept_elsewhere_stays(database: Database, privacy: PrivacyService) -> None:
    await database.write(lambda tx: fill(tx, THERE, ANA))
    before = await privacy.kept(THERE, ANA)
    await database.write(live)
    await privacy.delete(HERE, ANA)
    assert await privacy.kept(THERE, ANA) == before


async def test_sums_and_boards_stay_right_by_an_anonymous_row(database: Database, privacy: PrivacyService) -> None:
    def study(tx: Connection) -> None:
        for who in (ANA, BEN, MO):
            member.ensure(tx, HERE, who, NOW)
        made = group.add(tx, Group(HERE, 0, "Evening", None, 4, True, ANA, None, None, NOW))
        for who, topics in ((ANA, 3), (BEN, 1), (MO, 2)):
            if who != MO:
                group.join(tx, HERE, who, made.group_id, NOW)
            for number in range(topics):
                earn(tx, USUAL, HERE, who, Earning(Reason.TOPIC, f"t{number}", hours=2), NOW)

    def boards(tx: Connection) -> tuple[list[tuple[int, int]], list[board.GroupTotal]]:
        board_id = board.find(tx, HERE, Window.WEEK, NOW.date())
        assert board_id is not None
        return [(one.who, one.score) for one in board.top(tx, board_id, 9)], board.group_totals(tx, board_id)

    await database.write(study)
    lines, totals = await database.read(boards)
    assert [who for who, _ in lines] == [ANA, MO, BEN]
    await privacy.delete(HERE, ANA)
    after, totals_after = await database.read(boards)
    assert after == [line for line in lines if line[0] != ANA]
    assert totals_after == totals
    assert [one.same async for one in rebuild_all(database)] == [True]
    assert await database.read(boards) == (after, totals)
    led = await database.read(lambda tx: group.get(tx, HERE, 1))
    assert led is not None
    assert led.captain_id == BEN
    # a second one is told apart from the first, or their shares would become one
    await privacy.delete(HERE, BEN)
    assert (await database.read(boards))[1] == totals


async def test_the_press_that_deletes_does_not_bring_the_name_back(database: Database, clock: FakeClock) -> None:
    names = NamesService(database, clock)
    names.note(HERE, ANA, "Ana")
    await PrivacyService(database, names, clock).delete(HERE, ANA)
    await names.write()
    assert await database.read(lambda tx: list(mentions(tx, ANA))) == []
    names.note(HERE, ANA, "Ana")
    await names.write()
    assert await database.read(lambda tx: member.get(tx, HERE, ANA)) is not None


async def test_the_export_holds_every_row_and_names_nobody_else(database: Database, privacy: PrivacyService) -> None:
    await database.write(live)
    made = await privacy.export(HERE, ANA)
    kept = json.loads(made.as_json)["kept"]
    assert sum(map(len, kept.values())) == made.rows == sum((await privacy.kept(HERE, ANA)).values())
    assert kept["topic_note"][0]["text"] == "mine"
    assert kept["member"][0]["user_id"] == str(ANA)
    for text in (made.as_json.decode(), made.as_csv.decode("utf-8-sig")):
        assert str(ANA) in text
        assert str(BEN) not in text
        assert str(MO) not in text
    lines = list(csv.DictReader(io.StringIO(made.as_csv.decode("utf-8-sig"))))
    assert {(one["table"], one["row"]) for one in lines} == {
        (name, str(number)) for name, rows in kept.items() for number in range(1, len(rows) + 1)
    }


async def test_f53_no_cell_of_the_export_is_a_formula(database: Database, privacy: PrivacyService) -> None:
    await database.write(lambda tx: roadmap.put_note(tx, HERE, ANA, "a", "=cmd|' /C calc'!A0", NOW))
    made = await privacy.export(HERE, ANA)
    (cell,) = [
        one["value"] for one in csv.DictReader(io.StringIO(made.as_csv.decode("utf-8-sig"))) if one["column"] == "text"
    ]
    assert cell == "'=cmd|' /C calc'!A0"


async def test_f53_no_hostile_text_becomes_a_formula_or_a_cell_more_in_the_export(
    database: Database, privacy: PrivacyService
) -> None:
    texts = [*CORPUS.values(), *(f"{sign}1+1" for sign in RUNS)]
    for number, text in enumerate(texts):
        await database.write(lambda tx, n=number, t=text: roadmap.put_note(tx, HERE, ANA, f"topic-{n}", t, NOW))
    made = await privacy.export(HERE, ANA)
    lines = list(csv.reader(io.StringIO(made.as_csv.decode("utf-8-sig"), newline="")))
    assert {len(one) for one in lines} == {4}
    assert [cell for line in lines for cell in line if cell[:1] and cell[0] in RUNS] == []
    assert {unguarded(one[3]) for one in lines if one[2] == "text"} >= {
        # PostgreSQL keeps no NUL in a text
        text.replace("\0", "\ufffd") if database.path is None else text
        for text in texts
    }, "and nothing of it is lost"


async def test_a_guild_goes_30_days_after_the_bots_removal_and_not_before(database: Database, clock: FakeClock) -> None:
    service = RetentionService(database, clock)
    await database.write(lambda tx: fill(tx, HERE, ANA))
    await database.write(lambda tx: fill(tx, THERE, BEN))
    for one in (HERE, THERE):
        await service.note_back(one)
    await service.note_removed(HERE)
    clock.move(days=29, hours=23)
    await service.note_removed(HERE)  # told again, by a restart: the first time holds
    await service.tick()
    assert await database.read(lambda tx: list(mentions(tx, HERE)))
    clock.move(hours=1)
    there = await database.read(lambda tx: len(list(mentions(tx, THERE))))
    await service.tick()
    assert await database.read(lambda tx: list(mentions(tx, HERE)) + list(mentions(tx, ANA))) == []
    assert await database.read(board.guilds) == [THERE]
    assert await database.read(lambda tx: len(list(mentions(tx, THERE)))) > there // 2


async def test_who_comes_back_in_time_finds_everything(database: Database, clock: FakeClock) -> None:
    service = RetentionService(database, clock)
    await database.write(lambda tx: member.ensure(tx, HERE, ANA, NOW))
    await database.write(lambda tx: member.ensure(tx, THERE, ANA, NOW))
    await service.compare([THERE])
    clock.move(days=20)
    await service.compare([HERE, THERE])
    clock.move(days=20)
    await service.tick()
    assert await database.read(lambda tx: member.get(tx, HERE, ANA)) is not None
    await service.compare([THERE])
    clock.move(days=30)
    await service.tick()
    assert await database.read(lambda tx: (member.get(tx, HERE, ANA), member.get(tx, THERE, ANA) is None)) == (
        None,
        False,
    )


async def test_old_records_are_forgotten_in_time(database: Database, clock: FakeClock) -> None:
    def left(tx: Connection) -> dict[str, int]:
        return {
            name: len(tx.execute(select(metadata.tables[name])).all())
            for name in ("audit", "form", "faq_gap", "letter")
        }

    await database.write(lambda tx: fill(tx, HERE, ANA))
    await database.write(
        lambda tx: letter.settle(
            tx, Letter(HERE, 1, ANA, LetterKind.DECLINED, "prompt", "What?", "", NOW), LetterState.TOLD
        )
    )
    service = RetentionService(database, clock)
    await service.note_back(HERE)
    assert all((await database.read(left)).values())
    for days, gone in (
        (6, set[str]()),
        (2, {"form"}),
        (83, {"form", "letter"}),
        (90, {"form", "letter", "faq_gap"}),
        (185, {"form", "letter", "faq_gap", "audit"}),
    ):
        clock.move(days=days)
        await service.tick()
        now = await database.read(left)
        assert {name for name, number in now.items() if not number} == gone
