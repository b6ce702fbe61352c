"""arXiv's feeds as an enemy or a broken machine would send them: nothing but ``SourceError`` ever comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feed import FeedPaper
from bot.errors import SourceError
from bot.sources.arxiv_feed import papers_of_atom, papers_of_rss
from tests.sources.samples import ERROR, atom, entry, item, rss

Parse: TypeAlias = Callable[[bytes], list[FeedPaper]]
BOTH: Final[tuple[Parse, ...]] = (papers_of_atom, papers_of_rss)

LAUGHS: Final = "".join("<!ENTITY l{} '{}'>".format(i, f"&l{i - 1};" * 10) for i in range(1, 10))
ATTRIBUTES: Final = " ".join(f"a{i}='x'" for i in range(100_000))
NAMESPACES: Final = " ".join(f"xmlns:n{i}='urn:{i}'" for i in range(20_000))
HOSTILE: Final = {
    "billion laughs": f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY l0 "ha">{LAUGHS}]><feed>&l9;</feed>',
    "quadratic": f'<!DOCTYPE feed [<!ENTITY a "{"a" * 50_000}">]><feed>{"&a;" * 50_000}</feed>',
    "external entity": '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed>&x;</feed>',
    "parameter entity": '<!DOCTYPE feed [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd">%x;]><feed/>',
    "external subset": '<!DOCTYPE feed SYSTEM "http://127.0.0.1:1/x.dtd"><feed/>',
    "undeclared entity": "<feed>&nbsp;</feed>",
    "a web page": "<!doctype html><html><body>Sign in</body></html>",
    "xhtml": "<html><body><p>Sign in</p></body></html>",
    "deep": "<a>" * 300_000,
    "deep and whole": f"{'<a>' * 100_000}{'</a>' * 100_000}",
    "many": f"<feed>{'<a/>' * 300_000}</feed>",
    "attributes": f"<feed {ATTRIBUTES}/>",
    "namespaces": f"<feed {NAMESPACES}/>",
    "nothing": "",
    "no bytes of text": "\x00\x01\x02",
    "half": atom(entry(), entry("2604.00002v1")).decode()[:900],
    "json": '{"feed": []}',
}


@pytest.mark.parametrize("parse", BOTH)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-7"])
def test_hostile_documents(body: str, encoding: str, parse: Parse) -> None:
    with pytest.raises(SourceError):
        parse(body.encode(encoding))


DECLARING: Final = {
    "nothing": "<!DOCTYPE feed>",
    "one word": "<!DOCTYPE feed [<!ENTITY word 'Learning'>]>",
    "a laugh": f"<!DOCTYPE feed [<!ENTITY l0 'ha'>{LAUGHS}]>",
    "a file": "<!DOCTYPE feed [<!ENTITY word SYSTEM 'file:///etc/hostname'>]>",
    "a page": "<!DOCTYPE feed SYSTEM 'http://127.0.0.1:1/x.dtd'>",
}


@pytest.mark.parametrize("declaration", DECLARING.values(), ids=DECLARING)
def test_what_declares_is_refused_though_it_is_a_whole_feed(declaration: str) -> None:
    head, tail = atom(entry()).decode().split("?>\n", 1)
    for parse, before, after in ((papers_of_atom, f"{head}?>", tail), (papers_of_rss, "", rss(item()).decode())):
        assert len(parse(f"{before}{after}".encode())) == 1
        with pytest.raises(SourceError, match="declares entities"):
            parse(f"{before}{declaration}{after}".encode())


def test_a_declared_encoding_hides_nothing() -> None:
    hidden = HOSTILE["billion laughs"].replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16")
    for declared in (hidden, hidden[2:], b"<?xml version='1.0' encoding='utf-16'?>" + hidden):
        with pytest.raises(SourceError):
            papers_of_atom(declared)


def test_broken_bytes_cost_a_letter_and_not_the_day() -> None:
    (paper,) = papers_of_atom(atom(entry(title="Counting caf?")).replace(b"caf?", b"caf\xe9"))
    assert paper.title == "Counting caf\ufffd"


UTF8: Final = st.characters(codec="utf-8")
XML: Final = st.binary(max_size=300) | st.text(UTF8, max_size=300).map(str.encode)
WORDS: Final = st.text(UTF8, max_size=40)
SCRAPS: Final = st.lists(
    st.one_of(
        st.sampled_from(["<entry>", "</entry>", "<item>", "</item>", "<id>", "</id>", "<author/>", "<![CDATA[", "]]>"]),
        st.sampled_from([entry(), item(), ERROR, "&#0;", "&#x1F600;", "<!-- x -->", "<?x y?>", "<pubDate>"]),
        WORDS,
    ),
    max_size=12,
).map("".join)


@given(XML)
def test_any_bytes(body: bytes) -> None:
    for parse in BOTH:
        try:
            parse(body)
        except SourceError:
            continue


@given(SCRAPS)
def test_any_scraps_of_feeds(scraps: str) -> None:
    for parse, body in ((papers_of_atom, atom(scraps)), (papers_of_rss, rss(scraps))):
        try:
            found = parse(body)
        except SourceError:
            continue
        assert all(paper.title and paper.categories for paper in found)


@given(WORDS, WORDS, WORDS, WORDS)
def test_any_values(identity: str, title: str, moment: str, creator: str) -> None:
    made = entry("IDENTITY", title=title, abstract=title, published="MOMENT", comment=creator)
    made_item = item("IDENTITY", title=title, creator=creator).replace("Mon, 27 Apr 2026 00:00:00 -0400", "MOMENT")
    for parse, template in ((papers_of_atom, atom(made)), (papers_of_rss, rss(made_item))):
        for one in (identity, "2604.00001v1"):
            try:
                parse(template.decode().replace("IDENTITY", one).replace("MOMENT", moment).encode())
            except SourceError:
                continue
