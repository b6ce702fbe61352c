"""Files that mean harm, or were saved badly: made by code, over every format. Run as a module, it reads them all.

Each case is read in a process forked from one that has everything imported, under the limits of the worker.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from time import perf_counter
from typing import Any, Final

from bot.packs import read, worker

KIB: Final = 1024
MOST: Final = 256 * KIB


def filled(piece: str, size: int = MOST) -> bytes:
    """Return ``piece`` again and again, up to ``size`` bytes."""
    data = piece.encode()
    return (data * (size // len(data)))[:size]


def deck(fields: list[str], name: str = "collection.anki21", **tables: str) -> bytes:
    """Return an ``.apkg`` whose notes hold these fields, joined as Anki joins them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(tables.get("notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, flds TEXT)"))
        if "notes" not in tables:
            connection.executemany("INSERT INTO notes (flds) VALUES (?)", [(one,) for one in fields])
        connection.commit()
        return packed({name: connection.serialize()})


def packed(files: dict[str, bytes]) -> bytes:
    """Return an archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def crowd(notes: list[Any], **more: Any) -> bytes:
    """Return a CrowdAnki deck of these notes."""
    return json.dumps({"__type__": "Deck", "name": "d", "notes": notes, "children": [], **more}).encode()


def note(*fields: str) -> dict[str, Any]:
    """Return a CrowdAnki note."""
    return {"fields": list(fields)}


def _nested_decks() -> bytes:
    inner: dict[str, Any] = {"notes": [note("q?", "a")], "children": []}
    for _ in range(400):
        inner = {"notes": [], "children": [inner]}
    return json.dumps(inner).encode()


QA: Final = "question,answer\n"
GOOD: Final = deck(["Front?\x1fBack"])

CASES: Final[dict[str, tuple[str, Callable[[], bytes]]]] = {
    # YAML
    "yaml brackets": ("a.yaml", lambda: b"[" * 60_000),
    "yaml braces": ("a.yaml", lambda: b"{a: " * 20_000),
    "yaml dashes": ("a.yaml", lambda: b"- " * 60_000),
    "yaml merge bomb": ("a.yaml", lambda: b"a: &a {x: 1}\n" + b"".join(b"b%d: {<<: *a}\n" % i for i in range(999))),
    "yaml alias bomb": ("a.yaml", lambda: b"a: &a [x]\n" + b"b: [*a, *a]\n" * 50),
    "yaml tag": ("a.yaml", lambda: b"entries: !!python/object/apply:os.system [ls]\n"),
    "yaml same key": ("a.yaml", lambda: b"kind: faq\nkind: cards\nentries: []\n"),
    "yaml two documents": ("a.yaml", lambda: b"entries: []\n---\nentries: []\n"),
    "yaml zero byte": ("a.yaml", lambda: b"entries:\n  - question: a\0b\n"),
    "yaml a list of words": ("a.yaml", lambda: b"- one\n- two\n"),
    "yaml one word": ("a.yaml", lambda: b"hello"),
    "yaml norway": ("a.yaml", lambda: b"kind: faq\nentries:\n  - {question: no, answer: 010}\n"),
    "yaml short lines": ("a.yaml", lambda: b"entries:\n" + filled("- a\n", MOST - 10)),
    "yaml deep indents": ("a.yaml", lambda: "".join(f"{' ' * i}a:\n" for i in range(400)).encode()),
    "yaml long key": ("a.yaml", lambda: b"entries:\n  - {" + b"k" * 2000 + b": 1}\n"),
    "yaml unknown keys": ("a.yaml", lambda: b"entries:\n" + b"  - {nope: 1, question: q, answer: a}\n" * 900),
    "yaml many entries": ("a.yaml", lambda: b"entries:\n" + filled("- {question: q, answer: a}\n", MOST - 10)),
    "yaml a wrong list": ("a.yaml", lambda: b"entries: {a: b}\n"),
    "yaml wrong types": ("a.yaml", lambda: b"kind: faq\nentries:\n  - {question: [a], answer: {b: c}, link: x}\n"),
    "yaml escapes": ("a.yaml", lambda: b'entries:\n  - {question: "\\u202e\\u0007 a", answer: "\\ud800"}\n'),
    "yaml is a zip": ("a.yaml", lambda: packed({"a": b"b"})),
    "yaml is a png": ("a.yaml", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99),
    "yaml too large": ("a.yaml", lambda: filled("a: b\n", MOST + 1)),
    "yaml colons": ("a.yaml", lambda: filled("a: " * 30 + "\n")),
    "yaml quotes": ("a.yaml", lambda: b"entries:\n  - question: 'never closed\n" + filled("x\n", 50_000)),
    # tables
    "csv utf-16": ("a.csv", lambda: (QA + "a,b\n").encode("utf-16")),
    "csv utf-16 without its mark": ("a.csv", lambda: (QA + "a,b\n" * 9).encode("utf-16-le")),
    "csv latin-1": ("a.csv", lambda: (QA + "Größe?,schön\n").encode("latin-1")),
    "csv bom": ("a.csv", lambda: b"\xef\xbb\xbf" + QA.encode() + b"What?,That\n"),
    "csv never closed": ("a.csv", lambda: QA.encode() + b'What?,"That\n' + b"q,a\n" * 5000),
    "csv swallowed rows": ("a.csv", lambda: QA.encode() + b'What?,"That\nq2,a2\nq3,a3"\n'),
    "csv stray quote": ("a.csv", lambda: QA.encode() + b'"What"s?",That\n'),
    "csv zero byte": ("a.csv", lambda: QA.encode() + b"a\0,b\n"),
    "csv long cell": ("a.csv", lambda: QA.encode() + b"q," + b"x" * 200_000),
    "csv many columns": ("a.csv", lambda: b"," * 200_000),
    "csv many rows": ("a.csv", lambda: QA.encode() + filled("q,a\n", MOST - 99)),
    "csv many unlike rows": ("a.csv", lambda: QA.encode() + b"".join(b"q %d,a %d\n" % (i, i) for i in range(4900))),
    "csv one column": ("a.csv", lambda: b"hello\nworld\n"),
    "csv same name twice": ("a.csv", lambda: b"question,answer,answer\nq,a,b\n"),
    "csv extra cells": ("a.csv", lambda: QA.encode() + b"q,a,b,c,d\n"),
    "csv only a header": ("a.csv", QA.encode),
    "csv formulas": ("a.csv", lambda: QA.encode() + b"=cmd|'/c calc'!A1,+1+1\n"),
    "csv format string": ("a.csv", lambda: QA.encode() + b"{0.__class__}?,{self.token}\n"),
    "csv mentions": ("a.csv", lambda: QA.encode() + "＠everyone?,@everyone <@&1>\n".encode()),
    "csv masked link": ("a.csv", lambda: QA.encode() + b"q?,[https://bank.com](https://evil.example)\n"),
    "csv nested tags": ("a.csv", lambda: QA.encode() + b"q?," + b"<div>" * 490 + b"\n"),
    "csv many tags": ("a.csv", lambda: QA.encode() + b"q?," + filled("<b>", 200_000)),
    "csv broken tags": ("a.csv", lambda: QA.encode() + b"q?," + filled("<a <b &#x; <!", 15_000)),
    "csv entities": ("a.csv", lambda: QA.encode() + b"q?," + filled("&#99999999;&lt;", 15_000)),
    "csv quotes alone": ("a.csv", lambda: b'"' * MOST),
    "csv line ends": ("a.csv", lambda: b"\r" * 100_000),
    "tsv is gzip": ("a.tsv", lambda: gzip.compress(b"\0" * 10_000_000)),
    "csv bad json": ("a.csv", lambda: b"id,title,why,resources\nab,t,w," + b"[" * 5000),
    # Markdown
    "md brackets": ("a.md", lambda: b"[" * 60_000),
    "md images": ("a.md", lambda: b"![[[" * 20_000),
    "md quotes": ("a.md", lambda: b">" * 60_000),
    "md stars": ("a.md", lambda: filled("*a_ ")),
    "md backticks": ("a.md", lambda: b"".join(b"`" * i + b"a" for i in range(600))),
    "md list nesting": ("a.md", lambda: b"\n".join(b" " * (2 * i) + b"- a?" for i in range(300))),
    "md links": ("a.md", lambda: filled("[a](<b", MOST)),
    "md emphasis": ("a.md", lambda: filled("**a *b ", MOST)),
    "md tables": ("a.md", lambda: b"|a" * 3000 + b"\n" + b"|-" * 3000 + b"\n" + (b"|b" * 3000 + b"\n") * 9),
    "md references": ("a.md", lambda: b"".join(b"[a%d]: http://x.y\n" % i for i in range(9000))),
    "md html": ("a.md", lambda: filled("<a href='", MOST)),
    "md headings": ("a.md", lambda: b"".join(b"## q%d?\na\n" % i for i in range(9000))[:MOST]),
    "md entities": ("a.md", lambda: filled("&#0;&nbsp;&#x110000;", MOST)),
    "md broken front matter": ("a.md", lambda: b"---\na: [\n---\n## q?\na\n"),
    "md front matter bomb": ("a.md", lambda: b"---\na: &a [*a]\n---\n## q?\na\n"),
    "md no words": ("a.md", lambda: b"\n \n\t\n"),
    # JSON
    "json nesting": ("a.json", lambda: b"[" * 100_000),
    "json objects": ("a.json", lambda: b'{"notes":' * 20_000),
    "json broken": ("a.json", lambda: b'{"notes": [}'),
    "json long number": ("a.json", lambda: b'{"notes": ' + b"9" * 100_000 + b"}"),
    "json nan": ("a.json", lambda: b'{"notes": [{"fields": [NaN, Infinity]}]}'),
    "json surrogates": ("a.json", lambda: b'{"notes": [{"fields": ["\\ud800?", "\\udfff"]}]}'),
    "json a list": ("a.json", lambda: b"[1, 2]"),
    "json notes of numbers": ("a.json", lambda: crowd([1, None, {"fields": 3}, {"fields": [None]}])),
    "json nested decks": ("a.json", _nested_decks),
    "json many clozes": ("a.json", lambda: crowd([note("".join(f"{{{{c{i}::a}}}} " for i in range(400)))])),
    "json open clozes": ("a.json", lambda: crowd([note("{{c1::" * 9000)])),
    "json empty fields": ("a.json", lambda: crowd([note("", ""), note()])),
    "json children": ("a.json", lambda: crowd([], children={"a": 1})),
    # apkg
    "apkg bomb": ("a.apkg", lambda: packed({"collection.anki21": b"\0" * 200_000_000})),
    "apkg no collection": ("a.apkg", lambda: packed({"a": b"b"})),
    "apkg newer form": ("a.apkg", lambda: packed({"collection.anki21b": b"x", "collection.anki2": b"x"})),
    "apkg dummy": ("a.apkg", lambda: deck(["This file requires a newer version of Anki\x1f"], "collection.anki2")),
    "apkg no database": ("a.apkg", lambda: packed({"collection.anki21": b"hello"})),
    "apkg cut": ("a.apkg", lambda: GOOD[: len(GOOD) // 2]),
    "apkg damaged": ("a.apkg", lambda: GOOD[:60] + bytes(99) + GOOD[159:]),
    "apkg a view for notes": ("a.apkg", lambda: deck([], notes=(
        "CREATE VIEW notes AS WITH RECURSIVE r(id, flds) AS (SELECT 1, 'x' UNION ALL SELECT id + 1, flds FROM r) "
        "SELECT * FROM r"))),
    "apkg other columns": ("a.apkg", lambda: deck([], notes="CREATE TABLE notes (a INTEGER)")),
    "apkg many notes": ("a.apkg", lambda: deck([f"q {i}?\x1fa" for i in range(6000)])),
    "apkg much text": ("a.apkg", lambda: deck(["q" * 20_000 + "\x1fa"] * 400)),
    "apkg long field": ("a.apkg", lambda: deck(["<b>" * 100_000 + "\x1fa"])),
    "apkg is text": ("a.apkg", lambda: b"hello"),
    "apkg too large": ("a.apkg", lambda: b"PK\x03\x04" + bytes(5 * KIB * KIB)),
    "apkg huge header": ("a.apkg", lambda: b"PK\x03\x04" + b"\xff" * 5000),
    # other things
    "no name, a picture": ("a.jpg", lambda: b"\xff\xd8\xff" + bytes(100)),
    "no name, a pdf": ("notes", lambda: b"%PDF-1.7 ..."),
    "nothing": ("a.csv", lambda: b""),
    "random bytes": ("a.txt", lambda: bytes(range(256)) * 100),
    "anki text, odd separator": ("a.txt", lambda: b'#separator:"\n#html:true\na\tb\n'),
    "anki text, columns": ("a.txt", lambda: b"#separator:tab\n#guid column:999999999999\nq?\ta\n"),
}  # fmt: skip


def outcome(name: str) -> dict[str, Any]:
    """Read a case in a forked process under the worker's limits; return what came of it, its seconds and its KiB."""
    file, make = CASES[name]
    data = make()
    reading, writing = os.pipe()
    before = perf_counter()
    child = os.fork()
    if not child:
        os.close(reading)
        worker.limit()
        head = json.dumps({"name": file, "kind": None, "columns": []}).encode()
        answer = worker.answer(head + b"\n" + data)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with os.fdopen(writing, "wb") as out:
            out.write(json.dumps({"answer": json.loads(answer), "peak": peak}).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    seconds = perf_counter() - before
    return {"seconds": seconds, "status": status, **(json.loads(said) if said else {"answer": None, "peak": 0})}


def main() -> None:
    """Read every case and print the outcomes as JSON."""
    assert read is not None, "what reads files is imported before the first fork"
    json.dump({name: outcome(name) for name in CASES}, sys.stdout)


if __name__ == "__main__":
    main()
