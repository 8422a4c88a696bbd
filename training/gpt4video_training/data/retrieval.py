"""Clips that go together: captions retrieved by MiniLM cosine (paper, section 3.4)."""

from __future__ import annotations

import random

import numpy as np

from gpt4video_training.data.captions import caption
from gpt4video_training.data.slots import as_told
from gpt4video_training.safety.features import SentenceEncoder
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene

NEAREST = 10


def shuffled(scene: Scene, rng: random.Random) -> Scene:
    """`as_told` with the actors in random order, as set-matched visual tokens give them."""
    order = list(range(len(scene.actors)))
    rng.shuffle(order)
    return as_told(scene, order)


class Related:
    """Groups of two or three scenes: one, and one or two of the ten whose captions are nearest.

    Scenes are as their sentences tell them.
    """

    def __init__(
        self, encoder: SentenceEncoder, rng: random.Random, split: str = "train", pool: int = 3000
    ) -> None:
        self._rng = rng
        self._scenes = [shuffled(sample_scene(rng, split), rng) for _ in range(pool)]
        vectors = encoder.encode([caption(scene) for scene in self._scenes])
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -1.0)
        self._nearest = np.argsort(-likeness, axis=1)[:, :NEAREST]

    def group(self, size: int = 2) -> tuple[Scene, ...]:
        """`size` scenes in random order."""
        first = self._rng.randrange(len(self._scenes))
        others = self._rng.sample(self._nearest[first].tolist(), size - 1)
        chosen = [self._scenes[index] for index in (first, *others)]
        self._rng.shuffle(chosen)
        return tuple(chosen)
