"""Files as people have them, in every format: what is read of each, and what is told where something is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.draft import Draft, FileRequest, Format, UnusableFileError
from bot.domain.entry import Kind
from bot.domain.overlay import Content
from bot.domain.plan import plan
from bot.packs.read import read_file
from tests.packs.hostile import GOOD, crowd, deck, note

EMPTY = Content({kind: {} for kind in Kind}, {})


def read(name: str, text: str | bytes, kind: Kind | None = None, columns: tuple[str, ...] = ()) -> Draft:
    data = text if isinstance(text, bytes) else text.encode()
    return read_file(FileRequest(name, data, kind, columns))


def fields_of(draft: Draft) -> list[dict[str, object]]:
    return [dict(entry.fields) for entry in draft.entries]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_with_names_is_mapped_by_them(delimiter: str) -> None:
    rows = [["Q", "Category", "Answer"], ["What is SGD?", "Training", '"A, b; c"'], ["And Adam?", "", "More"]]
    draft = read("a.csv", "\n".join(delimiter.join(row) for row in rows))
    assert (draft.kind, draft.format) == (Kind.FAQ, Format.TABLE)
    assert fields_of(draft) == [
        {"question": "What is SGD?", "shelf": "Training", "answer": "A, b; c"},
        {"question": "And Adam?", "answer": "More"},
    ]
    assert [entry.line for entry in draft.entries] == [2, 3]
    assert draft.table is not None
    assert draft.table.sure


def test_a_table_without_names_is_guessed_and_says_so() -> None:
    draft = read("docker.csv", "docker login\tLog into&nbsp;it\t\ndocker ps\t<div>List <b>all</b></div>\t\n")
    assert draft.kind is Kind.CARD
    assert [(one["front"], one["back"]) for one in fields_of(draft)] == [
        ("docker login", "Log into it"),
        ("docker ps", "List **all**"),
    ]
    assert draft.table is not None
    assert not draft.table.sure
    assert draft.notes


def test_a_person_can_say_what_the_columns_are() -> None:
    draft = read("a.csv", "yes,What?,1\nno,Why?,2\n", Kind.FAQ, ("answer", "question", ""))
    assert fields_of(draft)[1] == {"answer": "no", "question": "Why?"}


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("front,back", Kind.CARD),
        ("term,definition", Kind.CARD),
        ("title,url,note", Kind.RESOURCE),
        ("name,link", Kind.RESOURCE),
        ("title,task,difficulty", Kind.PROMPT),
        ("id,title,hours,why", Kind.TOPIC),
    ],
)
def test_names_tell_the_kind(header: str, kind: Kind) -> None:
    row = ",".join("https://a.org" if name in {"url", "link"} else "2" for name in header.split(","))
    assert read("a.csv", f"{header}\n{row}\n").kind is kind


def test_a_cell_of_several_lines_is_read_and_one_that_swallows_rows_is_found() -> None:
    good = read("a.csv", 'question,answer\nWhat?,"One, two\n\nThree, four"\nWhy?,b\n')
    assert [entry.line for entry in good.entries] == [2, 5]
    with pytest.raises(UnusableFileError) as caught:
        read("a.csv", 'question,answer\nWhat?,"one\nq2,a2\nq3,a3"\nq4,a4\n')
    assert caught.value.problem.line == 2


MARKDOWN = """---
title: notes
---
# Interview notes
## Table of contents
* [One](#one)
## Basics
**1. What is a loss? 👶**

It says *how wrong*<br>a model is.

```
## not a heading
```

**What is a metric? 🚀**

![formula](https://a.org/f.png)

[Back to top](#top)

## Depth
**Why deep?**
"""


def test_bold_questions_are_read_with_their_headings() -> None:
    draft = read("a.md", MARKDOWN)
    assert (draft.kind, draft.format) == (Kind.FAQ, Format.MARKDOWN)
    assert fields_of(draft) == [
        {
            "question": "What is a loss?",
            "answer": "It says *how wrong* a model is.\n\n```\n## not a heading\n```",
            "shelf": "Basics",
        },
        {
            "question": "What is a metric?",
            "answer": "[formula](https://a.org/f.png)",
            "shelf": "Basics",
        },
        {"question": "Why deep?", "answer": "", "shelf": "Depth"},
    ]
    assert [entry.line for entry in draft.entries] == [8, 16, 23]
    assert [one.found for one in draft.entries[2].problems] == ["no answer"]


def test_headings_and_lists_are_questions_too() -> None:
    numbered = read(
        "a.md", "# Notes\n\n## 1. Define bias\n\nIt leans.\n\n### More\n\nText\n\n## 2. And variance?\n\nIt spreads.\n"
    )
    assert [(one["question"], one["answer"]) for one in fields_of(numbered)] == [
        ("Define bias", "It leans.\n\n### More\n\nText"),
        ("And variance?", "It spreads."),
    ]
    listed = read("a.md", "- What is a GPU?\n  - It computes.\n  - Fast.\n- And a TPU?\n\n  Another one.\n")
    assert [(one["question"], one["answer"]) for one in fields_of(listed)] == [
        ("What is a GPU?", "- It computes.\n- Fast."),
        ("And a TPU?", "Another one."),
    ]


def test_a_list_of_links_is_resources() -> None:
    items = [
        "[3B1B](https://youtu.be/c) - lovely pictures",
        "Ng's [ML](https://a.org/x)",
        "[c](#c)",
        "[D](https://d.org)",
    ]
    text = "# Courses\n\n## Math\n" + "".join(f"* {one}\n" for one in items)
    draft = read("courses.md", text)
    assert draft.kind is Kind.RESOURCE
    first, second, third = fields_of(draft)
    assert first == {
        "title": "3B1B", "url": "https://youtu.be/c", "kind": "video", "note": "lovely pictures", "section": "Math",
    }  # fmt: skip
    assert (second["note"], second["kind"], third["title"]) == ("Ng's", "course", "D")


def test_decks_become_cards_and_clozes_become_questions() -> None:
    notes = [
        note("What is<br>BOW?", '<div class="c">Concept: a <i>bag</i></div><div>of words</div>', "tag"),
        note("Je sors {{c1::de::of}} {{c2::Paris}}", "<p>Note</p>"),
        note("No answer?", ""),
    ]
    draft = read("deck.json", crowd(notes))
    assert (draft.kind, draft.format) == (Kind.CARD, Format.CROWDANKI)
    assert [(one["front"], one["back"]) for one in fields_of(draft)] == [
        ("What is\nBOW?", "Concept: a *bag*\n\nof words"),
        ("Je sors [of] Paris", "de\n\nNote"),
        ("Je sors de […]", "Paris\n\nNote"),
        ("No answer?", ""),
    ]
    assert [one.found for one in draft.entries[3].problems] == ["no answer"]


def test_the_collection_of_today_is_read_before_the_old_one() -> None:
    new, old = deck(["New?\x1fYes"]), deck(["Old?\x1fYes"], "collection.anki2")
    assert [one["front"] for one in fields_of(read("a.apkg", new))] == ["New?"]
    assert [one["front"] for one in fields_of(read("a.apkg", old))] == ["Old?"]
    assert read("a.apkg", new, Kind.FAQ).kind is Kind.FAQ


def test_ankis_text_export_leaves_out_its_own_columns() -> None:
    text = "#separator:tab\n#html:true\n#guid column:1\n#tags column:4\nxyz\tWhat &amp; why?\t<b>That</b>\ttag\n"
    draft = read("deck.txt", text)
    assert draft.format is Format.ANKI_TEXT
    assert [(one["front"], one["back"]) for one in fields_of(draft)] == [("What & why?", "**That**")]
    assert draft.entries[0].line == 5


def test_yaml_tells_the_line_of_every_key() -> None:
    draft = read(
        "a.yaml", "kind: faq\nentries:\n  - question: What?\n    answer: That\n    nope: 1\n  - question: Why?\n"
    )
    first, second = draft.entries
    assert (first.problems[0].line, first.problems[0].key) == (5, "nope")
    assert second.line == 6
    assert [one.found for one in second.problems] == ["nothing"]
    assert first.lines["answer"] == 4


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.csv", "Größe,Länge\n".encode("latin-1"), "UTF-8"),
        ("a.csv", "a,b\n".encode("utf-16"), "UTF-8"),
        ("a.zip", b"PK\x03\x04", ".apkg"),
        ("a.apkg", b"hello", "Anki"),
        ("a.md", "Just words.\n", "heading"),
        ("a.json", "{}", "notes"),
        ("tasks.yaml", "tasks: []\n", "FAQ"),
    ],
)
def test_what_is_refused_says_the_mend(name: str, text: str | bytes, expected: str) -> None:
    with pytest.raises(UnusableFileError) as caught:
        read(name, text)
    assert expected in caught.value.problem.sentence


MARKS = (
    'question|answer|"|""|,|;|\t|\n|\n\n|# |## |**|- |  - |?|What is it?|[a](|http://a.b|{{c1::|::|}}|<b>|</b>|&#0;|'
    "&amp;|---\n|kind: faq|entries:|id: ab|: |[|]|{|}|notes|fields|\x07|\u202e|é|😀|1. |A: |#separator:tab\n|```|"
    "\\|'|=1|)"
)
pieces = st.sampled_from(MARKS.split("|"))
near_files = st.lists(pieces, max_size=50).map("".join)


def _read_or_reason(name: str, data: bytes) -> Draft | None:
    """Return the draft of a file; None where it is refused with a reason."""
    try:
        return read(name, data)
    except UnusableFileError as error:
        if not (error.problem.found and error.problem.expected):
            raise
        return None


@pytest.mark.parametrize("name", ["a.yaml", "a.csv", "a.md", "a.json", "a.txt"])
@settings(max_examples=60, deadline=None)
@given(text=near_files | st.text(max_size=200))
def test_any_text_is_a_draft_or_a_reason(name: str, text: str) -> None:
    draft = _read_or_reason(name, text.encode("utf-8", "surrogatepass"))
    if draft is None:
        return
    planned = plan(draft, EMPTY)
    after = EMPTY.with_patches({change.key: change.after for change in planned.changes})
    again = plan(draft, after)
    assert again.changes == (), "the same file again changes nothing"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=12))
def test_any_deck_is_a_draft_or_a_reason(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    _read_or_reason("a.apkg", bytes(data))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_note_of_a_deck_isread(fields: list[str]) -> None:
    for draft in (read("a.apkg", deck(["\x1f".join(fields)])), read("a.json", crowd([note(*fields)]))):
        plan(draft, EMPTY)
