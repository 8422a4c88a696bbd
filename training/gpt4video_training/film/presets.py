"""How long and how large: `cpu` fits an hour or two of one thread, `gpu` a GPU."""

from __future__ import annotations

from dataclasses import dataclass, field

from .denoiser import DenoiserSize


@dataclass(frozen=True)
class CoderPreset:
    """Samples per step, optimiser steps and the peak learning rate."""

    batch: int
    steps: int
    lr: float = 1.5e-3


CODERS: dict[str, dict[str, CoderPreset]] = {
    "smoke": {
        "backdrops": CoderPreset(2, 20),
        "sprites": CoderPreset(4, 20),
        "paths": CoderPreset(16, 20),
    },
    "cpu": {
        "backdrops": CoderPreset(24, 3500),
        "sprites": CoderPreset(64, 3000),
        "paths": CoderPreset(512, 6000),
    },
    "gpu": {
        "backdrops": CoderPreset(128, 20_000),
        "sprites": CoderPreset(128, 20_000),
        "paths": CoderPreset(1024, 40_000),
    },
}

BACKDROPS: dict[str, int] = {"smoke": 16, "cpu": 12_000, "gpu": 200_000}


@dataclass(frozen=True)
class DenoiserPreset:
    """Films per step, optimiser steps, peak learning rate, share of captions left out,
    decay of the moving average, steps between checkpoints."""

    size: DenoiserSize = field(default_factory=DenoiserSize)
    batch: int = 96
    steps: int = 6000
    lr: float = 1.0e-3
    dropout: float = 0.1
    ema: float = 0.998
    save_every: int = 50


DENOISER: dict[str, DenoiserPreset] = {
    "smoke": DenoiserPreset(DenoiserSize(64, 2, 2), batch=2, steps=25),
    "cpu": DenoiserPreset(),
    "gpu": DenoiserPreset(batch=512, steps=60_000, ema=0.9995, save_every=1000),
}
