"""Pieces of Markdown files: blocks with their lines, and their texts as Discord can show them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from textwrap import dedent
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bot.domain.draft import UnusableFileError
from bot.domain.frozen import frozen
from bot.packs.html import markdown_of

MOST_TOKENS: Final = 120_000
LONGEST: Final = 20_000
"""Characters of a paragraph; the longest text that any kind of entry holds is far shorter."""
DEEPEST: Final = 24
"""What is nested deeper is shown flat; markdown-it-py's own limit is 20 for its plainest rules."""
LEVELS: Final = {"👶": "1", "⭐": "2", "🚀": "3"}
SIGNS: Final = re.compile("\u200d?[👶⭐🚀]\ufe0f?")
NUMBERED: Final = re.compile(r"\s*(?:q(?:uestion)?\s*\d*\s*[:.)]|#?\d{1,4}\s*[.):])\s+", re.IGNORECASE)
ANCHORS_ONLY: Final = re.compile(r"\[*(?:\[[^\]\n]*\]\(#[^)\n]*\)[\s|·•\]]*)+")
RAW_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)


@frozen
class Block:
    """A block of the top level.

    Attributes:
        kind: markdown-it's type of its first token, without ``_open``.
        start: its first line, from 0.
        end: the line after its last.
        level: of a heading, 1 to 6; else 0.
        text: of headings and paragraphs, their words.
        bold: the words of a paragraph that is all in bold type; empty for any other.
        tokens: everything in it.
    """

    kind: str
    start: int
    end: int
    level: int
    text: str
    bold: str
    tokens: tuple[Token, ...]


def blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text, in order.

    Raises:
        UnusableFileError: where it is made of more pieces than any real text.
    """
    reader = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable("table")
    reader.core.ruler.before("inline", "longest", _refuse_the_endless)
    tokens = reader.parse(text)
    if sum(1 + len(token.children or ()) for token in tokens) > MOST_TOKENS:
        raise UnusableFileError(f"over {MOST_TOKENS:,} pieces of Markdown", "a plainer text")
    return list(_grouped(tokens))


def _refuse_the_endless(state: StateCore) -> None:
    """Refuse a paragraph that no entry could hold before its marks are paired, which takes seconds in a hostile one.

    Raises:
        UnusableFileError: where there is one.
    """
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > LONGEST:
            line = token.map[0] + 1 if token.map else 0
            raise UnusableFileError(f"a paragraph of {len(token.content):,} characters", f"at most {LONGEST:,}", line)


def _grouped(tokens: Sequence[Token]) -> Iterator[Block]:
    at = 0
    while at < len(tokens):
        first = tokens[at]
        end = at + 1
        if first.nesting == 1:
            while end < len(tokens) and not (tokens[end].nesting == -1 and tokens[end].level == first.level):
                end += 1
            end += 1
        inside = tuple(tokens[at:end])
        at = end
        if first.map is None:
            continue
        inline = next((one for one in inside if one.type == "inline"), None)
        leads = first.type in {"heading_open", "paragraph_open"}
        yield Block(
            kind=first.type.removesuffix("_open"),
            start=first.map[0],
            end=first.map[1],
            level=int(first.tag[1:]) if first.type == "heading_open" else 0,
            text=words(inline) if leads and inline else "",
            bold=_bold(inline) if first.type == "paragraph_open" and inline else "",
            tokens=inside,
        )


def words(inline: Token) -> str:
    """Return the words of a line of Markdown, without its marks."""
    return "".join(_word(child) for child in inline.children or ()).strip()


def _word(child: Token) -> str:
    if child.type in {"softbreak", "hardbreak"}:
        return " "
    if child.type == "code_inline":
        return f"`{child.content}`"
    return child.content if child.type == "text" else ""


def _bold(inline: Token) -> str:
    """Return the words of a paragraph whose words all are bold; signs such as emoji may stand outside."""
    depth = 0
    inside = outside = ""
    for child in inline.children or ():
        depth += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
        if depth:
            inside += _word(child)
        else:
            outside += _word(child)
    return inside.strip() if inside and not any(character.isalnum() for character in outside) else ""


def question_of(text: str) -> tuple[str, str]:
    """Return a question without its number and its signs of difficulty, and the level those tell (1 to 3, or none)."""
    level = next((told for sign, told in LEVELS.items() if sign in text), "")
    plain = SIGNS.sub("", NUMBERED.sub("", text, count=1))
    while plain and (unicodedata.category(plain[-1]) in {"So", "Mn", "Cf", "Sk"} or plain[-1].isspace()):
        plain = plain[:-1]
    return " ".join(plain.split()), level


def slice_of(lines: Sequence[str], inside: Sequence[Block]) -> str:
    """Return the text of successive blocks as Discord can show it: HTML as Markdown, rules and anchors gone."""
    parts: list[str] = []
    last = None
    for block in inside:
        raw = "\n".join(lines[block.start : block.end]).rstrip()
        if block.kind == "html_block":
            raw = _from_html(raw)
        elif block.kind == "hr" or ANCHORS_ONLY.fullmatch(raw.strip()):
            raw = ""
        elif block.kind not in {"fence", "code_block"}:
            raw = _without_tags(raw, block.tokens)
        if raw.strip():
            gap = "\n" if last is not None and block.start == last else "\n\n"
            parts += [gap, raw] if parts else [raw]
        last = block.end
    return dedent("".join(parts)).replace("\xa0", " ").strip()


def _from_html(raw: str) -> str:
    try:
        return markdown_of(raw)
    except ValueError:
        return ""


def _without_tags(raw: str, tokens: Sequence[Token]) -> str:
    """Return Markdown with its inline tags gone, line breaks kept, and pictures named by their words."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "html_inline":
                put = " " if RAW_BREAK.fullmatch(child.content) else ""
                raw = raw.replace(child.content, put, 1)
            elif child.type == "image":
                raw = _without_picture(raw, child)
    return raw


def _without_picture(raw: str, child: Token) -> str:
    """Put a link in a picture's place, or its words where it is no web address."""
    source = str(child.attrGet("src") or "")
    start = raw.find(f"![{child.content}]")
    end = raw.find(")", start)
    if start < 0 or end < 0:
        return raw
    name = child.content.strip() or "picture"
    put = f"[{name}]({source})" if source.startswith(("http://", "https://")) else f"({name})"
    return f"{raw[:start]}{put}{raw[end + 1 :]}"
