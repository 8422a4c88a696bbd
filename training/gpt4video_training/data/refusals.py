"""Unsafe wishes and how they are declined."""

from __future__ import annotations

import random
from pathlib import Path

from gpt4video_training.data.lexicon import VIDEO_WORDS
from gpt4video_training.data.requests import FILM_ASKS, REFUSALS, Turn
from gpt4video_training.safety.looks import HARMFUL_FILMS, HARMFUL_TALK
from gpt4video_training.safety.rows import load_instructions


def harmful_requests(folder: Path, split: str = "train") -> list[str]:
    """Harmful instructions and questions (MIT and Apache-2.0) of one split of the safety rows."""
    rows = load_instructions(folder)
    return [row.text for row in rows if row.split == split and len(row.text) < 200]


def refusal_turn(harmful: list[str], rng: random.Random) -> Turn:
    """An unsafe film request, or another unsafe request, declined in plain words."""
    dice = rng.random()
    if harmful and dice < 0.45:
        return rng.choice(harmful), rng.choice(REFUSALS)
    if dice < 0.55:
        return _any_of(HARMFUL_TALK, rng), rng.choice(REFUSALS)
    request = rng.choice(FILM_ASKS).format(v=rng.choice(VIDEO_WORDS), c=_any_of(HARMFUL_FILMS, rng))
    return request, rng.choice(REFUSALS)


def _any_of(texts: dict[str, tuple[str, ...]], rng: random.Random) -> str:
    return rng.choice(texts[rng.choice(list(texts))])
