"""Habits of the house: one clock, one place of SQL, small files, words at every door, and logs that hold ids only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from tests.meta.rule import Rule
from tests.meta.source import Function, Source

FILE_LINES: Final = 300
FUNCTION_LINES: Final = 50

CLOCKS: Final = frozenset(
    {f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")}
    | {f"time.{name}" for name in ("time", "monotonic", "perf_counter", "process_time")}
    | {f"time.{name}_ns" for name in ("time", "monotonic", "perf_counter", "process_time")}
    | {f"time.{name}" for name in ("localtime", "gmtime", "ctime")}
    | {"datetime.date.today", "discord.utils.utcnow"}
)
SQL: Final = re.compile(
    r"\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(VIRTUAL\s+|UNIQUE\s+)?"
    r"(TABLE|INDEX|TRIGGER|VIEW)\s|DROP\s+(TABLE|INDEX)\s|ALTER\s+TABLE\s|PRAGMA\s|BEGIN(\s+IMMEDIATE)?$|ATTACH\s)"
)
SQL_PLACES: Final = ("bot/storage/", "bot/search/full_text.py", "bot/packs/anki.py")
"""Ours; FTS5's own index; the collection inside an Anki deck, which is not our database."""
VAGUE: Final = frozenset({"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"})

LEVELS: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
PRIVATE: Final = frozenset(
    {"content", "text", "name", "title", "message", "question", "note", "answer", "username", "email", "token"}
)
TELLING: Final = frozenset({"content", "display_name", "global_name", "name", "nick", "token", "texts"})


def _reads_a_clock(source: Source) -> Iterator[tuple[int, str]]:
    if source.file == "bot/clock.py":
        return
    for node in source.nodes:
        if isinstance(node, (ast.Attribute, ast.Name)) and source.qualified(node) in CLOCKS:
            yield node.lineno, f"reads the clock: {source.qualified(node)}"


def _writes_sql(source: Source) -> Iterator[tuple[int, str]]:
    if source.file.startswith(SQL_PLACES):
        return
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield node.lineno, f"SQL in a text: {node.value.split()[0]} …"


def _is_too_long(source: Source) -> Iterator[tuple[int, str]]:
    if source.lines > FILE_LINES:
        yield 1, f"{source.lines} lines"
    # A migration is one list of statements, and is never touched again.
    if "/migrations/versions/" in source.file:
        return
    for function in source.functions():
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            yield function.lineno, f"{function.name} has {length} lines"


def _is_silent(source: Source) -> Iterator[tuple[int, str]]:
    if not ast.get_docstring(source.tree):
        yield 1, "the module says nothing"
    yield from _silent_members(source.tree.body)


def _silent_members(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not _overrides(node):
            yield node.lineno, f"{node.name} says nothing"
        if isinstance(node, ast.ClassDef):
            yield from _silent_members(node.body)


def _overrides(node: ast.ClassDef | Function) -> bool:
    marks = {ast.unparse(mark).split(".")[-1] for mark in node.decorator_list}
    return bool(marks & {"overload", "override"})


def _has_a_vague_name(source: Source) -> Iterator[tuple[int, str]]:
    for part in source.file.removesuffix(".py").split("/"):
        if VAGUE & set(part.split("_")):
            yield 1, f"a place called {part}"


def _logs_more_than_ids(source: Source) -> Iterator[tuple[int, str]]:
    for call in _log_calls(source):
        event = call.args[0] if len(call.args) == 1 else None
        if not isinstance(event, ast.Constant):
            yield call.lineno, "a log call takes one fixed word and keywords"
        for keyword in call.keywords:
            if keyword.arg is None or keyword.arg in PRIVATE:
                yield call.lineno, f"logs {keyword.arg or 'a whole mapping'}"
            elif told := _telling(keyword.value):
                yield call.lineno, f"logs {keyword.arg} out of .{told}"


def _log_calls(source: Source) -> Iterator[ast.Call]:
    chosen = {
        target.id
        for node in source.nodes
        if isinstance(node, ast.Assign) and any(_is_log_method(part) for part in ast.walk(node.value))
        for target in node.targets
        if isinstance(target, ast.Name) and not isinstance(node.value, ast.Call)
    }
    for node in source.nodes:
        if isinstance(node, ast.Call) and (
            _is_log_method(node.func) or (isinstance(node.func, ast.Name) and node.func.id in chosen)
        ):
            yield node


def _is_log_method(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in LEVELS
        and ast.unparse(node.value).split(".")[-1] in {"log", "_log", "logger", "_logger", "logging"}
    )


def _telling(value: ast.expr) -> str | None:
    """Return the attribute through which a value holds what a person wrote or is called."""
    return next(
        (node.attr for node in ast.walk(value) if isinstance(node, ast.Attribute) and node.attr in TELLING), None
    )


RULES: Final = (
    Rule(
        "one clock",
        "bot/clock.py alone reads the clock",
        "take a bot.clock.Clock and call its now().",
        _reads_a_clock,
        (
            ("bot/jobs.py", "from datetime import datetime\nnow = datetime.now()"),
            ("bot/jobs.py", "import datetime as dt\nnow = dt.datetime.utcnow()"),
            ("bot/jobs.py", "from datetime import date as day\nnow = day.today()"),
            ("bot/jobs.py", "import time\nread = time.monotonic"),
            ("bot/jobs.py", "from time import perf_counter as tick\nnow = tick()"),
            ("cogs/faq.py", "import discord\nnow = discord.utils.utcnow()"),
        ),
    ),
    Rule(
        "one place of SQL",
        "SQL stands in bot/storage (and FTS5's in bot/search/lexical.py)",
        "write a function that takes a transaction in bot/storage, and call it in a unit of work.",
        _writes_sql,
        (
            ("bot/services/roadmap.py", 'QUERY = "SELECT user_id FROM member"'),
            ("cogs/faq.py", 'def f(table):\n    return f"DELETE FROM {table}"'),
        ),
    ),
    Rule(
        "sizes",
        f"a file has at most {FILE_LINES} lines and a function at most {FUNCTION_LINES}",
        "split it where a second subject begins, and name the parts by their subjects.",
        _is_too_long,
        (
            ("bot/ui/faq.py", "\n" * (FILE_LINES + 1)),
            ("bot/ui/faq.py", "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
        ),
        ("bot", "cogs", "tests"),
    ),
    Rule(
        "words at every door",
        "every public module, class and function has a docstring",
        "say what it takes, returns and raises.",
        _is_silent,
        (
            ("bot/ui/faq.py", "x = 1"),
            ("bot/ui/faq.py", '"""A."""\nclass A:\n    """B."""\n    def c(self): ...'),
        ),
    ),
    Rule(
        "names",
        f"no file or folder is called {', '.join(sorted(VAGUE))}",
        "name it after what it holds.",
        _has_a_vague_name,
        (("bot/ui/text_utils.py", ""), ("bot/common/text.py", "")),
        ("bot", "cogs", "tests"),
    ),
    Rule(
        "ids in logs",
        "a log line holds ids, counts and kinds: never a name, never what a member wrote",
        "log the id (guild_id, user_id, topic_id …), and keep the event one fixed word.",
        _logs_more_than_ids,
        (
            ("cogs/faq.py", 'log.info("asked", question=question)'),
            ("cogs/faq.py", 'log.info("asked", who=interaction.user.display_name)'),
            ("cogs/faq.py", 'log.info(f"asked {question}")'),
            ("cogs/faq.py", 'log.warning("asked", **details)'),
            ("cogs/faq.py", 'level = log.info if x else log.error\nlevel("asked", text=x)'),
        ),
    ),
)
