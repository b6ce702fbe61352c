"""HTML in, Markdown as Discord shows it out."""

from __future__ import annotations

import re
import warnings
from typing import Final

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from markdownify import MarkdownConverter

MOST_HTML: Final = 20_000
MOST_TAGS: Final = 500
HINTS: Final = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|center|code|dd|del|div|dl|dt|em|font|h[1-6]|hr|i|img|kbd|li|mark|ol|p|pre|s|script|"
    r"small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|tt|u|ul|iframe|object|head|title|html|body)"
    r"(?:\s[^<>]*)?/?>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,10});",
    re.IGNORECASE,
)
"""What only HTML looks like: text such as ``a < b`` or ``vector<int>`` stays as it is."""
BLANK_LINES: Final = re.compile(r"\n{3,}")


class _Converter(MarkdownConverter):
    """Leaves pictures out, since their files are not loaded, and takes a ``div`` for a paragraph."""

    def convert_img(self, _: object, __: str, **___: object) -> str:
        """Return nothing: a picture's file is not loaded."""
        return ""

    def convert_div(self, _: object, text: str, **__: object) -> str:
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
