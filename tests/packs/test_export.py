"""F53: hostile text in every field of every kind, as a table: no cell is run, and no row or cell is added."""

from __future__ import annotations

import csv
import io

import pytest

from bot.domain.draft import Format
from bot.domain.entry import KEYS, LOADABLE, PARTS, RECORDS, Fields, Json, Kind
from bot.domain.guard import RUNS, unguarded
from bot.packs.export import written
from tests.hostile import CORPUS

TEXTS = (*CORPUS.values(), *(f"{sign}1+1" for sign in RUNS))


def entry(kind: Kind, text: str) -> Fields:
    """Return an entry that says nothing but ``text``, alone and in a list."""
    fields: dict[str, Json] = {}
    for number, key in enumerate(KEYS[kind]):
        if key in PARTS:
            fields[key] = dict.fromkeys(PARTS[key], text)
        elif key in RECORDS:
            fields[key] = [{"text": text}]
        else:
            fields[key] = text if number % 2 else [text, text]
    return fields


@pytest.mark.parametrize("kind", LOADABLE)
def test_f53_no_cell_of_a_table_is_run_and_none_is_added(kind: Kind) -> None:
    files = written(kind, Format.TABLE, [entry(kind, text) for text in TEXTS])
    lines = [line for data in files for line in csv.reader(io.StringIO(data.decode(), newline=""))]
    head, *rows = lines
    rows = [row for row in rows if row != head]
    assert len(rows) == len(TEXTS)
    assert {len(row) for row in rows} == {len(head)}
    assert [cell for row in lines for cell in row if cell[:1] and cell[0] in RUNS] == []
    for row, text in zip(rows, TEXTS, strict=True):
        assert text in {unguarded(cell) for cell in row}, "and nothing of it is lost"
