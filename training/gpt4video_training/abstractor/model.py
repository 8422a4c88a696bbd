"""The visual abstractor in mPLUG-Owl's `joint` wiring, with learned time embeddings on the keys.

Spatial and temporal queries pass through the same layers as one sequence and
attend to themselves and to all frames' features; two projections are summed
and an end token is appended. Without time embeddings the result would not
depend on the order of the frames. Place embeddings tell every key where in the
picture it lies. Half way up, four heads of every temporal query point at one
frame each: where they point, how widely and how surely is the query's path, and
a small network beside the two projections turns states and path into words.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention, silu

FRAMES, TOKENS, WIDTH = 4, 65, 256
QUERIES, GRID = 64, 8
PATH_LAYER = 1
PATH_WIDTH = FRAMES * 5
STEPS_WIDTH = (FRAMES - 1) * 5
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
        last = nn.Linear(384, LANGUAGE_WIDTH)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.words = nn.Sequential(
            nn.Linear(2 * width + PATH_WIDTH + STEPS_WIDTH, 384),
            nn.GELU(),
            nn.Dropout(0.1),
            last,
        )
        self.state_norm = nn.LayerNorm(2 * width)
        self.vit_eos = nn.Parameter(torch.empty(1, 1, LANGUAGE_WIDTH))
        nn.init.trunc_normal_(self.spatial, std=1.0)
        nn.init.trunc_normal_(self.temporal, std=1.0)
        if time_embeddings:
            nn.init.trunc_normal_(self.time, std=0.5)
        nn.init.trunc_normal_(self.place, std=0.5)
        nn.init.trunc_normal_(self.vit_eos, std=0.02)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.speak(self.look(features))

    def speak(self, states: torch.Tensor) -> torch.Tensor:
        """States [B,64,528] of all places -> tokens [B,65,576]."""
        words = self.say(states)
        return torch.cat([words, self.vit_eos.expand(words.shape[0], -1, -1)], dim=1)

    def say(self, states: torch.Tensor) -> torch.Tensor:
        """States [...,528] -> word embeddings [...,576]."""
        width = self.spatial.shape[-1]
        spatial, temporal = states[..., :width], states[..., width : 2 * width]
        path = states[..., 2 * width :]
        # Steps from frame to frame are small; unscaled, they would hardly be heard.
        steps = path[..., 5:] - path[..., :-5]
        inputs = torch.cat([self.state_norm(states[..., : 2 * width]), 3 * path, 8 * steps], dim=-1)
        words = self.spatial_fc(spatial) + self.temporal_fc(temporal) + self.words(inputs)
        return words.float()

    def look(self, features: torch.Tensor) -> torch.Tensor:
        """[B,4,65,256] -> what each of the 64 places knows: [spatial; temporal; path]."""
        return self.look_closely(features)[0]

    def look_closely(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Also the path layer's attention on the features [B,H,128,260], which is supervised."""
        source = (features + self.time + self.place).flatten(1, 2)
        x = torch.cat([self.spatial, self.temporal], dim=1).expand(features.shape[0], -1, -1)
        weights = x
        for index, layer in enumerate(self.layers):
            assert isinstance(layer, AbstractorLayer)
            if index == PATH_LAYER:
                x, weights = layer.with_weights(x, source)
            else:
                x = layer(x, source)
        path = path_of(weights[:, :FRAMES, QUERIES:])
        return torch.cat([x[:, :QUERIES], x[:, QUERIES:], path], dim=-1), weights


def path_of(weights: torch.Tensor) -> torch.Tensor:
    """Attention [B,4,64,260] of head f on all frames -> x, y, spread, entropy, sureness: [B,64,20].

    Head f counts in frame f alone. x and y run from -1 to 1; spread is the
    deviation around them; sureness is the attention that lands on the frame.
    """
    batch, _, queries, _ = weights.shape
    keys = weights.float().view(batch, FRAMES, queries, FRAMES, TOKENS)
    own = torch.stack([keys[:, f, :, f, 1:] for f in range(FRAMES)], dim=1)
    mass = own.sum(-1)
    share = own / (mass[..., None] + 1e-6)
    line = torch.linspace(-1, 1, GRID)
    x, y = line.repeat(GRID), line.repeat_interleave(GRID)
    mean_x, mean_y = (share * x).sum(-1), (share * y).sum(-1)
    square = (share * (x.square() + y.square())).sum(-1)
    spread = (square - mean_x.square() - mean_y.square()).clamp(min=0).add(1e-6).sqrt()
    entropy = -(share * (share + 1e-6).log()).sum(-1) / 4
    told = torch.stack([mean_x, mean_y, spread, entropy, mass], dim=-1)
    return told.transpose(1, 2).reshape(batch, queries, PATH_WIDTH)
