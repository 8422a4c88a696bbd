"""Building blocks of the autoencoder and of the denoiser's outer layers."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class ResidualBlock(nn.Module):
    """Normalise, look around, mix channels, add: `[N, C, H, W]` to the same shape."""

    def __init__(self, width: int, groups: int = 8) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(groups, width)
        self.space = nn.Conv2d(width, width, 3, padding=1)
        self.mix = nn.Conv2d(width, width, 1)
        for parameter in self.mix.parameters():
            nn.init.zeros_(parameter)

    def forward(self, x: Tensor) -> Tensor:
        """Adds what the two convolutions found."""
        return x + self.mix(functional.silu(self.space(functional.silu(self.norm(x)))))


class Pack(nn.Module):
    """Moves 2×2 neighbours into channels and projects them: `[N, C, H, W]` to
    `[N, out, H/2, W/2]`."""

    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(4 * width, out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Halves the picture."""
        x = functional.pixel_unshuffle(x, 2)
        return self.project(x.contiguous(memory_format=torch.channels_last))


class Unpack(nn.Module):
    """The way back: `[N, C, H, W]` to `[N, out, 2H, 2W]`."""

    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(width, 4 * out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Doubles the picture."""
        x = functional.pixel_shuffle(self.project(x), 2)
        return x.contiguous(memory_format=torch.channels_last)
