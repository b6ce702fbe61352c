"""HTML in, Markdown as Discord shows it out; and what no text may hold."""

from __future__ import annotations

import re
import warnings
from typing import Final
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from markdownify import MarkdownConverter

MOST_HTML: Final = 20_000
MOST_TAGS: Final = 500
HINTS: Final = re.compile(r"[<&]")
BLANK_LINES: Final = re.compile(r"\n{3,}")
FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
MASKED: Final = re.compile(r"\[([^\[\]\n]{1,300})\]\(\s*<?([^\s()<>]{1,500})")
ADDRESS: Final = re.compile(r"(?:https?://)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24})(?:[/?#:]\S*)?", re.IGNORECASE)
FILE_ENDINGS: Final = frozenset({"py", "md", "js", "ts", "rs", "csv", "txt", "json", "yaml", "ipynb", "html", "pdf"})


class _Converter(MarkdownConverter):
    """Leaves pictures out, since their files are not loaded, and takes a ``div`` for a paragraph."""

    def convert_img(self, el: object, text: str, parent_tags: object) -> str:
        """Return nothing: a picture's file is not loaded."""
        return ""

    def convert_div(self, el: object, text: str, parent_tags: object) -> str:
        """Return a block on lines of its own."""
        return f"\n\n{text.strip()}\n\n" if text.strip() else ""


def markdown_of(html: str) -> str:
    """Return HTML as Markdown: tags become marks or go, entities become characters. Plain text comes out as it is.

    Raises:
        ValueError: where it is too much to convert; in words a moderator understands.
    """
    if not HINTS.search(html):
        return html.replace("\xa0", " ").strip()
    if len(html) > MOST_HTML or html.count("<") > MOST_TAGS:
        raise ValueError(f"at most {MOST_HTML:,} characters and {MOST_TAGS} tags in one field")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(html, "html.parser")
    for tag in soup(["script", "style", "head", "title", "object", "iframe"]):
        tag.decompose()
    converter = _Converter(
        heading_style="ATX", bullets="-", escape_asterisks=False, escape_underscores=False, escape_misc=False,
        sub_symbol="", sup_symbol="",
    )  # fmt: skip
    try:
        text = str(converter.convert_soup(soup)).replace("\xa0", " ")
    except RecursionError:
        raise ValueError("HTML that is nested less deep") from None
    return BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()


def forbidden(text: str) -> tuple[int, str, str] | None:
    """Return the first thing in a text that no content may hold; None where all is well.

    Returns:
        How many lines down it stands, what it is, and what was expected.
    """
    sign = FORBIDDEN.search(text)
    if sign is not None:
        down = text.count("\n", 0, sign.start())
        return down, f"an invisible control character (U+{ord(sign[0]):04X})", "plain text without it"
    for link in MASKED.finditer(text):
        named = ADDRESS.fullmatch(link[1].strip().strip("*_`"))
        if named is not None and not _same_host(named[1], link[2]):
            down = text.count("\n", 0, link.start())
            return down, f"a link that says *{named[1]}* and leads elsewhere", "a link's own address, or words"
    return None


def _same_host(named: str, address: str) -> bool:
    if named.rpartition(".")[2].lower() in FILE_ENDINGS and address.rpartition("/")[2] == named:
        return True
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    said, real = named.lower().removeprefix("www."), host.lower().removeprefix("www.")
    return real == said or real.endswith(f".{said}")
