"""Backdrop autoencoder: a place `[3, 128, 192]` becomes a code `[8, 8, 12]`.

Codes are normalised to unit variance per channel inside the encoder; the decoder
takes them as they are. Training adds noise to the codes, so that the decoder
forgives the small errors of a sampled code.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layers import Pack, ResidualBlock, Unpack
from .layout import CELL_CHANNELS


@dataclass(frozen=True)
class BackdropSize:
    """Widths at 32×48, 16×24 and 8×12 positions."""

    fine: int = 32
    middle: int = 96
    coarse: int = 192


class BackdropEncoder(nn.Module):
    """Pictures `[N, 3, 128, 192]` in [0, 1] to codes `[N, 8, 8, 12]`."""

    def __init__(self, size: BackdropSize) -> None:
        super().__init__()
        self.stem = nn.Conv2d(48, size.fine, 3, padding=1)
        self.to_middle = Pack(size.fine, size.middle)
        self.middle = ResidualBlock(size.middle)
        self.to_coarse = Pack(size.middle, size.coarse)
        self.coarse = nn.Sequential(ResidualBlock(size.coarse), ResidualBlock(size.coarse))
        self.head = nn.Conv2d(size.coarse, CELL_CHANNELS, 1)
        self.normalise = nn.BatchNorm2d(CELL_CHANNELS, affine=False, momentum=0.02)

    def forward(self, pictures: Tensor) -> Tensor:
        """Encodes every picture by itself."""
        x = functional.pixel_unshuffle(pictures * 4 - 2, 4)
        x = self.stem(x.contiguous(memory_format=torch.channels_last))
        x = self.middle(self.to_middle(functional.silu(x)))
        x = self.coarse(self.to_coarse(x))
        return self.normalise(self.head(x).float())


class BackdropDecoder(nn.Module):
    """Codes `[N, 8, 8, 12]` to pictures `[N, 3, 128, 192]`, unclamped around [0, 1]."""

    def __init__(self, size: BackdropSize) -> None:
        super().__init__()
        self.stem = nn.Conv2d(CELL_CHANNELS, size.coarse, 3, padding=1)
        self.coarse = nn.Sequential(ResidualBlock(size.coarse), ResidualBlock(size.coarse))
        self.to_middle = Unpack(size.coarse, size.middle)
        self.middle = nn.Sequential(ResidualBlock(size.middle), ResidualBlock(size.middle))
        self.to_fine = Unpack(size.middle, size.fine)
        self.fine = ResidualBlock(size.fine)
        self.head = nn.Conv2d(size.fine, 48, 3, padding=1)

    def forward(self, codes: Tensor) -> Tensor:
        """Decodes every code by itself."""
        x = self.coarse(self.stem(codes.contiguous(memory_format=torch.channels_last)))
        x = self.fine(self.to_fine(self.middle(self.to_middle(x))))
        return functional.pixel_shuffle(self.head(functional.silu(x)), 4) * 0.25 + 0.5
