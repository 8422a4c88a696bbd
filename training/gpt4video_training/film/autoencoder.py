"""Frame autoencoder: a 128×128 picture becomes an `[8, 8, 8]` latent, 96 times smaller.

It works frame by frame, because a single frame teaches it as much as a clip
does and costs a sixteenth; time is left to the denoiser, which merges four
frames into a token. Latents are normalised to unit variance per channel inside
the encoder; the decoder takes them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layers import Pack, ResidualBlock, Unpack

FRAMES = 16


@dataclass(frozen=True)
class AutoencoderSize:
    """Widths at 32×32, 16×16 and 8×8 positions; channels of the latent."""

    fine: int = 32
    middle: int = 128
    coarse: int = 224
    channels: int = 8


class Encoder(nn.Module):
    """Pictures `[N, 3, 128, 128]` in [0, 1] to latents `[N, 8, 8, 8]`."""

    def __init__(self, size: AutoencoderSize) -> None:
        super().__init__()
        self.stem = nn.Conv2d(48, size.fine, 3, padding=1)
        self.to_middle = Pack(size.fine, size.middle // 2)
        self.middle = ResidualBlock(size.middle // 2)
        self.to_coarse = Pack(size.middle // 2, size.coarse)
        self.coarse = nn.Sequential(ResidualBlock(size.coarse), ResidualBlock(size.coarse))
        self.head = nn.Conv2d(size.coarse, size.channels, 1)
        self.normalise = nn.BatchNorm2d(size.channels, affine=False, momentum=0.02)

    def forward(self, pictures: Tensor) -> Tensor:
        """Encodes every picture by itself."""
        x = functional.pixel_unshuffle(pictures * 4 - 2, 4)
        x = self.stem(x.contiguous(memory_format=torch.channels_last))
        x = self.middle(self.to_middle(functional.silu(x)))
        x = self.coarse(self.to_coarse(x))
        return self.normalise(self.head(x).float())


class Decoder(nn.Module):
    """Latents `[N, 8, 8, 8]` to pictures `[N, 3, 128, 128]`, unclamped around [0, 1]."""

    def __init__(self, size: AutoencoderSize) -> None:
        super().__init__()
        self.stem = nn.Conv2d(size.channels, size.coarse, 3, padding=1)
        self.coarse = nn.Sequential(ResidualBlock(size.coarse), ResidualBlock(size.coarse))
        self.to_middle = Unpack(size.coarse, size.middle)
        self.middle = nn.Sequential(ResidualBlock(size.middle), ResidualBlock(size.middle))
        self.to_fine = Unpack(size.middle, size.fine)
        self.fine = ResidualBlock(size.fine)
        self.head = nn.Conv2d(size.fine, 48, 3, padding=1)

    def forward(self, latents: Tensor) -> Tensor:
        """Decodes every picture by itself."""
        x = self.coarse(self.stem(latents.contiguous(memory_format=torch.channels_last)))
        x = self.fine(self.to_fine(self.middle(self.to_middle(x))))
        return functional.pixel_shuffle(self.head(functional.silu(x)), 4) * 0.25 + 0.5


class Autoencoder(nn.Module):
    """Encoder and decoder; training adds noise to the latents so that the decoder
    forgives the small errors of a sampled latent."""

    def __init__(self, size: AutoencoderSize, noise: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(size)
        self.decoder = Decoder(size)
        self.noise = noise

    def forward(self, pictures: Tensor) -> Tensor:
        """Reconstruction of `[N, 3, 128, 128]`."""
        latents = self.encoder(pictures)
        if self.training:
            latents = latents + self.noise * torch.randn_like(latents)
        return self.decoder(latents)

    def encode_clips(self, clips: Tensor) -> Tensor:
        """Clips `[B, 16, 3, 128, 128]` to latents `[B, 8, 16, 8, 8]`."""
        return self.encoder(clips.flatten(0, 1)).unflatten(0, (-1, FRAMES)).transpose(1, 2)

    def decode_clips(self, latents: Tensor) -> Tensor:
        """Latents `[B, 8, 16, 8, 8]` to clips `[B, 16, 3, 128, 128]` in [0, 1]."""
        pictures = self.decoder(latents.transpose(1, 2).flatten(0, 1))
        return pictures.clamp(0, 1).unflatten(0, (-1, FRAMES))
