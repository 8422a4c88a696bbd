"""The cosine noise schedule, `squaredcos_cap_v2` of diffusers."""

from __future__ import annotations

import math

import torch
from torch import Tensor

TRAIN_STEPS = 1000


def alphas_cumprod() -> Tensor:
    """Products of 1 − β, float64 `[1000]`."""

    def remaining(share: float) -> float:
        return math.cos((share + 0.008) / 1.008 * math.pi / 2) ** 2

    betas = [
        min(1 - remaining((step + 1) / TRAIN_STEPS) / remaining(step / TRAIN_STEPS), 0.999)
        for step in range(TRAIN_STEPS)
    ]
    return torch.cumprod(1.0 - torch.tensor(betas, dtype=torch.float64), dim=0)


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
