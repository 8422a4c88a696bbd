"""Trains the diffusion transformer on films' codes and their captions.

    python -m gpt4video_training.film.train_denoiser --work DIR --text DIR

`--work` holds the coders and `codes/` of encode_parts and receives checkpoints;
`--text` is the work folder of the CLIP text tower.
"""

from __future__ import annotations

import argparse
import copy
import random
from pathlib import Path

import torch
from torch import Tensor

from ..vision.train_text import captions_of
from ..world.scene import Scene
from .conditioning import UNCONDITIONAL, TextConditioning
from .denoiser import Denoiser
from .film_set import FilmSet
from .layout import PLACE_TOKENS, TOKENS
from .looking import looking_loss
from .muon import build_optimisers
from .presets import DENOISER, DenoiserPreset
from .progress import Clock, Curve, learning_rate, load_checkpoint, save_checkpoint
from .schedule import alphas_cumprod, diffuse, spread_timesteps

_EDGES = ("stem", "head", "modulate", "position", "told")
# Two thirds of the tokens are backdrop, and actors are what a film is about.
_ACTOR_WEIGHT = 4.0
_LOOKING = 0.3


def denoising_loss(prediction: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean squared error of v with actors weighted, and the plain errors of backdrops
    and of actors."""
    error = (prediction - target).square().mean(dim=(1, 2, 3))
    weight = torch.ones(TOKENS)
    weight[PLACE_TOKENS:-1] = _ACTOR_WEIGHT
    parts = error.detach()
    return (
        (error * weight).mean(),
        parts[:, :PLACE_TOKENS].mean(),
        parts[:, PLACE_TOKENS:-1].mean(),
    )


class Trainer:
    """The model, its moving average and its optimisers, saved and restored together."""

    def __init__(self, preset: DenoiserPreset, work: Path, text: Path) -> None:
        torch.manual_seed(0)
        self.preset, self.path, self.step = preset, work / "denoiser.pt", 0
        self.films = FilmSet(work)
        self.conditioning, self.alphas = TextConditioning(text), alphas_cumprod()
        self.model = Denoiser(preset.size)
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.optimisers = build_optimisers(self.model, preset.lr, decay=0.01, edges=_EDGES)
        if state := load_checkpoint(self.path):
            self.model.load_state_dict(state["model"])
            self.average.load_state_dict(state["average"])
            # A denoiser read back from a bundle has none.
            for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=False):
                optimiser.load_state_dict(saved)
            self.step = state["step"]

    def save(self) -> None:
        """Writes the checkpoint."""
        optimisers = [optimiser.state_dict() for optimiser in self.optimisers]
        models = {"model": self.model.state_dict(), "average": self.average.state_dict()}
        state = {"step": self.step, "size": self.preset.size, "optimisers": optimisers}
        save_checkpoint(self.path, {**models, **state})

    def advance(self, rate: float) -> tuple[float, ...]:
        """One step: the loss, the plain errors of backdrops and of actors, and the attention
        that actors pay to their nouns."""
        rng = random.Random(9_000_011 + self.step)
        generator = torch.Generator().manual_seed(self.step)
        clean, scenes = self.films.draw(rng, self.preset.batch)
        captions = [self._caption(scene, rng) for scene in scenes]
        places = self.conditioning.nouns(scenes, captions)
        looks: list[Tensor] = []
        timesteps = spread_timesteps(self.preset.batch, generator)
        noise = torch.randn(clean.shape, generator=generator)
        noisy, target = diffuse(clean, noise, timesteps, self.alphas)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden, mask = self.conditioning(captions)
            longest = int(mask.sum(dim=1).max())
            prediction = self.model(
                noisy, timesteps.float(), hidden[:, :longest], mask[:, :longest], looks
            )
        loss, backdrops, actors = denoising_loss(prediction.float(), target)
        looking, looked = looking_loss(looks, places)
        self._update(loss + _LOOKING * looking, rate)
        return loss.item(), backdrops.item(), actors.item(), looked

    def _caption(self, scene: Scene, rng: random.Random) -> str:
        left_out = rng.random() < self.preset.dropout
        return UNCONDITIONAL if left_out else captions_of(scene, rng)

    def _update(self, loss: Tensor, rate: float) -> None:
        """Optimises, then lets the moving average follow."""
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.param_groups[0]["lr"] = rate
            optimiser.step()
            optimiser.zero_grad()
        self.step += 1
        keep = min(self.preset.ema, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(
            list(self.average.parameters()), list(self.model.parameters()), 1 - keep
        )


def train(preset: DenoiserPreset, work: Path, text: Path, minutes: float) -> None:
    """Trains to the preset's last step or the time limit, continuing if it can."""
    trainer, clock = Trainer(preset, work, text), Clock(minutes)
    curve = Curve(work / "denoiser.jsonl")
    while trainer.step < preset.steps and not clock.is_over():
        rate = learning_rate(preset.lr, trainer.step, preset.steps, clock.share_left())
        loss, backdrops, actors, looked = trainer.advance(rate)
        curve.collect(loss=loss, backdrops=backdrops, actors=actors, looked=looked)
        if trainer.step % 25 == 0:
            curve.write(trainer.step, clock.seconds())
        if trainer.step % 50 == 0:
            trainer.save()
    trainer.save()
    curve.plot("denoiser")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=DENOISER, default="cpu")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=0, help="stop by the clock; 0 = no limit")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(DENOISER[options.preset], options.work, options.text, options.minutes)


if __name__ == "__main__":
    main()
