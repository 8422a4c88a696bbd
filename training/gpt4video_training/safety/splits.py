"""Which rows train, choose and test; rows held out that repeat a row seen before are left out."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gpt4video_training.safety.rows import Row

# Cosine of the sets of words and pairs of words from which two texts count as the same one.
NEAR = 0.6
_WIDTH = 2048
# Drawn from a grammar: split by composition or wish, which their group names.
GENERATED = frozenset({"cartoon", "films"})


def split_rows(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Indices by part: `train`, `calibrate`, `test`, and `near` for what was left out of the last two.

    Rows of one group share a part. A row is left out when an earlier part
    holds one of the same verdict in nearly the same words: a look-alike with
    the other verdict is what the test is for.
    """
    parts: dict[str, list[int]] = {"train": [], "calibrate": [], "test": [], "near": []}
    for index, row in enumerate(rows):
        parts[row.split].append(index)
    prints = fingerprints([row.text for row in rows])
    seen = parts["train"]
    for name in ("calibrate", "test"):
        dropped: set[int] = set()
        for harm in (False, True):
            chosen = [i for i in parts[name] if rows[i].harmful == harm]
            dropped |= near_duplicates(prints, chosen, [i for i in seen if rows[i].harmful == harm])
        dropped = {index for index in dropped if rows[index].source not in GENERATED}
        seen = seen + parts[name]
        parts[name] = [index for index in parts[name] if index not in dropped]
        parts["near"] += sorted(dropped)
    return parts


def fingerprints(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Unit vectors `[len(texts), 2048]` of hashed words and pairs of neighbouring words."""
    found = np.zeros((len(texts), _WIDTH), dtype=np.float32)
    for row, text in enumerate(texts):
        words = re.findall(r"\w+", text.lower())
        pieces = [*words, *map(" ".join, pairwise(words))]
        found[row, [zlib.crc32(piece.encode()) % _WIDTH for piece in pieces]] = 1
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1)
    return found


def near_duplicates(
    prints: npt.NDArray[np.float32], chosen: Sequence[int], seen: Sequence[int], block: int = 512
) -> set[int]:
    """Those of `chosen` that have a neighbour in `seen` at cosine `NEAR` or above."""
    known = prints[list(seen)].T
    found: set[int] = set()
    if not seen:
        return found
    for start in range(0, len(chosen), block):
        part = list(chosen[start : start + block])
        closest = (prints[part] @ known).max(axis=1)
        found.update(index for index, value in zip(part, closest, strict=True) if value >= NEAR)
    return found
