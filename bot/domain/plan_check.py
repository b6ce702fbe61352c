"""What shows only when a whole load is seen together: references, circles, near and double entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias, cast

from bot.domain.draft import Draft, Problem
from bot.domain.entry import SHELF_OF, Fields, Kind, address_key, exact_key, matching_key, title_of
from bot.domain.overlay import Content, Key, Patch, PatchChange, retire
from bot.domain.plan_row import Near, Row, Verdict

HINTS: Final = 20
"""Unknown ids for which the nearest known one is looked for; a file that is all wrong gets no more."""

Finder: TypeAlias = Callable[[Mapping[str, str]], Callable[[str], Sequence[tuple[str, float]]]]
"""Takes titles by id and returns what finds near ones for a title."""


@dataclass(slots=True)
class Planning:
    """What has been planned so far.

    Attributes:
        content: what is there.
        same_as: by place in the draft, the entry that a person said is meant; empty for none of them.
        taken: the line on which each planned entry stands.
        patches: what is to be put.
        rows: the plan.
        notes: sentences about all of it, each once.
    """

    content: Content
    same_as: Mapping[int, str]
    taken: dict[Key, int] = field(default_factory=dict[Key, int])
    patches: dict[Key, Patch | None] = field(default_factory=dict[Key, Patch | None])
    rows: list[Row] = field(default_factory=list[Row])
    notes: dict[str, None] = field(default_factory=dict[str, None])

    _titles: dict[Kind, dict[str, str]] = field(default_factory=dict[Kind, dict[str, str]])
    _entries: dict[Kind, dict[str, Fields]] = field(default_factory=dict[Kind, dict[str, Fields]])
    _ids: dict[Kind, set[str]] = field(default_factory=dict[Kind, set[str]])

    def titles(self, kind: Kind) -> dict[str, str]:
        """Return the ids of a kind's entries by their normalised titles; the retired ones give way."""
        if kind not in self._titles:
            every = self.all(kind)
            ordered = sorted(every, key=lambda one: self.content.fields(kind, one) is not None)
            self._titles[kind] = {matching_key(kind, every[one]): one for one in ordered}
            self._titles[kind] |= {exact_key(kind, every[one]): one for one in ordered}
        return self._titles[kind]

    def all(self, kind: Kind) -> dict[str, Fields]:
        """Return every entry of a kind, the retired ones too."""
        if kind not in self._entries:
            self._entries[kind] = self.content.live(kind, retired=True)
        return self._entries[kind]

    def ids(self, kind: Kind) -> set[str]:
        """Return every id of a kind, those that were just made too."""
        if kind not in self._ids:
            self._ids[kind] = set(self.all(kind))
        return self._ids[kind]


def retire_rest(planning: Planning, draft: Draft) -> None:
    """Plan the retiring of what the draft does not hold. What is bad in the draft stays as it is."""
    named = {row.entry_id for row in planning.rows if row.kind is draft.kind}
    for entry_id, fields in planning.content.live(draft.kind).items():
        if entry_id not in named:
            key = draft.kind, entry_id
            before, after = planning.content.patches.get(key), retire(planning.content, key)
            planning.patches[key] = after
            title = title_of(draft.kind, fields)
            row = Row(Verdict.RETIRED, draft.kind, entry_id, title, change=PatchChange(key, before, after))
            planning.rows.append(row)


REFERENCES: Final[Mapping[Kind, tuple[tuple[str, Kind], ...]]] = {
    Kind.FAQ: (("related", Kind.FAQ), ("topics", Kind.TOPIC)),
    Kind.PROMPT: (("topics", Kind.TOPIC),),
    Kind.CARD: (("topic", Kind.TOPIC),),
    Kind.RESOURCE: (("topics", Kind.TOPIC),),
    Kind.TOPIC: (("requires", Kind.TOPIC),),
}
"""The keys of each kind that name other entries."""


def hold_references(planning: Planning) -> None:
    """Turn entries bad that name what is not there. One that is retired may be named: it may come back."""
    hints = 0
    waiting = True
    while waiting:
        waiting = False
        for i, row in enumerate(planning.rows):
            unknown = list(_unknown(planning, row))
            if not unknown:
                continue
            problems: list[Problem] = []
            for key, kind, one in unknown:
                hints += 1
                near = get_close_matches(one, planning.all(kind), n=1) if hints <= HINTS else []
                hint = f"; did you mean {near[0]}?" if near else ""
                problems.append(Problem(row.line, key, f"*{one}*", f"the id of a {_noun(kind)} that exists{hint}"))
            planning.patches.pop((row.kind, row.entry_id), None)
            planning.rows[i] = replace(row, verdict=Verdict.BAD, problems=tuple(problems), change=None, differences=())
            # who names this one, before or after it, now names what is not there
            waiting = True


def _unknown(planning: Planning, row: Row) -> Iterator[tuple[str, Kind, str]]:
    """Yield the key, kind and id of everything that a row names and that is not there."""
    if row.change is None or row.change.after is None or row.verdict is Verdict.RETIRED:
        return
    for key, kind in REFERENCES.get(row.kind, ()):
        said = row.change.after.now.get(key) or []
        for one in said if isinstance(said, list) else [said]:
            if one not in planning.all(kind) and (kind, str(one)) not in planning.patches:
                yield key, kind, str(one)


def _noun(kind: Kind) -> str:
    return "topic" if kind is Kind.TOPIC else "question"


def hold_prerequisites(planning: Planning) -> None:
    """Turn topics bad that would need themselves, directly or through others."""
    topics = {
        (Kind.TOPIC, row.entry_id): i for i, row in enumerate(planning.rows) if row.kind is Kind.TOPIC and row.change
    }
    while topics:
        after = planning.content.with_patches(planning.patches)
        graph = {one: cast("list[str]", fields.get("requires") or []) for one, fields in after.live(Kind.TOPIC).items()}
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            ring: list[str] = error.args[1]
            to_blame = next((one for one in ring if (Kind.TOPIC, one) in topics), None)
            if to_blame is None:
                return
            i = topics.pop((Kind.TOPIC, to_blame))
            row = planning.rows[i]
            circle = f"a circle: {' needs '.join(reversed(ring))}"
            way = Problem(row.line, "requires", circle, "prerequisites that lead back to nothing")
            planning.rows[i] = replace(row, verdict=Verdict.BAD, problems=(way,), change=None, differences=())
            planning.patches[Kind.TOPIC, to_blame] = planning.content.patches.get((Kind.TOPIC, to_blame))
        else:
            return


def look_for_near(planning: Planning, draft: Draft, finder: Finder) -> None:
    """Tell of new entries without an id that say nearly what another says."""
    for kind in {row.kind for row in planning.rows if row.verdict is Verdict.NEW} - set(SHELF_OF.values()):
        titles = {one: title_of(kind, fields) for one, fields in planning.content.live(kind).items()}
        find = finder(titles)
        for i, row in enumerate(planning.rows):
            unnamed = row.place >= 0 and not draft.entries[row.place].fields.get("id")
            if row.kind is kind and row.verdict is Verdict.NEW and unnamed and row.place not in planning.same_as:
                near = tuple(Near(one, titles[one], score) for one, score in find(row.title))
                planning.rows[i] = replace(row, near=near)


def tell_of_links(planning: Planning) -> None:
    """Note resources whose address another one has already."""
    urls: Counter[str] = Counter()
    for fields in planning.content.live(Kind.RESOURCE).values():
        urls[address_key(fields.get("url"))] += 1
    for i, row in enumerate(planning.rows):
        if row.kind is Kind.RESOURCE and row.verdict is Verdict.NEW and row.change and row.change.after:
            url = address_key(row.change.after.now.get("url"))
            if urls[url]:
                planning.rows[i] = replace(row, notes=("Another resource has the same address.",))
            urls[url] += 1
