"""What a file is, from its bytes and its name; and what is refused before anything reads it."""

from __future__ import annotations

from typing import Final

from bot.domain.draft import MOST_APKG, MOST_TEXT, Format, UnusableFileError

TABLES: Final = (".csv", ".tsv", ".tab")
DECKS: Final = (".apkg", ".colpkg")
MARKDOWN: Final = (".md", ".markdown")
MAGIC: Final = (
    (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a bare SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
ACCEPTED: Final = "a .yaml, .csv, .tsv, .md, .txt, .json or .apkg file"
SAVE: Final = 'open it in your editor and choose *Save with encoding*, "UTF-8"'


def format_of(name: str, data: bytes) -> Format:
    """Return how a file is written.

    Raises:
        UnusableFileError: where it is too large, empty, or nothing that is read here.
    """
    lower = name.lower()
    if lower.endswith(DECKS) and data.startswith(b"PK"):
        _hold(len(data), MOST_APKG)
        return Format.APKG
    for magic, what in MAGIC:
        if data.startswith(magic) and not (magic == b"MZ" and b"\0" not in data[:512]):
            raise UnusableFileError(what, ACCEPTED)
    if lower.endswith(DECKS):
        raise UnusableFileError("a deck that is no archive", "the .apkg file as Anki exports it")
    _hold(len(data), MOST_TEXT)
    if lower.endswith((".yaml", ".yml")):
        return Format.YAML
    if lower.endswith(TABLES):
        return Format.TABLE
    if lower.endswith(MARKDOWN):
        return Format.MARKDOWN
    if lower.endswith(".json"):
        return Format.CROWDANKI
    return _by_content(data)


def _hold(size: int, most: int) -> None:
    if size > most:
        raise UnusableFileError(f"{size:,} bytes", f"at most {most:,}; split the file in two")
    if not size:
        raise UnusableFileError("an empty file", "a file with entries in it")


def _by_content(data: bytes) -> Format:
    """Guess by the first lines; the name does not say."""
    head = data[:4000].removeprefix(b"\xef\xbb\xbf").lstrip()
    first = head.split(b"\n", 1)[0]
    if first.startswith((b"#separator:", b"#html:", b"#notetype", b"#deck", b"#columns:", b"#tags")):
        return Format.ANKI_TEXT
    if head.startswith(b"{"):
        return Format.CROWDANKI
    if head.startswith((b"---", b"# ", b"## ", b"**", b"- [", b"* [")):
        return Format.MARKDOWN
    if b"\t" in first:
        return Format.ANKI_TEXT
    if first.rstrip().endswith(b":") or first.startswith((b"kind:", b"id:")):
        return Format.YAML
    return Format.TABLE if any(sign in first for sign in (b",", b";")) else Format.MARKDOWN


def text_of(data: bytes) -> str:
    """Return the text of a file, its lines ended as on Unix.

    Raises:
        UnusableFileError: where it is not UTF-8 or holds what no text holds; with the mend.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_like_utf16(data):
        raise UnusableFileError("a text saved as UTF-16", f"UTF-8: {SAVE}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnusableFileError("a text saved as Latin-1 or Windows-1252", f"UTF-8: {SAVE}", line) from None
    at = text.find("\0")
    if at >= 0:
        raise UnusableFileError("a zero byte", "plain text", text.count("\n", 0, at) + 1)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnusableFileError("an empty file", "a file with entries in it")
    return text


def _looks_like_utf16(data: bytes) -> bool:
    """Whether every other byte is zero: UTF-16 without its mark."""
    head = data[:400]
    return len(head) >= 4 and max(head[::2].count(0), head[1::2].count(0)) > len(head) * 0.3
