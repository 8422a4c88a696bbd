"""The noise schedule: the cosine of Nichol & Dhariwal (arXiv 2102.09672), as
`squaredcos_cap_v2` of diffusers.

A film's tokens say little twice, so that what they say is decided at medium noise;
this schedule spends most of its steps there.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

TRAIN_STEPS = 1000
BETAS = "squaredcos_cap_v2"
_MAX_BETA = 0.999


def alphas_cumprod() -> Tensor:
    """Products of 1 − β, float64 `[1000]`."""
    share = (torch.arange(TRAIN_STEPS + 1, dtype=torch.float64) / TRAIN_STEPS + 0.008) / 1.008
    remaining = (share * math.pi / 2).cos().square()
    betas = (1 - remaining[1:] / remaining[:-1]).clamp(max=_MAX_BETA)
    return torch.cumprod(1 - betas, dim=0)


def noise_levels() -> Tensor:
    """The angle between clean latents and noise at every timestep, 0 (clean) to 1000
    (noise), float32 `[1000]`."""
    return (alphas_cumprod().sqrt().acos() * (2000 / math.pi)).float()


def spread_timesteps(count: int, generator: torch.Generator) -> Tensor:
    """Random timesteps that cover the schedule evenly: int64 `[count]`, shuffled."""
    offsets = torch.rand(count, generator=generator)
    steps = (torch.randperm(count, generator=generator) + offsets) / count * TRAIN_STEPS
    return steps.long().clamp(max=TRAIN_STEPS - 1)


def diffuse(
    clean: Tensor, noise: Tensor, timesteps: Tensor, alphas: Tensor
) -> tuple[Tensor, Tensor]:
    """Noisy latents and the v that the denoiser has to predict, shaped like `clean`."""
    product = alphas[timesteps].to(clean.dtype).reshape(-1, *[1] * (clean.ndim - 1))
    signal, spread = product.sqrt(), (1 - product).sqrt()
    return signal * clean + spread * noise, signal * noise - spread * clean
