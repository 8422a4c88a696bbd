"""Texts mixed from those to train on: nobody labelled them, a teacher can answer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from gpt4video_training.safety.rows import Row

# Of a longer text, so many words in a row are taken.
LONGEST = 60
DROPPED = 0.15


def mixed_rows(rows: Sequence[Row], train: Sequence[int], count: int, seed: int = 0) -> list[Row]:
    """At most `count` rows for a teacher: texts joined with another of their source, thinned out, or cut.

    A source is drawn before its text is, so that small sources are mixed as often as large ones.
    Only texts of `train` go in: what comes out holds nothing of a row that is held out.
    """
    rng = np.random.default_rng(seed)
    sources: dict[str, list[str]] = defaultdict(list)
    for index in train:
        sources[rows[index].source].append(rows[index].text)
    names = sorted(sources)
    texts = [_mixed(sources[names[int(rng.integers(len(names)))]], rng) for _ in range(count)]
    known = {row.text for row in rows}
    return [
        Row("mixed", text, False, certain=False, taught=True)
        for text in dict.fromkeys(texts)
        if text and text not in known
    ]


def _mixed(texts: Sequence[str], rng: np.random.Generator) -> str:
    words = _stretch(texts[int(rng.integers(len(texts)))].split(), LONGEST, rng)
    way = int(rng.integers(3))
    if way == 0:
        other = _stretch(texts[int(rng.integers(len(texts)))].split(), LONGEST, rng)
        return " ".join([*words[: (len(words) + 1) // 2], *other[len(other) // 2 :]])
    if way == 1:
        return " ".join(word for word in words if rng.random() >= DROPPED)
    return " ".join(_stretch(words, max(3, int(len(words) * rng.uniform(0.4, 0.8))), rng))


def _stretch(words: list[str], most: int, rng: np.random.Generator) -> list[str]:
    start = int(rng.integers(max(1, len(words) - most + 1)))
    return words[start : start + most]
