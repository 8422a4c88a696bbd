"""Batches for step 2, drawn as they are needed, here or by worker processes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from gpt4video_training.data.dialogues import Ordinary
from gpt4video_training.data.lessons import Teacher
from gpt4video_training.data.retrieval import Related
from gpt4video_training.language.batches import STRIDE, Batch, Packed, collate
from gpt4video_training.language.facts import weights_of
from gpt4video_training.language.material import Material
from gpt4video_training.language.ordinary import lengths_of
from gpt4video_training.language.rows import RowWriter
from gpt4video_training.language.seen import Seen
from gpt4video_training.safety.features import SentenceEncoder


@dataclass(frozen=True)
class Supplies:
    """What lessons are made of; `bundle` holds MiniLM, `pool` scenes are there to be related."""

    tokenizer: Tokenizer
    words: torch.Tensor
    ordinary: list[Ordinary]
    harmful: list[str]
    bundle: Path
    seen: Seen | None
    pool: int = 3000

    def material(self, rng: random.Random) -> Material:
        related = Related(SentenceEncoder(self.bundle), rng, pool=self.pool)
        teacher = Teacher(self.ordinary, self.harmful, related.group, rng)
        return Material(self.words, teacher, RowWriter(self.tokenizer), self.seen, rng)


class Feed(IterableDataset[Packed]):
    """Endless batches; each worker has its own dice, thrown anew where training goes on from `step`."""

    def __init__(self, supplies: Supplies, batch: int, budget: int, seed: int, step: int) -> None:
        super().__init__()
        self._supplies, self._batch, self._budget = supplies, batch, budget
        self._seed, self._step = seed, step
        self._weights = weights_of(supplies.tokenizer)
        self._starts = [0, *accumulate(lengths_of(supplies.tokenizer, supplies.ordinary))]

    def __iter__(self) -> Iterator[Packed]:
        worker = get_worker_info()
        if worker is None:
            return self.drawn(random.Random(self._seed))
        torch.set_num_threads(1)
        rng = random.Random(f"{self._seed}, worker {worker.id}, step {self._step}")
        torch.manual_seed(rng.getrandbits(62))
        return self.drawn(rng, STRIDE)

    def drawn(self, rng: random.Random, stride: int = 1) -> Iterator[Packed]:
        """What these dice draw."""
        material = self._supplies.material(rng)
        while True:
            rows = [material.draw(self._budget) for _ in range(self._batch)]
            yield collate(rows, self._starts, self._weights, stride)


def batches(feed: Feed, workers: int, pinned: bool) -> Iterator[Batch]:
    """With workers they are forked at once: call it before anything touches a GPU."""
    if not workers:
        return (packed.batch() for packed in feed)
    loader = DataLoader(
        feed,
        batch_size=None,
        num_workers=workers,
        collate_fn=_as_it_is,
        pin_memory=pinned,
        prefetch_factor=4,
        timeout=300,
        multiprocessing_context="fork",
    )
    made = iter(loader)
    return (each.batch() if isinstance(each, Packed) else each for each in made)


def _as_it_is(packed: Any) -> Any:
    return packed
