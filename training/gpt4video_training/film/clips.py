"""The film model's scenes: what people ask for, drawn without noise."""

from __future__ import annotations

import random

import numpy as np
import torch
from torch import Tensor

from ..world.render import render
from ..world.sampling import Mix, sample_scene
from ..world.scene import Scene

FILM_MIX = Mix(
    actors=(0.4, 0.4, 0.2),
    sequence=0.4,
    relation=0.45,
    pan=0.06,
    noise=0.0,
    textured=0.15,
    still=0.08,
)


def film_scene(rng: random.Random, split: str = "train") -> Scene:
    """One scene of the film model's mix."""
    return sample_scene(rng, split, FILM_MIX)


def render_clips(scenes: list[Scene]) -> Tensor:
    """Clips in 0..1, float32 `[B, 16, 3, 128, 128]`."""
    planes = torch.from_numpy(np.stack([render(scene) for scene in scenes])).movedim(-1, -3)
    return planes.to(torch.float32, memory_format=torch.contiguous_format) / 255
