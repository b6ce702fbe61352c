"""A statement that was met before gives what SQLAlchemy gives, and fails as SQLAlchemy fails."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pytest
from sqlalchemy import (
    Column,
    Connection,
    CursorResult,
    Executable,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    bindparam,
    create_engine,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.exc import IntegrityError, InvalidRequestError, OperationalError, StatementError
from sqlalchemy.pool import StaticPool

from bot.storage import prepared
from bot.storage.prepared import Answer, PreparedConnection, plain_rows
from bot.storage.schema import Instant
from bot.storage.upsert import insert

NOW: Final = datetime(2026, 11, 23, 12, 30, 15, 250_001, UTC)
things: Final = Table(
    "things",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("name", Text, unique=True),
    Column("at", Instant),
    Column("made", Text, default="here"),
)
ADD: Final = insert(things)
ONE: Final = select(things).where(things.c.number == bindparam("which"))
SEVERAL: Final = select(things.c.name).where(things.c.number.in_(bindparam("among", expanding=True)))


@pytest.fixture
def tx() -> Generator[PreparedConnection]:
    raw = sqlite3.connect(":memory:", isolation_level=None)
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    connection = PreparedConnection(engine, raw)
    with connection.begin():
        things.create(connection)
        plain = [{"number": number, "name": f"the {number}th", "at": NOW, "made": "there"} for number in range(1, 6)]
        Connection.execute(connection, ADD, plain)
        Connection.execute(connection, ADD, {"number": 9, "name": None, "at": None, "made": None})
        yield connection
    raw.close()


def both(tx: PreparedConnection, statement: Executable, given: dict[str, Any]) -> list[Any]:
    """Return the rows that a statement gives the second time, which are those that it gives SQLAlchemy's own way."""
    own = tx.execute(statement, given)
    ready = tx.execute(statement, given)
    assert not isinstance(own, Answer)
    assert isinstance(ready, Answer), "it was not prepared"
    rows = own.mappings().all()
    assert ready.mappings().all() == rows
    return [tuple(row.values()) for row in rows]


def test_types_and_nothing_come_back_as_they_went_in(tx: PreparedConnection) -> None:
    assert both(tx, select(things).where(things.c.number == bindparam("which")), {"which": 3}) == [
        (3, "the 3th", NOW, "there")
    ]
    assert both(tx, select(things).where(things.c.number == bindparam("which")), {"which": 9}) == [
        (9, None, None, None)
    ]
    assert both(
        tx, select(func.count().label("times")).where(things.c.at == bindparam("when", type_=Instant)), {"when": NOW}
    ) == [(5,)]
    assert both(tx, select(things.c.name, things.c.at.label("then")).limit(1).offset(1), {}) == [("the 2th", NOW)]


def test_plain_rows_hold_values_as_they_are_to_be(tx: PreparedConnection) -> None:
    for columns in ((things.c.number, things.c.name), (things.c.number, things.c.at)):
        asked = select(*columns).order_by(things.c.number)
        tx.execute(asked, {})
        found = plain_rows(tx.execute(asked, {}))
        assert found == Connection.execute(tx, asked, {}).all()
        assert {type(row) for row in found} == ({tuple} if things.c.name in columns else {Row})


def test_what_is_written_into_a_statement_stays_in_it(tx: PreparedConnection) -> None:
    told = func.aggregate_strings(things.c.name + literal(":", literal_execute=True) + things.c.name, " ")
    asked = select(told).where(things.c.number <= bindparam("most"))
    answers = [tx.execute(asked, {"most": most}) for most in (0, 2, 3)]
    assert [type(one) is Answer for one in answers] == [False, True, True]
    assert [one.scalar() for one in answers[1:]] == [
        Connection.execute(tx, asked, {"most": most}).scalar() for most in (2, 3)
    ]


def test_a_list_is_written_out_at_every_length(tx: PreparedConnection) -> None:
    tx.execute(SEVERAL, {"among": [1]})
    for among in ([1, 2, 3], [2, 3, 4], [5], [9, 8, 7, 1]):
        found = tx.execute(SEVERAL, {"among": among})
        assert isinstance(found, Answer)
        assert found.scalars().all() == [None if n == 9 else f"the {n}th" for n in sorted(among) if n not in {7, 8}]
    assert tx.execute(SEVERAL, {"among": []}).all() == []
    pairs = select(things.c.number).where(
        tuple_(things.c.number, things.c.made).in_(bindparam("pairs", expanding=True))
    )
    for _ in range(2):
        assert tx.execute(pairs, {"pairs": [(1, "there"), (2, "here")]}).scalars().all() == [1]


def test_lists_of_ever_other_lengths_are_not_kept_for_ever(
    tx: PreparedConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "SHAPES", 2)
    some = select(things.c.number).where(things.c.number.in_(bindparam("among", expanding=True)))
    found = [tx.execute(some, {"among": list(range(length + 1))}) for length in range(5)]
    assert [isinstance(one, Answer) for one in found] == [False, True, True, False, False]
    assert [len(one.all()) for one in found] == [0, 1, 2, 3, 4]


def test_changes_are_counted_and_given_back(tx: PreparedConnection) -> None:
    change = things.update().where(things.c.number <= bindparam("most")).values(made=bindparam("how"))
    assert [tx.execute(change, {"most": most, "how": "anew"}).rowcount for most in (2, 4, 0)] == [2, 4, 0]
    more = insert(things).on_conflict_do_nothing()
    rows = [{"number": number, "name": f"n{number}", "at": NOW, "made": "m"} for number in (20, 21, 21)]
    assert [tx.execute(more, row).rowcount for row in rows] == [1, 1, 0]
    raised = ADD.on_conflict_do_update(index_elements=["number"], set_={"name": ADD.excluded.name}).returning(
        things.c.name, things.c.at
    )
    row = {"number": 20, "name": "again", "at": NOW, "made": "m"}
    assert [tx.execute(raised, row).one() for _ in range(2)] == [("again", NOW)] * 2


def test_several_rows_are_written_at_once(tx: PreparedConnection) -> None:
    rows = [[{"number": n, "name": f"m{n}", "at": NOW, "made": "m"} for n in range(at, at + 3)] for at in (30, 40, 50)]
    assert [isinstance(tx.execute(ADD, three), Answer) for three in rows][1:] == [True, True]
    assert len(tx.execute(select(things).where(things.c.made == "m", things.c.at == NOW)).all()) == 9


def test_what_python_makes_up_is_made_up(tx: PreparedConnection) -> None:
    add = things.insert()
    for number in (60, 61, 62):
        tx.execute(add, {"number": number, "name": f"n{number}"})
    made = tx.execute(select(things.c.made).where(things.c.number >= 60)).scalars()
    assert made.all() == ["here"] * 3


def test_failures_are_sqlalchemys(tx: PreparedConnection) -> None:
    both(tx, ONE, {"which": 1})
    with pytest.raises(StatementError, match="which"):
        tx.execute(ONE, {})
    twice = insert(things)
    row = {"number": 70, "name": "one", "at": NOW, "made": "m"}
    tx.execute(twice, row)
    tx.execute(twice, row | {"number": 71, "name": "two"})
    with pytest.raises(IntegrityError) as caught:
        tx.execute(twice, row)
    assert isinstance(caught.value.orig, sqlite3.IntegrityError)
    assert "one" not in str(caught.value), "what members wrote stays out of logs"
    with pytest.raises(ValueError, match="time zone"):
        tx.execute(twice, row | {"number": 72, "at": NOW.replace(tzinfo=None)})
    things.drop(tx)
    with pytest.raises(OperationalError, match="no such table"):
        tx.execute(ONE, {"which": 1})


def test_a_statement_of_one_occasion_is_forgotten(tx: PreparedConnection) -> None:
    gc.collect()
    before = len(prepared._met)  # pyright: ignore[reportPrivateUsage]
    for number in range(50):
        tx.execute(select(things).where(things.c.number == number))
    gc.collect()
    assert len(prepared._met) <= before + 1  # pyright: ignore[reportPrivateUsage]


ASKED: Final[Mapping[str, Callable[[CursorResult[Any]], object]]] = {
    "one": lambda found: found.one(),
    "one or none": lambda found: found.one_or_none(),
    "first": lambda found: found.first(),
    "scalar": lambda found: found.scalar(),
    "one scalar": lambda found: found.scalar_one(),
    "one scalar or none": lambda found: found.scalar_one_or_none(),
    "scalars": lambda found: found.scalars().all(),
    "mapping": lambda found: found.mappings().one_or_none(),
    "plain rows": plain_rows,
    "rows": lambda found: [(row.number, *row) for row in found],
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_however_it_is_asked_it_answers_as_sqlalchemy_does(
    tx: PreparedConnection, ask: Callable[[CursorResult[Any]], object]
) -> None:
    some = select(things.c.name, things.c.number).where(things.c.number <= bindparam("most"))
    tx.execute(some, {"most": 0})

    def answer(run: Callable[..., CursorResult[Any]], most: int) -> object:
        try:
            return ask(run(some, {"most": most}))
        except InvalidRequestError as error:
            return type(error), str(error)

    assert isinstance(tx.execute(some, {"most": 0}), Answer)
    for most in (0, 1, 3):
        assert answer(tx.execute, most) == answer(partial(Connection.execute, tx), most)
