"""DDIM and DPM-Solver++ of diffusers with ZeroScope's configuration, every step of a run, for scripts/parity/schedulers.mjs.

The denoiser is a fixed function of sample and timestep, so that both sides compute it; the classes read the
configuration as a pipeline makes them read it, by `from_config`.
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler
from fixture import digest, write
from weights import Spread, values

CONFIG = {
    "_class_name": "DDIMScheduler",
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "clip_sample": False,
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "trained_betas": None,
}


def predict(sample: torch.Tensor, timestep: int) -> torch.Tensor:
    wide = sample.double()
    return (torch.sin(wide * 1.7) * 0.8 + wide * (0.3 * timestep / 1000)).float()


def run(scheduler: Any, steps: int, shape: tuple[int, ...], kept: int) -> dict[str, Any]:
    scheduler.set_timesteps(steps)
    sample = values("latents", shape, Spread(1.7))
    digests = []
    for timestep in scheduler.timesteps:
        sample = scheduler.step(predict(sample, int(timestep)), timestep, sample).prev_sample
        digests.append(digest(sample, kept))
    print(type(scheduler).__name__, scheduler.config.timestep_spacing, f"last sample up to {sample.abs().max():.3f}")
    return {"timesteps": scheduler.timesteps.tolist(), "samples": digests}


def case(words: str, steps: int, shape: tuple[int, ...], kept: int) -> dict[str, Any]:
    ddim = DDIMScheduler.from_config(CONFIG)
    runs = {
        "ddim": run(ddim, steps, shape, kept),
        "dpmsolver++": run(DPMSolverMultistepScheduler.from_config(ddim.config), steps, shape, kept),
    }
    return {
        "geometry": words,
        "config": CONFIG,
        "inputs": {"latents": {"shape": list(shape), "scale": 1.7}},
        "outputs": runs,
    }


if __name__ == "__main__":
    small = case("7 steps of 4 × 2 × 3 × 5 latents", 7, (4, 2, 3, 5), 30)
    full = case("40 steps of 4 × 24 × 40 × 72 latents, every step", 40, (4, 24, 40, 72), 120)
    write("schedulers", __file__, {"small": small, "full": full})
