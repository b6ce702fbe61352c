"""Loading: nothing changes before Apply, all of it or nothing does then, and everything can be taken back."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import Connection

from bot.domain.draft import FileRequest, Format
from bot.domain.entry import LOADABLE, Kind
from bot.domain.plan_row import Verdict
from bot.domain.roadmap import Act, Change, Mark, State
from bot.errors import BadInputError, ContentChangedError, NotFoundError
from bot.storage import audit, content_draft, member, roadmap
from bot.storage import content as store
from tests.services.content.conftest import GUILD, LEA, MO, OTHER_GUILD, Desk

QA = "question,answer\nWhat is SGD?,Steps down the hill.\nWhat is Adam?,Steps with a memory.\n"


async def test_a_report_changes_nothing(desk: Desk) -> None:
    report = await desk.inspected(QA)
    assert report.plan.count(Verdict.NEW) == 2
    assert await desk.packs.of(GUILD) is desk.packs.shipped
    assert await desk.history.history(GUILD) == []


async def test_applied_content_is_there_at_once_and_in_this_server_alone(desk: Desk) -> None:
    applied = await desk.loaded(QA)
    assert (applied.number, applied.changed) == (1, 3)
    own = await desk.packs.of(GUILD)
    assert {"What is SGD?", "What is Adam?"} <= {entry.question for entry in own.entries.values()}
    assert await desk.packs.of(OTHER_GUILD) is desk.packs.shipped
    assert await desk.packs.of(GUILD) is own, "compiled once"


async def test_the_same_file_again_changes_nothing_and_says_so(desk: Desk) -> None:
    await desk.loaded(QA)
    report = await desk.inspected(QA)
    assert (report.plan.count(Verdict.SAME), report.plan.changes) == (2, ())
    applied = await desk.content.apply(GUILD, MO, report.number, report.version)
    assert (applied.number, applied.changed) == (None, 0)
    assert len(await desk.history.history(GUILD)) == 1


async def test_pressing_apply_twice_applies_once(desk: Desk) -> None:
    report = await desk.inspected(QA)
    first = await desk.content.apply(GUILD, MO, report.number, report.version)
    again = await desk.content.apply(GUILD, MO, report.number, report.version)
    assert (again.number, again.changed) == (first.number, 0)


async def test_the_second_of_two_moderators_is_told_that_things_changed(desk: Desk) -> None:
    mine = await desk.inspected(QA)
    hers = await desk.content.inspect(GUILD, LEA, FileRequest("b.csv", QA.replace("memory", "past").encode()))
    await desk.content.apply(GUILD, MO, mine.number, mine.version)
    with pytest.raises(ContentChangedError, match=f"<@{MO}>"):
        await desk.content.apply(GUILD, LEA, hers.number, hers.version)
    fresh = await desk.content.report(GUILD, hers.number)
    assert (fresh.plan.count(Verdict.SAME), fresh.plan.count(Verdict.CHANGED)) == (1, 1)
    assert (await desk.content.apply(GUILD, LEA, hers.number, fresh.version)).changed == 1


async def test_bad_entries_stop_a_load_unless_they_are_left_out(desk: Desk) -> None:
    report = await desk.inspected(f"{QA}What is nothing?,\n")
    with pytest.raises(BadInputError, match="1 of the entries"):
        await desk.content.apply(GUILD, MO, report.number, report.version)
    applied = await desk.content.apply(GUILD, MO, report.number, report.version, good_only=True)
    assert applied.changed == 3


async def test_a_file_that_was_decided_about_waits_no_longer(desk: Desk) -> None:
    first = await desk.inspected(QA)
    await desk.content.cancel(GUILD, first.number)
    with pytest.raises(NotFoundError):
        await desk.content.apply(GUILD, MO, first.number, first.version)
    second = await desk.inspected(QA)
    assert second.number > first.number, "an old button never meets a new file"
    assert await desk.database.write(lambda tx: content_draft.drop_old(tx, desk.clock.now())) == 0
    desk.clock.move(days=2)
    assert await desk.database.write(lambda tx: content_draft.drop_old(tx, desk.clock.now())) == 1


async def test_a_file_of_another_server_is_not_found(desk: Desk) -> None:
    report = await desk.inspected(QA)
    with pytest.raises(NotFoundError):
        await desk.content.apply(OTHER_GUILD, MO, report.number, report.version)


async def test_a_load_that_fails_on_its_way_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    report = await desk.inspected(QA)

    def broken(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(audit, "add", broken)
        with pytest.raises(RuntimeError):
            await desk.content.apply(GUILD, MO, report.number, report.version)
    assert await desk.database.read(lambda tx: store.count(tx, GUILD)) == 0
    assert (await desk.content.apply(GUILD, MO, report.number, report.version)).number == 1


async def test_rolled_back_content_is_what_it_was_and_progress_was_never_touched(desk: Desk) -> None:
    done = Change("vectors-matrices", Mark(), Mark(State.DONE))

    def study(tx: Connection) -> None:
        member.ensure(tx, GUILD, LEA, desk.clock.now())
        roadmap.record(tx, GUILD, LEA, Act.MARK, [done], desk.clock.now())

    await desk.database.write(study)
    report = await desk.inspected("id,title,hours,why\nfour,Four,2,Because.\n", kind=Kind.TOPIC)
    replacing = await desk.content.report(GUILD, report.number, replace_all=True)
    assert replacing.members == 1
    assert replacing.plan.count(Verdict.RETIRED) == 66
    applied = await desk.content.apply(GUILD, MO, report.number, report.version, replace_all=True)
    assert applied.number is not None
    assert list((await desk.packs.of(GUILD)).topics) == ["four"]
    marks = await desk.database.read(lambda tx: roadmap.marks(tx, GUILD, LEA))
    assert marks == {"vectors-matrices": done.after}
    back, version = await desk.history.undoing(GUILD, applied.number)
    assert back.conflicts == ()
    await desk.history.rollback(GUILD, MO, applied.number, version)
    assert await desk.packs.of(GUILD) is desk.packs.shipped
    assert await desk.database.read(lambda tx: roadmap.marks(tx, GUILD, LEA)) == marks


async def test_a_rollback_can_be_pressed_twice_and_taken_back_itself(desk: Desk) -> None:
    await desk.loaded(QA)
    first = await desk.history.rollback(GUILD, MO, 1, 1)
    assert (await desk.history.rollback(GUILD, MO, 1, 1)).number == first.number
    with pytest.raises(NotFoundError, match="rolled back already"):
        await desk.history.rollback(GUILD, MO, 1, 2)
    await desk.history.rollback(GUILD, MO, 2, 2)
    assert "what-is-sgd" in (await desk.packs.of(GUILD)).entries
    assert [(one.act, one.undoes, one.undone_by) for one in await desk.history.history(GUILD)] == [
        ("rollback", 2, None),
        ("rollback", 1, 3),
        ("load", None, 2),
    ]


async def test_an_older_load_is_taken_back_without_what_came_after(desk: Desk) -> None:
    await desk.loaded(QA)
    await desk.loaded("question,answer\nWhat is SGD?,A later answer.\nWhat is momentum?,A memory of steps.\n")
    applied = await desk.history.rollback(GUILD, MO, 1, 2)
    assert [(one.entry_id, one.field) for one in applied.conflicts] == [("what-is-sgd", "answer")]
    questions = {entry.question: entry.answer for entry in (await desk.packs.of(GUILD)).entries.values()}
    assert questions["What is SGD?"] == "A later answer."
    assert "What is momentum?" in questions
    assert "What is Adam?" not in questions


async def test_every_act_is_in_the_audit_and_the_loads_add_up(desk: Desk) -> None:
    await desk.loaded(QA)
    await desk.history.rollback(GUILD, MO, 1, 1)
    row, version = await desk.entries.check(GUILD, Kind.FAQ, {"question": "Who?", "answer": "We."})
    assert row.verdict is Verdict.NEW
    await desk.entries.edit(GUILD, LEA, Kind.FAQ, {"question": "Who?", "answer": "We."}, version)
    await desk.entries.retire(GUILD, LEA, Kind.FAQ, "what-math-do-i-need", version + 1)
    acts = await desk.database.read(lambda tx: audit.recent(tx, GUILD, 9))
    assert [(one.actor_id, one.act, one.subject) for one in acts] == [
        (LEA, "content.retire", "load 4"),
        (LEA, "content.edit", "load 3"),
        (MO, "content.rollback", "load 2"),
        (MO, "content.load", "load 1"),
    ]
    content, _ = await desk.packs.content(GUILD)
    assert await desk.database.read(lambda tx: store.rebuilt_patches(tx, GUILD)) == content.patches


@pytest.mark.parametrize("kind", LOADABLE)
@pytest.mark.parametrize("written_as", [Format.YAML, Format.TABLE, Format.MARKDOWN])
async def test_an_export_loads_back_as_the_same(desk: Desk, kind: Kind, written_as: Format) -> None:
    await desk.loaded(
        'id,question,phrasings,answer\nhard-one,"Why ""="" or {0}?","=1; 2\n","=A & <b>B</b>\n\n## C\n- d"\n'
        "second,How?,,'=x\n"
    )
    await desk.loaded("title,url,note\n=Book,https://a.org/x?a=1&b=2,@note\n", "b.csv")
    ending = {Format.YAML: "a.yaml", Format.TABLE: "a.csv", Format.MARKDOWN: "a.md"}[written_as]
    if written_as is Format.MARKDOWN and kind not in {Kind.FAQ, Kind.PROMPT}:
        with pytest.raises(BadInputError):
            await desk.entries.export(GUILD, kind, written_as)
        return
    total = 0
    for data in await desk.entries.export(GUILD, kind, written_as):
        if written_as is Format.TABLE:
            cells = [cell for row in csv.reader(io.StringIO(data.decode())) for cell in row]
            assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t"} and cell]
        report = await desk.inspected(data, ending, kind)
        assert [row for row in report.plan.rows if row.verdict is not Verdict.SAME] == []
        total += len([row for row in report.plan.rows if row.kind is kind])
    entries, _ = await desk.entries.entries(GUILD, kind)
    assert total == len(entries)


async def test_a_canonical_export_is_the_same_to_the_byte_after_it_was_loaded(desk: Desk) -> None:
    await desk.loaded(QA)
    files = await desk.entries.export(GUILD, Kind.FAQ, Format.YAML)
    await desk.history.rollback(GUILD, MO, 1, 1)
    for data in files:
        await desk.loaded(data, "a.yaml")
    assert await desk.entries.export(GUILD, Kind.FAQ, Format.YAML) == files


@pytest.mark.parametrize("kind", LOADABLE)
async def test_a_template_is_a_good_file(desk: Desk, kind: Kind) -> None:
    for written_as, name in ((Format.YAML, "a.yaml"), (Format.TABLE, "a.csv")):
        report = await desk.inspected(await desk.entries.template(kind, written_as), name)
        assert report.draft.kind is kind
        assert report.plan.count(Verdict.BAD) == 0
        assert report.plan.count(Verdict.NEW) == 1
