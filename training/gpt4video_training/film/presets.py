"""How long and how large: `cpu` fits an hour or two of one thread, `gpu` a GPU."""

from __future__ import annotations

from dataclasses import dataclass, field

from .autoencoder import AutoencoderSize


@dataclass(frozen=True)
class AutoencoderPreset:
    """Clips per step, optimiser steps and the peak learning rate."""

    size: AutoencoderSize = field(default_factory=AutoencoderSize)
    batch: int = 4
    steps: int = 4000
    lr: float = 1.5e-3


AUTOENCODER: dict[str, AutoencoderPreset] = {
    "smoke": AutoencoderPreset(AutoencoderSize(16, 32, 64, 1), batch=2, steps=4),
    "cpu": AutoencoderPreset(),
    "gpu": AutoencoderPreset(batch=32, steps=20_000),
}
