"""Building blocks of the video autoencoder.

Videos run through 2-D layers with time folded into the batch: `[B*T, C, H, W]`,
channels last in memory. Layers that look across time are told T.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class TimeMix(nn.Module):
    """A convolution over three neighbouring time steps, zero-padded at both ends."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mix = nn.Conv2d(3 * width, width, 1)

    def forward(self, x: Tensor, steps: int) -> Tensor:
        """`[B*T, C, H, W]` to the same shape; `steps` is T."""
        clips = x.unflatten(0, (-1, steps))
        padded = functional.pad(clips, (0, 0, 0, 0, 0, 0, 1, 1))
        window = torch.cat([padded[:, :-2], clips, padded[:, 2:]], dim=2)
        return self.mix(window.flatten(0, 1).contiguous(memory_format=torch.channels_last))


class ResidualBlock(nn.Module):
    """Looks around in space, then in time, and adds what it found."""

    def __init__(self, width: int, groups: int = 8) -> None:
        super().__init__()
        self.norm_space = nn.GroupNorm(groups, width)
        self.space = nn.Conv2d(width, width, 3, padding=1)
        self.norm_time = nn.GroupNorm(groups, width)
        self.time = TimeMix(width)
        nn.init.zeros_(self.time.mix.weight)

    def forward(self, x: Tensor, steps: int) -> Tensor:
        """`[B*T, C, H, W]` to the same shape."""
        h = self.space(functional.silu(self.norm_space(x)))
        h = self.time(functional.silu(self.norm_time(h)), steps)
        return x + h


class Pack(nn.Module):
    """Moves `time` × `space` × `space` neighbours into channels and projects them."""

    def __init__(self, width: int, out: int, time: int, space: int) -> None:
        super().__init__()
        self.time, self.space = time, space
        self.project = nn.Conv2d(width * time * space * space, out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """`[B*T, C, H, W]` to `[B*T/time, out, H/space, W/space]`."""
        x = functional.pixel_unshuffle(x, self.space) if self.space > 1 else x
        x = x.unflatten(0, (-1, self.time)).flatten(1, 2)
        return self.project(x.contiguous(memory_format=torch.channels_last))


class Unpack(nn.Module):
    """The way back: projects and spreads channels over `time` × `space` × `space`."""

    def __init__(self, width: int, out: int, time: int, space: int) -> None:
        super().__init__()
        self.time, self.space = time, space
        self.project = nn.Conv2d(width, out * time * space * space, 1)

    def forward(self, x: Tensor) -> Tensor:
        """`[B*T, C, H, W]` to `[B*T*time, out, H*space, W*space]`."""
        x = self.project(x).unflatten(1, (self.time, -1)).flatten(0, 1)
        x = functional.pixel_shuffle(x, self.space) if self.space > 1 else x
        return x.contiguous(memory_format=torch.channels_last)
