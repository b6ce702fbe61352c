"""What no text of a server's content may hold: control characters, and links that pretend to lead elsewhere."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

FORBIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
MASKED: Final = re.compile(r"\[([^\[\]\n]{1,300})\]\(\s*<?([^\s()<>]{1,500})")
ADDRESS: Final = re.compile(
    r"(?:https?://)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24})(?:[/?#:]\S*)?", re.IGNORECASE
)
FILE_ENDINGS: Final = frozenset({"py", "md", "js", "ts", "rs", "csv", "txt", "json", "yaml", "ipynb", "html", "pdf"})


def forbidden(text: str) -> tuple[str, str] | None:
    """Return the first thing in a text that no content may hold; None where all is well.

    Returns:
        What it is, and what was expected.
    """
    sign = FORBIDDEN.search(text)
    if sign is not None:
        return f"an invisible control character (U+{ord(sign[0]):04X})", "plain text without it"
    for link in MASKED.finditer(text):
        named = ADDRESS.fullmatch(link[1].strip().strip("*_`"))
        if named is not None and not _same_host(named[1], link[2]):
            return f"a link that says *{named[1]}* and leads elsewhere", "a link's own address, or words"
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
