"""Batches for the abstractor, from clips rendered while it trains: none is seen twice.

Where a GPU waits for work, drawing is cheaper than reading; and the image tower may learn on with the
abstractor's words as its teacher, as long as pictures stay where they are in CLIP space.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from gpt4video_training.abstractor.batches import Batch
from gpt4video_training.abstractor.cache import (
    TAUGHT,
    load_vision,
    scene_of,
    sorted_geometry,
    sorted_owners,
)
from gpt4video_training.data.slots import targets
from gpt4video_training.vision.frames import SAMPLED, clip_frames, normalised

_STEPS = 1 << 20


class Drawn(NamedTuple):
    """`frames` uint8 [B,4,112,112,3]; the rest as in `Clips`."""

    frames: torch.Tensor
    owners: torch.Tensor
    geometry: torch.Tensor
    sentences: torch.Tensor


class Drawing(Dataset[Drawn]):
    """The clips of every step: the same for the same step, whichever process draws them."""

    def __init__(self, size: int, seed: int) -> None:
        self._size, self._seed = size, seed

    def __getitem__(self, step: int) -> Drawn:
        rng = random.Random(f"{self._seed}/{step}")
        scenes = [scene_of(rng, "train", TAUGHT) for _ in range(self._size)]
        return Drawn(
            torch.from_numpy(np.stack([clip_frames(scene, SAMPLED, rng) for scene in scenes])),
            torch.from_numpy(np.stack([sorted_owners(scene) for scene in scenes])),
            torch.from_numpy(np.stack([sorted_geometry(scene) for scene in scenes])),
            torch.tensor([targets(scene) for scene in scenes]),
        )


class Fresh:
    """Clips drawn by `workers` processes and seen by the image tower of a work folder."""

    def __init__(self, work: Path, tune: bool, seed: int, device: torch.device, workers: int) -> None:
        self._work, self._tune, self._seed = work, tune, seed
        self._device, self._workers = device, workers
        # Running means of the stem stand still, as in the exported graph.
        self._vision = load_vision(work).to(device)
        self._before = copy.deepcopy(self._vision)
        self._vision.requires_grad_(tune)

    def batches(self, size: int) -> Iterator[Batch]:
        """As they are drawn, in order."""
        drawing = Drawing(size, self._seed)
        for drawn in DataLoader(
            drawing, batch_size=None, sampler=range(_STEPS), num_workers=self._workers
        ):
            frames, owners, geometry, sentences = (
                part.to(self._device, non_blocking=True) for part in drawn
            )
            features, strayed = self._see(frames)
            yield Batch(features, owners.long(), geometry.float(), sentences, strayed)

    def learning(self) -> list[nn.Parameter]:
        """The image tower, where it is tuned."""
        return [weight for weight in self._vision.parameters() if weight.requires_grad]

    def save(self, out: Path) -> None:
        """`clip.pt` with the tower as it is now and the text tower's projection as it was."""
        if self._tune:
            state = torch.load(self._work / "clip.pt")
            torch.save({**state, "vision": self._vision.state_dict()}, out / "clip.pt")

    def _see(self, frames: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Features [B,4,65,256], and one minus the mean cosine to where the tower before put them."""
        pixels = normalised(frames.flatten(0, 1)).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16):
            features, pooled = self._vision(pixels)
            shaped = features.float().unflatten(0, frames.shape[:2])
            if not self._tune:
                return shaped, torch.zeros((), device=self._device)
            with torch.no_grad():
                _, before = self._before(pixels)
        return shaped, 1 - (pooled * before).sum(dim=1).mean()
