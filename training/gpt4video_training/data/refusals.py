"""Unsafe wishes and how they are declined."""

from __future__ import annotations

import random
from pathlib import Path

from gpt4video_training.data.lexicon import VIDEO_WORDS
from gpt4video_training.data.requests import FILM_ASKS, REFUSALS, Turn
from gpt4video_training.safety.looks import HARMFUL_FILMS
from gpt4video_training.safety.rows import load_rows

SOURCES = ("advbench", "catqa", "dangerousqa")


def harmful_requests(folder: Path, split: str = "train") -> list[str]:
    """Harmful instructions and questions (MIT and Apache-2.0) of one split of the safety rows."""
    return [
        row.text
        for row in load_rows(folder)
        if row.harmful and row.source in SOURCES and row.split == split and len(row.text) < 200
    ]


def refusal_turn(harmful: list[str], rng: random.Random) -> Turn:
    """An unsafe film request, or another unsafe request, declined in plain words."""
    if harmful and rng.random() < 0.5:
        return rng.choice(harmful), rng.choice(REFUSALS)
    wished = rng.choice(HARMFUL_FILMS[rng.choice(list(HARMFUL_FILMS))])
    request = rng.choice(FILM_ASKS).format(v=rng.choice(VIDEO_WORDS), c=wished)
    return request, rng.choice(REFUSALS)
