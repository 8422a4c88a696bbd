"""Token states of the sentence encoder, computed by the served int8 graph itself and kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

from gpt4video_training.safety.expose import exposed

WIDTH = 384
# Output of the fourth of MiniLM's six layers, as the exported graph names it.
LAYER = "layer_norm_8"


class StateEncoder:
    """`minilm.int8.onnx` with an inner layer exposed; one unit at a time, as the service calls it.

    Dynamic quantisation scales activations over the whole batch, so a padded
    batch would give other numbers than single units do.
    """

    def __init__(self, bundle: Path, layer: str = LAYER, threads: int = 1) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        path = bundle / "minilm.int8.onnx"
        self.identity = hashlib.sha256(path.read_bytes() + layer.encode()).hexdigest()[:12]
        self._session = ort.InferenceSession(exposed(path.read_bytes(), [layer]), options)
        self._layer = layer
        self.tokenizer = Tokenizer.from_file(str(bundle / "minilm.tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def states(self, ids: Sequence[int]) -> npt.NDArray[np.float32]:
        """`[len(ids), 384]`."""
        row = np.array([ids], dtype=np.int64)
        feed = {"input_ids": row, "attention_mask": np.ones_like(row)}
        found: npt.NDArray[np.float32] = self._session.run([self._layer], feed)[0][0]
        return found


class StateCache:
    """States of units in one growing binary16 file; a unit is computed once."""

    def __init__(self, encoder: StateEncoder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self.tokenizer = encoder.tokenizer
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
            handle.seek(end * WIDTH * 2)
            for key, unit in missing.items():
                handle.write(self._encoder.states(unit).astype(np.float16).tobytes())
                self._spans[key] = (end, len(unit))
                end += len(unit)
        keys = np.stack([np.frombuffer(key, dtype=np.uint8) for key in self._spans])
        np.savez(self._index, keys=keys, spans=np.array(list(self._spans.values())))

    def rows(self) -> npt.NDArray[np.float16]:
        """All token states `[T, 384]`, mapped from disk."""
        rows: npt.NDArray[np.float16] = np.memmap(self._data, np.float16, "r").reshape(-1, WIDTH)
        return rows

    def span(self, unit: Sequence[int]) -> tuple[int, int]:
        """First row and number of rows of a unit that was added."""
        return self._spans[self._key(unit)]

    @staticmethod
    def _key(unit: Sequence[int]) -> bytes:
        return hashlib.blake2b(np.array(unit, dtype=np.int32).tobytes(), digest_size=16).digest()
