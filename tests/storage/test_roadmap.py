"""Progress as it is kept: the log that only grows, the marks made from it, and undo."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, select

from bot.domain.roadmap import Act, Change, Mark, State
from bot.storage import roadmap as store
from bot.storage.database import Database

GUILD, OTHER_GUILD, ANA, BEN = 11, 12, 21, 22
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOPICS: Final = ("a", "b", "c", "d")
NOTHING: Final = Mark()
DONE: Final = Mark(State.DONE)
KNOWN: Final = Mark(State.KNOWN)

Marks: TypeAlias = dict[str, Mark]
Step: TypeAlias = tuple[Act, Marks]
"""An act and the marks it asks for; an undo asks for none."""

fresh_user = itertools.count(1000)


def act(tx: Connection, step: Step, guild_id: int = GUILD, user_id: int = ANA) -> store.RecordedAct | None:
    """Do one step as a service would; return what was taken back, if anything was."""
    what, wanted = step
    if what is Act.UNDO:
        last = store.last_act(tx, guild_id, user_id)
        if last is not None:
            store.take_back(tx, guild_id, user_id, last, NOW)
        return last
    now = store.marks(tx, guild_id, user_id)
    if what is Act.RESET:
        wanted = dict.fromkeys(now, NOTHING)
    changes = [Change(topic, now.get(topic, NOTHING), mark) for topic, mark in wanted.items()]
    store.record(tx, guild_id, user_id, what, changes, NOW)
    return None


def mark(topic: str, to: Mark = DONE) -> Step:
    return Act.MARK, {topic: to}


UNDO: Final[Step] = (Act.UNDO, {})
RESET: Final[Step] = (Act.RESET, {})


async def after(database: Database, *steps: Step) -> list[Marks]:
    """Return Ana's marks after each step."""
    seen: list[Marks] = []
    for step in steps:
        await database.write(lambda tx, step=step: act(tx, step))
        seen.append(await database.read(lambda tx: store.marks(tx, GUILD, ANA)))
    return seen


async def test_undo_takes_back_again_and_again_and_then_nothing(database: Database) -> None:
    evidence = Mark(State.DONE, "https://example.org/a")
    seen = await after(database, mark("a"), mark("a", evidence), mark("b", KNOWN), UNDO, UNDO, UNDO, UNDO)
    assert seen == [{"a": DONE}, {"a": evidence}, {"a": evidence, "b": KNOWN}, {"a": evidence}, {"a": DONE}, {}, {}]


async def test_undo_after_new_marks_takes_the_new_ones_and_then_goes_on_below(database: Database) -> None:
    seen = await after(database, mark("a"), mark("b"), mark("c"), UNDO, UNDO, mark("d"), UNDO, UNDO, UNDO)
    assert seen[4:] == [{"a": DONE}, {"a": DONE, "d": DONE}, {"a": DONE}, {}, {}]


async def test_an_act_of_many_topics_is_undone_as_one(database: Database) -> None:
    placement: Step = (Act.PLACEMENT, {"a": KNOWN, "b": KNOWN, "c": KNOWN})
    seen = await after(database, mark("a"), placement, RESET, UNDO, UNDO)
    assert seen[2:] == [{}, {"a": KNOWN, "b": KNOWN, "c": KNOWN}, {"a": DONE}]


async def test_an_undo_names_what_it_takes_back(database: Database) -> None:
    await after(database, mark("a"), mark("b"), UNDO, UNDO)
    rows = await database.read(
        lambda tx: tx.execute(select(store.progress_act.c.number, store.progress_act.c.undoes)).all()
    )
    assert [tuple(row) for row in rows] == [(1, None), (2, None), (3, 2), (4, 1)]


async def test_undo_touches_nobody_else(database: Database) -> None:
    def others(tx: Connection) -> list[Marks]:
        return [store.marks(tx, OTHER_GUILD, ANA), store.marks(tx, GUILD, BEN)]

    await database.write(lambda tx: act(tx, mark("a"), OTHER_GUILD, ANA))
    await database.write(lambda tx: act(tx, mark("a"), GUILD, BEN))
    assert await after(database, mark("a"), UNDO, UNDO) == [{"a": DONE}, {}, {}]
    assert await database.read(others) == [{"a": DONE}, {"a": DONE}]


def _logged(tx: Connection, table: Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in tx.execute(select(table).order_by(*table.primary_key))]


def _log_of(tx: Connection, user_id: int) -> tuple[list[tuple[Any, ...]], ...]:
    """Return one member's rows of both tables of the log."""
    tables = (store.progress_act, store.progress_change)
    return tuple([row for row in _logged(tx, table) if row[1] == user_id] for table in tables)


@dataclass(slots=True)
class Model:
    """What should be so, kept in the plainest way: every state of affairs that an undo could lead back to."""

    history: list[Marks] = field(default_factory=lambda: [{}])

    def act(self, step: Step) -> Marks:
        """Do one step and return the marks that should stand after it."""
        what, wanted = step
        if what is Act.UNDO:
            if len(self.history) > 1:
                self.history.pop()
            return self.history[-1]
        now = {} if what is Act.RESET else {**self.history[-1], **wanted}
        self.history.append({topic: one for topic, one in now.items() if one.state is not State.NOT_STARTED})
        return self.history[-1]


links = st.none() | st.just("https://example.org/x")
some_mark = st.sampled_from([state for state in State if state is not State.NOT_STARTED]).flatmap(
    lambda state: st.builds(Mark, st.just(state), links if state is State.DONE else st.none())
)
steps = st.lists(
    st.one_of(
        st.builds(mark, st.sampled_from(TOPICS), some_mark | st.just(NOTHING)),
        st.tuples(st.just(Act.PLACEMENT), st.dictionaries(st.sampled_from(TOPICS), some_mark)),
        st.just(UNDO),
        st.just(UNDO),
        st.just(RESET),
    ),
    max_size=16,
)


@given(steps)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
async def test_marks_are_what_the_log_says_whatever_was_done(database: Database, done: list[Step]) -> None:
    user_id, model = next(fresh_user), Model()
    before = await database.read(lambda tx: _log_of(tx, user_id))
    for step in done:
        await database.write(lambda tx, step=step: act(tx, step, GUILD, user_id))
        marks, rebuilt, log = await database.read(
            lambda tx: (store.marks(tx, GUILD, user_id), store.rebuilt_marks(tx, GUILD, user_id), _log_of(tx, user_id))
        )
        assert marks == rebuilt == model.act(step)
        for grown, was in zip(log, before, strict=True):
            assert grown[: len(was)] == was, "a row of the log has changed or gone"
        before = log
    while len(model.history) > 1:
        await database.write(lambda tx: act(tx, UNDO, GUILD, user_id))
        assert await database.read(lambda tx: store.marks(tx, GUILD, user_id)) == model.act(UNDO)
    assert await database.write(lambda tx: act(tx, UNDO, GUILD, user_id)) is None


async def test_no_statement_changes_or_removes_a_row_of_the_log(database: Database) -> None:
    def guard(tx: Connection) -> None:
        refuse = "BEGIN SELECT RAISE(ABORT, 'the log only grows'); END"
        if tx.dialect.name == "postgresql":
            body = "BEGIN RAISE EXCEPTION 'the log only grows'; END"
            tx.exec_driver_sql(f"CREATE OR REPLACE FUNCTION grows() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
            refuse = "FOR EACH ROW EXECUTE FUNCTION grows()"
        for table in (store.progress_act, store.progress_change):
            for deed in ("UPDATE", "DELETE"):
                tx.exec_driver_sql(f"CREATE TRIGGER {table.name}_{deed} BEFORE {deed} ON {table.name} {refuse}")

    await database.write(guard)
    evidence = Mark(State.DONE, "https://example.org/a")
    steps = (mark("a"), mark("a", evidence), (Act.PLACEMENT, {"a": KNOWN, "b": KNOWN}), UNDO, RESET, UNDO, mark("c"))
    assert (await after(database, *steps))[-1] == {"a": evidence, "c": DONE}


async def test_a_note_is_kept_replaced_and_removed(database: Database) -> None:
    async def put(text: str) -> str | None:
        await database.write(lambda tx: store.put_note(tx, GUILD, ANA, "a", text, NOW))
        return await database.read(lambda tx: store.note(tx, GUILD, ANA, "a"))

    assert [await put(text) for text in ("one", "two", "", "")] == ["one", "two", None, None]


async def test_everybodys_states_are_found_by_member(database: Database) -> None:
    await after(database, mark("a"), mark("b", KNOWN))
    await database.write(lambda tx: act(tx, mark("a", Mark(State.SKIPPED)), GUILD, BEN))
    assert await database.read(lambda tx: store.guild_marks(tx, GUILD)) == {
        ANA: {"a": State.DONE, "b": State.KNOWN},
        BEN: {"a": State.SKIPPED},
    }
