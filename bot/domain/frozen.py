"""The decorator of the house's values: a frozen dataclass with slots, which takes half the memory of a stock one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, Final, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")

_VALUES: Final = "_values"
"""Of each class, what reads all fields of a value at once."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Return ``dataclass(frozen=True, slots=True)`` of a class, made lighter.

    The stock decorator compiles for each class what refuses changes, shows a value and compares it: seven kilobytes
    that say the same everywhere. Here all classes share them. To refuse changes takes three times as long to make a
    value, and an answer is made of a hundred; it is an assertion, so ``python -O``, as the image runs, is without it.

    Raises:
        TypeError: where a field is not one that is given, in its place, and counts in comparing.
    """
    made = dataclass(frozen=__debug__, slots=True, repr=False, eq=False)(cls)
    for one in fields(made):  # pyright: ignore[reportArgumentType]
        if not (one.init and one.compare) or one.kw_only or one.hash is not None:
            raise TypeError(f"{cls.__qualname__}.{one.name} needs a stock dataclass")
    for name, method in _SHARED.items():
        setattr(made, name, method)
    names = [one.name for one in fields(made)]  # pyright: ignore[reportArgumentType]
    setattr(made, _VALUES, staticmethod(attrgetter(*names) if names else _nothing))
    return made


def _refuse_to_set(_self: object, name: str, _value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _shown(self: Any) -> str:  # noqa: ANN401  (of any class that was decorated)
    named = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({named})"


def _is_equal(self: Any, other: Any) -> bool:  # noqa: ANN401
    return self._values(self) == self._values(other) if other.__class__ is self.__class__ else NotImplemented


def _hashed(self: Any) -> int:  # noqa: ANN401
    return hash(self._values(self))


def _state(self: Any) -> list[object]:  # noqa: ANN401
    return [getattr(self, one.name) for one in fields(self)]


def _restore(self: Any, state: Sequence[object]) -> None:  # noqa: ANN401
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


def _nothing(_self: object) -> None:
    """Return what a value without fields is compared by."""


_REFUSING: Final[Mapping[str, Callable[..., object]]] = {
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
}
_SHARED: Final[Mapping[str, Callable[..., object]]] = {
    "__repr__": _shown,
    "__eq__": _is_equal,
    "__hash__": _hashed,
    # a process with assertions hands values to one without
    "__getstate__": _state,
    "__setstate__": _restore,
    **(_REFUSING if __debug__ else {}),
}
