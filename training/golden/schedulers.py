"""Noise schedules, timesteps and whole trajectories of diffusers' DDIM and DPM-Solver++, for libs/model/src/diffusion.

The dummy denoiser is a fixed function of sample and timestep, so that both sides compute it.
"""

import numpy as np
import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler

from fixture import numbers, write

SIZE = 24
SCHEDULES = {
    "squaredcos_cap_v2": {"beta_schedule": "squaredcos_cap_v2"},
    "scaled_linear": {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012},
    "linear": {"beta_schedule": "linear", "beta_start": 0.0001, "beta_end": 0.02},
}
RUNS = [
    (betas, prediction, spacing, offset, steps)
    for betas in SCHEDULES
    for prediction in ("epsilon", "v_prediction")
    for spacing, offset in (("trailing", 0), ("leading", 1), ("linspace", 0))
    for steps in (1, 2, 7, 20, 40)
    # ᾱ is 2e-9 at the cosine schedule's end: dividing by its root is noise on either side.
    if not (betas == "squaredcos_cap_v2" and prediction == "epsilon" and spacing != "leading")
]


def dummy(sample: torch.Tensor, timestep: int) -> torch.Tensor:
    return torch.sin(sample * 1.7) * 0.8 + sample * 0.3 * np.cos(timestep / 200)


def run(scheduler, steps: int) -> dict:
    scheduler.set_timesteps(steps)
    sample, trajectory = torch.cos(torch.arange(SIZE, dtype=torch.float64) * 0.9) * 1.4, []
    for timestep in scheduler.timesteps:
        sample = scheduler.step(dummy(sample, int(timestep)), timestep, sample).prev_sample
        trajectory.append(float(sample.sum()))
    return {"timesteps": scheduler.timesteps.tolist(), "sums": numbers(trajectory), "sample": numbers(sample)}


runs = []
for betas, prediction, spacing, offset, steps in RUNS:
    common = {**SCHEDULES[betas], "prediction_type": prediction, "timestep_spacing": spacing, "steps_offset": offset}
    case = {"betas": betas, "prediction": prediction, "spacing": spacing, "offset": offset, "steps": steps}
    if not (spacing == "linspace" and steps == 1):
        runs.append({**case, "solver": "ddim", **run(DDIMScheduler(clip_sample=False, **common), steps)})
    runs.append({**case, "solver": "dpmsolver++", **run(DPMSolverMultistepScheduler(**common), steps)})

zeroscope = {**SCHEDULES["scaled_linear"], "prediction_type": "epsilon", "timestep_spacing": "leading", "steps_offset": 1}
runs.append(
    {"betas": "scaled_linear", "prediction": "epsilon", "spacing": "leading", "offset": 1, "steps": 50, "solver": "ddim", "finalAlphaOne": False}
    | run(DDIMScheduler(clip_sample=False, set_alpha_to_one=False, **zeroscope), 50)
)
picks = [0, 1, 10, 250, 500, 750, 990, 998, 999]
schedules = {name: {"at": picks, "alphasCumprod": numbers(DDIMScheduler(**options).alphas_cumprod[picks])} for name, options in SCHEDULES.items()}
write("schedulers", __file__, {"options": SCHEDULES, "schedules": schedules, "runs": runs})
