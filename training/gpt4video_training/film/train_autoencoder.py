"""Trains the frame autoencoder on pictures drawn as it goes.

    python -m gpt4video_training.film.train_autoencoder --preset cpu --out DIR
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from torch import Tensor

from .autoencoder import Autoencoder
from .clips import film_scene, render_stills
from .muon import build_optimisers
from .presets import AUTOENCODER, AutoencoderPreset
from .progress import Clock, Curve, learning_rate, load_checkpoint, save_checkpoint

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


class Trainer:
    """The model and its optimisers, saved and restored together."""

    def __init__(self, preset: AutoencoderPreset, out: Path) -> None:
        torch.manual_seed(0)
        self.preset, self.path, self.step = preset, out / "autoencoder.pt", 0
        self.model = Autoencoder(preset.size).to(memory_format=torch.channels_last)
        self.optimisers = build_optimisers(self.model, preset.lr, decay=0.0, edges=_EDGES)
        if state := load_checkpoint(self.path):
            self.model.load_state_dict(state["model"])
            for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
                optimiser.load_state_dict(saved)
            self.step = state["step"]

    def save(self) -> None:
        """Writes the checkpoint."""
        optimisers = [optimiser.state_dict() for optimiser in self.optimisers]
        state = {"model": self.model.state_dict(), "step": self.step, "size": self.preset.size}
        save_checkpoint(self.path, {**state, "optimisers": optimisers})

    def advance(self, rate: float) -> tuple[float, float]:
        """One step on new pictures: the loss, and the plain L1 on actors."""
        rng = random.Random(1_000_003 * (self.step + 1))
        scenes = [film_scene(rng) for _ in range(self.preset.batch)]
        pictures, actors = render_stills(scenes, [rng.randrange(16) for _ in scenes])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            made = self.model(pictures)
        loss, on_actors = reconstruction_loss(made.float(), pictures, actors)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.param_groups[0]["lr"] = rate
            optimiser.step()
            optimiser.zero_grad()
        self.step += 1
        return loss.item(), on_actors.item()


def train(preset: AutoencoderPreset, out: Path, minutes: float) -> None:
    """Trains to the preset's last step or the time limit, continuing from the
    checkpoint in `out`."""
    trainer, curve, clock = Trainer(preset, out), Curve(out / "autoencoder.jsonl"), Clock(minutes)
    while trainer.step < preset.steps and not clock.is_over():
        rate = learning_rate(preset.lr, trainer.step, preset.steps, clock.share_left())
        loss, on_actors = trainer.advance(rate)
        curve.collect(loss=loss, actors_l1=on_actors)
        if trainer.step % 20 == 0:
            curve.write(trainer.step, clock.seconds())
        if trainer.step % 200 == 0:
            trainer.save()
    trainer.save()
    curve.plot("autoencoder")


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
