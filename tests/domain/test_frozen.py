"""The house's values behave as frozen dataclasses do."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError, asdict, dataclass, field, replace
from typing import Generic, TypeVar

import pytest

from bot.domain.frozen import frozen
from bot.domain.roadmap import Count
from bot.settings import ROOT
from tests.fakes.wire.process import AS_SHIPPED

T = TypeVar("T")


@frozen
class Light(Generic[T]):
    """One of the house's."""

    number: int
    content: T
    secret: str = field(default="s", repr=False)


@dataclass(frozen=True, slots=True)
class Stock(Generic[T]):
    """The same, of the standard library."""

    number: int
    content: T
    secret: str = field(default="s", repr=False)


@pytest.mark.parametrize("made", [(1, "a"), (2, ("b", None)), (-3, float("nan")), (4, {"k": [1]}, "other")])
def test_a_value_shows_compares_and_unfolds_as_a_stock_one(made: tuple[int, object]) -> None:
    light, stock = Light(*made), Stock(*made)
    assert repr(light) == repr(stock).replace("Stock", "Light")
    assert asdict(light) == asdict(stock)
    assert (light == Light(*made)) is (stock == Stock(*made)) is True
    assert (light == replace(light, number=99)) is (stock == replace(stock, number=99)) is False
    assert light != stock
    assert light != made


def test_equal_values_are_one_key_and_what_holds_a_list_is_none() -> None:
    assert hash(Light(1, "a")) == hash(Light(1, "a")) == hash(Stock(1, "a"))
    assert len({Light(1, "a"), Light(1, "a"), Light(1, "b")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Light(1, ["a"]))


def test_nothing_in_a_value_can_be_changed_added_or_deleted() -> None:
    value = Light(1, "a")
    for name in ("number", "other"):
        with pytest.raises(FrozenInstanceError, match=name):
            setattr(value, name, 2)
    with pytest.raises(FrozenInstanceError, match="number"):
        del value.number  # pyright: ignore[reportAttributeAccessIssue]
    assert not hasattr(value, "__dict__")
    assert value == Light(1, "a")


def test_a_value_can_be_copied_pickled_and_matched() -> None:
    value = Light(1, ("a",))
    assert copy.deepcopy(value) == copy.copy(value) == pickle.loads(pickle.dumps(value)) == value  # noqa: S301
    match value:
        case Light(number, content):
            assert (number, content) == (1, ("a",))


@pytest.mark.parametrize("options", [{"compare": False}, {"kw_only": True}, {"init": False}, {"hash": False}])
def test_a_field_that_needs_more_is_refused(options: dict[str, bool]) -> None:
    class Odd:
        number: int = field(default=0, **options)  # pyright: ignore[reportCallIssue, reportUnknownVariableType, reportArgumentType]

    with pytest.raises(TypeError, match="number needs a stock dataclass"):
        frozen(Odd)


def test_a_process_without_assertions_takes_and_gives_the_same_values() -> None:
    ours = {"done": Count(3, 7), "none": Count(0, 0)}
    echo = (
        "import pickle, sys\n"
        "from bot.domain.roadmap import Count\n"
        "told = pickle.load(sys.stdin.buffer)\n"
        "told['same'] = told['done'] == Count(3, 7) and hash(told['done']) == hash(Count(3, 7))\n"
        "sys.stdout.buffer.write(pickle.dumps(told))\n"
    )
    command = (sys.executable, *AS_SHIPPED, "-c", echo)
    answer = subprocess.run(command, input=pickle.dumps(ours), capture_output=True, cwd=ROOT, check=True)
    assert pickle.loads(answer.stdout) == {**ours, "same": True}  # noqa: S301
