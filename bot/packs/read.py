"""A file in, a draft out: the one door to all importers. Runs in the worker process, on bytes of strangers."""

from __future__ import annotations

from bot.domain.draft import MOST_ENTRIES, Draft, FileRequest, Format, UnusableFileError
from bot.packs.anki import read_apkg, read_crowdanki
from bot.packs.markdown import read_markdown
from bot.packs.recognize import format_of, text_of
from bot.packs.table import read_anki_text, read_table
from bot.packs.yaml_entries import read_entries


def read_file(request: FileRequest) -> Draft:
    """Read a file of any format.

    Raises:
        UnusableFileError: where it can't be used at all, with the reason and the mend.
    """
    written = format_of(request.name, request.data)
    if written is Format.APKG:
        draft = read_apkg(request)
    else:
        text = text_of(request.data)
        reader = {
            Format.YAML: read_entries,
            Format.TABLE: read_table,
            Format.MARKDOWN: read_markdown,
            Format.ANKI_TEXT: read_anki_text,
            Format.CROWDANKI: read_crowdanki,
        }[written]
        draft = reader(request, text)
    if len(draft.entries) > MOST_ENTRIES:
        raise UnusableFileError(f"over {MOST_ENTRIES:,} entries", "fewer; split the file")
    if not draft.entries:
        raise UnusableFileError("no entries", "at least one")
    return draft
