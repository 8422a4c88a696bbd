"""Batches for the abstractor, from clips encoded beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import nn

from gpt4video_training.abstractor.cache import Clips, load_clips, shards


@dataclass(frozen=True)
class Batch:
    """See `Clips`; float32 and int64. `strayed` is how far the image tower has gone from CLIP space, 0
    where it stands still."""

    features: torch.Tensor
    owners: torch.Tensor
    geometry: torch.Tensor
    sentences: torch.Tensor
    strayed: torch.Tensor


class Source(Protocol):
    """Where batches come from, and what of it learns beside the abstractor."""

    def batches(self, size: int) -> Iterator[Batch]:
        """Batches of `size` clips without end."""

    def learning(self) -> list[nn.Parameter]:
        """Weights of the image tower that learn."""

    def save(self, out: Path) -> None:
        """Writes what learns."""


class Cache:
    """All finished parts of a clip cache, also those that are finished while training runs."""

    def __init__(self, folder: Path, rng: np.random.Generator, device: torch.device) -> None:
        self._folder, self._rng, self._device = folder, rng, device
        self._parts: list[Clips] = []

    def batches(self, size: int) -> Iterator[Batch]:
        """Random clips of one part, in the order of the file, so that reading is fast."""
        while True:
            for folder in shards(self._folder)[len(self._parts) :]:
                self._parts.append(load_clips(folder))
            for _ in range(50):
                yield self._batch(size)

    def learning(self) -> list[nn.Parameter]:
        """The features stand still."""
        return []

    def save(self, out: Path) -> None:
        """Nothing learns here."""

    def _batch(self, size: int) -> Batch:
        part = self._parts[self._rng.integers(len(self._parts))]
        index = np.sort(self._rng.choice(len(part), size, replace=False))
        features, owners, geometry, sentences = (
            torch.from_numpy(array[index].astype(kind)).to(self._device)
            for array, kind in (
                (part.features, np.float32),
                (part.owners, np.int64),
                (part.geometry, np.float32),
                (part.sentences, np.int64),
            )
        )
        return Batch(features, owners, geometry, sentences, torch.zeros((), device=self._device))
