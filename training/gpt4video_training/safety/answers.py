"""A teacher's answers on disk: logits of texts, found by the text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

Floats = npt.NDArray[np.float32]


def save_answers(path: Path, texts: Sequence[str], logits: Floats) -> None:
    """`logits` [N,14] of the texts, in order."""
    np.savez(path, keys=np.stack([_key(text) for text in texts]), logits=logits.astype(np.float16))


def read_answers(path: Path, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Probabilities [N,14] and, for each text, whether the teacher was asked [N] (else zeros)."""
    stored = np.load(path)
    known = stored["logits"].astype(np.float32)
    held = {key.tobytes(): row for key, row in zip(stored["keys"], known, strict=True)}
    width = known.shape[1]
    rows = [held.get(_key(text).tobytes()) for text in texts]
    logits = np.stack([np.zeros(width, np.float32) if row is None else row for row in rows])
    asked = torch.tensor([float(row is not None) for row in rows])
    return torch.from_numpy(logits).sigmoid() * asked[:, None], asked


def _key(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(hashlib.blake2b(text.encode(), digest_size=16).digest(), np.uint8)
