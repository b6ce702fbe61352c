"""Content as one process hands it to another: a pickle that holds equal texts and equal sets of fields once."""

from __future__ import annotations

import io
import pickle
import sys
from typing import Any, Final, cast

from bot.domain.content import ContentModel
from bot.domain.prompt import Exercises

PACK: Final = "pack"
EXERCISES: Final = "exercises"
"""What a process is asked to read: the pack but for what daily posts hold, or that alone."""


def pickled(content: object) -> bytes:
    """Return content as bytes."""
    written = io.BytesIO()
    _Pickler(written, protocol=pickle.HIGHEST_PROTOCOL).dump(content)
    return written.getvalue()


def restored(model: type[ContentModel], values: dict[str, object], fields: set[str]) -> ContentModel:
    """Return a model of these values, which were validated before. Pickles name this function.

    Args:
        model: its class.
        values: field name to value.
        fields: the names that were given; models share it, as none of them changes.
    """
    made = model.__new__(model)
    made.__setstate__(
        {
            "__dict__": {sys.intern(name): value for name, value in values.items()},
            "__pydantic_extra__": None,
            "__pydantic_fields_set__": fields,
            "__pydantic_private__": None,
        }
    )
    return made


def unread() -> Exercises:
    """Stand for what daily posts hold until it is read: a pickle can't hold what reads it."""
    return Exercises()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, protocol: int) -> None:
        super().__init__(file, protocol)
        self._fields: dict[frozenset[str], set[str]] = {}
        self._texts: dict[str, str] = {}

    def reducer_override(self, obj: object) -> Any:  # noqa: ANN401  (as pickle has it)
        if not isinstance(obj, ContentModel):
            return NotImplemented
        values = {name: self._shared(value) for name, value in vars(obj).items()}
        fields = self._fields.setdefault(frozenset(obj.model_fields_set), set(obj.model_fields_set))
        return restored, (type(obj), values, fields)

    def _shared(self, value: object) -> object:
        if isinstance(value, str):
            return self._texts.setdefault(value, value)
        if isinstance(value, tuple):
            return tuple(map(self._shared, cast("tuple[object, ...]", value)))
        return value
