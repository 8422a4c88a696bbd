"""Encodes clips once, in parts, for the diffusion model to train on.

    python -m gpt4video_training.film.encode_latents --work DIR --clips 20000

Every part holds 500 clips: `part-0007.npz` with `latents` float16
[500, 8, 16, 8, 8] and `actors` float16 [500, 16, 8, 8] (the share of each cell that
actors cover), and the scenes as JSON lines. Existing parts are kept.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..world.scene import Scene
from .autoencoder import Autoencoder
from .clips import actor_shares, film_scene, render_clips
from .presets import LATENTS
from .progress import load_checkpoint

PART = 500
_BATCH = 10


def load_autoencoder(work: Path) -> Autoencoder:
    """The trained autoencoder of `work`, ready to run."""
    state = load_checkpoint(work / "autoencoder.pt")
    if state is None:
        raise FileNotFoundError(f"{work / 'autoencoder.pt'} is missing; run train_autoencoder")
    model = Autoencoder(state["size"]).to(memory_format=torch.channels_last)
    model.load_state_dict(state["model"])
    return model.eval()


def encode_part(model: Autoencoder, number: int, folder: Path) -> None:
    """Draws and encodes the clips of one part; its number seeds them."""
    rng = random.Random(7_000_003 + number)
    scenes = [film_scene(rng) for _ in range(PART)]
    latents: list[Tensor] = []
    actors: list[Tensor] = []
    for start in range(0, PART, _BATCH):
        batch = scenes[start : start + _BATCH]
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            latents.append(model.encode_clips(render_clips(batch)).half())
        actors.append(actor_shares(batch).half())
    lines = "\n".join(json.dumps(scene.to_dict()) for scene in scenes)
    (folder / f"part-{number:04d}.jsonl").write_text(lines + "\n")
    aside = folder / f"part-{number:04d}.tmp.npz"
    np.savez(aside, latents=torch.cat(latents).numpy(), actors=torch.cat(actors).numpy())
    os.replace(aside, folder / f"part-{number:04d}.npz")


def load_parts(folder: Path, known: set[str]) -> list[tuple[Tensor, Tensor, list[Scene]]]:
    """Finished parts whose names are not in `known`, which is extended."""
    found = []
    for path in sorted(folder.glob("part-????.npz")):
        if path.name in known:
            continue
        known.add(path.name)
        lines = path.with_suffix(".jsonl").read_text().splitlines()
        scenes = [Scene.from_dict(json.loads(line)) for line in lines]
        with np.load(path) as part:
            latents, actors = torch.from_numpy(part["latents"]), torch.from_numpy(part["actors"])
        found.append((latents, actors, scenes))
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=LATENTS, default="cpu")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--clips", type=int, help="instead of the preset's number")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder: Path = options.work / "latents"
    folder.mkdir(parents=True, exist_ok=True)
    model = load_autoencoder(options.work)
    for number in range(-(-(options.clips or LATENTS[options.preset]) // PART)):
        if not (folder / f"part-{number:04d}.npz").exists():
            encode_part(model, number, folder)
            print(f"part {number}: {(number + 1) * PART} clips", flush=True)


if __name__ == "__main__":
    main()
