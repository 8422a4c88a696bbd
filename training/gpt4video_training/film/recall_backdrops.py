"""Codes of backdrops as the shipped film model makes them, where no encoder of its decoder is at hand.

    python -m gpt4video_training.film.recall_backdrops --work DIR --text DIR

`--work` holds the restored denoiser, `--text` the text tower that it was trained with. Writes the files
of `encode_parts`; those that are there are kept.
"""

from __future__ import annotations

import argparse
import random
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from ..data.captions import caption
from ..world.sampling import Mix, sample_scene
from .conditioning import UNCONDITIONAL, TextConditioning
from .denoiser import Denoiser
from .encode_parts import write_missing
from .layout import unpack
from .sample import load_denoiser, sample_latents

_BATCH = 50


def recall(
    denoiser: Denoiser, conditioning: TextConditioning, place: str, panned: bool, count: int
) -> Tensor:
    """Codes `[count, 8, 8, 12]`, each of a film of its own before the place."""
    rng = random.Random(f"{place}/{panned}")
    mix = Mix((1.0, 0.0, 0.0), pan=1.0 if panned else 0.0, noise=0.0)
    captions: list[str] = []
    while len(captions) < count:
        scene = sample_scene(rng, "train", mix)
        if scene.place == place:
            captions.append(caption(scene))
    empty, codes = conditioning([UNCONDITIONAL]), []
    for start in range(0, count, _BATCH):
        told = conditioning(captions[start : start + _BATCH])
        latents = sample_latents(denoiser, told, empty, 1, 25, seed=rng.randrange(1 << 30))
        codes.append(unpack(latents).backdrop)
    return torch.cat(codes)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--count", type=int, default=600, help="of each place; panned a quarter")
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder: Path = options.work / "codes"
    folder.mkdir(parents=True, exist_ok=True)
    denoiser, conditioning = load_denoiser(options.work), TextConditioning(options.text)
    write_missing(folder, options.count, partial(recall, denoiser, conditioning))


if __name__ == "__main__":
    main()
