"""Trains the diffusion transformer on encoded clips and their captions.

    python -m gpt4video_training.film.train_denoiser --work DIR --text DIR

`--work` holds `latents/` of encode_latents and receives checkpoints; `--text` is
the work folder of the CLIP text tower. Parts of latents that appear during the
training are taken in.
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
from .encode_latents import load_parts
from .muon import build_optimisers
from .presets import DENOISER, DenoiserPreset
from .progress import Clock, Curve, learning_rate, load_checkpoint, save_checkpoint
from .schedule import alphas_cumprod, diffuse, spread_timesteps

_EDGES = ("stem", "head", "modulate", "position")
# Below this timestep the actors' places are visible in the noisy latent, so that
# weighting them more does not make the model invent more of them.
_SETTLED = 450
_ACTOR_WEIGHT = 6.0


class LatentSet:
    """All encoded clips so far, in memory. Clips with several actors are passed over
    with the probability `skip_crowds` when batches are drawn."""

    def __init__(self, folder: Path, skip_crowds: float = 0.0) -> None:
        self._folder, self._known, self._skip_crowds = folder, set[str](), skip_crowds
        self._parts: list[tuple[Tensor, Tensor, list[Scene]]] = []
        self.refresh()
        if not self._parts:
            raise FileNotFoundError(f"no latents in {folder}; run encode_latents")

    def refresh(self) -> None:
        """Takes in parts written since."""
        self._parts += load_parts(self._folder, self._known)

    def __len__(self) -> int:
        return sum(len(scenes) for _, _, scenes in self._parts)

    def draw(self, rng: random.Random, count: int) -> tuple[Tensor, Tensor, list[Scene]]:
        """Latents `[count, 8, 16, 8, 8]`, actors' shares `[count, 16, 8, 8]`, scenes."""
        chosen = []
        for _ in range(count):
            latents, actors, scenes = rng.choice(self._parts)
            index = rng.randrange(len(scenes))
            while len(scenes[index].actors) > 1 and rng.random() < self._skip_crowds:
                index = rng.randrange(len(scenes))
            chosen.append((latents[index], actors[index], scenes[index]))
        return (
            torch.stack([each[0] for each in chosen]).float(),
            torch.stack([each[1] for each in chosen]).float(),
            [each[2] for each in chosen],
        )


def denoising_loss(
    prediction: Tensor, target: Tensor, actors: Tensor, timesteps: Tensor
) -> tuple[Tensor, Tensor]:
    """Mean squared error of v, with actors' cells weighted where they can be seen, and
    the plain error of the noisy half."""
    error = (prediction - target).square().mean(dim=1)
    settled = (timesteps < _SETTLED).float()[:, None, None, None]
    loss = (error * (1 + _ACTOR_WEIGHT * actors * settled)).mean()
    noisy = error.detach()[timesteps >= 500].mean()
    return loss, noisy


class Trainer:
    """The model, its moving average and its optimisers, saved and restored together."""

    def __init__(self, preset: DenoiserPreset, work: Path, text: Path) -> None:
        torch.manual_seed(0)
        self.preset, self.path, self.step = preset, work / "denoiser.pt", 0
        self.latents = LatentSet(work / "latents", preset.skip_crowds)
        self.conditioning, self.alphas = TextConditioning(text), alphas_cumprod()
        self.model = Denoiser(preset.size)
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.optimisers = build_optimisers(self.model, preset.lr, decay=0.01, edges=_EDGES)
        if state := load_checkpoint(self.path):
            self.model.load_state_dict(state["model"])
            self.average.load_state_dict(state["average"])
            for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
                optimiser.load_state_dict(saved)
            self.step = state["step"]

    def save(self) -> None:
        """Writes the checkpoint."""
        optimisers = [optimiser.state_dict() for optimiser in self.optimisers]
        models = {"model": self.model.state_dict(), "average": self.average.state_dict()}
        state = {"step": self.step, "size": self.preset.size, "optimisers": optimisers}
        save_checkpoint(self.path, {**models, **state})

    def advance(self, rate: float) -> tuple[float, float]:
        """One step: the loss, and the plain error of the noisier half."""
        rng = random.Random(9_000_011 + self.step)
        generator = torch.Generator().manual_seed(self.step)
        clean, actors, scenes = self.latents.draw(rng, self.preset.batch)
        captions = [self._caption(scene, rng) for scene in scenes]
        timesteps = spread_timesteps(self.preset.batch, generator)
        noise = torch.randn(clean.shape, generator=generator)
        noisy, target = diffuse(clean, noise, timesteps, self.alphas)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden, mask = self.conditioning(captions)
            prediction = self.model(noisy, timesteps.float(), hidden, mask)
        loss, at_noise = denoising_loss(prediction.float(), target, actors, timesteps)
        self._update(loss, rate)
        return loss.item(), at_noise.item()

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
        loss, at_noise = trainer.advance(rate)
        curve.collect(loss=loss, noisy_half=at_noise)
        if trainer.step % 25 == 0:
            curve.write(trainer.step, clock.seconds())
        if trainer.step % 150 == 0:
            trainer.save()
            trainer.latents.refresh()
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
