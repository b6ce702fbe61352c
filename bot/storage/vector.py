"""Sentence vectors of what the FAQ holds, by the text's hash and the model; they belong to no guild."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Column, Connection, LargeBinary, Text, delete, select

from bot.storage.schema import table
from bot.storage.upsert import insert

text_vector: Final = table(
    "text_vector",
    Column("model", Text, primary_key=True),
    Column("text_hash", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)


def known(tx: Connection, model: str) -> dict[str, bytes]:
    """Return every vector of a model by its text's hash."""
    rows = tx.execute(select(text_vector.c.text_hash, text_vector.c.vector).where(text_vector.c.model == model))
    return {row.text_hash: row.vector for row in rows}


def put(tx: Connection, model: str, vectors: Mapping[str, bytes]) -> None:
    """Keep vectors of a model, each under its text's hash."""
    if vectors:
        rows = [{"model": model, "text_hash": name, "vector": vector} for name, vector in vectors.items()]
        tx.execute(insert(text_vector).on_conflict_do_nothing(), rows)


def keep_only(tx: Connection, model: str, hashes: Collection[str]) -> int:
    """Drop the vectors of other models and of other texts; return how many."""
    kept = set(hashes)
    rows = tx.execute(select(text_vector.c.model, text_vector.c.text_hash)).all()
    gone = [row for row in rows if row.model != model or row.text_hash not in kept]
    for row in gone:
        mine = text_vector.c.model == row.model, text_vector.c.text_hash == row.text_hash
        tx.execute(delete(text_vector).where(*mine))
    return len(gone)
