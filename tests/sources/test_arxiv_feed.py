"""Reading arXiv's feeds: the recorded ones, the odd ones, and the hostile ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias
from xml.etree import ElementTree as ET

import pytest

from bot.domain.feed import FeedPaper, newest_versions, plain_abstract
from bot.errors import SourceError
from bot.sources.arxiv_feed import papers_of_atom, papers_of_rss
from tests.sources.samples import CHANNEL, ERROR, atom, entry, item, rss

Parse: TypeAlias = Callable[[bytes], list[FeedPaper]]
BOTH: Final[tuple[Parse, ...]] = (papers_of_atom, papers_of_rss)


def is_sound(paper: FeedPaper) -> bool:
    texts = (paper.title, paper.abstract, *paper.authors, paper.comment or "x")
    return (
        re.fullmatch(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}", paper.arxiv_id) is not None
        and paper.version >= 1
        and all(text and text == " ".join(text.split()) for text in texts)
        and len(paper.authors) >= 1
        and paper.primary in paper.categories
        and paper.published.tzinfo is UTC
        and datetime(1991, 1, 1, tzinfo=UTC) < paper.published <= paper.updated
        and 0 < len(plain_abstract(paper.abstract, 300)) <= 300
        and paper.plain_title != ""
        and not re.search(r"\\[A-Za-z]|[{}]{2}", plain_abstract(paper.abstract, 9999))
    )


def test_the_recorded_answers_of_the_api(recorded: Path) -> None:
    files = sorted((recorded / "arxiv" / "api-recorded").glob("*.json"))
    assert len(files) == 20
    papers: list[FeedPaper] = []
    for file in files:
        told = json.loads(file.read_text(encoding="utf-8"))
        body: str = told["body"]
        if told["status_code"] == 400:
            with pytest.raises(SourceError, match="incorrect id format for abc"):
                papers_of_atom(body.encode())
            continue
        found = papers_of_atom(body.encode())
        assert len(found) == body.count("<entry>"), file.name
        assert all(is_sound(paper) for paper in found), file.name
        papers += found
    by_id = {paper.arxiv_id: paper for paper in papers}
    assert by_id["astro-ph/0601001"].published == datetime(2006, 1, 2, 14, 57, 58, tzinfo=UTC)
    assert by_id["quant-ph/0201082"].version == 1
    assert by_id["2104.12255"].title == "0"
    assert any("Ã" in name for paper in papers for name in paper.authors)
    assert sum(paper.version > 1 for paper in papers) > 20
    assert not any(paper.withdrawn for paper in papers)
    assert len(newest_versions(papers)) == len(by_id) < len(papers)


def test_the_recorded_feeds(recorded: Path) -> None:
    files = sorted((recorded / "arxiv" / "atom").glob("*.xml"))
    assert files
    for file in files:
        found = papers_of_atom(file.read_bytes())
        assert len(found) == int(file.stem.rpartition("_")[2]), file.name
        assert all(is_sound(paper) for paper in found), file.name
        assert [paper.published for paper in found] == sorted((paper.published for paper in found), reverse=True)


def test_the_recorded_announcements(recorded: Path) -> None:
    files = sorted((recorded / "arxiv" / "rss").glob("*.xml"))
    assert len(files) == 3
    for file in files:
        found = papers_of_rss(file.read_bytes())
        assert len(found) == 3, file.name
        assert all(is_sound(paper) for paper in found), file.name
        for paper in found:
            assert paper.published == datetime(2026, 4, 27, 4, tzinfo=UTC)
            assert paper.primary == file.name[:5]
            assert not paper.abstract.startswith(("arXiv:", "Abstract"))
    by_id = {paper.arxiv_id: paper for file in files for paper in papers_of_rss(file.read_bytes())}
    assert by_id["2604.22002"].authors[1:4] == ("Ratna Kandala", "Deepti", "Sheza Munir")
    assert "over $800 per sample" in plain_abstract(by_id["2604.21953"].abstract, 9999)


def test_the_recorded_records_of_another_protocol_are_refused(recorded: Path) -> None:
    files = sorted((recorded / "arxiv" / "oai-pmh").glob("*.xml"))
    assert len(files) == 9
    for file in files:
        for parse in BOTH:
            with pytest.raises(SourceError):
                parse(file.read_bytes())
        record = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 -- our own file
        for abstract in record.iter("{http://arxiv.org/OAI/arXiv/}abstract"):
            plain = plain_abstract(abstract.text or "", 400)
            assert 40 < len(plain) <= 400
            assert not re.search(r"\\[A-Za-z]|\$", plain), file.name


def test_the_examples_of_the_specification(recorded: Path) -> None:
    spec = (recorded / "arxiv" / "spec" / "rss_specifications.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```\n(.*?)\n```", spec.partition("## RSS Item Elements")[2], re.DOTALL | re.MULTILINE)
    made = f"<item>{''.join(examples)}</item>"
    body = CHANNEL.replace("{items}", made)
    assert papers_of_rss(body.encode()) == []
    (paper,) = papers_of_rss(body.replace("replace-cross", "new").encode())
    assert (paper.arxiv_id, paper.version) == ("2203.01250", 3)
    assert paper.authors == ("Antonin Monteil", "Paul Pegon")
    assert paper.categories == ("math.AP", "math.OC")
    assert "ε" in plain_abstract(paper.abstract, 9999)
    atom_spec = (recorded / "arxiv" / "spec" / "atom_specifications.md").read_bytes()
    with pytest.raises(SourceError):
        papers_of_atom(atom_spec)


def test_an_entry() -> None:
    (paper,) = papers_of_atom(atom(entry("2604.00001v3", title=" On\n  counting ", comment="12 pages")))
    assert paper.arxiv_id == "2604.00001"
    assert paper.version == 3
    assert paper.link == "https://arxiv.org/abs/2604.00001"
    assert paper.title == "On counting"
    assert paper.authors == ("Ada Lovelace", "Dirk WÃ¼bben")
    assert (paper.primary, paper.categories) == ("cs.LG", ("cs.LG", "cs.AI"))
    assert paper.comment == "12 pages"
    assert not paper.withdrawn


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("2604.00001", ("2604.00001", 1)),
        ("0704.0001v2", ("0704.0001", 2)),
        ("astro-ph/0601001v1", ("astro-ph/0601001", 1)),
        ("math.GT/0309136v12", ("math.GT/0309136", 12)),
    ],
)
def test_identities_old_and_new(identity: str, expected: tuple[str, int]) -> None:
    (paper,) = papers_of_atom(atom(entry(identity)))
    assert (paper.arxiv_id, paper.version) == expected
    (paper,) = papers_of_rss(rss(item(identity)))
    assert (paper.arxiv_id, paper.version) == expected


@pytest.mark.parametrize("identity", ["", "abc", "2604.1v1", "2604.00001v0", "2604.00001v99999", "٢٦٠٤.00001v1"])
def test_what_is_no_identity_is_left_out(identity: str) -> None:
    assert [paper.arxiv_id for paper in papers_of_atom(atom(entry(identity), entry()))] == ["2604.00001"]
    with pytest.raises(SourceError, match="no usable paper"):
        papers_of_atom(atom(entry(identity)))


@pytest.mark.parametrize("broken", ["", "yesterday", "2026-13-45", "0001-01-01T00:00:00+14:00", "2026-04-01T17:59:01"])
def test_a_broken_date_costs_one_paper(broken: str) -> None:
    assert len(papers_of_atom(atom(entry("2604.00002v1", published=broken), entry()))) == 1


@pytest.mark.parametrize(
    ("comment", "abstract", "expected"),
    [
        ("This paper has been withdrawn by the author due to an error in Lemma 2", "We count.", True),
        ("Withdrawn: wrong proof", "We count.", True),
        ("This submission is withdrawn", "We count.", True),
        ("", "This paper has been withdrawn by arXiv admins.", True),
        ("Withdrawn from ICML to be extended", "We count.", False),
        ("12 pages", "We study how money is withdrawn.", False),
        ("12 pages", f"{'We count. ' * 40} This paper has been withdrawn.", False),
    ],
)
def test_withdrawn_papers(comment: str, abstract: str, expected: bool) -> None:
    (paper,) = papers_of_atom(atom(entry(comment=comment, abstract=abstract)))
    assert paper.withdrawn is expected


def test_no_results_are_no_error_and_an_empty_page_is() -> None:
    assert papers_of_atom(atom()) == []
    with pytest.raises(SourceError, match="an empty page"):
        papers_of_atom(atom(total=214881))


def test_the_error_entry_of_older_servers() -> None:
    with pytest.raises(SourceError, match="incorrect id format for abc"):
        papers_of_atom(atom(ERROR))


def test_only_what_is_new_is_news() -> None:
    kinds = {"2604.00001v1": "new", "2604.00002v1": "cross", "2604.00003v2": "replace", "2604.00004v3": "replace-cross"}
    found = papers_of_rss(rss(*(item(identity, kind) for identity, kind in kinds.items())))
    assert [paper.arxiv_id for paper in found] == ["2604.00001", "2604.00002"]


def test_a_kind_told_in_the_description_alone() -> None:
    bare = re.sub(r"<arxiv:announce_type>.*?</arxiv:announce_type>", "", item(kind="replace"))
    assert papers_of_rss(rss(bare)) == []


@pytest.mark.parametrize(
    ("identity", "month"),
    [("1706.03762v7", (2017, 6)), ("cs/0101001v1", (2001, 1)), ("hep-th/9201001v1", (1992, 1))],
)
def test_a_cross_listed_paper_is_as_old_as_its_id(identity: str, month: tuple[int, int]) -> None:
    (paper,) = papers_of_rss(rss(item(identity, "cross")))
    assert paper.published == datetime(*month, 1, tzinfo=UTC)
    assert paper.updated == datetime(2026, 4, 27, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("creator", "authors"),
    [
        ("Ada, Bo", ("Ada", "Bo")),
        ("Ratna Kandala,  Deepti,, ", ("Ratna Kandala", "Deepti")),
        ("Ada (Here, There), Bo (U. of X)", ("Ada", "Bo")),
        ("", ()),
    ],
)
def test_authors_of_an_announcement(creator: str, authors: tuple[str, ...]) -> None:
    assert papers_of_rss(rss(item(creator=creator)))[0].authors == authors


def test_a_weekend_is_no_error() -> None:
    assert papers_of_rss(rss()) == []
