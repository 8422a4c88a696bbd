"""Video autoencoder: 16 frames of 128×128 become a `[16, 4, 8, 8]` latent.

Time shrinks 4 times and space 16 times, as in LTX-Video (arXiv 2501.00103), so
that the diffusion transformer sees few tokens. Latents are normalised to unit
variance per channel inside the encoder; the decoder takes them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layers import Pack, ResidualBlock, Unpack


@dataclass(frozen=True)
class AutoencoderSize:
    """Widths at 32×32×16, 16×16×4 and 8×8×4 positions, blocks at the last."""

    fine: int = 32
    middle: int = 128
    coarse: int = 256
    blocks: int = 3
    channels: int = 16


class Encoder(nn.Module):
    """Frames `[B, 16, 3, 128, 128]` in [0, 1] to latents `[B, C, 4, 8, 8]`."""

    def __init__(self, size: AutoencoderSize) -> None:
        super().__init__()
        self.stem = nn.Conv2d(48, size.fine, 3, padding=1)
        self.to_middle = Pack(size.fine, size.middle, time=4, space=2)
        self.middle = ResidualBlock(size.middle)
        self.to_coarse = Pack(size.middle, size.coarse, time=1, space=2)
        self.coarse = nn.ModuleList(ResidualBlock(size.coarse) for _ in range(2))
        self.head = nn.Conv2d(size.coarse, size.channels, 1)
        self.normalise = nn.BatchNorm2d(size.channels, affine=False, momentum=0.02)

    def forward(self, frames: Tensor) -> Tensor:
        x = frames.flatten(0, 1) * 4 - 2
        x = functional.pixel_unshuffle(x, 4).contiguous(memory_format=torch.channels_last)
        x = self.middle(self.to_middle(functional.silu(self.stem(x))), 4)
        x = self.to_coarse(x)
        for block in self.coarse:
            x = block(x, 4)
        x = self.normalise(self.head(x).float())
        return x.unflatten(0, (-1, 4)).transpose(1, 2)


class Decoder(nn.Module):
    """Latents `[B, C, 4, 8, 8]` to frames `[B, 16, 3, 128, 128]`, unclamped around [0, 1]."""

    def __init__(self, size: AutoencoderSize) -> None:
        super().__init__()
        self.stem = nn.Conv2d(size.channels, size.coarse, 3, padding=1)
        self.coarse = nn.ModuleList(ResidualBlock(size.coarse) for _ in range(size.blocks))
        self.to_middle = Unpack(size.coarse, size.middle, time=1, space=2)
        self.middle = nn.ModuleList(ResidualBlock(size.middle) for _ in range(2))
        self.to_fine = Unpack(size.middle, size.fine, time=4, space=2)
        self.fine = ResidualBlock(size.fine)
        self.head = nn.Conv2d(size.fine, 48, 3, padding=1)

    def forward(self, latents: Tensor) -> Tensor:
        x = latents.transpose(1, 2).flatten(0, 1)
        x = self.stem(x.contiguous(memory_format=torch.channels_last))
        for block in self.coarse:
            x = block(x, 4)
        x = self.to_middle(x)
        for block in self.middle:
            x = block(x, 4)
        x = self.fine(self.to_fine(x), 16)
        x = functional.pixel_shuffle(self.head(functional.silu(x)), 4)
        return x.unflatten(0, (-1, 16)) * 0.25 + 0.5


class Autoencoder(nn.Module):
    """Encoder and decoder; training adds noise to the latents so that the decoder
    forgives the small errors of a sampled latent."""

    def __init__(self, size: AutoencoderSize, noise: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(size)
        self.decoder = Decoder(size)
        self.noise = noise

    def forward(self, frames: Tensor) -> Tensor:
        """Reconstruction of `[B, 16, 3, 128, 128]`."""
        latents = self.encoder(frames)
        if self.training:
            latents = latents + self.noise * torch.randn_like(latents)
        return self.decoder(latents)
