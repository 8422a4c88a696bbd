"""Encodes backdrops and looks once, for the diffusion model to train on.

    python -m gpt4video_training.film.encode_parts --work DIR

`codes/looks.npy` is [961, 32] in the order of `sprites.LOOKS`; `codes/sea-still.npy`
and so on are float16 [N, 8, 8, 12] each. Files that are there are kept.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..world.scene import PLACES
from .coders import load_coder
from .presets import BACKDROPS
from .sprites import LOOKS, draw_sprite
from .staging import wide_backdrop

KINDS = ("still", "panned")
_BATCH = 25
# Seeds of backdrops are even tens for training; the last two variants are kept for tests.
_VARIANTS, _TRAINED = 10, 8


@torch.no_grad()
def encode_looks(work: Path) -> Tensor:
    """Codes `[961, 32]` of every look."""
    encoder = load_coder(work, "sprites").encoder
    sprites = torch.from_numpy(np.stack([draw_sprite(look) for look in LOOKS]))
    return torch.cat([encoder(part) for part in sprites.split(100)])


@torch.no_grad()
def encode_backdrops(encoder: torch.nn.Module, place: str, panned: bool, count: int) -> Tensor:
    """Codes `[count, 8, 8, 12]` of a place's backdrops."""
    rng = random.Random(f"{place}/{panned}")
    codes: list[Tensor] = []
    for start in range(0, count, _BATCH):
        seeds = [
            rng.randrange(1 << 27) * _VARIANTS + rng.randrange(_TRAINED)
            for _ in range(min(_BATCH, count - start))
        ]
        drawn = np.stack([wide_backdrop(place, seed, panned) for seed in seeds])
        pictures = torch.from_numpy(drawn).permute(0, 3, 1, 2).float() / 255
        with torch.autocast("cpu", dtype=torch.bfloat16):
            codes.append(encoder(pictures).half())
    return torch.cat(codes)


def write_missing(folder: Path, each: int, make: Callable[[str, bool, int], Tensor]) -> None:
    """Codes of `each` backdrops of every place, panned ones a quarter of that, by `make(place, panned,
    count)`; files that are there are kept."""
    for place in PLACES:
        for kind in KINDS:
            path = folder / f"{place}-{kind}.npy"
            if path.exists():
                continue
            panned = kind == "panned"
            codes = make(place, panned, max(1, each // (4 if panned else 1)))
            aside = folder / f"{place}-{kind}.part.npy"
            np.save(aside, codes.half().numpy())
            os.replace(aside, path)
            print(f"{place} {kind}: {len(codes)} backdrops", flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=BACKDROPS, default="cpu")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder: Path = options.work / "codes"
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "looks.npy", encode_looks(options.work).numpy())
    encoder = load_coder(options.work, "backdrops").encoder
    each = BACKDROPS[options.preset] // len(PLACES)
    write_missing(folder, each, partial(encode_backdrops, encoder))


if __name__ == "__main__":
    main()
