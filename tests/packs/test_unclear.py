"""Files that don't say plainly what they hold: columns of unknown names, misspelled keys, slips in YAML."""

from __future__ import annotations

import pytest

from bot.domain.draft import FileRequest, UnusableFileError
from bot.domain.entry import Kind
from bot.packs.read import read_file
from tests.packs.test_importers import fields_of, read

NAMELESS = (
    "Thema,Was man wissen will,Was man sagt\n"
    "Server,How do I mute a channel?,Right-click it.\n"
    "Server,Where are the recordings?,In the pinned messages.\n"
)


def test_names_that_nobody_knows_are_no_entry() -> None:
    draft = read("a.csv", NAMELESS)
    assert fields_of(draft)[0] == {"question": "How do I mute a channel?", "answer": "Right-click it."}
    assert [entry.line for entry in draft.entries] == [2, 3]
    assert draft.table is not None
    assert draft.table.columns == ("Thema", "Was man wissen will", "Was man sagt")
    assert (draft.table.sample[0], draft.table.sure, draft.table.header) == ("Server", False, True)
    chosen = read("a.csv", NAMELESS, Kind.FAQ, ("shelf", "question", "answer"))
    assert [one["shelf"] for one in fields_of(chosen)] == ["Server", "Server"]


@pytest.mark.parametrize(
    "rows",
    [
        ["dog,Hund", "cat,Katze", "bird,Vogel"],
        ["What is a dog?,An animal.", "What is a cat?,Another one.", "What is a bird?,A third."],
        ["Home,https://a.org", "Search,https://b.org", "Maps,https://c.org"],
    ],
)
def test_a_first_entry_is_not_taken_for_names(rows: list[str]) -> None:
    assert len(read("a.csv", "\n".join(rows)).entries) == 3


def test_a_person_can_say_that_the_first_line_holds_names_or_is_an_entry() -> None:
    short = b"Wort,Bedeutung\ndog,Hund\n"
    assert len(read_file(FileRequest("a.csv", short, header=True)).entries) == 1
    assert len(read_file(FileRequest("a.csv", b"front,back\ndog,Hund\n", Kind.CARD, header=False)).entries) == 2


@pytest.mark.parametrize(("key", "meant"), [("category", "`shelf`"), ("anwser", "`answer`"), ("zzz", "one of id, ")])
def test_an_unknown_key_is_told_what_was_probably_meant(key: str, meant: str) -> None:
    draft = read("a.yaml", f"kind: faq\nentries:\n- question: What?\n  answer: This.\n  {key}: x\n")
    (problem,) = draft.entries[0].problems
    assert problem.expected.startswith(meant)


@pytest.mark.parametrize(
    ("text", "found"),
    [("a: 'x\nb: y\n", "a quotation mark that is never closed"), ("a: b: c\n", "a second colon in one line")],
)
def test_slips_in_yaml_are_told_in_words(text: str, found: str) -> None:
    with pytest.raises(UnusableFileError) as caught:
        read("a.yaml", text)
    assert caught.value.problem.found == found
    assert caught.value.problem.line == 1
