"""Statements that were met before, run straight on SQLite's own connection.

SQLAlchemy takes about ten microseconds to run a statement that it has compiled already, SQLite one or two to answer it;
a press of Done is some thirty of them. So a statement that is the same object as one before (those of the modules are)
is compiled, and its types are looked up, once for the process; from then on its parameters are bound and its rows
converted, no more. What is built for one occasion, or has values that Python makes up, takes SQLAlchemy's own way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, Final, Self, TypeAlias, TypeGuard, cast
from weakref import ref

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable, Row, Select, UpdateBase
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound

from bot.domain.frozen import frozen

Given: TypeAlias = Mapping[str, Any]
Shape: TypeAlias = tuple[str | int, ...]
"""The names of the parameters that a statement is given, and of its lists how long each is."""
Convert: TypeAlias = Callable[[Any], Any]

SHAPES: Final = 64
"""A statement is kept prepared for so many shapes; lists of ever other lengths take SQLAlchemy's own way."""


class Answer:
    """What a statement gave: how many rows it changed, and its rows, each given once.

    It is what the storage uses of SQLAlchemy's result, whose machinery costs more than SQLite's answer itself.

    Args:
        rows: the rows, or what is made of each.
        changed: how many rows were changed.
        plain: the same rows as SQLite gave them, where nothing is to be made of their values.
    """

    __slots__ = ("_plain", "_rows", "rowcount")

    def __init__(self, rows: Iterator[Any], changed: int, plain: Sequence[tuple[Any, ...]] | None = None) -> None:
        self._rows = rows
        self._plain = plain
        self.rowcount = changed

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def all(self) -> list[Any]:
        """Return the rows."""
        return list(self._rows)

    def first(self) -> Any:  # noqa: ANN401  (a row is of any types, as SQLAlchemy's is)
        """Return the first row; None where there is none."""
        return next(self._rows, None)

    def one_or_none(self) -> Any:  # noqa: ANN401
        """Return the only row; None where there is none.

        Raises:
            MultipleResultsFound: where there are more.
        """
        for row in self._rows:
            if next(self._rows, self) is not self:
                raise MultipleResultsFound("Multiple rows were found when one or none was required")
            return row
        return None

    def one(self) -> Any:  # noqa: ANN401
        """Return the only row.

        Raises:
            NoResultFound: where there is none.
            MultipleResultsFound: where there are more.
        """
        for row in self._rows:
            if next(self._rows, self) is not self:
                raise MultipleResultsFound("Multiple rows were found when exactly one was required")
            return row
        raise NoResultFound("No row was found when one was required")

    def scalar(self) -> Any:  # noqa: ANN401
        """Return the first value of the first row; None where there is none."""
        row = next(self._rows, None)
        return None if row is None else row[0]

    def scalar_one(self) -> Any:  # noqa: ANN401
        """Return the first value of the only row; raises as ``one``."""
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:  # noqa: ANN401
        """Return the first value of the only row, None where there is none; raises as ``one_or_none``."""
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalars(self) -> Answer:
        """Return the first value of each row."""
        return Answer(map(itemgetter(0), self._rows), self.rowcount)

    def plain(self) -> Sequence[Any]:
        """Return the rows, as bare tuples where they can be."""
        return self.all() if self._plain is None else self._plain

    def mappings(self) -> Answer:
        """Return each row's values by name."""
        return Answer(map(attrgetter("_mapping"), self._rows), self.rowcount)


@frozen
class Prepared:
    """A statement as SQLite takes it.

    Attributes:
        sql: its text.
        pick: takes the values of its question marks, in their order, out of all values by name.
        own: the values it has itself, where none are given.
        lists: of each list that is written out, the names of its values.
        process: what makes SQLite's values of ours; only those that need it.
        row: makes a row of SQLite's; a function's column that was given no name is called otherwise than by SQLAlchemy.
        plain: whether a row's values are ours as they are.
        returning: whether the text gives rows.
    """

    sql: str
    pick: Callable[[Given], Sequence[object]]
    own: Given
    lists: Sequence[tuple[str, Sequence[str]]]
    process: Sequence[tuple[str, Convert]]
    row: Callable[[tuple[Any, ...]], Row[Any]]
    plain: bool
    returning: bool

    @classmethod
    def of(cls, statement: Select[Any] | UpdateBase, given: Given, dialect: Dialect) -> Self | None:
        """Return a statement prepared for parameters of this shape; None where that can't be."""
        compiled = statement.compile(dialect=dialect, column_keys=sorted(given))
        if compiled.insert_prefetch or compiled.update_prefetch or any(one.callable for one in compiled.binds.values()):
            return None
        lists = {bound.key for bound in compiled.post_compile_params}
        written_out = {compiled.bind_names[bound] for bound in compiled.literal_execute_params}
        if written_out & given.keys() or any(not _is_list(given.get(name)) for name in lists):
            return None
        text, names = compiled.string, compiled.positiontup or []
        parts: Mapping[str, Sequence[str]] = {}
        if lists or written_out:
            # each value of a list has a question mark and a name of its own; what is written out has none
            expanded = compiled.construct_expanded_state(dict(given))
            text, names, parts = expanded.statement, expanded.positiontup or [], expanded.parameter_expansion
        bound = {name: one for name, one in compiled.binds.items() if name not in parts and name not in written_out}
        bound |= {part: compiled.binds[name] for name, of_list in parts.items() for part in of_list}
        processors = ((name, one.type.dialect_impl(dialect).bind_processor(dialect)) for name, one in bound.items())
        columns = statement.exported_columns
        converters = tuple(one.type.dialect_impl(dialect).result_processor(dialect, None) for one in columns)
        plain = not any(converters)
        return cls(
            text,
            _picking(names),
            {name: one.effective_value for name, one in bound.items() if not one.required and name not in given},
            [*parts.items()],
            [(name, process) for name, process in processors if process is not None],
            _rowing([(str(key), one) for key, one in columns.items()], None if plain else converters),
            plain=plain,
            returning=isinstance(statement, Select) or bool(compiled.effective_returning),
        )

    def run(self, raw: sqlite3.Connection, given: Given) -> Answer:
        """Run it, with values for its parameters.

        Raises:
            KeyError: where one that must be given is not.
            sqlite3.Error: where SQLite refuses it.
        """
        cursor = raw.execute(self.sql, self._bound(given))
        rows = cursor.fetchall()
        return Answer(map(self.row, rows), cursor.rowcount, rows if self.plain else None)

    def run_many(self, raw: sqlite3.Connection, several: Sequence[Given]) -> Answer:
        """Run it once for each of these; raises as ``run``."""
        cursor = raw.executemany(self.sql, [self._bound(given) for given in several])
        return Answer(iter(()), cursor.rowcount)

    def _bound(self, given: Given) -> Sequence[object]:
        if not (self.own or self.lists or self.process):
            return self.pick(given)
        values = {**self.own, **given}
        for name, parts in self.lists:
            values.update(zip(parts, values[name], strict=True))
        for name, process in self.process:
            values[name] = process(values[name])
        return self.pick(values)


def plain_rows(found: CursorResult[Any]) -> Sequence[Any]:
    """Return the rows of an answer, as bare tuples where they can be: of thousands, making rows takes half the time."""
    return cast("Any", found).plain() if isinstance(found, Answer) else found.all()


def _is_several(parameters: Any) -> TypeGuard[list[Given]]:  # noqa: ANN401  (as execute takes them)
    return type(parameters) is list


def _is_known(statement: Executable) -> bool:
    return isinstance(statement, (Select, UpdateBase))


def _is_list(value: object) -> bool:
    """Return whether a value is one that is written out: some values, none of them a row of its own."""
    if type(value) is not list:
        return False
    values = cast("list[object]", value)
    return bool(values) and not isinstance(values[0], (list, tuple))


def _picking(names: Sequence[str]) -> Callable[[Given], Sequence[object]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _rowing(
    columns: Sequence[tuple[str, Any]], converters: tuple[Convert | None, ...] | None
) -> Callable[[tuple[Any, ...]], Row[Any]]:
    meta = SimpleResultMetaData([name for name, _ in columns], extra=[(one,) for _, one in columns])
    index: Mapping[Any, int] = meta._key_to_index  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return partial(cast("Any", Row), meta, converters, index)


@frozen
class _Met:
    """A statement that was met: for each shape prepared, or None where it can't be; ``life`` ends with it."""

    ready: dict[Shape, Prepared | None]
    life: ref[Executable]


_met: Final[dict[int, _Met]] = {}
"""By their ids, for as long as they live: a dictionary of weak keys takes as long to look into as SQLite to answer."""


def _meet(statement: Executable) -> None:
    key = id(statement)
    _met[key] = _Met({}, ref(statement, lambda _: _met.pop(key, None)))


class PreparedConnection(Connection):
    """SQLAlchemy's connection, which knows the statements it has met.

    Args:
        engine: whose connection it is.
        raw: SQLite's own connection, the one that ``engine`` hands over.
    """

    def __init__(self, engine: Engine, raw: sqlite3.Connection) -> None:
        super().__init__(engine)
        self._raw = raw

    def execute(self, statement: Executable, parameters: Any = None, **options: Any) -> CursorResult[Any]:  # noqa: ANN401  (SQLAlchemy's own)
        """Run a statement; as ``Connection.execute``."""
        several: Sequence[Given] = parameters if _is_several(parameters) else (parameters or {},)
        # whoever listens to a connection's events hears of every statement
        own_way = not several or options or self._has_events
        prepared = None if own_way else self._prepared(statement, several[0])
        if prepared is None or (len(several) > 1 and prepared.returning):
            return super().execute(statement, parameters, **options)
        answer: Any
        try:
            answer = prepared.run_many(self._raw, several) if len(several) > 1 else prepared.run(self._raw, several[0])
        except KeyError:
            return super().execute(statement, parameters)  # it says what is missing
        except sqlite3.Error as error:
            raise DBAPIError.instance(prepared.sql, None, error, sqlite3.Error, hide_parameters=True) from error
        return answer

    def _prepared(self, statement: Executable, given: Given) -> Prepared | None:
        met = _met.get(id(statement))
        if met is None:
            _meet(statement)  # perhaps it was built for this occasion alone
            return None
        ready = met.ready
        shape: Shape = tuple(given)
        if shape not in ready:
            shape += tuple(len(value) for value in given.values() if type(value) is list)  # pyright: ignore[reportUnknownArgumentType]
        if shape not in ready:
            if len(ready) == SHAPES:
                return None
            ready[shape] = Prepared.of(cast("Any", statement), given, self.dialect) if _is_known(statement) else None
        return ready[shape]
