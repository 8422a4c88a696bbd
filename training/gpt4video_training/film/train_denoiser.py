"""Trains the diffusion transformer on films' codes and their captions.

    python -m gpt4video_training.film.train_denoiser --work DIR --text DIR

`--work` holds the coders and `codes/` of encode_parts and receives checkpoints;
`--text` is the work folder of the CLIP text tower.
"""

from __future__ import annotations

import argparse
import copy
from pathlib import Path

import torch
from torch import Tensor

from ..devices import add_device
from .conditioning import TextConditioning
from .denoiser import Denoiser
from .film_batches import FilmBatch, FilmBatches
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
    weight = torch.ones(TOKENS, device=error.device)
    weight[PLACE_TOKENS:-1] = _ACTOR_WEIGHT
    parts = error.detach()
    return (
        (error * weight).mean(),
        parts[:, :PLACE_TOKENS].mean(),
        parts[:, PLACE_TOKENS:-1].mean(),
    )


class Trainer:
    """The model, its moving average and its optimisers, saved and restored together."""

    def __init__(
        self, preset: DenoiserPreset, work: Path, text: Path, device: torch.device
    ) -> None:
        torch.manual_seed(0)
        self.preset, self.path, self.step = preset, work / "denoiser.pt", 0
        self.device, self.alphas = device, alphas_cumprod().to(device)
        self.conditioning = TextConditioning(text, device)
        self.model = Denoiser(preset.size).to(device)
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

    def advance(self, batch: FilmBatch, rate: float) -> dict[str, Tensor]:
        """One step: the loss, the plain errors of backdrops and of actors, and the attention
        that actors pay to their nouns."""
        clean, ids, mask, places = (part.to(self.device, non_blocking=True) for part in batch)
        # Drawn on the processor, so that a step's noise is the same on every device.
        generator = torch.Generator().manual_seed(self.step)
        timesteps = spread_timesteps(len(clean), generator).to(self.device)
        noise = torch.randn(clean.shape, generator=generator).to(self.device)
        noisy, target = diffuse(clean, noise, timesteps, self.alphas)
        looks: list[Tensor] = []
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            told = self.conditioning.read(ids, mask)
            prediction = self.model(noisy, timesteps.float(), *told, looks)
        loss, backdrops, actors = denoising_loss(prediction.float(), target)
        looking, looked = looking_loss(looks, places)
        self._update(loss + _LOOKING * looking, rate)
        found = {"loss": loss, "backdrops": backdrops, "actors": actors, "looked": looked}
        return {name: value.detach() for name, value in found.items()}

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


def train(
    preset: DenoiserPreset, work: Path, text: Path, minutes: float, device: torch.device, workers: int
) -> None:
    """Trains to the preset's last step or the time limit, continuing if it can."""
    trainer, clock = Trainer(preset, work, text, device), Clock(minutes)
    curve = Curve(work / "denoiser.jsonl")
    for batch in FilmBatches(preset, work, text).since(trainer.step, workers):
        if clock.is_over():
            break
        rate = learning_rate(preset.lr, trainer.step, preset.steps, clock.share_left())
        curve.collect(**trainer.advance(batch, rate))
        if trainer.step % 25 == 0:
            curve.write(trainer.step, clock.seconds())
        if trainer.step % preset.save_every == 0:
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
    add_device(parser)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    preset = DENOISER[options.preset]
    train(
        preset, options.work, options.text, options.minutes, options.device, options.workers
    )


if __name__ == "__main__":
    main()
