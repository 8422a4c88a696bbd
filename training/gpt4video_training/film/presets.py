"""How long and how large: `cpu` fits an hour or two of one thread, `gpu` a GPU."""

from __future__ import annotations

from dataclasses import dataclass, field

from .autoencoder import AutoencoderSize
from .denoiser import DenoiserSize


@dataclass(frozen=True)
class AutoencoderPreset:
    """Pictures per step, optimiser steps and the peak learning rate."""

    size: AutoencoderSize = field(default_factory=AutoencoderSize)
    batch: int = 32
    steps: int = 4000
    lr: float = 1.5e-3


AUTOENCODER: dict[str, AutoencoderPreset] = {
    "smoke": AutoencoderPreset(AutoencoderSize(16, 32, 64), batch=2, steps=20),
    "cpu": AutoencoderPreset(),
    "gpu": AutoencoderPreset(batch=256, steps=20_000),
}

LATENTS: dict[str, int] = {"smoke": 1, "cpu": 20_000, "gpu": 400_000}


@dataclass(frozen=True)
class DenoiserPreset:
    """Clips per step, optimiser steps, peak learning rate, share of captions left out,
    decay of the moving average, share of clips with several actors that is passed over
    (short trainings learn one actor first)."""

    size: DenoiserSize = field(default_factory=DenoiserSize)
    batch: int = 32
    steps: int = 12_000
    lr: float = 1.0e-3
    dropout: float = 0.1
    ema: float = 0.998
    skip_crowds: float = 0.8


DENOISER: dict[str, DenoiserPreset] = {
    "smoke": DenoiserPreset(DenoiserSize(32, 64, 2, 1), batch=2, steps=25),
    "cpu": DenoiserPreset(),
    "gpu": DenoiserPreset(batch=256, steps=60_000, ema=0.9995, skip_crowds=0.0),
}
