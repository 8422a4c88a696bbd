"""Clips for the film model: what people ask for, drawn without noise."""

from __future__ import annotations

import random

import cv2
import numpy as np
import torch
from torch import Tensor

from ..world.render import render, render_masks
from ..world.sampling import Mix, sample_scene
from ..world.scene import Scene

FILM_MIX = Mix(
    actors=(0.7, 0.3, 0.0), sequence=0.2, relation=0.35, pan=0.02, noise=0.0, textured=0.08
)


def film_scene(rng: random.Random, split: str = "train") -> Scene:
    """One scene of the film model's mix."""
    return sample_scene(rng, split, FILM_MIX)


def render_batch(scenes: list[Scene]) -> Tensor:
    """Clips as uint8 `[B, 16, 3, 128, 128]`."""
    clips = np.stack([render(scene) for scene in scenes])
    return torch.from_numpy(clips.transpose(0, 1, 4, 2, 3).copy())


def foreground(scenes: list[Scene]) -> Tensor:
    """Where actors and their contours are: float `[B, 16, 1, 128, 128]`, 0 or 1."""
    kernel = np.ones((5, 5), dtype=np.uint8)
    masks = [
        [cv2.dilate(mask, kernel) > 0 for mask in render_masks(scene, range(16))]
        for scene in scenes
    ]
    return torch.from_numpy(np.array(masks, dtype=np.float32))[:, :, None]
