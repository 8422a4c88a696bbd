"""A contact sheet of the cartoon world and its statistics.

    python -m gpt4video_training.world.sheet --out docs/models/cartoon-world.webp
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from ..data.captions import caption
from .render import Image, render, render_frames
from .sampling import sample_scene
from .scene import COLOURS, PLACES, SUBJECTS, Actor, Scene


def subjects_and_places() -> Image:
    """Every subject once, in two rows of eight: uint8 [256, 1024, 3]."""
    scenes = [
        Scene(PLACES[i % 8], (Actor(subject, COLOURS[i % 10], "large"),), seed=i)
        for i, subject in enumerate(SUBJECTS)
    ]
    cells = np.concatenate([render_frames(scene, [0]) for scene in scenes])
    return np.concatenate([np.concatenate(list(cells[row : row + 8]), axis=1) for row in (0, 8)])


def clips(count: int, seed: int = 5) -> tuple[Image, list[str]]:
    """Random clips of the training split, eight frames a row, and their captions."""
    rng = random.Random(seed)
    scenes = [sample_scene(rng) for _ in range(count)]
    rows = [np.concatenate(list(render(scene, 8)), axis=1) for scene in scenes]
    return np.concatenate(rows), [caption(scene) for scene in scenes]


def statistics(count: int = 5000) -> dict[str, dict[str, float]]:
    """Shares of motions, relations and numbers of actors among random scenes."""
    rng = random.Random(1)
    scenes = [sample_scene(rng) for _ in range(count)]
    kinds = {
        "motion": [m for scene in scenes for actor in scene.actors for m in actor.motions],
        "relation": [scene.relation[0] if scene.relation else "none" for scene in scenes],
        "actors": [str(len(scene.actors)) for scene in scenes],
    }
    return {
        name: {key: round(n / len(found), 3) for key, n in sorted(Counter(found).items())}
        for name, found in kinds.items()
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rows, captions = clips(8)
    sheet = np.concatenate([subjects_and_places(), rows])
    cv2.imwrite(str(options.out), sheet[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 80])
    print("\n".join(captions))
    for name, shares in statistics().items():
        print(name, shares)


if __name__ == "__main__":
    main()
