"""Clips for the film model: what people ask for, drawn without noise."""

from __future__ import annotations

import random
from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..world.render import render, render_frames, render_masks
from ..world.sampling import Mix, sample_scene
from ..world.scene import Scene

FILM_MIX = Mix(
    actors=(0.72, 0.28, 0.0),
    sequence=0.15,
    relation=0.35,
    pan=0.0,
    noise=0.0,
    textured=0.05,
    still=0.06,
)


def film_scene(rng: random.Random, split: str = "train") -> Scene:
    """One scene of the film model's mix."""
    return sample_scene(rng, split, FILM_MIX)


def render_clips(scenes: list[Scene]) -> Tensor:
    """Clips in 0..1, float32 `[B, 16, 3, 128, 128]`."""
    return _pictures(np.stack([render(scene) for scene in scenes]))


def render_stills(scenes: list[Scene], frames: list[int]) -> tuple[Tensor, Tensor]:
    """One frame of every scene, float32 `[N, 3, 128, 128]` in 0..1, and where its
    actors and their contours are, float32 `[N, 1, 128, 128]`, 0 or 1."""
    pairs = list(zip(scenes, frames, strict=True))
    pictures = np.concatenate([render_frames(scene, [frame]) for scene, frame in pairs])
    masks = np.concatenate([_actors(scene, [frame]) for scene, frame in pairs])
    return _pictures(pictures), torch.from_numpy(masks)[:, None]


def actor_shares(scenes: list[Scene]) -> Tensor:
    """The share of each latent cell that actors cover, float32 `[B, 16, 8, 8]`."""
    masks = np.stack([_actors(scene, range(16)) for scene in scenes])
    return torch.from_numpy(masks.reshape(len(scenes), 16, 8, 16, 8, 16).mean(axis=(3, 5)))


def _pictures(pixels: NDArray[np.uint8]) -> Tensor:
    planes = torch.from_numpy(pixels).movedim(-1, -3)
    return planes.to(torch.float32, memory_format=torch.contiguous_format) / 255


def _actors(scene: Scene, frames: Sequence[int]) -> NDArray[np.float32]:
    masks = render_masks(scene, frames)
    grown = [cv2.dilate(mask, np.ones((5, 5), dtype=np.uint8)) for mask in masks]
    return (np.stack(grown) > 0).astype(np.float32)
