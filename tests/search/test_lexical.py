"""The lexical index: any text is a legal query, and members find what they ask in their own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.calibration import Band
from bot.domain.faq import FaqEntry, Reason
from bot.domain.pack import Pack
from bot.domain.synonym import Synonym
from bot.search.document import Document
from bot.search.index import CANDIDATES, SearchIndex
from bot.search.text import MAX_WORDS, STOP_WORDS, telling_words, words

ENTRY = FaqEntry(
    id="overfitting",
    question="What is overfitting?",
    phrasings=("model too good on training data", "why is my test score bad", "memorized the training set"),
    answer="A model overfits when it learns its examples by heart and fails on new ones. Hold data back.",
)
CV = Synonym(short="cv", means=("computer vision", "resume"))
ODD = [
    "",
    " ",
    "?",
    '"',
    "'); DROP TABLE entry; --",
    "overfitting OR AND NOT NEAR(a b, 2)",
    'asked : "x" *',
    "^overfitting",
    "{asked} : overfitting + -x",
    "*",
    "(((((",
    "🤖🎓🧠",
    "👩‍💻 how?",
    "\0\x07",
    "c++ or c#",
    "ما هو التعلم الآلي؟",
    "\u202eoverfitting\u202c",
    "什么是过拟合",
    "ﬁne ﬀ Ⅷ ½ ²",
    "a" * 4000,
    "overfitting " * 400,
    "\u0301" * 300,
    "the of and",
]


def indexed(entries: Iterable[FaqEntry], synonyms: Iterable[Synonym] = ()) -> SearchIndex:
    """Index entries by their words."""
    return SearchIndex([Document.of(entry) for entry in entries], synonyms)


@pytest.fixture(scope="module")
def index(pack: Pack) -> SearchIndex:
    """The shipped FAQ, indexed."""
    return indexed(pack.entries.values(), pack.synonyms)


def _assert_legal(index: SearchIndex, query: str) -> None:
    found = index.search(query)
    assert len(found) <= CANDIDATES
    assert len({one.entry_id for one in found}) == len(found)
    assert all(0.0 <= one.score <= 1.0 for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    completed = index.complete(query, 25)
    assert len(completed) <= 25
    assert len(set(completed)) == len(completed)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_legal_query(index: SearchIndex, query: str) -> None:
    _assert_legal(index, query)


WORDS = st.sampled_from(
    ["overfitting", "OR", "NEAR", "gradient", '"', "*", "(", ")", ":", "-", "^", "c++", "degree", "😀"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join))
@example('"')
def test_operators_are_only_words(index: SearchIndex, query: str) -> None:
    _assert_legal(index, query)


@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
def test_odd_queries_are_legal(index: SearchIndex, query: str) -> None:
    _assert_legal(index, query)


def test_the_longest_query_of_known_words_is_legal(index: SearchIndex, pack: Pack) -> None:
    every = " ".join(text for entry in pack.entries.values() for text in entry.phrasings)
    for start in range(0, len(every) - 4000, 4000):
        _assert_legal(index, every[start : start + 4000])


def test_an_empty_index_finds_nothing() -> None:
    index = SearchIndex([])
    for query in ODD:
        assert index.search(query) == []
        assert index.complete(query, 25) == []


def test_one_entry_is_found_and_not_forced() -> None:
    index = indexed([ENTRY])
    for query in (ENTRY.question, *ENTRY.phrasings, "overfiting"):
        assert [one.entry_id for one in index.search(query)] == [ENTRY.id], query
    strange = index.search("weather in Lima")
    assert index.band(strange) is Band.NO
    for query in ODD:
        _assert_legal(index, query)


def _places(index: SearchIndex, asked: Iterable[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """Return each question's place of its own entry, 99 where it is not among the candidates."""
    found: list[tuple[int, str, str]] = []
    for entry_id, text in asked:
        ids = [one.entry_id for one in index.search(text)]
        found.append((ids.index(entry_id) + 1 if entry_id in ids else 99, entry_id, text))
    return found


def _share(places: list[tuple[int, str, str]], among: int) -> float:
    return sum(place <= among for place, _, _ in places) / len(places)


def test_every_question_and_phrasing_finds_its_entry(index: SearchIndex, pack: Pack) -> None:
    places = _places(index, ((e.id, text) for e in pack.entries.values() for text in (e.question, *e.phrasings)))
    first, among_three = _share(places, 1), _share(places, 3)
    print(f"own words: {len(places)} asked, first {first:.1%}, among three {among_three:.1%}")
    assert first == 1.0, [one for one in places if one[0] > 1]
    assert all(index.search(text)[0].reason is Reason.VERBATIM for _, _, text in places)


def _typos(text: str) -> Iterator[str]:
    """Yield a text with one letter of its longest word dropped, doubled, swapped or struck wrong."""
    word = max(text.split(), key=len)
    at = text.index(word) + len(word) // 2
    yield text[:at] + text[at + 1 :]
    yield text[:at] + text[at] + text[at:]
    yield text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    yield text[:at] + ("x" if text[at] != "x" else "q") + text[at + 1 :]


def test_a_typo_does_not_hide_an_entry(index: SearchIndex, pack: Pack) -> None:
    questions = [(entry.id, typo) for entry in pack.entries.values() for typo in _typos(entry.question)]
    phrasings = [(entry.id, typo) for entry in pack.entries.values() for typo in _typos(entry.phrasings[0])]
    for kind, asked in (("questions", questions), ("phrasings", phrasings)):
        places = _places(index, asked)
        print(
            f"typos in {kind}: {len(places)} asked, first {_share(places, 1):.1%}, among three {_share(places, 3):.1%}"
        )
        assert _share(places, 3) >= 0.9, [one for one in places if one[0] > 3]


def test_words_that_were_never_written_down_are_understood(pack: Pack) -> None:
    """Each entry's last phrasing is left out of the index, and asked: the hardest case; the floor notices a fall."""
    kept = [entry.model_copy(update={"phrasings": entry.phrasings[:-1]}) for entry in pack.entries.values()]
    places = _places(indexed(kept, pack.synonyms), ((entry.id, entry.phrasings[-1]) for entry in pack.entries.values()))
    first, among_three = _share(places, 1), _share(places, 3)
    print(f"other words: {len(places)} asked, first {first:.1%}, among three {among_three:.1%}")
    assert first >= 0.25
    assert among_three >= 0.36


def test_case_and_marks_do_not_matter(index: SearchIndex) -> None:
    plain = index.search("do i need a degree")
    assert index.search("DO I NEED A DEGREE?!") == plain
    assert index.search("  do   i need\na degree… ") == plain
    assert index.search("ｄｏ ｉ ｎｅｅｄ ａ ｄｅｇｒｅｅ") == plain, "full-width letters are letters"


def test_completing_by_the_beginning_of_a_word(index: SearchIndex, pack: Pack) -> None:
    assert index.complete("", 25) == list(pack.entries)[:25]
    assert index.complete("", 3) == list(pack.entries)[:3]
    typed = {entry.id: _up_to_the_first_telling_word(entry.question) for entry in pack.entries.values()}
    hidden = [f"{text!r}: {one}" for one, text in typed.items() if one not in index.complete(text, 25)]
    assert not hidden, f"questions that begin with what was typed and are not offered: {hidden}"


def _up_to_the_first_telling_word(question: str) -> str:
    """Return the beginning of a question, its first telling word but for the last letter."""
    every = words(question)
    place = next(i for i, word in enumerate(every) if word not in STOP_WORDS)
    return " ".join([*every[:place], every[place][: max(3, len(every[place]) - 1)]])


def test_completing_a_word_that_is_longer_than_its_stem() -> None:
    documents = [
        Document("hosting", ("Where is free hosting?",)),
        Document("host", ("Who is the host?",)),
        Document("hat", ("Who wears a hat?",)),
    ]
    index = SearchIndex(documents)
    assert index.complete("free hosti", 25)[0] == "hosting"
    assert index.complete("who is the h", 25)[:2] == ["host", "hat"], "what begins so, before what holds such a word"
    assert index.complete("zzz", 25) == []


def test_completing_finds_what_is_misspelled_where_nothing_begins_so(index: SearchIndex) -> None:
    assert index.complete("overfti", 25)[0] == "overfitting"


def test_completing_with_a_whole_question_offers_it(index: SearchIndex, pack: Pack) -> None:
    hidden = [entry.id for entry in pack.entries.values() if entry.id not in index.complete(entry.question, 25)[:3]]
    assert hidden == []


@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("what is sgd", "gradient-descent-simple"),
        ("do i need k8s", "kubernetes-needed"),
        ("xgb or rf", "forest-or-boosting"),
    ],
)
def test_the_fields_short_forms_are_understood(index: SearchIndex, question: str, entry_id: str) -> None:
    assert index.search(question)[0].entry_id == entry_id


def test_a_short_form_of_several_senses_finds_each() -> None:
    senses = {"resume": "How long should my resume be?", "vision": "Where do I start with computer vision?"}
    documents = [Document(name, (question,)) for name, question in senses.items()]
    index = SearchIndex([*documents, Document("other", ("What is a tensor?",))], [CV])
    assert {one.entry_id for one in index.search("cv tips")} == set(senses)
    assert index.search("computer vision")[0].entry_id == "vision"
    written = SearchIndex([Document("cv", ("How do I write a cv?",)), Document("other", ("What is a tensor?",))], [CV])
    assert written.search("resume")[0].entry_id == "cv", "the short form in the entry, the long one in the question"
    assert index.spelled_out("sgd and cv") == "sgd and cv", "which sense is meant is not for the encoder to guess"


def test_duplicate_questions_are_a_reason_to_ask() -> None:
    twice = [Document(name, ("What is dropout?",)) for name in ("one", "two")]
    index = SearchIndex([*twice, Document("other", ("What is a tensor?",))])
    found = index.search("what is dropout")
    assert [one.entry_id for one in found[:2]] == ["one", "two"]
    assert index.band(found) is not Band.SURE


def test_entries_in_other_scripts_are_found() -> None:
    texts = {"ar": "ما هو التعلم الآلي؟", "ru": "Что такое переобучение?", "zh": "什么 是 过拟合"}
    index = SearchIndex([Document(name, (text,)) for name, text in texts.items()])
    for name, text in texts.items():
        assert index.search(text)[0].entry_id == name
    assert index.search("что такое переобучения")[0].entry_id == "ru"


def test_words() -> None:
    assert words("What's C++, really? ＡＢＣ_d") == ["what", "s", "c++", "really", "abc", "d"]
    assert len(words("word " * 100)) == MAX_WORDS
    assert telling_words("what is a degree") == ["degree"]
    assert telling_words("what is it") == ["what", "is", "it"], "all words where none tells"
    assert telling_words("") == []
    assert all(word == word.casefold() for word in STOP_WORDS)
