"""The noise schedule: β rising linearly from 0.0001 to 0.02, `linear` of diffusers.

Frames of a clip resemble one another, so an actor's place shows through far more
noise than it would in a picture. This schedule spends most of its steps at such
noise; the cosine schedule leaves the tenth where films are decided.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

TRAIN_STEPS = 1000
BETAS = "linear"


def alphas_cumprod() -> Tensor:
    """Products of 1 − β, float64 `[1000]`."""
    return torch.cumprod(1.0 - torch.linspace(1e-4, 0.02, TRAIN_STEPS, dtype=torch.float64), dim=0)


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
