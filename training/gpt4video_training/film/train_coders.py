"""Trains the autoencoder of one part of a film.

    python -m gpt4video_training.film.train_coders --part sprites --work DIR

With `--keep-decoder` only the encoder learns: for the decoders that `film.restore` read from a bundle,
so that its denoiser can be trained on.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..world.sampling import sample_scene
from ..world.scene import PLACES
from .clips import FILM_MIX
from .coders import PARTS, make_coder
from .muon import build_optimisers
from .presets import CODERS, CoderPreset
from .progress import Clock, Curve, learning_rate, load_checkpoint, save_checkpoint
from .sprites import LOOKS, draw_sprite
from .staging import stage_scene, wide_backdrop

_EDGES = ("encoder.stem", "encoder.head", "decoder.stem", "decoder.head")
Draw = Callable[[random.Random, int], Tensor]


def draw_backdrops(rng: random.Random, count: int) -> Tensor:
    """Places `[count, 3, 128, 192]` in 0..1, a third of them as wide as for a pan."""
    pictures = [
        wide_backdrop(rng.choice(PLACES), rng.randrange(1 << 30), rng.random() < 0.33)
        for _ in range(count)
    ]
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255


def draw_sprites(rng: random.Random, count: int) -> Tensor:
    """Sprites of random looks, `[count, 4, 64, 64]`."""
    return torch.from_numpy(np.stack([draw_sprite(look) for look in rng.choices(LOOKS, k=count)]))


class _PathPool:
    """Paths of random scenes; drawing them again and again is cheaper than new ones."""

    def __init__(self, scenes: int = 30_000) -> None:
        rng = random.Random(3)
        staged = [stage_scene(sample_scene(rng, "train", FILM_MIX)).paths for _ in range(scenes)]
        paths = torch.from_numpy(np.concatenate(staged))
        # Opacity tells the absent; one of them in a hundred is enough.
        there = paths[:, :, 5].amax(dim=1) > 0
        absent = (~there).nonzero()[:, 0][: int(there.sum()) // 50]
        self._paths = torch.cat([paths[there], paths[absent]])

    def __call__(self, rng: random.Random, count: int) -> Tensor:
        return self._paths[torch.tensor(rng.choices(range(len(self._paths)), k=count))]


def picture_loss(made: Tensor, truth: Tensor) -> Tensor:
    """L1 on pixels and on their differences to the right and below."""
    error = made - truth
    return error.abs().mean() + 0.5 * (
        error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()
    )


def path_loss(made: Tensor, truth: Tensor) -> Tensor:
    """L1 and squared error of poses, positions weighted most, and L1 of their steps."""
    weight = torch.tensor([4.0, 4.0, 2.0, 1.0, 1.0, 1.0, 1.0, 0.5])
    error = (made - truth) * weight
    return error.abs().mean() + error.square().mean() + error.diff(dim=1).abs().mean()


def _drawer(part: str) -> Draw:
    if part == "paths":
        return _PathPool()
    return draw_backdrops if part == "backdrops" else draw_sprites


def train(
    part: str, preset: CoderPreset, work: Path, minutes: float, keep_decoder: bool = False
) -> None:
    """Trains to the preset's last step or the time limit, continuing from the checkpoint."""
    torch.manual_seed(0)
    path, model, step = work / f"{part}.pt", make_coder(part), 0
    model.decoder.requires_grad_(not keep_decoder)
    optimisers = build_optimisers(model, preset.lr, decay=0.0, edges=_EDGES)
    if state := load_checkpoint(path):
        model.load_state_dict(state["model"])
        # A coder read back from a bundle has none.
        for optimiser, saved in zip(optimisers, state["optimisers"], strict=False):
            optimiser.load_state_dict(saved)
        step = state["step"]
    draw = _drawer(part)
    loss_of = path_loss if part == "paths" else picture_loss
    curve, clock = Curve(work / f"{part}.jsonl"), Clock(minutes)

    def save() -> None:
        states = [optimiser.state_dict() for optimiser in optimisers]
        save_checkpoint(path, {"model": model.state_dict(), "optimisers": states, "step": step})

    while step < preset.steps and not clock.is_over():
        rate = learning_rate(preset.lr, step, preset.steps, clock.share_left())
        truth = draw(random.Random(1_000_003 * (step + 1)), preset.batch)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=part != "paths"):
            made = model(truth)
        loss = loss_of(made.float(), truth)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.param_groups[0]["lr"] = rate
            optimiser.step()
            optimiser.zero_grad()
        step += 1
        curve.collect(loss=loss.item())
        if step % 20 == 0:
            curve.write(step, clock.seconds())
        if step % 300 == 0:
            save()
    save()
    curve.plot(part)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, required=True)
    parser.add_argument("--preset", choices=("smoke", "cpu", "gpu"), default="cpu")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=0, help="stop by the clock; 0 = no limit")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--keep-decoder", action="store_true", help="only the encoder learns")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    preset = CODERS[options.preset][options.part]
    train(options.part, preset, options.work, options.minutes, options.keep_decoder)


if __name__ == "__main__":
    main()
