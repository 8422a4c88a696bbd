"""The visual abstractor in mPLUG-Owl's `joint` wiring, with learned time embeddings on the keys.

Spatial and temporal queries pass through the same layers as one sequence and
attend to themselves and to all frames' features; two projections are summed
and an end token is appended. Without time embeddings the result would not
depend on the order of the frames. Place embeddings tell every key where in the
picture it lies. Half way up, four heads of every temporal query take a glimpse
of one frame each; what they saw joins the queries' states, where other queries
can read it, and goes to a small network beside the two projections.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention, silu

FRAMES, TOKENS, WIDTH = 4, 65, 256
QUERIES, GRID = 64, 8
GLIMPSE_LAYER, GLIMPSE = 1, 48
GLIMPSES_WIDTH = FRAMES * (GLIMPSE + 1)
STEPS_WIDTH = (FRAMES - 1) * GLIMPSE
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


class Abstractor(nn.Module):
    """features [B,4,65,256] -> tokens [B,65,576]: 64 words and `vit_eos`.

    Without time embeddings it is the paper's: it cannot tell one frame from another,
    and its glimpses range over all frames.
    """

    def __init__(
        self,
        layers: int = 3,
        heads: int = 8,
        hidden: int = 512,
        width: int = WIDTH,
        time_embeddings: bool = True,
    ) -> None:
        super().__init__()
        self.timed = time_embeddings
        self.spatial = nn.Parameter(torch.empty(1, QUERIES, width))
        self.temporal = nn.Parameter(torch.empty(1, QUERIES, width))
        self.time = nn.Parameter(torch.zeros(1, FRAMES, 1, width))
        self.time.requires_grad_(time_embeddings)
        self.place = nn.Parameter(torch.empty(1, 1, TOKENS, width))
        self.layers = nn.ModuleList(AbstractorLayer(width, heads, hidden) for _ in range(layers))
        self.glimpse = nn.Linear(width, GLIMPSE)
        self.recall = nn.Linear(GLIMPSES_WIDTH, width)
        self.spatial_fc = nn.Linear(width, LANGUAGE_WIDTH)
        self.temporal_fc = nn.Linear(width, LANGUAGE_WIDTH)
        self.state_norm = nn.LayerNorm(2 * width)
        # It starts silent, and adds to the two projections what it learns.
        last = nn.Linear(512, LANGUAGE_WIDTH)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.words = nn.Sequential(
            nn.Linear(2 * width + GLIMPSES_WIDTH + STEPS_WIDTH, 512), nn.GELU(), last
        )
        self.vit_eos = nn.Parameter(torch.empty(1, 1, LANGUAGE_WIDTH))
        nn.init.trunc_normal_(self.spatial, std=1.0)
        nn.init.trunc_normal_(self.temporal, std=1.0)
        if time_embeddings:
            nn.init.trunc_normal_(self.time, std=0.5)
        nn.init.trunc_normal_(self.place, std=0.5)
        nn.init.trunc_normal_(self.vit_eos, std=0.02)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        words = self.look(features)[0]
        return torch.cat([words, self.vit_eos.expand(words.shape[0], -1, -1)], dim=1)

    def look(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Words [B,64,576]; for the losses also glimpses [B,4,64,49] and the attention of the layer
        that takes them, [B,H,128,260]."""
        source = (features + self.time + self.place).flatten(1, 2)
        x = torch.cat([self.spatial, self.temporal], dim=1).expand(features.shape[0], -1, -1)
        glimpses, weights = x, x
        for index, layer in enumerate(self.layers):
            assert isinstance(layer, AbstractorLayer)
            if index == GLIMPSE_LAYER:
                x, weights = layer.with_weights(x, source)
                glimpses = self._glimpses(weights[:, :FRAMES, QUERIES:], layer.normk(source))
                seen = self.recall(glimpses.transpose(1, 2).flatten(2))
                x = torch.cat([x[:, :QUERIES], x[:, QUERIES:] + seen], dim=1)
            else:
                x = layer(x, source)
        return self._say(x, glimpses), glimpses, weights

    def _glimpses(self, weights: torch.Tensor, source: torch.Tensor) -> torch.Tensor:
        """Attention [B,4,64,260] of head f -> what it sees of the patches of frame f, and how much of its
        attention lands there, [B,4,64,49]."""
        batch, _, queries, _ = weights.shape
        keys = weights.float().view(batch, FRAMES, queries, FRAMES, TOKENS)[..., 1:]
        values = self.glimpse(source).float().view(batch, FRAMES, TOKENS, GLIMPSE)[:, :, 1:]
        if self.timed:
            keys = torch.stack([keys[:, f, :, f] for f in range(FRAMES)], dim=1)
        else:
            keys = keys.flatten(3)
            values = values.flatten(1, 2)[:, None].expand(-1, FRAMES, -1, -1)
        mass = keys.sum(-1, keepdim=True)
        return torch.cat([(keys / (mass + 1e-4)) @ values, mass], dim=-1)

    def _say(self, states: torch.Tensor, glimpses: torch.Tensor) -> torch.Tensor:
        """States [B,128,256] and glimpses [B,4,64,49] -> words [B,64,576]."""
        spatial, temporal = states[:, :QUERIES], states[:, QUERIES:]
        # Steps from frame to frame are small; unscaled, they would hardly be heard.
        steps = 3 * (glimpses[:, 1:, :, :-1] - glimpses[:, :-1, :, :-1])
        told = [part.transpose(1, 2).flatten(2) for part in (glimpses, steps)]
        inputs = torch.cat([self.state_norm(torch.cat([spatial, temporal], dim=-1)), *told], dim=-1)
        words = self.spatial_fc(spatial) + self.temporal_fc(temporal) + self.words(inputs)
        return words.float()
