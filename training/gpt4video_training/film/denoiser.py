"""Text-conditioned diffusion transformer over the autoencoder's latents.

An hourglass: four frames are stacked as channels; a residual block at full
latent resolution, a transformer over 2×2 merged cells (4×4×4 = 64 tokens), and a
residual block on the way out that sees the first one's output again. The
timestep modulates every layer (adaLN-zero, DiT, arXiv 2212.09748); text enters
by cross-attention (PixArt-α, arXiv 2310.00426).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layers import ResidualBlock
from .schedule import noise_levels

LATENT_SHAPE = (8, 16, 8, 8)
_GROUPS, _STACK = 4, 4
TEXT_TOKENS, TEXT_WIDTH = 32, 256


@dataclass(frozen=True)
class DenoiserSize:
    """`outer` channels at 8×8 cells of four frames, `width` at 4×4×4 tokens."""

    outer: int = 96
    width: int = 256
    heads: int = 4
    blocks: int = 5
    condition: int = 192


def level_embedding(level: Tensor, width: int) -> Tensor:
    """Sinusoids of noise levels `[B]` (0..1000) as `[B, width]`."""
    half = width // 2
    rates = torch.exp(torch.arange(half, device=level.device) * (-math.log(10_000) / half))
    angle = level[:, None] * rates[None]
    return torch.cat([angle.cos(), angle.sin()], dim=-1)


class Attention(nn.Module):
    """Multi-head attention with normalised queries and keys."""

    def __init__(self, width: int, heads: int, source: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(source, 2 * width)
        self.out = nn.Linear(width, width)
        self.scale_query = nn.Parameter(torch.ones(width // heads))
        self.scale_key = nn.Parameter(torch.ones(width // heads))

    def forward(self, x: Tensor, source: Tensor, bias: Tensor | None = None) -> Tensor:
        """`x` `[B, N, width]` looks at `source` `[B, M, source]`; `bias` `[B, 1, 1, M]`
        is added to the logits."""
        query = self._split(self.query(x))
        key, value = (self._split(part) for part in self.key_value(source).chunk(2, dim=-1))
        query = _unit_rms(query) * self.scale_query
        key = _unit_rms(key) * self.scale_key
        logits = query.to(value.dtype) @ key.to(value.dtype).transpose(-1, -2)
        logits = logits.float() * query.shape[-1] ** -0.5
        weight = (logits if bias is None else logits + bias).softmax(dim=-1)
        mixed = weight.to(value.dtype) @ value
        return self.out(mixed.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def _unit_rms(x: Tensor) -> Tensor:
    return x * torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + 1e-6)


class Block(nn.Module):
    """Self-attention, cross-attention to the text and a feed-forward layer."""

    def __init__(self, size: DenoiserSize) -> None:
        super().__init__()
        width = size.width
        self.norm_self = nn.LayerNorm(width, elementwise_affine=False)
        self.attend = Attention(width, size.heads, width)
        self.norm_cross = nn.LayerNorm(width)
        self.read = Attention(width, size.heads, TEXT_WIDTH)
        self.norm_feed = nn.LayerNorm(width, elementwise_affine=False)
        self.feed = nn.Sequential(
            nn.Linear(width, 3 * width), nn.GELU(approximate="tanh"), nn.Linear(3 * width, width)
        )
        self.modulate = nn.Linear(size.condition, 6 * width)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)
        nn.init.zeros_(self.read.out.weight)

    def forward(self, x: Tensor, condition: Tensor, text: Tensor, bias: Tensor) -> Tensor:
        """Tokens `[B, N, width]`, condition `[B, condition]`, text `[B, 32, 256]`."""
        shift_a, scale_a, gate_a, shift_f, scale_f, gate_f = (
            self.modulate(condition)[:, None].chunk(6, dim=-1)
        )
        h = self.norm_self(x) * (1 + scale_a) + shift_a
        x = x + gate_a * self.attend(h, h)
        x = x + self.read(self.norm_cross(x), text, bias)
        h = self.norm_feed(x) * (1 + scale_f) + shift_f
        return x + gate_f * self.feed(h)


class Denoiser(nn.Module):
    """Predicts v = α·noise − σ·latents (Salimans & Ho, arXiv 2202.00512)."""

    def __init__(self, size: DenoiserSize) -> None:
        super().__init__()
        self.size = size
        channels = LATENT_SHAPE[0] * _STACK
        self.stem = nn.Conv2d(channels, size.outer, 3, padding=1)
        self.descend = ResidualBlock(size.outer)
        self.merge = nn.Conv2d(4 * size.outer, size.width, 1)
        self.position = nn.Parameter(0.02 * torch.randn(1, 64, size.width))
        self.time_stem = nn.Sequential(
            nn.Linear(256, size.condition), nn.SiLU(), nn.Linear(size.condition, size.condition)
        )
        self.levels: Tensor
        self.register_buffer("levels", noise_levels(), persistent=False)
        self.text_stem = nn.Linear(TEXT_WIDTH, size.condition)
        self.text_norm = nn.LayerNorm(TEXT_WIDTH)
        self.blocks = nn.ModuleList(Block(size) for _ in range(size.blocks))
        self.norm_out = nn.LayerNorm(size.width)
        self.split = nn.Conv2d(size.width, 4 * size.outer, 1)
        self.modulate_outer = nn.Linear(size.condition, 4 * size.outer)
        self.join = nn.Conv2d(2 * size.outer, size.outer, 1)
        self.ascend = ResidualBlock(size.outer)
        self.head = nn.Conv2d(size.outer, channels, 3, padding=1)
        for layer in (self.head, self.modulate_outer):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(
        self, latents: Tensor, timestep: Tensor, text: Tensor, text_mask: Tensor
    ) -> Tensor:
        """`[B, 8, 16, 8, 8]`, `[B]`, `[B, 32, 256]`, `[B, 32]` (1 = real token) to
        the prediction, shaped like the latents."""
        text = self.text_norm(text)
        weight = text_mask[..., None]
        mean = (text * weight).sum(1) / weight.sum(1).clamp(min=1.0)
        bias = (1.0 - text_mask)[:, None, None] * -1e4
        level = self.levels[timestep.long()]
        condition = self.time_stem(level_embedding(level, 256)) + self.text_stem(mean)
        condition = functional.silu(condition)
        scale_in, shift_in, scale_out, shift_out = (
            each[:, None, :, None, None]
            for each in self.modulate_outer(condition).chunk(4, dim=-1)
        )
        x = self.stem(self._stack(latents)).unflatten(0, (-1, _GROUPS))
        skip = self.descend((x * (1 + scale_in) + shift_in).flatten(0, 1))
        x = self.merge(functional.pixel_unshuffle(skip, 2))
        x = x.unflatten(0, (-1, 4)).permute(0, 1, 3, 4, 2).flatten(1, 3) + self.position
        for block in self.blocks:
            x = block(x, condition, text, bias)
        x = self.norm_out(x).unflatten(1, (4, 4, 4)).permute(0, 1, 4, 2, 3).flatten(0, 1)
        x = functional.pixel_shuffle(self.split(x), 2)
        x = self.join(torch.cat([x, skip], dim=1)).unflatten(0, (-1, _GROUPS))
        x = self.ascend((x * (1 + scale_out) + shift_out).flatten(0, 1))
        return self._unstack(self.head(functional.silu(x)))

    @staticmethod
    def _stack(latents: Tensor) -> Tensor:
        """`[B, 8, 16, 8, 8]` to `[B*4, 4*8, 8, 8]`: four frames in the channels."""
        return latents.transpose(1, 2).unflatten(1, (_GROUPS, _STACK)).flatten(2, 3).flatten(0, 1)

    @staticmethod
    def _unstack(x: Tensor) -> Tensor:
        frames = x.unflatten(1, (_STACK, -1)).unflatten(0, (-1, _GROUPS))
        return frames.flatten(1, 2).transpose(1, 2)
