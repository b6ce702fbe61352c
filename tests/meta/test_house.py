"""Every rule of the house is kept, and would notice if it were not."""

from __future__ import annotations

from statistics import median

import pytest

from tests.meta import habit_rules, import_rules
from tests.meta.rule import Rule
from tests.meta.source import Source, sources

RULES = (*import_rules.RULES, *habit_rules.RULES)
DRIFT = [
    pytest.param(rule, file, text, id=f"{rule.name}-{place}")
    for rule in RULES
    for place, (file, text) in enumerate(rule.drift, 1)
]
MEDIAN_LINES = 200
DISCORD_SHARE = 0.45


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in RULES])
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    report = rule.report(sources(*rule.folders))
    assert not report, report


@pytest.mark.parametrize(("rule", "file", "text"), DRIFT)
def test_drift_is_noticed(rule: Rule, file: str, text: str) -> None:
    report = rule.report([Source(file, text)])
    assert f"{file}:" in report, f"the rule {rule.name} lets this pass:\n{text}"


def test_files_are_short() -> None:
    lengths = [source.lines for source in sources("bot", "cogs")]
    assert median(lengths) <= MEDIAN_LINES, (
        f"The rule: half of the files of bot/ and cogs/ have at most {MEDIAN_LINES} lines. The median is "
        f"{median(lengths)}. What to do: split the longest by subject."
    )


def test_discord_stays_at_the_rim() -> None:
    every = sources("bot", "cogs")
    rim = [source for source in every if any(one.package == "discord" for one in source.imports)]
    share = sum(source.lines for source in rim) / sum(source.lines for source in every)
    longest = ", ".join(f"{one.file} ({one.lines})" for one in sorted(rim, key=lambda one: -one.lines)[:3])
    assert share <= DISCORD_SHARE, (
        f"The rule: at most {DISCORD_SHARE:.0%} of the lines of bot/ and cogs/ stand in modules that import discord. "
        f"It is {share:.1%}. What to do: move what needs no Discord out of the longest of them: {longest}."
    )
