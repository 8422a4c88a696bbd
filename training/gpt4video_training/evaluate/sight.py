"""How a test sees a clip: through the bundle's eyes, or as the perfect sentence, to test reading alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from gpt4video_training.data.retrieval import shuffled
from gpt4video_training.data.slots import as_told
from gpt4video_training.evaluate.bundle import Eyes, Floats
from gpt4video_training.evaluate.clips import clip_of
from gpt4video_training.language.imagine import perfect
from gpt4video_training.world.scene import Scene

Sight = Callable[[Scene], tuple[Scene, Floats]]
"""scene -> the scene as its sentence tells it, visual tokens [65,576]."""


def through_eyes(bundle: Path) -> Sight:
    """Rendered, encoded as H.264, decoded, sampled, and put through both graphs."""
    eyes = Eyes(bundle)
    return lambda scene: (as_told(scene), eyes.see(clip_of(scene)))


def perfect_tokens(words: Path, seed: int = 0) -> Sight:
    """The true sentence's embeddings, actors in random order."""
    table, rng = torch.load(words).float(), random.Random(seed)

    def see(scene: Scene) -> tuple[Scene, Floats]:
        told = shuffled(scene, rng)
        return told, np.asarray(perfect(told, table).numpy(), dtype=np.float32)

    return see
