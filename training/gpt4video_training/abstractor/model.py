"""The visual abstractor in mPLUG-Owl's `joint` wiring, with learned time embeddings on the keys.

Spatial and temporal queries pass through the same layers as one sequence and
attend to themselves and to all frames' features; two projections are summed
and an end token is appended. Without time embeddings the result would not
depend on the order of the frames. Place embeddings tell every key where in the
picture it lies, which the image tower's last features hardly say.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention, silu

FRAMES, TOKENS, WIDTH = 4, 65, 256
QUERIES = 64
LANGUAGE_WIDTH = 576


class SwiGlu(nn.Module):
    """SiLU(w1 x) * (w3 x), normalised, then w2: [B,S,D] -> [B,S,D]."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.w1 = nn.Linear(width, hidden)
        self.w2 = nn.Linear(hidden, width)
        self.w3 = nn.Linear(width, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.w2(self.norm(silu(self.w1(x)) * self.w3(x)))
        return out


class AbstractorLayer(nn.Module):
    """Queries [B,Q,D] attend to [queries; features [B,K,D]]; the residual is the normed query."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.normk = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = SwiGlu(width, hidden)

    def forward(self, queries: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        normed, source = self._normed(queries, features)
        q, k, v = self._project(normed, source)
        return self._finish(normed, scaled_dot_product_attention(q, k, v))

    def with_weights(
        self, queries: torch.Tensor, features: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The same, and the attention on the features: [B,H,Q,K]."""
        normed, source = self._normed(queries, features)
        q, k, v = self._project(normed, source)
        scores = (q @ k.transpose(-1, -2)).float() / q.shape[-1] ** 0.5
        weights = scores.softmax(-1)
        mixed = weights.to(v.dtype) @ v
        return self._finish(normed, mixed), weights[..., queries.shape[1] :]

    def _normed(
        self, queries: torch.Tensor, features: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        normed = self.norm1(queries)
        return normed, torch.cat([normed, self.normk(features)], dim=1)

    def _project(
        self, normed: torch.Tensor, source: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        return self._split(self.query(normed)), self._split(self.key(source)), self._split(
            self.value(source)
        )

    def _split(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def _finish(self, normed: torch.Tensor, mixed: torch.Tensor) -> torch.Tensor:
        x = normed + self.out(mixed.transpose(1, 2).flatten(2))
        out: torch.Tensor = x + self.mlp(self.norm2(x))
        return out


class Watched(NamedTuple):
    """A layer's attention on the features [B,H,128,260] and its output [B,128,D]."""

    weights: torch.Tensor
    output: torch.Tensor


class Abstractor(nn.Module):
    """features [B,4,65,256] -> tokens [B,65,576]: 64 words and `vit_eos`."""

    def __init__(
        self,
        layers: int = 3,
        heads: int = 8,
        hidden: int = 512,
        width: int = WIDTH,
        time_embeddings: bool = True,
    ) -> None:
        super().__init__()
        self.spatial = nn.Parameter(torch.empty(1, QUERIES, width))
        self.temporal = nn.Parameter(torch.empty(1, QUERIES, width))
        self.time = nn.Parameter(torch.zeros(1, FRAMES, 1, width))
        self.time.requires_grad_(time_embeddings)
        self.place = nn.Parameter(torch.empty(1, 1, TOKENS, width))
        self.layers = nn.ModuleList(AbstractorLayer(width, heads, hidden) for _ in range(layers))
        self.spatial_fc = nn.Linear(width, LANGUAGE_WIDTH)
        self.temporal_fc = nn.Linear(width, LANGUAGE_WIDTH)
        self.vit_eos = nn.Parameter(torch.empty(1, 1, LANGUAGE_WIDTH))
        nn.init.trunc_normal_(self.spatial, std=1.0)
        nn.init.trunc_normal_(self.temporal, std=1.0)
        if time_embeddings:
            nn.init.trunc_normal_(self.time, std=0.5)
        nn.init.trunc_normal_(self.place, std=0.5)
        nn.init.trunc_normal_(self.vit_eos, std=0.02)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.with_weights(features, watched=-1)[0]

    def with_weights(
        self, features: torch.Tensor, watched: int
    ) -> tuple[torch.Tensor, Watched | None]:
        """Also what layer `watched` looked at and made of it."""
        batch = features.shape[0]
        source = (features + self.time + self.place).flatten(1, 2)
        x = torch.cat([self.spatial, self.temporal], dim=1).expand(batch, -1, -1)
        seen: Watched | None = None
        for index, layer in enumerate(self.layers):
            if index == watched:
                x, weights = layer.with_weights(x, source)
                seen = Watched(weights, x)
            else:
                x = layer(x, source)
        words = self.spatial_fc(x[:, :QUERIES]) + self.temporal_fc(x[:, QUERIES:])
        return torch.cat([words.float(), self.vit_eos.expand(batch, -1, -1)], dim=1), seen
