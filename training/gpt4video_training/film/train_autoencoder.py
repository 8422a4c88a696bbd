"""Trains the frame autoencoder on pictures drawn as it goes.

    python -m gpt4video_training.film.train_autoencoder --preset cpu --out DIR
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from .autoencoder import Autoencoder
from .clips import film_scene, render_stills
from .muon import build_optimisers
from .presets import AUTOENCODER, AutoencoderPreset
from .progress import Curve, learning_rate, load_checkpoint, save_checkpoint

_EDGES = ("encoder.stem", "encoder.head", "decoder.stem", "decoder.head")


def reconstruction_loss(made: Tensor, pictures: Tensor, actors: Tensor) -> tuple[Tensor, Tensor]:
    """Weighted L1 on pixels and on their differences to the right and below, and the
    plain L1 on the actors. Pictures `[N, 3, H, W]`, `actors` `[N, 1, H, W]`.

    Actors cover a twentieth of the picture and are what a film is about."""
    weight = 1 + 8 * actors
    error = (made - pictures).abs()
    down = ((made - pictures).diff(dim=-2)).abs() * weight[..., 1:, :]
    right = ((made - pictures).diff(dim=-1)).abs() * weight[..., 1:]
    loss = (error * weight).mean() + 0.5 * (down.mean() + right.mean())
    on_actors = (error.detach() * actors).sum() / (3 * actors.sum()).clamp(min=1)
    return loss, on_actors


def train(preset: AutoencoderPreset, out: Path, minutes: float) -> None:
    """Trains to the preset's last step, continuing from the checkpoint in `out`."""
    torch.manual_seed(0)
    model = Autoencoder(preset.size).to(memory_format=torch.channels_last)
    optimisers = build_optimisers(model, preset.lr, decay=0.0, edges=_EDGES)
    checkpoint = out / "autoencoder.pt"
    step = 0
    if state := load_checkpoint(checkpoint):
        model.load_state_dict(state["model"])
        for optimiser, saved in zip(optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        step = state["step"]
    curve = Curve(out / "autoencoder.jsonl")
    started = time.monotonic()
    seen: list[tuple[float, float]] = []
    while step < preset.steps:
        rng = random.Random(1_000_003 * (step + 1))
        scenes = [film_scene(rng) for _ in range(preset.batch)]
        pictures, actors = render_stills(scenes, [rng.randrange(16) for _ in scenes])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            made = model(pictures)
        loss, on_actors = reconstruction_loss(made.float(), pictures, actors)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        rate = _rate(preset, step, time.monotonic() - started, minutes * 60)
        for optimiser in optimisers:
            optimiser.param_groups[0]["lr"] = rate
            optimiser.step()
            optimiser.zero_grad()
        step += 1
        seen.append((loss.item(), on_actors.item()))
        if step % 20 == 0 or step == preset.steps:
            mean_loss, mean_actors = (sum(column) / len(seen) for column in zip(*seen, strict=True))
            seconds = time.monotonic() - started
            curve.add(step, loss=mean_loss, actors_l1=mean_actors, lr=rate, seconds=seconds)
            print(f"step {step} loss {mean_loss:.4f} actors {mean_actors:.4f} lr {rate:.5f} {seconds:.0f}s", flush=True)  # fmt: skip
            seen.clear()
        out_of_time = minutes > 0 and time.monotonic() - started > minutes * 60
        if step % 200 == 0 or step == preset.steps or out_of_time:
            saved = {"model": model.state_dict(), "step": step, "size": preset.size,
                     "optimisers": [optimiser.state_dict() for optimiser in optimisers]}  # fmt: skip
            save_checkpoint(checkpoint, saved)
        if out_of_time:
            break
    curve.plot("autoencoder")


def _rate(preset: AutoencoderPreset, step: int, seconds: float, limit: float) -> float:
    """By steps, or by the clock when there is a time limit and it comes first."""
    rate = learning_rate(preset.lr, step, preset.steps)
    if limit > 0:
        rate = min(rate, preset.lr * max(0.0, min(1.0, 2 * (1 - seconds / limit))))
    return rate


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=AUTOENCODER, default="cpu")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=0, help="stop by the clock; 0 = no limit")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(AUTOENCODER[options.preset], options.out, options.minutes)


if __name__ == "__main__":
    main()
