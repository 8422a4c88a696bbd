"""Visual tokens without a video: the scene sentence's embeddings, blurred as an abstractor's are."""

from __future__ import annotations

import itertools
import random

import torch

from gpt4video_training.data.slots import FILLER, SLOTS, VOCABULARY, as_told, told_targets
from gpt4video_training.world.scene import Scene

_END = VOCABULARY.index(FILLER)


def perfect(told: Scene, words: torch.Tensor) -> torch.Tensor:
    """The embeddings themselves, [65,576]; `told` as `slots.as_told` makes it."""
    return words[[*told_targets(told), _END]].clone()


def as_read(scene: Scene, tokens: torch.Tensor, words: torch.Tensor) -> Scene:
    """The scene with its actors in the order in which `tokens` [65,576] tell them."""
    orders = itertools.permutations(range(len(scene.actors)))
    ways = [as_told(scene, order) for order in orders]
    return min(ways, key=lambda told: float((tokens - perfect(told, words)).square().sum()))


def imagined(told: Scene, words: torch.Tensor, rng: random.Random) -> torch.Tensor:
    """With doubt: some words lean towards another of their slot, all are scaled and blurred."""
    tokens = perfect(told, words)
    doubt = rng.choice((0.0, 0.1, 0.3))
    for slot in SLOTS:
        if rng.random() < doubt:
            other = words[VOCABULARY.index(rng.choice(slot.words))]
            share = rng.uniform(0.05, 0.4)
            tokens[slot.position] = (1 - share) * tokens[slot.position] + share * other
    tokens = tokens * rng.uniform(0.8, 1.1)
    spread = float(words.std())
    return tokens + torch.randn_like(tokens) * rng.uniform(0.0, 0.4) * spread
