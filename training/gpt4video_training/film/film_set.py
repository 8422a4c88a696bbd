"""Endless films for training: scenes are choreographed as they are asked for, their
looks and backdrops taken from the codes made beforehand."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..world.scene import PLACES, Scene
from .clips import film_scene
from .coders import load_coder
from .encode_parts import KINDS
from .layout import Codes, pack
from .sprites import LOOK_INDEX
from .staging import stage_scene


class FilmSet:
    """Latents of random scenes, from the codes in a work folder."""

    def __init__(self, work: Path) -> None:
        folder = work / "codes"
        self._looks = torch.from_numpy(np.load(folder / "looks.npy"))
        self._backdrops = {
            (place, kind == "panned"): torch.from_numpy(np.load(folder / f"{place}-{kind}.npy"))
            for place in PLACES
            for kind in KINDS
        }
        self._paths = load_coder(work, "paths").encoder

    def draw(self, rng: random.Random, count: int) -> tuple[Tensor, list[Scene]]:
        """Latents `[count, 32, 1, 1, 34]` of new training scenes, and the scenes."""
        scenes = [film_scene(rng) for _ in range(count)]
        backdrops = torch.stack([self._backdrop(scene, rng) for scene in scenes])
        return self.encode(scenes, backdrops), scenes

    @torch.no_grad()
    def encode(self, scenes: list[Scene], backdrops: Tensor) -> Tensor:
        """Latents of scenes before backdrops of these codes `[N, 8, 8, 12]`."""
        staged = [stage_scene(scene) for scene in scenes]
        looks = torch.tensor([[LOOK_INDEX[look] for look in each.looks] for each in staged])
        paths = torch.from_numpy(np.stack([each.paths for each in staged]))
        codes = self._paths(paths.flatten(0, 1)).unflatten(0, (len(scenes), -1))
        camera = torch.from_numpy(np.stack([each.camera for each in staged]))
        return pack(Codes(backdrops.float(), self._looks[looks], codes, camera))

    def _backdrop(self, scene: Scene, rng: random.Random) -> Tensor:
        codes = self._backdrops[scene.place, scene.pan is not None]
        return codes[rng.randrange(len(codes))]
