"""What every training step of the denoiser reads: films' codes, and captions with their nouns."""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ..vision.nouns import Nouns
from ..vision.text import CaptionTokenizer
from ..vision.train_text import captions_of
from ..world.scene import Scene
from .conditioning import UNCONDITIONAL
from .film_set import FilmSet
from .presets import DenoiserPreset


class FilmBatch(NamedTuple):
    """`clean` `[B, 32, 1, 1, 34]`; caption tokens `ids` and their `mask`, int64 `[B, T]`; `places`
    `[M, 3]` as `Nouns.find` gives them."""

    clean: Tensor
    ids: Tensor
    mask: Tensor
    places: Tensor


class FilmBatches(Dataset[FilmBatch]):
    """The batch of every step: the same for the same step, whichever process draws it."""

    def __init__(self, preset: DenoiserPreset, work: Path, text: Path) -> None:
        self._preset, self._films = preset, FilmSet(work)
        self._tokenizer = CaptionTokenizer(text / "text-encoder.tokenizer.json")
        self._nouns = Nouns(self._tokenizer)

    def __getitem__(self, step: int) -> FilmBatch:
        rng = random.Random(9_000_011 + step)
        clean, scenes = self._films.draw(rng, self._preset.batch)
        ids, mask = self._tokenizer([self._caption(scene, rng) for scene in scenes])
        longest = int(mask.sum(dim=1).max())
        places, _ = self._nouns.find(scenes, ids)
        return FilmBatch(clean, ids[:, :longest], mask[:, :longest], places)

    def since(self, step: int, workers: int) -> DataLoader[FilmBatch]:
        """The batches from `step` on to the preset's last, drawn by so many processes beside this one."""
        order = range(step, self._preset.steps)
        # A batch is complete as it is, so that nothing is left to stack.
        return DataLoader(self, batch_size=None, sampler=order, num_workers=workers)

    def _caption(self, scene: Scene, rng: random.Random) -> str:
        left_out = rng.random() < self._preset.dropout
        return UNCONDITIONAL if left_out else captions_of(scene, rng)
