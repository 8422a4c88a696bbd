"""Sprite autoencoder: an actor's look becomes thirty-two numbers."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layout import LOOKS


class SpriteEncoder(nn.Module):
    """Sprites `[N, 4, 64, 64]` in [0, 1] to codes `[N, 32]` of unit variance."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.convolve = nn.Sequential(
            nn.Conv2d(64, width, 3, padding=1), nn.SiLU(),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1), nn.SiLU(),
            nn.Conv2d(2 * width, 4 * width, 3, stride=2, padding=1), nn.SiLU(),
        )  # fmt: skip
        self.head = nn.Linear(4 * width * 16, LOOKS)
        self.normalise = nn.BatchNorm1d(LOOKS, affine=False, momentum=0.02)

    def forward(self, sprites: Tensor) -> Tensor:
        """Encodes every sprite by itself."""
        x = self.convolve(functional.pixel_unshuffle(sprites * 2 - 1, 4))
        return self.normalise(self.head(x.flatten(1)).float())


class SpriteDecoder(nn.Module):
    """Codes `[N, 32]` to sprites `[N, 4, 64, 64]`: colours multiplied by alpha, and alpha."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.width = width
        self.stem = nn.Sequential(
            nn.Linear(LOOKS, 128), nn.SiLU(), nn.Linear(128, 4 * width * 16), nn.SiLU()
        )
        self.convolve = nn.Sequential(
            nn.Conv2d(4 * width, 8 * width, 3, padding=1), nn.PixelShuffle(2), nn.SiLU(),
            nn.Conv2d(2 * width, 4 * width, 3, padding=1), nn.PixelShuffle(2), nn.SiLU(),
            nn.Conv2d(width, width, 3, padding=1), nn.SiLU(),
            nn.Conv2d(width, 64, 3, padding=1), nn.PixelShuffle(4),
        )  # fmt: skip

    def forward(self, codes: Tensor) -> Tensor:
        """Decodes every code by itself."""
        x = self.stem(codes).unflatten(1, (4 * self.width, 4, 4))
        raw = torch.sigmoid(self.convolve(x))
        return torch.cat([raw[:, :3] * raw[:, 3:], raw[:, 3:]], dim=1)
