"""Markdown files: questions with answers under headings, in bold type or in lists, and lists of links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from markdown_it.token import Token

from bot.domain.draft import (
    Draft,
    DraftEntry,
    FileRequest,
    Format,
    UnusableFileError,
)
from bot.domain.entry import LOADABLE, PAIRS, Kind
from bot.domain.frozen import frozen
from bot.packs.cells import checked_entry, entry_of
from bot.packs.markdown_links import clipped, links_in
from bot.packs.markdown_text import LEVELS, NUMBERED, Block, blocks, question_of, slice_of, words
from bot.packs.yaml_text import YamlFaultError, read_yaml

TABLES_OF_CONTENTS: Final = frozenset({"table of contents", "contents", "toc", "index", "license", "contributing"})


@frozen
class _Asked:
    """A question, and the place of its answer."""

    line: int
    question: str
    answer: str
    shelf: str


def read_markdown(request: FileRequest, text: str) -> Draft:
    """Read a Markdown file.

    Raises:
        UnusableFileError: where it holds neither questions with answers nor lists of links.
    """
    front, body, shift = _front_matter(text)
    kind = request.kind or next((one for one in LOADABLE if one == front.get("kind")), None)
    if "syllabot" in front:
        return Draft(kind or Kind.FAQ, Format.MARKDOWN, _own_form(kind or Kind.FAQ, body, shift))
    lines = body.split("\n")
    every = blocks(body)
    asked = _questions(lines, every)
    links = links_in(every, request.name)
    if kind is Kind.RESOURCE or (kind is None and len(links) >= 3 and len(links) > 2 * len(asked)):
        if not links:
            raise UnusableFileError("no list of links", "lines such as - [Title](https://…) and a few words")
        found = tuple(checked_entry(Kind.RESOURCE, one.line + shift, one.fields) for one in links)
        return Draft(Kind.RESOURCE, Format.MARKDOWN, found)
    kind = kind or Kind.FAQ
    if kind not in PAIRS:
        raise UnusableFileError("Markdown", "YAML or a table for this kind of entry")
    if not asked:
        raise UnusableFileError(
            "no questions with answers", "a heading or a line in bold type for each question, its answer below it"
        )
    return Draft(kind, Format.MARKDOWN, tuple(_entry(kind, one, shift) for one in asked))


def _entry(kind: Kind, one: _Asked, shift: int) -> DraftEntry:
    question, level = question_of(one.question)
    asked, told = PAIRS[kind]
    cells = {asked: question, told: one.answer}
    if kind is Kind.FAQ:
        cells["shelf"] = one.shelf
    if kind is Kind.CARD:
        cells["kind"] = "question"
    if kind is Kind.PROMPT and level:
        cells["level"] = level
    return entry_of(
        kind, one.line + shift, {key: cell for key, cell in cells.items() if cell or key == told}, html=False
    )


def _front_matter(text: str) -> tuple[dict[str, str], str, int]:
    """Return a file's front matter, its body, and the number of the body's first line.

    Raises:
        UnusableFileError: where the front matter is no YAML.
    """
    if text.startswith("---\n"):
        head, mark, body = text[4:].partition("\n---\n")
        if mark and head.strip() and ":" in head:
            try:
                value = read_yaml(head, "").value
            except YamlFaultError as error:
                fault = error.fault
                raise UnusableFileError(fault.found, fault.expected, fault.line + 1, fault.key) from None
            said = value if isinstance(value, dict) else {}
            plain = {key: one for key, one in said.items() if isinstance(one, str)}
            return plain, body, head.count("\n") + 4
    return {}, text, 1


def _own_form(kind: Kind, body: str, shift: int) -> tuple[DraftEntry, ...]:
    """Read what our own export wrote: nothing but its headings divides it, whatever the answers hold."""
    if kind not in PAIRS:
        raise UnusableFileError("an export of a kind that Markdown can't hold", "YAML or a table")
    asked, told = PAIRS[kind]
    lines = body.split("\n")
    starts = [i for i, line in enumerate(lines) if line.startswith("## ")]
    entries: list[DraftEntry] = []
    for start, end in pairwise([*starts, len(lines)]):
        inside = lines[start + 1 : end]
        cells = {asked: lines[start][3:].strip()}
        if inside and inside[0].startswith("<!-- ") and inside[0].endswith(" -->"):
            for pair in inside.pop(0)[5:-4].split(" | "):
                key, _, value = pair.partition(": ")
                if key in {"id", "shelf", "level", "kind"}:
                    cells[key] = value.strip()
        cells[told] = "\n".join(line[1:] if line.lstrip("\\").startswith("## ") else line for line in inside)
        entries.append(entry_of(kind, start + shift, cells, html=False))
    return tuple(entries)


def _questions(lines: Sequence[str], every: Sequence[Block]) -> list[_Asked]:
    """Return the questions of a text, by whichever way of writing them it uses most."""
    bold = {i for i, one in enumerate(every) if one.bold and _asks(one.bold)}
    headings = _heading_level(every)
    marked = {
        i for i, one in enumerate(every) if one.kind == "paragraph" and NUMBERED.match(one.text) and "?" in one.text
    }
    listed = [one for block in every if block.kind.endswith("_list") for one in _listed(lines, block)]
    by_heading = {i for i, one in enumerate(every) if one.level and one.level == headings}
    best = max((bold, by_heading, marked), key=len)
    if len(listed) > len(best):
        return listed
    return _under(lines, every, best) if best else []


def _asks(text: str) -> bool:
    return "?" in text or any(sign in text for sign in LEVELS) or bool(NUMBERED.match(text)) or len(text.split()) > 3


def _heading_level(every: Sequence[Block]) -> int:
    """Return the level of the headings that are questions; 0 where none are.

    Headings that ask or are numbered decide; else the deepest level that has several, each with a text below it.
    """
    asking = Counter(one.level for one in every if one.level and ("?" in one.text or NUMBERED.match(one.text)))
    if asking:
        return max(asking, key=lambda level: (asking[level], -level))
    with_text = Counter(
        one.level
        for one, after in pairwise(every)
        if one.level and after.kind == "paragraph" and one.text.casefold() not in TABLES_OF_CONTENTS
    )
    several = [level for level, number in with_text.items() if number >= 3 and level > 1]
    return max(several, default=0)


def _under(lines: Sequence[str], every: Sequence[Block], starts: set[int]) -> list[_Asked]:
    """Return the questions that begin at these blocks, each with all up to the next or to a higher heading."""
    found: list[_Asked] = []
    shelf = ""
    ordered = sorted(starts)
    level = every[ordered[0]].level or 7
    for i, block in enumerate(every):
        if block.level and block.level < level and i not in starts:
            contents = block.text.casefold() in TABLES_OF_CONTENTS
            shelf = "" if contents or block.level == 1 else clipped(question_of(block.text)[0], 60)
        if i not in starts:
            continue
        end = next(
            (j for j in range(i + 1, len(every)) if j in starts or (every[j].level and every[j].level < level)),
            len(every),
        )
        answer = slice_of(lines, every[i + 1 : end])
        question, own = _split(block)
        found.append(_Asked(block.start, question, "\n\n".join(part for part in (own, answer) if part), shelf))
    return found


def _split(block: Block) -> tuple[str, str]:
    """Return a question and what stands behind it in the same block: ``Q: … A: …``."""
    text = block.bold or block.text
    for mark in (" A: ", " Answer: "):
        question, found, answer = text.partition(mark)
        if found:
            return question, answer
    return text, ""


def _listed(lines: Sequence[str], block: Block) -> list[_Asked]:
    """Return the questions of a list: its items that ask, what stands under each being the answer."""
    found: list[_Asked] = []
    tokens = block.tokens
    for i, token in enumerate(tokens):
        if token.type != "list_item_open" or token.level != 1 or token.map is None:
            continue
        inline = next((one for one in tokens[i : i + 4] if one.type == "inline"), None)
        if inline is None or inline.map is None or not _asks_in_list(inline):
            continue
        under = "\n".join(lines[inline.map[1] : token.map[1]])
        inside = blocks(_dedented(under)) if under.strip() else []
        answer = slice_of(_dedented(under).split("\n"), inside)
        found.append(_Asked(token.map[0], words(inline), answer.removeprefix("A: "), ""))
    return found if sum(1 for one in found if one.answer) * 2 >= max(1, len(found)) else []


def _asks_in_list(inline: Token) -> bool:
    return words(inline).rstrip(" *").endswith("?")


def _dedented(text: str) -> str:
    rows = text.split("\n")
    least = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
    return "\n".join(row[least:] for row in rows)
