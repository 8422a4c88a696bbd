"""Sentence vectors by the exported int8 graph itself, so that training sees what serving sees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

MAX_TOKENS = 256


class SentenceEncoder:
    """`minilm.int8.onnx` with its tokenizer; one text at a time, as the service calls it.

    Dynamic quantisation scales activations over the whole batch, so a padded
    batch would give other numbers than single texts do.
    """

    def __init__(self, bundle: Path, threads: int = 1) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = ort.InferenceSession(str(bundle / "minilm.int8.onnx"), options)
        self._tokenizer = Tokenizer.from_file(str(bundle / "minilm.tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit vectors `[len(texts), 384]`."""
        return np.concatenate([self._one(text) for text in texts])

    def _one(self, text: str) -> npt.NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vector: npt.NDArray[np.float32] = self._session.run(["sentence_vec"], feed)[0]
        return vector


def cached(
    encoder: SentenceEncoder, texts: Sequence[str], cache: Path
) -> npt.NDArray[np.float32]:
    """Vectors of `texts`; those already in the npz `cache` are not computed again."""
    known: dict[str, npt.NDArray[np.float32]] = {}
    if cache.exists():
        stored = np.load(cache, allow_pickle=False)
        known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    if missing:
        known.update(zip(missing, encoder.encode(missing), strict=True))
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[text] for text in texts])
