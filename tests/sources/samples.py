"""Small feeds and lists in the shape the sources send, for the tests that must run anywhere."""

from __future__ import annotations

from xml.sax.saxutils import escape

FEED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">'
    "<id>https://arxiv.org/api/x</id><title>arXiv Query</title>"
    "<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
)
CHANNEL = (
    '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">'
    "<channel><title>cs.LG updates on arXiv.org</title><pubDate>Mon, 27 Apr 2026 00:00:00 -0400</pubDate>"
    "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>{items}</channel></rss>"
)
ERROR = (
    "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title>"
    "<updated>2026-04-12T22:59:06Z</updated><summary>incorrect id format for abc</summary>"
    "<author><name>arXiv api core</name></author></entry>"
)
ATOM_TYPE = "application/atom+xml; charset=utf-8"
RSS_TYPE = "application/rss+xml; charset=utf-8"


def entry(  # noqa: D417 -- the rest is what an entry holds
    identity: str = "2604.00001v1",
    *,
    title: str = "Learning to count",
    abstract: str = "We count.",
    published: str = "2026-04-01T17:59:01Z",
    comment: str = "",
    more: str = "",
) -> str:
    """Return an entry of the query API.

    Args:
        more: further XML inside it.
    """
    remark = f"<arxiv:comment>{escape(comment)}</arxiv:comment>" if comment else ""
    return (
        f"<entry><id>http://arxiv.org/abs/{identity}</id><title>{escape(title)}</title>"
        f"<updated>{published}</updated><published>{published}</published><summary>{escape(abstract)}</summary>"
        f'<category term="cs.AI"/><category term="cs.LG"/><category term="68T07"/>{remark}'
        f'<arxiv:primary_category term="cs.LG"/><author><name>Ada Lovelace</name></author>'
        f"<author><name>Dirk WÃ¼bben</name></author>{more}</entry>"
    )


def atom(*entries: str, total: int | None = None) -> bytes:
    """Return an answer of the query API."""
    return FEED.format(total=len(entries) if total is None else total, entries="".join(entries)).encode()


def item(
    identity: str = "2604.00001v1", kind: str = "new", *, title: str = "Learning to count", creator: str = "Ada, Bo"
) -> str:
    """Return an item of the RSS feed."""
    return (
        f"<item><title>{escape(title)}</title><link>https://arxiv.org/abs/{identity.partition('v')[0]}</link>"
        f"<description>arXiv:{identity} Announce Type: {kind} \nAbstract: We count.</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{identity}</guid><category>cs.LG</category>'
        f"<category>cs.AI</category><pubDate>Mon, 27 Apr 2026 00:00:00 -0400</pubDate>"
        f"<arxiv:announce_type>{kind}</arxiv:announce_type><dc:creator>{escape(creator)}</dc:creator></item>"
    )


def rss(*items: str) -> bytes:
    """Return a daily announcement."""
    return CHANNEL.format(items="".join(items)).encode()


def competition(**fields: object) -> dict[str, object]:
    """Return a competition in today's shape."""
    return {
        "id": 3136,
        "ref": "https://www.kaggle.com/competitions/titanic",
        "title": "Titanic - Machine Learning from Disaster",
        "url": "https://www.kaggle.com/competitions/titanic",
        "description": "Start here!",
        "category": "Getting Started",
        "reward": "Knowledge",
        "tags": [{"ref": "tabular", "name": "tabular"}],
        "deadline": "2030-01-01T00:00:00Z",
        "teamCount": 14000,
        "enabledDate": "2012-09-28T21:13:33.55Z",
        "submissionsDisabled": False,
        **fields,
    }
