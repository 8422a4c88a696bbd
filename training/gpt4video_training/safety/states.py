"""Token states of the sentence encoder, computed by the served int8 graph itself and kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

from gpt4video_training.safety.expose import exposed
from gpt4video_training.safety.units import plain_tokenizer

WIDTH = 384
DEPTH = 6


def kept_below(trained: int) -> int:
    """How many of MiniLM's layers stay under so many trained ones; a single one takes the place of two."""
    return DEPTH - max(trained, 2)


def layer_below(trained: int) -> str:
    """Output of the layer on which so many trained ones stand, as the exported graph of MiniLM names it."""
    kept = kept_below(trained)
    return f"layer_norm_{2 * kept}" if kept else "layer_norm"


class Encoder(Protocol):
    """Gives units of a text their states `[tokens, width]`; `identity` tells encoders apart on disk."""

    identity: str
    width: int
    tokenizer: Tokenizer

    def states(self, units: Sequence[Sequence[int]]) -> Iterator[npt.NDArray[np.float32]]: ...


class StateEncoder:
    """`minilm.int8.onnx` with an inner layer exposed; one unit at a time, as the service calls it.

    Dynamic quantisation scales activations over the whole batch, so a padded
    batch would give other numbers than single units do.
    """

    def __init__(self, bundle: Path, layer: str, threads: int = 1) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        path = bundle / "minilm.int8.onnx"
        self.identity = hashlib.sha256(path.read_bytes() + layer.encode()).hexdigest()[:12]
        self._session = ort.InferenceSession(exposed(path.read_bytes(), [layer]), options)
        self._layer = layer
        self.width = WIDTH
        self.tokenizer = plain_tokenizer(bundle / "minilm.tokenizer.json")

    def states(self, units: Sequence[Sequence[int]]) -> Iterator[npt.NDArray[np.float32]]:
        """`[len(ids), 384]` of each unit, in order."""
        for ids in units:
            row = np.array([ids], dtype=np.int64)
            feed = {"input_ids": row, "attention_mask": np.ones_like(row)}
            yield self._session.run([self._layer], feed)[0][0]


class StateCache:
    """States of units in one growing binary16 file; a unit is computed once."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self.tokenizer = encoder.tokenizer
        self.width = encoder.width
        self._data = folder / f"states-{encoder.identity}.f16"
        self._index = folder / f"states-{encoder.identity}.npz"
        self._spans: dict[bytes, tuple[int, int]] = {}
        if self._index.exists():
            stored = np.load(self._index)
            keys, spans = stored["keys"], stored["spans"]
            self._spans = {
                key.tobytes(): (int(start), int(count))
                for key, (start, count) in zip(keys, spans, strict=True)
            }

    def add(self, units: Sequence[Sequence[int]]) -> None:
        """Computes what is missing."""
        missing = {self._key(unit): unit for unit in units if self._key(unit) not in self._spans}
        if not missing:
            return
        end = sum(count for _, count in self._spans.values())
        with self._data.open("r+b" if self._data.exists() else "wb") as handle:
            handle.seek(end * self.width * 2)
            for (key, unit), states in zip(
                missing.items(), self._encoder.states(list(missing.values())), strict=True
            ):
                handle.write(states.astype(np.float16).tobytes())
                self._spans[key] = (end, len(unit))
                end += len(unit)
        keys = np.stack([np.frombuffer(key, dtype=np.uint8) for key in self._spans])
        np.savez(self._index, keys=keys, spans=np.array(list(self._spans.values())))

    def rows(self) -> npt.NDArray[np.float16]:
        """All token states `[T, width]`, mapped from disk."""
        rows: npt.NDArray[np.float16] = np.memmap(self._data, np.float16, "r").reshape(-1, self.width)
        return rows

    def span(self, unit: Sequence[int]) -> tuple[int, int]:
        """First row and number of rows of a unit that was added."""
        return self._spans[self._key(unit)]

    @staticmethod
    def _key(unit: Sequence[int]) -> bytes:
        return hashlib.blake2b(np.array(unit, dtype=np.int32).tobytes(), digest_size=16).digest()
