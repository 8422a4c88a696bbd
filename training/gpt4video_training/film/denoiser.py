"""Text-conditioned diffusion transformer over a film's thirty-four tokens.

The timestep and the text's first state modulate every layer (adaLN-zero, DiT,
arXiv 2212.09748); words enter by cross-attention (PixArt-α, arXiv 2310.00426).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layout import ACTORS, PLACE_TOKENS, TOKENS, WIDTH
from .schedule import noise_levels

TEXT_TOKENS, TEXT_WIDTH = 32, 256
_TOLD = 64
_GROUPS = 2 + 3 * ACTORS
"""Backdrop, three tokens of each actor, camera."""


@dataclass(frozen=True)
class DenoiserSize:
    """Width of a token, attention heads, blocks (every second reads the words), width
    of the condition."""

    width: int = 256
    heads: int = 4
    blocks: int = 5
    condition: int = 112


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

    def forward(
        self, x: Tensor, source: Tensor, bias: Tensor | None = None,
        looks: list[Tensor] | None = None,
    ) -> Tensor:  # fmt: skip
        """`x` `[B, N, width]` looks at `source` `[B, M, source]`; `bias` `[B, 1, 1, M]`
        is added to the logits. `looks` receives the logs of the weights `[B, heads, N, M]`."""
        query = self._split(self.query(x))
        key, value = (self._split(part) for part in self.key_value(source).chunk(2, dim=-1))
        query = _unit_rms(query) * self.scale_query
        key = _unit_rms(key) * self.scale_key
        logits = query.to(value.dtype) @ key.to(value.dtype).transpose(-1, -2)
        logits = logits.float() * query.shape[-1] ** -0.5
        logits = logits if bias is None else logits + bias
        if looks is not None:
            looks.append(logits.log_softmax(dim=-1))
        weight = logits.softmax(dim=-1)
        mixed = weight.to(value.dtype) @ value
        return self.out(mixed.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def _unit_rms(x: Tensor) -> Tensor:
    return x * torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + 1e-6)


class Block(nn.Module):
    """Self-attention, where it `reads` cross-attention to the text, and a feed-forward
    layer."""

    def __init__(self, size: DenoiserSize, reads: bool) -> None:
        super().__init__()
        width, feed = size.width, 5 * size.width // 2
        self.norm_self = nn.LayerNorm(width, elementwise_affine=False)
        self.attend = Attention(width, size.heads, width)
        self.read = Attention(width, size.heads, TEXT_WIDTH) if reads else None
        self.norm_cross = nn.LayerNorm(width) if reads else None
        self.norm_feed = nn.LayerNorm(width, elementwise_affine=False)
        self.feed = nn.Sequential(
            nn.Linear(width, feed), nn.GELU(approximate="tanh"), nn.Linear(feed, width)
        )
        self.modulate = nn.Linear(size.condition, 6 * width)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)
        if self.read:
            nn.init.zeros_(self.read.out.weight)

    def forward(
        self, x: Tensor, condition: Tensor, text: Tensor, bias: Tensor,
        looks: list[Tensor] | None = None,
    ) -> Tensor:  # fmt: skip
        """Tokens `[B, N, width]`, condition `[B, condition]`, text `[B, 32, 256]`; `looks`
        receives where tokens look in the text."""
        shift_a, scale_a, gate_a, shift_f, scale_f, gate_f = (
            self.modulate(condition)[:, None].chunk(6, dim=-1)
        )
        h = self.norm_self(x) * (1 + scale_a) + shift_a
        x = x + gate_a * self.attend(h, h)
        if self.read and self.norm_cross:
            x = x + self.read(self.norm_cross(x), text, bias, looks)
        h = self.norm_feed(x) * (1 + scale_f) + shift_f
        return x + gate_f * self.feed(h)


class Denoiser(nn.Module):
    """Predicts v = α·noise − σ·latents (Salimans & Ho, arXiv 2202.00512).

    Each kind of token has its own way in and out, and its own reading of the text's
    first state, which tells every slot of the scene sentence."""

    def __init__(self, size: DenoiserSize) -> None:
        super().__init__()
        self.size = size
        width = size.width
        self.stem = nn.Parameter(torch.randn(_GROUPS, WIDTH, width) * WIDTH**-0.5)
        self.position = nn.Parameter(0.5 * torch.randn(TOKENS, width))
        self.told = nn.Linear(TEXT_WIDTH, _GROUPS * _TOLD)
        self.told_up = nn.Linear(_TOLD, width)
        self.time_stem = nn.Sequential(
            nn.Linear(256, size.condition), nn.SiLU(), nn.Linear(size.condition, size.condition)
        )
        self.levels: Tensor
        self.register_buffer("levels", noise_levels(), persistent=False)
        self.group: Tensor
        self.register_buffer("group", token_groups(), persistent=False)
        self.text_stem = nn.Linear(2 * TEXT_WIDTH, size.condition)
        self.text_norm = nn.LayerNorm(TEXT_WIDTH)
        self.blocks = nn.ModuleList(Block(size, i % 2 == 0) for i in range(size.blocks))
        self.norm_out = nn.LayerNorm(width)
        self.head = nn.Parameter(torch.zeros(_GROUPS, width, WIDTH))

    def forward(
        self, latents: Tensor, timestep: Tensor, text: Tensor, text_mask: Tensor,
        looks: list[Tensor] | None = None,
    ) -> Tensor:  # fmt: skip
        """`[B, 32, 1, 1, 34]`, `[B]`, `[B, T, 256]`, `[B, T]` (1 = real token) to
        the prediction, shaped like the latents. `looks` receives, of every reading block,
        the logs of the attention to the text, `[B, heads, 34, T]`."""
        text = self.text_norm(text)
        weight = text_mask[..., None]
        mean = (text * weight).sum(1) / weight.sum(1).clamp(min=1.0)
        bias = (1.0 - text_mask)[:, None, None] * -1e4
        first = text[:, 0]
        level = self.levels[timestep.long()]
        condition = self.time_stem(level_embedding(level, 256))
        condition = functional.silu(condition + self.text_stem(torch.cat([first, mean], dim=1)))
        told = self.told_up(self.told(first).unflatten(1, (_GROUPS, -1)))[:, self.group]
        x = _by_group(latents[:, :, 0, 0].transpose(1, 2), self.stem[self.group])
        x = x + self.position + told
        for block in self.blocks:
            x = block(x, condition, text, bias, looks)
        x = _by_group(self.norm_out(x), self.head[self.group])
        return x.transpose(1, 2)[:, :, None, None]


def token_groups() -> Tensor:
    """The kind of every token, int64 `[34]`."""
    actors = torch.arange(1, 1 + 3 * ACTORS)
    return torch.cat([torch.zeros(PLACE_TOKENS).long(), actors, torch.tensor([_GROUPS - 1])])


def _by_group(x: Tensor, weights: Tensor) -> Tensor:
    """`[B, 34, in]` by one matrix `[34, in, out]` for each token."""
    return (x.transpose(0, 1) @ weights).transpose(0, 1)
