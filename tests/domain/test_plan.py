"""What a load would do: every entry gets its verdict, and the plan does what it says."""

from __future__ import annotations

from bot.domain.draft import Draft, DraftEntry, Format, Problem
from bot.domain.entry import OWN_SHELF, Json, Kind
from bot.domain.overlay import Content
from bot.domain.own_pack import ShippedEntries, compiled
from bot.domain.pack import Pack
from bot.domain.plan import plan
from bot.domain.plan_row import Difference, Plan, Verdict
from bot.search.near import near_titles
from tests.domain.small_pack import small_pack

SMALL = small_pack({"first": {"one": [], "two": ["one"]}, "second": {"three": ["two"]}})


def fresh(pack: Pack = SMALL) -> Content:
    """Return the content of a server that changed nothing."""
    return Content(ShippedEntries(pack), {})


def draft(kind: Kind, *entries: dict[str, Json]) -> Draft:
    """Return a draft of these entries, each on the line of its place, from 2."""
    return Draft(kind, Format.TABLE, tuple(DraftEntry(kind, i, one) for i, one in enumerate(entries, 2)))


def after(content: Content, planned: Plan) -> Content:
    """Return the content once a plan was applied."""
    return content.with_patches({change.key: change.after for change in planned.changes})


ASKED: dict[str, Json] = {"question": "What is SGD?", "answer": "Steps."}


def test_a_new_entry_stands_on_the_servers_own_shelf() -> None:
    planned = plan(draft(Kind.FAQ, ASKED), fresh())
    assert [(row.verdict, row.kind) for row in planned.rows] == [
        (Verdict.NEW, Kind.CATEGORY),
        (Verdict.NEW, Kind.FAQ),
    ]
    assert planned.count(Verdict.NEW) == 1
    pack = compiled(SMALL, after(fresh(), planned))
    assert [entry.question for entry in pack.entries.values()] == ["What is SGD?"]
    assert pack.categories[0].id == OWN_SHELF


def test_the_same_question_is_the_same_entry_whatever_its_marks() -> None:
    there = after(fresh(), plan(draft(Kind.FAQ, ASKED), fresh()))
    planned = plan(
        draft(Kind.FAQ, {"question": " what is  SGD ", "answer": "Steps down.", "phrasings": ["sgd"]}), there
    )
    (row,) = [row for row in planned.rows if row.kind is Kind.FAQ]
    assert row.verdict is Verdict.CHANGED
    assert row.differences == (
        Difference("question", "What is SGD?", "what is SGD"),
        Difference("answer", "Steps.", "Steps down."),
        Difference("phrasings", None, ["sgd"]),
    )
    assert plan(draft(Kind.FAQ, ASKED), there).count(Verdict.SAME) == 1


def test_what_a_file_leaves_out_stays_and_an_empty_value_clears() -> None:
    full: dict[str, Json] = {**ASKED, "id": "sgd", "phrasings": ["sgd"]}
    there = after(fresh(), plan(draft(Kind.FAQ, full), fresh()))
    assert plan(draft(Kind.FAQ, {"id": "sgd", "answer": "Steps."}), there).changes == ()
    cleared = after(there, plan(draft(Kind.FAQ, {"id": "sgd", "phrasings": ""}), there))
    assert "phrasings" not in (cleared.fields(Kind.FAQ, "sgd") or {})


def test_different_signs_are_different_questions() -> None:
    named: list[dict[str, Json]] = [{**ASKED, "question": f"What is {name}?"} for name in ("C", "C++", "C#")]
    planned = plan(draft(Kind.FAQ, *named), fresh())
    assert planned.count(Verdict.NEW) == 3


def test_bad_entries_are_named_with_line_key_found_and_expected() -> None:
    planned = plan(
        draft(
            Kind.FAQ,
            {"question": "Long?", "answer": "x" * 4000},
            {"question": "Links?", "answer": "[bank.com](https://evil.example)"},
            {"question": "Signs?", "answer": "a\u202eb"},
            {"question": "Topics?", "answer": "a", "topics": ["tow"]},
            ASKED,
            {**ASKED, "answer": "twice"},
        ),
        fresh(),
    )
    bad = {row.line: row.problems[0] for row in planned.of(Verdict.BAD)}
    assert bad[2] == Problem(2, "answer", "4,000 characters", "at most 3600 characters")
    assert bad[3].found == "a link that says *bank.com* and leads elsewhere"
    assert bad[4].found == "an invisible control character (U+202E)"
    assert bad[5] == Problem(5, "topics", "*tow*", "the id of a topic that exists; did you mean two?")
    assert bad[7] == Problem(7, "", "the same entry a second time", "it once; it stands in line 6")
    assert planned.count(Verdict.NEW) == 1


def test_a_line_of_a_key_is_told_where_the_format_has_one() -> None:
    entry = DraftEntry(Kind.FAQ, 2, {"question": "Why?", "answer": "x" * 4000}, lines={"answer": 7})
    (row,) = plan(Draft(Kind.FAQ, Format.YAML, (entry,)), fresh()).of(Verdict.BAD)
    assert row.problems[0].line == 7


TOPIC: dict[str, Json] = {"title": "Four", "why": "Because it comes next.", "shelf": "second"}


def test_a_circle_of_prerequisites_is_refused_where_it_is_closed() -> None:
    planned = plan(
        draft(Kind.TOPIC, {**TOPIC, "id": "four", "requires": ["three"]}, {"id": "one", "requires": ["four"]}), fresh()
    )
    (bad,) = planned.of(Verdict.BAD)
    assert bad.problems[0].found.startswith("a circle: ")
    assert compiled(SMALL, after(fresh(), planned)).topics


def test_who_names_a_bad_entry_is_bad_too() -> None:
    planned = plan(
        draft(Kind.TOPIC, {**TOPIC, "id": "four", "requires": ["five"]}, {**TOPIC, "id": "five", "requires": ["nope"]}),
        fresh(),
    )
    assert {row.entry_id for row in planned.of(Verdict.BAD)} == {"four", "five"}


def test_replacing_everything_retires_the_rest_and_nothing_else() -> None:
    named = draft(Kind.TOPIC, {"id": "one", "hours": "3"})
    assert plan(named, fresh()).count(Verdict.RETIRED) == 0
    planned = plan(named, fresh(), replace_all=True)
    assert [row.entry_id for row in planned.of(Verdict.RETIRED)] == ["two", "three"]
    pack = compiled(SMALL, after(fresh(), planned))
    assert list(pack.topics) == ["one"]
    assert pack.topics["one"].hours == 3


def test_a_retired_topic_leaves_no_reference_behind() -> None:
    content = fresh()
    there = after(content, plan(draft(Kind.TOPIC, {"id": "one"}, {"id": "three"}), content, replace_all=True))
    pack = compiled(SMALL, there)
    assert pack.topics["three"].requires == ()
    back = plan(draft(Kind.TOPIC, {"id": "two"}), there)
    assert [row.verdict for row in back.rows] == [Verdict.CHANGED]
    assert list(compiled(SMALL, after(there, back)).topics) == ["one", "two", "three"]
    assert after(there, back).patches == {}


def test_nearly_the_same_question_is_asked_about_once() -> None:
    there = after(fresh(), plan(draft(Kind.FAQ, {**ASKED, "question": "What is overfitting in a model?"}), fresh()))
    near = draft(Kind.FAQ, {"question": "What is overfitting in models?", "answer": "Noise."})
    (row,) = plan(near, there, near_titles).of(Verdict.NEW)
    assert [one.title for one in row.near] == ["What is overfitting in a model?"]
    same = plan(near, there, near_titles, same_as={0: row.near[0].entry_id})
    assert same.count(Verdict.CHANGED) == 1
    other = plan(near, there, near_titles, same_as={0: ""})
    assert other.of(Verdict.NEW)[0].near == ()
    assert plan(near, after(there, same), near_titles).count(Verdict.SAME) == 1


def test_two_resources_of_one_title_stay_two() -> None:
    books = draft(
        Kind.RESOURCE,
        {"title": "Statistics", "url": "https://a.org/x"},
        {"title": "Statistics", "url": "https://b.org"},
        {"title": "Again", "url": "http://www.a.org/x/"},
    )
    planned = plan(books, fresh())
    assert planned.count(Verdict.NEW) == 3
    assert planned.rows[2].notes
    assert plan(books, after(fresh(), planned)).count(Verdict.SAME) == 3


def test_there_are_no_more_shelves_than_a_menu_holds() -> None:
    shelved: list[dict[str, Json]] = [
        {"question": f"Question {i}?", "answer": "a", "shelf": f"Part {i}"} for i in range(40)
    ]
    many = draft(Kind.FAQ, *shelved)
    planned = plan(many, fresh())
    pack = compiled(SMALL, after(fresh(), planned))
    assert len(pack.categories) == 25
    assert len(pack.entries) == 40
    assert planned.notes


def test_a_server_without_changes_has_the_shipped_pack_itself(pack: Pack) -> None:
    assert compiled(pack, Content(ShippedEntries(pack), {})) is pack
    content = Content(ShippedEntries(pack), {})
    own = compiled(pack, after(content, plan(draft(Kind.FAQ, ASKED), content)))
    assert all(own.chapter(one.id) is one for one in pack.chapters)
    assert all(own.topics[one] is topic for one, topic in pack.topics.items())
    assert all(own.entries[one] is entry for one, entry in pack.entries.items())
    prompt: dict[str, Json] = {"title": "Ours", "text": "Say what you did today."}
    with_prompt = compiled(pack, after(content, plan(draft(Kind.PROMPT, prompt), content)))
    assert set(with_prompt.exercises.stage_of) == set(with_prompt.exercises.prompts) > set(pack.exercises.prompts)
