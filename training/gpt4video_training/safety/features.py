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
