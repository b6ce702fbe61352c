"""The portfolio renders as it is meant to, whatever the names and links hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.domain.pack import Pack
from bot.domain.portfolio import plain, readme
from bot.domain.roadmap import Mark, State

RENDER = MarkdownIt("gfm-like", {"linkify": False}).render
LINK = "https://github.com/ana/fraud?x=1_2&y=*z*"


def test_it_tells_projects_with_links_other_work_and_stages(pack: Pack) -> None:
    project = next(topic for topic in pack.topics.values() if topic.milestones)
    other, silent, known = [topic for topic in pack.topics.values() if not topic.milestones][:3]
    marks = {
        project.id: Mark(State.DONE, LINK),
        other.id: Mark(State.DONE, "https://example.org/(a)"),
        silent.id: Mark(State.DONE),
        known.id: Mark(State.KNOWN),
    }
    html = RENDER(readme(pack, marks, "Ana"))
    assert "<h1>Ana</h1>" in html
    link = 'href="https://github.com/ana/fraud?x=1_2&amp;y=*z*"'
    assert f"<h3><a {link}>{project.title}</a></h3>" in html
    assert all(f"<strong>{step.title}</strong>" in html for step in project.milestones)
    assert 'href="https://example.org/(a)"' in html
    assert html.count("<tr>") == 1 + len(pack.track.stages)
    assert f"{silent.title}" in html
    assert html.count(known.title) == 0, "what was known already was not learned here"


def test_a_new_member_gets_one_too(pack: Pack) -> None:
    html = RENDER(readme(pack, {}, "\n"))
    assert "<h1>My portfolio</h1>" in html
    assert "<h2>Projects</h2>" not in html


@pytest.mark.parametrize("link", ["https://e.org/> [x](y)", "https://e.org/a b`c`", "https://e.org/<script>"])
def test_a_link_stays_one_link(pack: Pack, link: str) -> None:
    topic = next(iter(pack.topics))
    html = RENDER(readme(pack, {topic: Mark(State.DONE, link)}, "Ana"))
    assert html.count("<a ") == 1
    assert "<script>" not in html


@given(st.text(max_size=80))
def test_a_name_is_text_and_nothing_else(name: str) -> None:
    html = RENDER(f"# x {plain(name)}\n\nend\n")
    assert html.startswith("<h1>x")
    assert html.endswith("</h1>\n<p>end</p>\n")
    assert html.count("<") == 4
